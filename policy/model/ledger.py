"""The ledger: for each clause of the guides which rule decides it and which examples show it.

A clause is decided when a demand cites it and an example shows that demand failing (a note: saying
something).
Whoever asks of a clause gets rule, facts and examples, or the reason why no program can tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from policy.model.outcomes import Severity


class Standing(StrEnum):
    """How far a clause is decided."""

    DECIDED = "decided"
    PARTLY = "partly decided"
    """Decided as far as data can show it; the reason says what stays open."""
    SHOWN = "shown as allowed"
    """A permission: an example shows that it is never flagged, or an exception lets it through."""
    KEPT = "kept by the specs"
    """About the rules themselves; the reason says what holds it."""
    PERSON = "for a person"
    """No program can decide it; the reason says why."""
    OPEN = "not yet"


class Decider(Struct, frozen=True, kw_only=True):
    """A demand (of a rule or of a plugin's check) that cites a clause.

    `rule`: name and label. `origin`: the spec or library that wrote it. `examples`: titles of those
    that show it failing; none when nothing shows it.
    """

    spec: str
    edition: str
    rule: str
    origin: str
    severity: Severity
    examples: tuple[str, ...] = ()


class LedgerEntry(Struct, frozen=True, kw_only=True):
    """One clause with what decides it. `allowed`: titles of examples that show it as allowed."""

    id: str
    guide: str
    where: str
    strength: str
    kind: str
    checkable: str
    says: str
    standing: Standing
    reason: str = ""
    deciders: tuple[Decider, ...] = ()
    allowed: tuple[str, ...] = ()

    @property
    def is_checkable(self) -> bool:
        """Whether data of a centre can show it, at least partly."""
        return self.checkable in ("yes", "partly")


class Ledger(Struct, frozen=True, kw_only=True):
    """All clauses, by id."""

    entries: tuple[LedgerEntry, ...]

    @property
    def checkable(self) -> tuple[LedgerEntry, ...]:
        """The clauses that data can show."""
        return tuple(entry for entry in self.entries if entry.is_checkable)

    @property
    def percent(self) -> float:
        """Checkable clauses that are decided or carry a reason, in percent; 0 if there are none."""
        wanted = self.checkable
        done = sum(entry.standing is not Standing.OPEN for entry in wanted)
        return 100 * done / len(wanted) if wanted else 0.0


def counts(entries: Iterable[LedgerEntry]) -> dict[Standing, int]:
    """Return how many clauses stand how; every standing has a number."""
    found = dict.fromkeys(Standing, 0)
    for entry in entries:
        found[entry.standing] += 1
    return found
