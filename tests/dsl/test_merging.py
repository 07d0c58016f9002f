"""`amends`: what an overlay changes, and what it may not."""

from __future__ import annotations

import pytest

from policy.dsl.checking.checked import CheckedSpec
from policy.dsl.checking.checker import check
from policy.dsl.checking.merging import amend
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic
from tests.dsl.specs import HEAD, tree, world

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


LIBRARY = """language 1
library shared "Shared"
parameter days = 15 "days" cites TOY-1
define is_late(s: submission) = s.submitted_on > days days after s.assessed_on
rule one "One" cites TOY-1 for each submission s must a: s.is_late must b: s.grade is P
rule two "Two" cites TOY-1 for each submission s should s.grade is P
"""


def taken_over(text: str, use: str = "one; two") -> tuple[CheckedSpec | None, list[str]]:
    """Apply an overlay to a spec that takes rules over; check the edition."""
    found: list[Diagnostic] = []
    base = tree(f"{HEAD}use shared ({use})\n")
    spec = amend(base, tree(AMENDS + text, "next.policy"), found.append)
    made, more = check(spec, {"shared": tree(LIBRARY, "shared.policy")}, world(), "toy")
    found.extend(more)
    return made, [f"{item.code} {item.span.text if item.span else ''}" for item in found]


def made_of(spec: CheckedSpec | None) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Rule, label, modal and clauses of every demand."""
    assert spec is not None
    return [
        (rule.node.name, item.label, item.modal, item.cites)
        for rule in spec.rules
        for item in rule.demands
    ]


def test_an_edition_changes_what_the_base_takes_over() -> None:
    """A rule of a library is dropped, strengthened or replaced like one of the spec's own."""
    strengthened, found = taken_over("change rule two to must cites TOY-2")
    assert found == []
    assert made_of(strengthened)[2] == ("two", "", "must", ("TOY-2",))
    one_demand, found = taken_over("change rule one.b to should")
    assert found == []
    assert [item[2] for item in made_of(one_demand)] == ["must", "should", "should"]
    both, _ = taken_over("change rule one to should", "one as must; one.b cites TOY-2; two")
    assert [item[2:] for item in made_of(both)][:2] == [
        ("should", ("TOY-1",)),
        ("should", ("TOY-2",)),
    ]
    dropped, found = taken_over('drop rule one because "gone"')
    assert found == []
    assert [item[0] for item in made_of(dropped)] == ["two"]
    anew = 'replace rule two "Two" cites TOY-3 for each submission s must s.grade is M'
    replaced, found = taken_over(anew)
    assert found == []
    assert made_of(replaced)[2] == ("two", "", "must", ("TOY-3",))


def test_an_edition_gives_a_figure_of_a_library_anew() -> None:
    """The rule that was taken over reads the new figure."""
    spec, found = taken_over('parameter days = 10 "days" cites TOY-2')
    assert found == []
    assert spec is not None
    assert spec.parameters["days"].default == 10


def test_a_demand_that_was_not_taken_cannot_change() -> None:
    """Only what the base takes is there to change."""
    assert taken_over("change rule one.a to should", "one.b")[1] == ["P216 one"]
    assert taken_over("change rule one.z to should")[1] == ["P216 one"]


def test_a_rule_of_one_year_stays_with_its_year() -> None:
    """The next edition keeps it, and it is not about that edition's year."""
    base = tree(BASE.replace('rule two "Two"', 'rule two "Two" this year only'))
    once = amend(base, tree(AMENDS, "next.policy"), lambda item: None)
    later = AMENDS.replace("2026/27", "2027/28")
    twice = amend(once, tree(later, "later.policy"), lambda item: None)
    assert [(item.name, item.of_year) for item in twice.items if isinstance(item, ast.Rule)] == [
        ("one", ""),
        ("two", "2025/26"),
    ]
    made, _ = check(twice, {}, world(), "toy")
    assert made is not None
    assert [rule.only_year for rule in plan_spec(made).rules] == ["", "2025/26"]
