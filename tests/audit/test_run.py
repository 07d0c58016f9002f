"""A run from inputs to files: what it leaves, and what it tells meanwhile."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from policy.audit import run as runs
from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.part_judging import Assignment
from policy.audit.run import Step, audit
from tests.audit.line_runs import FILES, ROOT, contents, here, run
from tests.audit.toy_job import job, lines


def test_what_a_run_leaves(source: Path, out: Path) -> None:
    """Three tables and a manifest that says what they were made of, and nothing else."""
    done = run(source, out)
    assert sorted(contents(out)) == FILES
    assert (done.tally.documents, done.tally.quarantined, done.folder) == (5, 0, out)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["inputs"] == [
        {
            "file": str(source),
            "size": source.stat().st_size,
            "sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        }
    ]
    assert manifest["as_at"] == "2026-05-01"
    assert [each["name"] for each in manifest["specs"]] == ["toy", "toy"]
    assert manifest["totals"] == done.tally.as_json()
    for name in FILES[:-1]:
        if name != "manifest.json":
            digest = hashlib.sha256((out / name).read_bytes()).hexdigest()
            assert manifest["files"][name] == digest
    table = parquet.read_table(out / "documents.parquet")
    assert table.column("centre").to_pylist() == [f"9000{at}" for at in range(1, 6)]
    assert table.column("line").to_pylist() == [1, 2, 3, 4, 5]


def test_however_many_processes_the_same_bytes(source: Path, tmp_path: Path) -> None:
    """One, two or three, each with another order of its sets: as if one had judged them all."""
    run(source, tmp_path / "here")
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.audit.toy_job", str(tmp_path / number), source, number],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": number},
        )
        for number in ("1", "2", "3")
    ]
    assert [each.wait(timeout=600) for each in started] == [0, 0, 0]
    for number in ("1", "2", "3"):
        assert contents(tmp_path / number) == contents(tmp_path / "here"), number


@pytest.mark.parametrize("is_copy", [True, False])
def test_processes_that_load_what_they_need(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_copy: bool
) -> None:
    """Where this process cannot be copied they come to the same; what is warm is asked for once."""
    warmed: list[Judge] = []
    monkeypatch.setattr(Judge, "warm_up", lambda judge: warmed.append(judge))
    monkeypatch.setattr(runs, "may_copy", lambda: is_copy)
    monkeypatch.setattr("policy.audit.workers.may_copy", lambda: False)
    run(source, tmp_path / "here")
    audit(job(), [str(source)], tmp_path / "out", workers=1, part_size=1)
    assert contents(tmp_path / "out") == contents(tmp_path / "here")
    assert len(warmed) == is_copy


def test_whatever_the_size_of_parts_the_same_tables(source: Path, tmp_path: Path) -> None:
    """How the input was parted does not show."""
    run(source, tmp_path / "small")
    run(source, tmp_path / "large", part_size=1 << 20)
    assert contents(tmp_path / "small") == contents(tmp_path / "large")


def test_steps_are_told(source: Path, out: Path) -> None:
    """Reading, judging and writing; bytes and documents never go back."""
    steps: list[Step] = []

    def engine(job: Job, waiting: Sequence[Assignment]) -> Iterator[Any]:
        for each in here(job, waiting):
            yield 1
            yield each
            yield 0

    run(source, out, engine=engine, progress=steps.append)
    size = source.stat().st_size
    assert list(dict.fromkeys(step.stage for step in steps)) == ["reading", "judging", "writing"]
    judging = [step for step in steps if step.stage == "judging"]
    assert [step.documents for step in judging] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert all(a.done <= b.done for a, b in pairwise(judging))
    assert judging[-1].done == size == judging[-1].size
    assert 0 < judging[3].done < size


def test_how_far_the_first_part_is(source: Path, out: Path) -> None:
    """Documents of parts that are not done count for what documents are on average; without a way
    to know how many there are, for nothing."""
    steps: list[Step] = []

    def engine(job: Job, waiting: Sequence[Assignment]) -> Iterator[Any]:
        yield from (1, 2, 0)
        yield from here(job, waiting)

    run(source, out, engine=engine, progress=steps.append, part_size=0)
    size = source.stat().st_size
    judging = [step.done for step in steps if step.stage == "judging"]
    assert judging == [0, size // 5, 2 * size // 5, 2 * size // 5]
    steps.clear()
    packed = source.with_name("x.ndjson.gz")
    packed.write_bytes(gzip.compress(source.read_bytes()))
    run(packed, out.with_name("packed"), engine=engine, progress=steps.append)
    assert {step.done for step in steps if step.stage == "judging"} == {0}


def test_quarantined_documents_are_in_the_tables(source: Path, out: Path) -> None:
    """The run goes on around them."""
    broken = lines("A") + b"{\n\n" + lines("B").replace(b'"england"', b'"narnia"')
    source.write_bytes(broken + lines("C"))
    done = run(source, out)
    assert (done.tally.documents, done.tally.quarantined) == (4, 2)
    rows = parquet.read_table(out / "documents.parquet").to_pylist()
    assert [(row["line"], row["status"], row["code"]) for row in rows] == [
        (1, "judged", ""),
        (2, "quarantined", "P507"),
        (4, "quarantined", "P404"),
        (5, "judged", ""),
    ]
    assert {row["document"] for row in rows} == {f"{source}:{row['line']}" for row in rows}
