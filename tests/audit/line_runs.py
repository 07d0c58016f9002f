"""Runs over one file of five centres, a document in each part, judged in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.part_judging import Assignment, judge_part
from policy.audit.run import Audited, audit
from policy.audit.tables import TABLES
from policy.audit.tally import Tally
from policy.errors import PolicyError
from tests.audit.toy_job import job

ROOT = Path(__file__).parents[2]
FILES = sorted([*(f"{table}.parquet" for table in TABLES), "manifest.json"])
NAMES = ("A", "B", "C", "D", "E")


def here(job: Job, waiting: Sequence[Assignment]) -> Iterator[tuple[Assignment, Tally]]:
    """An engine that judges in this process."""
    judge = Judge(job.ready(), job.as_at)
    for work in waiting:
        yield work, judge_part(judge, work)


def run(source: Path, out: Path, by: Job | None = None, **options: Any) -> Audited:
    """Audit one file in this process, a document in each part."""
    options = {"engine": here, "part_size": 1, **options}
    return audit(by or job(), [str(source)], out, **options)


def contents(out: Path) -> dict[str, bytes]:
    """Return what a finished run left, but for the lock."""
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != ".lock"}


def refusal(source: Path, out: Path, by: Job | None = None, **options: Any) -> tuple[str, str]:
    """Return code and words of what refuses a run."""
    with pytest.raises(PolicyError) as caught:
        run(source, out, by, **options)
    (said,) = caught.value.diagnostics
    return said.code, said.message


def stopped_after(parts: int) -> Callable[..., Iterator[tuple[Assignment, Tally]]]:
    """Return an engine that is interrupted after some parts."""

    def engine(job: Job, waiting: Sequence[Assignment]) -> Iterator[tuple[Assignment, Tally]]:
        yield from here(job, waiting[:parts])
        raise KeyboardInterrupt

    return engine
