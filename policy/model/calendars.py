"""A centre's teaching calendar: terms, closures, weekends, bank holidays, and counting over them.

In: the root row of a document (its year, country, weekend and `calendar_periods`). Out: answers
that are dates, yes or no, or `Unknown` with the fact that is lacking; never a guess.

*Working day*: inside a term, not a weekend day of this centre, not a closure or training day, not a
bank holiday of its nation. *In terms*: inside a term and not in a closure; a weekend, a training
day or a bank holiday between two teaching weeks is still term time, because the guides set term
time against a holiday period, not against single days off (IA-138, IA-140). Whoever means teaching
days asks `is_teaching_day`. A *closure* is a half term, a holiday, or a day in no term.

*Inside the calendar* are the document's academic year if one of its terms is listed, the academic
years of all other listed terms, and the days of the terms themselves. A term belongs to the year in
which it ends: an autumn term may begin in late August. Elsewhere nothing is known.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import TypeAlias

from msgspec import Struct

from policy.model.bank_holidays import WEEKDAYS, DaysOff
from policy.model.dates import AcademicYears, moved
from policy.model.records import Record
from policy.model.values import (
    Cause,
    CauseKind,
    DateRange,
    Duration,
    DurationUnit,
    Missing,
    Unknown,
    causes_of,
)

CLOSURES: tuple[str, ...] = ("half_term", "holiday")
Day: TypeAlias = date
"""A civil date, for the places where a field is called `date`."""

NO_TERM = "outside every term"
NOT_STUDIED = "not a study day"
NOT_KNOWN = "not known"

_EVERY_WEEKDAY = frozenset(range(7))


class DayCount(Struct, frozen=True, kw_only=True):
    """Where a count of days ended, and the days passed over, in the order of counting."""

    date: Day
    skipped: tuple[tuple[Day, str], ...] = ()


class Period(Struct, frozen=True, kw_only=True):
    """One row of `calendar_periods` whose days are known, both ends included."""

    kind: str
    days: DateRange
    record: Record


class Calendar:
    """The calendar of one document. Answers are remembered; the calendar itself never changes."""

    def __init__(self, root: Record) -> None:
        self._root = root
        self._years = AcademicYears.of(root)
        self._periods, self._gaps = _periods(root)
        self._stretches = [(each.kind, each.days.start, each.days.end) for each in self._periods]
        self._terms = _terms(self._periods)
        self._covered = frozenset(self._years.start_of(term.days.end) for term in self._terms)
        self._days_off: DaysOff | None = None
        self._closures: dict[date, str | Unknown] = {}
        self._verdicts: dict[date, str | Unknown] = {}
        self._counts: dict[tuple[int, date, frozenset[int]], DayCount | Unknown] = {}

    @property
    def year(self) -> DateRange:
        """The document's academic year, both ends included."""
        return self._years.own

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What stood in for facts nobody recorded, or rests on somebody else's list."""
        return self._off.assumptions

    def academic_year(self, day: date) -> str:
        """Return the academic year of `day`, written 2025/26; every date has one.

        Years begin on the month and day of the document's own year (1 September by default).
        """
        return self._years.name_of(day)

    def place(self, day: int, month: int) -> date:
        """Return that day of that month in the document's academic year; clamps to the month."""
        return self._years.place(day, month)

    def is_teaching_day(self, day: date) -> bool | Unknown:
        """Return whether `day` is a working day."""
        verdict = self._verdict(day)
        return verdict if isinstance(verdict, Unknown) else verdict == ""

    def why_not(self, day: date) -> str:
        """Return why `day` is no working day; empty when it is one, `not known` if nobody knows.

        `weekend`, `outside every term`, `half term`, `holiday`, `training day`,
        `bank holiday: Good Friday`; of several the first in this order.
        """
        verdict = self._verdict(day)
        return NOT_KNOWN if isinstance(verdict, Unknown) else verdict

    def in_terms(self, day: date) -> bool | Unknown:
        """Return whether `day` is term time: inside a term and not in a closure."""
        reason = self._closure(day)
        return reason if isinstance(reason, Unknown) else reason == ""

    def term_of(self, day: date) -> Record | Missing | Unknown:
        """Return the term around `day`, half terms included; Missing between two terms."""
        unknown = self._not_covered(day)
        if unknown is not None:
            return unknown
        for term in self._terms:
            if day in term.days:
                return term.record
        return Missing((self._cause(CauseKind.NO_ROW, day.isoformat()),))

    def holiday_days(self, start: date, end: date) -> tuple[tuple[date, str], ...] | Unknown:
        """Return the closure days after `start` up to and including `end`, each with its reason.

        For "the window meets a holiday period" (IA-140): the day of receipt is day 0. Weekends,
        training days and bank holidays inside a term are no holiday period. Unknown as soon as one
        of the days is.
        """
        found: list[tuple[date, str]] = []
        for number in range(1, (end - start).days + 1):
            day = start + timedelta(days=number)
            reason = self._closure(day)
            if isinstance(reason, Unknown):
                return reason
            if reason:
                found.append((day, reason))
        return tuple(found)

    def add_working_days(self, count: int, day: date) -> DayCount | Unknown:
        """Return the day `count` working days after `day`, before it if `count` is negative.

        The first day counted is the next one: the day of receipt is day 0 (IA-137). Zero is `day`
        itself. Unknown once the count needs a day that is.
        """
        return self._count(count, day, _EVERY_WEEKDAY)

    def add_study_days(
        self, count: int, study_days: Collection[str], day: date
    ) -> DayCount | Unknown:
        """Return the day `count` study days after `day`: working days on which the learner studies.

        `study_days`: names from `WEEKDAYS`. For part-time learners (IA-141). With no study day at
        all no count ends, and the answer is unknown.
        """
        return self._count(count, day, frozenset(map(WEEKDAYS.index, study_days)))

    def shift(self, day: date, duration: Duration, sign: int = 1) -> date | Unknown:
        """Return `day` moved by `duration`, back if `sign` is -1; months clamp."""
        amount = sign * duration.amount
        if duration.unit is DurationUnit.WORKING_DAYS:
            counted = self.add_working_days(amount, day)
            return counted if isinstance(counted, Unknown) else counted.date
        try:
            return moved(day, amount, duration.unit)
        except (OverflowError, ValueError):
            return self._outside(day)

    def _count(self, count: int, day: date, weekdays: frozenset[int]) -> DayCount | Unknown:
        key = (count, day, weekdays)
        found = self._counts.get(key)
        if found is None:
            found = self._counts[key] = self._counted(count, day, weekdays)
        return found

    def _counted(self, count: int, day: date, weekdays: frozenset[int]) -> DayCount | Unknown:
        skipped: list[tuple[date, str]] = []
        last = date.max if count > 0 else date.min
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            if day == last:
                return self._outside(day)
            day += step
            verdict = self._verdict(day)
            if isinstance(verdict, Unknown):
                return verdict
            if verdict == "" and day.weekday() in weekdays:
                left -= 1
            else:
                skipped.append((day, verdict or NOT_STUDIED))
        return DayCount(date=day, skipped=tuple(skipped))

    def _verdict(self, day: date) -> str | Unknown:
        found = self._verdicts.get(day)
        if found is None:
            found = self._verdicts[day] = self._judged(day)
        return found

    def _judged(self, day: date) -> str | Unknown:
        """Say why `day` is no working day, "" if it is one; unknown only if no reason is known."""
        closure = self._closure(day)
        if isinstance(closure, Unknown):
            return closure
        weekend = self._off.weekend
        if not isinstance(weekend, Unknown) and day.weekday() in weekend:
            return "weekend"
        kinds = self._kinds(day)
        if closure or "training_day" in kinds:
            return closure or "training day"
        official = self._off.bank_holiday(day)
        if official and not isinstance(official, Unknown):
            return f"bank holiday: {official}"
        if "bank_holiday" in kinds:
            return "bank holiday"
        causes = causes_of(weekend, official)
        return Unknown(causes) if causes else ""

    def _closure(self, day: date) -> str | Unknown:
        """Say why `day` is no term time, "" if it is."""
        found = self._closures.get(day)
        if found is None:
            unknown = self._not_covered(day)
            found = self._closures[day] = unknown or _closure_of(self._kinds(day))
        return found

    def _kinds(self, day: date) -> frozenset[str]:
        return frozenset([kind for kind, start, end in self._stretches if start <= day <= end])

    def _not_covered(self, day: date) -> Unknown | None:
        """Return None if the calendar covers `day`, otherwise why it does not."""
        if self._gaps:
            return Unknown(self._gaps)
        if self._years.start_of(day) in self._covered:
            return None
        if any(day in term.days for term in self._terms):
            return None
        return self._outside(day)

    @property
    def _off(self) -> DaysOff:
        # Read when first needed: for a country abroad it imports the library of bank holidays.
        if self._days_off is None:
            own = any(period.kind == "bank_holiday" for period in self._periods)
            self._days_off = DaysOff.of(self._root, lists_own=own)
        return self._days_off

    def _cause(self, kind: CauseKind, detail: str) -> Cause:
        return self._root.cause(kind, "calendar_periods", detail)

    def _outside(self, day: date) -> Unknown:
        return Unknown((self._cause(CauseKind.OUTSIDE_CALENDAR, day.isoformat()),))


