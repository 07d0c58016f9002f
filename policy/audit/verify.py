"""A finished run, done again from what its manifest names: does the same come out?

A sample is judged in this process, row by row against the tables. All of it is audited again into a
temporary folder, and the files are compared byte by byte.
"""

from __future__ import annotations

import hashlib
import heapq
import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from policy.audit.documents import DocumentBytes, documents_of
from policy.audit.inputs import Inputs, survey
from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.libraries import refuse_without
from policy.audit.manifest import differences, made_of, refuse_another_input
from policy.audit.part_judging import judged_rows
from policy.audit.past_run import PastRun, TableReader
from policy.audit.run import Progress, audit
from policy.audit.since import same_rows
from policy.audit.tables import TABLES, shown_name
from policy.audit.time_limit import limited
from policy.errors import PolicyError, SpecInvalid
from policy.model.diagnostics import Diagnostic
from policy.model.nouns import listed
from policy.ready import Ready

_DEADLY = "P802"


class Difference(Struct, frozen=True, kw_only=True):
    """A document that comes out otherwise, and the tables in which it does."""

    document: str
    tables: tuple[str, ...]


class Verified(Struct, frozen=True, kw_only=True):
    """What came of it: `judged` of `documents` were judged again; the files of `altered` tables are
    not what the run wrote, those of `other_bytes` have the same rows in other bytes.
    `other_totals`: the manifest does not say what the tables come to."""

    documents: int
    judged: int
    differences: tuple[Difference, ...] = ()
    altered: tuple[str, ...] = ()
    other_bytes: tuple[str, ...] = ()
    other_totals: bool = False

    @property
    def is_same(self) -> bool:
        """Whether nothing came out otherwise."""
        return not (self.differences or self.altered or self.other_bytes or self.other_totals)


def verify(folder: Path, *, sample: int, seed: int = 0, cache: str = "") -> Verified:
    """Judge `sample` documents of a run again; `seed` chooses others of them. `cache`: see `Job`.

    Raises PolicyError if the run cannot be done again: its input, specs, plugins or the program are
    not what they were.
    """
    run = PastRun.of(folder)
    job, ready, inputs = _again(run, cache)
    chosen = _chosen(run, sample, seed)
    judge = Judge(ready, job.as_at, trusting=job.trusting)
    tables = {table: TableReader(run, table) for table in TABLES}
    found: list[Difference] = []
    missing = set(chosen)
    with limited(job.seconds):
        for given in _documents(inputs, missing):
            _, rows = judged_rows(judge, given)
            name = shown_name(given.name)
            other = tuple(
                table
                for table, reader in tables.items()
                if not same_rows(reader.rows("document", [name]), rows.of(table))
            )
            if other:
                found.append(Difference(document=name, tables=other))
            missing.discard(name)
    found += [Difference(document=name, tables=("documents",)) for name in sorted(missing)]
    return Verified(
        documents=run.opened("documents").metadata.num_rows,
        judged=len(chosen),
        differences=tuple(found),
        altered=run.altered(),
        other_totals=_has_other_totals(run),
    )


def verify_all(
    folder: Path,
    *,
    workers: int = 0,
    cache: str = "",
    progress: Progress = lambda step: None,
) -> Verified:
    """Audit all of a run's input again and compare the tables; raises as `verify` does."""
    refuse_without("duckdb")
    run = PastRun.of(folder)
    job, _, inputs = _again(run, cache)
    with tempfile.TemporaryDirectory(prefix="policy-verify-") as place:
        files = [each.file for each in inputs.files]
        audit(job, files, Path(place) / "again", workers=workers, progress=progress)
        again = PastRun.of(Path(place) / "again")
        count = again.opened("documents").metadata.num_rows
        other = tuple(
            table for table in TABLES if _bytes_differ(run.path(table), again.path(table))
        )
        found = tuple(_rows_that_differ(run, again)) if other else ()
        if run.manifest.get("parquet") != again.manifest.get("parquet"):
            other = ()  # another library lays the same rows out in other bytes
        altered = run.altered()
    return Verified(
        documents=count,
        judged=count,
        differences=found,
        altered=altered,
        other_bytes=() if found else tuple(table for table in other if table not in altered),
        other_totals=_has_other_totals(run),
    )


