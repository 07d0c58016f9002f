"""What generated code calls for numbers, dates and functions of the language."""

from __future__ import annotations

from datetime import date
from decimal import Context as Precision
from decimal import Decimal, DecimalException
from typing import Any

from policy.dsl.compiling.absent import (
    FAILED,
    UNKNOWN,
    is_mark,
    mark_of,
    settled,
    strict,
    worst,
)
from policy.dsl.meaning.library import BUILT_INS
from policy.model.bank_holidays import WEEKDAYS
from policy.model.values import Duration, DurationUnit

DIGITS = 28


def compute(op: str, left: Any, right: Any) -> Any:
    """Return `left op right` for two numbers, exactly or with 28 digits."""
    first, second = settled(left), settled(right)
    lacking = strict(first, second)
    if lacking is not None:
        return lacking
    if isinstance(first, int) and isinstance(second, int) and op != "/":
        return first + second if op == "+" else first - second if op == "-" else first * second
    precision = Precision(prec=DIGITS)
    operation = {
        "+": precision.add,
        "-": precision.subtract,
        "*": precision.multiply,
        "/": precision.divide,
    }[op]
    try:
        return operation(Decimal(first), Decimal(second))
    except DecimalException:
        return FAILED


def length_of(amount: Any, unit: DurationUnit) -> Any:
    """Return a length of time."""
    amount = settled(amount)
    return amount if is_mark(amount) else Duration(int(amount), unit)


def moved(calendar: Any, base: Any, amount: Any, unit: DurationUnit, sign: int) -> Any:
    """Return the date some units after `base`, before it with sign -1."""
    day, number = settled(base), settled(amount)
    lacking = strict(day, number)
    if lacking is not None:
        return lacking
    return mark_of(calendar.shift(day, Duration(int(number), unit), sign))


def moved_by(calendar: Any, base: Any, length: Any, sign: int) -> Any:
    """Return the date a length of time after `base`."""
    day, duration = settled(base), settled(length)
    lacking = strict(day, duration)
    return mark_of(calendar.shift(day, duration, sign)) if lacking is None else lacking


def moved_by_study_days(calendar: Any, base: Any, amount: Any, learner: Any, sign: int) -> Any:
    """Return the date some study days of the learner after `base`."""
    day, number, row = settled(base), settled(amount), settled(learner)
    lacking = strict(day, number)
    if lacking is not None:
        return lacking
    if is_mark(row):
        return worst(row)
    if "study_mode" in row.type.fields and row.value("study_mode") == "full_time":
        days: Any = WEEKDAYS
    else:
        days = mark_of(row.value("study_days"))
        if is_mark(days):
            return UNKNOWN
        days = tuple(map(str, days))
    counted = calendar.add_study_days(sign * int(number), days, day)
    found = mark_of(counted)
    return found if is_mark(found) else counted.date


def in_terms(calendar: Any, day: Any) -> Any:
    """Whether a day is term time."""
    day = settled(day)
    return mark_of(calendar.in_terms(day)) if isinstance(day, date) else worst(day)


def built_in(name: str, context: Any, *arguments: Any) -> Any:
    """Call a function of the language."""
    function = BUILT_INS[name]
    values = [settled(value) for value in arguments]
    if not function.takes_absent:
        lacking = strict(*values)
        if lacking is not None:
            return lacking
    return mark_of(function.call(context, *values))
