"""`policy explain` finds rules by name or by clause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policy.data.schema import load_schema
from policy.dsl.checked import World
from policy.dsl.checker import check
from policy.dsl.parser import parse
from policy.dsl.plan import SpecPlan
from policy.dsl.planner import plan_spec
from policy.model.source import SourceText

Call = Callable[..., Any]
TEXT = """language 1
spec toy "Toys" for 2025/26

rule reviewed "Policies are reviewed"
  cites TOY-1
  for each policy q
  must q.reviewed_on is recorded
  breach "not reviewed"
  except new "a policy that is new" cites TOY-9 when q.issued_on is missing

rule owned "Policies are owned"
  cites TOY-1, TOY-2
  for each policy q
  must q.issued_on is recorded
  breach "not issued"
"""


@pytest.fixture
def toy(engine: Any) -> SpecPlan:
    """Let the engine load one spec."""
    spec, mistakes = parse(SourceText("toy.policy", TEXT))
    assert spec is not None, mistakes
    world = World(
        schema=load_schema().types, functions={}, clauses=None, read_table=lambda spec, path: None
    )
    checked, mistakes = check(spec, {}, world)
    assert checked is not None, mistakes
    plan = plan_spec(checked)
    engine.pack.specs = (plan,)
    return plan


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("reviewed", ["reviewed"]),
        ("owned", ["owned"]),
        ("TOY-1", ["reviewed", "owned"]),
        ("TOY-2", ["owned"]),
        ("TOY-9", ["reviewed"]),
    ],
)
def test_rules_are_found_by_name_or_clause(
    call: Call, toy: SpecPlan, name: str, shown: list[str]
) -> None:
    """A clause shows every rule that cites it, also in an exception."""
    ended = call("explain", name)
    assert ended.code == 0
    for rule in ("reviewed", "owned"):
        assert (f"{rule}  (toy 2025/26)" in ended.out) is (rule in shown)


def test_a_name_that_means_nothing_is_guessed(call: Call, toy: SpecPlan) -> None:
    """The nearest rule is offered, and the exit is 2."""
    ended = call("explain", "reviewd")
    assert ended.code == 2
    assert "error[P795]: there is no rule `reviewd`" in ended.err
    assert "did you mean `reviewed`?" in ended.err
    assert "`policy specs --rules` lists the rules" in call("explain", "zzz").err


def test_a_subject_needs_a_document(call: Call, toy: SpecPlan) -> None:
    """--subject alone is a mistake of usage."""
    ended = call("explain", "reviewed", "--subject", "Q1")
    assert ended.code == 2
    assert "--subject needs --data" in ended.err
