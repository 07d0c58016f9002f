"""`policy explain` finds rules by name or by clause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policy.data.schema import load_schema
from policy.dsl.checking.checked import World
from policy.dsl.checking.checker import check
from policy.dsl.meaning.plan import SpecPlan
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax.parser import parse
from policy.model.diagnostics import Diagnostic
from policy.model.outcomes import Outcome, Severity
from policy.model.source import SourceText
from policy.model.suite import Check, Decision, Suite
from policy.register import RegisteredClause

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


def test_a_check_of_a_plugin_is_explained(call: Call, engine: Any) -> None:
    """What a plugin decides has no text to show: title, clauses, scope, remedy, owner."""
    check = Check(
        name="titles_agree",
        title="Titles agree with the register",
        scope="programme",
        severity=Severity.SHOULD,
        clauses=("TOY-7",),
        decide=lambda context, row: Decision(outcome=Outcome.MET),
        owner="quality_nominee",
        remedy="correct the title",
    )
    suite = Suite(name="toy", title="T", prefixes=("TOY-",), checks=(check,))
    engine.pack.suites = {"toy": suite}
    ended = call("explain", "titles_agree")
    assert ended.code == 0
    assert ended.out == (
        "titles_agree  (decided by a plugin)\n"
        "  Titles agree with the register\n"
        "\n"
        "should  titles_agree\n"
        "  clauses  TOY-7\n"
        "  scope    each programme\n"
        "  do       correct the title\n"
        "  who      quality nominee\n"
    )
    assert call("explain", "TOY-7").out == ended.out


def test_a_clause_of_the_register_is_shown(call: Call, toy: SpecPlan, engine: Any) -> None:
    """Where it stands and what it says come before the rules; that nobody cites it is said."""
    for id in ("TOY-1", "TOY-8"):
        engine.pack.register[id] = RegisteredClause(
            id=id, guide="TOY", guide_title="The toy guide", where="p. 3", strength="must_not"
        )
    shown = "  (TOY)\n  guide    The toy guide\n  where    p. 3\n  strength must not\n\n"
    ended = call("explain", "TOY-8")
    assert (ended.code, ended.out) == (0, f"TOY-8{shown}No rule that is loaded cites it.\n")
    assert call("explain", "TOY-1").out.startswith(f"TOY-1{shown}reviewed  (toy 2025/26)\n")


def test_mistakes_in_specs_are_told(call: Call, toy: SpecPlan, engine: Any) -> None:
    """What could be loaded is explained all the same, and the exit is 2."""
    engine.pack.diagnostics = (Diagnostic(code="P201", message="no such name"),)
    engine.pack.has_errors = True
    ended = call("explain", "reviewed")
    assert ended.code == 2
    assert "reviewed  (toy 2025/26)" in ended.out
    assert "error[P201]: no such name" in ended.err


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
