"""Types of expressions, meanings of names.

`Expressions.infer` returns the type of an expression and notes what each name in it means. What is
wrong is said once, at the innermost place; a wrong expression is `ANYTHING` to whatever holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from policy.dsl.checking import (
    condition_types,
    mistakes,
    navigation_types,
    presence,
    row_types,
    word_types,
)
from policy.dsl.checking.checked import (
    ConstantIs,
    EnumeratorIs,
    Meaning,
    ParameterIs,
    TableIs,
    VariableIs,
)
from policy.dsl.checking.names import CONSTANTS, Names, Variables
from policy.dsl.meaning.types import (
    ANYTHING,
    BOOLEAN,
    INTEGER,
    TEXT,
    Enum,
    List,
    TableRow,
    Type,
    fits,
    join,
)
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic
from policy.model.source import Span


class Expressions:
    """Checks the expressions of one spec against `names`."""

    def __init__(self, names: Names, report: Callable[[Diagnostic], None]) -> None:
        self.names = names
        self.types: dict[int, Type] = {}
        self.meanings: dict[int, Meaning] = {}
        self.report = report

    # ------------------------------------------------------------ entry points

    def condition(self, node: ast.Expr, variables: Variables) -> None:
        """Check something that must be true or false, and can be either."""
        self.expect(node, variables, BOOLEAN)
        self.report_all(presence.literal_condition(node))

    def expect(self, node: ast.Expr, variables: Variables, wanted: Type, help: str = "") -> None:
        """Check something that must have the type `wanted`."""
        given = self.infer(node, variables, wanted)
        if fits(given, wanted):
            return
        if isinstance(node, ast.Literal) and given == TEXT and isinstance(wanted, Enum):
            self.report(mistakes.no_quotes(node.span, str(node.value)))
        else:
            self.report(mistakes.wrong_type(node.span, given, wanted, help))

    def infer(self, node: ast.Expr, variables: Variables, wanted: Type | None = None) -> Type:
        """Return the type of `node`; `wanted` decides what a bare word means."""
        kind: Type = _TYPES[type(node)](self, node, variables, wanted)
        self.types[id(node)] = kind
        return kind

    def same_kind(
        self, left: ast.Expr, right: ast.Expr, variables: Variables, wanted: Type | None = None
    ) -> tuple[Type, Type]:
        """Check two expressions of which one may be a bare word that the other explains."""
        if self.is_word_only(left, variables) and not self.is_word_only(right, variables):
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
            self.report(
                mistakes.wrong_type(
                    generator.source.span, source, "list", "go through a list of rows"
                )
            )
        taken = self.names.what(generator.variable, variables)
        if taken:
            self.report(mistakes.shadows(generator.span, generator.variable, taken))
        return {**variables, generator.variable: item}

    # ------------------------------------------------------------ for the kinds of nodes

    def amount(self, amount: int | ast.Name | None, variables: Variables) -> None:
        """Check how many days or rows: a number, or the name of one."""
        if isinstance(amount, ast.Name):
            self.expect(amount, variables, INTEGER, "a number of days or rows is a whole number")

    def known_word(self, name: str, variables: Variables) -> tuple[Meaning, Type] | None:
        """Return what a word names and its type; None if only an enumeration can explain it."""
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

    def is_word_only(self, node: ast.Expr, variables: Variables) -> bool:
        """Whether `node` is a bare word that names nothing by itself."""
        return isinstance(node, ast.Name) and self.known_word(node.name, variables) is None

    def enumerator(self, node: ast.Name, enumeration: Enum) -> Type:
        """Check a bare word against an enumeration."""
        if node.name not in enumeration.values:
            self.report(
                mistakes.unknown_enumerator(
                    node.span, node.name, str(enumeration), enumeration.values
                )
            )
            return ANYTHING
        self.meanings[id(node)] = EnumeratorIs(node.name)
        self.types[id(node)] = enumeration
        return enumeration

    def joined(self, span: Span, left: Type, right: Type) -> Type:
        """Return what two branches have in common; say so if that is nothing."""
        both = join(left, right)
        if both is None:
            self.report(
                mistakes.unlike(span, left, right, "both branches must come to the same type")
            )
            return ANYTHING
        return both

    def report_all(self, found: Iterable[Diagnostic]) -> None:
        """Report several mistakes."""
        for diagnostic in found:
            self.report(diagnostic)


def _item_or_self(kind: Type) -> Type:
    return kind.item if isinstance(kind, List) else kind


_TYPES: Mapping[type[ast.Node], Callable[..., Type]] = MappingProxyType(
    {
        ast.Literal: word_types.literal,
        ast.DayMonth: word_types.day_month,
        ast.Length: word_types.length,
        ast.Name: word_types.name,
        ast.Member: navigation_types.member,
        ast.Lookup: navigation_types.lookup,
        ast.Call: navigation_types.call,
        ast.Not: condition_types.negation,
        ast.And: condition_types.conjunction,
        ast.Or: condition_types.disjunction,
        ast.Compare: condition_types.comparison,
        ast.IsState: condition_types.is_state,
        ast.IsOneOf: condition_types.is_one_of,
        ast.In: condition_types.containment,
        ast.Has: condition_types.has,
        ast.If: condition_types.choice,
        ast.Otherwise: condition_types.otherwise,
        ast.Binary: row_types.binary,
        ast.Shift: row_types.shift,
        ast.StudyDays: row_types.study_days,
        ast.Quantifier: row_types.quantifier,
        ast.Aggregate: row_types.aggregate,
    }
)
