"""Processes that judge, and what becomes of a run when something happens to them."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from policy.audit import part_judging, workers
from policy.audit.inputs import survey
from policy.audit.judging import Judge, Judged
from policy.audit.part_judging import BROKEN, DONE, REFUSED, Assignment, Process, judge_part
from policy.audit.store import PartWriter
from policy.audit.tally import Tally
from policy.audit.workers import Pool, WorkerBroke, assignments
from policy.cli.error_boundary import _bug_lines
from policy.errors import PolicyError
from tests.audit.toy_job import ToyJob, job, judge, lines


@pytest.fixture(scope="module")
def by() -> Judge:
    """A judge by the toy specs."""
    return judge()


def work_on(folder: Path, *names: str, size: int = 1 << 20) -> list[Assignment]:
    """Return the work on centres of these names, one a line."""
    (folder / "x.ndjson").write_bytes(lines(*names))
    return assignments(survey([str(folder / "x.ndjson")], size).parts, folder / "parts")


def run(pool: Pool) -> dict[int, Tally]:
    """Run a pool and return the tally of each part."""
    heard = [each for each in pool.run() if not isinstance(each, int)]
    done = {work.part.number: tally for work, tally in heard}
    assert len(done) == len(heard)
    return done


def documents(works: Iterable[Assignment]) -> list[tuple[str, str, str]]:
    """Return centre, code and problem of all documents in the parts."""
    found = []
    for work in works:
        table = parquet.read_table(work.folder / "documents.parquet")
        found += [(row["centre"], row["code"], row["problem"]) for row in table.to_pylist()]
    return found


def test_who_dies_over_a_document_loses_only_that(tmp_path: Path) -> None:
    """The others of its part are judged, and so are the other parts."""
    names = ("A", "Deadly", "Leaving", "B", "C")
    works = work_on(tmp_path, *names, size=2 * len(lines("A")) + 50)
    assert len(works) == 2
    done = run(Pool(job=job(), workers=1, waiting=list(works)))
    words = "the process that judged this document ended"
    assert documents(works) == [
        ("90001", "", ""),
        ("", "P802", f"{words} (killed, as happens when memory runs out)"),
        ("", "P802", f"{words} (exit code 7)"),
        ("90004", "", ""),
        ("90005", "", ""),
    ]
    assert [done[number].quarantined for number in (0, 1)] == [2, 0]


def test_who_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that catches everything costs its document, not the run."""
    monkeypatch.setattr(workers, "_GRACE", 1.0)
    works = work_on(tmp_path, "A", "Stubborn", "Hanging", "B")
    (tally,) = run(Pool(job=job(seconds=0.3), workers=1, waiting=list(works))).values()
    words = "the process that judged this document ended (a plugin did not let itself be ended)"
    assert documents(works) == [
        ("90001", "", ""),
        ("", "P802", words),
        ("90003", "", ""),
        ("90004", "", ""),
    ]
    assert (tally.documents, tally.quarantined, tally.errors) == (4, 1, 1)


class BrokenJob(ToyJob):
    """A job that cannot be loaded in another process."""

    def ready(self) -> Any:
        """Die of it."""
        os._exit(9)


class BuggyJob(ToyJob):
    """A job with a mistake of ours in it."""

    def ready(self) -> Any:
        """Raise something that quotes data."""
        raise RuntimeError("Zebedee")


def test_who_dies_before_the_first_document_ends_the_run(tmp_path: Path) -> None:
    """That is no document's fault."""
    works = work_on(tmp_path, "A")
    with pytest.raises(PolicyError) as caught:
        run(Pool(job=BrokenJob(as_at=job().as_at), workers=1, waiting=works))
    (said,) = caught.value.diagnostics
    assert (said.code, "exit code 9" in said.message) == ("P803", True)


def test_who_dies_again_and_again_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somewhere there is an end to it."""
    monkeypatch.setattr(workers, "_MOST_DEATHS", 1)
    works = work_on(tmp_path, "Leaving", "Leaving", "A")
    with pytest.raises(PolicyError) as caught:
        run(Pool(job=job(), workers=1, waiting=works))
    assert [each.code for each in caught.value.diagnostics] == ["P803"]


def test_our_own_mistake_in_another_process_is_ours(tmp_path: Path) -> None:
    """It comes up here, with its place and without its text, which may quote data."""
    with pytest.raises(WorkerBroke) as caught:
        run(Pool(job=BuggyJob(as_at=job().as_at), workers=1, waiting=work_on(tmp_path, "A")))
    report = "\n".join(_bug_lines(caught.value))
    assert "builtins.RuntimeError, in another process, raised at:\n" in report
    assert "test_workers.py" in report
    assert "Zebedee" not in report


def test_nothing_is_waited_for_without_parts() -> None:
    """A run that is done begins no process."""
    assert run(Pool(job=BrokenJob(as_at=job().as_at), workers=3, waiting=[])) == {}


def test_a_mistake_of_ours_over_one_document(tmp_path: Path, by: Judge) -> None:
    """It is quarantined; the exception's text is not kept."""

    class Careless(Judge):
        def judge(self, given: Any) -> Judged:
            if given.line == 2:
                raise KeyError("Zebedee")
            if given.line == 3:
                raise MemoryError
            return by.judge(given)

    works = work_on(tmp_path, "A", "B", "C", "D")
    ready = job().ready()
    tally = judge_part(Careless(ready, job().as_at), works[0])
    assert (tally.documents, tally.quarantined) == (4, 2)
    assert documents(works) == [
        ("90001", "", ""),
        ("", "P805", "this is a mistake in policy itself, `KeyError`"),
        ("", "P514", "the document needs more memory than there is"),
        ("90004", "", ""),
    ]


