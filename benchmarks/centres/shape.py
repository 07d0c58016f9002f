"""What a document looks like: which collections hold which rows, and which fields point at rows.

Taken from the schema of the project, so that a new collection or reference needs no change here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, Any]
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Collections (field -> entity in it) and references (field -> entity pointed at)."""

    name: str
    collections: dict[str, str]
    references: dict[str, str]


@cache
def entities() -> dict[str, Entity]:
    """Return the entities of the schema by name."""
    schema = json.loads((ROOT / "policy/data/centre.schema.json").read_text(encoding="utf-8"))
    found = {}
    for name, definition in schema["$defs"].items():
        collections, references = {}, {}
        for field, kind in definition.get("properties", {}).items():
            items = kind.get("items", {})
            if "$ref" in items:
                collections[field] = items["$ref"].rpartition("/")[2]
            elif target := kind.get("x-ref") or items.get("x-ref"):
                references[field] = target
        found[name] = Entity(name=name, collections=collections, references=references)
    return found


def rows_below(entity: str, row: Row, path: Path_ = ()) -> Iterator[tuple[str, Row, Path_]]:
    """Return the row and all rows in it, as entity, row and path from the first row."""
    yield entity, row, path
    for field, inner in entities()[entity].collections.items():
        for place, each in enumerate(row.get(field) or ()):
            yield from rows_below(inner, each, (*path, field, place))


def chain_to(entity: str, row: Row, path: Path_) -> list[tuple[str, Row]]:
    """Return the rows on the way from the row down to the one at the path, both included."""
    chain = [(entity, row)]
    for field, place in zip(path[::2], path[1::2], strict=True):
        entity, row = chain[-1]
        chain.append((entities()[entity].collections[str(field)], row[str(field)][place]))
    return chain
