"""The grade of a unit that achieved criteria support.

A unit is D when all its Pass, Merit and Distinction criteria are achieved, M when all Pass and
Merit criteria are, P when all Pass criteria are, and U otherwise. A criterion counts once it is
achieved in any formal submission of the learner.

Facts that lack make a difference only if they could change the grade: it is worked out once with
what is certainly achieved and once with all that may be, and is unknown if the two differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter

from msgspec import Struct, field

from policy.model.records import Record
from policy.model.suite import Context
from policy.model.values import Cause, CauseKind, Missing, Unknown, causes_of
from policy_common.criteria import grade_of

GRADES = ("P", "M", "D")


class _Achieved(Struct, kw_only=True):
    """Codes that are achieved for certain, and those that may be, with the facts that lack."""

    sure: set[str] = field(default_factory=set)
    perhaps: set[str] = field(default_factory=set)
    lacking: list[Cause] = field(default_factory=list)

    def may_be(self, codes: Iterable[str], *causes: Cause) -> None:
        self.perhaps.update(codes)
        self.lacking.extend(causes)


def grade_supported(context: Context, result: Record) -> str | Missing | Unknown:
    """Return U, P, M or D for a line of the tracker.

    Missing for recognition of prior learning (other evidence than submissions) and for a unit
    whose criteria are not recorded; unknown if what lacks could change the grade.
    """
    if result.value("is_by_rpl") is True:
        return Missing((result.cause(CauseKind.NO_ROW, "criteria_achieved", "prior learning"),))
    unit = result.value("unit")
    if not isinstance(unit, Record):
        return Unknown(causes_of(unit))
    criteria = _criteria_of(unit)
    if not isinstance(criteria, dict):
        return criteria
    achieved = _achieved(result.ancestor("learner"), unit, criteria)
    least = _grade(criteria, achieved.sure)
    if not achieved.perhaps:
        return least
    most = _grade(criteria, achieved.sure | achieved.perhaps)
    return least if least == most else Unknown(tuple(dict.fromkeys(achieved.lacking)))


def _grade(criteria: Mapping[str, str], achieved: set[str]) -> str:
    """Return the grade whose criteria, and those of the grades below, are all achieved."""
    open_grades = {of for code, of in criteria.items() if code not in achieved}
    reached = "U"
    for grade in GRADES:
        if grade in open_grades or grade not in criteria.values():
            break
        reached = grade
    return reached


def _criteria_of(unit: Record) -> dict[str, str] | Missing | Unknown:
    """Return code -> grade of all criteria of the unit."""
    aims = unit.collection("learning_aims")
    if isinstance(aims, Unknown):
        return aims
    found: dict[str, str] = {}
    lacking: list[Cause] = []
    for aim in aims:
        codes = aim.value("criteria")
        if not isinstance(codes, tuple):
            lacking.extend(causes_of(codes))
            continue
        grades = _grades_of(codes)
        found |= grades
        if "" in grades.values():
            bare = [code for code, grade in grades.items() if not grade]
            lacking.extend(aim.cause(CauseKind.NO_ROW, "criteria", code) for code in bare)
    if lacking:
        return Unknown(tuple(lacking))
    if "P" not in found.values():
        return Missing((unit.cause(CauseKind.NOT_RECORDED, "learning_aims"),))
    return found


@lru_cache(maxsize=4096)
def _grades_of(codes: tuple[object, ...]) -> Mapping[str, str]:
    """Return code -> grade, an empty text for none; units of a qualification repeat their codes."""
    return {code: grade_of(code) for code in map(str, codes)}


def _achieved(learner: Record, unit: Record, criteria: Mapping[str, str]) -> _Achieved:
    achieved = _Achieved()
    work = _work_of(learner)
    if isinstance(work, Unknown):
        achieved.may_be(criteria, *work.causes)
        return achieved
    for _, submission in sorted([*work.of_units.get(unit, ()), *work.of_any], key=itemgetter(0)):
        assignment = submission.value("assignment")
        if isinstance(assignment, Record):
            _add_submission(achieved, submission, assignment, unit, criteria)
        else:
            achieved.may_be(criteria, *causes_of(assignment))
    return achieved


class _Work(Struct, kw_only=True):
    """A learner's formal submissions, each with its place: by the units that they are work for,
    and those of which that is not known."""

    of_units: dict[Record, list[tuple[int, Record]]] = field(default_factory=dict)
    of_any: list[tuple[int, Record]] = field(default_factory=list)


@lru_cache(maxsize=1)
def _work_of(learner: Record) -> _Work | Unknown:
    """Return the work of a learner; gone through once for the lines of all units, which follow
    one another."""
    submissions = learner.collection("submissions")
    if isinstance(submissions, Unknown):
        return submissions
    work = _Work()
    for placed in enumerate(submissions):
        assignment = placed[1].value("assignment")
        if not isinstance(assignment, Record):
            work.of_any.append(placed)
        elif assignment.value("purpose") not in ("mock", "practice"):
            for rows in _rows_for(work, assignment):
                rows.append(placed)
    return work


def _rows_for(work: _Work, assignment: Record) -> Iterator[list[tuple[int, Record]]]:
    """Yield where a submission of the assignment belongs."""
    more = assignment.value("additional_units")
    listed = more if isinstance(more, tuple) else ()
    if isinstance(more, Unknown) or causes_of(*listed):
        yield work.of_any
        return
    units = (assignment.ancestor("unit"), *(each for each in listed if isinstance(each, Record)))
    for unit in dict.fromkeys(units):
        yield work.of_units.setdefault(unit, [])


def _add_submission(
    achieved: _Achieved,
    submission: Record,
    assignment: Record,
    unit: Record,
    criteria: Mapping[str, str],
) -> None:
    others, strangers = _other_units(assignment, unit)
    if others is None and not strangers:
        return
    decisions = submission.collection("criterion_decisions")
    if isinstance(decisions, Unknown):
        # Not handed in and nothing decided: nothing is achieved by it yet.
        if not isinstance(submission.value("submitted_on"), Missing):
            achieved.may_be(criteria, *decisions.causes)
        return
    for decision in decisions:
        outcome = decision.value("outcome")
        if outcome == "not_achieved":
            continue
        code = str(decision.value("criterion"))
        if code not in criteria:
            continue
        if not isinstance(outcome, str):
            achieved.may_be((code,), *causes_of(outcome))
        elif others is None or strangers:
            achieved.may_be((code,), *strangers)
        elif others and any(_may_have(other, code) for other in others):
            shared = decision.cause(CauseKind.NO_ROW, "criterion", "several units have it")
            achieved.may_be((code,), shared)
        else:
            achieved.sure.add(code)


def _other_units(
    assignment: Record, unit: Record
) -> tuple[tuple[Record, ...] | None, tuple[Cause, ...]]:
    """Return the units the assignment assesses besides `unit`, None if it does not assess `unit`;
    and what is lacking to know them all."""
    more = assignment.value("additional_units")
    listed = more if isinstance(more, tuple) else ()
    own = assignment.ancestor("unit")
    # A missing list is an assignment for one unit: that is how nearly all are recorded.
    if isinstance(more, Missing):
        return (() if own is unit else None), ()
    units = (own, *(each for each in listed if isinstance(each, Record)))
    strangers = causes_of(*listed) + (more.causes if isinstance(more, Unknown) else ())
    return (tuple(each for each in units if each is not unit) if unit in units else None), strangers


def _may_have(unit: Record, code: str) -> bool:
    """Whether a code may be a criterion of that unit too: it is, or its criteria are not known."""
    criteria = _criteria_of(unit)
    return not isinstance(criteria, dict) or code in criteria
