"""AAQ-151, AAQ-199: all learners of an academic year have the same version of a set brief."""

from __future__ import annotations

from itertools import combinations

from policy.model.evidence import evidence_of
from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Context, Decision
from policy.model.values import Cause
from policy_aaq.availability import not_a_bank
from policy_aaq.uses import Use, uses_of

READS = (
    "assignment.issued_on",
    "assignment.kind",
    "assignment.purpose",
    "assignment.starts_on",
    "assignment.version",
    "programme.qualification_number",
    "programme.suite",
    "submission.assignment",
    "submission.kind",
    "submission.started_on",
    "submission.submitted_on",
    "unit.assessment_mode",
    "unit.number",
    "unit.psab_availability",
    "unit.set_by",
)


def decide_one_version(context: Context, unit: Record) -> Decision:
    """Decide for a unit with a bank: one version over all first submissions of this year.

    All cohorts and programmes of the qualification count together. Unknown if what lacks could
    hide another version.
    """
    exempt = not_a_bank(unit)
    if exempt is not None:
        return exempt
    year = context.document.academic_year
    uses = uses_of(context, unit)
    ours = uses.in_year(year)
    by_version: dict[str, Use] = {}
    for use in ours:
        if not use.lacking:
            by_version.setdefault(use.version, use)
    if len(by_version) > 1:
        return _several(unit, year, by_version)
    lacking = [*uses.lacking, *_could_differ(ours)]
    if lacking:
        return Decision(outcome=Outcome.UNKNOWN, missing=tuple(dict.fromkeys(lacking)))
    if not ours:
        return Decision(outcome=Outcome.NOT_APPLICABLE, reason="no first submission this year")
    return Decision(outcome=Outcome.MET, evidence=(evidence_of(ours[0].assignment, "version"),))


def _could_differ(uses: list[Use]) -> list[Cause]:
    """Return what lacks to say that two of the uses are of one version, or of two years."""
    return [
        cause
        for one, other in combinations(uses, 2)
        if one.assignment is not other.assignment
        and (not one.version or not other.version or one.version != other.version)
        for cause in (*one.lacking, *other.lacking)
    ]


def _several(unit: Record, year: str, by_version: dict[str, Use]) -> Decision:
    versions = sorted(by_version)
    listed = ", ".join(
        f"`{version}` by assignment `{by_version[version].assignment.id}`" for version in versions
    )
    return Decision(
        outcome=Outcome.BREACHED,
        message=f"unit {unit.value('number')} was given out in {len(versions)} versions "
        f"in {year}: {listed}",
        evidence=tuple(
            evidence_of(by_version[version].assignment, "version") for version in versions
        ),
        at=by_version[versions[-1]].assignment,
    )
