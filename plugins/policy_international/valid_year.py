"""IA-066: a set assignment is used in the one academic year it is valid for."""

from __future__ import annotations

from datetime import date

from policy.model.evidence import evidence_of
from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Context, Decision
from policy.model.values import CauseKind, Unknown, causes_of
from policy_international.attempts import assignment_of, day_of, not_a_use

READS = (
    "assignment.issued_on",
    "assignment.kind",
    "assignment.purpose",
    "assignment.version",
    "set_assignment.kind",
    "set_assignment.valid_year",
    "set_assignment.version",
    "submission.assignment",
    "submission.kind",
    "submission.started_on",
    "submission.submitted_on",
    "unit.set_by",
)


def decide_valid_in_year(context: Context, submission: Record) -> Decision:
    """Decide for a first submission or a re-sit: its version is valid for the year of the attempt.

    The year is that of the day of handing in, else of the start, else of the issue. Which of the
    versions valid that year is the centre's choice (IA-069). Unknown if the version is not listed,
    or its year not recorded.
    """
    exempt = not_a_use(submission)
    if exempt is not None:
        return exempt
    assignment = assignment_of(submission)
    unit = assignment.ancestor("unit")
    version, day = assignment.value("version"), day_of(submission)
    listed = unit.collection("set_assignments")
    if not isinstance(version, str) or not isinstance(day, date) or isinstance(listed, Unknown):
        return Decision(outcome=Outcome.UNKNOWN, missing=causes_of(version, day, listed))
    rows = [
        row for row in listed if row.value("version") == version and row.value("kind") != "psab"
    ]
    if not rows:
        cause = unit.cause(CauseKind.NO_ROW, "set_assignments", version)
        return Decision(outcome=Outcome.UNKNOWN, missing=(cause,))
    return _compared(context.calendar.academic_year(day), submission, assignment, rows)


def _compared(year: str, submission: Record, assignment: Record, rows: list[Record]) -> Decision:
    valid = [row.value("valid_year") for row in rows]
    if year not in valid and causes_of(*valid):
        return Decision(outcome=Outcome.UNKNOWN, missing=causes_of(*valid))
    evidence = (
        evidence_of(assignment, "version"),
        evidence_of(submission, "submitted_on"),
        *(evidence_of(row, "valid_year") for row in rows),
    )
    if year in valid:
        return Decision(outcome=Outcome.MET, evidence=evidence)
    years = " and ".join(sorted(str(each) for each in valid))
    unit = assignment.ancestor("unit")
    return Decision(
        outcome=Outcome.BREACHED,
        message=f"unit {unit.value('number')}: version `{assignment.value('version')}` is valid "
        f"for {years}, and was used in {year}",
        evidence=evidence,
    )
