"""Texts that cannot be read: what is said, what is underlined, how many times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.dsl.syntax.parser import MAX_ERRORS, grammar, parse
from policy.dsl.syntax.scanning import scan
from policy.dsl.syntax.syntax_errors import all_errors
from policy.model.codes import CODES
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText

HERE = Path(__file__).parent
HEAD = 'language 1\nspec toy "Toy" for 2025/26\n\n'
RULE = 'rule r "R"\n  cites IA-001\n  for each submission s\n  '
EVERY_CONSTRUCT = (HERE / "every_construct.policy").read_text(encoding="utf-8")
MISTAKES = yaml.safe_load((HERE / "syntax_mistakes.yaml").read_text(encoding="utf-8"))
BEFORE = {"in_a_rule": HEAD + RULE, "items": HEAD, "files": ""}
ROWS = [(BEFORE[where], row) for where, rows in MISTAKES.items() for row in rows]


def found_in(text: str) -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a text, which has a tree only if it has none."""
    spec, diagnostics = parse(SourceText("toy.policy", text))
    assert (spec is None) == bool(diagnostics)
    return diagnostics


@pytest.mark.parametrize(("before", "row"), ROWS, ids=[row["text"][:40] for _, row in ROWS])
def test_a_mistake_is_told_in_the_authors_words(before: str, row: dict[str, Any]) -> None:
    """Code, underlined text, sentence and help of each mistake, and nothing else."""
    (diagnostic,) = found_in(f"{before}{row['text']}\n")
    assert diagnostic.span is not None
    assert {
        "code": diagnostic.code,
        "underlined": diagnostic.span.text,
        "message": diagnostic.message,
        "help": diagnostic.help,
    } == {key: row[key] for key in ("code", "underlined", "message", "help")}


@pytest.mark.parametrize(("before", "row"), ROWS, ids=[row["text"][:40] for _, row in ROWS])
def test_no_message_shows_the_parsers_own_names(before: str, row: dict[str, Any]) -> None:
    """Neither terminals of the grammar nor types of Python."""
    (diagnostic,) = found_in(f"{before}{row['text']}\n")
    said = f"{diagnostic.message} {diagnostic.help}"
    # `IF` and `DOT` may occur in what the author wrote, or as a place to fill in.
    names = {terminal.name for terminal in grammar().terminals if len(terminal.name) > 4}
    allowed = {"CONDITION", "VALUE", "ENTITY", "FIRST"}
    assert not names & set(said.split()) - allowed
    assert diagnostic.message[0] == diagnostic.message[0].lower()
    assert not diagnostic.message.endswith(".")


def test_every_syntax_code_is_provoked() -> None:
    """A code that nothing gives is a promise the documentation cannot keep."""
    codes = {row["code"] for _, row in ROWS} | {"P138"}
    assert codes == {code for code in CODES if code.startswith("P1")}


@pytest.mark.parametrize(
    ("text", "label", "said"),
    [
        ('must (a and b\n  breach "x"', "(", "opened here"),
        ("must f[a)", "[", "opened here"),
        ("must a and b or c", "and", "`and` here"),
        ("must some x in c where a and b", "where", "belongs to this"),
        ("must not a and b", "must", "belongs to this"),
        ("must some x in c satisfies a", "some", "`some` here"),
        ("must a and some x in c or b", "some", "begins here"),
        ("must if a then b", "if", "begins here"),
    ],
)
def test_the_place_that_explains_is_shown_too(text: str, label: str, said: str) -> None:
    """A second mark shows where the expectation came from."""
    (diagnostic,) = found_in(HEAD + RULE + text)
    assert [(item.span.text, item.text) for item in diagnostic.labels] == [(label, said)]


@pytest.mark.parametrize("second", [row["text"] for row in MISTAKES["in_a_rule"]][::3])
def test_mistakes_in_two_rules_are_two_diagnostics(second: str) -> None:
    """None hides another, none is the echo of another."""
    text = f"{HEAD}{RULE}must (a and b\n\n{RULE}{second}\n\n{RULE}must a\n"
    first, other = found_in(text)
    assert first.code in ("P116", "P107")
    assert first.span is not None
    assert other.span is not None
    assert first.span.start != other.span.start


