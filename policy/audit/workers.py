"""A pool of processes that judge parts, and survives what happens to them.

A process reads its part from the disk and writes what came of it to the disk; through its pipe go
only the numbers of parts and documents. So it is known which document a process died over: that
one is quarantined, and the part is judged again without it.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from policy.audit.inputs import Part
from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.part_judging import BEGUN, BROKEN, DONE, Assignment, Process
from policy.audit.tally import Tally
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic

_MOST_DEATHS = 50
"""Processes lost over one part after which it is no longer the documents' fault."""

_MOST_WORDS = 1000
"""Messages of one process that are taken in before somebody else is listened to."""

_LISTENING = 0.5
"""Seconds to wait for somebody to say something."""

_GRACE = 5.0
"""Seconds that a process may be silent besides the time that a plugin has."""


class WorkerBroke(Exception):
    """A mistake of ours in another process: `elsewhere` says what and where, and quotes no data."""

    def __init__(self, *elsewhere: str) -> None:
        super().__init__(*elsewhere)
        self.elsewhere = elsewhere


class _Worker(Struct, kw_only=True):
    """A process and what it is doing. `document` is -1 before its first; `alive` was counted up to
    `beats`, at `beat_at`, when it was looked at last."""

    process: BaseProcess
    pipe: Connection
    alive: Any
    work: Assignment | None = None
    document: int = -1
    beats: int = 0
    beat_at: float = 0.0
    is_late: bool = False


class Pool(Struct, kw_only=True):
    """`workers` processes over `waiting` parts. `judge` is copied, with all that it has loaded,
    where that is safe; elsewhere each process makes one of `job`."""

    job: Job
    workers: int
    waiting: list[Assignment]
    judge: Judge | None = None
    _all: list[_Worker] = field(default_factory=list)
    _deaths: dict[int, int] = field(default_factory=dict)

    def run(self) -> Iterator[tuple[Assignment, Tally] | int]:
        """Yield each part when it is done, in whatever order, and now and then how many documents
        of the parts in hand were judged.

        Raises PolicyError if the results cannot be written, the input changes, or processes keep
        dying, and WorkerBroke for a mistake of ours.
        """
        self.waiting.sort(key=lambda work: work.part.number, reverse=True)
        try:
            for _ in range(min(self.workers, len(self.waiting))):
                self._start()
            while any(worker.work for worker in self._all):
                yield from self._listen()
                yield sum(max(0, worker.document) for worker in self._all if worker.work)
        finally:
            self._end()

    def _start(self) -> None:
        is_copy = self.judge is not None and may_copy()
        context: Any = multiprocessing.get_context("fork" if is_copy else "spawn")
        ours, theirs = context.Pipe()
        alive = context.RawValue("Q", 0)
        process = context.Process(
            target=Process(
                job=self.job,
                pipe=theirs,
                alive=alive,
                judge=self.judge if is_copy else None,
                foreign=[ours, *(worker.pipe for worker in self._all)] if is_copy else (),
            ).live,
            daemon=True,
        )
        process.start()
        theirs.close()
        worker = _Worker(process=process, pipe=ours, alive=alive)
        self._all.append(worker)
        self._give(worker)

    def _give(self, worker: _Worker) -> None:
        worker.work = self.waiting.pop() if self.waiting else None
        worker.document = -1
        with suppress(ConnectionError):  # it has ended: heard of when somebody listens to it
            worker.pipe.send(worker.work)

    def _listen(self) -> Iterator[tuple[Assignment, Tally]]:
        ready = wait([worker.pipe for worker in self._all if worker.work], timeout=_LISTENING)
        for worker in list(self._all):
            if worker.pipe in ready:
                yield from self._hear(worker)
            elif worker.work and self._is_late(worker):
                worker.is_late = True
                worker.process.kill()

    def _is_late(self, worker: _Worker) -> bool:
        """Whether a plugin takes so long that not even its time limit ended it."""
        now = time.monotonic()
        beats = worker.alive.value
        if beats != worker.beats or worker.document < 0:
            worker.beats, worker.beat_at = beats, now
        limit = self.job.seconds
        return limit is not None and beats > 0 and now - worker.beat_at > limit + _GRACE

    def _hear(self, worker: _Worker) -> Iterator[tuple[Assignment, Tally]]:
        """Take in what a process has said."""
        for _ in range(_MOST_WORDS):
            if worker.work is None or not worker.pipe.poll():
                return
            try:
                what, value = worker.pipe.recv()
            except (EOFError, ConnectionError):
                self._died(worker)
                return
            if what == BEGUN:
                worker.document = value
            elif what == DONE:
                done = worker.work
                self._give(worker)
                yield done, value
            elif what == BROKEN:
                raise WorkerBroke(*value)
            else:
                raise PolicyError(*value)

    def _died(self, worker: _Worker) -> None:
        """Put the part back without the document that was being judged."""
        work = worker.work
        assert work is not None
        self._all.remove(worker)
        worker.process.join()
        worker.pipe.close()
        number = work.part.number
        self._deaths[number] = self._deaths.get(number, 0) + 1
        how = "a plugin did not let itself be ended" if worker.is_late else _words(worker.process)
        if worker.document < 0 or self._deaths[number] > _MOST_DEATHS:
            raise PolicyError(_keeps_dying(how))
        lost = {**work.lost, worker.document: _lost(how)}
        self.waiting.append(Assignment(part=work.part, folder=work.folder, lost=lost))
        self._start()

    def _end(self) -> None:
        for worker in self._all:
            if worker.work is not None:
                worker.process.kill()
            worker.process.join()
            worker.pipe.close()


def assignments(parts: Sequence[Part], folder: Path) -> list[Assignment]:
    """Return the work on parts, with the folder for each."""
    return [Assignment(part=part, folder=folder / f"{part.number:06}") for part in parts]


def may_copy() -> bool:
    """Whether this process can be copied as it is: no other thread may hold a lock meanwhile."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def _lost(how: str) -> Diagnostic:
    return Diagnostic(
        code="P802",
        message=f"the process that judged this document ended ({how})",
        help="judge it by itself with `policy check`; it may need more memory or time",
    )


def _keeps_dying(how: str) -> Diagnostic:
    return Diagnostic(
        code="P803",
        message=f"the processes that should judge keep ending ({how})",
        help="free some memory, or take fewer --workers, then go on with --resume",
    )


def _words(process: BaseProcess) -> str:
    code = process.exitcode
    if code == -9:
        return "killed, as happens when memory runs out"
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
