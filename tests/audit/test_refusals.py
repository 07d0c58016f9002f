"""What a run does not begin with, and what ends it: folders, disks, inputs, libraries."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from policy.audit import folder as folders
from policy.audit import run as runs
from policy.audit.job import Job
from policy.audit.part_judging import Assignment
from policy.audit.tables import TABLES
from policy.errors import PolicyError
from tests.audit.line_runs import NAMES, ROOT, contents, here, refusal, run, stopped_after
from tests.audit.toy_job import job, lines


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
