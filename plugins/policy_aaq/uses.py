"""Which version of a set brief was given to learners in which year.

In: a unit. Out: one `Use` for each assignment that first submissions were made for, over all
cohorts and all programmes of the same qualification, with what is lacking to know them all. A
retake or a resubmission is no use of its own: it keeps the version of the first submission
(AAQ-198). The year is that in which the brief was issued: tasks of one brief may follow in the next
year (AAQ-142).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from policy.model.records import Record
from policy.model.suite import Context
from policy.model.values import Cause, Missing, Unknown, Value, causes_of


@dataclass(frozen=True, slots=True)
class Use:
    """A version given to learners in an academic year, by way of an assignment.

    `version` and `year` are empty when not known; then `lacking` says why.
    """

    assignment: Record
    version: str
    year: str
    lacking: tuple[Cause, ...] = ()


@dataclass(slots=True, kw_only=True)
class Uses:
    """All uses of one unit, in document order, and what is lacking to know of others."""

    known: list[Use] = field(default_factory=list)
    lacking: list[Cause] = field(default_factory=list)

    def in_year(self, year: str) -> list[Use]:
        """Return those that were, or may have been, in that year."""
        return [use for use in self.known if use.year in (year, "")]


def uses_of(context: Context, unit: Record) -> Uses:
    """Return the first submissions for `unit`, and for the same unit of the same qualification."""
    uses = Uses()
    for same in same_units(context, unit):
        programme = same.ancestor("programme")
        found, lacking = _uses_in(context, programme, same)
        uses.known.extend(found)
        uses.lacking.extend(lacking)
    uses.lacking = list(dict.fromkeys(uses.lacking))
    return uses


def same_units(context: Context, unit: Record) -> tuple[Record, ...]:
    """Return the rows of one unit over all programmes of its qualification; first the unit itself.

    Without a qualification number the unit stands alone.
    """
    qualification = unit.ancestor("programme").value("qualification_number")
    number = unit.value("number")
    others = (
        other
        for other in context.document.all("unit")
        if other is not unit
        and isinstance(qualification, str)
        and other.value("number") == number
        and other.ancestor("programme").value("qualification_number") == qualification
    )
    return (unit, *others)


def _uses_in(context: Context, programme: Record, unit: Record) -> tuple[list[Use], list[Cause]]:
    assignments = unit.collection("assignments")
    if isinstance(assignments, Unknown):
        return [], list(assignments.causes)
    ours = {each for each in assignments if _is_formal_set_brief(each)}
    found: dict[Use, None] = {}
    lacking: list[Cause] = []
    for submission in _submissions(programme, lacking):
        assignment = submission.value("assignment")
        if not isinstance(assignment, Record):
            lacking.extend(causes_of(assignment))
        elif assignment in ours and submission.value("kind") == "first":
            found[_use(context, submission, assignment)] = None
    return list(found), lacking


def _is_formal_set_brief(assignment: Record) -> bool:
    """Whether it is, or may be, a set brief that counts."""
    kind = assignment.value("kind")
    return assignment.value("purpose") not in ("mock", "practice") and (
        kind == "psab" or isinstance(kind, Missing)
    )


def _submissions(programme: Record, lacking: list[Cause]) -> Iterator[Record]:
    learners = programme.collection("learners")
    if isinstance(learners, Unknown):
        lacking.extend(learners.causes)
        return
    for learner in learners:
        submissions = learner.collection("submissions")
        if isinstance(submissions, Unknown):
            lacking.extend(submissions.causes)
        else:
            yield from submissions


def _use(context: Context, submission: Record, assignment: Record) -> Use:
    version = assignment.value("version")
    given_on = _given_on(submission, assignment)
    return Use(
        assignment=assignment,
        version=version if isinstance(version, str) else "",
        year=context.calendar.academic_year(given_on) if isinstance(given_on, date) else "",
        lacking=causes_of(version, given_on),
    )


def _given_on(submission: Record, assignment: Record) -> Value:
    """Return the day the learner got the brief, or the next thing to it that is recorded."""
    for row, name in (
        (assignment, "issued_on"),
        (assignment, "starts_on"),
        (submission, "started_on"),
        (submission, "submitted_on"),
    ):
        day = row.value(name)
        if isinstance(day, date):
            return day
    return assignment.value("issued_on")
