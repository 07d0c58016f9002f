"""Both validating libraries say yes and no to the same documents, formats included; rows that are
made straight from JSON are only plain where they say yes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from policy.data.linking import link
from policy.data.positions import Nowhere
from policy.data.schema import load_schema
from policy.data.validation import Validation
from policy.dsl.compiling.linkers import linker_of
from policy.model.diagnostics import Level

TINY = json.loads((Path(__file__).parents[1] / "fixtures" / "tiny.json").read_text("utf-8"))
SCHEMA = load_schema()
VALIDATION = Validation(SCHEMA)
LINKER = linker_of(SCHEMA.types)
AS_AT = date(2026, 1, 31)
ROWS = SCHEMA.types.entities.keys()

dates = st.sampled_from(
    [
        "2025-09-01",
        "2025-02-29",
        "2024-02-29",
        "2025-13-01",
        "2025-9-1",
        "2025-09-01\n",
        " 2025-09-01",
        "2025-09-01T00:00:00",
        "20250901",
        "0000-01-01",
        "1899-12-31",
        "2099-12-31",
        "\uff12\uff10\uff12\uff15-09-01",
        "2025-W36-1",
        "",
    ]
)
scalars = st.one_of(
    dates,
    st.sampled_from(["2025/26", "2025/26\n", "2025/2", "first", "P", "mon", "a\tb", "\x85", "x\n"]),
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([1.0, 0.5, -0.0, 1e300, 10**30, -(2**63), 2**64, 100000, 100001]),
    st.text(max_size=5).filter(lambda text: text.isprintable()),
    st.text("x", min_size=98, max_size=103),
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.just({}),
    st.dictionaries(st.sampled_from(["id", "kind", "x"]), scalars, max_size=2),
)


def places(value: Any, pointer: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the pointers of all members."""
    members: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    found = [(*pointer, key) for key, _ in members]
    for key, item in members:
        found += places(item, (*pointer, key))
    return found


FIELDS = [
    (place, name)
    for place in [(), *places(TINY)]
    for name in SCHEMA.json["$defs"]["submission"]["properties"]
    if place and place[-1] == 0 and "submissions" in place[-2:]
]


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_both_libraries_agree_on_a_spoilt_document(data: st.DataObject) -> None:
    """Replace, add or take away anything: the verdicts are equal, a no has words, a yes links."""
    document = json.loads(json.dumps(TINY))
    for _ in range(data.draw(st.integers(1, 2))):
        spoil(document, data)
    verdict = VALIDATION.is_valid(document)
    event("valid" if verdict else "invalid")
    assert VALIDATION.is_valid_slowly(document) == verdict
    worded = {item.code for item in VALIDATION.check(document, Nowhere(), "x.json")}
    assert bool(worded) != verdict
    assert "P409" not in worded
    if verdict:
        linked = link("x", document, SCHEMA.types, AS_AT)
        failed = any(item.level is Level.ERROR for item in linked.diagnostics)
        assert failed == (linked.document is None)
        assert LINKER.link_valid("x", document, AS_AT).document.rows.keys() == ROWS
    for quick in (
        LINKER.link("x", document, AS_AT),
        LINKER.read("x", json.dumps(document).encode(), AS_AT),
    ):
        plain = quick is not None and quick.is_plain
        event("plain" if plain else "not plain")
        assert verdict or not plain


def spoil(document: Any, data: st.DataObject) -> None:
    """Change one thing in place."""
    if data.draw(st.booleans()):
        place, name = data.draw(st.sampled_from(FIELDS))
        place = (*place, name)
    else:
        place = data.draw(st.sampled_from(places(document)))
    parent = document
    for key in place[:-1]:
        if not isinstance(parent, dict | list) or not has(parent, key):
            return
        parent = parent[key]
    if not isinstance(parent, dict | list):
        return
    if has(parent, place[-1]) and data.draw(st.booleans()):
        del parent[place[-1]]
    elif isinstance(parent, dict) or has(parent, place[-1]):
        parent[place[-1]] = data.draw(values)


def has(parent: Any, key: Any) -> bool:
    """Whether the key leads on."""
    return key in parent if isinstance(parent, dict) else isinstance(key, int) and key < len(parent)
