"""`explain` with data tells why a subject ended as it did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy.authoring.explaining import explain_data
from policy.dsl.explaining.explanation import Explanation
from policy.errors import DataUnreadable
from tests import toy


def lines(steps: Explanation) -> Iterator[str]:
    """Flatten a tree of steps into lines of text, value and note."""
    yield " ".join((steps.text, steps.value, steps.note))
    for child in steps.children:
        yield from lines(child)


def test_the_days_passed_over_are_listed() -> None:
    """A count of working days says which days it skipped, and why."""
    (found,) = explain_data(toy.pack(["toy"]), "window", str(toy.TINY), toy.AS_AT, "Z1")
    text = "\n".join(lines(found.steps))
    assert "2025-11-24" in text
    assert "2025-12-15" in text
    assert "weekend" in text


@pytest.mark.parametrize(
    ("name", "subject", "number"),
    [
        ("assessed", None, 9),
        ("assessed.done", None, 3),
        ("assessed", "S1", 3),
        ("assessed", "submission S1", 3),
        ("TOY-003", None, 2),
        ("someone_assesses", "staff T2", 1),
        ("someone_assesses", "T9", 0),
        ("title_is_short", None, 1),
        ("TOY-002", None, 5),
        ("nothing", None, 0),
    ],
)
def test_rules_demands_clauses_and_subjects(name: str, subject: str | None, number: int) -> None:
    """A name picks rules, demands or clauses; a subject picks its judgements."""
    found = list(explain_data(toy.pack(["toy"]), name, str(toy.TINY), toy.AS_AT, subject))
    assert len(found) == number


def test_a_plugins_check_shows_what_it_read(tmp_path: Path) -> None:
    """Of a check there are the values it read, and its sentence."""
    path = tmp_path / "titled.json"
    path.write_text(
        toy.TINY.read_text().replace('"topics"', '"title": "' + "long " * 9 + '", "topics"')
    )
    (found,) = explain_data(toy.pack(["toy"]), "title_is_short", str(path), toy.AS_AT)
    assert found.steps.value == "breached"
    assert "45 characters" in found.steps.note
    assert [child.text for child in found.steps.children] == ["policy.title"]


def test_data_that_cannot_be_read(tmp_path: Path) -> None:
    """The diagnostics of the document are handed on."""
    path = tmp_path / "bad.json"
    path.write_text("{")
    with pytest.raises(DataUnreadable):
        list(explain_data(toy.pack(["toy"]), "window", str(path), toy.AS_AT))
