"""The long run: the same seed gives the same cases, and a difference ends it with 1."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.differential import long_run
from tests.differential.long_run import Share, Sum, judge, main, shares
from tests.differential.mutants import MUTANTS, planted

ROOT = Path(__file__).parents[2]


def share(folder: Path, first: int = 0) -> Share:
    """Return a few specs of the run."""
    return Share(seed=0, first=first, count=4, centres=3, folder=folder)


def test_a_run_that_is_clean_ends_with_0() -> None:
    """As people start it: progress, what was seen, and one line of counts."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.differential.long_run", "--cases", "80", "--shipped", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, made.stderr) == (0, "")
    lines = made.stdout.splitlines()
    assert lines[0].startswith("80 cases, 0 with a difference, ")
    assert lines[-1].startswith("seed 0: 80 cases of 8 specs, ")
    assert lines[-1].endswith("; 0 cases with a difference")


def test_differences_are_kept_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All are counted, a few out of each share are shrunk and written down."""
    monkeypatch.setattr(long_run, "MOST", 1)
    title = "a missing operand compares as unequal"
    mutant = planted(tmp_path, [each for each, *_ in MUTANTS].index(title))
    folder = tmp_path / "corpus"
    found = judge(share(folder), mutant)
    assert found.differences > len(found.kept) == 1
    assert [each.file for each in found.kept] == list(folder.iterdir())


def test_the_same_seed_gives_the_same_run(tmp_path: Path) -> None:
    """Cases do not depend on what was judged before them, so processes may share them."""
    first, again = judge(share(tmp_path)), judge(share(tmp_path))
    assert first == again
    assert first.cases == 12
    both = Sum()
    both.add(first)
    both.add(judge(share(tmp_path, 4)))
    assert both.cases == 24
    assert both.outcomes != first.outcomes + first.outcomes


def test_a_run_has_as_many_cases_as_were_asked_for() -> None:
    """No fewer, and no spec twice."""
    options = long_run.parser().parse_args(["--cases", "1234", "--centres", "5"])
    every = list(shares(options))
    assert sum(each.count for each in every) == 247
    assert [each.first for each in every] == [0, 50, 100, 150, 200]


def test_a_difference_ends_a_run_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code and the last line say so."""
    monkeypatch.setattr(long_run, "run", lambda options: Sum(cases=7, differences=2))
    assert main([]) == 1
    assert capsys.readouterr().out.endswith("2 cases with a difference\n")
