"""A rule is explained in the author's own words, with what each demand rests on."""

from __future__ import annotations

from collections.abc import Callable

from policy.data.schema import load_schema
from policy.dsl.checking.checked import World
from policy.dsl.checking.checker import check
from policy.dsl.meaning.plan import SpecPlan
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax.parser import parse
from policy.model.source import SourceText
from policy.register import Register, RegisteredClause
from policy.report.rules import render_rule
from policy.report.style import Style

TEXT = """language 1
spec toy "Toys" for 2025/26

parameter review = 12 months "longest time between reviews" setting

rule reviewed "Policies are reviewed every year"
  cites TOY-1, TOY-2
  for each policy q
  must yearly: q.reviewed_on >= review before as_at
  breach "the policy was last reviewed on {q.reviewed_on}"
  remedy "review it, and record the day on which you did so, with whoever was there, in the minutes"
  owner quality_nominee
  except new "a policy that is new" cites TOY-9 when q.issued_on >= review before as_at

  should not lost: q.reviewed_on is missing
  cites TOY-3

  should given: q.issued_on by 15 May
  cites TOY-5

rule told "A note"
  cites TOY-4
  for each policy q
  note q.reviewed_on is recorded "it was reviewed"
"""

REGISTER = Register(
    clauses={
        "TOY-1": RegisteredClause(
            id="TOY-1", guide="TOY", guide_title="Toys", says="Policies are looked at again."
        )
    }
)


def _plan() -> SpecPlan:
    source = SourceText("specs/toy/toy.policy", TEXT)
    spec, mistakes = parse(source)
    assert spec is not None, mistakes
    world = World(
        schema=load_schema().types,
        functions={},
        clauses=None,
        read_table=lambda spec, path: None,
    )
    checked, mistakes = check(spec, {}, world)
    assert checked is not None, mistakes
    return plan_spec(checked)


def test_a_rule_with_two_demands(golden: Callable[[str, str], None]) -> None:
    """The text of the rule, then for each demand its modal, clauses, exceptions and settings."""
    spec = _plan()
    text = render_rule(spec.rules[0], spec, REGISTER, Style())
    golden("rule", text)
    assert max(map(len, text.splitlines())) <= 80
    assert "rule told" not in text


def test_a_note_is_told_apart() -> None:
    """A note is neither a must nor a should."""
    spec = _plan()
    text = render_rule(spec.rules[1], spec, Register(), Style())
    assert "\nnote  told\n" in text
    assert text.endswith("  clauses  TOY-4\n")
