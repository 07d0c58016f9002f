"""Toy centres drawn at random, to judge drawn specs by: much is lacking, and what is there is odd.

Fields are left out or null anywhere, collections absent, null or empty, references lead to nobody,
days lie at either end of the calendar, terms overlap or have no end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from policy.model.entities import Kind, ValueType
from tests.differential.schema import GRADES, SCHEMA
from tests.differential.vocabulary import WORDS
from tests.dsl.builders import TERMS

EXTREMES = (
    *("0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31", "1900-01-01", "2099-12-31"),
    *("2024-02-29", "2025-08-31", "2025-09-01", "2025-12-19", "2025-12-25", "2026-08-31"),
)
YEARS = (
    *[("2025/26", "2025-09-01", "2026-08-31")] * 9,
    ("2026/27", "2026-08-01", "2027-07-31"),
    ("2024/25", "2024-09-01", "2025-08-31"),
    ("2000/01", "2000-02-29", "2001-02-28"),
    ("2099/00", "2099-01-01", "2099-12-31"),
)
AS_AT = (
    *[date(2025, 12, 1), date(2026, 3, 1), date(2027, 1, 1)] * 4,
    *(date(2024, 2, 29), date.min, date.max),
)
CODES: Mapping[str, Sequence[str]] = {
    "study_days": ("mon", "tue", "thu", "fri"),
    "study_mode": ("full_time", "part_time"),
    "country": ("england", "england", "scotland", "international", "nowhere"),
}
MANY = 26
"""So many rows are looked up and not gone through, in a run too."""
PERIODS = ("term", "term", "half_term", "holiday", "training_day")
NAMED = (1, 1, 2, 3, 9)
"""Numbers of the rows that references name; there is hardly ever a ninth."""


@dataclass(kw_only=True)
class _Maker:
    """`full`: share of facts recorded; `wild`: share of days that are extreme; `many`: whether one
    learner has many submissions; `dangling`: whether references may lead to nobody; `absent`:
    whether collections may be absent or null."""

    random: Random
    full: float
    wild: float
    many: bool
    dangling: bool
    absent: bool
    counts: dict[str, int] = field(default_factory=dict)

    def row(self, entity: str) -> dict[str, Any]:
        """Return a row and all below it."""
        kind = SCHEMA.entities[entity]
        self.counts[entity] = self.counts.get(entity, 0) + 1
        made: dict[str, Any] = {"id": f"{entity}{self.counts[entity]}"}
        for name, item in kind.fields.items():
            if name == "id":
                continue
            if item.required or self.random.random() < self.full:
                made[name] = self._value(entity, name, item.type)
            elif self.random.random() < 0.2:
                made[name] = None
        for collection, child in kind.children.items():
            if self.absent and self.random.random() < 0.4 * (1.1 - self.full):
                if self.random.random() < 0.3:
                    made[collection] = None
                continue
            size = self.random.choice((0, 1, 2, 2, 3))
            if child == "attempt":
                size = self.random.choice((0, 0, 1, 2))
            elif child == "submission" and self.many and self.counts["learner"] == 2:
                size = MANY
            made[collection] = [self.row(child) for _ in range(size)]
        return made

    def _value(self, entity: str, name: str, kind: ValueType) -> Any:
        match kind.kind:
            case Kind.LIST:
                item = kind.item or ValueType(kind=Kind.TEXT)
                size = self.random.randint(0, 3)
                return [self._value(entity, name, item) for _ in range(size)]
            case Kind.REF:
                return f"{kind.entity}{self.random.choice(NAMED if self.dangling else NAMED[:1])}"
            case Kind.DATE:
                return self._day()
            case Kind.BOOLEAN:
                return self.random.random() < 0.6
            case Kind.ENUM:
                return self.random.choice(GRADES)
            case Kind.INTEGER:
                return self.random.choice((0, 1, 2, -3, 1.0))
            case Kind.NUMBER:
                return self.random.choice((0, 1, 2, 1.5, -3))
        if entity == "calendar_period":
            return self.random.choice(PERIODS)
        return self.random.choice(CODES.get(name, WORDS))

    def _day(self) -> str:
        if self.random.random() < self.wild:
            return self.random.choice(EXTREMES)
        return (date(2025, 8, 25) + timedelta(self.random.randrange(300))).isoformat()


def centre(random: Random) -> tuple[dict[str, Any], date]:
    """Return the data of a toy centre, and the day of the run."""
    full = random.choice((0.0, 0.3, 0.6, 0.8, 0.95, 1.0, 1.0))
    made = _Maker(
        random=random,
        full=full,
        wild=random.choice((0.0, 0.1, 0.1, 0.5)),
        many=random.random() < 0.3,
        dangling=random.random() < 0.6,
        absent=random.random() < 0.6,
    ).row("centre")
    year = random.choice(YEARS)
    made |= dict(zip(("academic_year", "year_starts_on", "year_ends_on"), year, strict=True))
    if random.random() < 0.6:
        made["calendar_periods"] = TERMS
    return made, random.choice(AS_AT)
