"""expression -> the same expression with one thing changed, every way there is.

In: an expression of a checked spec, with the types of its nodes. Out: pairs of a change and the
changed expression. Whether the changed one still makes sense is for the checker to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from msgspec.structs import replace

from policy.authoring.mutation.change import Change, became, left_out, shown
from policy.dsl.meaning.types import DATE, INTEGER, NUMBER, List, Type
from policy.dsl.syntax import ast
from policy.dsl.syntax.print_expressions import MONTHS, literal_text, print_expression

N = TypeVar("N", bound=ast.Node)
Types: TypeAlias = Mapping[int, Type]
Variants: TypeAlias = Iterator[tuple[Change, ast.Expr]]

_EDGE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ONE_DAY_ON = {"<": "before", "<=": "after", ">": "after", ">=": "before"}
"""Which way the other edge lies: `a <= b` and `a <= 1 day after b` differ one day later."""
_OPPOSITES = {
    "earliest": "latest",
    "latest": "earliest",
    "least": "greatest",
    "greatest": "least",
    "earlier": "later",
    "later": "earlier",
}
_OTHER_DAYS = {"working days": "days", "days": "working days"}
_A_LEAP_YEAR, _ANOTHER_YEAR = 2024, 2023


def variants(node: N, types: Types) -> Iterator[tuple[Change, N]]:
    """Yield the node with one thing changed in it or below it, in the order of the text."""
    own = _OWN.get(type(node))
    if own is not None:
        yield from own(node, types)
    for name in node.__struct_fields__:
        value = None if name.endswith("span") else getattr(node, name)
        if isinstance(value, ast.Node):
            for change, new in variants(value, types):
                yield change, _with(node, name, new)
        elif isinstance(value, tuple):
            for at, item in enumerate(value):
                if isinstance(item, ast.Node):
                    for change, new in variants(item, types):
                        yield change, _with(node, name, _put(value, at, new))


def _with(node: N, name: str, value: Any) -> N:
    changed: dict[str, Any] = {name: value}
    return replace(node, **changed)


def a_day_off(node: ast.Expr, directions: tuple[str, ...] = ("before", "after")) -> Variants:
    """Yield a date moved by one day; not if the date shows its days, which change as figures."""
    if not _shows_its_days(node):
        for direction in directions:
            day = ast.Length(span=node.span, amount=1, unit="days")
            moved = ast.Shift(span=node.span, length=day, direction=direction, base=node)
            yield became("comparison", node, shown(node), f"1 day {direction} it"), moved


def next_figures(value: int | Decimal | date) -> Iterator[int | Decimal | date]:
    """Yield the value one step up and one step down: 1, the last digit, a day."""
    if isinstance(value, date):
        yield from (value + timedelta(days=1), value - timedelta(days=1))
    elif isinstance(value, Decimal):
        step = Decimal((0, (1,), int(value.as_tuple().exponent)))
        yield from (value + step, value - step)
    else:
        yield value + 1
        if value > 0:
            yield value - 1


def _put(items: tuple[Any, ...], at: int, *new: Any) -> tuple[Any, ...]:
    return (*items[:at], *new, *items[at + 1 :])


# ---------------------------------------------------------------- figures


def _literal(node: ast.Literal, types: Types) -> Variants:
    value = node.value
    if isinstance(value, bool):
        new: Any = not value
        yield (
            became("figure", node, literal_text(value), literal_text(new)),
            replace(node, value=new),
        )
    elif not isinstance(value, str):
        for new in next_figures(value):
            change = became("figure", node, literal_text(value), literal_text(new))
            yield change, replace(node, value=new)


def _day_month(node: ast.DayMonth, types: Types) -> Variants:
    year = _A_LEAP_YEAR if (node.day, node.month) == (29, 2) else _ANOTHER_YEAR
    for day in next_figures(date(year, node.month, node.day)):
        assert isinstance(day, date)
        new = replace(node, day=day.day, month=day.month)
        yield became("figure", node, _of_year(node), _of_year(new)), new


def _of_year(node: ast.DayMonth) -> str:
    return f"{node.day} {MONTHS[node.month - 1]}"


def _amount(node: Any, types: Types) -> Variants:
    """Of a length of time, of study days, of `at least 2`."""
    if isinstance(node.amount, int):
        for amount in next_figures(node.amount):
            yield (
                became("figure", node, str(node.amount), str(amount)),
                replace(node, amount=amount),
            )


def _length(node: ast.Length, types: Types) -> Variants:
    yield from _amount(node, types)
    if node.unit in _OTHER_DAYS:
        unit = _OTHER_DAYS[node.unit]
        yield became("unit", node, node.unit, unit, node), replace(node, unit=unit)


def _shows_its_days(node: ast.Expr) -> bool:
    match node:
        case ast.DayMonth() | ast.Literal():
            return True
        case ast.Shift(length=ast.Length(amount=int(), unit=unit)):
            return unit.endswith("days")
        case ast.StudyDays(amount=int()):
            return True
    return False


# ---------------------------------------------------------------- comparisons and tests


def _compare(node: ast.Compare, types: Types) -> Variants:
    if node.op in ("=", "!="):
        op = "!=" if node.op == "=" else "="
        yield became("comparison", node, node.op, op, node), replace(node, op=op)
        return
    edge = _EDGE[node.op]
    yield became("comparison", node, node.op, edge, node), replace(node, op=edge)
    sides = (node.left, node.right)
    if any(types.get(id(side)) == DATE for side in sides):
        if not _shows_its_days(node.left):
            for change, right in a_day_off(node.right, (_ONE_DAY_ON[node.op],)):
                yield change, replace(node, right=right)
    elif not any(isinstance(side, ast.Literal) for side in sides):
        turned = _TURNED[node.op]
        yield became("comparison", node, node.op, turned, node), replace(node, op=turned)


def _is_state(node: ast.IsState, types: Types) -> Variants:
    if node.state == "empty":
        new = replace(node, negated=not node.negated)
    else:
        is_recorded = (node.state == "recorded") != node.negated
        new = replace(node, state="missing" if is_recorded else "recorded", negated=False)
    yield became("presence", node, shown(node), shown(new)), new


def _is_one_of(node: ast.IsOneOf, types: Types) -> Variants:
    if not node.listed or len(node.names) == 1:
        new = replace(node, negated=not node.negated)
        yield became("comparison", node, shown(node), shown(new)), new
        return
    for at, name in enumerate(node.names):
        yield left_out("list", name, name.name), replace(node, names=_put(node.names, at))


def _in(node: ast.In, types: Types) -> Variants:
    if node.negated:
        new = replace(node, negated=False)
        yield became("negation", node, "not in", "in", node), new


def _has(node: ast.Has, types: Types) -> Variants:
    if node.negated:
        yield became("negation", node, "has no", "has", node), replace(node, negated=False)
    if len(node.members) > 1:
        for at, member in enumerate(node.members):
            new = replace(node, members=_put(node.members, at))
            yield left_out("list", member, print_expression(member)), new
        if node.mode != "only":
            mode = "any" if node.mode == "all" else "all"
            new = replace(node, mode=mode)
            yield became("connective", node, f"{node.mode} of", f"{mode} of", node), new


def _not(node: ast.Not, types: Types) -> Variants:
    yield became("negation", node, shown(node), shown(node.item)), node.item


def _and_or(node: ast.And | ast.Or, types: Types) -> Variants:
    words = ("and", "or") if isinstance(node, ast.And) else ("or", "and")
    other = ast.Or if isinstance(node, ast.And) else ast.And
    yield became("connective", node, *words, node), other(span=node.span, items=node.items)
    for at, item in enumerate(node.items):
        rest = _put(node.items, at)
        new = replace(node, items=rest) if len(rest) > 1 else rest[0]
        yield left_out("operand", item, shown(item)), new


# ---------------------------------------------------------------- values


def _if(node: ast.If, types: Types) -> Variants:
    for branch in (node.then, node.orelse):
        yield became("branch", node, shown(node), shown(branch)), branch


def _otherwise(node: ast.Otherwise, types: Types) -> Variants:
    for kept in (node.first, node.second):
        yield became("otherwise", node, shown(node), shown(kept)), kept


def _binary(node: ast.Binary, types: Types) -> Variants:
    kind = types.get(id(node))
    if isinstance(kind, List):
        for dropped, kept in ((node.left, node.right), (node.right, node.left)):
            yield left_out("operand", dropped, shown(dropped)), kept
    elif kind in (INTEGER, NUMBER):
        op = {"+": "-", "-": "+", "*": "/", "/": "*"}[node.op]
        yield became("arithmetic", node, node.op, op, node), replace(node, op=op)


def _call(node: ast.Call, types: Types) -> Variants:
    if node.name in _OPPOSITES:
        name = _OPPOSITES[node.name]
        yield became("choice", node, node.name, name, node), replace(node, name=name)


# ---------------------------------------------------------------- rows and lists


def _quantifier(node: ast.Quantifier, types: Types) -> Variants:
    for new in _other_kinds(node):
        yield became("quantifier", node, _head(node), _head(new)), new
    yield from _amount(node, types)
    yield from _where(node)


def _other_kinds(node: ast.Quantifier) -> Iterator[ast.Quantifier]:
    match node.kind:
        case "every":
            asked = tuple(part for part in (node.where, node.satisfies) if part is not None)
            where = asked[0] if len(asked) == 1 else ast.And(span=node.span, items=_flat(asked))
            yield replace(node, kind="some", where=where, satisfies=None)
        case "some" if node.where is not None:
            yield replace(node, kind="every", where=None, satisfies=node.where)
        case "some" | "no":
            yield replace(node, kind="no" if node.kind == "some" else "some")
        case "exactly":
            yield replace(node, kind="at least")
            yield replace(node, kind="at most")
        case "at least" | "at most":
            yield replace(node, kind="exactly")


def _flat(items: tuple[ast.Expr, ...]) -> tuple[ast.Expr, ...]:
    flat: list[ast.Expr] = []
    for item in items:
        flat.extend(item.items if isinstance(item, ast.And) else (item,))
    return tuple(flat)


def _head(node: ast.Quantifier) -> str:
    amount = "" if node.amount is None else f" {getattr(node.amount, 'name', node.amount)}"
    source = shown(node.generator.source)
    tail = " satisfies ..." if node.satisfies else " where ..." if node.where else ""
    return f"{node.kind}{amount} {node.generator.variable} in {source}{tail}"


def _where(node: Any) -> Variants:
    if node.where is not None:
        yield left_out("where", node.where, f"where {shown(node.where)}"), replace(node, where=None)


def _aggregate(node: ast.Aggregate, types: Types) -> Variants:
    if node.kind in _OPPOSITES:
        kind = _OPPOSITES[node.kind]
        yield became("choice", node, node.kind, kind, node), replace(node, kind=kind)
    if node.pick:
        pick = _OPPOSITES[node.pick]
        yield became("choice", node, node.pick, pick, node), replace(node, pick=pick)
    yield from _where(node)


_OWN: Mapping[type[ast.Node], Callable[[Any, Types], Iterator[tuple[Change, Any]]]] = (
    MappingProxyType(
        {
            ast.Literal: _literal,
            ast.DayMonth: _day_month,
            ast.Length: _length,
            ast.StudyDays: _amount,
            ast.Compare: _compare,
            ast.IsState: _is_state,
            ast.IsOneOf: _is_one_of,
            ast.In: _in,
            ast.Has: _has,
            ast.Not: _not,
            ast.And: _and_or,
            ast.Or: _and_or,
            ast.If: _if,
            ast.Otherwise: _otherwise,
            ast.Binary: _binary,
            ast.Call: _call,
            ast.Quantifier: _quantifier,
            ast.Aggregate: _aggregate,
        }
    )
)
