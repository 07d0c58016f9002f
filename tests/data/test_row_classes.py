"""What becomes a row satisfies the schema, but for what is left to linking; not the reverse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema_rs
import msgspec
import pytest

from policy.data.schema import load_schema
from policy.dsl.compiling.linkers import linker_of
from policy.plugins import discover

Says: TypeAlias = Callable[[Any], bool]

SCHEMA = load_schema({suite.name: suite.schema_extensions for suite in discover().suites})
CLASSES = linker_of(SCHEMA.types)._run(True)
CENTRES = Path(__file__).parents[2] / "examples" / "centres"
DAYS = ("2025-09-01", "2024-02-29", "2099-12-31", "1900-01-01", "2025-02-29", "2025-13-01")
NO_DAYS = ("1899-12-31", "2100-01-01", "0000-01-01", "2025-9-1", "20250901", "2025-W36-1")
ODD_DAYS = (" 2025-09-01", "2025-09-01\n", "2025-09-01T00:00:00", "\uff12\uff10\uff12\uff15-09-01")
YEARS = (
    "2025/26",
    "2025/27",
    "2025/2",
    "2025-26",
    "2025/26\n",
    "1925/26",
    "20x5/26",
    "20\u0662\u0665/26",
)
TEXTS = ("", "x", "first", "a\tb", "\x85", "\x7f", "x\n", "\u200b", "\xa0", "é", "\U0001f600")
NUMBERS = (0, 1, -1, 1.0, 0.5, -0.0, 1e300, 10**30, -(2**63), 2**64, 100000, 100001, True)
LONG = tuple("x" * length for length in (64, 65, 99, 100, 101, 200, 201, 500, 501, 2000, 2001))
OTHERS: tuple[Any, ...] = (
    None,
    False,
    [],
    {},
    [None],
    [[]],
    [{}],
    ["x"],
    [1],
    {"id": "x"},
    ["2025-09-01"],
    ["x", 1],
)
ODD = (*DAYS, *NO_DAYS, *ODD_DAYS, *YEARS, *TEXTS, *NUMBERS, *LONG, *OTHERS)


def makes(entity: str) -> Says:
    """Return whether a row can be made of data."""
    kind = CLASSES[f"row_{entity}"]

    def says(row: Any) -> bool:
        try:
            msgspec.convert(row, kind)
        except msgspec.ValidationError:
            return False
        return True

    return says


def library(entity: str) -> Says:
    """Return what the library says."""
    schema = {**SCHEMA.json, "$ref": f"#/$defs/{entity}"}
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid


def is_left_to_linking(entity: str, name: str, value: Any) -> bool:
    """Whether linking sees to it: days of other centuries, and control characters in an id."""
    if name == SCHEMA.types.entities[entity].id_field:
        return isinstance(value, str) and not value.isprintable()
    return value in ("1899-12-31", "2100-01-01", ["1899-12-31"], ["2100-01-01"])


DOCUMENTS = [json.loads(path.read_text("utf-8")) for path in sorted(CENTRES.glob("*.json"))]


def rows(entity: str, row: Any) -> Iterator[tuple[str, Any]]:
    """Yield the rows of a document, each with its entity and at most one row of each list."""
    own = dict(row)
    for name, field in SCHEMA.json["$defs"][entity]["properties"].items():
        inner = field.get("items", {}).get("$ref", "").rpartition("/")[2]
        if inner and row.get(name):
            own[name] = row[name][:1]
            for each in row[name]:
                yield from rows(inner, each)
    yield entity, own


def fullest() -> dict[str, Any]:
    """Return of each entity the row that says most."""
    root = SCHEMA.types.root
    found: dict[str, Any] = {}
    for document in DOCUMENTS:
        for entity, row in rows(root, document):
            if len(row) > len(found.get(entity, ())):
                found[entity] = row
    return found


ROWS = fullest()


@pytest.mark.parametrize("entity", sorted(ROWS))
def test_any_odd_value_in_any_field(entity: str) -> None:
    """Each field of a row takes each odd value in turn, is missing, or has a strange neighbour."""
    says, knows, row = makes(entity), library(entity), ROWS[entity]
    assert says(row)
    for name, spoilt in spoilt_rows(entity, row):
        if says(spoilt) and not knows(spoilt):
            assert is_left_to_linking(entity, name, spoilt[name]), spoilt


def spoilt_rows(entity: str, row: Any) -> Iterator[tuple[str, Any]]:
    """Yield the row with one thing changed, and what that is."""
    yield from (("", each) for each in ({**row, "no_such_field": None}, {}, [row], None))
    for name in SCHEMA.json["$defs"][entity]["properties"]:
        yield name, {key: value for key, value in row.items() if key != name}
        for value in ODD:
            yield name, {**row, name: value}


def test_most_of_what_is_valid_becomes_a_row() -> None:
    """Otherwise rows would be right, and no use: also of odd values hardly any is missed."""
    valid = missed = 0
    for entity, row in sorted(ROWS.items()):
        says, knows = makes(entity), library(entity)
        for _, spoilt in spoilt_rows(entity, row):
            if knows(spoilt):
                valid += 1
                missed += not says(spoilt)
    assert valid > 5000
    assert missed / valid < 0.1
