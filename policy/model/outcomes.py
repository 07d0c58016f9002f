"""The seven outcomes of a demand, and counts of them that must add up."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct, field

K = TypeVar("K")


class Outcome(StrEnum):
    """How a demand ends for one subject: exactly one of these, always."""

    MET = "met"
    BREACHED = "breached"
    PENDING = "pending"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"
    WAIVED = "waived"
    ERROR = "error"


SILENT = (Outcome.MET, Outcome.NOT_APPLICABLE)
"""Outcomes of which nothing is said."""


class Severity(StrEnum):
    """How strongly the guide asks: from the modal of the demand."""

    MUST = "must"
    SHOULD = "should"
    NOTE = "note"


SEVERITY_RANK: Mapping[Severity, int] = {Severity.MUST: 0, Severity.SHOULD: 1, Severity.NOTE: 2}
"""Strongest first."""


class Counts(Struct, frozen=True, kw_only=True):
    """Outcomes of one demand over its subjects.

    `because` splits *not applicable*: "`when` is false", "excepted: NAME", "another edition".
    """

    by_outcome: Mapping[Outcome, int] = field(default_factory=dict)
    because: Mapping[str, int] = field(default_factory=dict)

    @property
    def subjects(self) -> int:
        """How many subjects: by construction the sum over the seven outcomes."""
        return sum(self.by_outcome.values())

    def __getitem__(self, outcome: Outcome) -> int:
        return self.by_outcome.get(outcome, 0)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            by_outcome=_sum(self.by_outcome, other.by_outcome),
            because=_sum(self.because, other.because),
        )

    @classmethod
    def of(cls, outcomes: Mapping[tuple[Outcome, str], int]) -> Counts:
        """Sum up how often each outcome was reached for each reason; the reason is kept for *not
        applicable* only."""
        by_outcome: dict[Outcome, int] = {}
        because: dict[str, int] = {}
        for (outcome, reason), times in outcomes.items():
            by_outcome[outcome] = by_outcome.get(outcome, 0) + times
            if outcome is Outcome.NOT_APPLICABLE:
                because[reason] = because.get(reason, 0) + times
        return cls(by_outcome=by_outcome, because=dict(sorted(because.items())))


def _sum(left: Mapping[K, int], right: Mapping[K, int]) -> dict[K, int]:
    total = dict(left)
    for key, number in right.items():
        total[key] = total.get(key, 0) + number
    return total
