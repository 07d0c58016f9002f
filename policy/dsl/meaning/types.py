"""Types of expressions, and which of them fit together.

`Anything` is the type of what is already reported as wrong: it fits everything, so one mistake
gives one diagnostic.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from policy.model.entities import Kind, ValueType


class Simple(Struct, frozen=True):
    """text, integer, number, boolean, date, duration, date range or anything."""

    name: str

    def __str__(self) -> str:
        return self.name


TEXT = Simple("text")
INTEGER = Simple("integer")
NUMBER = Simple("number")
BOOLEAN = Simple("yes/no")
DATE = Simple("date")
DURATION = Simple("length of time")
RANGE = Simple("stretch of days")
ANYTHING = Simple("anything")


class Enum(Struct, frozen=True):
    """An enumeration. Two with the same values are the same, whatever they are called."""

    values: frozenset[str]
    name: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Enum) and self.values == other.values

    def __hash__(self) -> int:
        return hash(self.values)

    def __str__(self) -> str:
        return self.name or f"one of ({', '.join(sorted(self.values))})"


class Entity(Struct, frozen=True):
    """A row of that entity."""

    name: str

    def __str__(self) -> str:
        return self.name


class TableRow(Struct, frozen=True):
    """A row of that table."""

    table: str

    def __str__(self) -> str:
        return f"row of {self.table}"


class List(Struct, frozen=True):
    """A list of."""

    item: Type

    def __str__(self) -> str:
        return f"list of {self.item}"


Type: TypeAlias = "Simple | Enum | Entity | TableRow | List"

SIMPLE_BY_WORD = {
    "text": TEXT,
    "integer": INTEGER,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "duration": DURATION,
}
"""The words an author may use for them in a type."""

_KINDS = {
    Kind.TEXT: TEXT,
    Kind.INTEGER: INTEGER,
    Kind.NUMBER: NUMBER,
    Kind.BOOLEAN: BOOLEAN,
    Kind.DATE: DATE,
}


def of_field(kind: ValueType) -> Type:
    """Return the type of a field's value."""
    if kind.kind is Kind.ENUM:
        return Enum(frozenset(kind.values), kind.enum)
    if kind.kind is Kind.REF:
        return Entity(kind.entity)
    if kind.kind is Kind.LIST:
        return List(of_field(kind.item)) if kind.item else List(TEXT)
    return _KINDS[kind.kind]


def is_number(kind: Type) -> bool:
    """Whether it can be counted with."""
    return kind in (INTEGER, NUMBER, ANYTHING)


def has_order(kind: Type) -> bool:
    """Whether `<` means something: of numbers, dates, lengths of time; not of texts or words."""
    return is_number(kind) or kind in (DATE, DURATION)


def fits(given: Type, wanted: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is asked for."""
    if ANYTHING in (given, wanted) or given == wanted:
        return True
    if isinstance(given, List) and isinstance(wanted, List):
        return fits(given.item, wanted.item)
    if isinstance(given, Enum) and isinstance(wanted, Enum):
        return given.values <= wanted.values
    return given == INTEGER and wanted == NUMBER


def comparable(left: Type, right: Type) -> bool:
    """Whether `left = right` can be true for some values."""
    if isinstance(left, Enum) and isinstance(right, Enum):
        return bool(left.values & right.values)
    if isinstance(left, List) or isinstance(right, List):
        return (
            isinstance(left, List) and isinstance(right, List) and comparable(left.item, right.item)
        )
    return fits(left, right) or fits(right, left)


def join(left: Type, right: Type) -> Type | None:
    """Return the type of `if .. then LEFT else RIGHT`, None when they have none in common."""
    if left == ANYTHING:
        return right
    if fits(right, left):
        return left
    if fits(left, right):
        return right
    if isinstance(left, Enum) and isinstance(right, Enum):
        return Enum(left.values | right.values)
    return None
