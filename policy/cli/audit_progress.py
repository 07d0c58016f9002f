"""How far an audit is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from policy.cli.terminal import write

if TYPE_CHECKING:
    from policy.audit.run import Progress, Step

_BETWEEN_LINES = 30.0
"""Seconds between two lines in a log."""

_BETWEEN_LOOKS = 0.1
"""Seconds between two pictures of the bar."""

_BAR = 24
"""Characters of the bar itself, of a line with room for it."""

_NARROW = 60

Clock = Callable[[], float]


@contextmanager
def watching() -> Iterator[Progress]:
    """Give what shows the steps of a run on standard error."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        bar = Bar(time.monotonic)
        try:
            yield bar.show
        finally:
            bar.clear()
    else:
        yield Log(time.monotonic).say


class Pace:
    """How quickly a run goes on, since its present stage began."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first: Step | None = None
        self._begun = clock()

    def words(self, step: Step) -> str:
        """Return what is done, how quickly, and how long the rest will take if it goes on so."""
        now = self._clock()
        if self._first is None or self._first.stage != step.stage:
            self._first, self._begun = step, now
        parts = []
        if step.stage == "judging":
            parts.append(f"{step.documents:,} centres")
        seconds = now - self._begun
        documents = step.documents - self._first.documents
        if seconds > 0 and documents > 0:
            parts.append(f"{_rate(documents / seconds)}/s")
        done = step.done - self._first.done
        if seconds > 0 and done > 0:
            parts.append(f"{_time((step.size - step.done) * seconds / done)} left")
        return ", ".join(parts)


class Bar:
    """One line of a terminal, written again and again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pace = Pace(clock)
        self._shown = ""
        self._stage = ""
        self._at = 0.0

    def show(self, step: Step) -> None:
        """Show how far the run is, unless that was done a moment ago."""
        words = self._pace.words(step)
        now = self._clock()
        if step.stage == self._stage and now - self._at < _BETWEEN_LOOKS:
            return
        self._stage, self._at = step.stage, now
        columns = shutil.get_terminal_size().columns - 1
        share = step.done / max(1, step.size)
        marks = "#" * int(share * _BAR)
        bar = f" [{marks:-<{_BAR}}]" if columns >= _NARROW else ""
        self._write(f"{step.stage}{bar} {int(100 * share):3} %  {words}"[:columns].rstrip())

    def clear(self) -> None:
        """Leave the line empty for what comes next."""
        if self._shown:
            self._write("")
            write("\r", error=True)

    def _write(self, text: str) -> None:
        write(f"\r{text:<{len(self._shown)}}", error=True)
        self._shown = text


class Log:
    """Writes a line when enough time has gone by."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pace = Pace(clock)
        self._said = clock()

    def say(self, step: Step) -> None:
        """Say how far the run is, if it is time."""
        words = self._pace.words(step)
        now = self._clock()
        if now - self._said < _BETWEEN_LINES:
            return
        self._said = now
        share = int(100 * step.done / max(1, step.size))
        write(f"{step.stage} {share} %{': ' if words else ''}{words}\n", error=True)


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def _time(seconds: float) -> str:
    """Return a time as hours, minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
