"""What a part, or a run, comes to in a few numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from policy.audit.judging import Judged
from policy.audit.tables import JUDGED
from policy.model.outcomes import Outcome, Severity


class Tally(Struct, kw_only=True):
    """Documents judged and quarantined; demands breached, by strength; what is undecided."""

    documents: int = 0
    quarantined: int = 0
    findings: int = 0
    subjects: int = 0
    breached_must: int = 0
    breached_should: int = 0
    undecided: int = 0
    errors: int = 0

    def add(self, judged: Judged) -> None:
        """Count a document."""
        result = judged.result
        self.documents += 1
        self.quarantined += not result.readable
        self.findings += len(result.findings)
        for demand in result.demands:
            counts = demand.counts
            if not counts.by_outcome:
                continue
            self.subjects += counts.subjects
            self.undecided += counts[Outcome.UNKNOWN]
            self.errors += counts[Outcome.ERROR]
            if demand.severity is Severity.MUST:
                self.breached_must += counts[Outcome.BREACHED]
            elif demand.severity is Severity.SHOULD:
                self.breached_should += counts[Outcome.BREACHED]

    @classmethod
    def of_rows(
        cls, documents: Iterable[Mapping[str, Any]], outcomes: Iterable[Mapping[str, Any]]
    ) -> Tally:
        """Return what rows of the tables `documents` and `outcomes` come to."""
        tally = cls()
        for row in documents:
            tally.documents += 1
            tally.quarantined += row["status"] != JUDGED
            tally.findings += row["findings"]
            tally.subjects += row["subjects"]
            tally.undecided += row["unknown"]
            tally.errors += row["error"]
        for row in outcomes:
            if row["severity"] == Severity.MUST:
                tally.breached_must += row["breached"]
            elif row["severity"] == Severity.SHOULD:
                tally.breached_should += row["breached"]
        return tally

    def __iadd__(self, other: Tally) -> Tally:
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def as_json(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Tally:
        """Return the numbers that `as_json` wrote."""
        return cls(**{name: int(values[name]) for name in cls.__struct_fields__})
