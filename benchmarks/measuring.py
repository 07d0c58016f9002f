"""Runs children in turn; tells how long each took and how much memory its largest process had.

A child says what it measured in one line of JSON, the last that it prints: `seconds` of its work
without its start, `peak_mib`, and whatever else its caller wants to know. Of a child that says
nothing the whole life is measured from outside.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One life of a child: `seconds` of its work, `wall` of all of it, and what else it said."""

    seconds: float
    wall: float
    peak_mib: float
    said: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Medians over the runs of one thing; `peak_mib` is the largest of all."""

    seconds: float
    wall: float
    peak_mib: float
    runs: tuple[Run, ...]

    @property
    def said(self) -> Said:
        """What the first run said."""
        return self.runs[0].said

    @property
    def spread(self) -> float:
        """The longest run over the shortest."""
        all_seconds = [run.seconds for run in self.runs]
        return max(all_seconds) / max(min(all_seconds), 1e-9)


def run(command: Sequence[str], *, allowed: Iterable[int] = (0,)) -> Run:
    """Run a child to its end. Raises SystemExit with its words if it fails."""
    begun = perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watch = _Watch(child.pid)
    output, errors = child.communicate()
    wall = perf_counter() - begun
    watch.end()
    if child.returncode not in allowed:
        words = errors.decode(errors="replace")[-2000:]
        raise SystemExit(f"exit code {child.returncode} of {' '.join(map(str, command))}\n{words}")
    said = _last_line(output)
    return Run(
        seconds=said.get("seconds", wall),
        wall=wall,
        peak_mib=said.get("peak_mib", watch.peak_mib),
        said=said,
    )


def interleaved(things: Mapping[str, Callable[[], Run]], rounds: int) -> dict[str, Measured]:
    """Return the medians of each thing; one round runs all of them once, so that a busy moment
    of the machine hits all alike."""
    runs: dict[str, list[Run]] = {name: [] for name in things}
    for _ in range(rounds):
        for name, thing in things.items():
            runs[name].append(thing())
    return {name: _measured(each) for name, each in runs.items()}


def _measured(runs: Sequence[Run]) -> Measured:
    return Measured(
        seconds=median(run.seconds for run in runs),
        wall=median(run.wall for run in runs),
        peak_mib=max(run.peak_mib for run in runs),
        runs=tuple(runs),
    )


def _last_line(output: bytes) -> Said:
    lines = output.decode(errors="replace").splitlines()
    if lines and lines[-1].startswith("{"):
        said: Said = json.loads(lines[-1])
        return said
    return {}


class _Watch:
    """Looks at a process and its children every few milliseconds, and keeps the largest size."""

    def __init__(self, pid: int) -> None:
        self.peak_mib = 0.0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            for pid in _family(self._pid):
                self.peak_mib = max(self.peak_mib, peak_mib(pid))

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self._thread.join()


def _family(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return [pid]
    return [pid, *(each for child in text.split() for each in _family(int(child)))]


def peak_mib(pid: int | str = "self") -> float:
    """Return the largest resident size that a process has had; 0 if the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    sizes = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(sizes[0]) / 1024 if sizes else 0.0


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown, numbers with the digits that mean something."""
    cells = [[_shown(cell) for cell in row] for row in rows]
    lines = [f"### {title}", "", "| " + " | ".join(heads) + " |"]
    lines.append("|---" + "|---:" * (len(heads) - 1) + "|")
    lines += ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join(lines) + "\n"


def _shown(cell: object) -> str:
    if not isinstance(cell, float):
        return "" if cell is None else str(cell)
    if cell >= 100:
        return f"{cell:,.0f}"
    return f"{cell:.1f}" if cell >= 10 else f"{cell:.3f}" if cell < 1 else f"{cell:.2f}"


def machine(packages: Iterable[str] = ()) -> str:
    """Return one line: when, on what, with which versions."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    parts = (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{os.cpu_count()} x {_processor()}",
        platform.system() + " " + platform.release().split("-")[0],
        f"Python {platform.python_version()}",
        f"load {os.getloadavg()[0]:.1f}",
    )
    return "; ".join((*parts, versions)) if versions else "; ".join(parts)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def take_questions(parser: argparse.ArgumentParser, known: Iterable[str]) -> None:
    """Let a script be told which of its questions to ask; none stands for all.

    Not by `choices`: with `nargs="*"` argparse asks whether the empty list is one of them.
    """

    def question(word: str) -> str:
        if word not in known:
            raise argparse.ArgumentTypeError(f"choose from {', '.join(known)}")
        return word

    parser.add_argument(
        "questions", nargs="*", type=question, metavar="|".join(known), help="all otherwise"
    )
