"""Attempts at set assignments (PSA): what was set, when, and what the same person did before.

A person may stand in the document several times: once for each registration, with the same
`learner.person_code`. That code is personal and never leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Context, Decision
from policy.model.values import Cause, Missing, Unknown, Value, causes_of


def not_a_use(submission: Record) -> Decision | None:
    """Return the decision for a submission that sets no version anew, None for one that does.

    A resubmission keeps the version of its first submission (IA-070).
    """
    if submission.value("kind") == "resubmission":
        return _exempt("a resubmission keeps its version")
    assignment = submission.value("assignment")
    if not isinstance(assignment, Record):
        return Decision(outcome=Outcome.UNKNOWN, missing=causes_of(assignment))
    if assignment.value("purpose") in ("mock", "practice"):
        return _exempt("not formal assessment")
    kind = assignment.value("kind")
    if isinstance(kind, Missing) and assignment.ancestor("unit").value("set_by") != "centre":
        return Decision(outcome=Outcome.UNKNOWN, missing=kind.causes)
    return None if kind == "psa" else _exempt("not a set assignment")


def _exempt(reason: str) -> Decision:
    return Decision(outcome=Outcome.NOT_APPLICABLE, reason=reason)


def assignment_of(submission: Record) -> Record:
    """Return the assignment of a submission that `not_a_use` let pass."""
    assignment = submission.value("assignment")
    if not isinstance(assignment, Record):
        raise TypeError("a submission without an assignment is no use")
    return assignment


def day_of(submission: Record) -> Value:
    """Return the day of an attempt: handed in, else started, else the day the brief was issued."""
    handed_in = submission.value("submitted_on")
    if isinstance(handed_in, date):
        return handed_in
    started = submission.value("started_on")
    if isinstance(started, date):
        return started
    assignment = submission.value("assignment")
    issued = assignment.value("issued_on") if isinstance(assignment, Record) else assignment
    return issued if isinstance(issued, date) else handed_in


def registrations_of(context: Context, learner: Record) -> tuple[Record, ...]:
    """Return all rows of the person in the document, the given one first."""
    code = learner.value("person_code")
    rows = _people(context.document.root).get(code, ()) if isinstance(code, str) else ()
    return (learner, *(row for row in rows if row is not learner))


@lru_cache(maxsize=1)
def _people(root: Record) -> Mapping[str, tuple[Record, ...]]:
    """Return code -> rows of the person: made once for a document, which never changes."""
    people: dict[str, list[Record]] = {}
    programmes = root.collection("programmes")
    for programme in () if isinstance(programmes, Unknown) else programmes:
        learners = programme.collection("learners")
        for learner in () if isinstance(learners, Unknown) else learners:
            code = learner.value("person_code")
            if isinstance(code, str):
                people.setdefault(code, []).append(learner)
    return MappingProxyType({code: tuple(rows) for code, rows in people.items()})


def attempts_of(learner: Record, lacking: dict[Cause, None]) -> Iterator[Record]:
    """Yield the learner's submissions of what is, or may be, a set assignment.

    What lacks to know them all is added to `lacking`.
    """
    submissions = learner.collection("submissions")
    if isinstance(submissions, Unknown):
        lacking.update(dict.fromkeys(submissions.causes))
        return
    for submission in submissions:
        assignment = submission.value("assignment")
        if not isinstance(assignment, Record):
            lacking.update(dict.fromkeys(causes_of(assignment)))
        elif assignment.value("kind") == "psa" or isinstance(assignment.value("kind"), Missing):
            yield submission
