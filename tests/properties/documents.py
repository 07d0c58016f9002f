"""Centres' documents drawn from the JSON Schema: valid, and lacking whatever may be lacking.

Fields are left out or null, collections empty or absent, references lead to rows that are not
there, days are far away or on the edge of a year, texts hold what a terminal obeys.

Hypothesis draws a seed, a plain generator does the rest. Drawing each field by itself would give
documents whose rows are mostly alike: what is alike cannot be in another order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any, TypeAlias

from hypothesis import strategies as st

from policy.data.schema import load_schema

Data: TypeAlias = dict[str, Any]

DEFINITIONS: Mapping[str, Any] = load_schema().json["$defs"]
AS_AT = date(2026, 5, 1)

READ: Mapping[str, tuple[str, ...]] = {
    "centre": ("name", "country", "quality_nominee"),
    "calendar_period": ("season",),
    "staff": (),
    "role": ("starts_on",),
    "programme": ("suite", "lead_iv", "assessors", "internal_verifiers", "starts_on", "ends_on"),
    "unit": ("glh",),
    "assignment": ("assessor", "due_on"),
    "learner": ("study_mode", "study_days"),
    "submission": (
        *("due_on", "submitted_on", "is_accepted", "criteria_targeted", "support_given"),
        *("is_signed_by_learner", "learner_signed_on", "learner_declaration_form", "assessor"),
        *("assessed_on", "grade", "results_received_on"),
    ),
    "authorisation": ("outcome", "decided_by", "due_on"),
}
"""Entity -> optional fields that the rules of the tests read: what `documents` draws."""

ASSUMED = {("centre", "country")}
"""Facts that something stands in for while they are lacking: filling them in is no news."""

LIKELY: Mapping[tuple[str, str], tuple[Any, ...]] = {
    ("programme", "suite"): ("nationals", "nationals", "nationals", "specialist", "skills"),
    ("submission", "learner_declaration_form"): (
        "other",
        "assessment_record",
        "separate_declaration",
    ),
    ("role", "kind"): ("assessor", "assessor", "quality_nominee"),
    ("centre", "country"): ("england", "scotland", "international"),
}
TERMS = [
    {"id": "K1", "kind": "term", "starts_on": "2025-09-03", "ends_on": "2025-12-19"},
    {"id": "K2", "kind": "half_term", "starts_on": "2025-10-27", "ends_on": "2025-10-31"},
    {"id": "K3", "kind": "term", "starts_on": "2026-01-05", "ends_on": "2026-03-27"},
    {"id": "K4", "kind": "term", "starts_on": "2026-04-13", "ends_on": "2026-07-17"},
]
YEARS = (
    *[("2025/26", "2025-09-01", "2026-08-31")] * 9,
    ("2026/27", "2026-08-01", "2027-07-31"),
    ("2024/25", "2024-09-01", "2025-08-31"),
    ("2000/01", "2000-02-29", "2001-02-28"),
    ("2099/00", "2099-01-01", "2099-12-31"),
)
EDGES = (
    *("1900-01-01", "2099-12-31", "2024-02-29", "2025-08-31", "2025-09-01", "2025-12-31"),
    *("2026-01-01", "2026-02-28", "2026-08-31", "2026-09-01", "2025-12-19", "2026-05-25"),
)
TEXTS = (
    "x",
    "A.P1",
    "A.M1",
    "Ada \x1b[31m",
    "\u202eadA",
    "Zoë 👩\u200d🎓",
    'a "b" \\ {c}',
    "-" * 90,
)
_IDS = {entity: entity[:3].upper() for entity in DEFINITIONS}


def collections(entity: str) -> dict[str, str]:
    """Return collection name -> entity of its rows."""
    properties = DEFINITIONS[entity]["properties"]
    references = {name: prop.get("items", {}).get("$ref") for name, prop in properties.items()}
    return {name: ref.rpartition("/")[2] for name, ref in references.items() if ref is not None}


@dataclass(kw_only=True)
class _Maker:
    """Makes one document. `most`: rows of a collection; `full`: share of facts recorded."""

    random: Random
    most: int
    full: float
    everything: bool = False
    first_number: int = 1
    _numbers: dict[str, Any] = field(default_factory=dict)

    def row(self, entity: str) -> Data:
        definition = DEFINITIONS[entity]
        made = {
            name: self.value(entity, name)
            for name in definition["required"]
            if name != definition["x-id"]
        }
        for name in self.optional(entity):
            if self.random.random() < self.full:
                made[name] = self.value(entity, name)
            elif self.random.random() < 0.3:
                made[name] = None
        numbers = self._numbers.setdefault(entity, count(self.first_number))
        made[definition["x-id"]] = f"{_IDS[entity]}{next(numbers)}"
        for name, below in collections(entity).items():
            if (self.everything or below in READ) and self.random.random() < 0.5 + self.full / 2:
                made[name] = self.rows(below)
        return made

    def rows(self, entity: str) -> list[Data]:
        """Return the rows of a collection, now and then none."""
        size = self.random.randint(1, self.most) if self.random.random() < 0.9 else 0
        return [self.row(entity) for _ in range(size)]

    def optional(self, entity: str) -> list[str]:
        """Return the fields that may be lacking and are to be drawn."""
        definition = DEFINITIONS[entity]
        names = set(READ.get(entity, ()))
        if self.everything:
            names = set(definition["properties"]) - set(collections(entity))
        return sorted(names - {*definition["required"], definition["x-id"]})

    def value(self, entity: str, name: str) -> Any:
        """Return a value of a field."""
        if (entity, name) in LIKELY:
            return self.random.choice(LIKELY[entity, name])
        return self._value(DEFINITIONS[entity]["properties"][name])

    def _value(self, prop: Mapping[str, Any]) -> Any:
        kinds = {prop["type"]} if isinstance(prop["type"], str) else set(prop["type"])
        if "x-ref" in prop:
            return f"{_IDS[prop['x-ref']]}{self.random.choice((1, 1, 2, 3, 9))}"
        if "enum" in prop:
            return self.random.choice([value for value in prop["enum"] if value is not None])
        if prop.get("format") == "date":
            return self.day()
        if "array" in kinds:
            return [self._value(prop["items"]) for _ in range(self.random.randint(0, 3))]
        if "boolean" in kinds:
            return self.random.random() < 0.6
        if "string" in kinds:
            return self._text(prop)
        return self.random.choice((prop["minimum"], prop["maximum"], 60 + prop["minimum"]))

    def day(self) -> str:
        """Return a day: mostly one of the year, now and then one on an edge."""
        if self.random.random() < 0.2:
            return self.random.choice(EDGES)
        return (date(2025, 8, 25) + timedelta(days=self.random.randrange(380))).isoformat()

    def _text(self, prop: Mapping[str, Any]) -> str:
        if prop.get("pattern", "").startswith("^20"):
            return self.random.choice(YEARS)[0]
        return self.random.choice(TEXTS)[: prop.get("maxLength", 200)]


def made_from(seed: int, everything: bool = False) -> Data:
    """Return the document that belongs to a seed."""
    random = Random(seed)
    most, full = random.choice((2, 2, 3)), random.choice((0.6, 0.8, 0.9, 0.97, 1.0))
    maker = _Maker(random=random, most=1 if everything else most, full=full, everything=everything)
    made = maker.row("centre")
    year = random.choice(YEARS)
    made |= dict(zip(("academic_year", "year_starts_on", "year_ends_on"), year, strict=True))
    if random.random() < 0.6:
        made["calendar_periods"] = TERMS
    return made


_SEEDS = st.integers(0, 2**32)


def documents(*, everything: bool = False) -> st.SearchStrategy[Data]:
    """Draw a document: what rules of the tests read or, with fewer rows, all there is."""
    return st.builds(made_from, _SEEDS, st.just(everything))


def filled_in() -> st.SearchStrategy[tuple[Data, Data]]:
    """Draw a document, and the same with some facts that it lacks."""

    def fill(before: Data, seed: int, share: float) -> tuple[Data, Data]:
        after = json.loads(json.dumps(before))
        maker = _Maker(random=Random(seed), most=2, full=0.9, first_number=100)
        _fill(maker, share, "centre", after)
        return before, after

    return st.builds(fill, documents(), _SEEDS, st.sampled_from((0.5, 1.0)))


def _fill(maker: _Maker, share: float, entity: str, row: Data) -> None:
    for name in maker.optional(entity):
        known = row.get(name) is not None or (entity, name) in ASSUMED
        if not known and maker.random.random() < share:
            row[name] = maker.value(entity, name)
    for name, below in collections(entity).items():
        if below not in READ:
            continue
        if name in row:
            for inner in row[name]:
                _fill(maker, share, below, inner)
        elif maker.random.random() < share:
            row[name] = maker.rows(below)


def shuffled(data: Any, random: Random) -> Any:
    """Return the document with the rows of every collection in another order."""
    if isinstance(data, dict):
        return {name: shuffled(value, random) for name, value in data.items()}
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return random.sample([shuffled(row, random) for row in data], len(data))
    return data


NONSENSE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**17, 1e300, "", "x", "2025-02-30", "1899-12-31"),
    *([], {}, [None], [[]], {"id": "X"}, [{"id": "X"}], {"id": None}, [{"id": "X"}] * 2, *TEXTS),
)
JUNK = (b"", b'"', b"\xff", b"\x00", b"{", b"]", b",", b"NaN", b"-0", b"1e999", b"\\ud800", b"\\")


def broken() -> st.SearchStrategy[bytes]:
    """Draw the bytes of a document in which something was changed that nobody should change."""

    def spoil(data: Data, seed: int, changes: int, cuts: int) -> bytes:
        random = Random(seed)
        spoilt: Any = data
        for _ in range(changes):
            spoilt = _spoilt(random, spoilt)
        content = json.dumps(spoilt, ensure_ascii=random.random() < 0.5).encode()
        for _ in range(cuts):
            at = random.randrange(len(content))
            content = content[:at] + random.choice(JUNK) + content[at + random.randint(0, 2) :]
        return content

    everything = documents(everything=True)
    return st.builds(
        spoil, documents() | everything, _SEEDS, st.integers(0, 3), st.sampled_from((0, 0, 1, 2))
    )


def _spoilt(random: Random, data: Any) -> Any:
    """Return the data with one value anywhere replaced, or one added."""
    go_on = random.random() < 0.85
    if isinstance(data, dict) and data and go_on:
        name = random.choice(sorted(data))
        return {**data, name: _spoilt(random, data[name])}
    if isinstance(data, list) and data and go_on:
        at = random.randrange(len(data))
        return [*data[:at], _spoilt(random, data[at]), *data[at + 1 :]]
    if isinstance(data, dict):
        name = random.choice([*sorted(data), "nonsense", "Ada Lovelace", "\x1b]0;x\x07"])
        return {**data, name: random.choice(NONSENSE)}
    return random.choice(NONSENSE)
