"""Report -> text for people, in this order: head, what could not be read, what failed or is
breached, what is pending by date, what is undecided by absent fact, notes, waivers, summary.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.model.findings import Finding, Report
from policy.model.outcomes import Outcome
from policy.report.header import render_header
from policy.report.style import Style
from policy.report.summary import render_summary


def render_report(report: Report, style: Style | None = None) -> str:
    """Return the whole report, sections parted by a blank line, a newline at the end."""
    style = style or Style()
    return "\n".join(part for part in _parts(report, style) if part)


def _parts(report: Report, style: Style) -> Iterator[str]:
    yield render_header(report, style)
    if report.diagnostics or any(each.diagnostics for each in report.documents):
        yield from _diagnostics(report, style)
    if report.findings:
        yield from _findings(report, style)
    yield render_summary(report, style)


# What there is nothing of is not imported either: most reports are of clean data.


def _diagnostics(report: Report, style: Style) -> Iterator[str]:
    from policy.report.diagnostics import render_diagnostics

    yield render_diagnostics(report.diagnostics, style)
    for readable in (False, True):
        for document in report.documents:
            if document.readable is readable:
                yield render_diagnostics(document.diagnostics, style, data=True)


def _findings(report: Report, style: Style) -> Iterator[str]:
    from policy.report.findings import render_findings
    from policy.report.pending import render_pending
    from policy.report.unknowns import render_unknowns

    yield render_findings(_of(report, Outcome.ERROR, Outcome.BREACHED), style)
    yield render_pending(_of(report, Outcome.PENDING), report.run.as_at, style)
    undecided = _of(report, Outcome.UNKNOWN)
    if undecided:
        if style.list_unknown:
            yield render_findings(undecided, style)
        yield render_unknowns(undecided, style)
    yield render_findings([item for item in report.findings if item.is_note], style)
    yield render_findings(_of(report, Outcome.WAIVED), style)


def _of(report: Report, *outcomes: Outcome) -> list[Finding]:
    return [item for item in report.findings if item.outcome in outcomes and not item.is_note]
