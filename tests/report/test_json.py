"""The report for machines: described by its schema, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from policy.model.diagnostics import Diagnostic
from policy.model.findings import Report
from policy.report.json import render_report, report_schema
from policy.report.style import Style

FIELDS = [
    "rule",
    "label",
    "spec",
    "edition",
    "clauses",
    "severity",
    "outcome",
    "subject",
    "pointer",
    "file",
    "line",
    "column",
    "message",
    "remedy",
    "owner",
    "due_on",
    "missing",
    "evidence",
    "parameters",
    "fingerprint",
]


def _validate(text: str) -> Any:
    schema = report_schema()
    Draft202012Validator.check_schema(schema)
    value = json.loads(text)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(value)
    return value


def test_a_report_with_everything_fits_the_schema(
    golden: Callable[[str, str], None], full_report: Report, spec_diagnostics: list[Diagnostic]
) -> None:
    """Every kind of finding and diagnostic is valid, and stays as it was."""
    whole = Report(
        run=full_report.run, documents=full_report.documents, diagnostics=tuple(spec_diagnostics)
    )
    text = render_report(whole)
    golden("report_json", text)
    value = _validate(text)
    assert list(value["findings"][0]) == FIELDS
    assert value["report_version"] == 1
    assert value["totals"]["breached"] == 2
    assert value["totals"]["breached_by_severity"] == {"must": 1, "should": 1, "note": 0}
    assert value["totals"]["unreadable_documents"] == 1
    assert value["totals"]["can_be_trusted"] is False


def test_counts_add_up(full_report: Report) -> None:
    """For each rule the seven outcomes sum to the subjects, and the rules to the totals."""
    value = _validate(render_report(full_report))
    outcomes = ["met", "breached", "pending", "unknown", "not_applicable", "waived", "error"]
    for row in [rule["counts"] for rule in value["rules"]] + [value["totals"]]:
        assert sum(row[outcome] for outcome in outcomes) == row["subjects"]
    whole = sum(rule["counts"]["subjects"] for rule in value["rules"])
    assert whole == value["totals"]["subjects"]


def test_an_empty_report_fits_the_schema(report: Callable[..., Report]) -> None:
    """No document, no finding: still valid, and ended by a newline."""
    text = render_report(report())
    assert _validate(text)["findings"] == []
    assert text.endswith("}\n")


def test_personal_values_are_masked_unless_asked_for(full_report: Report) -> None:
    """The learner's name is in the JSON only with show_personal."""
    assert "Ada" not in render_report(full_report)
    assert "Ada" in render_report(full_report, Style(show_personal=True))


def test_the_same_report_gives_the_same_bytes(full_report: Report) -> None:
    """Nothing depends on when or how often it is rendered, and the bytes are ASCII."""
    assert render_report(full_report) == render_report(full_report)
    assert render_report(full_report).isascii()


def test_a_pair_names_both_halves(full_report: Report) -> None:
    """A pair scope has a subject with a second row; others have none."""
    subjects = [item["subject"] for item in _validate(render_report(full_report))["findings"]]
    assert {
        "type": "learner",
        "id": "L1",
        "with": {"type": "claim", "id": "C7"},
    } in subjects
    assert {"type": "submission", "id": "S9"} in subjects


@pytest.mark.parametrize("field", FIELDS)
def test_the_schema_requires_each_field_of_a_finding(field: str) -> None:
    """Readers can rely on every field being there."""
    assert field in report_schema()["$defs"]["finding"]["required"]
