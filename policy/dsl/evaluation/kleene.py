"""Three-valued logic, with a failure as the worse kind of unknown.

In: truths, where missing and unknown both count as unknown. Out: True or False when the operands
decide it, in whatever order they stand; otherwise the first failure, otherwise unknown with the
causes of all undecided operands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from policy.dsl.evaluation.partial import Result, settled
from policy.model.values import Failure, Missing, Unknown, is_absent, worst

Truth: TypeAlias = bool | Unknown | Failure


def truth(value: Result) -> Truth:
    """Return a yes/no value as truth: missing becomes unknown."""
    known = settled(value)
    if isinstance(known, Missing):
        return Unknown(known.causes)
    if isinstance(known, bool | Unknown | Failure):
        return known
    raise TypeError("the checker lets only yes and no through")


def conjunction(items: Iterable[Truth]) -> Truth:
    """Return whether all are true."""
    return _folded(items, deciding=False)


def disjunction(items: Iterable[Truth]) -> Truth:
    """Return whether one is true."""
    return _folded(items, deciding=True)


def negation(item: Truth) -> Truth:
    """Return the opposite; what is not known stays so."""
    return not item if isinstance(item, bool) else item


def _folded(items: Iterable[Truth], *, deciding: bool) -> Truth:
    undecided: list[Truth] = []
    for item in items:
        if item is deciding:
            return deciding
        if is_absent(item):
            undecided.append(item)
    return worst(undecided) if undecided else not deciding
