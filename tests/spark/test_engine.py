"""The cluster engine without a cluster: what a node does, and what the driver makes of it."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from msgspec import Struct, field
from msgspec.structs import replace
from pyarrow import parquet

from policy.audit import spark_task
from policy.audit.inputs import survey
from policy.audit.job import Job
from policy.audit.part_judging import Assignment
from policy.audit.spark import Cluster, Running
from policy.audit.spark_task import REFUSED, Errand, depends_on, judge_parts
from policy.audit.tally import Tally
from policy.audit.workers import Pool, assignments
from policy.errors import PolicyError
from tests.audit.toy_job import ToyJob, lines
from tests.audit.toy_job import job as made_job

FILES = ["documents.parquet", "findings.parquet", "outcomes.parquet", "part.json"]


class Lost(Exception):
    """What a pretended Spark raises when a job failed."""


class Pretended(Struct, kw_only=True, dict=True):
    """As much of a Spark session as the engine asks for; `fails` may raise for parts of a job."""

    defaultParallelism: int = 2
    fails: Callable[[Sequence[int]], None] = lambda parts: None
    sizes: list[int] = field(default_factory=list)

    @property
    def sparkContext(self) -> Pretended:
        """Itself: it knows how many cores there are."""
        return self

    def range(self, start: int, end: int, step: int, parts: int) -> Pretended:
        """Remember how many parts a job has."""
        assert (start, step, end) == (0, 1, parts)
        self.sizes.append(parts)
        return replace(self, sizes=list(range(parts)))

    def mapInArrow(self, function: Any, columns: str) -> Pretended:
        """Take what to do, as it would go to a node."""
        self.function = pickle.loads(pickle.dumps(function))
        assert columns == "part long, name string, content binary"
        return self

    def collect(self) -> list[dict[str, Any]]:
        """Do it."""
        (errand,) = self.function.args
        self.fails([part.number for part in errand.parts])
        batches = iter([pa.RecordBatch.from_pydict({"id": [at]}) for at in self.sizes])
        return [row for batch in self.function(batches) for row in batch.to_pylist()]


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder that Spark would clear, and a process that nobody has settled for judging."""
    folder = tmp_path / "room"
    folder.mkdir()
    monkeypatch.setattr(spark_task, "_room", lambda: str(folder))
    monkeypatch.setattr(spark_task.gc, "freeze", lambda: None)
    monkeypatch.setattr(spark_task.gc, "disable", lambda: None)
    spark_task._settled.cache_clear()
    yield folder
    spark_task._settled.cache_clear()


def work_on(folder: Path, *names: str) -> list[Assignment]:
    """Return the work on centres of these names, each a part."""
    folder.mkdir(exist_ok=True)
    (folder / "x.ndjson").write_bytes(lines(*names))
    return assignments(survey([str(folder / "x.ndjson")], 1).parts, folder / "parts")


def job(**changes: Any) -> ToyJob:
    """Return a job without a time limit: pretended nodes are threads, which cannot have one."""
    return made_job(seconds=None, **changes)


def errand_for(works: Sequence[Assignment], given: Job | None = None) -> Errand:
    """Return the errand that a driver sends a node with."""
    given = given or job()
    return Errand(
        job=pickle.dumps(given),
        depends_on=depends_on(given),
        folder=os.getcwd(),
        parts=tuple(work.part for work in works),
    )


def run(session: Pretended, works: Sequence[Assignment]) -> dict[int, Tally]:
    """Run the engine on a pretended cluster."""
    errand = replace(errand_for(works), parts=())
    running = Running(session=session, failures=(Lost,), errand=errand, waiting=list(works))  # type: ignore[arg-type]
    return {work.part.number: tally for work, tally in running.results()}


def on_a_node(errand: Errand) -> dict[str, bytes]:
    """Return the files that a node makes of the first part of an errand."""
    (batch,) = [pa.RecordBatch.from_pydict({"id": [0]})]
    rows = [row for made in judge_parts(errand, iter([batch])) for row in made.to_pylist()]
    assert {row["part"] for row in rows} == {errand.parts[0].number}
    return {row["name"]: row["content"] for row in rows}


