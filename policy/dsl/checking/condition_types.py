"""Types of conditions and choices, and tests that cannot go both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.dsl.checking import mistakes, presence
from policy.dsl.checking.checked import (
    AncestorIs,
    ConstantIs,
    EnumeratorIs,
    FieldIs,
    RowsAre,
    VariableIs,
)
from policy.dsl.checking.names import STRETCHES, Variables
from policy.dsl.meaning.types import (
    ANYTHING,
    BOOLEAN,
    DATE,
    RANGE,
    TEXT,
    Entity,
    Enum,
    List,
    TableRow,
    Type,
    comparable,
    has_order,
)
from policy.dsl.syntax import ast

if TYPE_CHECKING:
    from policy.dsl.checking.expression_checker import Expressions


def negation(run: Expressions, node: ast.Not, variables: Variables, wanted: Type | None) -> Type:
    """Of `not`."""
    run.condition(node.item, variables)
    return BOOLEAN


def conjunction(run: Expressions, node: ast.And, variables: Variables, wanted: Type | None) -> Type:
    """Of `and`; sides that exclude each other are said."""
    for item in node.items:
        run.condition(item, variables)
    run.report_all(presence.Together(run.types, run.meanings).contradictions(node))
    return BOOLEAN


def disjunction(run: Expressions, node: ast.Or, variables: Variables, wanted: Type | None) -> Type:
    """Of `or`; sides of which one must hold are said."""
    for item in node.items:
        run.condition(item, variables)
    run.report_all(presence.Together(run.types, run.meanings).tautologies(node))
    return BOOLEAN


def comparison(
    run: Expressions, node: ast.Compare, variables: Variables, wanted: Type | None
) -> Type:
    """Of `=` and its kin: alike on both sides, with an order where one is needed."""
    left, right = run.same_kind(node.left, node.right, variables)
    if ANYTHING in (left, right):
        return BOOLEAN
    if not comparable(left, right):
        run.report(mistakes.unlike(node.span, left, right, _quotes_hint(node, left, right)))
    elif node.op not in ("=", "!=") and not has_order(left):
        run.report(mistakes.no_order(node.span, left))
    else:
        run.report_all(presence.trivial_comparison(node))
    return BOOLEAN


def is_state(
    run: Expressions, node: ast.IsState, variables: Variables, wanted: Type | None
) -> Type:
    """Of `is recorded`, `is missing` and `is empty`."""
    kind = run.infer(node.item, variables)
    if node.state == "empty":
        if not isinstance(kind, List) and kind != ANYTHING:
            run.report(
                mistakes.wrong_type(node.item.span, kind, "list", "of one value ask `is missing`")
            )
    elif isinstance(kind, List) and not _is_list_field(run, node.item):
        run.report(
            mistakes.wrong_type(node.item.span, kind, "single value", "of a list ask `is empty`")
        )
    elif _is_certain(run, node.item):
        truth = (node.state == "recorded") != node.negated
        text = node.item.span.text
        run.report(mistakes.always(node.span, truth, f"`{text}` is required in the data"))
    return BOOLEAN


def _is_list_field(run: Expressions, node: ast.Expr) -> bool:
    """A field that holds a list can be null; a collection of rows is absent or it is not."""
    return isinstance(run.meanings.get(id(node)), FieldIs)


def _is_certain(run: Expressions, node: ast.Expr) -> bool:
    """Whether the data must have a value here."""
    meaning = run.meanings.get(id(node))
    if isinstance(meaning, VariableIs):
        is_row = isinstance(run.types[id(node)], Entity | TableRow)
        return is_row and not run.names.is_argument(meaning.name)
    if isinstance(meaning, ConstantIs | EnumeratorIs | RowsAre):
        return True
    if not isinstance(node, ast.Member):
        return isinstance(node, ast.Literal)
    owner = run.types.get(id(node.of))
    if not isinstance(owner, Entity) or not _is_certain(run, node.of):
        return False
    if isinstance(meaning, AncestorIs):
        return True
    if not isinstance(meaning, FieldIs):
        return False
    kind = run.names.world.schema.entities[owner.name]
    return node.name == kind.id_field or kind.fields[node.name].required


def is_one_of(
    run: Expressions, node: ast.IsOneOf, variables: Variables, wanted: Type | None
) -> Type:
    """Of `is` with words of an enumeration."""
    kind = run.infer(node.item, variables)
    if isinstance(kind, Enum):
        first: dict[str, ast.Name] = {}
        for name in node.names:
            run.enumerator(name, kind)
            if first.setdefault(name.name, name) is not name:
                run.report(
                    mistakes.said_before(name.span, "word", name.name, first[name.name].span)
                )
        if {name.name for name in node.names} >= kind.values:
            run.report(mistakes.always(node.span, not node.negated, "every word of it is listed"))
    elif kind != ANYTHING:
        run.report(mistakes.no_enumeration(node.span, node.names[0].name))
    return BOOLEAN


def containment(run: Expressions, node: ast.In, variables: Variables, wanted: Type | None) -> Type:
    """Of `in` a list, the year or terms."""
    container = _container(run, node.container, variables)
    if container == RANGE:
        run.expect(node.item, variables, DATE, "only dates lie in a year or in terms")
        return BOOLEAN
    if isinstance(container, List):
        item = run.infer(node.item, variables, container.item)
        if not comparable(item, container.item):
            run.report(mistakes.unlike(node.span, item, container.item))
        return BOOLEAN
    run.infer(node.item, variables)
    if container != ANYTHING:
        run.report(
            mistakes.wrong_type(
                node.container.span,
                container,
                "list",
                "after `in` stands a list, `year` or `terms`",
            )
        )
    return BOOLEAN


def _container(run: Expressions, node: ast.Expr, variables: Variables) -> Type:
    if isinstance(node, ast.Name) and node.name in STRETCHES:
        run.meanings[id(node)] = ConstantIs(node.name)
        run.types[id(node)] = RANGE
        return RANGE
    return run.infer(node, variables)


def has(run: Expressions, node: ast.Has, variables: Variables, wanted: Type | None) -> Type:
    """Of `has` with members of a list."""
    kind = run.infer(node.list, variables)
    item: Type = ANYTHING
    if isinstance(kind, List):
        item = kind.item
    elif kind != ANYTHING:
        run.report(mistakes.wrong_type(node.list.span, kind, "list", "`has` looks into a list"))
    for member in node.members:
        run.expect(member, variables, item)
    return BOOLEAN


def choice(run: Expressions, node: ast.If, variables: Variables, wanted: Type | None) -> Type:
    """Of `if`: what both branches have in common."""
    run.condition(node.condition, variables)
    then, orelse = run.same_kind(node.then, node.orelse, variables, wanted)
    return run.joined(node.span, then, orelse)


def otherwise(
    run: Expressions, node: ast.Otherwise, variables: Variables, wanted: Type | None
) -> Type:
    """Of `otherwise`: what both sides have in common; the first must be able to lack."""
    first, second = run.same_kind(node.first, node.second, variables, wanted)
    if _is_certain(run, node.first):
        text = node.first.span.text
        run.report(
            mistakes.always(node.span, True, f"`{text}` is never missing, so `otherwise` is idle")
        )
    return run.joined(node.span, first, second)


def _quotes_hint(node: ast.Compare, left: Type, right: Type) -> str:
    for side, kind, other in ((node.left, left, right), (node.right, right, left)):
        if isinstance(side, ast.Literal) and kind == TEXT and isinstance(other, Enum):
            return f"write `{side.value}` without quotes"
    return ""
