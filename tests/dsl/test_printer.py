"""Trees into text: round trips, layout, brackets, and every comment kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark.exceptions import UnexpectedInput

from policy.dsl.printing import printer
from policy.dsl.printing.printer import format_text, print_expression, print_spec
from policy.dsl.syntax import ast
from policy.dsl.syntax.parser import grammar, parse, parse_template
from policy.dsl.syntax.scanning import scan
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText
from tests.dsl.strategies import expressions, specs

HEAD = 'language 1\nspec toy "Toy" for 2025/26\n'
EVERY_CONSTRUCT = Path(__file__).with_name("every_construct.policy").read_text(encoding="utf-8")


def expression_of(text: str) -> ast.Expr | Diagnostic:
    """Parse an expression that stands alone."""
    return parse_template(SourceText("expression", text), 0, len(text))


def formatted(text: str) -> str:
    """Format a text that has no mistake, and see that formatting again changes nothing."""
    found, diagnostics = format_text(SourceText("toy.policy", text))
    assert diagnostics == ()
    assert found is not None
    assert format_text(SourceText("toy.policy", found)) == (found, ())
    return found


@settings(max_examples=40, deadline=None)
@given(specs())
def test_a_printed_spec_reads_as_the_same_spec(spec: ast.Spec) -> None:
    """Any tree goes to text and back, and the text is already in its final layout."""
    text = print_spec(spec)
    again, diagnostics = parse(SourceText("drawn.policy", text))
    assert diagnostics == ()
    assert again == spec
    assert format_text(SourceText("drawn.policy", text))[0] == text


@settings(max_examples=60, deadline=None)
@given(expressions())
def test_no_bracket_is_needless(expr: ast.Expr) -> None:
    """Without any one pair of brackets the text means something else, or nothing."""
    text = print_expression(expr)
    assert expression_of(text) == expr
    quoted = re.sub(r'"[^"]*"', lambda match: "x" * len(match.group()), text)
    opened: list[int] = []
    for place, sign in enumerate(quoted):
        if sign == "(":
            opened.append(place)
        elif sign == ")":
            start = opened.pop()
            bare = f"{text[:start]} {text[start + 1 : place]} {text[place + 1 :]}"
            assert _read(bare) != expr, bare


def _read(text: str) -> ast.Expr | Diagnostic | None:
    try:
        grammar().parse(text, start="template")
    except UnexpectedInput:
        return None
    return expression_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "a and (b or c)",
        "(a and b) and c",
        "not (a and b)",
        "not not a",
        "not some x in c where x.y",
        "(some x in c where x.y) and b",
        "a and some x in c where (x.y and x.z)",
        "some x in c where some y in x.d where y.e = x.e",
        "every x in a + b where x.y satisfies no z in x.z",
        "(a + b) * c - d / (e - f)",
        "a - (b - c)",
        "(a otherwise b) + 1",
        "a otherwise b otherwise c",
        "a = count of x in c where x.y",
        "(latest x.y for x in c) <= 5 July",
        "12 weeks after 3 days before a.b",
        "n working days after (a otherwise b)",
        "(if a then b else c) = d",
        "if a then b else if c then d else e",
        "the x in c where (some y in x.d) with latest x.e",
        "t[a, b].c is not one of (x, y)",
        "f((a and b), c)",
        "l has no any of (A, B)",
        "l has only (A)",
        "n study days of s.learner after x",
        "at least n x in c where x is recorded",
    ],
)
def test_expressions_print_as_people_write_them(text: str) -> None:
    """Brackets where the grammar needs them, and nowhere else."""
    found = expression_of(text)
    assert not isinstance(found, Diagnostic)
    assert print_expression(found) == text


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("((a))", "a"),
        ("(a.b) = (3)", "a.b = 3"),
        ("(a and b)", "a and b"),
        ("a and (some x in c)", "a and some x in c"),
        ("( 1 day ) after x", "1 day after x"),
        ("1  working   days before x", "1 working day before x"),
        ("if a then b else (if c then d else e)", "if a then b else if c then d else e"),
        ("a  !=b", "a != b"),
    ],
)
def test_needless_brackets_and_blanks_go(written: str, printed: str) -> None:
    """The formatter is the only style."""
    found = expression_of(written)
    assert not isinstance(found, Diagnostic)
    assert print_expression(found) == printed


def test_every_construct_stays_as_it_is() -> None:
    """The file with every construct is in the formatter's layout."""
    assert formatted(EVERY_CONSTRUCT) == EVERY_CONSTRUCT


