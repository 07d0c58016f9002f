"""Pending demands -> text: what is still to be done, nearest date first.

Nothing is wrong yet, so one row is shown for each demand and the others are named: a list of dates
should fit on a screen. --verbose shows each with its source line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from policy.model.findings import Finding
from policy.report.findings import Merged, group_lines, merged, outline_lines
from policy.report.style import Style
from policy.report.wording import days_until


def render_pending(findings: Iterable[Finding], as_at: date, style: Style) -> str:
    """Return pending findings by due date, then by demand; those without a date come last."""
    groups: dict[tuple[object, ...], list[Merged]] = {}
    for item in sorted(merged(findings), key=_when):
        one = item.finding
        groups.setdefault((one.due_on, one.spec, one.name, one.severity), []).append(item)
    blocks = []
    for group in groups.values():
        first = group[0].finding
        kind = f"pending {first.severity}  {_due(first.due_on, as_at)}"
        if style.verbose:
            lines = group_lines(group, style, kind, "info", in_full=True)
        else:
            lines = outline_lines(group, style, kind, "info")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _when(item: Merged) -> tuple[bool, date]:
    due_on = item.finding.due_on
    return (due_on is None, due_on or date.max)


def _due(due_on: date | None, as_at: date) -> str:
    return f"{due_on} ({days_until(due_on, as_at)})" if due_on else "no date yet"
