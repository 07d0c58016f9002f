"""A run from inputs to files: what it leaves, how it goes on, and what it refuses."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from policy.audit import folder as folders
from policy.audit import run as runs
from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.part_judging import Assignment, judge_part
from policy.audit.run import Audited, Step, audit
from policy.audit.tables import TABLES
from policy.audit.tally import Tally
from policy.errors import PolicyError, SpecInvalid
from tests.audit.toy_job import job, lines

ROOT = Path(__file__).parents[2]
FILES = sorted([*(f"{table}.parquet" for table in TABLES), "manifest.json"])
NAMES = ("A", "B", "C", "D", "E")


def here(job: Job, waiting: Sequence[Assignment]) -> Iterator[tuple[Assignment, Tally]]:
    """An engine that judges in this process."""
    judge = Judge(job.ready(), job.as_at)
    for work in waiting:
        yield work, judge_part(judge, work)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five centres, one a line."""
    path = tmp_path / "x.ndjson"
    path.write_bytes(lines(*NAMES))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where results are to be."""
    return tmp_path / "out"


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


def test_an_interrupted_run_goes_on(source: Path, tmp_path: Path) -> None:
    """Parts that are done are not judged again, and the result is as if nothing had been."""
    run(source, tmp_path / "whole")
    for parts in (0, 1, 4, 5):
        out = tmp_path / f"after {parts}"
        with pytest.raises(KeyboardInterrupt):
            run(source, out, engine=stopped_after(parts))
        judged: list[int] = []

        def counting(job: Job, waiting: Sequence[Assignment]) -> Iterator[Any]:
            for each in here(job, waiting):
                judged.append(each[0].part.number)  # noqa: B023 - read before it is another
                yield each

        done = run(source, out, engine=counting, resume=True)
        assert judged == list(range(parts, 5))
        assert done.tally.documents == 5
        assert contents(out) == contents(tmp_path / "whole")


def test_a_finished_run_goes_on_by_doing_nothing(source: Path, out: Path) -> None:
    """Then --resume says what it came to."""
    first = run(source, out)
    before = contents(out)
    again = run(source, out, engine=stopped_after(0), resume=True)
    assert again.tally == first.tally
    assert contents(out) == before


def test_resume_begins_what_was_never_begun(source: Path, out: Path) -> None:
    """Whoever always says --resume gets a run the first time, too."""
    assert run(source, out, resume=True).tally.documents == 5


def killed_in(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die the first time it comes to a function of the run."""
    usual = getattr(runs, where)

    def dying(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(runs, where, usual)
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, where, dying)