def test_several_signs_of_other_languages_are_several_diagnostics() -> None:
    """Each is a mistake of its own, whatever the grammar would say."""
    found = found_in(HEAD + RULE + "must a <= 28/10/2025 && b == c")
    assert [item.code for item in found] == ["P114", "P110", "P110"]


def test_tabs_hide_no_other_mistake() -> None:
    """They are told once, with their number."""
    tabs, other = found_in(HEAD + RULE + "\tmust\ta and b or c")
    assert tabs.message == "a tab character stands here, and 1 more in this file"
    assert other.code == "P120"
    (only,) = found_in(HEAD + "\t")
    assert only.code == "P107"


def test_the_number_of_diagnostics_has_an_end() -> None:
    """Nobody mends hundreds at once."""
    assert len(found_in(HEAD + (RULE + "must (a\n") * 50)) == MAX_ERRORS


def test_mistakes_found_while_building_come_together() -> None:
    """Dates, braces and names of a text that can be parsed."""
    text = RULE + 'must every in in s.x satisfies in.y\n  breach "{x}} {"'
    assert [item.code for item in found_in(HEAD + text)] == ["P134", "P105", "P105"]
    text = RULE + 'must s.a = 30 February\n  breach "{x}} {"'
    assert [item.code for item in found_in(HEAD + text)] == ["P103", "P105", "P105"]


def test_a_mistake_in_a_message_has_its_own_place() -> None:
    """What stands in braces is read like any expression, and underlined where it stands."""
    found = found_in(HEAD + RULE + 'must a\n  breach "version {s.a == 1} of {s.b s.c}"')
    assert [(item.code, item.span and item.span.text) for item in found] == [
        ("P110", "=="),
        ("P102", "s"),
    ]


def test_depth_is_told_beside_other_mistakes() -> None:
    """A rule too deep to read hides no other rule's mistake."""
    deep = RULE + "must " + "(not " * 200 + "a" + ")" * 200
    found = found_in(f"{HEAD}{deep}\n\n{RULE}must a and b or c\n")
    assert [item.code for item in found] == ["P138", "P120"]


def test_a_file_wrong_only_as_a_whole_is_not_silent() -> None:
    """Should every item be read alone and the file still not, the file's own mistake is told."""
    source = SourceText("toy.policy", HEAD + RULE + "must a\n")
    told = Diagnostic(code="P102", message="the whole", span=source.span(0, 1))

    def read(rule: str, start: int, end: int) -> list[Diagnostic]:
        return [told] if (start, end) == (0, len(source.text)) else []

    assert all_errors(source, source.text, [], read) == [told]


def test_words_at_the_start_of_a_line_may_be_values() -> None:
    """Only what can be nothing else begins an item."""
    text = f"{HEAD}define f(s: x) =\n  s.a\n  =\n  rule\n{RULE}must a\n"
    assert found_in(text) == ()


@pytest.mark.parametrize("step", range(3))
def test_a_missing_token_is_told_or_harmless(step: int) -> None:
    """Whatever one token is left out, there is a diagnostic or a spec, never a crash."""
    pieces = [piece for piece in scan(EVERY_CONSTRUCT) if piece.kind != "comment"]
    for piece in pieces[step::18]:
        found_in(EVERY_CONSTRUCT[: piece.start] + EVERY_CONSTRUCT[piece.end :])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_exchanged_tokens_never_crash(data: st.DataObject) -> None:
    """Two pieces of a valid text change places."""
    pieces = list(scan(EVERY_CONSTRUCT))
    numbers = st.integers(0, len(pieces) - 1)
    first, other = sorted((data.draw(numbers), data.draw(numbers)))
    a, b = pieces[first], pieces[other]
    if a.end <= b.start:
        text = EVERY_CONSTRUCT
        found_in(text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No character makes the parser fail."""
    found_in(text)
    found_in(HEAD + text)
    found_in(HEAD + RULE + "must " + text)
