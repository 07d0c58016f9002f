"""Words for the pieces of a finding: outcomes, absent facts, people, days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from policy.model.findings import Evidence, Finding
from policy.model.nouns import plural, words_of
from policy.model.outcomes import Outcome, Severity
from policy.model.values import Cause, CauseKind
from policy.report.style import MASKED, Style

_LIST_GIVEN: Mapping[CauseKind, str] = MappingProxyType(
    {
        CauseKind.NOT_RECORDED: "`{field}` of {row} is not recorded",
        CauseKind.NO_ROW: "`{field}` of {row}: there is no such row",
        CauseKind.NOT_YET: "`{field}` of {row} is dated after the day of the run",
        CauseKind.ABSENT_COLLECTION: "{row} has no list `{field}` in the document",
        CauseKind.DANGLING: "`{field}` of {row} refers to nobody in the document",
        CauseKind.OUTSIDE_CALENDAR: "`{field}` lies outside the calendar ({row})",
        CauseKind.NO_PACK: "the data pack `{field}` is not loaded",
    }
)
_GATHERED: Mapping[CauseKind, str] = MappingProxyType(
    {
        CauseKind.NOT_RECORDED: "`{fact}` not recorded",
        CauseKind.NO_ROW: "`{fact}`: no such row",
        CauseKind.NOT_YET: "`{fact}` dated after the day of the run",
        CauseKind.ABSENT_COLLECTION: "no `{field}` recorded",
        CauseKind.DANGLING: "`{fact}` refers to nobody in the document",
        CauseKind.OUTSIDE_CALENDAR: "`{field}` lies outside the calendar",
        CauseKind.NO_PACK: "data pack `{field}` not loaded",
    }
)


def cause_of_one(cause: Cause) -> str:
    """Return the sentence for one absent fact of one row."""
    row = f"{words_of(cause.entity)} {cause.id}".strip()
    text = _LIST_GIVEN[cause.kind].format(field=cause.field, row=row)
    return f"{text} ({cause.detail})" if cause.detail else text


def cause_of_many(cause: Cause, rows: int) -> str:
    """Return the words for one fact that is absent from `rows` rows."""
    text = _GATHERED[cause.kind].format(field=cause.field, fact=cause.fact)
    if cause.kind is CauseKind.NO_PACK or not cause.entity:
        return text
    if rows == 1:
        return f"{text} for {words_of(cause.entity)} {cause.id}"
    return f"{text} for {rows} {plural(cause.entity)}"


def value_of(evidence: Evidence, style: Style) -> str:
    """Return the value that was read, masked if it is personal."""
    return MASKED if evidence.personal and not style.show_personal else evidence.value


def kind_of(finding: Finding) -> str:
    """Return what a finding is in two words: "breached must", "undecided should", "note"."""
    if finding.is_note:
        return "note"
    word = "undecided" if finding.outcome is Outcome.UNKNOWN else str(finding.outcome)
    return f"{word} {finding.severity}"


def role_of(finding: Finding) -> str:
    """Return the colour role of a finding."""
    if finding.is_note or finding.severity is Severity.NOTE:
        return "info"
    if finding.outcome in (Outcome.ERROR, Outcome.BREACHED):
        strong = finding.outcome is Outcome.ERROR or finding.severity is Severity.MUST
        return "bad" if strong else "warn"
    return "info"


def place_of(finding: Finding) -> str:
    """Return where it is: file:line:column, or the file and the pointer when no line is known."""
    if finding.line is not None:
        return f"{finding.document}:{finding.line}:{finding.column or 1}"
    return f"{finding.document} {finding.pointer}" if finding.pointer else finding.document


def days_until(due_on: date, as_at: date) -> str:
    """Return "in 30 days", "tomorrow", "today", "3 days ago"."""
    days = (due_on - as_at).days
    if days in (0, 1):
        return "today" if days == 0 else "tomorrow"
    return f"in {days} days" if days > 0 else f"{-days} day{'s' if days < -1 else ''} ago"
