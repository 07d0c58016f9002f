"""Places in texts: lines, columns, and what of a very long line is worth showing."""

from __future__ import annotations

import pytest

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
