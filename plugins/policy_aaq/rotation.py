"""AAQ-152, AAQ-153: versions of a bank change each year, and all are used before any repeats.

The years a version was used in come from the bank (`set_assignment.used_in_years`) and from the
first submissions in the document. Years without delivery are skipped. The order is the centre's
choice (AAQ-154). Only this year's choice is judged; earlier years say what it may be.

A cycle ends with the year in which the last version available that year was used. A version
published later joins the cycle that is open then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct, field

from policy.model.records import Record
from policy.model.suite import Context
from policy.model.values import Cause, CauseKind, Unknown, Value, causes_of
from policy_aaq.uses import Use, Uses

FIRST_YEAR = "2025/26"
"""First year of these qualifications: before it there is no history to know."""

NO_YEAR_YET = "~"
"""Sorts after every academic year."""


class Bank(Struct, kw_only=True):
    """The versions of one unit, over all programmes of its qualification.

    `rows`: version -> its rows. `years`: version -> years in which it was used before this one.
    `gaps`: what lacks to know those years, empty when there can be none. `is_first`: the unit
    cannot have been taught before.
    """

    unit: Record
    rows: dict[str, list[Record]] = field(default_factory=dict)
    years: dict[str, set[str]] = field(default_factory=dict)
    gaps: tuple[Cause, ...] = ()
    is_first: bool = False

    def used_in(self, year: str) -> frozenset[str]:
        """Return the versions used in that year."""
        return frozenset(version for version, years in self.years.items() if year in years)

    @property
    def history(self) -> list[str]:
        """The earlier years in which any version was used, oldest first."""
        return sorted({year for years in self.years.values() for year in years})


class Repeat(Struct, frozen=True):
    """Why a version may not be used this year: it was used in `earlier`, or `unused` go first."""

    version: str
    earlier: str = ""
    unused: tuple[str, ...] = ()


def bank_of(context: Context, units: tuple[Record, ...], uses: Uses) -> Bank | Unknown:
    """Return the bank of a unit, given its rows; Unknown if no row lists any version."""
    year = context.document.academic_year
    bank = Bank(unit=units[0])
    absent: list[Cause] = []
    for unit in units:
        rows = unit.collection("set_assignments")
        if isinstance(rows, Unknown):
            absent.extend(rows.causes)
            continue
        for row in rows:
            if row.value("kind") != "psa":
                bank.rows.setdefault(str(row.value("version")), []).append(row)
    if not bank.rows and absent:
        return Unknown(tuple(absent))
    for version, of_version in bank.rows.items():
        recorded = [each for each in _each(of_version, "used_in_years") if isinstance(each, tuple)]
        bank.years[version] = {
            str(used) for years in recorded for used in years if str(used) < year
        }
    earlier = [use for use in uses.known if use.year and use.year < year]
    for use in earlier:
        if not use.lacking:
            bank.years.setdefault(use.version, set()).add(use.year)
    bank.is_first = year <= FIRST_YEAR or all(_began(context, unit) >= year for unit in units)
    if not bank.is_first:
        bank.gaps = tuple(_gaps(bank, earlier))
    return bank


def repeat_of(context: Context, bank: Bank, version: str) -> Repeat | Unknown | None:
    """Return why `version` breaks the rotation this year, None if it does not.

    Unknown if the history has gaps that matter, if the version is not in the bank, or if it
    depends on when another version was published.
    """
    year = context.document.academic_year
    history = bank.history
    if bank.is_first and not history:
        return None
    available = _available(context, bank, year, generous=True)
    if bank.rows and available <= {version}:
        return None
    last = _year_before(year) if bank.gaps else next(reversed(history), "")
    if version in bank.used_in(last):
        # Nothing is wrong with it if there was nothing else: then it matters what was published.
        alone = _available(context, bank, year, generous=False) <= {version}
        return (
            Unknown(tuple(_unpublished(context, bank))) if alone else Repeat(version, earlier=last)
        )
    if bank.gaps:
        return Unknown(bank.gaps)
    if version not in bank.rows:
        # What is not in the bank has no recorded past.
        return Unknown((bank.unit.cause(CauseKind.NO_ROW, "set_assignments", version),))
    generous = _open_cycle(context, bank, generous=True)
    strict = _open_cycle(context, bank, generous=False)
    if (version in generous) != (version in strict):
        return Unknown(tuple(_unpublished(context, bank)))
    if version not in generous:
        return None
    return Repeat(version, unused=tuple(sorted(available - generous)))


def _open_cycle(context: Context, bank: Bank, *, generous: bool) -> frozenset[str]:
    """Return the versions that may not be used this year, because others come first."""
    cycle: frozenset[str] = frozenset()
    for year in bank.history:
        cycle |= bank.used_in(year)
        if _available(context, bank, year, generous=generous) <= cycle:
            cycle = frozenset()
    # A version withdrawn since then is not waited for.
    left = _available(context, bank, context.document.academic_year, generous=generous) - cycle
    return cycle if left else frozenset()


def _available(context: Context, bank: Bank, year: str, *, generous: bool) -> frozenset[str]:
    """Return the versions published by the end of `year` and not withdrawn before it.

    What was used by then was published; else a version whose day of publication is not recorded
    counts if `generous`.
    """
    by_default = "" if generous else NO_YEAR_YET
    available: set[str] = set()
    for version, rows in bank.rows.items():
        published = min(_years_of(context, rows, "published_on"), default=by_default)
        withdrawn = min(_years_of(context, rows, "withdrawn_on"), default=NO_YEAR_YET)
        if withdrawn >= year and (published <= year or _was_used_by(bank, version, year)):
            available.add(version)
    return frozenset(available)


def _was_used_by(bank: Bank, version: str, year: str) -> bool:
    return any(used <= year for used in bank.years[version])


def _unpublished(context: Context, bank: Bank) -> Iterator[Cause]:
    for rows in bank.rows.values():
        if not _years_of(context, rows, "published_on"):
            yield from causes_of(*_each(rows, "published_on"))


def _gaps(bank: Bank, earlier: list[Use]) -> Iterator[Cause]:
    """Yield what lacks to know the years of all versions.

    The record of a version is the centre's; it stands for all programmes that list the version.
    """
    for use in earlier:
        if use.lacking and not bank.used_in(use.year):
            yield from use.lacking
    for rows in bank.rows.values():
        years = _each(rows, "used_in_years")
        if not any(isinstance(each, tuple) for each in years):
            yield from causes_of(*years)


def _began(context: Context, unit: Record) -> str:
    """Return the year in which this centre first taught the programme, "" if not recorded."""
    first = unit.ancestor("programme").value("first_delivered_on")
    return context.calendar.academic_year(first) if isinstance(first, date) else ""


def _years_of(context: Context, rows: list[Record], name: str) -> list[str]:
    """Return the years of the days recorded; a day after that of the run is in none so far."""
    years: list[str] = []
    for day in _each(rows, name):
        if isinstance(day, date):
            years.append(context.calendar.academic_year(day))
        elif any(cause.kind is CauseKind.NOT_YET for cause in causes_of(day)):
            years.append(NO_YEAR_YET)
    return years


def _each(rows: list[Record], name: str) -> list[Value]:
    return [row.value(name) for row in rows]


def _year_before(year: str) -> str:
    first = int(year[:4])
    return f"{first - 1}/{first % 100:02}"
