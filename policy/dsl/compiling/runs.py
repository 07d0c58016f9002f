"""What generated code asks besides rows, and what it remembers while it judges one document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias
from weakref import ref

from policy.model.suite import Context

Remembered: TypeAlias = "tuple[Callable[..., Any], int]"
"""A function and how many arguments it has besides the run."""


class Run:
    """One module of generated code over one document.

    What generated code remembers is an attribute, made when it is first asked for: `run.fact_x[s]`
    calls `fact_x(run, s)` for each `s` once.
    """

    def __init__(self, context: Context, remembered: Mapping[str, Remembered]) -> None:
        self.as_at = context.as_at
        self.calendar = context.calendar
        self.year = context.calendar.year
        self.context = context
        self._remembered = remembered
        self._placed: dict[tuple[int, int], date] = {}

    def __getattr__(self, name: str) -> Any:
        try:
            function, arguments = self._remembered[name]
        except KeyError:
            raise AttributeError(name) from None
        made = _OfOne(self, function) if arguments == 1 else _OfSeveral(self, function)
        setattr(self, name, made)
        return made

    def place(self, day: int, month: int) -> date:
        """Return that day of that month in the academic year."""
        found = self._placed.get((day, month))
        if found is None:
            found = self._placed[day, month] = self.calendar.place(day, month)
        return found


class _OfOne(dict["Any", "Any"]):
    """The answers of a function of one argument."""

    __slots__ = ("_function", "_run")

    def __init__(self, run: Run, function: Callable[..., Any]) -> None:
        # A weak reference, so that a judged document goes at once and not with the next collection.
        self._run = ref(run)
        self._function = function

    def __missing__(self, argument: Any) -> Any:
        found = self[argument] = self._function(self._run(), argument)
        return found


class _OfSeveral(_OfOne):
    """The answers of a function of several arguments, or of none."""

    __slots__ = ()

    def __missing__(self, arguments: Any) -> Any:
        found = self[arguments] = self._function(self._run(), *arguments)
        return found
