"""What generated code has in place of a value: three marks, and values known in part.

A mark carries no cause: whoever wants to know why asks the reference evaluator. Every field of a
mark is the mark itself, so `s.authorisation_.decided_by_` needs no test on the way. The marks are
kinds of `Missing`, `Unknown` and `Failure`, so built-ins and plugins understand them.
"""

from __future__ import annotations

from typing import Any, Self, TypeAlias

from policy.model.values import Failure, Missing, Unknown


class _Echo:
    """Answers every question for a field, an id, or the row above with itself. There is one mark of
    each kind, so they are compared by identity."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def id(self) -> Self:
        """The id of a row that is not there."""
        return self

    @property
    def parent(self) -> Self:
        """The row that encloses one that is not there."""
        return self

    def __getattr__(self, name: str) -> Self:
        if name.endswith("_") and not name.startswith("_"):
            # Kept, because being asked here is ten times dearer than finding an attribute.
            self.__dict__[name] = self
            return self
        raise AttributeError(name)


class MissingMark(_Echo, Missing, frozen=True):
    """Not recorded."""


class UnknownMark(_Echo, Unknown, frozen=True):
    """Cannot be known."""


class FailureMark(_Echo, Failure, frozen=True):
    """The question broke."""


MISSING = MissingMark()
UNKNOWN = UnknownMark()
FAILED = FailureMark("the question broke")

Gap: TypeAlias = "UnknownMark | FailureMark"


class Part:
    """A list of which `items` are certain; there may be more."""

    __slots__ = ("gap", "items")

    def __init__(self, items: tuple[Any, ...], gap: Gap) -> None:
        self.items = items
        self.gap = gap


class Between:
    """A number or date from `low` to `high`, both included; None: no bound is known."""

    __slots__ = ("gap", "high", "low")

    def __init__(self, low: Any, high: Any, gap: Gap) -> None:
        self.low = low
        self.high = high
        self.gap = gap


def is_mark(value: object) -> bool:
    """Whether a value is a mark."""
    return value is MISSING or value is UNKNOWN or value is FAILED


def mark_of(value: Any) -> Any:
    """Return the mark for an absent value of built-ins, plugins and calendars, others as they
    are."""
    if isinstance(value, Missing):
        return MISSING
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Failure):
        return FAILED
    return value


def settled(value: Any) -> Any:
    """Return a value, or the gap of one known in part."""
    return value.gap if isinstance(value, Part | Between) else value


def worst(*values: object) -> Gap:
    """Return what keeps values from being known: a failure before anything else."""
    for value in values:
        if value is FAILED:
            return FAILED
    return UNKNOWN


def strict(*values: object) -> Any:
    """Return the mark that a function of `values` comes to, None if all of them are there."""
    found: Any = None
    for value in values:
        if value is FAILED:
            return FAILED
        if value is UNKNOWN:
            found = UNKNOWN
        elif value is MISSING and found is None:
            found = MISSING
    return found
