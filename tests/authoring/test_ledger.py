"""The ledger tells of each clause what decides it, or why nothing can."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from policy.authoring.ledger import changes, ledger_of
from policy.model.ledger import Ledger, LedgerEntry, Standing, counts
from policy.pack import load_pack
from policy.report.ledger import ledger_json, ledger_value, render_ledger
from policy.report.ledger_page import ledger_page
from policy.report.style import Style
from tests import toy

REGISTER = """
guide: TOY
title: A guide
clauses:
  - {id: TOY-001, where: p1, strength: must, kind: other, checkable: "yes", says: Rows have names.}
  - {id: TOY-002, where: p1, strength: must, kind: other, checkable: partly, says: Rows have
     titles., why_not: whether a title is good is for a person}
  - {id: TOY-003, where: p1, strength: may, kind: permission, checkable: "yes", says: Short is fine}
  - {id: TOY-004, where: p1, strength: may, kind: permission, checkable: "yes", says: Old is fine.}
  - {id: TOY-005, where: p1, strength: must, kind: other, checkable: "yes", says: One a year.,
     kept_by: editions}
  - {id: TOY-006, where: p1, strength: must, kind: other, checkable: "no", says: Be nice.,
     why_not: nothing is recorded}
  - {id: TOY-007, where: p1, strength: must, kind: other, checkable: "yes", says: Nobody looked.}
  - {id: TOY-008, where: p1, strength: must, kind: other, checkable: "yes", says: No example.,
     why_not: not at all}
  - {id: TOY-009, where: p1, strength: info, kind: other, checkable: "yes", says: Plans are told.}
"""
SPEC = """language 1
spec toy "Toy rules" for 2025/26
use shared (named cites TOY-001)

rule titled "Programmes have titles"
  for each programme p
  except planned "not begun" cites TOY-004 when p.status is planned
  must title: p.size is recorded
    cites TOY-002
    breach "no title"
  note level_told: p.level is recorded "level {p.level}"
    cites TOY-009

example "no title"
  given "one.json" as at 2026-05-01
  change programme P1 size to award
  expect titled.title not breached for programme P1
"""
SHARED = """language 1
library shared "Shared"
rule named "Centres have names"
  cites TOY-008
  for each centre c
  must c.name is recorded
  breach "no name"

example "a short name" cites TOY-003
  given "one.json" as at 2026-05-01
  change centre 90001 name to "A"
  expect named not breached

example "no name"
  given "one.json" as at 2026-05-01
  change centre 90001 name to missing
  expect named breached
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of specs with a register of nine clauses."""
    for folder in ("clauses", "toy", "shared"):
        (tmp_path / folder).mkdir()
    (tmp_path / "clauses/toy.yaml").write_text(REGISTER)
    (tmp_path / "toy/toy.policy").write_text(SPEC)
    (tmp_path / "shared/shared.policy").write_text(SHARED)
    return tmp_path


def make(root: Path) -> Ledger:
    """Return the ledger of the specs in a folder."""
    pack = load_pack(suites=toy.suites(), roots=[root], with_libraries=True)
    assert [item.message for item in pack.diagnostics] == []
    return ledger_of(pack)


def entry(ledger: Ledger, id: str) -> LedgerEntry:
    """Return the entry of a clause."""
    return next(each for each in ledger.entries if each.id == id)


def extend(root: Path, example: str) -> None:
    """Add an example to the spec."""
    with (root / "toy/toy.policy").open("a") as spec:
        spec.write(f'\nexample "added"\n  given "one.json" as at 2026-05-01\n  {example}\n')


def test_a_clause_is_decided_by_a_rule_that_an_example_shows_failing(root: Path) -> None:
    """The clause is the one the judging spec cites; the example may stand in the library."""
    found = entry(make(root), "TOY-001")
    assert found.standing is Standing.DECIDED
    decider = next(each for each in found.deciders if each.origin == "shared")
    assert (decider.spec, decider.origin, decider.rule) == ("toy", "shared", "named")
    assert decider.examples == ("no name",)


def test_what_a_library_cites_counts_only_through_a_spec(root: Path) -> None:
    """The library's own clause is replaced, so no spec decides it; its reason stands."""
    found = entry(make(root), "TOY-008")
    assert (found.deciders, found.standing) == ((), Standing.PERSON)


def test_an_example_of_nothing_failing_decides_nothing(root: Path) -> None:
    """`not breached` shows no teeth, even if the clause has a reason."""
    assert entry(make(root), "TOY-002").standing is Standing.OPEN
    extend(
        root, "change programme P1 size to missing\n  expect titled.title breached for programme P1"
    )
    found = entry(make(root), "TOY-002")
    assert found.standing is Standing.PARTLY
    assert found.reason.startswith("whether a title is good")


