"""The parser's tree -> ast, expressions: one method per grammar rule, named after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from policy.dsl.syntax import ast
from policy.dsl.syntax.tree_reader import Branch, TreeReader, is_token, text_of, words_of
from policy.model.diagnostics import Diagnostic

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


# Words that people write for a field without a value. `none` is not among them: it may be an
# enumerator.
_NULLS = frozenset({"null", "nil", "undefined", "blank", "nothing"})
_ABSENT = _NULLS | {"missing", "recorded", "empty"}


class ExpressionBuilder(TreeReader):
    """Builds conditions, quantifiers, aggregates and values."""

    # ------------------------------------------------------------ conditions

    def _and_(self, tree: Branch, children: Sequence[Any]) -> ast.And:
        return ast.And(span=self._span(tree), items=self._all(children))

    def _or_(self, tree: Branch, children: Sequence[Any]) -> ast.Or:
        return ast.Or(span=self._span(tree), items=self._all(children))

    def _all(self, children: Sequence[Any]) -> tuple[ast.Expr, ...]:
        return tuple(self._build(child) for child in children)

    def _if_(self, tree: Branch, children: Sequence[Any]) -> ast.If:
        condition, then, orelse = (self._build(child) for child in children)
        return ast.If(span=self._span(tree), condition=condition, then=then, orelse=orelse)

    def _not_(self, tree: Branch, children: Sequence[Any]) -> ast.Not:
        return ast.Not(span=self._span(tree), item=self._build(children[1]))

    def _compare(self, tree: Branch, children: Sequence[Any]) -> ast.Compare:
        left, op, right = children
        built = self._build(right)
        if isinstance(built, ast.Name) and built.name in _ABSENT:
            self._no_value(built, negated=str(op) == "!=")
        return ast.Compare(span=self._span(tree), op=str(op), left=self._build(left), right=built)

    def _is_(self, tree: Branch, children: Sequence[Any]) -> ast.IsState | ast.IsOneOf:
        return self._state(tree, children[0], children[1], negated=False)

    def _is_not(self, tree: Branch, children: Sequence[Any]) -> ast.IsState | ast.IsOneOf:
        return self._state(tree, children[0], children[2], negated=True)

    def _state(
        self, tree: Branch, item: Any, state: Branch, *, negated: bool
    ) -> ast.IsState | ast.IsOneOf:
        if state.data == "state_word":
            return ast.IsState(
                span=self._span(tree),
                item=self._build(item),
                state=str(state.children[0]),
                negated=negated,
            )
        names = tuple(self._name_node(name) for name in state.children)
        if state.data == "choice":
            self._check_choice(names[0], negated=negated)
        return ast.IsOneOf(
            span=self._span(tree),
            item=self._build(item),
            names=names,
            negated=negated,
            listed=state.data == "choices",
        )

    def _check_choice(self, name: ast.Name, *, negated: bool) -> None:
        lower = name.name.lower()
        if lower in _NULLS:
            self._no_value(name, negated=negated)
        elif lower in _ABSENT:
            self.diagnostics.append(
                Diagnostic(
                    code="P118",
                    message=f"`{name.name}` is written in small letters",
                    span=name.span,
                    help=f"write `{lower}`",
                )
            )

    def _no_value(self, name: ast.Name, *, negated: bool) -> None:
        """Say that a field without a value is tested with `is missing`."""
        wants_value = (name.name == "recorded") != negated
        right = "empty" if name.name == "empty" else "recorded" if wants_value else "missing"
        if right == "empty" and negated:
            right = "not empty"
        self.diagnostics.append(
            Diagnostic(
                code="P135",
                message=f"`{name.name}` is no value",
                span=name.span,
                help=f"write `is {right}`",
            )
        )

    def _in_(self, tree: Branch, children: Sequence[Any]) -> ast.In:
        item, container = children
        return ast.In(
            span=self._span(tree), item=self._build(item), container=self._build(container)
        )

    def _not_in(self, tree: Branch, children: Sequence[Any]) -> ast.In:
        item, _, container = children
        return ast.In(
            span=self._span(tree),
            item=self._build(item),
            container=self._build(container),
            negated=True,
        )

    def _has_(self, tree: Branch, children: Sequence[Any]) -> ast.Has:
        return self._had(tree, children[0], children[1], negated=False)

    def _has_no(self, tree: Branch, children: Sequence[Any]) -> ast.Has:
        return self._had(tree, children[0], children[2], negated=True)

    def _had(self, tree: Branch, list_: Any, had: Any, *, negated: bool) -> ast.Has:
        mode = had.data.removeprefix("has_")
        members = had.children if mode == "one" else had.children[0].children
        return ast.Has(
            span=self._span(tree),
            list=self._build(list_),
            mode=mode,
            members=tuple(self._build(member) for member in members),
            negated=negated,
        )

    # ------------------------------------------------------------ quantifiers and aggregates

    def _gen(self, tree: Branch, children: Sequence[Any]) -> ast.Generator:
        return ast.Generator(
            span=self._span(tree),
            variable=self._declared(children[0]),
            source=self._build(children[1]),
        )

    def _every(self, tree: Branch, children: Sequence[Any]) -> ast.Quantifier:
        gen, where, satisfies = children
        return ast.Quantifier(
            span=self._span(tree),
            kind="every",
            generator=self._build(gen),
            where=self._maybe(where),
            satisfies=self._build(satisfies),
        )

    def _some(self, tree: Branch, children: Sequence[Any]) -> ast.Quantifier:
        return self._quantified(tree, "some", *children)

    def _no(self, tree: Branch, children: Sequence[Any]) -> ast.Quantifier:
        return self._quantified(tree, "no", *children[1:])

    def _bound(self, tree: Branch, children: Sequence[Any]) -> ast.Quantifier:
        bound, amount, gen, where = children
        return self._quantified(tree, words_of(bound), gen, where, self._amount(amount))

    def _exactly(self, tree: Branch, children: Sequence[Any]) -> ast.Quantifier:
        amount, gen, where = children
        return self._quantified(tree, "exactly", gen, where, self._amount(amount))

    def _quantified(
        self, tree: Branch, kind: str, gen: Any, where: Any, amount: int | ast.Name | None = None
    ) -> ast.Quantifier:
        return ast.Quantifier(
            span=self._span(tree),
            kind=kind,
            generator=self._build(gen),
            where=self._maybe(where),
            amount=amount,
        )

    def _amount(self, tree: Any) -> int | ast.Name:
        token = tree.children[0]
        return int(token) if is_token(token, "INT") else self._name_node(token)

    def _count(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        return self._aggregated(tree, "count", None, *children)

    def _sum_of(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        return self._aggregated(tree, "sum", *children)

    def _extreme(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        kind, *rest = children
        return self._aggregated(tree, str(kind), *rest)

    def _the(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        return self._aggregated(tree, "the", None, *children)

    def _the_most(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        gen, where, pick, by = children
        return ast.Aggregate(
            span=self._span(tree),
            kind="the",
            generator=self._build(gen),
            where=self._maybe(where),
            pick=str(pick),
            by=self._build(by),
        )

    def _filter(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        return self._aggregated(tree, "all", None, *children)

    def _collect(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        return self._aggregated(tree, "all", *children)

    def _distinct(self, tree: Branch, children: Sequence[Any]) -> ast.Aggregate:
        return self._aggregated(tree, "distinct", *children)

    def _aggregated(
        self, tree: Branch, kind: str, result: Any, gen: Any, where: Any
    ) -> ast.Aggregate:
        return ast.Aggregate(
            span=self._span(tree),
            kind=kind,
            generator=self._build(gen),
            result=self._maybe(result),
            where=self._maybe(where),
        )

    # ------------------------------------------------------------ values

    def _otherwise(self, tree: Branch, children: Sequence[Any]) -> ast.Otherwise:
        first, second = (self._build(child) for child in children)
        return ast.Otherwise(span=self._span(tree), first=first, second=second)

    def _binary(self, tree: Branch, children: Sequence[Any]) -> ast.Binary:
        left, op, right = children
        return ast.Binary(
            span=self._span(tree), op=str(op), left=self._build(left), right=self._build(right)
        )

    def _shift(self, tree: Branch, children: Sequence[Any]) -> ast.Shift:
        length, direction, base = children
        return ast.Shift(
            span=self._span(tree),
            length=self._build(length),
            direction=str(direction),
            base=self._build(base),
        )

    def _study_days(self, tree: Branch, children: Sequence[Any]) -> ast.StudyDays:
        amount, learner, direction, base = children
        return ast.StudyDays(
            span=self._span(tree),
            amount=self._amount(amount),
            learner=self._build(learner),
            direction=str(direction),
            base=self._build(base),
        )

    def _field(self, tree: Branch, children: Sequence[Any]) -> ast.Member:
        return ast.Member(span=self._span(tree), of=self._build(children[0]), name=str(children[1]))

    def _lookup(self, tree: Branch, children: Sequence[Any]) -> ast.Lookup:
        table, *keys = (self._build(child) for child in children)
        return ast.Lookup(span=self._span(tree), table=table, keys=tuple(keys))

    def _name(self, tree: Branch, children: Sequence[Any]) -> ast.Name:
        return self._name_node(children[0])

    def _call(self, tree: Branch, children: Sequence[Any]) -> ast.Call:
        name, *arguments = children
        return ast.Call(
            span=self._span(tree),
            name=str(name),
            arguments=tuple(self._build(argument) for argument in arguments),
        )

    def _text(self, tree: Branch, children: Sequence[Any]) -> ast.Literal:
        return ast.Literal(span=self._span(tree), value=text_of(children[0]))

    def _integer(self, tree: Branch, children: Sequence[Any]) -> ast.Literal:
        return ast.Literal(span=self._span(tree), value=int(children[0]))

    def _decimal(self, tree: Branch, children: Sequence[Any]) -> ast.Literal:
        return ast.Literal(span=self._span(tree), value=Decimal(str(children[0])))

    def _true(self, tree: Branch, children: Sequence[Any]) -> ast.Literal:
        return ast.Literal(span=self._span(tree), value=True)

    def _false(self, tree: Branch, children: Sequence[Any]) -> ast.Literal:
        return ast.Literal(span=self._span(tree), value=False)

    def _date_literal(self, tree: Branch, children: Sequence[Any]) -> ast.Literal:
        return ast.Literal(span=self._span(tree), value=self._date(children[0]))

    def _day_month(self, tree: Branch, children: Sequence[Any]) -> ast.DayMonth:
        day, month = int(children[0]), MONTHS.index(str(children[1])) + 1
        # 2000 is a leap year: 29 February exists, and is clamped where it does not.
        try:
            date(2000, month, day)
        except ValueError:
            self.diagnostics.append(
                Diagnostic(
                    code="P103",
                    message=f"`{children[0]} {children[1]}` is not a day of the calendar",
                    span=self._span(tree),
                    help="check the day of the month",
                )
            )
            day = 1
        return ast.DayMonth(span=self._span(tree), day=day, month=month)

    def _length(self, tree: Branch, children: Sequence[Any]) -> ast.Length:
        return ast.Length(span=self._span(tree), amount=int(children[0]), unit=plural(children[1]))

    def _length_of(self, tree: Branch, children: Sequence[Any]) -> ast.Length:
        return ast.Length(
            span=self._span(tree), amount=self._name_node(children[0]), unit=plural(children[1])
        )


def plural(unit: Any) -> str:
    """Return a unit of time in the plural: `working day` and `working days` are one unit."""
    words = words_of(unit)
    return words if words.endswith("s") else words + "s"
