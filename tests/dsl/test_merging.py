"""`amends`: what an overlay changes, and what it may not."""

from __future__ import annotations

import pytest

from policy.dsl.checking.merging import amend
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic
from tests.dsl.specs import HEAD, tree

BASE = (
    HEAD
    + """
parameter days = 15 "days" cites TOY-1
rule one "One" cites TOY-1 for each submission s
  must a: s.grade is P
  must not b: s.grade is D
  note c: s.grade is M "a merit"
rule two "Two" cites TOY-1 for each submission s must s.grade is P
example "e" given "x.yaml" expect two met
"""
)
AMENDS = 'language 1\namends toy for 2026/27 "Toy rules, next year"\n'


def amended(text: str) -> tuple[ast.Spec, list[str]]:
    """Apply an overlay to the base; return the edition and the underlined mistakes."""
    found: list[Diagnostic] = []
    spec = amend(tree(BASE), tree(AMENDS + text, "next.policy"), found.append)
    return spec, [f"{item.code} {item.span.text if item.span else ''}" for item in found]


def names(spec: ast.Spec) -> list[str]:
    """Names of the rules of a spec."""
    return [item.name for item in spec.items if isinstance(item, ast.Rule)]


def test_an_empty_overlay_changes_edition_and_title_only() -> None:
    """Rules stay; examples of the base stay with the base."""
    spec, found = amended("")
    assert (spec.edition, spec.title, names(spec)) == (
        "2026/27",
        "Toy rules, next year",
        ["one", "two"],
    )
    assert not any(isinstance(item, ast.Example) for item in spec.items)
    assert found == []


def test_a_parameter_of_the_same_name_replaces() -> None:
    """The figure of the new guide counts."""
    spec, _ = amended('parameter days = 10 "days" cites TOY-2')
    values = [item.default for item in spec.items if isinstance(item, ast.Parameter)]
    assert [value.value for value in values if isinstance(value, ast.Literal)] == [10]


def test_drop_and_replace_and_add() -> None:
    """Rules go, change and come."""
    text = (
        'drop rule one because "gone"\n'
        'replace rule two "Two anew" cites TOY-2 for each submission s must s.grade is M\n'
        'rule three "Three" cites TOY-2 for each submission s must s.grade is M\n'
    )
    spec, found = amended(text)
    assert names(spec) == ["two", "three"]
    assert spec.items[1].title == "Two anew"  # type: ignore[union-attr]
    assert found == []


@pytest.mark.parametrize(
    ("change", "modals"),
    [
        ("change rule one to should", ["should", "should not", "note"]),
        ("change rule one.b to should", ["must", "should not", "note"]),
        ("change rule one.c to should", ["must", "must not", "note"]),
    ],
)
def test_change_of_strength(change: str, modals: list[str]) -> None:
    """A ban stays a ban, a note stays a note."""
    spec, found = amended(change)
    (one,) = (item for item in spec.items if isinstance(item, ast.Rule) and item.name == "one")
    assert [demand.modal for demand in one.demands] == modals
    assert found == []


def test_change_of_strength_with_clauses() -> None:
    """The clauses of the new guide come with it."""
    spec, _ = amended("change rule two to should cites TOY-3")
    (two,) = (item for item in spec.items if isinstance(item, ast.Rule) and item.name == "two")
    assert [clause.id for clause in two.demands[0].terms.cites] == ["TOY-3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('drop rule tow because "gone"', "P216 tow"),
        ("change rule tow to should", "P216 tow"),
        ("change rule one.d to should", "P216 one"),
        ('rule two "Two" cites TOY-1 for each submission s must s.grade is P', "P209 two"),
    ],
)
def test_overlays_of_what_is_not_there(text: str, expected: str) -> None:
    """An overlay that misses its target is told so."""
    assert amended(text)[1] == [expected]