def refusal(errand: Errand) -> str:
    """Return code and words of a node that will not judge."""
    files = on_a_node(errand)
    assert list(files) == [REFUSED]
    about = json.loads(files[REFUSED])
    return f"{about['code']}: {about['message']}"


def test_a_cluster_keeps_what_processes_keep(tmp_path: Path) -> None:
    """Every part has the files that the local engine writes, byte for byte."""
    names = ("A", "B", "", "C", "D")
    works = work_on(tmp_path / "cluster", *names)
    done = run(Pretended(), works)
    alone = [replace(work, folder=tmp_path / "alone" / work.folder.name) for work in works]
    heard = list(Pool(job=job(), workers=1, waiting=list(alone)).run())
    tallies = {each[0].part.number: each[1] for each in heard if not isinstance(each, int)}
    assert done == tallies
    for one, other in zip(works, alone, strict=True):
        assert sorted(path.name for path in one.folder.iterdir()) == FILES
        for name in FILES:
            assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()


def test_a_large_cluster_is_given_several_parts_at_a_time(tmp_path: Path) -> None:
    """The driver, which begins some jobs a second, must not be what many cores wait for."""
    works = work_on(tmp_path / "in", *["A"] * 12)
    small, large = Pretended(), Pretended(defaultParallelism=40)
    assert run(small, works) == run(large, works)
    assert small.sizes == [1] * 12
    assert large.sizes == [5, 5, 2]


def test_parts_that_are_given_up_do_not_keep_the_others(tmp_path: Path) -> None:
    """One part over which tasks die is named at the end, when all others are kept."""

    def fails(parts: Sequence[int]) -> None:
        if 1 in parts:
            raise Lost

    works = work_on(tmp_path / "in", "A", "B", "C", "D")
    with pytest.raises(PolicyError) as caught:
        run(Pretended(fails=fails), works)
    (said,) = caught.value.diagnostics
    assert said.code == "P821"
    assert said.message.endswith("x.ndjson` from number 2")
    assert "--resume and --engine local" in said.help
    assert [work.folder.exists() for work in works] == [True, False, True, True]


def test_a_cluster_on_which_everything_dies_is_not_tried_for_ever(tmp_path: Path) -> None:
    """After some parts it is no longer the documents' fault."""
    tried = []

    def fails(parts: Sequence[int]) -> None:
        tried.append(parts)
        raise Lost

    with pytest.raises(PolicyError, match="gave up"):
        run(Pretended(fails=fails), work_on(tmp_path / "in", *["A"] * 40))
    assert len(tried) < 20


def test_a_node_without_the_program_is_said_at_once(tmp_path: Path) -> None:
    """What Spark says of it is a traceback of its own."""

    def fails(parts: Sequence[int]) -> None:
        raise Lost("ModuleNotFoundError: No module named 'policy'")

    with pytest.raises(PolicyError, match="does not have this program") as caught:
        run(Pretended(fails=fails), work_on(tmp_path / "in", "A", "B"))
    assert caught.value.diagnostics[0].code == "P822"


def test_what_is_no_failure_of_spark_is_not_taken_for_one(tmp_path: Path) -> None:
    """A mistake of ours is not blamed on documents."""

    def fails(parts: Sequence[int]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(Pretended(fails=fails), work_on(tmp_path / "in", "A"))


def test_a_node_that_sees_other_bytes_refuses(tmp_path: Path) -> None:
    """Same name, same size, something else in it: the node would come to something else."""
    works = work_on(tmp_path / "in", "A", "B")
    (tmp_path / "in" / "x.ndjson").write_bytes(lines("A", "Z"))
    assert set(on_a_node(errand_for(works[:1]))) == set(FILES)
    assert "x.ndjson` holds something else there" in refusal(errand_for(works[1:]))
    with pytest.raises(PolicyError, match="holds something else there"):
        run(Pretended(), works)


def test_a_node_that_does_not_see_the_file_refuses(tmp_path: Path) -> None:
    """It would put all documents aside, and say that they cannot be read."""
    works = work_on(tmp_path / "in", "A")
    (tmp_path / "in" / "x.ndjson").unlink()
    assert "x.ndjson` cannot be read there" in refusal(errand_for(works))


def test_rows_of_a_parquet_file_are_known_by_its_size(tmp_path: Path) -> None:
    """A row group lies all over a file that may be large, so the file is not read twice for it."""
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"number": ["90001"]}), path)
    works = assignments(survey([str(path)], 1).parts, tmp_path / "parts")
    assert set(on_a_node(errand_for(works))) == set(FILES)
    path.write_bytes(path.read_bytes() + b" ")
    assert "x.parquet` holds something else there" in refusal(errand_for(works))