def calendar_of(root: Record) -> Calendar:
    """Return the calendar of the document whose root row is `root`.

    Raises ValueError if the row has neither a first day nor a name of its academic year: the schema
    requires both, so such a row never was validated.
    """
    return Calendar(root)


def _closure_of(kinds: frozenset[str]) -> str:
    if "term" not in kinds:
        return NO_TERM
    return next((kind.replace("_", " ") for kind in CLOSURES if kind in kinds), "")


def _terms(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    terms = (period for period in periods if period.kind == "term")
    return tuple(sorted(terms, key=lambda term: (term.days.start, term.days.end, term.record.id)))


def _periods(root: Record) -> tuple[tuple[Period, ...], tuple[Cause, ...]]:
    """Read the rows of the calendar; a row whose days are not known makes every day unknown."""
    if "calendar_periods" not in root.type.children:
        return (), (root.cause(CauseKind.ABSENT_COLLECTION, "calendar_periods"),)
    rows = root.collection("calendar_periods")
    if isinstance(rows, Unknown):
        return (), rows.causes
    periods: list[Period] = []
    lacking: list[object] = []
    for row in rows:
        kind, start, end = row.value("kind"), row.value("starts_on"), row.value("ends_on")
        if isinstance(kind, str) and isinstance(start, date) and isinstance(end, date):
            periods.append(Period(kind=kind, days=DateRange(start, end), record=row))
        lacking.extend((kind, start, end))
    return tuple(periods), causes_of(*lacking)
