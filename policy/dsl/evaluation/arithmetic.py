"""Exact numbers, and dates moved by lengths of time.

Whole numbers stay whole except under `/`; everything else is decimal with 28 digits, never binary.
What cannot be computed (division by zero, a number beyond all bounds) is a failure, a date beyond
the calendar unknown; nothing here raises for them. A missing operand makes the result missing.
"""

from __future__ import annotations

from datetime import date
from decimal import Context as Precision
from decimal import Decimal, DecimalException

from policy.dsl.evaluation.partial import Result, settled
from policy.dsl.meaning.library import strict
from policy.model.bank_holidays import WEEKDAYS
from policy.model.calendars import Calendar
from policy.model.records import Record
from policy.model.values import Duration, DurationUnit, Failure, Missing, Unknown, Value

DIGITS = 28
"""Precision of decimal numbers."""


def compute(op: str, left: Result, right: Result) -> Value:
    """Return `left op right` for two numbers; `op` one of + - * /."""
    first, second = settled(left), settled(right)
    lacking = strict(first, second)
    if lacking is not None:
        return lacking
    if isinstance(first, int) and isinstance(second, int) and op != "/":
        return {"+": first + second, "-": first - second, "*": first * second}[op]
    precision = Precision(prec=DIGITS)
    operation = {
        "+": precision.add,
        "-": precision.subtract,
        "*": precision.multiply,
        "/": precision.divide,
    }[op]
    try:
        return operation(_decimal(first), _decimal(second))
    except DecimalException:
        return Failure("division by zero" if op == "/" and not second else "a number is too large")


def add(left: Value, right: Value) -> Value:
    """Return the sum of two numbers."""
    return compute("+", left, right)


def length_of(amount: Result, unit: DurationUnit) -> Value:
    """Return a length of time of `amount` units."""
    number = settled(amount)
    lacking = strict(number)
    return lacking if lacking is not None else Duration(_whole(number), unit)


def moved(calendar: Calendar, base: Result, amount: Result, unit: DurationUnit, sign: int) -> Value:
    """Return the date `amount` units after `base` (sign 1), or before it (sign -1)."""
    day, number = settled(base), settled(amount)
    lacking = strict(day, number)
    if lacking is not None:
        return lacking
    return calendar.shift(_date(day), Duration(_whole(number), unit), sign)


def moved_by(calendar: Calendar, base: Result, length: Result, sign: int) -> Value:
    """Return the date a length of time after `base` (sign 1), or before it (sign -1)."""
    day, duration = settled(base), settled(length)
    lacking = strict(day, duration)
    if lacking is not None:
        return lacking
    if not isinstance(duration, Duration):
        raise TypeError("the checker lets only lengths of time through")
    return calendar.shift(_date(day), duration, sign)


def study_days(learner: Result) -> tuple[str, ...] | Unknown | Failure:
    """Return the weekdays of a learner row (`study_days`); unknown, never missing, if not there.

    A learner whose `study_mode` is recorded as full time studies on every working day. While
    neither is recorded it is the mode that is lacking: it tells whether days are needed at all.
    """
    row = settled(learner)
    if isinstance(row, Failure):
        return row
    if isinstance(row, Missing | Unknown):
        return Unknown(row.causes)
    if not isinstance(row, Record):
        raise TypeError("the checker lets only learners through")
    mode = row.value("study_mode") if "study_mode" in row.type.fields else None
    if mode == "full_time":
        return WEEKDAYS
    days = row.value("study_days")
    if isinstance(days, Missing | Unknown):
        return Unknown(mode.causes if isinstance(mode, Missing | Unknown) else days.causes)
    return tuple(str(day) for day in days) if isinstance(days, tuple) else ()


def moved_by_study_days(
    calendar: Calendar, base: Result, amount: Result, learner: Result, sign: int
) -> Value:
    """Return the date `amount` of the learner's study days after `base` or before it (IA-141).

    Missing if `base` is. Unknown if the learner's days are: the count began, nobody can end it.
    """
    day, number = settled(base), settled(amount)
    lacking = strict(day, number)
    if lacking is not None:
        return lacking
    days = study_days(learner)
    if isinstance(days, Unknown | Failure):
        return days
    counted = calendar.add_study_days(sign * _whole(number), days, _date(day))
    return counted if isinstance(counted, Unknown) else counted.date


def _decimal(value: Value) -> Decimal:
    if isinstance(value, int | Decimal):
        return Decimal(value)
    raise TypeError("the checker lets only numbers through")


def _whole(value: Value) -> int:
    if isinstance(value, int | Decimal):
        return int(value)
    raise TypeError("the checker lets only whole numbers through")


def _date(value: Value) -> date:
    if isinstance(value, date):
        return value
    raise TypeError("the checker lets only dates through")
