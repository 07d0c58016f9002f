"""A linked row that keeps its fields in slots: `kind` as `kind_`, collections likewise.

Generated code reads the slots. For plugins, calendars and the reference evaluator a row is a
`Record` like any other; causes and values that need one are made from the data when asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policy.dsl.compiling.absent import MISSING, UNKNOWN
from policy.model.entities import Field, Kind, Tense, ValueType
from policy.model.records import Record
from policy.model.values import CauseKind, Missing, Pointer, Unknown, Value


class LinkedRow(Record):
    """A row that reads its data when asked by name."""

    __slots__ = ("at", "links", "raw")
    at: int
    links: Links
    raw: Mapping[str, Any]
    kept: Mapping[str, Callable[[Any], Any]] = {}
    """Field or collection -> what reads its slot, where a value stands as everybody knows it."""

    def __init__(self) -> None:  # generated code fills the slots itself
        raise TypeError("rows are made by linking")

    @property
    def pointer(self) -> Pointer:  # type: ignore[override]
        """The place of the row in its document."""
        if self.parent is None:
            return ()
        return (*self.parent.pointer, self.type.collection, self.at)

    def value(self, name: str) -> Value:
        """Return the field's value, with the cause where there is none."""
        read = self.kept.get(name)
        if read is not None:
            kept: Value = read(self)
            if kept is not MISSING and kept is not UNKNOWN:
                return kept
        item = self.type.fields[name]
        raw = self.raw.get(name)
        if raw is None:
            if item.default is not None:
                return item.default
            return Missing((self.cause(CauseKind.NOT_RECORDED, name),))
        if name == self.type.id_field:
            return self.id
        root: Any = self
        while root.parent is not None:
            root = root.parent
        return _value(self, item, item.type, raw, root.links)

    def collection(self, name: str) -> tuple[Record, ...] | Unknown:
        """Return the rows of a child collection; Unknown with the cause if it is absent."""
        found = self.kept[name](self)
        if found is UNKNOWN:
            return Unknown((self.cause(CauseKind.ABSENT_COLLECTION, name),))
        rows: tuple[Record, ...] = found
        return rows


@dataclass(kw_only=True)
class Links:
    """What reading a field needs besides the row; `is_dangling`: some reference leads nowhere."""

    index: Mapping[str, Mapping[str, LinkedRow]]
    as_at: date
    is_dangling: bool = False


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
