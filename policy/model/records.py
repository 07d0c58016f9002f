"""One centre's document as linked rows: what evaluators and plugins read.

Made by `policy.data.linking`. References are followed, absent facts are `Missing` or `Unknown`
with their cause, lists are tuples in document order. A record never prints its fields: they may be
personal.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from policy.model.entities import EntityType, Schema
from policy.model.values import Cause, CauseKind, Missing, Pointer, Unknown, Value


class Record:
    """One row. Compared by identity: two rows with equal fields are two rows."""

    __slots__ = ()
    type: EntityType
    id: str
    pointer: Pointer
    parent: Record | None

    @property
    def entity(self) -> str:
        """Name of the row's entity."""
        return self.type.name

    @abstractmethod
    def value(self, name: str) -> Value:
        """Return the field's value; Missing where nothing is recorded, Unknown where a reference
        leads nowhere. `name` must be a field of the entity (KeyError otherwise)."""

    @abstractmethod
    def collection(self, name: str) -> tuple[Record, ...] | Unknown:
        """Return the rows of a child collection in document order; Unknown if it is absent."""

    def ancestor(self, entity: str) -> Record:
        """Return the enclosing row of that entity (KeyError if it encloses no such row)."""
        row = self.parent
        while row is not None:
            if row.type.name == entity:
                return row
            row = row.parent
        raise KeyError(entity)

    def cause(self, kind: CauseKind, name: str, detail: str = "") -> Cause:
        """Return the cause that says this row lacks `name`."""
        return Cause(kind, self.type.name, self.id, name, self.pointer, detail)

    def __repr__(self) -> str:
        return f"<{self.type.name} {self.id}>"


class FilledRecord(Record):
    """A row that the careful linking fills, value by value."""

    __slots__ = ("_collections", "_values", "id", "parent", "pointer", "type")

    def __init__(
        self, *, type: EntityType, id: str, pointer: Pointer, parent: Record | None
    ) -> None:
        self.type = type
        self.id = id
        self.pointer = pointer
        self.parent = parent
        self._values: dict[str, Value] = {}
        self._collections: dict[str, tuple[Record, ...]] = {}

    def set_value(self, name: str, value: Value) -> None:
        """Give the field its value; for the linker only."""
        self._values[name] = value

    def set_values(self, values: dict[str, Value]) -> None:
        """Give the row all its values at once; for the linker only, which keeps no hold on them."""
        self._values = values

    def set_collection(self, name: str, rows: tuple[Record, ...]) -> None:
        """Give the collection its rows; for the linker only."""
        self._collections[name] = rows

    def value(self, name: str) -> Value:
        """Return the field's value, with the cause where there is none."""
        found = self._values.get(name)
        if found is not None:
            return found
        self.type.fields[name]  # a field nobody declared is our bug, not absent data
        return Missing((self.cause(CauseKind.NOT_RECORDED, name),))

    def collection(self, name: str) -> tuple[Record, ...] | Unknown:
        """Return the rows of a child collection, or the cause that keeps them from being known."""
        found = self._collections.get(name)
        if found is not None:
            return found
        self.type.children[name]
        return Unknown((self.cause(CauseKind.ABSENT_COLLECTION, name),))


class Row:
    """One row of a table that a spec declares: typed cells, no identity beyond its position."""

    __slots__ = ("cells", "number", "table")

    def __init__(self, table: str, number: int, cells: Mapping[str, Value]) -> None:
        self.table = table
        self.number = number
        self.cells = cells

    @property
    def id(self) -> str:
        """The row's number in its table, first row 1."""
        return str(self.number)

    def value(self, column: str) -> Value:
        """Return a cell; an empty cell is Missing."""
        found = self.cells.get(column)
        if found is not None:
            return found
        return Missing((Cause(CauseKind.NOT_RECORDED, self.table, self.id, column),))

    def __repr__(self) -> str:
        return f"<{self.table} row {self.number}>"


class Assumption(Struct, frozen=True, kw_only=True):
    """A default that stood in for facts nobody recorded: `count` rows of `entity`."""

    entity: str
    field: str
    value: str
    count: int


class Document(Struct, frozen=True, kw_only=True):
    """A linked centre document: one centre, one academic year."""

    name: str
    root: Record
    schema: Schema
    academic_year: str
    year_starts_on: date
    year_ends_on: date
    index: Mapping[tuple[str, str], Record]
    rows: Mapping[str, tuple[Record, ...]]
    """Entity name -> all rows of it, in document order."""
    lacking: Mapping[str, Sequence[Record]]
    """Entity name -> rows in which the collection of it is absent."""
    assumptions: tuple[Assumption, ...] = ()

    def __repr__(self) -> str:
        return f"<document {self.name}>"

    def find(self, entity: str, id: str) -> Record | None:
        """Return the row with that id, or None."""
        return self.index.get((entity, id))

    def all(self, entity: str) -> Iterator[Record]:
        """Yield every row of the entity in document order."""
        return iter(self.rows.get(entity, ()))


def owners_lacking(document: Document, entity: str) -> list[Record]:
    """Return the rows that lack a collection in which, or below which, rows of `entity` may be."""
    enclosing = (entity, *document.schema.ancestors(entity))
    levels = [document.lacking[each] for each in enclosing if each in document.lacking]
    if len(levels) < 2:
        return list(levels[0]) if levels else []
    return sorted((row for rows in levels for row in rows), key=_place)


def _place(row: Record) -> tuple[str | int, ...]:
    return row.pointer[1::2]


def absent_collections(document: Document, entity: str) -> Iterator[tuple[Cause, Record]]:
    """Yield each absent collection that may hold rows of `entity`, with the row that lacks it."""
    entities = document.schema.entities
    lacks = {
        entities[each].parent: entities[each].collection
        for each in (entity, *document.schema.ancestors(entity))
    }
    for owner in owners_lacking(document, entity):
        yield owner.cause(CauseKind.ABSENT_COLLECTION, lacks[owner.entity]), owner
