"""`policy audit INPUT...`: what it takes, what it says, and how it ends."""

from __future__ import annotations

import fcntl
import gzip
import io
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy.audit.job import Job
from policy.audit.part_judging import Assignment
from policy.audit.run import Step
from policy.audit.tally import Tally
from policy.cli.audit import exit_code
from policy.cli.audit_progress import Bar, Log, watching
from policy.cli.error_boundary import run
from policy.cli.group import policy
from tests.audit.line_runs import here
from tests.audit.test_tables import LATE
from tests.audit.toy_job import ToyJob, centre, line, lines

ROOT = Path(__file__).parents[2]


@dataclass
class Ended:
    """How a command ended: exit code and both streams."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture
def call(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Call:
    """Run `policy audit` by the toy specs, in a folder of its own."""
    monkeypatch.setattr("policy.audit.job.Job", ToyJob)
    monkeypatch.setattr("policy.audit.run._processes", lambda ready, workers: here)
    monkeypatch.chdir(tmp_path)

    def run_policy(*arguments: str) -> Ended:
        code = run(policy, ["audit", *arguments])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run_policy


def audit(call: Call, content: bytes, *options: str) -> Ended:
    """Audit one file into a folder that is new."""
    Path("x.ndjson").write_bytes(content)
    out = f"out{len(list(Path().iterdir()))}"
    return call("x.ndjson", "--out", out, "--as-at", "2026-05-01", *options)


CLEAN = line(centre(name="A"))


def test_what_is_said_in_the_end(call: Call) -> None:
    """How much was judged, what was found, what could not be, and where it all is."""
    ended = audit(call, CLEAN + line(LATE) + b"{\n")
    first, second, third, fourth, last = ended.out.splitlines()
    assert first.startswith("3 documents, ")
    assert second.startswith("breached: 1 must, ")
    assert third == "1 document could not be judged; the reasons:"
    assert fourth == '  policy audit query out1 "SELECT document, problem FROM quarantined"'
    assert last == "results in out1"
    assert (ended.code, ended.err) == (2, "")


def test_one_of_each_is_said_so(call: Call) -> None:
    """Numbers and nouns agree."""
    assert audit(call, b"{\n").out.startswith("1 document, 0 judgements, 0 findings\n")


def test_an_interrupted_run_says_how_to_go_on(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """And only if there is something to go on with."""

    def interrupted(job: Job, waiting: Sequence[Assignment]) -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    monkeypatch.setattr("policy.audit.run._processes", lambda ready, workers: interrupted)
    ended = audit(call, CLEAN)
    words = "what is done is kept in out1: the same again with --resume goes on"
    assert (ended.code, ended.out) == (130, "")
    assert ended.err.split("\n")[0] == words

    def at_once(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("policy.audit.run._survey", at_once)
    ended = audit(call, CLEAN)
    assert (ended.code, "--resume" in ended.err) == (130, False)


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (CLEAN, ["--rule", "title_is_short"], 0),
        (CLEAN, ["--rule", "window"], 0),
        (line(LATE), ["--rule", "title_is_short"], 0),
        (line(LATE), ["--rule", "title_is_short", "--fail-on", "should"], 1),
        (line(LATE), ["--rule", "window"], 1),
        (line(LATE), ["--rule", "window", "--set", "days=100"], 0),
        (CLEAN, ["--rule", "title_is_short", "--fail-on", "unknown"], 1),
        (line(LATE) + b"{", ["--rule", "window"], 2),
        (CLEAN, ["--rule", "windoe"], 2),
        (CLEAN, ["--set", "dais=1"], 2),
        (b"", [], 2),
    ],
)
def test_how_it_ends(call: Call, content: bytes, options: list[str], code: int) -> None:
    """0 clean, 1 findings, 2 something was not judged: as `policy check` does."""
    assert audit(call, content, *options).code == code


def test_nothing_judged_is_not_clean(call: Call) -> None:
    """A year without an edition, or a rule about something that is not there."""
    ended = audit(call, line(centre(policies=[])), "--rule", "title_is_short")
    assert ended.code == 2
    assert "P791" in ended.err
    assert "nothing was checked" in ended.err


def test_the_words_may_be_left_out_or_not(call: Call) -> None:
    """`policy audit INPUT` is `policy audit run INPUT`, wherever options stand."""
    Path("x.ndjson").write_bytes(CLEAN)
    Path("y.ndjson.gz").write_bytes(gzip.compress(CLEAN))
    shared = ["--as-at", "2026-05-01", "--rule", "window"]
    assert call("run", "x.ndjson", "--out", "a", *shared).code == 0
    assert call(*shared, "--out", "b", "x.ndjson", "y.ndjson.gz").code == 0
    assert call("x.ndjson", "--out", "a", *shared).code == 2
    assert call("x.ndjson", "--out", "a", "--resume", *shared).code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["x.ndjson", "--out", "o"], "--as-at"),
        (["x.ndjson", "--as-at", "2026-05-01"], "--out"),
        (["--out", "o", "--as-at", "2026-05-01"], "INPUT"),
        (["x.ndjson", "--out", "o", "--as-at", "tomorrow"], "is no day"),
        (["-", "--out", "o", "--as-at", "2026-05-01"], "standard input"),
        (["missing.json", "--out", "o", "--as-at", "2026-05-01"], "no such file"),
        ([".", "--out", "../o", "--as-at", "2026-05-01"], "no data file"),
    ],
)
def test_what_it_asks_for(call: Call, arguments: list[str], words: str) -> None:
    """Each mistake in words, and nothing is made."""
    ended = call(*arguments)
    assert ended.code == 2
    assert words in ended.err
    assert not Path("o").exists()


def test_help_teaches(call: Call) -> None:
    """Both the group and the run, in 80 columns."""
    for arguments in (["--help"], ["run", "--help"]):
        ended = call(*arguments)
        assert ended.code == 0
        assert "Exit codes:" in ended.out
        assert max(map(len, ended.out.splitlines())) <= 80
    assert "--fail-on" in ended.out


def test_exit_codes_by_strength() -> None:
    """The threshold decides between 0 and 1; what was not judged stands before both."""
    some = {"documents": 1, "subjects": 5}
    assert exit_code(Tally(**some, undecided=1), "should") == 0
    assert exit_code(Tally(**some, undecided=1), "unknown") == 1
    assert exit_code(Tally(**some, breached_should=1), "must") == 0
    assert exit_code(Tally(**some, breached_should=1), "unknown") == 1
    assert exit_code(Tally(**some, breached_must=1, errors=1), "must") == 2
    assert exit_code(Tally(**some, breached_must=1, quarantined=1), "must") == 2


class Clock:
    """A clock that a test moves on."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def judging(done: int, documents: int) -> Step:
    """Return a step of a run over 1,000,000 bytes."""
    return Step(stage="judging", done=done, size=1_000_000, documents=documents)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is written to a terminal of 80 columns."""
    stream = io.StringIO()
    monkeypatch.setattr("policy.cli.audit_progress.write", lambda text, error: stream.write(text))
    monkeypatch.setenv("COLUMNS", "80")
    return stream


def test_a_bar_on_a_terminal(terminal: io.StringIO) -> None:
    """How far, how many, how quickly, how long still; in the end an empty line."""
    clock = Clock()
    bar = Bar(clock)
    bar.show(judging(200_000, 1_000))
    clock.now += 0.05
    bar.show(judging(210_000, 1_050))  # nobody could see it
    clock.now += 39.95
    bar.show(judging(600_000, 3_000))
    bar.clear()
    first, second, *rest = terminal.getvalue().split("\r")[1:]
    assert first == "judging [####--------------------]  20 %  1,000 centres"
    assert second == ("judging [##############----------]  60 %  3,000 centres, 50/s, 0:40 left")
    assert rest == [" " * len(second), ""]
    assert len(second) < 80


@pytest.mark.parametrize(("columns", "begin"), [("40", "judging  60 %  "), ("10", "judging")])
def test_a_narrow_terminal(
    terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch, columns: str, begin: str
) -> None:
    """The line never runs into the next one."""
    monkeypatch.setenv("COLUMNS", columns)
    clock = Clock()
    bar = Bar(clock)
    bar.show(judging(0, 0))
    clock.now += 36_000
    bar.show(judging(600_000, 3_000))
    shown = terminal.getvalue().split("\r")[-1]
    assert shown.startswith(begin)
    assert len(shown) < int(columns)


def test_a_longer_line_is_wiped_away(terminal: io.StringIO) -> None:
    """Nothing of it is left behind a shorter one."""
    bar = Bar(Clock())
    bar.show(judging(600_000, 3_000_000))
    bar.show(Step(stage="writing", done=1, size=1))
    first, second = terminal.getvalue().split("\r")[1:]
    assert len(second) == len(first)
    assert second.rstrip() == "writing [########################] 100 %"


def test_lines_in_a_log(capsys: pytest.CaptureFixture[str]) -> None:
    """One every half minute, whatever happens in between."""
    clock = Clock()
    log = Log(clock)
    log.say(judging(0, 0))
    for _ in range(61):
        clock.now += 1
        seconds = int(clock.now - 1000)
        log.say(judging(2_000 * seconds, 3 * seconds // 2))
    assert capsys.readouterr().err == (
        "judging 6 %: 45 centres, 1.5/s, 7:50 left\njudging 12 %: 90 centres, 1.5/s, 7:20 left\n"
    )


def test_pace_is_that_of_the_stage(capsys: pytest.CaptureFixture[str]) -> None:
    """What was done before, or in another run, does not make it look quicker."""
    clock = Clock()
    log = Log(clock)
    log.say(Step(stage="reading", done=1, size=1_000_000))
    clock.now += 100
    log.say(judging(900_000, 9_000))
    clock.now += 7_000
    log.say(judging(910_000, 9_100))
    assert capsys.readouterr().err.splitlines() == [
        "judging 90 %: 9,000 centres",
        "judging 91 %: 9,100 centres, 0.0/s, 17:30:00 left",
    ]


def test_how_long_is_not_known_before_the_first_part(terminal: io.StringIO) -> None:
    """Then only how quickly documents are judged."""
    clock = Clock()
    bar = Bar(clock)
    bar.show(judging(0, 0))
    clock.now += 10
    bar.show(judging(0, 50))
    shown = terminal.getvalue().split("\r")[-1]
    assert shown == "judging [------------------------]   0 %  50 centres, 5.0/s"


def test_which_of_the_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar for terminals that can go back to the beginning of a line, lines for all else."""
    shown = []
    for kind, is_terminal in (("xterm", True), ("dumb", True), ("xterm", False)):
        stream = io.StringIO()
        monkeypatch.setattr(stream, "isatty", lambda is_terminal=is_terminal: is_terminal)
        monkeypatch.setattr("sys.stderr", stream)
        monkeypatch.setenv("TERM", kind)
        with watching() as show:
            show(judging(1, 1))
        shown.append(stream.getvalue())
    assert shown[0].startswith("\rjudging [")
    assert shown[0].endswith("\r")
    assert shown[1:] == ["", ""]


