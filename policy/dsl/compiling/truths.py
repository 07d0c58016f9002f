"""What generated code calls where the truth, or what is compared, may be known in part.

Truths are True, False, or a mark; a missing truth is as undecided as an unknown one.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from datetime import date
from typing import Any

from policy.dsl.compiling.absent import (
    FAILED,
    MISSING,
    UNKNOWN,
    Between,
    is_mark,
    settled,
    worst,
)
from policy.model.values import Duration


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
    if units((left, right)) > 1:
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


def units(values: Iterable[Any]) -> int:
    """Return how many units of time lengths are given in."""
    return len({value.unit for value in values if isinstance(value, Duration)})


def undecided(condition: Any, then: Any, orelse: Any) -> Any:
    """Return an `if` whose condition is not known."""
    then, orelse = settled(then), settled(orelse)
    return then if equal(then, orelse) is True else worst(condition, then, orelse)
