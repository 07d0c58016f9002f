"""Which version of a set brief was given to learners in which year.

In: a unit. Out: one `Use` for each assignment that first submissions were made for, over all
cohorts and all programmes of the same qualification, with what is lacking to know them all. A
retake or a resubmission is no use of its own: it keeps the version of the first submission
(AAQ-198). The year is that in which the brief was issued: tasks of one brief may follow in the next
year (AAQ-142).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct, field

from policy.model.records import Record
from policy.model.suite import Context
from policy.model.values import Cause, Missing, Unknown, Value, causes_of
from policy_aaq.availability import NO_SET_BRIEF, SINGLE, availability_of


class Use(Struct, frozen=True):
    """A version given to learners in an academic year, by way of an assignment.

    `version` and `year` are empty when not known. `lacking` says what is not; a use is certain
    only if nothing is.
    """

    assignment: Record
    version: str
    year: str
    lacking: tuple[Cause, ...] = ()


class Uses(Struct, kw_only=True):
    """All uses of one unit, in document order, and what is lacking to know of others."""

    known: list[Use] = field(default_factory=list)
    lacking: list[Cause] = field(default_factory=list)

    def in_year(self, year: str) -> list[Use]:
        """Return those that were, or may have been, in that year."""
        return [use for use in self.known if use.year in (year, "")]


def uses_of(context: Context, unit: Record) -> Uses:
    """Return the first submissions for `unit`, and for the same unit of the same qualification."""
    uses = Uses(lacking=list(_unplaced(context, unit)))
    for same in same_units(context, unit):
        found, lacking = _uses_in(context, same)
        uses.known.extend(found)
        uses.lacking.extend(lacking)
    uses.lacking = list(dict.fromkeys(uses.lacking))
    return uses


def same_units(context: Context, unit: Record) -> tuple[Record, ...]:
    """Return the rows of one unit over all programmes of its qualification; first the unit itself.

    Without a qualification number the unit stands alone.
    """
    ours = unit.ancestor("programme").value("qualification_number")
    others = (
        other
        for other in _namesakes(context, unit)
        if isinstance(ours, str)
        and other.ancestor("programme").value("qualification_number") == ours
    )
    return (unit, *others)


def _namesakes(context: Context, unit: Record) -> Iterator[Record]:
    number = unit.value("number")
    for other in context.document.all("unit"):
        if other is not unit and other.value("number") == number:
            yield other


def _unplaced(context: Context, unit: Record) -> Iterator[Cause]:
    """Yield what lacks to say whether a unit of that number is the same unit.

    A programme of another suite is another qualification even without its number.
    """
    ours = unit.ancestor("programme")
    for other in _namesakes(context, unit):
        theirs = other.ancestor("programme")
        suites = [each.value("suite") for each in (ours, theirs)]
        differ = all(isinstance(suite, str) for suite in suites) and suites[0] != suites[1]
        if not differ and availability_of(other) not in (SINGLE, NO_SET_BRIEF):
            yield from causes_of(*(each.value("qualification_number") for each in (ours, theirs)))


def _uses_in(context: Context, unit: Record) -> tuple[list[Use], list[Cause]]:
    assignments = unit.collection("assignments")
    if isinstance(assignments, Unknown):
        return [], list(assignments.causes)
    ours = {each for each in assignments if _is_formal_set_brief(each)}
    found: dict[Use, None] = {}
    lacking: list[Cause] = []
    for submission in _submissions(unit.ancestor("programme"), lacking):
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
        lacking=causes_of(version, given_on, assignment.value("kind")),
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
