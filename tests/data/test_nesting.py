"""The guard counts brackets that stand outside of texts, however the text is cut into pieces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.data.readers.nesting import DEEPEST, NestingGuard

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='[]{}"\\a'),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('[{"\\'), inner, max_size=3)
    ),
    max_leaves=20,
)


def admits(text: bytes, size: int) -> bool:
    """Whether the guard admits all pieces of the text."""
    guard = NestingGuard()
    return all(guard.admits(text[at : at + size]) for at in range(0, len(text), size))


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_the_limit_is_where_it_is_said_to_be(opening: bytes, size: int) -> None:
    """As many levels as allowed are admitted, closed or not, and one more is not."""
    closing = b"]" if opening == b"[" else b"1}"
    assert admits(opening * DEEPEST, size)
    assert admits(opening * DEEPEST + closing[-1:] * DEEPEST, size)
    assert not admits(opening * (DEEPEST + 1), size)
    assert not admits(opening * (DEEPEST + 1) + closing[-1:] * (DEEPEST + 1), size)


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_brackets_in_texts_do_not_count(size: int) -> None:
    """Quotes and backslashes are followed across the border of two pieces."""
    text = json.dumps(["[" * 300, '\\"' + "{" * 300, "\\", ["x"]]).encode()
    assert admits(text, size)
    assert not admits(text[:-1] + b"," + b"[" * DEEPEST, size)


@given(values, st.integers(1, 9))
def test_any_shallow_document_is_admitted(value: object, size: int) -> None:
    """Nothing that JSON writes is refused unless it is deep."""
    assert admits(json.dumps([value]).encode(), size)
    assert admits(json.dumps([value], ensure_ascii=False).encode(), size)


def test_stray_closing_brackets_make_no_room() -> None:
    """A closing bracket that nothing opened does not stand for one to come."""
    assert not admits(b"]" * 500 + b"[" * (DEEPEST + 1), 64)