def test_the_layout_does_not_depend_on_the_lines_of_the_source() -> None:
    """A file with every blank and line break changed comes out the same, comments apart."""
    bare = re.sub(r" *--[^\n]*\n", "\n", EVERY_CONSTRUCT)
    # Groups of definitions and parameters are the author's choice: a blank line is kept.
    squeezed = re.sub(r"(?<!\n)\n(?!\n)[ ]*", "   ", bare.replace("\n\n\n", "\n\n"))
    one_by_one = re.sub(r"\s+(parameter|use|applies|change rule) ", r"\n\1 ", squeezed)
    again = formatted(one_by_one)
    assert again.split() == formatted(bare).split()


def test_no_line_is_longer_than_the_page_where_it_can_break() -> None:
    """Long conditions break before `and`, `or`, `where`; lists between members."""
    names = [f"s.quite_a_long_name_{number}" for number in range(12)]
    text = f"""{HEAD}
define f(s: submission) = {" and ".join(f"({n} or {n})" for n in names)}
rule r "t" cites {", ".join(f"IA-{n:03}" for n in range(40))}
  for each submission s, each e in s.first_list_of_things where ({" and ".join(names[:4])})
  must every x in s.list where ({" and ".join(names)}) satisfies ({" or ".join(names)})
    by {" + ".join(names)}
  should s.kind is one of ({", ".join("a_member_of_a_list" for _ in names)})
"""
    assert max(len(line) for line in formatted(text).splitlines()) <= 100


def test_clauses_of_one_demand_stand_under_the_rule() -> None:
    """Of several demands, each has its own, indented further."""
    one = formatted(HEAD + 'rule r "t" for each s s must s.a breach "x" cites IA-001')
    assert one.endswith('  must s.a\n  cites IA-001\n  breach "x"\n')
    two = formatted(HEAD + 'rule r "t" for each s s must a: s.a cites IA-001 must b: s.b')
    assert two.endswith("  must a: s.a\n    cites IA-001\n  must b: s.b\n")


def test_the_author_groups_definitions() -> None:
    """Short ones may stand together or apart; long ones stand apart."""
    short = "define f(s: x) = s.a\ndefine g(s: x) = s.b\n\ndefine h(s: x) = s.c\n"
    assert formatted(HEAD + "\n" + short) == HEAD + "\n" + short
    long = f"define f(s: x) = s.{'a' * 60} = s.{'b' * 60}\ndefine g(s: x) = s.b\n"
    assert "\n\ndefine g" in formatted(HEAD + long)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("-- first\n" + HEAD, 0),
        (HEAD + '-- before\nparameter a = 1 "m"\n', 3),
        (HEAD + '\nparameter a = 1 "m"  -- behind\n', 3),
        (HEAD + '\nparameter a = 1 "m"\n\n-- last\n', 5),
        (HEAD + '\nrule r "t"\n  -- inside\n  for each s s\n  must s.a\n', 4),
        (HEAD + '\nrule r "t"\n  for each s s\n  must s.a\n  -- still in the rule\n', 6),
        (HEAD + '\nrule r "t"\n  for each s s\n  must s.a  -- behind\n', 5),
    ],
)
def test_a_comment_in_its_place_stays_there(written: str, line: int) -> None:
    """Above what it precedes, behind what it follows, at the end of its rule."""
    lines = formatted(written).splitlines()
    assert [number for number, text in enumerate(lines) if "--" in text] == [line]
    comment = next(text.strip() for text in written.splitlines() if "--" in text)
    assert lines[line].strip() == comment


def test_a_comment_inside_a_condition_goes_to_its_line() -> None:
    """The line it stood on may be gone; the one that holds its neighbour takes it."""
    text = formatted(
        HEAD + 'rule r "t"\n  for each s s\n  must s.a -- why a\n    and s.b\n'
        "    -- why c\n    and s.c\n"
    )
    assert text.endswith("  -- why c\n  must s.a and s.b and s.c  -- why a\n")


