"""Every value of a document is found in its text, in every format."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policy.data.positions import Nowhere, Positions, json_place, json_places
from policy.data.readers.raw import RawDocument
from policy.data.readers.reading import read
from policy.data.schema import CentreSchema

values = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text('ab"\\{}[]:,é ', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text('ab"{é', max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def raw(text: str) -> RawDocument:
    """Read a text as standard input."""
    return next(read("-", stdin=io.BytesIO(text.encode())))


def walk(value: Any, pointer: tuple[str | int, ...] = ()) -> Any:
    """Yield each value of the data with its pointer."""
    yield pointer, value
    if isinstance(value, dict):
        for name, item in value.items():
            yield from walk(item, (*pointer, name))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from walk(item, (*pointer, at))


@given(values, st.sampled_from([None, 1]))
def test_json_places_hold_the_values(value: object, indent: int | None) -> None:
    """Reading what stands at a place gives the value, and the name before it is its name."""
    text = json.dumps({"x": value}, indent=indent, ensure_ascii=False)
    places = json_places(text)
    expected = dict(walk({"x": value}))
    assert places.keys() == expected.keys()
    for pointer, (name, (start, end)) in places.items():
        assert json.loads(text[start:end]) == expected[pointer]
        if name is None:
            assert not pointer or isinstance(pointer[-1], int)
        else:
            assert json.loads(text[slice(*name)]) == pointer[-1]


@given(values)
def test_yaml_places_hold_the_values(value: object) -> None:
    """Scalars stand where it is said; the place of a row lies inside of it."""
    schema_free = {"x": value}
    text = "é: 1\n" + yaml.safe_dump(schema_free, allow_unicode=True)
    positions = Positions(raw(text), _no_schema())
    for pointer, item in walk(schema_free):
        span = positions.of(pointer)
        assert span is not None
        if pointer and isinstance(item, bool | int):
            assert yaml.safe_load(span.text) == item
        name = positions.of_name(pointer)
        if pointer and isinstance(pointer[-1], str):
            assert name is not None
            assert yaml.safe_load(name.text) == pointer[-1] or pointer[-1] in ("", " ")


def _no_schema() -> Any:
    from policy.data.schema import load_schema

    return load_schema().types


def test_what_is_not_there_is_placed_at_its_row(schema: CentreSchema) -> None:
    """The nearest row that encloses the place is pointed at."""
    positions = Positions(raw('{"staff": [{"id": "T1"}]}'), schema.types)
    for pointer in ((("staff", 0, "left_on")), ("staff", 0, "x", "y")):
        span = positions.of(pointer)
        assert span is not None
        assert span.text == '{"id": "T1"}'
    span = positions.of(("staff", 7))
    assert span is not None
    assert span.text == '[{"id": "T1"}]'
    name = positions.of_name(("staff", 0))
    assert name is not None
    assert name.text == '{"id": "T1"}'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"name": "Centre", "staff": [{"id": "T1", "name": "Ann"}]}', '"name"'),
        ('name: Centre\nstaff:\n  - id: "T1"\n    name: Ann\n', "name"),
    ],
)
def test_the_value_of_a_personal_field_is_never_underlined(
    schema: CentreSchema, text: str, shown: str
) -> None:
    """Its name is; a field of the same name that is not personal is shown as it is."""
    positions = Positions(raw(text), schema.types)
    personal, plain = positions.of(("staff", 0, "name")), positions.of(("name",))
    assert personal is not None
    assert plain is not None
    assert personal.text == shown
    assert plain.text.strip('"') == "Centre"


def test_a_yaml_row_without_brackets_is_placed_at_its_first_name(schema: CentreSchema) -> None:
    """A whole block cannot be underlined; its first name stands for it."""
    positions = Positions(raw("staff:\n  - name: Ann\n    id: T1\n"), schema.types)
    span = positions.of(("staff", 0, "email"))
    assert span is not None
    assert span.text == "name"
    assert span.position.line == 2


def test_ndjson_lines_count_in_the_file(schema: CentreSchema) -> None:
    """The third line of the file is line 3, though it is the document's first."""
    text = b'{"a": 1}\n\n{"staff": [{"id": 5}]}'
    second = list(read("-", stdin=io.BytesIO(text)))[1]
    span = Positions(second, schema.types).of(("staff", 0, "id"))
    assert span is not None
    assert (span.position.line, span.position.column, span.text) == (3, 19, "5")
    assert span.source.line_text(3) == '{"staff": [{"id": 5}]}'


def test_an_unread_document_has_no_places(schema: CentreSchema) -> None:
    """Asking is harmless."""
    unread = next(read("nowhere.json"))
    assert Positions(unread, schema.types).of(("a",)) is None
    assert Positions(unread, schema.types).of_name(("a",)) is None
    assert Nowhere().of(()) is None
    assert Nowhere().of_name(()) is None


def test_one_place_is_that_of_the_map() -> None:
    """Looking for one value and looking at all of them find the same places, or none."""
    text = '{"a": [1, {"b\\u0063": "x"}, []], "d" : {"e":null} }\n'
    places = json_places(text)
    assert len(places) == 8
    for pointer, place in places.items():
        assert json_place(text, pointer) == place
    for pointer in (("x",), ("a", 3), ("a", "0"), (0,), ("d", "e", "f"), ("a", 2, 0)):
        assert pointer not in places
        assert json_place(text, pointer) is None
