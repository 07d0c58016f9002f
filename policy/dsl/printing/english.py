"""A condition of a checked spec -> an English clause, for people who do not read the language.

Every construct has a phrase; what was said of a row is said of "the submission", "the submission's
learner", a second row of the same kind is "the other submission". Fields are named by their words:
`submitted_on` of a submission is "the submission's day submitted", `is_accepted` is said as "the
submission is accepted". Definitions are named, not unfolded: a page lists them beside the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from policy.dsl.checking import checked as c
from policy.dsl.meaning.types import BOOLEAN, DATE, RANGE, Entity, Enum, List, TableRow, Type
from policy.dsl.syntax import ast
from policy.dsl.syntax.print_expressions import MONTHS, print_expression
from policy.model.nouns import listed, plural, words_of

_ORDER = {"<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_DAYS = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}
_EQUAL = {"=": "is", "!=": "is not"}
_SUMS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_MEMBERS = {
    "one": "include",
    "all": "include all of",
    "any": "include one of",
    "only": "are all in",
}
_CONSTANTS = {"as_at": "the day of the check", "year": "the academic year", "terms": "a term"}


class English:
    """Puts the expressions of one checked spec into words.

    `rows`: what the variables in scope are called, by name.
    """

    def __init__(self, spec: c.CheckedSpec, rows: Mapping[str, str] | None = None) -> None:
        self._spec = spec
        self._rows = dict(rows or {})

    def with_row(self, variable: str, entity: str) -> English:
        """Return one that calls `variable` the row of that entity, "the other" if one is known."""
        taken = set(self._rows.values())
        names = (f"{article} {words_of(entity)}" for article in ("the", "the other", "the third"))
        name = next(
            (name for name in names if name not in taken), f"{words_of(entity)} “{variable}”"
        )
        return English(self._spec, {**self._rows, variable: name})

    def with_value(self, variable: str, kind: str) -> English:
        """Return one that calls `variable` the value of that kind, by its name if one is known."""
        name = f"the {kind}"
        known = name in self._rows.values()
        return English(self._spec, {**self._rows, variable: f"“{variable}”" if known else name})

    # ------------------------------------------------------------ conditions
    def condition(self, expr: ast.Expr, *, negated: bool = False) -> str:
        """Return a yes/no expression as a clause: "the unit is internal"."""
        match expr:
            case ast.Not():
                return self.condition(expr.item, negated=not negated)
            case ast.And() | ast.Or():
                return self._joined(expr, negated)
            case ast.Compare():
                return self._compared(expr, negated)
            case ast.IsState():
                state = "not recorded" if expr.state == "missing" else expr.state
                if expr.negated != negated:
                    state = "recorded" if expr.state == "missing" else f"not {expr.state}"
                return f"{self.value(expr.item)} is {state}"
            case ast.IsOneOf():
                verb = "is not" if expr.negated != negated else "is"
                joint = "nor" if expr.negated != negated else "or"
                names = listed(list(map(self.value, expr.names)), joint)
                return f"{self.value(expr.item)} {verb} {names}"
            case ast.In():
                return self._inside(expr, negated)
            case ast.Has():
                verb = "do not " if expr.negated != negated else ""
                members = listed(list(map(self.value, expr.members)), "and")
                return f"{self.value(expr.list)} {verb}{_MEMBERS[expr.mode]} {members}"
            case ast.Quantifier():
                said = self._quantified(expr)
                return f"it is not so that {said}" if negated else said
            case ast.If():
                then = self.condition(expr.then, negated=negated)
                orelse = self.condition(expr.orelse, negated=negated)
                return self._choice(expr, then, orelse)
            case ast.Otherwise():
                first = self.condition(expr.first, negated=negated)
                second = self.condition(expr.second, negated=negated)
                return f"{first} (if that is not recorded: {second})"
            case _:
                return self._fact(expr, negated)

    def deadline(self, condition: ast.Expr, by: ast.Expr) -> str:
        """Return what is to be done by a day as a clause."""
        if self._type(condition) == BOOLEAN:
            return f"by {self.value(by)}, {self.condition(condition)}"
        return f"{self.value(condition)} is on or before {self.value(by)}"

    def _joined(self, expr: ast.And | ast.Or, negated: bool) -> str:
        is_and = isinstance(expr, ast.And) != negated
        parts = []
        for item in expr.items:
            said = self.condition(item, negated=negated)
            parts.append(f"({said})" if isinstance(item, ast.And | ast.Or) else said)
        return (" and " if is_and else ", or ").join(parts)

    def _compared(self, expr: ast.Compare, negated: bool) -> str:
        flipped = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
        op = flipped[expr.op] if negated else expr.op
        if op in _EQUAL:
            verb = _EQUAL[op]
        else:
            verb = (_DAYS if self._type(expr.left) == DATE else _ORDER)[op]
        return f"{self.value(expr.left)} {verb} {self.value(expr.right)}"

    def _inside(self, expr: ast.In, negated: bool) -> str:
        verb = "is not" if expr.negated != negated else "is"
        if self._type(expr.container) == RANGE or isinstance(
            self._meaning(expr.container), c.ConstantIs
        ):
            return f"{self.value(expr.item)} {verb} in {self.value(expr.container)}"
        return f"{self.value(expr.item)} {verb} among {self.value(expr.container)}"

    def _quantified(self, expr: ast.Quantifier) -> str:
        rows, inner = self.drawn(expr.generator)
        where = f" where {inner.condition(expr.where)}" if expr.where is not None else ""
        holds = inner.condition(expr.satisfies) if expr.satisfies is not None else ""
        if expr.kind == "every":
            return f"for every {rows}{where}, {holds}"
        such = f" such that {holds}" if holds else ""
        if expr.amount is not None:
            amount = self._amount(expr.amount)
            rows, _ = self.drawn(expr.generator, many=amount != "1")
            verb = "is" if amount == "1" else "are"
            return f"there {verb} {expr.kind} {amount} {rows}{where}{such}"
        article = "no" if expr.kind == "no" else _article(rows)
        return f"there is {article} {rows}{where}{such}"

    def drawn(self, generator: ast.Generator, *, many: bool = False) -> tuple[str, English]:
        """Return what a drawn row is called (`many`: the rows), and one that knows it."""
        kind = self._type(generator.source)
        item = kind.item if isinstance(kind, List) else kind
        if isinstance(item, Entity):
            inner = self.with_row(generator.variable, item.name)
            source = self.value(generator.source)
            owner = self._owner_of_rows(generator.source)
            noun = plural(words_of(item.name)) if many else words_of(item.name)
            return f"{noun} {owner or f'among {source}'}", inner
        inner = English(self._spec, {**self._rows, generator.variable: f"“{generator.variable}”"})
        named = f"“{generator.variable}” among {self.value(generator.source)}"
        if isinstance(item, TableRow):
            named = f"row “{generator.variable}” of the table {words_of(item.table)}"
        return named, inner

    def _owner_of_rows(self, source: ast.Expr) -> str:
        if isinstance(source, ast.Member) and isinstance(self._meaning(source), c.RowsAre):
            return f"of {self.value(source.of)}"
        return ""

    def _fact(self, expr: ast.Expr, negated: bool) -> str:
        """Return a yes/no fact: of a field, a definition, a function or a variable."""
        match expr:
            case ast.Member() if expr.name.split("_")[0] in ("is", "has", "was", "can", "does"):
                verb, *rest = expr.name.split("_")
                no = " not" if negated else ""
                return f"{self.value(expr.of)} {verb}{no} {words_of('_'.join(rest))}"
            case ast.Call() if len(expr.arguments) > 1 and expr.name.split("_")[0] in ("is", "was"):
                verb, *rest = expr.name.split("_")
                first, *others = (self.value(each) for each in expr.arguments)
                no = " not" if negated else ""
                return f"{first} {verb}{no} {words_of('_'.join(rest))} ({listed(others, 'and')})"
            case ast.Member():
                named = f"{_possessive(self.value(expr.of))} {words_of(expr.name)}"
            case ast.Call():
                named = self._called(expr)
            case _:
                named = self.value(expr)
        return f"{named} {'does not hold' if negated else 'holds'}"

    def _called(self, expr: ast.Call) -> str:
        return f"{words_of(expr.name)} of {listed(list(map(self.value, expr.arguments)), 'and')}"

    # ------------------------------------------------------------ values
    def value(self, expr: ast.Expr) -> str:
        """Return an expression as a noun phrase: "the submission's day submitted"."""
        match expr:
            case ast.Literal():
                return self._literal(expr)
            case ast.DayMonth():
                return f"{expr.day} {MONTHS[expr.month - 1]}"
            case ast.Length():
                amount = self._amount(expr.amount)
                return f"{amount} {expr.unit.removesuffix('s') if amount == '1' else expr.unit}"
            case ast.Name():
                return self._name(expr)
            case ast.Member():
                return self._member(expr)
            case ast.Call():
                return self._called(expr)
            case ast.Lookup():
                keys = listed(list(map(self.value, expr.keys)), "and")
                return f"the row of {self.value(expr.table)} for {keys}"
            case ast.Aggregate():
                return self._gathered(expr)
            case _:
                return self._worked_out(expr)

    def _worked_out(self, expr: ast.Expr) -> str:
        match expr:
            case ast.If():
                return self._choice(expr, self.value(expr.then), self.value(expr.orelse))
            case ast.Otherwise():
                return f"{self.value(expr.first)} (or else {self.value(expr.second)})"
            case ast.Binary():
                return f"{self.value(expr.left)} {_SUMS[expr.op]} {self.value(expr.right)}"
            case ast.Shift():
                return f"{self.value(expr.length)} {expr.direction} {self.value(expr.base)}"
            case ast.StudyDays():
                length = f"{self._amount(expr.amount)} study days of {self.value(expr.learner)}"
                return f"{length} {expr.direction} {self.value(expr.base)}"
            case _:
                return f"whether {self.condition(expr)}"

    def _choice(self, expr: ast.If, then: str, orelse: str) -> str:
        return f"{then} if {self.condition(expr.condition)}, otherwise {orelse}"

    def _literal(self, expr: ast.Literal) -> str:
        value = expr.value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, date):
            return value.isoformat()
        return f"“{value}”" if isinstance(value, str) else str(value)

    def _name(self, expr: ast.Name) -> str:
        match self._meaning(expr):
            case c.ConstantIs(name):
                return _CONSTANTS[name]
            case c.EnumeratorIs(value):
                return words_of(value)
            case c.ParameterIs(name):
                parameter = self._spec.parameters[name]
                if isinstance(parameter.type, Enum):
                    return f"the parameter {words_of(name)}"
                return print_expression(parameter.node.default)
            case c.TableIs(name):
                return f"the table {words_of(name)}"
            case _:
                return self._rows.get(expr.name, words_of(expr.name))

    def _member(self, expr: ast.Member) -> str:
        owner = self.value(expr.of)
        if isinstance(self._meaning(expr), c.RowsAre):
            return f"the {words_of(expr.name)} of {owner}"
        if self._type(expr) == BOOLEAN:
            return f"whether {self._fact(expr, False)}"
        kind = self._type(expr)
        if expr.name.endswith("_on") and kind == DATE:
            return f"{_possessive(owner)} day {words_of(expr.name.removesuffix('_on'))}"
        done, by, rest = expr.name.partition("_by")
        is_field = isinstance(self._meaning(expr), c.FieldIs) and isinstance(kind, Entity)
        if by and not rest and "_" not in done and is_field:
            return f"whoever {done} {owner}"
        return f"{_possessive(owner)} {words_of(expr.name)}"

    def _amount(self, amount: int | ast.Name) -> str:
        return str(amount) if isinstance(amount, int) else self._name(amount)

    def _gathered(self, expr: ast.Aggregate) -> str:
        rows, inner = self.drawn(expr.generator, many=expr.kind != "the")
        where = f" where {inner.condition(expr.where)}" if expr.where is not None else ""
        pick = f" with the {expr.pick} {inner.value(expr.by)}" if expr.by is not None else ""
        if expr.kind == "count":
            return f"the number of {rows}{where}"
        if expr.result is None:
            head = "the" if expr.kind == "the" else "all"
            return f"{head} {rows}{where}{pick}"
        of = {"sum": "the sum of", "all": "all of", "distinct": "the different values of"}
        return (
            f"{of.get(expr.kind, f'the {expr.kind}')} {inner.value(expr.result)} over {rows}{where}"
        )

    # ------------------------------------------------------------ what the checker knows
    def _type(self, expr: ast.Expr) -> Type | None:
        return self._spec.types.get(id(expr))

    def _meaning(self, expr: ast.Expr) -> c.Meaning | None:
        return self._spec.meanings.get(id(expr))


def _possessive(owner: str) -> str:
    return f"{owner}’" if owner.endswith("s") else f"{owner}’s"


def _article(noun: str) -> str:
    return "an" if noun[:1] in "aeio" else "a"
