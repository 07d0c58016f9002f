"""Text is harmless, counted in columns, wrapped and never cut."""

from __future__ import annotations

import doctest

import pytest

from policy.model.nouns import counted, listed, plural
from policy.report import layout, snippet
from policy.report.layout import columns, facts, pad, visible, wrap


@pytest.mark.parametrize("module", [layout, snippet])
def test_the_examples_in_docstrings_hold(module: object) -> None:
    """Docstrings of the module show what really comes out."""
    tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert tried.attempted > 0
    assert tried.failed == 0


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\u2066b", "a<U+2066>b"),
        ("a\u200bb", "a<U+200B>b"),
        ("line\nbreak\r\ttab", "line\\nbreak\\r\\ttab"),
        ("\x9b2J", "\\x9b2J"),
        ("\ud800", "<U+D800>"),
        ("\u2028", "<U+2028>"),
        ("Zoë 名", "Zoë 名"),
        ("\x7f", "\\x7f"),
    ],
)
def test_what_could_steer_a_terminal_is_spelt_out(text: str, shown: str) -> None:
    """Control, bidirectional, invisible and unpaired characters are shown as what they are."""
    assert visible(text) == shown


def test_wide_and_combining_characters_are_counted_in_columns() -> None:
    """A Chinese character takes two columns and a combining accent none."""
    assert columns("名前") == 4
    assert columns("e\u0301") == 1
    assert pad("名", 4) == "名  "
    assert pad("7", 3, right=True) == "  7"


def test_wrapped_lines_keep_within_the_width_and_lose_nothing() -> None:
    """All words come out in order on lines of at most the width, under a hanging indent."""
    text = "one two three four five six seven eight nine ten"
    lines = wrap(text, width=20, first="do  ")
    assert [line for line in lines if columns(line) > 20] == []
    assert all(line.startswith("    ") for line in lines[1:])
    assert " ".join(line.removeprefix("do").strip() for line in lines) == text


def test_a_word_wider_than_the_line_is_broken_after_punctuation() -> None:
    """A long path breaks at a slash if one is near, and anywhere if none is."""
    assert wrap("specs/one/two/three.policy", width=16) == ["specs/one/two/", "three.policy"]
    assert wrap("x" * 18, width=10, first="> ", rest="  ") == [
        "> xxxxxxxx",
        "  xxxxxxxx",
        "  xx",
    ]
    assert wrap("名" * 6, width=5) == ["名名", "名名", "名名"]


def test_wrap_ends_even_when_the_indent_leaves_no_room() -> None:
    """An indent as wide as the line still lets a character a line through."""
    assert "".join(line.strip() for line in wrap("abc", width=4, first="    ")) == "abc"


def test_an_empty_text_is_one_line() -> None:
    """Nothing to say gives the first prefix alone."""
    assert wrap("", width=20, first="do ") == ["do"]


def test_a_repeated_fact_names_itself_once() -> None:
    """The second value of the same name stands under the first."""
    lines = list(facts([("read", "a"), ("read", "b"), ("do", "c")], width=40, indent=" "))
    assert lines == [" read     a", "          b", " do       c"]


def test_a_long_name_keeps_its_distance() -> None:
    """A name wider than the column moves the values instead of touching its own."""
    lines = list(facts([("do", "a"), ("ABCDE-001", "b")], width=40, indent=" "))
    assert lines == [" do        a", " ABCDE-001 b"]


def test_words_are_listed_and_counted_as_people_do() -> None:
    """Singular, plural and lists read like English."""
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"], "or") == "a or b"
    assert counted(1, "unit_result") == "1 unit result"
    assert counted(0, "key") == "0 keys"
    assert plural("assessment_plan") == "assessment plans"
