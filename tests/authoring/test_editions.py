"""What an edition changes against the one before it is told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.authoring.editions import edition_changes
from policy.pack import load_pack
from tests import toy

BASE = """language 1
spec toy "Toys" for 2025/26
parameter days = 15 "days" cites TOY-001
table limits (key kind, days: integer) from "limits.csv"
define is_new(p: programme) = p.status is planned

rule kept "Kept"
  cites TOY-001
  for each programme p
  when p.is_new
  should p.size is recorded
  breach "x"

rule gone "Gone"
  cites TOY-001
  for each programme p
  must p.level is recorded
  breach "x"

rule mended "Mended"
  cites TOY-001
  for each programme p
  must p.suite is recorded
  breach "x"

rule counted "Counted"
  cites TOY-001
  for each programme p
  must p.duration_years <= days and limits["a"].days = 1
  breach "x"
"""
NEXT = """language 1
amends toy for 2026/27 "Toys, next year"
parameter days = 10 "days" cites TOY-001
parameter more = 1 "more" cites TOY-001
table limits (key kind, days: integer) from "other.csv"
table extra (key kind) from "extra.csv"
define is_new(p: programme) = p.status is not planned
define is_old(p: programme) = p.status is closed

drop rule gone because "nobody asks for it now"
change rule kept to must cites TOY-002
replace rule mended "Mended better"
  cites TOY-001
  for each programme p
  must p.framework is recorded
  breach "x"

rule fresh "Fresh"
  cites TOY-001
  for each programme p
  must p.regulator is recorded and p.duration_years <= more and p.is_old
    and extra["a"].kind is recorded
  breach "x"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with two editions of a spec."""
    folder = tmp_path / "toy"
    folder.mkdir()
    (folder / "toy.policy").write_text(BASE)
    (folder / "toy_next.policy").write_text(NEXT)
    (folder / "limits.csv").write_text("kind,days\na,1\n")
    (folder / "other.csv").write_text("kind,days\na,2\n")
    (folder / "extra.csv").write_text("kind\na\n")
    return tmp_path


def test_every_kind_of_change_is_told(root: Path) -> None:
    """Rules first, then what they rest on."""
    pack = load_pack(suites=toy.suites(), roots=[root])
    assert [item.message for item in pack.diagnostics if item.code.startswith("P1")] == []
    (found,) = edition_changes(pack)
    assert (found.spec, found.edition, found.before) == ("toy", "2026/27", "2025/26")
    assert [f"{change.kind} {change.words}" for change in found.changes] == [
        "drops rule gone: nobody asks for it now",
        "changes rule kept: should becomes must",
        "changes rule kept: cites TOY-001 becomes TOY-002",
        "replaces rule mended: Mended better",
        "adds rule fresh: Fresh",
        "changes parameter days: 15 becomes 10",
        "adds parameter more = 1",
        "changes definition is_new",
        "adds definition is_old",
        "changes table limits",
        "adds table extra",
    ]


def test_the_first_edition_changes_nothing(root: Path) -> None:
    """There is nothing before it."""
    (root / "toy/toy_next.policy").unlink()
    assert list(edition_changes(load_pack(suites=toy.suites(), roots=[root]))) == []