TOYS = (
    "import sys; from tests.audit.toy_job import ToyJob; import policy.audit.job as home;"
    "import policy.cli.audit_progress as says; home.Job = ToyJob;"
)
MAIN = "from policy.cli import main; main(sys.argv[1:])"
"""A process that judges by the toy specs."""


def test_on_a_real_terminal(tmp_path: Path) -> None:
    """Each picture of the bar is shorter than the line, and the summary stands by itself."""
    (tmp_path / "x.ndjson").write_bytes(lines(*["Slow"] * 20))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, 0x5414, b"\x18\x00\x50\x00\x00\x00\x00\x00")  # 24 lines of 80 columns
    arguments = ["audit", "x.ndjson", "--as-at", "2026-05-01", "--out", "out", "--rule", "window"]
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    environment.pop("COLUMNS", None)
    with subprocess.Popen(
        [sys.executable, "-c", TOYS + MAIN, *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
    ) as running:
        os.close(theirs)
        shown = _read(ours)
        out = running.communicate()[0].decode()
    assert running.returncode == 0
    assert out.startswith("20 documents, ")
    pictures = shown.split("\r")
    assert max(map(len, pictures)) < 80
    assert [each for each in pictures if each.startswith("judging [")]
    assert pictures[-1] == ""
    assert "\n" not in shown


def test_in_a_pipe(tmp_path: Path) -> None:
    """Lines that end, one for each step that is worth one, and nothing that goes back."""
    (tmp_path / "x.ndjson").write_bytes(lines(*["Slow"] * 20))
    arguments = ["audit", "x.ndjson", "--as-at", "2026-05-01", "--out", "out", "--rule", "window"]
    ran = subprocess.run(
        [sys.executable, "-c", f"{TOYS}says._BETWEEN_LINES = 0.0;{MAIN}", *arguments],
        cwd=tmp_path,
        capture_output=True,
        env={**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert ran.returncode == 0
    assert b"\r" not in ran.stderr
    said = ran.stderr.decode().splitlines()
    stages = [line.split()[0] for line in said]
    assert list(dict.fromkeys(stages)) == ["reading", "judging", "writing"]
    assert said[0] == "reading 100 %"
    assert said[-1] == "writing 100 %"
    assert "judging 0 %: 0 centres" in said
    shares = [int(line.split()[1]) for line in said if line.startswith("judging")]
    assert shares == sorted(shares)


def _read(handle: int) -> str:
    parts: list[bytes] = []
    while True:
        try:
            piece = os.read(handle, 4096)
        except OSError:
            piece = b""
        if not piece:
            os.close(handle)
            return b"".join(parts).decode()
        parts.append(piece)
