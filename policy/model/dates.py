"""Civil dates: moving them by days, weeks, months and years, and the academic years they fall in.

Nothing here needs a teaching calendar; every function gives an answer for every date, save where
the answer would lie before the year 1 or after the year 9999.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import Struct

from policy.model.records import Record
from policy.model.values import DateRange, DurationUnit

FIRST_OF_SEPTEMBER: tuple[int, int] = (9, 1)
_YEAR_NAME = re.compile(r"(\d{4})/\d{2}", re.ASCII)


def clamped(year: int, month: int, day: int) -> date:
    """Return the date, or the month's last day if it has no such day (29 February, 31 June)."""
    try:
        return date(year, month, day)
    except ValueError:
        from calendar import monthrange

        return date(year, month, min(day, monthrange(year, month)[1]))


def moved(day: date, amount: int, unit: DurationUnit) -> date:
    """Return `day` moved by days, weeks, months or years; months clamp to their last day.

    Raises OverflowError or ValueError if the result is no date; working days need a calendar.

    >>> moved(date(2024, 2, 29), 1, DurationUnit.YEARS)
    datetime.date(2025, 2, 28)
    """
    match unit:
        case DurationUnit.DAYS:
            return day + timedelta(days=amount)
        case DurationUnit.WEEKS:
            return day + timedelta(weeks=amount)
        case DurationUnit.MONTHS:
            months = day.year * 12 + day.month - 1 + amount
            return clamped(months // 12, months % 12 + 1, day.day)
        case DurationUnit.YEARS:
            return clamped(day.year + amount, day.month, day.day)
        case DurationUnit.WORKING_DAYS:
            raise ValueError(unit)


class AcademicYears(Struct, frozen=True, kw_only=True):
    """Years that begin on the month and day on which the document's own year begins.

    `own`: the document's year. `label`: the first half of its name, 2025 of 2025/26; usually the
    year in which it begins, but a centre whose year runs from January may say otherwise.
    """

    own: DateRange
    label: int

    @classmethod
    def of(cls, root: Record) -> AcademicYears:
        """Read the year of a root row; without a first day it begins on 1 September.

        Raises ValueError if the row has neither a first day nor a name of its year: the schema
        requires both, so such a row never was validated.
        """
        starts_on = _field(root, "year_starts_on")
        ends_on = _field(root, "year_ends_on")
        name = _YEAR_NAME.match(str(_field(root, "academic_year")))
        if not isinstance(starts_on, date):
            if name is None:
                raise ValueError("the root row has no academic year")
            starts_on = date(int(name[1]), *FIRST_OF_SEPTEMBER)
        if not isinstance(ends_on, date):
            ends_on = clamped(starts_on.year + 1, starts_on.month, starts_on.day) - timedelta(1)
        label = int(name[1]) if name else starts_on.year
        return cls(own=DateRange(starts_on, ends_on), label=label)

    def start_of(self, day: date) -> date:
        """Return the first day of the academic year around `day`."""
        first = self.own.start
        start = clamped(day.year, first.month, first.day)
        if start <= day or day.year == date.min.year:
            return start
        return clamped(day.year - 1, first.month, first.day)

    def name_of(self, day: date) -> str:
        """Return the academic year of `day`, written 2025/26."""
        label = self.start_of(day).year - self.own.start.year + self.label
        return f"{label:04}/{(label + 1) % 100:02}"

    def place(self, day: int, month: int) -> date:
        """Return that day of that month in the document's own year; clamps to the month."""
        placed = clamped(self.own.start.year, month, day)
        if placed >= self.own.start:
            return placed
        return clamped(self.own.start.year + 1, month, day)


def _field(root: Record, name: str) -> object:
    return root.value(name) if name in root.type.fields else None
