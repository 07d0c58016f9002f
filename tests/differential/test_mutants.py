"""The differential run notices planted changes of meaning.

That it notices all of them takes longer: `python -m tests.differential.mutants`, part of
`tox -e differential`. Of each the smallest case is in the corpus.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential import mutants
from tests.differential.mutants import CENTRES, MUTANTS, main, noticed, planted

TITLES = [title for title, *_ in MUTANTS]
QUICK = (
    "a missing operand compares as unequal",
    "a row of which nobody knows belongs",
    "a list that is not there is empty",
)
"""Mutants that show within a few specs."""
SPECS = 40


def test_a_copy_without_a_change_agrees(tmp_path: Path) -> None:
    """What the mutants are noticed by is their change, not that they are copies."""
    assert noticed(planted(tmp_path, None), 1, SPECS) is None


@pytest.mark.parametrize("title", QUICK)
def test_a_planted_mutant_is_noticed(title: str, tmp_path: Path) -> None:
    """A change of meaning in the compiler shows as a difference, or breaks it."""
    found = noticed(planted(tmp_path, TITLES.index(title)), 0, SPECS)
    assert found is not None
    assert 0 < found.cases <= SPECS * CENTRES


def test_mutants_that_nobody_notices_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run over mutants ends with how many went unnoticed, and keeps a case of the others."""
    chosen = TITLES.index(QUICK[-1])
    harmless = ("nothing is changed", "totals.py", "def total(", "def total(")
    monkeypatch.setattr(mutants, "MUTANTS", (MUTANTS[chosen], harmless))
    monkeypatch.setattr(mutants, "CORPUS", tmp_path)
    assert main(seed=1, specs=SPECS) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{QUICK[-1]}: noticed after ")
    assert second == "nothing is changed: not noticed"
    (file,) = tmp_path.glob("*.json")
    assert QUICK[-1] in file.read_text("utf-8")
