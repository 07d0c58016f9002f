"""The register of clauses is read from YAML beside the specs."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.register import problems, read_register
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


def write(folder: Path, text: str) -> list[Path]:
    """Write a file of a register and return the root above it."""
    (folder / "clauses").mkdir()
    (folder / "clauses/a.yaml").write_text(text)
    return [folder]


def test_readings_stand_beside_clauses(tmp_path: Path) -> None:
    """A file of readings says how clauses are read, with the parameter that chooses."""
    roots = write(
        tmp_path,
        "readings:\n- {clauses: [TOY-001, TOY-002], question: Which?, reading: The first.,"
        " parameters: [which_one]}\n- {clauses: [TOY-009], question: When?, reading: Then.}\n",
    )
    register = read_register(roots)
    assert register.diagnostics == ()
    assert [each.parameters for each in register.readings] == [("which_one",), ()]
    assert [each.question for each in register.readings_of(["TOY-002"])] == ["Which?"]
    assert list(problems(roots)) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("readings: 1", "these readings are no list"),
        ("readings: [{question: Why?}]", "reading 1 names no `clauses`"),
    ],
)
def test_readings_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    """What is no list of readings is left out with a diagnostic."""
    (problem,) = read_register(write(tmp_path, text)).diagnostics
    assert (problem.code, problem.message) == ("P711", message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "{guide: T, title: T, clauses: [{id: T-001, where: a, strength: must, kind: other, "
            "checkable: 'no', says: b}]}",
            "clause T-001: 'why_not' is a required property",
        ),
        (
            "{guide: T, title: T, clauses: [{id: T-001, where: a, strength: strong, kind: other, "
            "checkable: 'yes', says: b}]}",
            "clause T-001 `strength`: 'strong' is not one of",
        ),
        (
            "readings: [{clauses: [T-001], question: Why?}]",
            "reading 1: 'reading' is a required property",
        ),
        ("{guide: T, title: T, clauses: []}", "the file `clauses`: [] should be non-empty"),
        ("{guide: T, title: T, clauses: [1]}", "clause 1: 1 is not of type 'object'"),
    ],
)
def test_entries_that_do_not_fit_the_schema(tmp_path: Path, text: str, message: str) -> None:
    """The schema of a register is held by a check that names the entry."""
    (problem,) = problems(write(tmp_path, text))
    assert problem.code == "P714"
    assert problem.message.startswith(message)


def test_a_file_that_is_no_yaml_is_reported_once(tmp_path: Path) -> None:
    """What cannot be read is said by the reader, not by the comparison with the schema."""
    roots = write(tmp_path, "guide: [")
    assert len(read_register(roots).diagnostics) == 1
    assert list(problems(roots)) == []