def test_comments_of_one_line_stand_above_it() -> None:
    """Two cannot stand behind it, and a long one must not make it longer than the page."""
    text = formatted(
        HEAD + f'parameter a -- one\n = 1 -- two\n "m"\n\nparameter b = 1 "m" -- {"long " * 20}\n'
    )
    assert text == (
        f'{HEAD}\n-- one\n-- two\nparameter a = 1 "m"\n\n-- {("long " * 20).strip()}\n'
        'parameter b = 1 "m"\n'
    )


def test_a_comment_after_every_token_survives() -> None:
    """Wherever a comment stands it is kept, and formatting twice is formatting once."""
    bare = re.sub(r" *--[^\n]*\n", "\n", EVERY_CONSTRUCT)
    tokens = re.findall(r'"[^"]*"|[A-Z][A-Z0-9]*-\d+|[\d./-]*\d|\w+|[^\w\s]=?', bare)
    text = "".join(f"{token} -- c{number}\n" for number, token in enumerate(tokens))
    spec, diagnostics = parse(SourceText("commented", text))
    assert diagnostics == ()
    again = formatted(text)
    kept = re.findall(r"-- c(\d+)$", again, re.MULTILINE)
    assert sorted(map(int, kept)) == list(range(len(tokens)))
    assert parse(SourceText("again", again))[0] == spec


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_comments_anywhere_survive(data: st.DataObject) -> None:
    """Behind a piece or on lines of their own, with blank lines or without, indented or not."""
    pieces = [piece for piece in scan(EVERY_CONSTRUCT) if piece.kind != "comment"]
    places = data.draw(st.sets(st.sampled_from([piece.end for piece in pieces]), max_size=12))
    text = EVERY_CONSTRUCT
    for number, place in enumerate(sorted(places, reverse=True)):
        before = data.draw(st.sampled_from((" ", "\n", "\n\n", "\n    ", "\n\n  ")))
        after = data.draw(st.sampled_from(("\n", "\n\n")))
        text = f"{text[:place]}{before}-- c{number}{after}{text[place:]}"
    spec, diagnostics = parse(SourceText("commented", text))
    if diagnostics:  # a comment has parted a date or a clause id
        return
    again = formatted(text)
    assert sorted(re.findall(r"-- (?:c\d+|.*)", again)) == sorted(
        re.findall(r"-- (?:c\d+|.*)", text)
    )
    assert parse(SourceText("again", again))[0] == spec


def test_blank_lines_around_comments_are_the_authors() -> None:
    """A heading stays apart from what it heads, a remark stays close."""
    text = f'{HEAD}\n-- ==== heading\n\n-- remark\nparameter a = 1 "m"\n'
    assert formatted(text) == text


def test_tabs_are_mended_outside_quotes() -> None:
    """The formatter repairs what the parser refuses."""
    text = HEAD + '\nparameter\ta =\t1 "m" --\tx\n'
    assert format_text(SourceText("toy", text)) == (
        HEAD + '\nparameter a = 1 "m"  -- x\n',
        (),
    )
    quoted, (diagnostic,) = format_text(SourceText("toy", HEAD + 'parameter a = 1 "m\tn"'))
    assert quoted is None
    assert diagnostic.code == "P107"


def test_a_text_with_mistakes_is_not_formatted() -> None:
    """The diagnostics come back instead."""
    found, (diagnostic,) = format_text(SourceText("toy", HEAD + "rule r"))
    assert found is None
    assert diagnostic.code == "P127"


def test_a_formatter_that_changes_the_meaning_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of the printer must never reach an author's file."""
    source = SourceText("toy", HEAD + 'parameter a = 1 "m" -- c')
    monkeypatch.setattr(printer, "print_spec", lambda spec: HEAD + 'parameter a = 2 "m" -- c')
    with pytest.raises(printer.FormattingChangedTheSpec, match="reads differently"):
        format_text(source)
    monkeypatch.setattr(printer, "print_spec", lambda spec: HEAD + 'parameter a = 1 "m"')
    with pytest.raises(printer.FormattingChangedTheSpec, match="comment"):
        format_text(source)


@pytest.mark.parametrize(
    "value", ['"A"', "A", '"A 1"', '"missing"', "missing", "empty", "(A, B)", '"12"', "12", "true"]
)
def test_values_of_examples_keep_their_quotes(value: str) -> None:
    """A text the author quoted stays quoted, an enumerator bare."""
    text = f'{HEAD}\nexample "e"\n  given "f"\n  change a 1 b to {value}\n  expect r met\n'
    assert formatted(text) == text