def test_what_was_lost_is_not_judged_again(tmp_path: Path, by: Judge) -> None:
    """The reason that was found first stands."""
    (work,) = work_on(tmp_path, "A", "Deadly")
    why = workers._lost("x")
    judge_part(by, Assignment(part=work.part, folder=work.folder, lost={1: why}))
    assert documents([work])[1] == ("", "P802", why.message)
    about = json.loads((work.folder / "part.json").read_text())
    assert (about["hash"], about["documents"]) == (work.part.hash, 2)


class Pipe:
    """A pipe whose other end is in the test."""

    def __init__(self, *works: Assignment) -> None:
        self.waiting = [*works, None]
        self.said: list[tuple[str, Any]] = []
        self.before: Callable[[str], None] = lambda what: None

    def recv(self) -> Assignment | None:
        """Give the next work."""
        return self.waiting.pop(0)

    def send(self, message: tuple[str, Any]) -> None:
        """Keep what is said."""
        self.before(message[0])
        self.said.append(message)


class Counter:
    """A number that another process could see."""

    value = 0


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, by: Judge) -> Callable[[Pipe], None]:
    """Live as a process would, in this one."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    for name in ("collect", "freeze", "disable"):
        monkeypatch.setattr(f"gc.{name}", lambda: None)

    def lived(pipe: Pipe) -> None:
        process = Process(job=job(seconds=None), pipe=pipe, alive=Counter(), judge=by)  # type: ignore[arg-type]
        process.live()

    return lived


def test_what_a_process_says(tmp_path: Path, live: Callable[[Pipe], None]) -> None:
    """The number of each document before it is judged, then the tally."""
    pipe = Pipe(*work_on(tmp_path, "A", "B", size=1))
    live(pipe)
    assert [what for what, _ in pipe.said] == ["begun", "done", "begun", "done"]
    assert [value.documents for what, value in pipe.said if what == DONE] == [1, 1]


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, "P804", "there is no room left on the disk"),
        (errno.EDQUOT, "P804", "there is no room left on the disk"),
        (errno.EACCES, "P814", "permission denied"),
    ],
)
def test_results_that_cannot_be_written_end_the_run(
    tmp_path: Path,
    live: Callable[[Pipe], None],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    code: str,
    words: str,
) -> None:
    """They are nobody's document's fault, and what is done stays."""
    first, second = work_on(tmp_path, "A", "B", size=1)
    pipe = Pipe(first, second)
    usual = PartWriter.finish

    def finish(self: PartWriter, about: Any) -> None:
        if self.folder == second.folder:
            raise OSError(number, os.strerror(number))
        usual(self, about)

    monkeypatch.setattr(PartWriter, "finish", finish)
    live(pipe)
    what, diagnostics = pipe.said[-1]
    assert (what, diagnostics[0].code) == (REFUSED, code)
    assert words in diagnostics[0].message
    assert (first.folder / "part.json").exists()
    assert not second.folder.exists()


def test_an_input_that_changes_while_it_is_judged(
    tmp_path: Path, live: Callable[[Pipe], None]
) -> None:
    """Nothing is kept of a part whose file is another now."""
    (work,) = work_on(tmp_path, "A")
    pipe = Pipe(work)
    pipe.before = lambda what: os.utime(tmp_path / "x.ndjson", (1, 1))
    live(pipe)
    what, diagnostics = pipe.said[-1]
    assert (what, diagnostics[0].code) == (REFUSED, "P806")
    assert str(tmp_path / "x.ndjson") in diagnostics[0].message
    assert not work.folder.exists()


def test_who_is_left_alone_ends(tmp_path: Path, live: Callable[[Pipe], None]) -> None:
    """Nothing is kept once the first process is gone: another run may own the folder."""
    (work,) = work_on(tmp_path, "A")
    pipe = Pipe(work)

    def gone(what: str) -> None:
        raise BrokenPipeError

    pipe.before = gone
    live(pipe)
    assert pipe.said == []
    assert not work.folder.exists()


def test_a_first_process_that_is_gone_is_noticed_before_anything_is_kept(
    tmp_path: Path, live: Callable[[Pipe], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last document may have been the last chance to hear of it."""

    class Gone:
        def is_alive(self) -> bool:
            return False

    monkeypatch.setattr(part_judging, "parent_process", Gone)
    (work,) = work_on(tmp_path, "A")
    pipe = Pipe(work)
    live(pipe)
    assert [what for what, _ in pipe.said] == ["begun"]
    assert not work.folder.exists()


def test_a_mistake_of_ours_outside_of_documents(
    tmp_path: Path, live: Callable[[Pipe], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said where it was, without the text."""

    def broken(self: PartWriter, rows: Any) -> None:
        raise KeyError("Zebedee")

    monkeypatch.setattr(PartWriter, "add", broken)
    pipe = Pipe(*work_on(tmp_path, "A"))
    live(pipe)
    what, words = pipe.said[-1]
    assert what == BROKEN
    assert words[0] == "builtins.KeyError, in another process, raised at:"
    assert words[-1].endswith("in broken")
    assert "Zebedee" not in "".join(words)
