"""The engine judges every demand for every subject, and its counts add up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from policy.engine import check
from policy.model.findings import DemandResult, Report
from policy.model.outcomes import Outcome, Severity
from tests import toy


def changed(tmp_path: Path, **fields: Any) -> Path:
    """Write the tiny document with other fields of the centre."""
    data = {**json.loads(toy.TINY.read_text()), **fields}
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(data))
    return path


def demand(report: Report, name: str) -> DemandResult:
    """The result of a demand summed over documents."""
    return next(each for each in report.totals() if each.name == name)


def test_every_demand_has_its_subjects_and_the_counts_add_up() -> None:
    """Subjects are the sum over the seven outcomes, demand by demand."""
    report = toy.report()
    subjects = {each.name: each.counts.subjects for each in report.totals()}
    assert subjects == {
        "window": 2,
        "assessed.done": 3,
        "assessed.listed": 3,
        "assessed.merit": 3,
        "someone_assesses": 1,
        "once": 1,
        "never_decided": 3,
        "title_is_short": 1,
    }
    for each in report.totals():
        assert each.counts.subjects == sum(each.counts[outcome] for outcome in Outcome)


def test_outcomes_of_the_tiny_document() -> None:
    """Met, breached, excepted, unknown: each where it belongs."""
    report = toy.report()
    done = demand(report, "assessed.done").counts
    assert (done[Outcome.MET], done[Outcome.BREACHED]) == (1, 1)
    assert done.because == {"excepted: late": 1}
    assert demand(report, "assessed.listed").counts[Outcome.UNKNOWN] == 2
    assert demand(report, "assessed.merit").counts[Outcome.UNKNOWN] == 2


def test_a_crashing_check_is_an_error_for_each_subject() -> None:
    """The rest goes on, and nobody's name is quoted."""
    report = toy.report()
    assert demand(report, "never_decided").counts[Outcome.ERROR] == 3
    errors = [item for item in report.findings if item.outcome is Outcome.ERROR]
    assert len(errors) == 3
    assert not any("A. Lead" in item.message for item in errors)


def test_a_finding_says_where_and_what() -> None:
    """A breach names clauses, values, remedy, owner and the line of the file."""
    report = toy.report(settings={"days": "10"})
    (finding,) = (
        item
        for item in report.findings
        if item.outcome is Outcome.BREACHED and item.rule == "window"
    )
    assert finding.severity is Severity.MUST
    assert finding.clauses == ("TOY-003",)
    assert finding.message == "due on 2025-12-12, the last day is 2025-12-08"
    assert finding.remedy == "set a day up to 2025-12-08"
    assert finding.owner == "lead_iv"
    assert finding.parameters == {"days": "10"}
    assert str(finding.subject) == "authorisation Z1"
    assert finding.line is not None
    assert toy.TINY.read_text().splitlines()[finding.line - 1] == finding.source_line
    assert '"due_on": "2025-12-12"' in finding.source_line
    values = {item.expression: item.value for item in finding.evidence}
    assert values["a.due_on"] == "2025-12-12"
    assert values["a.submission.results_received_on"] == "2025-11-24"


def test_a_fingerprint_outlives_edits_elsewhere(tmp_path: Path) -> None:
    """Reordering and unrelated edits leave fingerprints alone."""
    before = {item.fingerprint for item in toy.report().findings}
    data = json.loads(toy.TINY.read_text())
    data["programmes"][0]["learners"].reverse()
    path = changed(tmp_path, programmes=data["programmes"], name="Another name")
    assert {item.fingerprint for item in toy.report(path).findings} == before


def test_an_edition_is_chosen_by_the_year_of_the_data(tmp_path: Path) -> None:
    """The overlay's edition judges its year; later years get the latest, with a note."""
    later = changed(
        tmp_path, academic_year="2027/28", year_starts_on="2027-09-01", year_ends_on="2028-08-31"
    )
    report = toy.report(later, as_at=date(2028, 5, 1))
    assert {each.edition for each in report.totals()} == {"2026/27"}
    notes = {spec.edition: spec.notes for spec in report.run.specs}
    assert notes["2026/27"] == (
        "written for 2026/27, used for data of 2027/28: no later edition is loaded",
    )
    assert notes["2025/26"] == ()


def test_a_document_is_never_judged_by_a_later_guide(tmp_path: Path) -> None:
    """Older data gets *not applicable* from every demand, checks of plugins included."""
    earlier = changed(
        tmp_path, academic_year="2024/25", year_starts_on="2024-09-01", year_ends_on="2025-08-31"
    )
    report = toy.report(earlier)
    assert report.findings == ()
    for each in report.totals():
        assert set(each.counts.because) <= {"another edition"}
        assert each.counts.subjects == each.counts[Outcome.NOT_APPLICABLE]


def test_rules_of_one_year_only(tmp_path: Path) -> None:
    """`this year only` is not applicable in another year."""
    pack = toy.pack()
    first = replace(pack, specs=tuple(spec for spec in pack.specs if spec.edition == "2025/26"))
    later = changed(
        tmp_path, academic_year="2026/27", year_starts_on="2026-09-01", year_ends_on="2027-08-31"
    )
    report = check(first, [str(later)], date(2027, 5, 1))
    assert demand(report, "once").counts.because == {"this year only": 1}


