"""Rows made by generated code are records: they say the same of themselves as linked ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from policy.data.linking import link
from policy.data.schema import load_schema
from policy.dsl.compiling.linkers import linker_of
from policy.model.records import Document, Record, absent_collections
from policy.model.values import Unknown
from tests.dsl.builders import SCHEMA
from tests.properties.documents import AS_AT, Data, documents
from tests.properties.verdicts import CI, pack

TYPES = pack().schema.types
LINKER = linker_of(TYPES)
TINY = {
    "number": "90001",
    "academic_year": "2025/26",
    "year_starts_on": "2025-09-01",
    "year_ends_on": "2026-08-31",
}


def shown(value: object) -> object:
    """Return a value in which a row of one document equals that of another."""
    if isinstance(value, Record):
        return repr(value)
    return tuple(map(shown, value)) if isinstance(value, tuple) else value


def told(document: Document) -> list[object]:
    """Return all that the rows of a document say."""
    found: list[object] = []
    for entity, rows in document.rows.items():
        kind = document.schema.entities[entity]
        for row in rows:
            found.append((repr(row), row.pointer, repr(row.parent), row.entity))
            found += [(name, shown(row.value(name))) for name in kind.fields]
            for name in kind.children:
                below = row.collection(name)
                found.append(below if isinstance(below, Unknown) else tuple(map(repr, below)))
    absent = {name: list(absent_collections(document, name)) for name in document.rows}
    return [
        *found,
        [(name, [(cause, repr(owner)) for cause, owner in each]) for name, each in absent.items()],
        document.academic_year,
        document.year_ends_on,
        document.assumptions,
    ]


@given(documents(everything=True))
@settings(CI, max_examples=50)
def test_rows_say_what_records_say(data: Data) -> None:
    """Values with causes, rows below, places, parents, assumptions: the same; and what people must
    be told of is noticed."""
    careful = link("drawn", data, TYPES, AS_AT)
    quick = LINKER.link("drawn", data, AS_AT)
    assert quick is not None
    assert quick.is_plain == (not careful.diagnostics)
    if careful.document is not None:
        assert told(quick.document) == told(careful.document)


@given(documents(everything=True))
@settings(CI, max_examples=10)
def test_rows_are_found_by_their_ids(data: Data) -> None:
    """A document finds its rows, and knows of no others."""
    made = LINKER.link("drawn", data, AS_AT).document
    assert len(made.index) == sum(len({row.id for row in rows}) for rows in made.rows.values())
    assert all(made.find(row.entity, row.id) is not None for row in made.index.values())
    assert made.find("staff", "nobody") is None


ODD = {
    "a keyword that types cannot say": ({"type": ["integer", "null"], "multipleOf": 5}, 7),
    "a pattern of somebody's own": ({"type": ["string", "null"], "pattern": "^a"}, "b"),
    "a list of fixed length": (
        {"type": ["array", "null"], "items": {"type": "string"}, "maxItems": 1},
        ["a", "b"],
    ),
    "members that may be null": (
        {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
        [None],
    ),
}


@pytest.mark.parametrize(("prop", "value"), ODD.values(), ids=ODD)
def test_what_types_cannot_say_makes_no_document_plain(prop: Any, value: Any) -> None:
    """A suite may ask for what nobody taught the linker: then somebody else has to be asked."""
    schema = load_schema({"house": {"staff": {"odd": prop}}})
    linker = linker_of(schema.types)
    assert (linker.asks_all, LINKER.asks_all) == (False, True)
    data = {**TINY, "staff": [{"id": "T1", "odd": value}]}
    quick = linker.link("centre", data, AS_AT)
    assert quick is None or not quick.is_plain


def test_what_is_absent_but_never_null() -> None:
    """A suite may ask for that; null is then a mistake."""
    linker = linker_of(load_schema({"house": {"staff": {"odd": {"type": "string"}}}}).types)
    assert linker.asks_all
    for row, expected in (({"id": "T1"}, True), ({"id": "T1", "odd": None}, False)):
        quick = linker.link("centre", {**TINY, "staff": [row]}, AS_AT)
        assert (quick is not None and quick.is_plain) is expected


def test_a_field_nobody_declared_is_an_error_of_ours() -> None:
    """Asking for what the schema does not have raises, as with records."""
    linker = linker_of(SCHEMA)
    data = {"id": "1", "academic_year": "2025/26"}
    data |= {"year_starts_on": "2025-09-01", "year_ends_on": "2026-08-31"}
    root = linker.link("toy", data, date(2026, 1, 1)).document.root
    with pytest.raises(KeyError):
        root.value("colour")
    with pytest.raises(KeyError):
        root.collection("colours")
