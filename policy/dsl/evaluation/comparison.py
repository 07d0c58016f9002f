"""Equality, order and membership of values that may be missing, unknown or known in part.

A comparison with a missing or unknown operand is unknown, with the causes of that operand. Rows are
equal when they are the same row. Lengths of time in unlike units have no order.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from policy.dsl.evaluation.kleene import Truth, conjunction, disjunction, negation
from policy.dsl.evaluation.partial import Gap, Interval, Ordered, Result, members, settled
from policy.model.values import DateRange, Duration, Failure, Value, is_absent, worst


def compare(op: str, left: Result, right: Result) -> Truth:
    """Return `left op right`; `op` one of = != < <= > >=."""
    if op == "=":
        return equal(left, right)
    if op == "!=":
        return negation(equal(left, right))
    if is_absent(left) or is_absent(right):
        return worst((settled(left), settled(right)))
    if _unlike_units(left, right):
        return Failure("lengths of time in unlike units have no order")
    if op in (">", ">="):
        left, right = right, left
    return _before(bounds(left), bounds(right), or_equal=op in ("<=", ">="))


def equal(left: Result, right: Result) -> Truth:
    """Return whether both are the same; lists are, when their members are, in the same order."""
    is_partial = isinstance(left, Interval) or isinstance(right, Interval)
    if is_partial and not (is_absent(left) or is_absent(right)):
        return _equal_within(bounds(left), bounds(right))
    left, right = settled(left), settled(right)
    if is_absent(left) or is_absent(right):
        return worst((left, right))
    if isinstance(left, tuple) and isinstance(right, tuple):
        if len(left) != len(right):
            return False
        return conjunction(map(equal, left, right))
    return left == right


def contains(container: Result, item: Result) -> Truth:
    """Return whether a stretch of days, or one of the members of a list, is `item`."""
    if isinstance(container, DateRange):
        item = settled(item)
        return worst((item,)) if is_absent(item) else item in container
    found = members(container)
    if not isinstance(found, tuple):
        return worst((found, settled(item)))
    items, gap = found
    return disjunction([*(equal(member, item) for member in items), *_gaps(gap)])


def has_only(container: Result, allowed: Iterable[Result]) -> Truth:
    """Return whether every member of the list is one of `allowed`."""
    found = members(container)
    if not isinstance(found, tuple):
        return worst((found,))
    choice = tuple(allowed)
    items, gap = found
    each = (disjunction(equal(item, value) for value in choice) for item in items)
    return conjunction([*each, *_gaps(gap)])


def is_empty(value: Result) -> Truth:
    """Return whether a list has no member; one certain member decides it."""
    found = members(value)
    return not found[0] if isinstance(found, tuple) else worst((found,))


def before(left: Ordered, right: Ordered) -> bool:
    """Return whether `left` is the smaller or the earlier; both of one kind and unit."""
    if isinstance(left, Duration) and isinstance(right, Duration):
        return left.amount < right.amount
    return left < right  # type: ignore[operator]


def units(values: Iterable[object]) -> int:
    """Return how many units of time are among `values`; from two on they have no order."""
    return len({value.unit for value in values if isinstance(value, Duration)})


def ordered(value: Value) -> Ordered:
    """Return a value known to have an order."""
    if isinstance(value, int | Decimal | date | Duration):
        return value
    raise TypeError("the checker lets only numbers, dates and lengths of time through")


def bounds(value: Result) -> tuple[Ordered | None, Ordered | None, Gap | None]:
    """Return lowest, highest and gap; both the value itself if it is known."""
    if isinstance(value, Interval):
        return value.low, value.high, value.gap
    known = ordered(settled(value))
    return known, known, None


_Bounds = tuple[Ordered | None, Ordered | None, Gap | None]


def _before(left: _Bounds, right: _Bounds, *, or_equal: bool) -> Truth:
    """Decide left < right (or <=) where all that lies between the bounds agrees."""
    left_low, left_high, left_gap = left
    right_low, right_high, right_gap = right
    if left_high is not None and right_low is not None and _is(left_high, right_low, or_equal):
        return True
    if left_low is not None and right_high is not None and not _is(left_low, right_high, or_equal):
        return False
    return worst((left_gap, right_gap))


def _is(left: Ordered, right: Ordered, or_equal: bool) -> bool:
    return not before(right, left) if or_equal else before(left, right)


def _equal_within(left: _Bounds, right: _Bounds) -> Truth:
    not_after = _before(left, right, or_equal=True)
    not_before = _before(right, left, or_equal=True)
    return conjunction((not_after, not_before))


def _gaps(gap: Gap | None) -> tuple[Gap, ...]:
    return () if gap is None else (gap,)


def _unlike_units(left: Result, right: Result) -> bool:
    return units((left, right)) > 1