def test_a_node_with_other_specs_refuses(tmp_path: Path) -> None:
    """Two versions in one run would be told from each other by nobody."""
    errand = errand_for(work_on(tmp_path / "in", "A"))
    other = json.loads(errand.depends_on) | {"engine": "0.0.1"}
    said = refusal(replace(errand, depends_on=json.dumps(other, sort_keys=True)))
    assert said.startswith("P822: the node `")
    assert said.endswith("its specs or versions are not those of the driver")


def test_a_node_that_cannot_load_the_specs_refuses(tmp_path: Path) -> None:
    """A file of specs that only the driver has."""
    errand = errand_for(work_on(tmp_path / "in", "A"))
    lacking = pickle.dumps(job(files=(str(tmp_path / "lacking.policy"),)))
    assert "the specs cannot be loaded there" in refusal(replace(errand, job=lacking))


def test_paths_are_those_of_where_the_driver_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: Path
) -> None:
    """A task runs somewhere else, and stands there again afterwards."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.ndjson").write_bytes(lines("A"))
    errand = errand_for(assignments(survey(["x.ndjson"], 1).parts, Path("parts")))
    monkeypatch.chdir(room)
    assert set(on_a_node(errand)) == set(FILES)
    assert Path.cwd() == room
    assert list(room.iterdir()) == []


def test_what_spark_logs_of_a_mistake_says_nothing_of_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of an exception may quote a learner's name."""

    def fails(*given: object) -> None:
        raise ValueError("Learner Smith")

    errand = errand_for(work_on(tmp_path / "in", "A"))
    monkeypatch.setattr(spark_task, "judge_part", fails)
    with pytest.raises(RuntimeError) as caught:
        on_a_node(errand)
    assert str(caught.value) == "a mistake in policy itself, ValueError"
    assert caught.value.__suppress_context__


def test_a_disk_of_a_node_that_is_full_is_for_another_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark tries the part elsewhere when the task fails, and not when it gives an answer."""

    def fails(*given: object) -> None:
        raise OSError(28, "No space left on device")

    errand = errand_for(work_on(tmp_path / "in", "A"))
    monkeypatch.setattr(spark_task, "judge_part", fails)
    with pytest.raises(OSError, match="No space left"):
        on_a_node(errand)


HANGS = """
import signal, sys, time
from policy.audit.spark_task import _timed
from tests.audit.toy_job import job
with _timed(job(seconds=0.4)) as begun:
    begun(0)
    time.sleep(1.0)
    print("alive", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])  # as in a call that never returns
    time.sleep(600)
"""


def test_a_plugin_that_cannot_be_ended_ends_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is silent for longer than a plugin may take ends itself; Spark goes on."""
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", HANGS], capture_output=True, text=True, cwd=root, timeout=300
    )
    assert ended.stdout == "alive\n"
    assert ended.returncode == 1
    assert "Timeout" in ended.stderr


def test_without_spark_the_engine_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark is large, so it is an extra of its own."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    works = work_on(tmp_path / "in", "A")
    with pytest.raises(PolicyError, match="is not installed") as caught:
        list(Cluster(master="local[1]").run(job(), works))
    assert caught.value.diagnostics[0].code == "P820"
    assert "btec-policy[audit,spark]" in caught.value.diagnostics[0].help


def test_nothing_to_do_needs_no_cluster() -> None:
    """A run whose parts are all done starts no Spark."""
    assert list(Cluster().run(ToyJob(as_at=job().as_at), [])) == []
