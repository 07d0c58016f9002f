"""The grammar: no conflict of any kind, whole words only, each terminal named in people's words."""

from __future__ import annotations

import pytest
from lark.exceptions import UnexpectedInput

from policy.dsl.syntax.parser import build_grammar, grammar
from policy.dsl.syntax.vocabulary import (
    CLAUSE_WORDS,
    ITEM_WORDS,
    KINDS,
    RESERVED,
    SIGNS,
    WORDS,
    expected,
    words_of,
)

# What the formatter and the checker call by its name in `tree_reader`; blanks and comments.
_NEVER_SHOWN = {"WS", "COMMENT"}


def test_the_grammar_has_no_conflict() -> None:
    """Lark's strict mode turns hidden precedence and colliding terminals into exceptions."""
    assert build_grammar(strict=True).parse("rule", start="template")


def test_every_terminal_has_words_for_people() -> None:
    """No diagnostic can show the parser's own name of a token."""
    terminals = {terminal.name for terminal in grammar().terminals} - _NEVER_SHOWN
    keywords = {name for name in terminals if words_of(name) == (name.lower(),)}
    patterns = {terminal.name: terminal.pattern.value for terminal in grammar().terminals}
    assert {name: patterns[name].split("(")[0] for name in keywords} == {
        name: name.lower() for name in keywords
    }
    assert {*WORDS, *SIGNS, *KINDS} <= terminals


def test_the_word_tables_hold_words_of_the_grammar() -> None:
    """A word that left the grammar would linger in the tables and be proposed to authors."""
    known = {
        part
        for terminal in grammar().terminals
        for word in words_of(terminal.name)
        for part in word.split()
    }
    assert {*RESERVED, *CLAUSE_WORDS, *ITEM_WORDS} <= known


def test_expectations_are_phrased() -> None:
    """Lists are short, and an end expects nothing."""
    assert expected(frozenset({"$END"})) == ""
    assert expected(frozenset({"COMMA", "RPAR"})) == "expected `,` or `)`"
    assert expected(frozenset({"NAME", "MODAL"})) == "expected a name, `must` or `should`"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x = 5 Mayor y", "template"),
        ("a orb", "template"),
        ('rule r "t" citesIA-001 for each s s must s', "items"),
        ('rule r "t" for each s s must a byb', "items"),
        ("a = 2025-10-281", "template"),
    ],
)
def test_words_match_whole(text: str, start: str) -> None:
    """`orb` is one name, never `or` and `b`; `Mayor` is no `May or`."""
    with pytest.raises(UnexpectedInput):
        grammar().parse(text, start=start)
