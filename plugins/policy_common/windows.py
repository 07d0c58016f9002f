"""Windows of time and the centre's holidays."""

from __future__ import annotations

from datetime import date, timedelta

from policy.model.suite import Context
from policy.model.values import Unknown, causes_of


def window_meets_holiday(context: Context, start: date, end: date) -> bool | Unknown:
    """Return whether a day after `start`, up to and including `end`, is a closure.

    A closure is a half term, a holiday or a day outside every term; weekends, training days and
    bank holidays inside a term are none. `start` is day 0, as when results are received. One known
    closure decides, whatever is unknown about other days. An empty window meets nothing.
    """
    unknown: list[Unknown] = []
    for number in range(1, (end - start).days + 1):
        in_terms = context.calendar.in_terms(start + timedelta(days=number))
        if in_terms is False:
            return True
        if isinstance(in_terms, Unknown):
            unknown.append(in_terms)
    return Unknown(causes_of(*unknown)) if unknown else False


def holidays_in_window(context: Context, start: date, end: date) -> tuple[date, ...] | Unknown:
    """Return the closure days after `start` up to and including `end`; unknown if one day is."""
    days = context.calendar.holiday_days(start, end)
    return days if isinstance(days, Unknown) else tuple(day for day, _ in days)
