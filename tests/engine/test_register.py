"""The register of clauses is read from YAML beside the specs."""

from __future__ import annotations

from policy.register import read_register
from tests import toy


def test_clauses_by_id() -> None:
    """A clause knows its guide, where it stands and what it says."""
    register = read_register([toy.ROOT])
    assert "TOY-003" in register
    assert "TOY-999" not in register
    clause = register.get("TOY-003")
    assert clause is not None
    assert (clause.guide, clause.where, clause.strength) == ("TOY", "page 2", "must")
    assert clause.says.startswith("The deadline")
    assert register.clauses["TOY-006"].says == ""


def test_without_a_register_there_is_nothing_to_check_against() -> None:
    """A folder without clauses gives an empty register."""
    assert read_register([toy.ROOT / "toy"]).is_empty
