"""One centre's document as linked rows: what evaluators and plugins read.

Made by `policy.data.linking`. References are followed, absent facts are `Missing` or `Unknown`
with their cause, lists are tuples in document order. A record never prints its fields: they may be
personal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from policy.model.entities import EntityType, Schema
from policy.model.values import Cause, CauseKind, Missing, Pointer, Unknown, Value


class Record:
    """One row. Compared by identity: two rows with equal fields are two rows."""

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

    @property
    def entity(self) -> str:
        """Name of the row's entity."""
        return self.type.name

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
        """Return the field's value; Missing where nothing is recorded, Unknown where a reference
        leads nowhere. `name` must be a field of the entity (KeyError otherwise)."""
        found = self._values.get(name)
        if found is not None:
            return found
        self.type.fields[name]  # a field nobody declared is our bug, not absent data
        return Missing((self.cause(CauseKind.NOT_RECORDED, name),))

    def collection(self, name: str) -> tuple[Record, ...] | Unknown:
        """Return the rows of a child collection in document order; Unknown if it is absent."""
        found = self._collections.get(name)
        if found is not None:
            return found
        self.type.children[name]
        return Unknown((self.cause(CauseKind.ABSENT_COLLECTION, name),))

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A default that stood in for facts nobody recorded: `count` rows of `entity`."""

    entity: str
    field: str
    value: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Document:
    """A linked centre document: one centre, one academic year."""

    name: str
    root: Record
    schema: Schema
    academic_year: str
    year_starts_on: date
    year_ends_on: date
    index: Mapping[tuple[str, str], Record] = field(repr=False)
    rows: Mapping[str, tuple[Record, ...]] = field(repr=False)
    """Entity name -> all rows of it, in document order."""
    absent: Mapping[str, tuple[Cause, ...]] = field(repr=False)
    """Entity name -> owners whose collection of it is absent."""
    assumptions: tuple[Assumption, ...] = ()

    def find(self, entity: str, id: str) -> Record | None:
        """Return the row with that id, or None."""
        return self.index.get((entity, id))

    def all(self, entity: str) -> Iterator[Record]:
        """Yield every row of the entity in document order."""
        return iter(self.rows.get(entity, ()))


def absent_collections(document: Document, entity: str) -> Iterator[tuple[Cause, Record]]:
    """Yield each absent collection that may hold rows of `entity`, with the row that lacks it."""
    for cause in document.absent.get(entity, ()):
        owner = document.find(cause.entity, cause.id)
        yield cause, owner if owner is not None else document.root
