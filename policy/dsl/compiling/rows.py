"""A linked row that keeps its fields in slots: `kind` as `kind_`, collections likewise.

Generated code reads the slots. For plugins, calendars and the reference evaluator a row is a
`Record` like any other; causes and values that need one are made from the data when asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct, field

from policy.dsl.compiling.absent import MISSING, UNKNOWN
from policy.model.entities import Field, Kind, Tense, ValueType
from policy.model.records import Record
from policy.model.values import Cause, CauseKind, Missing, Pointer, Unknown, Value


class NotRecorded(Missing, frozen=True, kw_only=True):
    """What a row has where nothing is recorded; the cause is made when somebody asks for it."""

    row: Record
    name: str

    @property  # type: ignore[misc]  # in place of a field, which nobody fills
    def causes(self) -> tuple[Cause, ...]:
        """The row and the field."""
        return (self.row.cause(CauseKind.NOT_RECORDED, self.name),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Missing) and other.causes == self.causes

    def __hash__(self) -> int:
        return hash(self.causes)


_NONE: Mapping[str, Callable[[Any], Any]] = {}


class LinkedRow(Record):
    """What the classes of rows have in common; the classes are made for a schema.

    `readers`: field or collection -> what reads its slot. `in_data`: fields whose data must be
    looked at where the slot has no value, to tell a day still to come from none.
    """

    __slots__ = ()
    readers = _NONE  # unannotated: annotations of a class are taken for fields of its rows
    in_data = frozenset[str]()

    @property
    def pointer(self) -> Pointer:  # type: ignore[override]
        """The place of the row in its document."""
        if self.parent is None:
            return ()
        collection = self.type.collection
        return (*self.parent.pointer, collection, self._links.at(self, collection))

    @property
    def _links(self) -> Links:
        root: Any = self
        while root.parent is not None:
            root = root.parent
        links: Links = root.links
        return links

    def value(self, name: str) -> Value:
        """Return the field's value, with the cause where there is none."""
        found: Value = self.readers[name](self)
        if found is MISSING and (name not in self.in_data or self._links.is_plain):
            return NotRecorded(row=self, name=name)
        if found is MISSING or found is UNKNOWN or (found.__class__ is tuple and _has_mark(found)):
            return self._from_data(name)
        return found

    def _from_data(self, name: str) -> Value:
        links = self._links
        raw = links.raw(self.pointer).get(name)
        if raw is None:
            return NotRecorded(row=self, name=name)
        item = self.type.fields[name]
        return _value(self, item, item.type, raw, links)

    def collection(self, name: str) -> tuple[Record, ...] | Unknown:
        """Return the rows of a child collection; Unknown with the cause if it is absent."""
        found = self.readers[name](self)
        if found is UNKNOWN:
            return Unknown((self.cause(CauseKind.ABSENT_COLLECTION, name),))
        rows: tuple[Record, ...] = found
        return rows


def _has_mark(values: Any) -> bool:
    return any(each is MISSING or each is UNKNOWN for each in values)


class Links(Struct, kw_only=True, dict=True):
    """What reading a field needs besides the row. `given`: the document as JSON or as data;
    `is_dangling`: some reference leads nowhere; `is_plain`: none does, and no day is to come."""

    index: Mapping[str, Mapping[str, LinkedRow]]
    as_at: date
    given: bytes | Mapping[str, Any]
    is_dangling: bool = False
    is_plain: bool = False
    _places: dict[tuple[int, str], dict[int, int]] = field(default_factory=dict)

    @cached_property
    def _data(self) -> Any:
        return msgspec.json.decode(self.given) if isinstance(self.given, bytes) else self.given

    def raw(self, pointer: Pointer) -> Mapping[str, Any]:
        """Return the data of a row."""
        found = self._data
        for key in pointer:
            found = found[key]
        row: Mapping[str, Any] = found
        return row

    def at(self, row: LinkedRow, collection: str) -> int:
        """Return which row of its collection a row is, first 0."""
        key = (id(row.parent), collection)
        if key not in self._places:
            rows = getattr(row.parent, f"{collection}_")
            self._places[key] = {id(each): at for at, each in enumerate(rows)}
        return self._places[key][id(row)]


def _value(row: LinkedRow, item: Field, of: ValueType, raw: Any, links: Links) -> Value:
    match of.kind:
        case Kind.LIST:
            inner = of.item or ValueType(kind=Kind.TEXT)
            return tuple(_value(row, item, inner, one, links) for one in raw)
        case Kind.REF:
            found = links.index[of.entity].get(raw)
            if found is not None:
                return found
            shown = "" if item.personal else raw
            return Unknown((row.cause(CauseKind.DANGLING, item.name, shown),))
        case Kind.DATE:
            day = date.fromisoformat(raw)
            if item.tense is not Tense.DONE or day <= links.as_at:
                return day
            shown = "" if item.personal else raw
            return Missing((row.cause(CauseKind.NOT_YET, item.name, shown),))
        case Kind.INTEGER:
            return int(raw)
        case Kind.NUMBER:
            return Decimal(repr(raw))
        case _:
            value: Value = raw
            return value
