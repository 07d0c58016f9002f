"""Types of expressions, meanings of names.

`Expressions.infer` returns the type of an expression and notes what each name in it means. What is
wrong is said once, at the innermost place; a wrong expression is `ANYTHING` to whatever holds it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy.dsl.checking import mistakes, presence
from policy.dsl.checking.checked import (
    AncestorIs,
    BuiltInIs,
    ConstantIs,
    DefinitionIs,
    EnumeratorIs,
    FieldIs,
    FunctionIs,
    Meaning,
    ParameterIs,
    RowsAre,
    TableIs,
    VariableIs,
)
from policy.dsl.checking.names import CONSTANTS, Names, Variables
from policy.dsl.checking.type_names import read_type_words
from policy.dsl.meaning.library import BUILT_INS
from policy.dsl.meaning.types import (
    ANYTHING,
    BOOLEAN,
    DATE,
    DURATION,
    INTEGER,
    NUMBER,
    RANGE,
    TEXT,
    Entity,
    Enum,
    List,
    TableRow,
    Type,
    comparable,
    fits,
    has_order,
    is_number,
    join,
)
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic
from policy.model.source import Span

_LITERALS: tuple[tuple[type, Type], ...] = ((bool, BOOLEAN), (int, INTEGER), (str, TEXT))


class Expressions:
    """Checks the expressions of one spec against `names`."""

    def __init__(self, names: Names, report: Callable[[Diagnostic], None]) -> None:
        self.names = names
        self.types: dict[int, Type] = {}
        self.meanings: dict[int, Meaning] = {}
        self._report = report

    # ------------------------------------------------------------ entry points

    def condition(self, node: ast.Expr, variables: Variables) -> None:
        """Check something that must be true or false."""
        self.expect(node, variables, BOOLEAN)

    def expect(self, node: ast.Expr, variables: Variables, wanted: Type, help: str = "") -> None:
        """Check something that must have the type `wanted`."""
        given = self.infer(node, variables, wanted)
        if fits(given, wanted):
            return
        if isinstance(node, ast.Literal) and given == TEXT and isinstance(wanted, Enum):
            self._report(mistakes.no_quotes(node.span, str(node.value)))
        else:
            self._report(mistakes.wrong_type(node.span, given, wanted, help))

    def infer(self, node: ast.Expr, variables: Variables, wanted: Type | None = None) -> Type:
        """Return the type of `node`; `wanted` decides what a bare word means."""
        check = getattr(self, "_" + type(node).__name__.lower())
        kind: Type = check(node, variables, wanted)
        self.types[id(node)] = kind
        return kind

    def same_kind(
        self, left: ast.Expr, right: ast.Expr, variables: Variables, wanted: Type | None = None
    ) -> tuple[Type, Type]:
        """Check two expressions of which one may be a bare word that the other explains."""
        if self._is_word_only(left, variables) and not self._is_word_only(right, variables):
            right_type = self.infer(right, variables, wanted)
            return self.infer(left, variables, _item_or_self(right_type)), right_type
        left_type = self.infer(left, variables, wanted)
        hint = left_type if wanted is None or left_type != ANYTHING else wanted
        return left_type, self.infer(right, variables, hint)

    def bind(self, generator: ast.Generator, variables: Variables) -> Variables:
        """Check `x in source` and return the variables with x."""
        source = self.infer(generator.source, variables)
        item: Type = ANYTHING
        if isinstance(source, List):
            item = source.item
        elif source != ANYTHING:
            self._report(
                mistakes.wrong_type(
                    generator.source.span, source, "list", "go through a list of rows"
                )
            )
        taken = self.names.what(generator.variable, variables)
        if taken:
            self._report(mistakes.shadows(generator.span, generator.variable, taken))
        return {**variables, generator.variable: item}

    # ------------------------------------------------------------ words

    def _literal(self, node: ast.Literal, variables: Variables, wanted: Type | None) -> Type:
        for python, kind in _LITERALS:
            if isinstance(node.value, python):
                return kind
        return DATE if hasattr(node.value, "isoformat") else NUMBER

    def _daymonth(self, node: ast.DayMonth, variables: Variables, wanted: Type | None) -> Type:
        return DATE

    def _length(self, node: ast.Length, variables: Variables, wanted: Type | None) -> Type:
        self._amount(node.amount, variables)
        return DURATION

    def _amount(self, amount: int | ast.Name | None, variables: Variables) -> None:
        if isinstance(amount, ast.Name):
            self.expect(amount, variables, INTEGER, "a number of days or rows is a whole number")

    def _name(self, node: ast.Name, variables: Variables, wanted: Type | None) -> Type:
        name = node.name
        found = self._known_word(name, variables)
        if found is not None:
            self.meanings[id(node)], kind = found
            return kind
        if isinstance(wanted, List) and isinstance(wanted.item, Enum):
            wanted = wanted.item
        if isinstance(wanted, Enum):
            return self.enumerator(node, wanted)
        if wanted == ANYTHING:
            return ANYTHING  # what would say which words are meant is wrong itself
        if wanted == TEXT:
            self._report(mistakes.needs_quotes(node.span, name))
        else:
            known = self.names.plain_words(variables, wanted)
            self._report(mistakes.unknown_name(node.span, name, known, self._call_hint(name)))
        return ANYTHING

    def _known_word(self, name: str, variables: Variables) -> tuple[Meaning, Type] | None:
        if name in variables:
            return VariableIs(name), variables[name]
        if name in self.names.parameters:
            self.names.note(name)
            return ParameterIs(name), self.names.parameters[name].type
        if name in self.names.tables:
            self.names.note(name)
            return TableIs(name), List(TableRow(name))
        if name in CONSTANTS:
            return ConstantIs(name), CONSTANTS[name]
        return None

    def _call_hint(self, name: str) -> str:
        if name in self.names.declared_defines:
            parameters = self.names.declared_defines[name].parameters
            words = ", ".join(parameter.name for parameter in parameters)
            return f"it is a definition: write `{name}({words})`"
        return "a bare word is a variable, a parameter, a table or a word of an enumeration"

    def _is_word_only(self, node: ast.Expr, variables: Variables) -> bool:
        return isinstance(node, ast.Name) and self._known_word(node.name, variables) is None

    def enumerator(self, node: ast.Name, enumeration: Enum) -> Type:
        """Check a bare word against an enumeration."""
        if node.name not in enumeration.values:
            self._report(
                mistakes.unknown_enumerator(
                    node.span, node.name, str(enumeration), enumeration.values
                )
            )
            return ANYTHING
        self.meanings[id(node)] = EnumeratorIs(node.name)
        self.types[id(node)] = enumeration
        return enumeration

    # ------------------------------------------------------------ navigation

    def _member(self, node: ast.Member, variables: Variables, wanted: Type | None) -> Type:
        owner = self.infer(node.of, variables)
        if isinstance(owner, Entity):
            return self._of_entity(node, owner.name)
        if isinstance(owner, TableRow):
            return self._of_table(node, owner.table)
        if isinstance(owner, List):
            self._report(mistakes.list_has_no_fields(_last_word(node), node.name))
        elif owner != ANYTHING:
            self._report(mistakes.unknown_member(_last_word(node), str(owner), node.name, ()))
        return ANYTHING

    def _of_entity(self, node: ast.Member, entity: str) -> Type:
        names = self.names
        field = names.field_type(entity, node.name)
        if field is None and node.name == names.world.schema.entities[entity].id_field:
            field = TEXT
        if field is not None:
            self.meanings[id(node)] = FieldIs(node.name)
            return field
        if node.name in names.world.schema.ancestors(entity):
            self.meanings[id(node)] = AncestorIs(node.name)
            return Entity(node.name)
        below = names.rows_below(entity, node.name)
        if below is not None:
            self.meanings[id(node)] = RowsAre(below[0])
            return below[1]
        if node.name in names.defines_for(entity):
            return self._definition(node, node.name)
        known = names.members(entity)
        self._report(mistakes.unknown_member(_last_word(node), entity, node.name, known))
        return ANYTHING

    def _definition(self, node: ast.Member | ast.Call, name: str) -> Type:
        self.names.note(name)
        self.meanings[id(node)] = DefinitionIs(name)
        define = self.names.define(name)
        return define.result if define else ANYTHING

    def _of_table(self, node: ast.Member, table: str) -> Type:
        columns = self.names.tables[table].columns
        if node.name in columns:
            self.meanings[id(node)] = FieldIs(node.name)
            return columns[node.name]
        self._report(
            mistakes.unknown_member(_last_word(node), f"row of {table}", node.name, columns)
        )
        return ANYTHING

    def _lookup(self, node: ast.Lookup, variables: Variables, wanted: Type | None) -> Type:
        kind = self.infer(node.table, variables)
        if not (isinstance(kind, List) and isinstance(kind.item, TableRow)):
            if kind != ANYTHING:
                self._report(
                    mistakes.wrong_type(node.table.span, kind, "table", "only tables have keys")
                )
            for key in node.keys:
                self.infer(key, variables)
            return ANYTHING
        table = self.names.tables[kind.item.table]
        if len(table.keys) != len(node.keys):
            name = kind.item.table
            self._report(mistakes.wrong_number(node.span, name, len(node.keys), len(table.keys)))
        for key, column in zip(node.keys, table.keys, strict=False):
            self.expect(key, variables, table.columns[column])
        return kind.item

    def _call(self, node: ast.Call, variables: Variables, wanted: Type | None) -> Type:
        signature = self._signature(node)
        if signature is None:
            for argument in node.arguments:
                self.infer(argument, variables)
            return ANYTHING
        parameters, result = signature
        if len(parameters) != len(node.arguments):
            self._report(
                mistakes.wrong_number(node.span, node.name, len(node.arguments), len(parameters))
            )
        for argument, kind in zip(node.arguments, parameters, strict=False):
            self.expect(argument, variables, kind)
        for argument in node.arguments[len(parameters) :]:
            self.infer(argument, variables)
        return result

    def _signature(self, node: ast.Call) -> tuple[list[Type], Type] | None:
        name, names = node.name, self.names
        if name in names.declared_defines:
            result = self._definition(node, name)
            define = names.define(name)
            return ([kind for _, kind in define.parameters], result) if define else None
        if name in BUILT_INS:
            self.meanings[id(node)] = BuiltInIs(name)
            return list(BUILT_INS[name].parameters), BUILT_INS[name].returns
        if name in names.world.functions:
            suite, function = names.world.functions[name]
            self.meanings[id(node)] = FunctionIs(function, suite)
            schema = names.world.schema
            kinds = [read_type_words(item.type, schema) or ANYTHING for item in function.parameters]
            return kinds, read_type_words(function.returns, schema) or ANYTHING
        known = names.callable_words()
        self._report(mistakes.unknown_function(node.span, name, known))
        return None

    # ------------------------------------------------------------ conditions

    def _not(self, node: ast.Not, variables: Variables, wanted: Type | None) -> Type:
        self.condition(node.item, variables)
        return BOOLEAN

    def _and(self, node: ast.And, variables: Variables, wanted: Type | None) -> Type:
        for item in node.items:
            self.condition(item, variables)
        self._report_all(presence.contradictions(node))
        return BOOLEAN

    def _or(self, node: ast.Or, variables: Variables, wanted: Type | None) -> Type:
        for item in node.items:
            self.condition(item, variables)
        return BOOLEAN

    def _compare(self, node: ast.Compare, variables: Variables, wanted: Type | None) -> Type:
        left, right = self.same_kind(node.left, node.right, variables)
        if ANYTHING in (left, right):
            return BOOLEAN
        if not comparable(left, right):
            self._report(mistakes.unlike(node.span, left, right, _quotes_hint(node, left, right)))
        elif node.op not in ("=", "!=") and not has_order(left):
            self._report(mistakes.no_order(node.span, left))
        else:
            self._report_all(presence.trivial_comparison(node))
        return BOOLEAN

    def _isstate(self, node: ast.IsState, variables: Variables, wanted: Type | None) -> Type:
        kind = self.infer(node.item, variables)
        if node.state == "empty":
            if not isinstance(kind, List) and kind != ANYTHING:
                self._report(
                    mistakes.wrong_type(
                        node.item.span, kind, "list", "of one value ask `is missing`"
                    )
                )
        elif isinstance(kind, List) and not self._is_list_field(node.item):
            self._report(
                mistakes.wrong_type(
                    node.item.span, kind, "single value", "of a list ask `is empty`"
                )
            )
        elif self._is_certain(node.item):
            truth = (node.state == "recorded") != node.negated
            text = node.item.span.text
            self._report(mistakes.always(node.span, truth, f"`{text}` is required in the data"))
        return BOOLEAN

    def _is_list_field(self, node: ast.Expr) -> bool:
        """A field that holds a list can be null; a collection of rows is absent or it is not."""
        return isinstance(self.meanings.get(id(node)), FieldIs)

    def _is_certain(self, node: ast.Expr) -> bool:
        """Whether the data must have a value here."""
        meaning = self.meanings.get(id(node))
        if isinstance(meaning, VariableIs | ConstantIs | EnumeratorIs | RowsAre):
            return isinstance(self.types[id(node)], Entity | TableRow) or not isinstance(
                meaning, VariableIs
            )
        if not isinstance(node, ast.Member):
            return isinstance(node, ast.Literal)
        owner = self.types.get(id(node.of))
        if not isinstance(owner, Entity) or not self._is_certain(node.of):
            return False
        if isinstance(meaning, AncestorIs):
            return True
        if not isinstance(meaning, FieldIs):
            return False
        kind = self.names.world.schema.entities[owner.name]
        return node.name == kind.id_field or kind.fields[node.name].required

    def _isoneof(self, node: ast.IsOneOf, variables: Variables, wanted: Type | None) -> Type:
        kind = self.infer(node.item, variables)
        if isinstance(kind, Enum):
            for name in node.names:
                self.enumerator(name, kind)
            if {name.name for name in node.names} >= kind.values:
                self._report(
                    mistakes.always(node.span, not node.negated, "every word of it is listed")
                )
        elif kind != ANYTHING:
            self._report(mistakes.no_enumeration(node.span, node.names[0].name))
        return BOOLEAN

    def _in(self, node: ast.In, variables: Variables, wanted: Type | None) -> Type:
        container = self.infer(node.container, variables)
        if container == RANGE:
            self.expect(node.item, variables, DATE, "only dates lie in a year or in terms")
            return BOOLEAN
        if isinstance(container, List):
            item = self.infer(node.item, variables, container.item)
            if not comparable(item, container.item):
                self._report(mistakes.unlike(node.span, item, container.item))
            return BOOLEAN
        self.infer(node.item, variables)
        if container != ANYTHING:
            self._report(
                mistakes.wrong_type(
                    node.container.span,
                    container,
                    "list",
                    "after `in` stands a list, `year` or `terms`",
                )
            )
        return BOOLEAN

    def _has(self, node: ast.Has, variables: Variables, wanted: Type | None) -> Type:
        kind = self.infer(node.list, variables)
        item: Type = ANYTHING
        if isinstance(kind, List):
            item = kind.item
        elif kind != ANYTHING:
            self._report(
                mistakes.wrong_type(node.list.span, kind, "list", "`has` looks into a list")
            )
        for member in node.members:
            self.expect(member, variables, item)
        return BOOLEAN

    def _if(self, node: ast.If, variables: Variables, wanted: Type | None) -> Type:
        self.condition(node.condition, variables)
        then, orelse = self.same_kind(node.then, node.orelse, variables, wanted)
        return self._joined(node.span, then, orelse)

    def _otherwise(self, node: ast.Otherwise, variables: Variables, wanted: Type | None) -> Type:
        first, second = self.same_kind(node.first, node.second, variables, wanted)
        if self._is_certain(node.first):
            text = node.first.span.text
            self._report(
                mistakes.always(
                    node.span, True, f"`{text}` is never missing, so `otherwise` is idle"
                )
            )
        return self._joined(node.span, first, second)

    def _joined(self, span: Span, left: Type, right: Type) -> Type:
        both = join(left, right)
        if both is None:
            self._report(
                mistakes.unlike(span, left, right, "both branches must come to the same type")
            )
            return ANYTHING
        return both

    # ------------------------------------------------------------ arithmetic and time

    def _binary(self, node: ast.Binary, variables: Variables, wanted: Type | None) -> Type:
        left, right = self.infer(node.left, variables), self.infer(node.right, variables)
        if ANYTHING in (left, right):
            return ANYTHING
        if node.op == "+" and isinstance(left, List) and isinstance(right, List):
            return self._joined(node.span, left, right)
        for side, kind in ((node.left, left), (node.right, right)):
            if not is_number(kind):
                hint = (
                    "a date is moved with `after` and `before`: `5 days after x`"
                    if kind in (DATE, DURATION)
                    else "only numbers are counted with, and only lists are joined"
                )
                self._report(mistakes.wrong_type(side.span, kind, "number", hint))
                return ANYTHING
        return INTEGER if left == right == INTEGER and node.op != "/" else NUMBER

    def _shift(self, node: ast.Shift, variables: Variables, wanted: Type | None) -> Type:
        self.expect(
            node.length, variables, DURATION, "write a length of time, such as `15 working days`"
        )
        self.expect(node.base, variables, DATE, "only a date can be moved")
        return DATE

    def _studydays(self, node: ast.StudyDays, variables: Variables, wanted: Type | None) -> Type:
        self._amount(node.amount, variables)
        learner = self.infer(node.learner, variables)
        has_days = isinstance(learner, Entity) and self.names.field_type(learner.name, "study_days")
        if not has_days and learner != ANYTHING:
            help = "name the learner"
            self._report(
                mistakes.wrong_type(node.learner.span, learner, "row with study days", help)
            )
        self.expect(node.base, variables, DATE, "only a date can be moved")
        return DATE

    # ------------------------------------------------------------ quantifiers and aggregates

    def _quantifier(self, node: ast.Quantifier, variables: Variables, wanted: Type | None) -> Type:
        inner = self.bind(node.generator, variables)
        if node.where is not None:
            self.condition(node.where, inner)
        if node.satisfies is not None:
            self.condition(node.satisfies, inner)
        self._amount(node.amount, variables)
        if node.kind == "at least" and node.amount == 0:
            self._report(mistakes.always(node.span, True, "no list has fewer than 0 rows"))
        return BOOLEAN

    def _aggregate(self, node: ast.Aggregate, variables: Variables, wanted: Type | None) -> Type:
        inner = self.bind(node.generator, variables)
        item = inner[node.generator.variable]
        if node.where is not None:
            self.condition(node.where, inner)
        if node.by is not None:
            self._ordered(node.by, inner)
        if node.kind == "count":
            return INTEGER
        if node.kind == "the":
            return item
        if node.kind == "sum" and node.result is not None:
            self.expect(node.result, inner, NUMBER)
            return self.types.get(id(node.result), NUMBER)
        if node.kind in ("earliest", "latest", "least", "greatest") and node.result is not None:
            return self._ordered(node.result, inner)
        result = item if node.result is None else self.infer(node.result, inner)
        return result if isinstance(result, List) else List(result)

    def _ordered(self, node: ast.Expr, variables: Variables) -> Type:
        kind = self.infer(node, variables)
        if not has_order(kind):
            self._report(mistakes.no_order(node.span, kind))
            return ANYTHING
        return kind

    def _report_all(self, found: Any) -> None:
        for diagnostic in found:
            self._report(diagnostic)


def _item_or_self(kind: Type) -> Type:
    return kind.item if isinstance(kind, List) else kind


def _last_word(node: ast.Member) -> Span:
    """The name after the dot."""
    return Span(node.span.source, node.span.end - len(node.name), node.span.end)


def _quotes_hint(node: ast.Compare, left: Type, right: Type) -> str:
    for side, kind, other in ((node.left, left, right), (node.right, right, left)):
        if isinstance(side, ast.Literal) and kind == TEXT and isinstance(other, Enum):
            return f"write `{side.value}` without quotes"
    return ""
