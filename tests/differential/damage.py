"""A centre's document with facts taken away: still valid, but less is known.

Fields are left out or null, lists emptied or left out, references lead to rows that are not there,
days lie far away. What the schema requires stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, TypeAlias

from tests.properties.documents import DEFINITIONS, EDGES, collections

Data: TypeAlias = dict[str, Any]


def thinned(data: Mapping[str, Any], random: Random, entity: str = "centre") -> Data:
    """Return a copy in which most collections keep few of their rows."""
    kept = dict(data)
    for name, below in collections(entity).items():
        rows = kept.get(name)
        if rows:
            few = random.choice((1, 2, 3)) if name in _MANY else len(rows)
            chosen = sorted(random.sample(range(len(rows)), min(few, len(rows))))
            kept[name] = [thinned(rows[at], random, below) for at in chosen]
    return kept


_MANY = {"programmes", "learners", "cohorts"}


def damaged(data: Mapping[str, Any], random: Random, share: float, entity: str = "centre") -> Data:
    """Return a copy in which about `share` of the facts are gone or different."""
    definition = DEFINITIONS[entity]
    below = collections(entity)
    required = {*definition["required"], definition["x-id"]}
    made: Data = {}
    for name, value in data.items():
        if name in below:
            lost = random.random() < share / 4
            if lost and random.random() < 0.5:
                continue
            made[name] = (
                [] if lost else [damaged(row, random, share, below[name]) for row in value or ()]
            )
            continue
        known = name in definition["properties"] and not (entity == "centre" and name in _YEAR)
        if random.random() >= share or not known:
            made[name] = value
        elif name in required:
            made[name] = _other(definition["properties"][name], value, random, name)
        elif random.random() < 0.6:
            if random.random() < 0.5:
                made[name] = None
        else:
            made[name] = _other(definition["properties"][name], value, random, name)
    return made


_YEAR = {"academic_year", "year_starts_on", "year_ends_on"}


def _other(prop: Mapping[str, Any], value: Any, random: Random, name: str) -> Any:
    """Return another value that the schema allows, or the same."""
    if "x-ref" in prop:
        return random.choice(("nobody", value))
    if "enum" in prop:
        return random.choice([each for each in prop["enum"] if each is not None])
    if prop.get("format") == "date":
        return random.choice(EDGES)
    if isinstance(value, bool):
        return not value
    if isinstance(value, list) and "x-ref" in prop.get("items", {}):
        return random.choice(([], value[:1], [*value, "nobody"], value[::-1], value * 2))
    if isinstance(value, list):
        return random.choice(([], value[:1], value[::-1], value * 2))
    if isinstance(value, int) and "maximum" in prop:
        return random.choice((prop["minimum"], prop["maximum"], value))
    return value
