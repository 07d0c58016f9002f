"""What rows that were drawn, for certain or perhaps, come to."""

from __future__ import annotations

from typing import Any

from policy.dsl.compiling.absent import (
    FAILED,
    MISSING,
    Between,
    Part,
    is_mark,
    worst,
)
from policy.dsl.compiling.dates import compute
from policy.dsl.compiling.lists import listing
from policy.dsl.compiling.truths import smaller, units
from policy.model.values import Duration


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
    if units((*certain, *doubtful)) > 1:
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
    if units(certain) > 1:
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
