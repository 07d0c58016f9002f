"""Marks stand under what they mean, and neighbours of a value stay private."""

from __future__ import annotations

import pytest

from policy.report.snippet import Mark, gutter_width, outline, snippet
from policy.report.style import Style


def _underlined(lines: list[str]) -> list[str]:
    """Return the texts above the marks of the first line."""
    line = lines[0]
    found = []
    for under in lines[1:]:
        start = len(under) - len(under.lstrip(" |"))
        sign = under[start]
        length = len(under[start:]) - len(under[start:].lstrip(sign))
        found.append(line[start : start + length])
    return found


def _snippet(line: str, *marks: Mark, width: int = 80) -> list[str]:
    return list(snippet(line, 7, marks, style=Style(width=width), gutter=4))


@pytest.mark.parametrize(
    ("line", "start", "length", "text"),
    [
        ('  "version": "A",', 14, 3, '"A"'),
        ("\tmust s.x", 7, 3, "s.x"),
        ("x", 1, 1, "x"),
        (" " * 60 + "deep: value", 67, 5, "value"),
        ("a\x1bb c", 5, 1, "c"),
    ],
)
def test_the_mark_stands_under_the_text(line: str, start: int, length: int, text: str) -> None:
    """Tabs, escapes and deep indents do not move the mark off its text."""
    assert _underlined(_snippet(line, Mark(start=start, length=length))) == [text]


def test_a_long_line_is_a_window_around_the_mark() -> None:
    """A line of a thousand columns shows the marked part between dots, in 80 columns."""
    line = "x" * 500 + "TARGET" + "y" * 500
    lines = _snippet(line, Mark(start=501, length=6))
    assert _underlined(lines) == ["TARGET"]
    assert max(map(len, lines)) <= 80
    assert lines[0].count("...") == 2


def test_a_mark_wider_than_the_window_ends_with_it() -> None:
    """Underlining stops at the edge of the page."""
    lines = _snippet("z" * 300, Mark(start=1, length=300))
    assert max(map(len, lines)) <= 80


def test_a_remark_stands_beside_its_mark_or_below() -> None:
    """A short remark follows the mark; one that does not fit is wrapped under it."""
    near = _snippet("one two", Mark(start=5, length=3, text="the second"))
    assert near[1].endswith("^^^ the second")
    far = _snippet("one two", Mark(start=5, length=3, text="word " * 30))
    assert len(far) > 3
    assert max(map(len, far)) <= 80


def test_a_line_without_marks_is_shown_plainly() -> None:
    """No mark, no second line; tabs are four blanks."""
    assert _snippet("\tx") == ["   7 |     x"]
    assert len(_snippet("w" * 300)[0]) <= 80


def test_the_gutter_grows_with_the_line_numbers() -> None:
    """Line numbers of five digits still have a blank before them."""
    assert gutter_width([3]) == 4
    assert gutter_width([12345, 3]) == 6
    assert gutter_width([]) == 4


@pytest.mark.parametrize(
    ("line", "known", "shown"),
    [
        ("  - id: U1", "U1", "  - id: U1"),
        ('  {"id": "U1", "name": "Ada"}', "U1", '  ... "id": "U1" ...'),
        ("  - {id: U1, name: Ada}", "U1", "  ... id: U1 ..."),
        ("  - id: U12", "U1", "  - id ..."),
        ("  - id: U1", "", "  - id ..."),
    ],
)
def test_a_row_is_shown_by_its_id(line: str, known: str, shown: str) -> None:
    """An underlined key keeps its value only if that is the id the reader knows."""
    at = line.index("id")
    start, length = (at, 4) if line[at - 1] == '"' else (at + 1, 2)
    assert outline(line, start, length, known)[0] == shown


@pytest.mark.parametrize(
    ("line", "under", "shown"),
    [
        ('  "version": "A",', '"A"', '  "version": "A",'),
        ("  version: A", "A", "  version: A"),
        ("- version: A", "A", "- version: A"),
        ('{"name": "Ada", "kind": "x"}', '"x"', '... "kind": "x"}'),
        ('{"kind": "x", "name": "Ada"}', '"x"', '... "kind": "x" ...'),
        ('  {"kind": "x", "name": "Ada"}', '{"kind": "x", "name": "Ada"}', "  { ..."),
        ("Ada,2008-02-03,ghost", "ghost", "... ghost"),
    ],
)
def test_only_the_value_and_its_key_are_shown(line: str, under: str, shown: str) -> None:
    """What stands beside the underlined value may be somebody's name, and is left out."""
    text, start, length = outline(line, line.index(under) + 1, len(under))
    assert text == shown
    assert text[start - 1 : start - 1 + length] == (under if under[0] != "{" else "{")
    assert "Ada" not in text


@pytest.mark.parametrize("blanks", ["x", " "])
@pytest.mark.parametrize("at", [0, 30, 700, 60_000])
def test_a_line_of_a_whole_document_is_shown_like_a_shorter_one(at: int, blanks: str) -> None:
    """What lies far from the mark makes no difference to what is shown."""
    long = blanks * at + "TARGET" + "y" * (100_000 - at)
    near = slice(max(0, at - 1000), at + 1000)
    shown = _snippet(long, Mark(start=at + 1, length=6), Mark(start=99_999, length=1))
    start = at + 1 - max(0, at - 1000)
    assert _underlined(shown) == ["TARGET"]
    assert shown == _snippet(long[near], Mark(start=start, length=6))