def _has_other_totals(run: PastRun) -> bool:
    """Whether the manifest says something else than the tables come to."""
    return bool(run.manifest["totals"] != run.tally().as_json())


def _again(run: PastRun, cache: str) -> tuple[Job, Ready, Inputs]:
    """Return what the run was made of, as it is now. Raises PolicyError if that differs."""
    manifest = run.manifest
    job = _job(manifest, cache)
    ready = job.ready()
    if ready.pack.has_errors:
        raise SpecInvalid(*ready.pack.diagnostics)
    files = [str(each["file"]) for each in manifest["inputs"]]
    for file in files:
        if not os.path.isfile(file):
            raise PolicyError(_gone(file))
    inputs = survey(files)
    now = made_of(job, ready.pack, inputs)
    others = differences(manifest, now)
    if others:
        raise PolicyError(
            Diagnostic(
                code="P807",
                message=f"`{run.folder}` was made with {listed(others)}",
                help="a run can only be verified with what it was made with",
                file=str(run.folder),
            )
        )
    refuse_another_input(manifest, now)
    return job, ready, inputs


def _job(manifest: Mapping[str, Any], cache: str) -> Job:
    asked = manifest["asked"]
    return Job(
        as_at=date.fromisoformat(manifest["as_at"]),
        names=tuple(asked["names"]),
        files=tuple(asked["files"]),
        settings=dict(manifest["settings"]),
        rules=tuple(manifest["rules"]),
        trusting=manifest["trusting"],
        seconds=manifest.get("seconds"),
        cache=cache,
    )


def _gone(file: str) -> Diagnostic:
    return Diagnostic(
        code="P806",
        message=f"the input is not where it was: `{file}`",
        help="bring the file back, and verify in the folder where the audit was run",
        file=file,
    )


def _chosen(run: PastRun, sample: int, seed: int) -> set[str]:
    """Return names of documents, the same for the same run and seed.

    Documents over which a process died are left out: they would end this one.
    """

    def names() -> Iterator[tuple[str, str]]:
        wanted = ["document", "hash", "code"]
        for batch in run.opened("documents").iter_batches(columns=wanted, use_threads=False):
            for row in batch.to_pylist():
                if row["code"] != _DEADLY:
                    text = f"{seed} {row['hash']} {row['document']}"
                    yield hashlib.sha256(text.encode()).hexdigest(), row["document"]

    return {name for _, name in heapq.nsmallest(sample, names())}


def _documents(inputs: Inputs, names: set[str]) -> Iterator[DocumentBytes]:
    for part in inputs.parts:
        for given in documents_of(part):
            if shown_name(given.name) in names:
                yield given


def _bytes_differ(one: Path, other: Path) -> bool:
    """Return whether two files differ."""
    with one.open("rb") as left, other.open("rb") as right:
        while True:
            piece = left.read(1 << 20)
            if piece != right.read(1 << 20):
                return True
            if not piece:
                return False


def _rows_that_differ(run: PastRun, again: PastRun) -> Iterator[Difference]:
    """Yield the documents of which any table has other rows, by name."""
    import duckdb
    from pyarrow import dataset

    tables: dict[str, list[str]] = {}
    with duckdb.connect(":memory:", config={"threads": "1", "temp_directory": ""}) as connection:
        for table in TABLES:
            for name, each in (("was", run), ("now", again)):
                connection.register(name, dataset.dataset(each.path(table), format="parquet"))
            was, now = (
                f"SELECT document, hash({name}) AS row FROM {name}" for name in ("was", "now")
            )
            sql = f"""SELECT DISTINCT document FROM (
  ({was} EXCEPT ALL {now}) UNION ALL ({now} EXCEPT ALL {was}))"""
            for (document,) in connection.execute(sql).fetchall():
                tables.setdefault(document, []).append(table)
    for document in sorted(tables):
        yield Difference(document=document, tables=tuple(tables[document]))
