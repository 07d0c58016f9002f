"""Places in texts: lines, columns, and what of a very long line is worth showing."""

from __future__ import annotations

import pytest

from policy.data.readers.raw import Format, RawDocument
from policy.dsl.meaning.plan import AsAt, Constant, Not, Year
from policy.dsl.syntax.ast import Comment, Spec
from policy.model.source import Position, SourceText


@pytest.mark.parametrize(
    ("offset", "reach", "shown", "place"),
    [
        (0, 3, "abc", 0),
        (5, 3, "cdefgh", 3),
        (5, 100, "abcdefghij", 5),
        (9, 3, "ghij", 3),
        (10, 3, "hij", 3),
        (11, 3, "kl", 0),
        (12, 3, "kl", 1),
        (13, 3, "kl", 2),
        (99, 3, "kl", 2),
        (-5, 3, "abc", 0),
    ],
)
def test_what_lies_near_a_place(offset: int, reach: int, shown: str, place: int) -> None:
    """At most so many characters to either side, never another line, clamped to the text."""
    assert SourceText("x", "abcdefghij\nkl").line_near(offset, reach) == (shown, place)


def test_line_ends_of_windows_are_no_part_of_a_line() -> None:
    """Neither whole nor in part."""
    source = SourceText("x", "one\r\ntwo\r\n")
    assert source.line_near(1, 50) == ("one", 1)
    assert source.line_near(6, 50) == ("two", 1)
    assert source.line_text(2) == "two"


def test_lines_are_counted_from_where_the_text_begins_in_its_file() -> None:
    """A text may be the seventh line of a file; a place past its end is its end."""
    source = SourceText("x", "one\ntwo", first_line=7)
    assert source.position(5) == Position(8, 2)
    assert source.position(500) == Position(8, 4)
    assert (source.line_text(7), source.line_text(8), source.line_text(9)) == ("one", "two", "")
    span = source.span(0, 3)
    assert span.text == "one"


HERE = SourceText("x", "here, not there")


def test_where_something_is_written_is_no_part_of_what_it_means() -> None:
    """Equal, with one hash and shown alike wherever it stands; never equal to another kind."""
    here, there = HERE.span(0, 4), HERE.span(10, 15)
    first = Not(item=Constant(value="a", span=here), span=here)
    second = Not(item=Constant(value="a", span=there), span=there)
    assert first == second
    assert len({first, second}) == 1
    assert repr(first) == repr(second)
    assert first != Not(item=Constant(value="b", span=here), span=here)
    assert AsAt(span=here) != Year(span=here)


def test_comments_are_no_part_of_what_a_spec_means() -> None:
    """So a text and its formatted form are the same spec."""
    here, there = HERE.span(0, 4), HERE.span(10, 15)
    comments = (Comment(text="for readers", span=here),)
    bare = Spec(language=1, kind="spec", name="a", name_span=here, span=here)
    said = Spec(language=1, kind="spec", name="a", name_span=there, span=there, comments=comments)
    assert bare == said
    assert bare != Spec(language=1, kind="spec", name="b", name_span=here, span=here)


def test_texts_are_not_quoted_by_what_holds_them() -> None:
    """They may be those of a centre's document."""
    raw = RawDocument(
        name="a.json", file="a.json", format=Format.JSON, text="secret", data={"name": "secret"}
    )
    held = (SourceText("a.json", "secret"), SourceText("a.json", "secret").span(0, 3), raw)
    assert "secret" not in repr(held)
    assert repr(held).count("a.json") == 3