def test_unknown_membership_is_said_once(tmp_path: Path) -> None:
    """A programme without a suite is one unknown, not one per rule."""
    data = json.loads(toy.TINY.read_text())
    del data["programmes"][0]["suite"]
    report = toy.report(changed(tmp_path, programmes=data["programmes"]))
    unknown = [item for item in report.findings if item.outcome is Outcome.UNKNOWN]
    assert [(item.rule, str(item.subject)) for item in unknown] == [("applies_to", "programme P1")]
    assert demand(report, "applies_to").counts.subjects == 1


def test_a_document_that_cannot_be_read_does_not_stop_the_rest(tmp_path: Path) -> None:
    """Each document is judged by itself."""
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.json").write_text(toy.TINY.read_text())
    report = toy.report(tmp_path)
    assert [document.readable for document in report.documents] == [False, True]
    assert not report.can_be_trusted
    assert demand(report, "window").counts.subjects == 2


def test_specs_with_errors_judge_nothing() -> None:
    """With a mistake in what was asked for no data is read."""
    report = toy.report(names=["toyy"])
    assert report.documents == ()
    assert not report.can_be_trusted


@pytest.mark.parametrize(
    ("entry", "outcome", "codes"),
    [
        ({}, Outcome.WAIVED, []),
        ({"rule": "assessed"}, Outcome.WAIVED, []),
        ({"expires_on": "2026-04-30"}, Outcome.BREACHED, ["P706"]),
        ({"centre": "1"}, Outcome.BREACHED, ["P705"]),
        ({"subject": "submission S9"}, Outcome.BREACHED, ["P705"]),
        ({"spec": "other"}, Outcome.BREACHED, ["P705"]),
        ({"approved_by": ""}, Outcome.BREACHED, ["P707"]),
        ({"expires_on": "soon"}, Outcome.BREACHED, ["P707"]),
        ({"until": "2026-01-01"}, Outcome.BREACHED, ["P707"]),
    ],
)
def test_waivers(tmp_path: Path, entry: dict[str, str], outcome: Outcome, codes: list[str]) -> None:
    """A valid waiver turns a breach into *waived*; others are said to cover nothing."""
    waiver = {
        "rule": "assessed.done",
        "subject": "submission S2",
        "reason": "fire at the centre",
        "approved_by": "Head of Centre",
        "approved_on": "2025-12-01",
        "expires_on": "2026-07-01",
        **entry,
    }
    path = tmp_path / "waivers.json"
    path.write_text(json.dumps({"waivers": [waiver]}))
    report = check(toy.pack(["toy"]), [str(toy.TINY)], toy.AS_AT, path)
    (finding,) = (item for item in report.findings if item.name == "assessed.done")
    assert finding.outcome is outcome
    assert [item.code for item in report.diagnostics] == codes
    assert demand(report, "assessed.done").counts[outcome] == 1


def test_unknown_membership_can_be_waived(tmp_path: Path) -> None:
    """Whether a spec applies is an outcome like others."""
    data = json.loads(toy.TINY.read_text())
    del data["programmes"][0]["suite"]
    path = tmp_path / "no_suite.json"
    path.write_text(json.dumps(data))
    waiver = {
        "rule": "applies_to",
        "subject": "programme P1",
        "reason": "the number is on its way",
        "approved_by": "Head of Centre",
        "approved_on": "2025-12-01",
        "expires_on": "2026-07-01",
    }
    waivers = tmp_path / "waivers.json"
    waivers.write_text(json.dumps({"waivers": [waiver]}))
    report = check(toy.pack(["toy"]), [str(path)], toy.AS_AT, waivers)
    assert demand(report, "applies_to").counts[Outcome.WAIVED] == 1


@pytest.mark.parametrize("text", ["{}", '{"waivers": [1]}', "{"])
def test_waivers_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    """A file of waivers that is none is said to be so."""
    path = tmp_path / "waivers.json"
    path.write_text(text)
    report = check(toy.pack(["toy"]), [str(toy.TINY)], toy.AS_AT, path)
    assert report.diagnostics
    assert not report.can_be_trusted


def test_a_check_over_an_absent_collection_is_unknown_at_its_owner(tmp_path: Path) -> None:
    """A plugin's check is never silent about rows that are not in the document."""
    data = json.loads(toy.TINY.read_text())
    del data["policies"]
    path = tmp_path / "no_policies.json"
    path.write_text(json.dumps(data))
    report = toy.report(path)
    assert demand(report, "title_is_short").counts[Outcome.UNKNOWN] == 1
    (finding,) = (item for item in report.findings if item.rule == "title_is_short")
    assert str(finding.subject) == "centre 90001"
    assert [cause.fact for cause in finding.missing] == ["centre.policies"]


def test_an_exact_edition_can_be_demanded() -> None:
    """With `exact_edition` a document of another year is refused, not judged by the nearest."""
    only_next = replace(toy.pack(), specs=toy.pack().specs[1:])
    for pack, readable, codes in ((toy.pack(), True, []), (only_next, False, ["P708"])):
        report = check(pack, [str(toy.TINY)], toy.AS_AT, exact_edition=True)
        (document,) = report.documents
        assert document.readable is readable
        assert [item.code for item in document.diagnostics] == codes
        assert report.can_be_trusted is readable
