"""Versions that current assessment plans intend for a year."""

from __future__ import annotations

from datetime import date

from policy.model.records import Record
from policy.model.suite import Context
from policy.model.values import Cause, Unknown, Value, causes_of


def planned_versions(
    context: Context, units: tuple[Record, ...], year: str
) -> tuple[dict[str, Record], tuple[Cause, ...]]:
    """Return version -> plan line for the rows of one unit in `year`, and what is lacking.

    Of several plans of a programme the one with the highest sequence counts, else the latest.
    """
    versions: dict[str, Record] = {}
    lacking: list[Cause] = []
    for unit in units:
        for line in _lines(unit, lacking):
            falls_in = _year_of(context, line)
            version = line.value("set_version")
            if not isinstance(falls_in, str):
                lacking.extend(causes_of(falls_in))
            elif falls_in == year and isinstance(version, str):
                versions.setdefault(version, line)
            elif falls_in == year:
                lacking.extend(causes_of(version))
    return versions, tuple(dict.fromkeys(lacking))


def _lines(unit: Record, lacking: list[Cause]) -> list[Record]:
    plans = unit.ancestor("programme").collection("assessment_plans")
    if isinstance(plans, Unknown):
        lacking.extend(plans.causes)
        return []
    plan = _current(plans, lacking)
    lines = plan.collection("planned_units") if plan is not None else ()
    if isinstance(lines, Unknown):
        lacking.extend(lines.causes)
        return []
    return [line for line in lines if line.value("unit") is unit]


def _current(plans: tuple[Record, ...], lacking: list[Cause]) -> Record | None:
    """Return the plan with the highest sequence, else the latest; None if there is none to tell."""
    if len(plans) < 2:
        return plans[0] if plans else None
    for name in ("sequence", "created_on"):
        ages = [plan.value(name) for plan in plans]
        known = [age.toordinal() if isinstance(age, date) else age for age in ages]
        numbers = [number for number in known if isinstance(number, int)]
        if len(numbers) == len(plans):
            return plans[numbers.index(max(numbers))]
    lacking.extend(causes_of(*ages))
    return None


def _year_of(context: Context, line: Record) -> Value:
    year = line.value("academic_year")
    for name in ("issue_on", "due_on"):
        day = line.value(name)
        if not isinstance(year, str) and isinstance(day, date):
            return context.calendar.academic_year(day)
    return year
