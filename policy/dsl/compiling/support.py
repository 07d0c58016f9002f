"""What generated code calls where a value may be known in part, or the answer takes a loop.

Truths are True, False, or a mark; a missing truth is as undecided as an unknown one.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from datetime import date
from decimal import Context as Precision
from decimal import Decimal, DecimalException
from typing import Any

from policy.dsl.compiling.absent import (
    FAILED,
    MISSING,
    UNKNOWN,
    Between,
    Part,
    is_mark,
    mark_of,
    settled,
    strict,
    worst,
)
from policy.dsl.meaning.library import BUILT_INS
from policy.model.bank_holidays import WEEKDAYS
from policy.model.values import DateRange, Duration, DurationUnit

DIGITS = 28

# ---------------------------------------------------------------- truths


def negated(truth: Any) -> Any:
    """Return the opposite; what is not known stays so."""
    if truth is True or truth is False:
        return not truth
    return worst(truth)


def both(first: Any, second: Any) -> Any:
    """Kleene and."""
    if first is False or second is False:
        return False
    if first is True:
        return UNKNOWN if second is MISSING else second
    return worst(first, second)


def either(first: Any, second: Any) -> Any:
    """Kleene or."""
    if first is True or second is True:
        return True
    if first is False:
        return UNKNOWN if second is MISSING else second
    return worst(first, second)


# ---------------------------------------------------------------- comparisons


def equal(left: Any, right: Any) -> Any:
    """Whether both are the same, for any two values."""
    kind = left.__class__
    if kind is right.__class__ and (kind is str or kind is date or kind is int):
        return left == right
    is_partial = isinstance(left, Between) or isinstance(right, Between)
    if is_partial and not (is_mark(left) or is_mark(right)):
        first, second = _bounds(left), _bounds(right)
        return both(_before(first, second, True), _before(second, first, True))
    left, right = settled(left), settled(right)
    if is_mark(left) or is_mark(right):
        return worst(left, right)
    if isinstance(left, tuple) and isinstance(right, tuple):
        if len(left) != len(right):
            return False
        result: Any = True
        for first, second in zip(left, right, strict=True):
            result = both(result, equal(first, second))
        return result
    return left == right


def compare(op: str, left: Any, right: Any) -> Any:
    """`left op right` for any two values that have an order."""
    kind = left.__class__
    if kind is right.__class__ and (kind is int or kind is date):
        return _OPERATORS[op](left, right)
    if op == "=":
        return equal(left, right)
    if op == "!=":
        return negated(equal(left, right))
    if is_mark(left) or is_mark(right):
        return worst(settled(left), settled(right))
    if _units((left, right)) > 1:
        return FAILED
    if op in (">", ">="):
        left, right = right, left
    return _before(_bounds(left), _bounds(right), op in ("<=", ">="))


_OPERATORS = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _bounds(value: Any) -> tuple[Any, Any, Any]:
    if isinstance(value, Between):
        return value.low, value.high, value.gap
    return value, value, None


def _before(left: tuple[Any, Any, Any], right: tuple[Any, Any, Any], or_equal: bool) -> Any:
    if left[1] is not None and right[0] is not None and _is(left[1], right[0], or_equal):
        return True
    if left[0] is not None and right[1] is not None and not _is(left[0], right[1], or_equal):
        return False
    return worst(left[2], right[2])


def _is(left: Any, right: Any, or_equal: bool) -> bool:
    return not smaller(right, left) if or_equal else smaller(left, right)


def smaller(left: Any, right: Any) -> bool:
    """Whether `left` comes first; both known, of one kind and unit."""
    if isinstance(left, Duration):
        return left.amount < right.amount  # type: ignore[no-any-return]
    return left < right  # type: ignore[no-any-return]


def _units(values: Iterable[Any]) -> int:
    return len({value.unit for value in values if isinstance(value, Duration)})


# ---------------------------------------------------------------- lists


def opened(source: Any) -> tuple[tuple[Any, ...], Any]:
    """Return the certain members and the gap, None without one; what is absent is all gap."""
    if source.__class__ is tuple:
        return source, None
    if isinstance(source, Part):
        return source.items, source.gap
    return (), worst(source)


def listing(items: Iterable[Any], gap: Any) -> Any:
    """Return a list; with a gap and no certain member it is the gap."""
    known = tuple(items)
    if gap is None:
        return known
    return Part(known, gap) if known else gap


def joined(left: Any, right: Any) -> Any:
    """Return the members of both lists."""
    first, gap = opened(left)
    second, other = opened(right)
    if gap is not None and other is not None:
        gap = worst(gap, other)
    return listing((*first, *second), other if gap is None else gap)


def contains(container: Any, item: Any) -> Any:
    """Whether a stretch of days, or one of the members of a list, is `item`."""
    if isinstance(container, DateRange):
        item = settled(item)
        return worst(item) if is_mark(item) else container.start <= item <= container.end
    if container.__class__ is not tuple and not isinstance(container, Part):
        return worst(container, settled(item))
    items, gap = opened(container)
    result: Any = False
    for member in items:
        result = either(result, equal(member, item))
        if result is True:
            return True
    return result if gap is None else either(result, gap)


def among(container: Any, item: Any) -> Any:
    """Whether one of the members is `item`; for texts, dates, numbers and rows, none in part."""
    if container.__class__ is not tuple or is_mark(item):
        return contains(container, item)
    if item in container:
        return True
    if FAILED in container:
        return FAILED
    return UNKNOWN if UNKNOWN in container or MISSING in container else False


def has_only(container: Any, allowed: tuple[Any, ...]) -> Any:
    """Whether every member of the list is one of `allowed`."""
    items, gap = opened(container)
    result: Any = True if gap is None else gap
    for item in items:
        one: Any = False
        for value in allowed:
            one = either(one, equal(item, value))
        result = both(result, one)
    return result


def is_empty(value: Any) -> Any:
    """Whether a list has no member; one certain member decides it."""
    items, gap = opened(value)
    if items:
        return False
    return True if gap is None else gap


def below(top: Any, path: tuple[str, ...]) -> Any:
    """Return the rows below `top`, through several collections."""
    if is_mark(top):
        return top
    owners, gap = [top], None
    for slot in path:
        rows: list[Any] = []
        for owner in owners:
            inner = getattr(owner, slot)
            if inner is UNKNOWN:
                gap = UNKNOWN
            else:
                rows.extend(inner)
        owners = rows
    return listing(owners, gap)


def grouped(run: Any, source: Any, key_of: Any) -> Any:
    """Return the rows by their key; whoever asks gets all of them if a key is not known.

    A row whose key is None is never asked for.
    """
    rows, _ = opened(source)
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        key = key_of(run, row)
        if key is None:
            continue
        if key.__class__ is tuple:
            if MISSING in key or UNKNOWN in key or FAILED in key:
                return _Undivided(rows)
        elif key is MISSING or key is UNKNOWN or key is FAILED:
            return _Undivided(rows)
        found = groups.get(key)
        if found is None:
            groups[key] = [row]
        else:
            found.append(row)
    return groups


class _Undivided:
    """Rows that cannot be told apart."""

    def __init__(self, rows: tuple[Any, ...]) -> None:
        self._rows = rows

    def get(self, key: Any, other: Any) -> tuple[Any, ...]:
        """Return all of them."""
        return self._rows


# ---------------------------------------------------------------- drawn rows


def number(certain: int, doubtful: int, doubt: Any, gap: Any) -> Any:
    """Return how many rows are drawn."""
    if doubt is None and gap is None:
        return certain
    reason = worst(doubt, gap)
    return Between(certain, None if gap is not None else certain + doubtful, reason)


def total(
    certain: list[Any], doubtful: list[Any], lacking: Any, doubt: Any, gap: Any, unsure: Any
) -> Any:
    """Return the sum of the results. `doubt`: of the rows with a result, `unsure`: of all."""
    if gap is not None or lacking is not None:
        return worst(lacking, unsure, gap)
    result: Any = 0
    for value in certain:
        result = compute("+", result, value)
    if doubt is None:
        return result
    low = high = result
    for value in doubtful:
        if value < 0:
            low = compute("+", low, value)
        elif value > 0:
            high = compute("+", high, value)
    if is_mark(low) or is_mark(high):
        return worst(low, high)
    return Between(low, high, doubt)


def extreme(
    certain: list[Any], doubtful: list[Any], lacking: Any, doubt: Any, gap: Any, greatest: bool
) -> Any:
    """Return the smallest or greatest result."""
    is_known = certain and not doubtful and lacking is doubt is gap is None
    if is_known and certain[0].__class__ is not Duration:
        return max(certain) if greatest else min(certain)
    if _units((*certain, *doubtful)) > 1:
        return FAILED
    reason = None
    if lacking is not None or doubt is not None or gap is not None:
        reason = worst(lacking, doubt, gap)
    if not certain:
        return MISSING if reason is None else reason
    near = _outermost(certain, greatest)
    if reason is None:
        return near
    is_open = gap is not None or lacking is not None
    far = None if is_open else _outermost([*certain, *doubtful], greatest)
    return Between(near, far, reason) if greatest else Between(far, near, reason)


def the(certain: list[Any], doubt: Any, gap: Any) -> Any:
    """Return the one row."""
    if len(certain) > 1:
        return FAILED
    if doubt is not None or gap is not None:
        return worst(doubt, gap)
    return certain[0] if certain else MISSING


def the_most(
    rows: list[Any], certain: list[Any], lacking: Any, doubt: Any, gap: Any, greatest: bool
) -> Any:
    """Return the row with the smallest or greatest value; a tie is a failure."""
    if lacking is not None or doubt is not None or gap is not None:
        return worst(lacking, doubt, gap)
    if not certain:
        return MISSING
    if _units(certain) > 1:
        return FAILED
    best = _outermost(certain, greatest)
    tied = [row for row, value in zip(rows, certain, strict=True) if value == best]
    return tied[0] if len(tied) == 1 else FAILED


def gathered(values: list[Any], doubt: Any, gap: Any, distinct: bool) -> Any:
    """Return the list of the results of rows drawn for certain."""
    items: list[Any] = []
    reason = None if doubt is None and gap is None else worst(doubt, gap)
    for value in values:
        if value.__class__ is str:
            items.append(value)
            continue
        if isinstance(value, Between):
            value = value.gap
        if value is MISSING:
            reason = worst(reason)
            continue
        if isinstance(value, Part):
            reason = worst(reason, value.gap)
        members = value.items if isinstance(value, Part) else value
        for item in members if isinstance(members, tuple) else (members,):
            if is_mark(item):
                reason = worst(reason, item)
            else:
                items.append(item)
    return listing(dict.fromkeys(items) if distinct else items, reason)


def _outermost(values: list[Any], greatest: bool) -> Any:
    best = values[0]
    for value in values[1:]:
        if smaller(best, value) if greatest else smaller(value, best):
            best = value
    return best


# ---------------------------------------------------------------- choices


def undecided(condition: Any, then: Any, orelse: Any) -> Any:
    """Return an `if` whose condition is not known."""
    then, orelse = settled(then), settled(orelse)
    return then if equal(then, orelse) is True else worst(condition, then, orelse)


# ---------------------------------------------------------------- numbers and dates


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
