"""The check of AAQ-152 and AAQ-153: from rows to a decision."""

from __future__ import annotations

from policy.model.evidence import evidence_of
from policy.model.findings import Evidence
from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Context, Decision
from policy.model.values import Cause, Unknown
from policy_aaq.availability import not_a_bank
from policy_aaq.one_version import READS as USES_READ
from policy_aaq.plans import planned_versions
from policy_aaq.rotation import Bank, Repeat, bank_of, repeat_of
from policy_aaq.uses import Uses, same_units, uses_of

READS = (
    *USES_READ,
    "assessment_plan.created_on",
    "assessment_plan.sequence",
    "planned_unit.academic_year",
    "planned_unit.due_on",
    "planned_unit.issue_on",
    "planned_unit.set_version",
    "planned_unit.unit",
    "programme.first_delivered_on",
    "set_assignment.kind",
    "set_assignment.published_on",
    "set_assignment.used_in_years",
    "set_assignment.version",
    "set_assignment.withdrawn_on",
)


def decide_versions_rotate(context: Context, unit: Record) -> Decision:
    """Decide for a unit with a bank: this year's version is not last year's, and is not used again
    while others wait.

    This year's version is that of the first submissions; while there are none, of the plan.
    """
    exempt = not_a_bank(unit)
    if exempt is not None:
        return exempt
    units = same_units(context, unit)
    uses = uses_of(context, unit)
    chosen, lacking = _chosen(context, units, uses)
    bank = bank_of(context, units, uses)
    if isinstance(bank, Unknown):
        return Decision(outcome=Outcome.UNKNOWN, missing=(*lacking, *bank.causes))
    repeats: list[Repeat] = []
    for version in sorted(chosen):
        repeat = repeat_of(context, bank, version)
        if isinstance(repeat, Unknown):
            lacking = (*lacking, *repeat.causes)
        elif repeat is not None:
            repeats.append(repeat)
    if repeats:
        return _repeated(context, unit, repeats, chosen, bank)
    if lacking:
        return Decision(outcome=Outcome.UNKNOWN, missing=tuple(dict.fromkeys(lacking)))
    if not chosen:
        return Decision(outcome=Outcome.NOT_APPLICABLE, reason="not used this year")
    return Decision(
        outcome=Outcome.MET,
        evidence=tuple(each for version in sorted(chosen) for each in _read(chosen, bank, version)),
    )


def _chosen(
    context: Context, units: tuple[Record, ...], uses: Uses
) -> tuple[dict[str, Record], tuple[Cause, ...]]:
    """Return this year's versions with the row that says so, and what is lacking to know them."""
    year = context.document.academic_year
    ours = uses.in_year(year)
    if not ours:
        planned, lacking = planned_versions(context, units, year)
        return planned, (*uses.lacking, *lacking)
    versions: dict[str, Record] = {}
    lacking = tuple(uses.lacking)
    for use in ours:
        if not use.lacking:
            versions.setdefault(use.version, use.assignment)
        else:
            lacking = (*lacking, *use.lacking)
    return versions, lacking


def _read(chosen: dict[str, Record], bank: Bank, version: str) -> tuple[Evidence, ...]:
    row = chosen[version]
    name = "set_version" if row.entity == "planned_unit" else "version"
    return (
        evidence_of(row, name),
        *(evidence_of(each, "used_in_years") for each in bank.rows.get(version, ())),
    )


def _repeated(
    context: Context,
    unit: Record,
    repeats: list[Repeat],
    chosen: dict[str, Record],
    bank: Bank,
) -> Decision:
    year = context.document.academic_year
    reasons = [
        f"version `{repeat.version}` as in {repeat.earlier}"
        if repeat.earlier
        else f"version `{repeat.version}` again before "
        + " and ".join(f"`{version}`" for version in repeat.unused)
        for repeat in repeats
    ]
    evidence = [each for repeat in repeats for each in _read(chosen, bank, repeat.version)]
    waiting = {version for repeat in repeats for version in repeat.unused}
    for version in sorted(waiting):
        evidence.extend(evidence_of(row, "used_in_years") for row in bank.rows[version])
    return Decision(
        outcome=Outcome.BREACHED,
        message=f"in {year} unit {unit.value('number')} uses {', '.join(reasons)}",
        evidence=tuple(evidence),
        at=chosen[repeats[0].version],
    )
