"""What one process does: judge a part, keep what came of it, say which document is being judged."""

from __future__ import annotations

import gc
import signal
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from policy.audit.documents import DocumentBytes, documents_of, no_memory
from policy.audit.inputs import Part, changed, input_changed
from policy.audit.job import Job
from policy.audit.judging import Judge, Judged
from policy.audit.since import Earlier, among
from policy.audit.store import PartWriter, cannot_write
from policy.audit.tables import Rows, rows_of
from policy.audit.tally import Tally
from policy.audit.time_limit import Watch, limited
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic

BEGUN, DONE, REFUSED, BROKEN = "begun", "done", "refused", "broken"
"""What a process says: number of a document, a tally, diagnostics, lines of a traceback."""

_LEFT_BEHIND = 100_000
"""Containers, made since the last collection and not gone by themselves, after which those that
nobody needs are collected: some 20 MB. Plain documents leave next to nothing."""


class Assignment(Struct, frozen=True, kw_only=True):
    """A part for a process. `lost`: document in the part -> why nobody is to judge it again."""

    part: Part
    folder: Path
    lost: Mapping[int, Diagnostic] = field(default_factory=dict)


def judge_part(
    judge: Judge,
    work: Assignment,
    begun: Callable[[int], None] = lambda number: None,
    before_keeping: Callable[[], None] = lambda: None,
    earlier: Earlier | None = None,
) -> Tally:
    """Judge all documents of a part and keep what came of them.

    What `earlier` knows of is taken over, but for a few that must come to the same.
    `begun` is told the number of each document in the part, `before_keeping` may raise what keeps
    the results from being kept. Raises OSError if they cannot be written.
    """
    writer = PartWriter(folder=work.folder)
    tally = Tally()
    for number, (given, kept) in enumerate(among(documents_of(work.part), earlier)):
        begun(number)
        lost = work.lost.get(number)
        if kept is not None and lost is None and not kept.is_proof:
            tally += kept.tally
            writer.take(kept.tables)
            continue
        judged, rows = judged_rows(judge, given, lost)
        if kept is not None and lost is None:
            kept.prove(rows)
        tally.add(judged)
        writer.add(rows)
        if gc.get_count()[0] >= _LEFT_BEHIND and not gc.isenabled():
            gc.collect()
    before_keeping()
    writer.finish({"hash": work.part.hash, **tally.as_json()})
    return tally


def judged_rows(
    judge: Judge, given: DocumentBytes, lost: Diagnostic | None = None
) -> tuple[Judged, Rows]:
    """Judge a document; what fails over it, it is put aside for. `lost`: why it is in any case."""
    if lost is None:
        try:
            judged = judge.judge(given)
            return judged, rows_of(judged)
        except MemoryError:
            lost = no_memory(given.file)
        except Exception as bug:  # noqa: BLE001 - one document must not end the run of all others
            lost = _our_mistake(bug)
    judged = judge.refused(given, lost)
    return judged, rows_of(judged)


class Process(Struct, kw_only=True):
    """What a process is given. `judge` if it is a copy of one that has one already, `foreign` the
    ends of pipes that such a copy must let go of. `alive` is counted up while all is well."""

    job: Job
    pipe: Connection
    alive: Any
    judge: Judge | None = None
    foreign: Sequence[Connection] = ()

    def live(self) -> None:
        """Take parts until there are none; how that ended goes into the pipe."""
        # Who interrupts the run does so at the terminal: the first process sees to it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for each in self.foreign:
            each.close()
        try:
            self._work()
        except PolicyError as refused:
            self.pipe.send((REFUSED, refused.diagnostics))
        except (EOFError, ConnectionError):  # the first process is gone
            return
        except Exception as bug:  # noqa: BLE001 - said by the first process, without any data
            steps = traceback.extract_tb(bug.__traceback__)
            where = [f"  {step.filename}:{step.lineno} in {step.name}" for step in steps]
            name = f"{type(bug).__module__}.{type(bug).__qualname__}"
            self.pipe.send((BROKEN, (f"{name}, in another process, raised at:", *where)))

    def _work(self) -> None:
        judge = self.judge
        if judge is None:
            judge = Judge(self.job.ready(), self.job.as_at, trusting=self.job.trusting)
            gc.collect()
            gc.freeze()
        gc.disable()  # `judge_part` collects between documents, when there is little to go through
        earlier = Earlier.of(self.job.since)
        with limited(self.job.seconds, self._beat) as watch:
            while (work := self.pipe.recv()) is not None:
                self.pipe.send((DONE, self._part(judge, work, watch, earlier)))

    def _beat(self) -> None:
        self.alive.value += 1

    def _part(
        self, judge: Judge, work: Assignment, watch: Watch | None, earlier: Earlier | None
    ) -> Tally:
        def begun(number: int) -> None:
            if watch is not None:
                watch.next_document()
            self.pipe.send((BEGUN, number))

        def before_keeping() -> None:
            first = parent_process()
            if first is not None and not first.is_alive():
                raise ConnectionAbortedError  # another run may own the folder by now
            file = changed(work.part.stretches)
            if file is not None:
                raise input_changed(file)

        try:
            return judge_part(judge, work, begun, before_keeping, earlier)
        except ConnectionError:
            raise
        except OSError as error:
            raise PolicyError(cannot_write(work.folder, error)) from error


def _our_mistake(bug: Exception) -> Diagnostic:
    # Only the kind of exception: its text may quote the data.
    return Diagnostic(
        code="P805",
        message=f"this is a mistake in policy itself, `{type(bug).__name__}`",
        help="judge it by itself with `policy check`, which writes a report for the maintainers",
    )
