"""What is known of a value before there is data: its kind, and in which ways it may be absent.

From that follows which tests generated code can leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy.dsl.meaning import types
from policy.model.entities import Field, Kind, Schema, Tense, ValueType
from policy.model.values import DateRange, Duration

NEVER: frozenset[str] = frozenset()
MISSING_ONLY = frozenset({"MISSING"})
UNKNOWN_ONLY = frozenset({"UNKNOWN"})
ANY_MARK = frozenset({"MISSING", "UNKNOWN", "FAILED"})
PLAIN = ("text", "number", "date", "yes/no", "row", "cells")
"""Kinds that Python's own operators compare rightly."""


class NotCompiled(Exception):
    """The compiler cannot do this yet; the rule is left to the reference evaluator."""


class Shape(Struct, frozen=True, kw_only=True):
    """kind: one of PLAIN, "length", "stretch", "list". `of`: entity of a row, table of cells.

    `marks`: which marks may stand for it. `partial`: it may be known in part only.
    """

    kind: str
    of: str = ""
    item: Shape | None = None
    marks: frozenset[str] = NEVER
    partial: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether there always is a value, known as a whole."""
        return not self.marks and not self.partial

    @property
    def settled(self) -> Shape:
        """The shape once a partial value became its gap."""
        if not self.partial:
            return self
        return replace(self, partial=False, marks=self.marks | {"UNKNOWN", "FAILED"})

    def or_marks(self, marks: Iterable[str]) -> Shape:
        """The shape when these marks may stand for it, too."""
        return replace(self, marks=self.marks | frozenset(marks))

    def of_marks(self, marks: Iterable[str]) -> Shape:
        """The shape when only these marks may stand for it."""
        return replace(self, marks=frozenset(marks))


NOTHING = Shape(kind="nothing", marks=UNKNOWN_ONLY)
"""Of what there never is a value: a cell of a table whose pack is not loaded."""
YES_NO = Shape(kind="yes/no")
NUMBER = Shape(kind="number")
DATE = Shape(kind="date")
TEXT = Shape(kind="text")
LENGTH = Shape(kind="length")
STRETCH = Shape(kind="stretch")

_KINDS: Mapping[Kind, Shape] = {
    Kind.TEXT: TEXT,
    Kind.ENUM: TEXT,
    Kind.INTEGER: NUMBER,
    Kind.NUMBER: NUMBER,
    Kind.BOOLEAN: YES_NO,
    Kind.DATE: DATE,
}
_TYPES: Mapping[types.Type, Shape] = {
    types.TEXT: TEXT,
    types.INTEGER: NUMBER,
    types.NUMBER: NUMBER,
    types.BOOLEAN: YES_NO,
    types.DATE: DATE,
    types.DURATION: LENGTH,
    types.RANGE: STRETCH,
}


def row(entity: str) -> Shape:
    """Return the shape of a row that is there."""
    return Shape(kind="row", of=entity)


def list_of(item: Shape) -> Shape:
    """Return the shape of a list that is there and complete."""
    return Shape(kind="list", item=item)


def of_field(item: Field, *, is_whole: bool = False) -> Shape:
    """Return the shape of a field of a row that is there; `is_whole`: no reference dangles."""
    shape = _of_value(item, item.type, NEVER if is_whole else UNKNOWN_ONLY)
    if item.required or item.default is not None:
        return shape
    return shape.or_marks(MISSING_ONLY)


def _of_value(item: Field, kind: ValueType, dangling: frozenset[str]) -> Shape:
    if kind.kind is Kind.LIST:
        return list_of(_of_value(item, kind.item or ValueType(kind=Kind.TEXT), dangling))
    if kind.kind is Kind.REF:
        return row(kind.entity).or_marks(dangling)
    done = kind.kind is Kind.DATE and item.tense is Tense.DONE
    return _KINDS[kind.kind].or_marks(MISSING_ONLY if done else NEVER)


def of_kind(kind: ValueType) -> Shape:
    """Return the shape of what a plugin declares."""
    if kind.kind is Kind.LIST:
        return list_of(of_kind(kind.item or ValueType(kind=Kind.TEXT)))
    return row(kind.entity) if kind.kind is Kind.REF else _KINDS[kind.kind]


def of_type(kind: types.Type) -> Shape:
    """Return the shape of what a built-in declares."""
    if isinstance(kind, types.Entity):
        return row(kind.name)
    return _TYPES[kind]


def of_constant(value: Any) -> Shape:
    """Return the shape of a value that is known already."""
    match value:
        case bool():
            return YES_NO
        case str():
            return TEXT
        case int() | Decimal():
            return NUMBER
        case date():
            return DATE
        case Duration():
            return LENGTH
        case DateRange():
            return STRETCH
        case tuple():
            items = {of_constant(member) for member in value} or {TEXT}
            if len(items) == 1:
                return list_of(items.pop())
    raise NotCompiled("a constant of mixed kinds")


def either(first: Shape, second: Shape) -> Shape:
    """Return the shape of what is one of two."""
    if first.kind == "nothing":
        return second.or_marks(first.marks)
    if second.kind == "nothing":
        return first.or_marks(second.marks)
    if (first.kind, first.of) != (second.kind, second.of):
        raise NotCompiled(f"one of {first.kind} {first.of} and {second.kind} {second.of}")
    item = first.item
    if item is not None and second.item is not None:
        item = either(item, second.item)
    return Shape(
        kind=first.kind,
        of=first.of,
        item=item,
        marks=first.marks | second.marks,
        partial=first.partial or second.partial,
    )


def path_item(schema: Schema, entity: str, path: tuple[str, ...]) -> str:
    """Return the entity whose rows stand at the end of a path of collections."""
    for collection in path:
        entity = schema.entities[entity].children[collection]
    return entity


def hops(schema: Schema, entity: str, ancestor: str) -> int:
    """Return how many rows up the enclosing row of an entity is."""
    return tuple(schema.ancestors(entity)).index(ancestor) + 1
