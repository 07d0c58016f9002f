"""Where the time of an audit goes: the stack is looked at every few milliseconds of processor time.

That disturbs less than counting calls does. The garbage collector works inside whatever runs, so
its time is measured apart, and is part of the shares of the others.
"""

from __future__ import annotations

import gc
import linecache
import signal
from collections import Counter
from time import process_time
from types import FrameType
from typing import Any

_BY_LINE = (
    ("sha256", "hash"),
    ("loads(", "parse"),
    (".is_valid(", "validate"),
    (".count(b'\":')", "names that stand twice"),
)
_BY_PLACE = (
    ("/benchmarks/stages", "parse"),
    ("/policy/audit/inputs", "survey"),
    ("/policy/audit/documents", "read"),
    ("/policy/audit/store", "write"),
    ("/policy/audit/tables", "write"),
    ("/policy/dsl/evaluation/", "explain (reference evaluator)"),
    ("/policy/making_findings", "explain (reference evaluator)"),
    ("<linking>", "link"),
    ("/policy/dsl/compiling/linkers", "link"),
    ("/policy/dsl/compiling/", "rules (generated code)"),
    ("/policy/model/calendars", "rules (generated code)"),
    ("<", "rules (generated code)"),
    ("/policy/document_judge", "tally"),
    ("/policy/audit/judging", "the rest of judging"),
)


class Profile:
    """While it is entered, takes samples; `shares` says what they were."""

    def __init__(self, interval: float = 0.002) -> None:
        self._interval = interval
        self._seen: Counter[str] = Counter()
        self._collecting = 0.0
        self._collection_began = 0.0
        self._began = 0.0
        self.seconds = 0.0

    def __enter__(self) -> Profile:
        self._began = process_time()
        gc.callbacks.append(self._collector)
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, self._interval, self._interval)
        return self

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.callbacks.remove(self._collector)
        self.seconds = process_time() - self._began

    def _collector(self, phase: str, _: dict[str, Any]) -> None:
        if phase == "start":
            self._collection_began = process_time()
        else:
            self._collecting += process_time() - self._collection_began

    def _look(self, _: int, frame: FrameType | None) -> None:
        self._seen[_stage(frame)] += 1

    def shares(self) -> dict[str, float]:
        """Return the share of each stage, the largest first, and that of the collector."""
        total = sum(self._seen.values()) or 1
        found = {name: count / total for name, count in self._seen.most_common()}
        return {**found, "garbage collector, inside the others": self._collecting / self.seconds}


def _stage(frame: FrameType | None) -> str:
    """Return what the innermost frame that belongs to a stage does; explaining is explaining, also
    where it asks the calendar."""
    found = ""
    while frame is not None:
        name = frame.f_code.co_filename
        if "/policy/dsl/evaluation/" in name or name.endswith("/policy/making_findings.py"):
            return "explain (reference evaluator)"
        found = found or _own(frame, name)
        frame = frame.f_back
    return found or "other"


def _own(frame: FrameType, name: str) -> str:
    if name.endswith("/policy/audit/judging.py"):
        line = linecache.getline(name, frame.f_lineno or 0)
        for part, stage in _BY_LINE:
            if part in line:
                return stage
    for part, stage in _BY_PLACE:
        if name.startswith(part) if part.startswith("<") else part in name:
            return stage
    return ""
