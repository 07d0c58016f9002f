"""Finished audits of made-up centres by the toy specs, for those who look at what a run left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.part_judging import Assignment, judge_part
from policy.audit.run import Audited, audit
from policy.audit.since import Earlier
from policy.audit.tables import TABLES
from policy.audit.tally import Tally
from policy.ready import ReadyPack
from tests import toy
from tests.audit.toy_job import ToyJob, centre, line

FILES = (*(f"{table}.parquet" for table in TABLES), "manifest.json")


@lru_cache
def _ready(rules: tuple[str, ...], settings: tuple[tuple[str, str], ...]) -> ReadyPack:
    return ToyJob(as_at=toy.AS_AT, rules=rules, settings=dict(settings)).ready()


class QuickJob(ToyJob, frozen=True, kw_only=True):
    """A job whose pack is loaded once for all tests, unless it is of files."""

    def ready(self) -> ReadyPack:
        """Return the pack."""
        if self.files:
            return super().ready()
        return _ready(self.rules, tuple(sorted(self.settings.items())))


def here(job: Job, waiting: Iterable[Assignment]) -> Iterator[tuple[Assignment, Tally]]:
    """Judge parts in this process: an engine that is quick to start."""
    judge = Judge(job.ready(), job.as_at)
    earlier = Earlier.of(job.since)
    for work in waiting:
        yield work, judge_part(judge, work, earlier=earlier)


def audit_here(job: Job, paths: Sequence[str], folder: Path, **options: Any) -> Audited:
    """Audit without further processes, whatever `options` say."""
    return audit(job, paths, folder, **{**options, "engine": here})


def run(source: Path, folder: Path, *, part_size: int = 1, **changes: Any) -> Audited:
    """Audit a file or folder; a part has one document unless another size is given."""
    made = QuickJob(**{"as_at": toy.AS_AT, "seconds": 60.0, **changes})
    return audit_here(made, [str(source)], folder, part_size=part_size)


def wrote(path: Path, *centres: Mapping[str, Any] | bytes) -> Path:
    """Write one centre a line; bytes stand for a line as it is."""
    path.write_bytes(b"".join(each if isinstance(each, bytes) else line(each) for each in centres))
    return path


def assessed(number: int, **changes: Any) -> dict[str, Any]:
    """Return a centre in which what was not assessed is: it has one breach less."""
    made = centre(number, **changes)
    for programme in made["programmes"]:
        for learner in programme["learners"]:
            for submission in learner["submissions"]:
                submission["assessed_on"] = submission["submitted_on"]
    return made


def bytes_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    found: list[dict[str, Any]] = parquet.read_table(folder / f"{table}.parquet").to_pylist()
    return found


def rewrite(folder: Path, table: str, changed: Sequence[Mapping[str, Any]]) -> None:
    """Put other rows into a table."""
    path = folder / f"{table}.parquet"
    schema = parquet.read_schema(path)
    parquet.write_table(pa.Table.from_pylist(list(changed), schema), path, compression="zstd")


def seal(folder: Path, **changes: Any) -> None:
    """Let the manifest say that the tables are what the run wrote, and what else is given."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for file in manifest["files"]:
        manifest["files"][file] = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    path.write_text(json.dumps({**manifest, **changes}), "utf-8")
