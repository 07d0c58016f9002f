"""The driver of an audit: inputs and a pack in, files out."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from policy.audit.folder import (
    PARTS,
    owned,
    refuse_inside,
    refuse_results,
    refuse_taken,
    tidy,
    where_it_stands,
    writing,
)
from policy.audit.inputs import Inputs, changed, files_of, input_changed, survey
from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.libraries import refuse_without
from policy.audit.manifest import MANIFEST, finished, made_of
from policy.audit.part_judging import Assignment
from policy.audit.past_run import PastRun
from policy.audit.since import taking_over
from policy.audit.store import merge, write_json
from policy.audit.tally import Tally
from policy.audit.workers import Pool, assignments, may_copy
from policy.errors import SpecInvalid
from policy.model.diagnostics import Diagnostic, Diagnostics
from policy.ready import Ready

READING, JUDGING, WRITING = "reading", "judging", "writing"

Progress = Callable[["Step"], None]
Engine = Callable[[Job, Sequence[Assignment]], Iterable[tuple[Assignment, Tally] | int]]
"""Judges parts and yields each when its tables lie in its folder, in whatever order; in between it
may yield how many documents of the other parts were judged."""


class Step(Struct, frozen=True, kw_only=True):
    """How far a run is: what is being done, bytes done of `size` bytes, the tally of whole parts,
    and how many documents were judged, in the others too."""

    stage: str
    done: int
    size: int
    tally: Tally = field(default_factory=Tally)
    documents: int = 0


class Audited(Struct, frozen=True, kw_only=True):
    """A finished run: where its files are, and what it came to."""

    folder: Path
    tally: Tally
    diagnostics: tuple[Diagnostic, ...]


def audit(
    job: Job,
    paths: Sequence[str],
    folder: Path,
    *,
    workers: int = 0,
    engine: Engine | None = None,
    resume: bool = False,
    progress: Progress = lambda step: None,
    part_size: int = 0,
) -> Audited:
    """Judge all documents in `paths` and leave the tables and the manifest in `folder`.

    `workers`: how many processes, 0 for one on each core. `engine`: what judges instead of
    processes of this machine. `resume`: go on with a run that was ended in the middle.
    `part_size`: see `survey`. Raises PolicyError for whatever keeps a run from beginning or going
    on; documents that cannot be judged are in the tables.
    """
    refuse_without("pyarrow")
    files = files_of(paths)
    refuse_inside(folder, paths)
    refuse_results(files)
    ready = _ready(job)
    with owned(folder):
        with writing(folder):
            refuse_taken(folder, resume=resume)
        inputs = _survey(files, part_size, progress)
        begun = made_of(job, ready.pack, inputs)
        job, notes = taking_over(job, begun)
        with writing(folder):
            tally, done = where_it_stands(folder, begun, inputs)
        if tally is None:
            engine = engine or _processes(ready, workers)
            tally = _judge(job, inputs, folder, done, engine, progress)
            progress(Step(stage=WRITING, done=inputs.size, size=inputs.size, tally=tally))
            _finish(begun, inputs, tally, folder)
        with writing(folder):
            tidy(folder)
    said = Diagnostics((*ready.pack.diagnostics, *notes))
    return Audited(folder=folder, tally=tally, diagnostics=tuple(said))


def _ready(job: Job) -> Ready:
    """Load the pack; what cannot go well with the job is said before all input is read."""
    if job.since is not None:
        PastRun.of(job.since)
    ready = job.ready()
    if ready.pack.has_errors:
        raise SpecInvalid(*ready.pack.diagnostics)
    return ready


def _survey(files: Sequence[str], part_size: int, progress: Progress) -> Inputs:
    size = sum(os.stat(file).st_size for file in files)
    done = 0

    def seen(more: int) -> None:
        nonlocal done
        done += more
        progress(Step(stage=READING, done=done, size=size))

    return survey(files, part_size, seen)


def _judge(
    job: Job,
    inputs: Inputs,
    folder: Path,
    done: dict[int, Tally],
    engine: Engine,
    progress: Progress,
) -> Tally:
    total = Tally()
    size = 0
    for part in inputs.parts:
        if part.number in done:
            total += done[part.number]
            size += part.size

    known = inputs.documents
    most = 0

    def say(in_hand: int) -> None:
        # How large the documents in hand are is not known: about as large as all, or the others.
        nonlocal most
        of, among = (inputs.size, known) if known else (size, total.documents)
        most = max(most, min(inputs.size, size + in_hand * of // max(1, among)))
        progress(
            Step(
                stage=JUDGING,
                done=most,
                size=inputs.size,
                tally=replace(total),
                documents=total.documents + in_hand,
            )
        )

    say(0)
    waiting = [part for part in inputs.parts if part.number not in done]
    for heard in engine(job, assignments(waiting, folder / PARTS)):
        if isinstance(heard, int):
            say(heard)
            continue
        work, tally = heard
        total += tally
        size += work.part.size
    return total


def _processes(ready: Ready, workers: int) -> Engine:
    """Return the engine that judges with processes of this machine."""

    def engine(job: Job, waiting: Sequence[Assignment]) -> Iterator[tuple[Assignment, Tally] | int]:
        judge = None
        if may_copy():
            judge = Judge(ready, job.as_at, trusting=job.trusting)
            if len(waiting) > 1:
                judge.warm_up()
            gc.collect()
            gc.freeze()  # what copies do not touch they share
        number = workers or _cores()
        try:
            yield from Pool(job=job, workers=number, waiting=list(waiting), judge=judge).run()
        finally:
            gc.unfreeze()

    return engine


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _finish(begun: dict[str, Any], inputs: Inputs, tally: Tally, folder: Path) -> None:
    """Put the parts together, unless a file is no longer as it was when it was read first."""
    file = changed(stretch for part in inputs.parts for stretch in part.stretches)
    if file is not None:
        raise input_changed(file)
    with writing(folder):
        merge([folder / PARTS / f"{part.number:06}" for part in inputs.parts], folder)
        write_json(folder / MANIFEST, finished(begun, tally, folder))
