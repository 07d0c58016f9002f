"""`policy explain` finds rules by name or by clause."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

import pytest

from policy.data.schema import load_schema
from policy.dsl.checking.checked import World
from policy.dsl.checking.checker import check
from policy.dsl.compiling.compiler import NotCompiled, compile_spec
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
    plan = planned(TEXT)
    engine.pack.specs = (plan,)
    return plan


def planned(text: str) -> SpecPlan:
    """Return the plan of a spec."""
    spec, mistakes = parse(SourceText("toy.policy", text))
    assert spec is not None, mistakes
    world = World(
        schema=load_schema().types, functions={}, clauses=None, read_table=lambda spec, path: None
    )
    checked, mistakes = check(spec, {}, world)
    assert checked is not None, mistakes
    return plan_spec(checked)


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


def suite_of_a_check() -> Suite:
    """Return a suite with a check that a plugin decides."""
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
    return Suite(name="toy", title="T", prefixes=("TOY-",), checks=(check,))


def test_a_check_of_a_plugin_is_explained(call: Call, engine: Any) -> None:
    """What a plugin decides has no text to show: title, clauses, scope, remedy, owner."""
    engine.pack.suites = {"toy": suite_of_a_check()}
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


def functions(text: str) -> list[str]:
    """Return the names of the functions in a text of Python."""
    return [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]


CODED = """language 1
spec toy "Toys" for {year}

define is_old(s: submission) =
  some e in s.learner.submissions where e.submitted_on < {year_of}-01-01
define is_again(s: submission) = s.kind is one of (resubmission, retake, re_sit)
define unheard(s: submission) = s.id = "unheard"

rule reviewed "Old work is assessed"
  cites TOY-1
  for each submission s
  when is_old(s)
  must s.assessed_on is recorded
  breach "not assessed"

rule listed "Old work that came again was started"
  cites TOY-1
  for each submission s
  when is_old(s) and is_again(s)
  must s.started_on is recorded
  breach "not started"
"""


@pytest.fixture
def coded(engine: Any) -> None:
    """Let the engine load two editions of a spec, which have definitions."""
    engine.pack.schema = load_schema()
    engine.pack.specs = tuple(
        planned(CODED.format(year=year, year_of=year[:4])) for year in ("2024/25", "2025/26")
    )


def test_the_code_of_a_rule_is_python(call: Call, coded: None) -> None:
    """With the definitions that it calls, and no others; each edition has its heading."""
    ended = call("explain", "reviewed", "--code")
    assert (ended.code, ended.err) == (0, "")
    first, second = ended.out.split("# reviewed  (toy 2025/26)\n")
    assert first.startswith("# reviewed  (toy 2024/25)\n\n\ndef ")
    for text, year in ((first, 2024), (second, 2025)):
        *called, last = functions(text)
        assert last == "rule_reviewed"
        assert called
        assert not any(name.startswith("rule_") for name in called)
        assert f"DAY_{year}_01_01" in text
        assert "\n\n\n\n" not in text


def test_the_code_of_a_clause_names_its_lists(call: Call, coded: None) -> None:
    """Each rule that cites the clause, and what the lists hold, which their names only begin."""
    out = call("explain", "TOY-1", "--code").out
    headings = [line for line in out.splitlines() if line.startswith("#")]
    assert headings == [
        f"# {rule}  (toy {year})"
        for year in ("2024/25", "2025/26")
        for rule in ("reviewed", "listed")
    ]
    lists = [line for line in out.splitlines() if line.startswith("LIST_")]
    assert lists == ["LIST_RESUBMISSION_RETAKE_RE_SIT = ('resubmission', 'retake', 're_sit')"] * 2
    assert "unheard" not in out


def test_a_library_has_no_edition(call: Call, coded: None, engine: Any) -> None:
    """Its rules have code, too."""
    library = CODED.replace('spec toy "Toys" for {year}', 'library toys "Toys"')
    engine.pack.specs, engine.pack.libraries = (), (planned(library.format(year_of="2025")),)
    assert call("explain", "listed", "--code").out.startswith("# listed  (toys)\n")


def test_the_code_is_what_is_run(call: Call, coded: None, engine: Any) -> None:
    """Every line stands in the module that judges, and every function that is named is there."""
    source = compile_spec(engine.pack.specs[0], engine.pack.schema.types).source
    shown = call("explain", "listed", "--code").out.split("# listed  (toy 2025/26)")[0]
    lines = [line for line in shown.splitlines() if not line.startswith(("#", "LIST_"))]
    assert set(lines) <= set(source.splitlines())
    named = set(re.findall(r"\w+", shown))
    assert named & set(functions(source)) == set(functions(shown)) != set(functions(source))


def test_a_rule_without_code(
    call: Call, coded: None, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is told, as a comment."""

    def refuse(*_: object, **__: object) -> None:
        raise NotCompiled("too odd")

    monkeypatch.setattr("policy.dsl.compiling.rules.RuleWriter.function", refuse)
    engine.pack.specs = engine.pack.specs[:1]
    assert call("explain", "listed", "--code").out == (
        "# listed  (toy 2024/25)\n\n\n# not compiled: too odd; the reference evaluator judges it\n"
    )


def test_what_has_no_code_says_so(call: Call, toy: SpecPlan, engine: Any) -> None:
    """A check of a plugin is Python already; of a clause that nobody cites there is nothing."""
    engine.pack.schema = load_schema()
    engine.pack.suites = {"toy": suite_of_a_check()}
    engine.pack.register["TOY-8"] = RegisteredClause(
        id="TOY-8", guide="TOY", guide_title="The toy guide", where="p. 3", strength="must_not"
    )
    shown = call("explain", "titles_agree", "--code").out
    assert shown == "# titles_agree  (decided by a plugin, which is Python already)\n"
    assert call("explain", "TOY-8", "--code").out == "# no rule that is loaded cites it\n"


def test_code_and_data_are_two_questions(call: Call, toy: SpecPlan) -> None:
    """Together they are a mistake of usage."""
    ended = call("explain", "reviewed", "--code", "--data", "college.json")
    assert ended.code == 2
    assert "--code and --data answer two questions" in ended.err
