"""The differential run notices planted changes of meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.differential.mutants import MUTANTS, planted
from tests.differential.runs import Tally, judge_drawn

SEEDS = 1500
"""Specs that are drawn before a mutant counts as unnoticed."""


def test_a_copy_without_a_change_agrees(tmp_path: Path) -> None:
    """What the mutants are noticed by is their change, not that they are copies."""
    copy = planted(tmp_path, None)
    tally = Tally()
    for seed in range(50):
        judge_drawn(tally, seed, copy)
    assert tally.found == []
    assert tally.cases > 50


@pytest.mark.parametrize("number", range(len(MUTANTS)), ids=[each[0] for each in MUTANTS])
def test_a_planted_mutant_is_noticed(number: int, tmp_path: Path) -> None:
    """A change of meaning in the compiler shows as a difference, or breaks it."""
    mutant = planted(tmp_path, number)
    tally = Tally()
    for seed in range(SEEDS):
        try:
            judge_drawn(tally, seed, mutant)
        except Exception:  # noqa: BLE001 - code that breaks was noticed, whatever it raises
            return
        if tally.found:
            return
    pytest.fail(f"unnoticed in {tally.cases} cases")
