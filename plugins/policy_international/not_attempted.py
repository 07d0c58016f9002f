"""IA-068: nobody gets a version of a set assignment that they attempted before.

Before means: in an earlier attempt of this registration, in another registration of the same person
in the document, or among the versions recorded as attempted earlier or elsewhere. The submissions
of one attempt, task by task or part by part, are no repeats of each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from policy.model.evidence import evidence_of
from policy.model.findings import Evidence
from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Context, Decision
from policy.model.values import Cause, Unknown, causes_of
from policy_international.attempts import (
    assignment_of,
    attempts_of,
    day_of,
    not_a_use,
    registrations_of,
)

READS = (
    "assignment.criteria",
    "assignment.issued_on",
    "assignment.kind",
    "assignment.purpose",
    "assignment.version",
    "learner.earlier_versions",
    "learner.person_code",
    "learner.registration_kind",
    "programme.qualification_number",
    "programme.subject_area",
    "submission.assignment",
    "submission.is_from_earlier_registration",
    "submission.kind",
    "submission.started_on",
    "submission.submitted_on",
    "unit.number",
    "unit.set_by",
)

_ORDER = {"first": 0, "resubmission": 1, "retake": 2, "re_sit": 2}


class _Earlier(Struct, frozen=True):
    """An attempt at the same version, certain if nothing is lacking to say so."""

    attempt: Record
    lacking: tuple[Cause, ...]


def decide_not_attempted(context: Context, submission: Record) -> Decision:
    """Decide for a first submission or a re-sit: its version is new to the learner.

    Which version it is otherwise is free (IA-069). Unknown if a version or a date that lacks could
    make it a repeat; a new registration without recorded earlier versions is taken to have none.
    """
    exempt = not_a_use(submission)
    if exempt is not None:
        return exempt
    if submission.value("is_from_earlier_registration") is True:
        return Decision(outcome=Outcome.NOT_APPLICABLE, reason="carried over from a registration")
    assignment = assignment_of(submission)
    version = assignment.value("version")
    if not isinstance(version, str):
        return Decision(outcome=Outcome.UNKNOWN, missing=causes_of(version))
    learner = submission.ancestor("learner")
    before = learner.value("earlier_versions")
    if isinstance(before, tuple) and version in before:
        return _repeated(
            assignment,
            "was attempted before this registration",
            (evidence_of(learner, "earlier_versions"),),
        )
    lacking: dict[Cause, None] = {}
    for earlier in _attempts_at(context, submission, lacking):
        if not earlier.lacking:
            return _repeated_in(assignment, earlier.attempt)
        lacking.update(dict.fromkeys(earlier.lacking))
    if not isinstance(before, tuple) and learner.value("registration_kind") != "new":
        lacking.update(dict.fromkeys(causes_of(before, learner.value("registration_kind"))))
    if lacking:
        return Decision(outcome=Outcome.UNKNOWN, missing=tuple(lacking))
    read = (evidence_of(assignment, "version"), evidence_of(learner, "earlier_versions"))
    return Decision(outcome=Outcome.MET, evidence=read)


def _attempts_at(
    context: Context, submission: Record, lacking: dict[Cause, None]
) -> Iterator[_Earlier]:
    """Yield the person's earlier attempts at the version, or what may be such."""
    for learner in registrations_of(context, submission.ancestor("learner")):
        for attempt in attempts_of(learner, lacking):
            if attempt is not submission:
                doubts = _doubts(submission, attempt)
                if doubts is not None:
                    yield _Earlier(attempt, doubts)


def _doubts(submission: Record, attempt: Record) -> tuple[Cause, ...] | None:
    """Return what lacks to call `attempt` an earlier one at the same version; None if it is not."""
    now, then = assignment_of(submission), assignment_of(attempt)
    found: list[Cause] = []
    version = then.value("version")
    if isinstance(version, str) and version != now.value("version"):
        return None
    found.extend(causes_of(version, then.value("kind")))
    for answer in (
        _same_unit(now.ancestor("unit"), then.ancestor("unit")),
        _before(submission, attempt),
        _another_attempt(submission, attempt),
    ):
        if answer is False:
            return None
        if isinstance(answer, Unknown):
            found.extend(answer.causes)
    return tuple(found)


def _same_unit(one: Record, other: Record) -> bool | Unknown:
    """Whether two rows are one unit: its number is the same, and so is the subject."""
    if one.value("number") != other.value("number"):
        return False
    programmes = (one.ancestor("programme"), other.ancestor("programme"))
    numbers, subjects = (
        [programme.value(name) for programme in programmes]
        for name in ("qualification_number", "subject_area")
    )
    for pair in (programmes, numbers, subjects):
        # Two absent values are never equal: each remembers its own row.
        if pair[0] == pair[1]:
            return True
    lacking = causes_of(*subjects)
    return Unknown(lacking) if lacking else False


def _before(submission: Record, attempt: Record) -> bool | Unknown:
    """Whether `attempt` came first: in one registration by the order of attempts, else by date."""
    if submission.ancestor("learner") is attempt.ancestor("learner"):
        ranks = [_ORDER[str(each.value("kind"))] for each in (attempt, submission)]
        if ranks[0] != ranks[1]:
            return ranks[0] < ranks[1]
    now, then = day_of(submission), day_of(attempt)
    if isinstance(now, date) and isinstance(then, date):
        return then < now
    return Unknown(causes_of(now, then))


def _another_attempt(submission: Record, attempt: Record) -> bool | Unknown:
    """Whether the two are not parts of one attempt, which may be handed in piece by piece."""
    if submission.ancestor("learner") is not attempt.ancestor("learner"):
        return True
    if (_ORDER[str(submission.value("kind"))] == 2) != (_ORDER[str(attempt.value("kind"))] == 2):
        return True
    now, then = assignment_of(submission), assignment_of(attempt)
    if now is then:
        return False
    criteria = [each.value("criteria") for each in (now, then)]
    lacking = causes_of(*criteria)
    if lacking:
        return Unknown(lacking)
    return any(code in _listed(criteria[1]) for code in _listed(criteria[0]))


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _repeated_in(assignment: Record, attempt: Record) -> Decision:
    day = day_of(attempt)
    when = f" on {day.isoformat()}" if isinstance(day, date) else ""
    return _repeated(
        assignment,
        f"was attempted before, in submission `{attempt.id}`{when}",
        (
            evidence_of(assignment_of(attempt), "version", "earlier assignment.version"),
            evidence_of(attempt, "submitted_on", "earlier submission.submitted_on"),
        ),
    )


def _repeated(assignment: Record, how: str, evidence: tuple[Evidence, ...]) -> Decision:
    number, version = assignment.ancestor("unit").value("number"), assignment.value("version")
    return Decision(
        outcome=Outcome.BREACHED,
        message=f"unit {number}: version `{version}` {how}",
        evidence=(evidence_of(assignment, "version"), *evidence),
    )
