"""Which units have one set brief (PSAB) and which have a bank of versions to rotate.

The guide lists them by qualification number and unit number (AAQ-155); a unit of a listed
qualification that is not in its row is not assessed by a set brief. For other qualifications the
centre's own record counts (`unit.psab_availability`). Where both speak, the guide wins: that they
differ is another rule's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Decision
from policy.model.values import Missing, Unknown, causes_of

SINGLE = "single"
BANK = "bank"
NO_SET_BRIEF = "no set brief"


def _row(single: str, bank: str) -> Mapping[str, str]:
    return MappingProxyType(
        dict.fromkeys(single.split(), SINGLE) | dict.fromkeys(bank.split(), BANK)
    )


LISTED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "610/3958/5": _row("", "3 4 5 6"),  # Medical Science
        "610/3959/7": _row("5", "3 4 6"),  # Construction and the Built Environment
        "610/3960/3": _row("", "3 4"),  # Information Technology
        "610/3962/7": _row("", "3 4"),  # Engineering
        "610/3963/9": _row("", "3 4"),  # Computing
        "610/3964/0": _row("", "3 4 5 6"),  # Health and Social Care
        "610/3965/2": _row("4 5", "6"),  # Applied Science
        "610/3966/4": _row("", "3 4"),  # Early Childhood Development
    }
)
"""Qualification number -> unit number -> SINGLE or BANK."""


def availability_of(unit: Record) -> str | Missing | Unknown:
    """Return SINGLE, BANK or NO_SET_BRIEF for a unit; Missing if neither guide nor centre says."""
    listed = LISTED.get(_plain(unit.ancestor("programme").value("qualification_number")))
    if listed is not None:
        return listed.get(_plain(unit.value("number")), NO_SET_BRIEF)
    if unit.value("assessment_mode") == "external" or unit.value("set_by") in ("centre", "psa"):
        return NO_SET_BRIEF
    recorded = unit.value("psab_availability")
    return recorded if isinstance(recorded, str) else Missing(causes_of(recorded))


def _plain(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def not_a_bank(unit: Record) -> Decision | None:
    """Return the decision for a unit that has no versions to rotate, None for one that has.

    A single brief stays the same for the life of the qualification (AAQ-134).
    """
    available = availability_of(unit)
    if isinstance(available, str):
        reasons = {SINGLE: "one set brief only", NO_SET_BRIEF: NO_SET_BRIEF}
        reason = reasons.get(available)
        return Decision(outcome=Outcome.NOT_APPLICABLE, reason=reason) if reason else None
    return Decision(outcome=Outcome.UNKNOWN, missing=available.causes)
