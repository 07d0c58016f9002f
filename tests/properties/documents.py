"""Centres' documents drawn from the JSON Schema: valid, and lacking whatever may be lacking.

Fields are left out or null, collections empty or absent, references lead to rows that are not
there, days are far away or on the edge of a year, texts hold what a terminal obeys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
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

ASSUMED = {("centre", "country"), ("centre", "name")}
"""Facts that have a stand-in while they are lacking, or are none: filling them in is no news."""

TERMS = [
    {"id": "K1", "kind": "term", "starts_on": "2025-09-03", "ends_on": "2025-12-19"},
    {"id": "K2", "kind": "half_term", "starts_on": "2025-10-27", "ends_on": "2025-10-31"},
    {"id": "K3", "kind": "term", "starts_on": "2026-01-05", "ends_on": "2026-03-27"},
    {"id": "K4", "kind": "term", "starts_on": "2026-04-13", "ends_on": "2026-07-17"},
]
YEARS = (
    ("2025/26", "2025-09-01", "2026-08-31"),
    ("2025/26", "2025-09-01", "2026-08-31"),
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
_LEFT_OUT = st.just(...)
_FEW = {("programme", "suite"): ("nationals", "specialist", "other", "skills")}
_IDS = {entity: entity[:3].upper() for entity in DEFINITIONS}

days = st.dates(date(2025, 8, 25), date(2026, 9, 7)).map(date.isoformat) | st.sampled_from(EDGES)


def values(entity: str, name: str) -> st.SearchStrategy[Any]:
    """Draw a value of a field that is recorded."""
    if (entity, name) in _FEW:
        return st.sampled_from(_FEW[entity, name])
    return _values(DEFINITIONS[entity]["properties"][name])


def _values(prop: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    kinds = {prop["type"]} if isinstance(prop["type"], str) else set(prop["type"])
    if "x-ref" in prop:
        return st.sampled_from([f"{_IDS[prop['x-ref']]}{number}" for number in (1, 2, 3, 9)])
    if "enum" in prop:
        return st.sampled_from([value for value in prop["enum"] if value is not None])
    if prop.get("format") == "date":
        return days
    if "array" in kinds:
        return st.lists(_values(prop["items"]), max_size=3)
    if "boolean" in kinds:
        return st.booleans()
    if "string" in kinds:
        return _texts(prop)
    return st.sampled_from(
        [prop["minimum"], prop["maximum"], (prop["minimum"] + prop["maximum"]) // 2]
    )


def _texts(prop: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if prop.get("pattern", "").startswith("^20"):
        return st.sampled_from(("2025/26", "2024/25", "2099/00"))
    return st.sampled_from([text[: prop.get("maxLength", 200)] for text in TEXTS])


@cache
def _fields(entity: str, names: tuple[str, ...]) -> st.SearchStrategy[Data]:
    """Draw the fields of a row besides its id: each of `names` recorded, null or left out."""
    definition = DEFINITIONS[entity]
    fields = {}
    for name in dict.fromkeys((*definition["required"], *names)):
        if name != definition["x-id"]:
            fields[name] = recorded = values(entity, name)
            if name not in definition["required"]:
                fields[name] = st.one_of(recorded, recorded, recorded, st.none(), _LEFT_OUT)
    return st.fixed_dictionaries(fields).map(_without_those_left_out)


def _without_those_left_out(row: Data) -> Data:
    return {name: value for name, value in row.items() if value is not ...}


@cache
def _any_fields(entity: str) -> st.SearchStrategy[Data]:
    """Draw a few fields of a row, whichever."""
    properties = DEFINITIONS[entity]["properties"]
    names = [name for name, prop in properties.items() if "$ref" not in prop.get("items", {})]
    some = st.lists(st.sampled_from(names), max_size=4, unique=True).map(sorted).map(tuple)
    own = DEFINITIONS[entity]["x-id"]
    return some.flatmap(lambda picked: _fields(entity, tuple(n for n in picked if n != own)))


def collections(entity: str) -> dict[str, str]:
    """Return collection name -> entity of its rows."""
    properties = DEFINITIONS[entity]["properties"]
    references = {name: prop.get("items", {}).get("$ref") for name, prop in properties.items()}
    return {name: ref.rpartition("/")[2] for name, ref in references.items() if ref is not None}


@st.composite
def documents(draw: st.DrawFn, *, everything: bool = False) -> Data:
    """Draw a document: what rules of the tests read or, thinner, of everything there is."""
    numbers = {entity: count(1) for entity in DEFINITIONS}
    sizes = st.sampled_from((1, 0, None) if everything else (2, 1, 3, 2, 0, None))

    def row(entity: str) -> Data:
        made = draw(_any_fields(entity) if everything else _fields(entity, READ[entity]))
        made[DEFINITIONS[entity]["x-id"]] = f"{_IDS[entity]}{next(numbers[entity])}"
        for name, below in collections(entity).items():
            if not everything and below not in READ:
                continue
            size = draw(sizes)
            if size is not None:
                made[name] = [row(below) for _ in range(size)]
        return made

    made = row("centre")
    year = draw(st.sampled_from(YEARS))
    made |= dict(zip(("academic_year", "year_starts_on", "year_ends_on"), year, strict=True))
    if draw(st.booleans()):
        made["calendar_periods"] = TERMS
    return made


@st.composite
def filled_in(draw: st.DrawFn) -> tuple[Data, Data]:
    """Draw a document, and the same with some facts that it lacks."""
    before = draw(documents())
    after = json.loads(json.dumps(before))
    numbers = count(100)

    def fill(entity: str, row: Data) -> None:
        for name in READ[entity]:
            known = row.get(name) is not None or (entity, name) in ASSUMED
            if not known and draw(st.booleans()):
                row[name] = draw(values(entity, name))
        for name, below in collections(entity).items():
            if below in READ and name not in row and draw(st.booleans()):
                row[name] = [new(below) for _ in range(draw(st.integers(0, 2)))]
            elif below in READ:
                for inner in row.get(name, ()):
                    fill(below, inner)

    def new(entity: str) -> Data:
        made = draw(_fields(entity, READ[entity]))
        made["id"] = f"{_IDS[entity]}{next(numbers)}"
        return made

    fill("centre", after)
    return before, after


def shuffled(data: Any, random: Random) -> Any:
    """Return the document with the rows of every collection in another order."""
    if isinstance(data, dict):
        return {name: shuffled(value, random) for name, value in data.items()}
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return random.sample([shuffled(row, random) for row in data], len(data))
    return data


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.sampled_from(TEXTS) | days,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(("id", "kind", "x")), inner, max_size=2)
    ),
    max_leaves=3,
)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """Draw the bytes of a document in which something was changed that nobody should change."""
    data = draw(documents())
    for _ in range(draw(st.integers(0, 2))):
        data = _spoilt(draw, data)
    content = json.dumps(data, ensure_ascii=draw(st.booleans())).encode()
    if draw(st.booleans()):
        at = draw(st.integers(0, len(content) - 1))
        junk = draw(st.sampled_from((b"", b'"', b"\xff", b"\x00", b"{", b"]", b"NaN", b"\\ud800")))
        content = content[:at] + junk + content[at + draw(st.integers(0, 2)) :]
    return content


def _spoilt(draw: st.DrawFn, data: Any) -> Any:
    """Return the data with one value anywhere replaced, removed or added."""
    if isinstance(data, dict) and data and draw(st.integers(0, 3)):
        name = draw(st.sampled_from(sorted(data)))
        return {**data, name: _spoilt(draw, data[name])}
    if isinstance(data, list) and data and draw(st.integers(0, 3)):
        at = draw(st.integers(0, len(data) - 1))
        return [*data[:at], _spoilt(draw, data[at]), *data[at + 1 :]]
    if isinstance(data, dict):
        name = draw(st.sampled_from([*sorted(data), "nonsense", "Ada Lovelace"]))
        return {**data, name: draw(ANYTHING)}
    return draw(ANYTHING)
