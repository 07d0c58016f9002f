"""The overlay that shows how next year's edition is written works as its comments say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from policy.authoring.editions import edition_changes
from policy.authoring.examples import run_examples
from policy.engine import check
from policy.model.outcomes import Severity
from policy.pack import load_pack

ROOT = Path(__file__).parents[2]
OVERLAY = ROOT / "examples/editions/aaq_2026.policy"


def test_the_overlay_says_what_it_changes() -> None:
    """A figure, two modals, a rule dropped, a rule added."""
    (found,) = edition_changes(load_pack(["aaq"], [OVERLAY]))
    assert (found.edition, found.before) == ("2026/27", "2025/26")
    assert [change.kind for change in found.changes] == [
        "drops",
        "changes",
        "changes",
        "adds",
        "changes",
    ]
    assert found.changes[-1].words == "parameter resubmission_days: 15 becomes 10"


def test_its_examples_hold() -> None:
    """Its own rule has an example; the rules it keeps are tested where they were written."""
    report = run_examples(load_pack(None, [OVERLAY], with_libraries=True))
    assert report.passed
    assert report.rules == 1


def test_an_older_document_is_judged_by_the_older_edition() -> None:
    """A document of 2025/26 knows nothing of the next year's rules."""
    pack = load_pack(["aaq"], [OVERLAY])
    report = check(pack, [str(ROOT / "examples/centres/clean.json")], date(2026, 7, 24))
    editions = {item.edition for document in report.documents for item in document.demands}
    assert editions == {"2025/26"}


def test_a_changed_modal_is_the_demands_own() -> None:
    """The same demand is a should in one edition and a must in the next."""
    strengths = {
        spec.edition: demand.severity
        for spec in load_pack(["aaq"], [OVERLAY]).specs
        for rule in spec.rules
        if rule.name == "plan_versions_numbered"
        for demand in rule.demands
        if demand.label == "numbered"
    }
    assert strengths == {"2025/26": Severity.SHOULD, "2026/27": Severity.MUST}