@pytest.mark.parametrize("where", ["merge", "finished", "write_json", "tidy", "where_it_stands"])
def test_a_run_that_dies_in_its_last_steps_goes_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Before tables are merged, after, and when only the tidying up is left."""
    run(source, tmp_path / "whole")
    out = tmp_path / "out"
    killed_in(where, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run(source, out)
    run(source, out, resume=True)
    assert contents(out) == contents(tmp_path / "whole")


def test_drafts_of_a_run_that_was_killed_are_written_over(source: Path, tmp_path: Path) -> None:
    """Half of a part, of a table, of the first file of all: none of them counts."""
    run(source, tmp_path / "whole")
    out = tmp_path / "out"
    out.mkdir()
    (out / "begun.json.draft").write_text("{")
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(2))
    (out / "parts" / "000003.draft").mkdir()
    (out / "parts" / "000003.draft" / "findings.parquet").write_text("x")
    (out / "findings.parquet.draft").write_text("x")
    run(source, out, resume=True)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("is_done", [True, False], ids=["done", "half done"])
def test_another_input_is_refused_by_name(source: Path, out: Path, is_done: bool) -> None:
    """A file that changed, one more, one less: the first that differs is named."""
    if is_done:
        run(source, out)
    else:
        with pytest.raises(KeyboardInterrupt):
            run(source, out, engine=stopped_after(2))
    words = "the input is not what it was when the run began"
    usual = source.read_bytes()
    source.write_bytes(usual.replace(b'"C"', b'"X"'))
    assert refusal(source, out, resume=True) == ("P806", f"{words}: `{source}`")
    source.write_bytes(usual)
    more = source.with_name("more.ndjson")
    more.write_bytes(lines("F"))
    with pytest.raises(PolicyError, match=r"more\.ndjson"):
        audit(job(), [str(source), str(more)], out, engine=here, part_size=1, resume=True)
    with pytest.raises(PolicyError, match=r"x\.ndjson|more\.ndjson"):
        audit(job(), [str(more)], out, engine=here, part_size=1, resume=True)
    assert run(source, out, resume=True).tally.documents == 5


OTHER = {
    "another day (--as-at)": {"as_at": date(2026, 5, 2)},
    "another value of `days`": {"settings": {"days": "16"}},
    "other rules": {"rules": ("window",)},
}


@pytest.mark.parametrize(("words", "changes"), OTHER.items(), ids=OTHER)
def test_another_question_is_refused(
    source: Path, out: Path, words: str, changes: dict[str, Any]
) -> None:
    """Results of two questions never lie in one folder."""
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(2))
    code, said = refusal(source, out, job(**changes), resume=True)
    assert code == "P807"
    assert said == f"the run in `{out}` was begun with {words}"
    assert run(source, out, resume=True).tally.documents == 5


def test_another_spec_is_refused(source: Path, out: Path, tmp_path: Path) -> None:
    """The same name with other words in it is another spec."""
    spec = tmp_path / "mine.policy"
    text = 'language 1\nspec mine "Mine" for 2025/26\nrule r "R"\n  for each centre c\n'
    text += "  cites TOY-001\n  must c.name is recorded\n"
    spec.write_text(text)
    by = job(files=(str(spec),))
    with pytest.raises(KeyboardInterrupt):
        run(source, out, by, engine=stopped_after(1))
    spec.write_text(text.replace("c.name", "c.region"))
    assert refusal(source, out, by, resume=True)[0] == "P807"
    spec.write_text(text)
    assert run(source, out, by, resume=True).tally.documents == 5
    spec.write_text(text.replace("must", "mast"))
    with pytest.raises(SpecInvalid):
        run(source, out, by, resume=True)


def test_a_folder_that_holds_a_run_is_not_written_over(source: Path, out: Path) -> None:
    """Neither when it is done nor when it is under way."""
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(1))
    words = f"`{out}` holds an audit already"
    assert refusal(source, out) == ("P810", words)
    run(source, out, resume=True)
    assert refusal(source, out) == ("P810", words)


@pytest.mark.parametrize("resume", [True, False])
def test_a_folder_that_holds_something_else_is_left_alone(
    source: Path, out: Path, resume: bool
) -> None:
    """Whatever it is."""
    out.mkdir()
    (out / "thesis.doc").write_text("x")
    words = f"`{out}` holds something else, such as `thesis.doc`"
    assert refusal(source, out, resume=resume) == ("P811", words)
    assert contents(out) == {"thesis.doc": b"x"}


def test_results_inside_the_input_are_refused(tmp_path: Path) -> None:
    """The next run would read them."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.ndjson").write_bytes(lines("A"))
    code, words = refusal(tmp_path / "in", tmp_path / "in" / "out")
    assert (code, "lies inside the input" in words) == ("P817", True)
    assert not (tmp_path / "in" / "out").exists()
    run(tmp_path / "in", tmp_path / "out")