def test_a_note_is_shown_by_its_saying_something(root: Path) -> None:
    """A demand that cannot be breached counts when an example shows it noted."""
    assert entry(make(root), "TOY-009").standing is Standing.OPEN
    extend(root, "expect titled.level_told noted for programme P1")
    assert entry(make(root), "TOY-009").standing is Standing.DECIDED


def test_permissions_are_shown_by_examples(root: Path) -> None:
    """Either an example cites the clause, or it shows an exception that cites it."""
    assert entry(make(root), "TOY-003").standing is Standing.SHOWN
    assert entry(make(root), "TOY-003").allowed == ("a short name",)
    assert entry(make(root), "TOY-004").standing is Standing.OPEN
    extend(root, "expect titled.title excepted for programme P1")
    assert entry(make(root), "TOY-004").standing is Standing.SHOWN


def test_reasons_stand_for_what_no_rule_decides(root: Path) -> None:
    """Kept by the specs, or for a person; without either the clause is open."""
    found = make(root)
    assert entry(found, "TOY-005").standing is Standing.KEPT
    assert entry(found, "TOY-005").reason == "editions"
    assert entry(found, "TOY-006").standing is Standing.PERSON
    assert entry(found, "TOY-007").standing is Standing.OPEN


def test_the_counts_add_up(root: Path) -> None:
    """Each clause stands in one way; percent is over the checkable ones."""
    found = make(root)
    assert sum(counts(found.entries).values()) == 9
    assert len(found.checkable) == 8
    assert found.percent == 50.0
    assert Ledger(entries=()).percent == 0


def test_a_plugin_check_decides_too() -> None:
    """The clauses of a suite's checks are in the ledger with the plugin as origin."""
    found = ledger_of(toy.pack(with_libraries=True))
    origins = {each.origin for item in found.entries for each in item.deciders}
    assert "plugin toy" in origins


def test_changes_name_the_rules_to_review(root: Path) -> None:
    """A clause that says something else lists the rules that cite it."""
    ledger = make(root)
    earlier = {each["id"]: each for each in copy.deepcopy(ledger_value(ledger))["clauses"]}
    assert list(changes(ledger, earlier)) == []
    earlier["TOY-001"]["says"] = "Rows have no names."
    earlier["TOY-006"]["strength"] = "may"
    earlier["TOY-099"] = {"rules": [{"rule": "gone"}]}
    del earlier["TOY-007"]
    said = {change.id: change.words for change in changes(ledger, earlier)}
    assert said == {
        "TOY-001": "changed in says; review named, title_is_short",
        "TOY-006": "changed in strength; no rule cites it",
        "TOY-007": "is new; no rule cites it",
        "TOY-099": "is gone; review gone",
    }


def test_the_text_adds_up_in_80_columns(root: Path) -> None:
    """The table, what was asked for, and both counts in a sentence."""
    ledger = make(root)
    text = render_ledger(ledger, ledger.entries, Style())
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "all guides        1       .        1     1       2        4    9" in text
    assert "no example shows it failing" in text
    assert "1 are decided" in text.replace("\n", " ")
    assert text.endswith("4 are open: 50.0 %.\n")


def test_many_examples_are_folded_unless_asked_for(root: Path) -> None:
    """Three titles and a number; all of them when verbose."""
    for number in range(5):
        with (root / "shared/shared.policy").open("a") as spec:
            spec.write(
                f'\nexample "again {number}"\n  given "one.json" as at 2026-05-01\n'
                "  change centre 90001 name to missing\n  expect named breached\n"
            )
    ledger = make(root)
    shown = [entry(ledger, "TOY-001")]
    assert "and 3 more" in render_ledger(ledger, shown, Style())
    assert "again 4" in render_ledger(ledger, shown, Style(verbose=True))


def test_json_and_page_hold_every_clause(root: Path) -> None:
    """The same ledger gives the same bytes, and the page an anchor for each clause."""
    ledger = make(root)
    assert ledger_json(ledger) == ledger_json(make(root))
    ids = [each["id"] for each in json.loads(ledger_json(ledger))["clauses"]]
    assert len(ids) == 9
    page = ledger_page(ledger)
    assert all(f'<section class="clause" id="{id}">' in page for id in ids)
    assert "<script" not in page


def test_the_page_shows_text_as_text(root: Path) -> None:
    """What a register says is no markup."""
    file = root / "clauses/toy.yaml"
    file.write_text(file.read_text().replace("Be nice.", "Be <b>nice</b>."))
    assert "Be &lt;b&gt;nice&lt;/b&gt;." in ledger_page(make(root))
