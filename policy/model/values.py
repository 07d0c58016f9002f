"""What an expression can come to: a value, or the reason why there is none.

*Missing*: nobody recorded it (a null or absent field of a row that exists). *Unknown*: it cannot be
known from this document (an absent collection, a dangling reference, a date outside the calendar).
*Failure*: the question itself broke (a plugin failed, `the` found two). All three act as unknown in
Kleene logic; they are kept apart because only *missing* counts as "not done", and a failure is
never folded into another outcome. Each missing or unknown remembers what caused it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from policy.model.records import Record, Row

Pointer: TypeAlias = tuple[str | int, ...]
"""Where in a document: the keys and indexes from its root, as in RFC 6901."""


class CauseKind(StrEnum):
    """Why a fact is not there."""

    NOT_RECORDED = "not recorded"
    NO_ROW = "no such row"
    NOT_YET = "dated after the run"
    ABSENT_COLLECTION = "list not in the document"
    DANGLING = "refers to nobody"
    OUTSIDE_CALENDAR = "outside the calendar"
    NO_PACK = "data pack not loaded"


class Cause(Struct, frozen=True, order=True):
    """One absent fact: `field` (or collection, or table) of the subject `entity` `id`.

    `fact` is what to gather by ("policies", "submission.submitted_on"); `pointer` is the place of
    the row that lacks it.
    """

    kind: CauseKind
    entity: str
    id: str
    field: str
    pointer: Pointer = ()
    detail: str = ""

    @property
    def fact(self) -> str:
        """The absent fact, the same text for every row that lacks it."""
        if self.kind in (CauseKind.OUTSIDE_CALENDAR, CauseKind.NO_PACK):
            return self.field
        return f"{self.entity}.{self.field}"


def causes_of(*values: object) -> tuple[Cause, ...]:
    """Return the causes of all missing and unknown `values`, each once, in order of mention."""
    found: dict[Cause, None] = {}
    for value in values:
        if isinstance(value, Missing | Unknown):
            found.update(dict.fromkeys(value.causes))
    return tuple(found)


class Missing(Struct, frozen=True):
    """Not recorded. Satisfies `is missing`, feeds `otherwise`, counts as not done."""

    causes: tuple[Cause, ...] = ()


class Unknown(Struct, frozen=True):
    """Cannot be known from this document."""

    causes: tuple[Cause, ...] = ()


class Failure(Struct, frozen=True):
    """The question broke; `message` says how. Ends as the outcome *error*."""

    message: str


Absent: TypeAlias = Missing | Unknown | Failure


class DurationUnit(StrEnum):
    """Units of time; working days are counted on the centre's calendar."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    WORKING_DAYS = "working days"


class Duration(Struct, frozen=True):
    """A length of time. Never converted between units: 4 weeks is not 1 month."""

    amount: int
    unit: DurationUnit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"


class DateRange(Struct, frozen=True):
    """A stretch of days, both ends included (an academic year, a term)."""

    start: date
    end: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


Present: TypeAlias = (
    "str | bool | int | Decimal | date | Duration | DateRange | Record | Row | tuple[Value, ...]"
)
Value: TypeAlias = "Present | Absent"


def is_absent(value: object) -> bool:
    """Whether `value` stands for the lack of one."""
    return isinstance(value, Missing | Unknown | Failure)


def worst(values: Iterable[object]) -> Unknown | Failure:
    """Fold absent values into one: the first failure, otherwise unknown with all causes."""
    listed = [value for value in values if is_absent(value)]
    for value in listed:
        if isinstance(value, Failure):
            return value
    return Unknown(causes_of(*listed))