def test_what_cannot_go_well_is_said_before_all_is_read(
    source: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading a large input takes minutes: a folder that is taken, no run to take over from."""
    run(source, out)

    def read(*_: object) -> None:
        raise AssertionError("the input was read")

    monkeypatch.setattr("policy.audit.run._survey", read)
    assert refusal(source, out)[0] == "P810"
    assert refusal(source, source.parent)[0] == "P811"
    nowhere = out.with_name("nowhere")
    assert refusal(source, out.with_name("new"), job(since=nowhere))[0] == "P812"
    assert not out.with_name("new").exists()


def test_results_are_no_input(source: Path, tmp_path: Path) -> None:
    """Neither those of a run that is done nor those of one that was ended, wherever they lie."""
    (tmp_path / "in").mkdir()
    run(source, tmp_path / "in" / "done")
    said = (f"the input `{tmp_path / 'in' / 'done'}` holds the results of an audit",)
    assert refusal(tmp_path / "in", tmp_path / "out") == ("P817", *said)
    for table in TABLES:
        (tmp_path / "in" / "done" / f"{table}.parquet").unlink()
    with pytest.raises(KeyboardInterrupt):
        run(source, tmp_path / "in" / "ended", engine=stopped_after(1))
    assert refusal(tmp_path / "in", tmp_path / "out")[0] == "P817"
    assert not (tmp_path / "out").exists()


def test_two_runs_into_one_folder(source: Path, out: Path) -> None:
    """The second is refused while the first is there, and the first does not notice."""

    def engine(job: Job, waiting: Sequence[Assignment]) -> Iterator[Any]:
        words = f"another audit is writing to `{out}`"
        for resume in (True, False):
            assert refusal(source, out, resume=resume) == ("P809", words)
        yield from here(job, waiting)

    assert run(source, out, engine=engine).tally.documents == 5


def test_a_damaged_file_of_a_run(source: Path, out: Path) -> None:
    """What it was begun with cannot be told any more."""
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(1))
    (out / "begun.json").write_text("{")
    said = f"`{out / 'begun.json'}` is damaged, or cannot be read"
    assert refusal(source, out, resume=True) == ("P808", said)


def test_a_folder_that_cannot_be_made(source: Path, tmp_path: Path) -> None:
    """A file is in its place."""
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file", tmp_path / "file" / "out"):
        code, words = refusal(source, path)
        assert (code, str(path) in words) == ("P814", True)


def test_a_full_disk_is_said_and_the_run_goes_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the tables are put together as when the run begins."""
    run(source, tmp_path / "whole")
    for home, name in ((folders, "write_json"), (runs, "merge"), (runs, "write_json")):
        out = tmp_path / f"{home.__name__} {name}"

        def full(*_: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr(home, name, full)
            words = "there is no room left on the disk"
            assert refusal(source, out) == ("P804", words)
        run(source, out, resume=True)
        assert contents(out) == contents(tmp_path / "whole")


def test_a_disk_that_is_full_for_a_process(source: Path, tmp_path: Path) -> None:
    """What the system says to a process that writes comes up here in words."""
    run(source, tmp_path / "whole")
    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(2))
    limits = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limits += "resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000));"
    script = f"{limits} from tests.audit.toy_job import main; import sys; main(*sys.argv[1:])"
    ended = subprocess.run(
        [sys.executable, "-c", script, str(out), str(source), "1", "resume"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "PolicyError: the results cannot be written" in ended.stderr
    assert "file too large" in ended.stderr
    run(source, out, resume=True)
    assert contents(out) == contents(tmp_path / "whole")


def test_an_input_that_changed_meanwhile(source: Path, out: Path) -> None:
    """No results are made of half of one file and half of another."""

    def engine(job: Job, waiting: Sequence[Assignment]) -> Iterator[Any]:
        yield from here(job, waiting)
        source.write_bytes(lines(*NAMES, "F"))

    code, words = refusal(source, out, engine=engine)
    assert (code, words) == ("P806", f"the input changed while it was judged: `{source}`")
    assert not (out / "manifest.json").exists()


def test_libraries_that_are_not_there(
    source: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever installed only the checker is told what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(PolicyError) as caught:
        run(source, out)
    (said,) = caught.value.diagnostics
    assert (said.code, said.message) == ("P815", "audits need `pyarrow`, which is not installed")
    assert "pip install btec-policy[audit]" in said.help
    assert not out.exists()


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


def test_a_part_of_another_hash_is_judged_again(source: Path, out: Path, tmp_path: Path) -> None:
    """As after a new version parts the input in another way."""
    run(source, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(3))
    run(source, out, resume=True, part_size=1 << 20)
    assert contents(out) == contents(tmp_path / "whole")
    shutil.rmtree(out)
