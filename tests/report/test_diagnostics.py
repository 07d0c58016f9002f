"""Diagnostics read like those of a good compiler."""

from __future__ import annotations

from collections.abc import Callable

from policy.model.diagnostics import Diagnostic, Label
from policy.model.source import SourceText
from policy.report.diagnostics import render_diagnostics, tally_line
from policy.report.style import Style

Golden = Callable[[str, str], None]


def test_mistakes_in_a_spec(golden: Golden, spec_diagnostics: list[Diagnostic]) -> None:
    """Message, place, underlined source, second place and help, in 80 columns."""
    text = render_diagnostics(spec_diagnostics, Style(), tally=True)
    golden("diagnostics", text)
    assert max(map(len, text.splitlines())) <= 80


def test_order_is_the_order_of_reading(spec_diagnostics: list[Diagnostic]) -> None:
    """The text is the same whatever order the diagnostics came in."""
    backwards = render_diagnostics(reversed(spec_diagnostics), Style())
    assert backwards == render_diagnostics(spec_diagnostics, Style())


def test_colour_changes_nothing_but_colour(spec_diagnostics: list[Diagnostic]) -> None:
    """With the escapes taken out, the coloured text is the plain one."""
    colored = render_diagnostics(spec_diagnostics, Style(color=True))
    plain = render_diagnostics(spec_diagnostics, Style())
    for code in ("0", "1", "1;31", "1;33", "1;36", "34", "2"):
        colored = colored.replace(f"\x1b[{code}m", "")
    assert colored == plain


def test_a_line_of_centre_data_keeps_its_neighbours_private() -> None:
    """The name beside a wrong value is left out unless it is asked for."""
    data = SourceText("c.json", '{"name": "Ada", "kind": "ghost"}')
    at = data.text.index('"ghost"')
    wrong = Diagnostic(code="P404", message="`ghost` is no kind", span=data.span(at, at + 7))
    masked = render_diagnostics([wrong], Style(), data=True)
    assert "Ada" not in masked
    assert '"kind": "ghost"' in masked
    assert '"Ada"' in render_diagnostics([wrong], Style(show_personal=True), data=True)


def test_a_personal_value_that_is_wrong_is_masked_itself() -> None:
    """The mistake in a name is pointed at without the name."""
    data = SourceText("c.json", '  "born_on": "31/02/2008",')
    at = data.text.index('"31')
    span = data.span(at, at + 12)
    wrong = Diagnostic(code="P405", message="not a day", span=span, personal=True)
    lines = render_diagnostics([wrong], Style(), data=True).splitlines()
    assert lines[-2].endswith('"born_on": (personal),')
    assert lines[-1].endswith("^" * len("(personal)"))
    assert "31/02" in render_diagnostics([wrong], Style(show_personal=True), data=True)


def test_a_span_over_several_lines_is_underlined_on_its_first() -> None:
    """Underlining stops at the end of the line."""
    text = SourceText("x.policy", "rule a\n  must b\n")
    wide = Diagnostic(code="P100", message="no", span=text.span(5, 15))
    assert render_diagnostics([wide], Style()).splitlines()[-1].strip("| ") == "^"


def test_lines_far_apart_are_parted_by_dots() -> None:
    """A label many lines away shows that lines were left out."""
    text = SourceText("x.policy", "a\n\n\n\nb\n")
    first = Label(span=text.span(0, 1), text="first here")
    twice = Diagnostic(code="P210", message="twice", span=text.span(5, 6), labels=(first,))
    assert "\n...\n" in render_diagnostics([twice], Style())


def test_nothing_to_say_is_no_text() -> None:
    """No diagnostics, no tally, no newline."""
    assert render_diagnostics([], Style(), tally=True) == ""


def test_a_very_long_path_stays_in_one_piece() -> None:
    """People copy places and editors open them, so a path is never broken."""
    name = "folder/" * 15 + "x.json"
    text = render_diagnostics([Diagnostic(code="P501", message="no", file=name)], Style())
    assert f"  --> {name}\n" in text


def test_the_tally_counts_by_level(spec_diagnostics: list[Diagnostic]) -> None:
    """Errors and warnings are counted apart."""
    assert tally_line(spec_diagnostics) == "2 errors and 1 warning"
