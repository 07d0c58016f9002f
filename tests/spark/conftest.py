"""A cluster, centres to judge on it, and what a single machine makes of them."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.spark.standalone import Standalone, environment, standalone

ROOT = Path(__file__).parents[2]
CENTRES = 6
MADE = ("documents.parquet", "findings.parquet", "outcomes.parquet", "manifest.json")


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A folder with `centres/` in it, and in `alone/` what one machine found in them."""

    folder: Path

    def begin(self, *options: str, events: Path | None = None) -> subprocess.Popen[str]:
        """Begin `policy audit run centres ...` in the folder; Spark tells `events` what happens."""
        variables = environment()
        if events is not None:
            events.mkdir()
            told = {"enabled": "true", "compress": "false", "dir": events.as_uri()}
            words = [f"--conf spark.eventLog.{name}={value}" for name, value in told.items()]
            variables["PYSPARK_SUBMIT_ARGS"] = " ".join((*words, "pyspark-shell"))
        command = [sys.executable, "-m", "policy", "audit", "run", "centres"]
        return subprocess.Popen(
            [*command, "--as-at", "2026-07-24", "--spec", "aaq", *options],
            cwd=self.folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def made(self, name: str) -> dict[str, bytes]:
        """Return the files of a run."""
        return {each: (self.folder / name / each).read_bytes() for each in MADE}


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A master and two workers."""
    with standalone(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Centres in several parts and kinds of files, two of which nobody can judge."""
    folder = tmp_path_factory.mktemp("ground")
    centres = folder / "centres"
    centres.mkdir()
    made = folder / "made.ndjson"
    program = [sys.executable, str(ROOT / "benchmarks" / "make_centres.py"), "--seed", "7"]
    shape = ["--centres", str(CENTRES), "--learners", "60", "--mix", "aaq=1", "--breaches", "4"]
    files = ["--out", str(made), "--expected", str(folder / "expected.json")]
    subprocess.run([*program, *shape, *files], check=True)
    first, second, third, *others = made.read_bytes().splitlines(keepends=True)
    (centres / "two.ndjson").write_bytes(first + b'{"number": \n' + second)
    (centres / "typed.json").write_text(json.dumps(json.loads(third), indent=1), "utf-8")
    (centres / "typed.yaml").write_text("number: [\n", "utf-8")
    for number, line in enumerate(others):
        (centres / f"z{number}.ndjson.gz").write_bytes(gzip.compress(line, mtime=0))
    ground = Ground(folder=folder)
    alone = ground.begin("--out", "alone", "--workers", "1")
    assert "2 documents could not be judged" in alone.communicate()[0]
    return ground
