"""Report -> JSON for machines, described by `report.schema.json` (`report_version` 1).

The same report gives the same bytes: keys in a fixed order, ASCII only, a newline at the end.
Personal values read "(personal)" unless they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from policy.model.diagnostics import Diagnostic
from policy.model.evidence import json_pointer
from policy.model.findings import DemandResult, DocumentResult, Evidence, Finding, Report, RunInfo
from policy.model.outcomes import Counts, Outcome, Severity
from policy.model.source import Span
from policy.model.values import Cause
from policy.report.style import Style
from policy.report.table import grand_total
from policy.report.wording import value_of

REPORT_VERSION = 1


def render_report(report: Report, style: Style | None = None) -> str:
    """Return the report as JSON text; of `style` only `show_personal` matters."""
    return json.dumps(report_value(report, style or Style()), indent=2, ensure_ascii=True) + "\n"


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the report."""
    text = files("policy.report").joinpath("report.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def report_value(report: Report, style: Style) -> dict[str, Any]:
    """Return the report as plain JSON values."""
    totals = report.totals()
    return {
        "report_version": REPORT_VERSION,
        "run": _run(report.run),
        "documents": [_document(item) for item in report.documents],
        "rules": [_demand(item) for item in totals],
        "findings": [_finding(item, style) for item in report.findings],
        "diagnostics": [
            *(_diagnostic(item, "") for item in report.diagnostics),
            *(_diagnostic(item, one.name) for one in report.documents for item in one.diagnostics),
        ],
        "totals": _totals(report, grand_total(totals)),
    }


def _run(run: RunInfo) -> dict[str, Any]:
    return {
        "as_at": run.as_at.isoformat(),
        "engine_version": run.engine_version,
        "specs": [
            {
                "name": spec.name,
                "title": spec.title,
                "edition": spec.edition,
                "hash": spec.hash,
                "notes": list(spec.notes),
            }
            for spec in run.specs
        ],
        "plugins": [
            {
                "name": plugin.name,
                "distribution": plugin.distribution,
                "version": plugin.version,
                "broken": plugin.broken,
            }
            for plugin in run.plugins
        ],
        "parameters": _sorted(run.parameters),
    }


def _document(document: DocumentResult) -> dict[str, Any]:
    return {
        "name": document.name,
        "centre": document.centre,
        "academic_year": document.academic_year,
        "readable": document.readable,
        "assumptions": [
            {
                "entity": item.entity,
                "field": item.field,
                "value": item.value,
                "count": item.count,
            }
            for item in document.assumptions
        ],
        "rules": [_demand(item) for item in document.demands],
    }


def _demand(demand: DemandResult) -> dict[str, Any]:
    return {
        "rule": demand.rule,
        "label": demand.label,
        "spec": demand.spec,
        "edition": demand.edition,
        "title": demand.title,
        "severity": str(demand.severity),
        "clauses": list(demand.clauses),
        "counts": _counts(demand.counts),
        "not_applicable_because": _sorted(demand.counts.because),
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {
        "subjects": counts.subjects,
        **{_key(outcome): counts[outcome] for outcome in Outcome},
    }


def _key(outcome: Outcome) -> str:
    return outcome.value.replace(" ", "_")


def _finding(finding: Finding, style: Style) -> dict[str, Any]:
    subject: dict[str, Any] = {"type": finding.subject.type, "id": finding.subject.id}
    if finding.subject.with_type:
        subject["with"] = {"type": finding.subject.with_type, "id": finding.subject.with_id}
    return {
        "rule": finding.rule,
        "label": finding.label,
        "spec": finding.spec,
        "edition": finding.edition,
        "clauses": list(finding.clauses),
        "severity": str(finding.severity),
        "outcome": _key(finding.outcome),
        "subject": subject,
        "pointer": finding.pointer,
        "file": finding.document,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "remedy": finding.remedy,
        "owner": finding.owner,
        "due_on": finding.due_on.isoformat() if finding.due_on else None,
        "missing": [_cause(cause) for cause in finding.missing],
        "evidence": [_evidence(item, style) for item in finding.evidence],
        "parameters": _sorted(finding.parameters),
        "fingerprint": finding.fingerprint,
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": str(cause.kind),
        "entity": cause.entity,
        "id": cause.id,
        "field": cause.field,
        "fact": cause.fact,
        "pointer": json_pointer(cause.pointer),
    }


def _evidence(evidence: Evidence, style: Style) -> dict[str, Any]:
    return {
        "expression": evidence.expression,
        "value": value_of(evidence, style),
        "pointer": evidence.pointer,
    }


def _diagnostic(item: Diagnostic, document: str) -> dict[str, Any]:
    position = item.position
    return {
        "code": item.code,
        "level": str(item.level),
        "message": item.message,
        "help": item.help,
        "document": document,
        "file": item.file_name,
        "line": position.line if position else None,
        "column": position.column if position else None,
        "labels": [{**_place(label.span), "text": label.text} for label in item.labels],
    }


def _place(span: Span) -> dict[str, Any]:
    position = span.position
    return {"file": span.source.name, "line": position.line, "column": position.column}


def _totals(report: Report, counts: Counts) -> dict[str, Any]:
    breached = [item for item in report.findings if item.outcome is Outcome.BREACHED]
    return {
        "documents": len(report.documents),
        "unreadable_documents": sum(not item.readable for item in report.documents),
        "can_be_trusted": report.can_be_trusted,
        **_counts(counts),
        "breached_by_severity": {
            str(severity): sum(item.severity is severity for item in breached)
            for severity in Severity
        },
    }


def _sorted(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(mapping.items()))
