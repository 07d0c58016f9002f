"""What generated code calls for lists, which may be known in part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policy.dsl.compiling.absent import (
    FAILED,
    MISSING,
    UNKNOWN,
    Part,
    is_mark,
    settled,
    worst,
)
from policy.dsl.compiling.truths import both, either, equal
from policy.model.values import DateRange


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
