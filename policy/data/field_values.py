"""From what JSON has to the value of a field: days, decimals, rows that are named.

In: a valid JSON value that is not null. Out: a value of `policy.model.values`. References that lead
nowhere and days that have not come yet are remembered here, for `linking` to tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from msgspec import Struct, field

from policy.model.entities import EntityType, Field, Kind, Tense, ValueType
from policy.model.records import Record
from policy.model.values import CauseKind, Missing, Pointer, Unknown, Value

Reader: TypeAlias = "Callable[[Record, Any, Pointer], Value]"
"""Makes a value of what JSON has; the pointer leads from the record to the value."""

_NUMBERS: Mapping[Kind, Reader] = {
    Kind.INTEGER: lambda record, raw, place: int(raw),
    Kind.NUMBER: lambda record, raw, place: Decimal(repr(raw)),
}


class Dangling(Struct, frozen=True, kw_only=True):
    """A reference to a row of `entity` that is not there; `wanted` is empty if it is personal."""

    record: Record
    place: Pointer
    entity: str
    wanted: str


class FieldValues(Struct, frozen=True, kw_only=True):
    """Reads the fields of one document; `index` must know all its rows before the first is read."""

    index: Mapping[tuple[str, str], Record]
    as_at: date
    dangling: list[Dangling] = field(default_factory=list)
    future: dict[tuple[str, str], list[Pointer]] = field(default_factory=dict)
    """Entity and field -> where a done-date lies after the day of the run."""

    def readers(self, entity: EntityType) -> dict[str, Reader | None]:
        """Return for each field what reads it, None where the value is what JSON has."""
        return {name: self._reader(item, item.type) for name, item in entity.fields.items()}

    def _reader(self, item: Field, of: ValueType) -> Reader | None:
        if of.kind is Kind.LIST:
            return self._list_reader(item, of.item or ValueType(kind=Kind.TEXT))
        if of.kind is Kind.REF:
            return partial(self._reference, item, of.entity)
        if of.kind is Kind.DATE:
            return partial(self._day, item)
        return _NUMBERS.get(of.kind)

    def _list_reader(self, item: Field, of: ValueType) -> Reader:
        member = self._reader(item, of)

        def read(record: Record, raw: Any, place: Pointer) -> Value:
            if member is None:
                return tuple(raw)
            return tuple(member(record, one, (*place, at)) for at, one in enumerate(raw))

        return read

    def _reference(
        self, item: Field, entity: str, record: Record, wanted: str, place: Pointer
    ) -> Value:
        found = self.index.get((entity, wanted))
        if found is not None:
            return found
        shown = "" if item.personal else wanted
        self.dangling.append(Dangling(record=record, place=place, entity=entity, wanted=shown))
        return Unknown((record.cause(CauseKind.DANGLING, item.name, shown),))

    def _day(self, item: Field, record: Record, raw: str, place: Pointer) -> Value:
        day = date.fromisoformat(raw)
        if item.tense is not Tense.DONE or day <= self.as_at:
            return day
        self.future.setdefault((record.type.name, item.name), []).append(record.pointer + place)
        shown = "" if item.personal else raw
        return Missing((record.cause(CauseKind.NOT_YET, item.name, shown),))
