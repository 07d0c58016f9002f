"""What is known in part: lists with a gap, and numbers or dates between two bounds.

Both carry in `gap` why the rest is lacking. A comparison, a membership or a quantifier may still be
decided by the part that is known; for every other use a partial value is its gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from policy.model.values import (
    Absent,
    Duration,
    Failure,
    Missing,
    Unknown,
    Value,
    is_absent,
    worst,
)

Gap: TypeAlias = Unknown | Failure
Ordered: TypeAlias = int | Decimal | date | Duration
"""What `<` means something for."""


class Listing(Struct, frozen=True):
    """A list of which `items` are certain; there may be more."""

    items: tuple[Value, ...]
    gap: Gap


class Interval(Struct, frozen=True):
    """A number or date from `low` to `high`, both included; None: no bound is known. It is there in
    any case: what may also be missing is no interval."""

    low: Ordered | None
    high: Ordered | None
    gap: Gap


Result: TypeAlias = "Value | Listing | Interval"
"""What an operation comes to."""


def settled(value: Result) -> Value:
    """Return `value`, or the gap of a partial one."""
    return value.gap if isinstance(value, Listing | Interval) else value


def listing(items: Iterable[Value], gap: Gap | None) -> Result:
    """Return a list: a plain one without gap; with a gap and no certain member it is the gap."""
    known = tuple(items)
    if gap is None:
        return known
    return Listing(known, gap) if known else gap


def members(value: Result) -> tuple[tuple[Value, ...], Gap | None] | Absent:
    """Return the certain members of a list and its gap; what is absent altogether as it is."""
    if isinstance(value, Listing):
        return value.items, value.gap
    if isinstance(value, tuple):
        return value, None
    if isinstance(value, Missing | Unknown | Failure):
        return value
    raise TypeError("the checker lets only lists through")


def joined(left: Result, right: Result) -> Result:
    """Return the members of both lists; a list that is absent leaves a gap."""
    items: list[Value] = []
    gaps: list[Absent | Gap] = []
    for value in (left, right):
        found = members(value)
        if isinstance(found, tuple):
            items.extend(found[0])
            gaps.extend(() if found[1] is None else (found[1],))
        else:
            gaps.append(found)
    return listing(items, merged(gaps))


def merged(gaps: Iterable[object]) -> Gap | None:
    """Return the gaps as one, None if there is none."""
    listed = [gap for gap in gaps if is_absent(gap)]
    return worst(listed) if listed else None
