"""A limit on how long plugins may take, which costs nothing while they are quick.

A timer asks now and then what runs. If one and the same call into a plugin runs longer than the
limit, an exception ends it inside the plugin: its function fails, its check counts as *error*, and
the document goes on. What was ended once has little time left for the rest of the document. Code
of the project itself is never interrupted.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from policy.dsl.compiling import plugin_calls as compiled_calls
from policy.dsl.evaluation import plugin_calls as reference_calls
from policy.plugins import run_check

_STEPS = 4
"""How often a limit is looked at before it is over."""

_LITTLE = 0.05
"""Seconds for a further call of what was ended once."""

# The functions whose `try` catches what a plugin raises.
_ENTRANCES = (
    run_check.__code__,
    compiled_calls.answer.__code__,
    reference_calls.call.__code__,
)


class TookTooLong(Exception):
    """A plugin had its time."""


class Watch:
    """Looks at what runs. `alive` is called at each look, unless a plugin is over its time."""

    def __init__(self, seconds: float, alive: Callable[[], None]) -> None:
        self._seconds = seconds
        self._alive = alive
        self._call: FrameType | None = None
        self._since = 0.0
        self._spent: set[str] = set()

    def next_document(self) -> None:
        """Give all plugins their whole time again."""
        if self._spent:
            self._spent.clear()
            self.tick(self._seconds / _STEPS)

    def tick(self, every: float) -> None:
        """Look from now on after so many seconds, again and again; never if it is 0."""
        signal.setitimer(signal.ITIMER_REAL, every, every)

    def look(self, number: int, frame: FrameType | None) -> None:
        """End the call that has run too long, if one has."""
        inside: FrameType | None = None
        while frame is not None and frame.f_code not in _ENTRANCES:
            inside, frame = frame, frame.f_back
        now = time.monotonic()
        if frame is None or frame is not self._call:
            self._call, self._since = frame, now
        if frame is None or now - self._since <= self._limit(frame):
            self._alive()
        elif inside is not None and not _is_ours(inside):
            self._spent.add(_name(frame))
            self.tick(min(self._seconds / _STEPS, _LITTLE / _STEPS))
            raise TookTooLong

    def _limit(self, frame: FrameType) -> float:
        if self._spent and _name(frame) in self._spent:
            return min(self._seconds, _LITTLE)
        return self._seconds


@contextmanager
def limited(
    seconds: float | None, alive: Callable[[], None] = lambda: None
) -> Iterator[Watch | None]:
    """Let no call into a plugin take much longer than `seconds`; only in a process's main thread.

    None, or a system without timers, is no limit.
    """
    if seconds is None or not hasattr(signal, "setitimer"):
        yield None
        return
    watch = Watch(seconds, alive)
    before = signal.signal(signal.SIGALRM, watch.look)
    watch.tick(seconds / _STEPS)
    try:
        yield watch
    finally:
        watch.tick(0)
        signal.signal(signal.SIGALRM, before)


def _is_ours(frame: FrameType) -> bool:
    """Whether a frame right below an entrance is of the project: before a plugin, or after it."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] == "policy"


def _name(frame: FrameType) -> str:
    """Return which check or function an entrance was asked for."""
    known = frame.f_locals
    return f"check {known['check'].name}" if "check" in known else f"call {known['function'].name}"
