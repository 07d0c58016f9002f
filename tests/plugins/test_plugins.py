"""Finding plugins, surviving broken ones, and guarding every call into them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from msgspec.structs import replace

from policy.hookspecs import hookimpl
from policy.hookspecs import policy_suite as specification
from policy.model.codes import CODES
from policy.model.outcomes import Outcome, Severity
from policy.model.suite import Check, Context, Decision, Function, Parameter, Suite
from policy.model.values import Cause, CauseKind
from policy.plugins import LoadedSuites, discover, installed, run_check

CAUSE = Cause(CauseKind.NOT_RECORDED, "policy", "O1", "title")


def plugin(**members: Any) -> ModuleType:
    """Make a module with these members; functions among them are marked as hooks."""
    module = ModuleType("made_up")
    for name, member in members.items():
        setattr(module, name, hookimpl(member))
    return module


def returning(suite: object) -> ModuleType:
    """Make a plugin whose hook returns `suite`."""

    def policy_suite() -> object:
        return suite

    return plugin(policy_suite=policy_suite)


def function(name: str = "answer", **changes: Any) -> Function:
    """Make a function without parameters that returns 42."""
    given: dict[str, Any] = {
        "name": name,
        "parameters": (),
        "returns": "integer",
        "call": lambda context: 42,
        "description": "the answer",
    }
    return Function(**{**given, **changes})


def check(decide: Callable[..., Any] = lambda context, subject: None, **changes: Any) -> Check:
    """Make a check on policies."""
    given: dict[str, Any] = {
        "name": "one",
        "title": "One",
        "scope": "policy",
        "severity": Severity.MUST,
        "clauses": ("BRK-1",),
        "decide": decide,
    }
    return Check(**{**given, **changes})


def brick(**changes: Any) -> Suite:
    """Make a suite called `brick`."""
    return Suite(**{"name": "brick", "title": "Brick", "prefixes": ("BRK-",), **changes})


def only_fault(loaded: LoadedSuites, name: str = "brick") -> tuple[str, str]:
    """Return code and message of the one diagnostic, after checking the plugin is marked."""
    (item,) = loaded.diagnostics
    (info,) = (info for info in loaded.infos if info.name == name)
    assert info.broken
    assert info.broken in item.message
    assert item.code in CODES
    assert name not in [suite.name for suite in loaded.suites]
    return item.code, item.message


def test_a_suite_given_by_the_caller_is_found(toy: ModuleType) -> None:
    """A plugin without an entry point is registered by name and loaded when wanted."""
    loaded = discover(["toy"], extra={"toy": toy})
    assert [suite.name for suite in loaded.suites] == ["toy"]
    assert [info.name for info in loaded.infos] == ["toy"]
    assert loaded.diagnostics == ()
    assert "toy" in installed({"toy": toy})
    assert "toy" not in installed()


def test_only_wanted_suites_are_loaded(toy: ModuleType) -> None:
    """Others are neither asked nor mentioned."""
    bad = returning(None)
    loaded = discover(["toy"], extra={"toy": toy, "bad": bad})
    assert [info.name for info in loaded.infos] == ["toy"]
    assert discover([], extra={"bad": bad}) == LoadedSuites()


def test_suites_come_sorted_by_name() -> None:
    """The order of registration changes nothing."""
    made = {name: returning(replace(brick(), name=name)) for name in ("c", "a", "b")}
    loaded = discover(["c", "b", "a"], extra=made)
    assert [suite.name for suite in loaded.suites] == ["a", "b", "c"]
    assert [info.name for info in loaded.infos] == ["a", "b", "c"]


def test_a_plugin_that_is_not_installed(toy: ModuleType) -> None:
    """The name is reported, with the nearest name there is."""
    loaded = discover(["toi", "toy"], extra={"toy": toy})
    (item,) = loaded.diagnostics
    assert (item.code, item.help) == ("P901", "did you mean `toy`?")
    assert [suite.name for suite in loaded.suites] == ["toy"]


def install(folder: Path, name: str, suite: str, text: str) -> None:
    """Lay a distribution with one plugin into a folder, as an installer would."""
    package = f"plugin_{name}"
    (folder / f"{package}.py").write_text(text)
    info = folder / f"{name}-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
    (info / "entry_points.txt").write_text(f"[policy.suites]\n{suite} = {package}\n")


SOUND = """
from policy.hookspecs import hookimpl
from policy.model.suite import Suite

@hookimpl
def policy_suite():
    return Suite(name="brick", title="Brick", prefixes=("BRK-",))
"""


def test_installed_plugins_are_found_by_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy: ModuleType
) -> None:
    """Names are listed without an import; a broken one is named with its distribution."""
    install(tmp_path, "sound", "brick", SOUND)
    install(tmp_path, "second", "brick", SOUND)
    install(tmp_path, "rotten", "mud", "import there_is_no_such_module")
    install(tmp_path, "quitter", "sand", "raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    assert {"brick", "mud", "sand"} <= set(installed())
    assert "plugin_sound" not in sys.modules
    loaded = discover(["brick", "mud", "sand", "toy"], extra={"toy": toy})
    assert [suite.name for suite in loaded.suites] == ["brick", "toy"]
    assert [(item.code, item.message) for item in loaded.diagnostics] == [
        ("P906", "plugin `brick` of `sound` brings the suite `brick` a second time"),
        (
            "P902",
            "plugin `mud` of `rotten` cannot be imported: `ModuleNotFoundError`, "
            "No module named 'there_is_no_such_module'",
        ),
        ("P902", "plugin `sand` of `quitter` cannot be imported: `SystemExit`"),
    ]
    assert [(info.name, info.distribution, info.version) for info in loaded.infos] == [
        ("brick", "second", "1.5"),
        ("brick", "sound", "1.5"),
        ("mud", "rotten", "1.5"),
        ("sand", "quitter", "1.5"),
        ("toy", "", ""),
    ]


def test_without_names_all_there_are_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No list of names means every plugin."""
    install(tmp_path, "everything", "grass", "import there_is_no_such_module")
    monkeypatch.syspath_prepend(tmp_path)
    assert "grass" in [info.name for info in discover().infos]


def test_a_misspelt_hook() -> None:
    """A hook that nobody calls would silently bring nothing."""

    def policy_siute() -> Suite:
        return brick()

    loaded = discover(["brick"], extra={"brick": plugin(policy_siute=policy_siute)})
    code, message = only_fault(loaded)
    assert code == "P903"
    assert message == "plugin `brick` implements a hook that is not there: `policy_siute`"
    assert loaded.diagnostics[0].help == "did you mean `policy_suite`?"


def test_a_hook_with_an_argument_it_is_not_given() -> None:
    """The arguments of a hook are part of the contract."""

    def policy_suite(config: object) -> Suite:
        return brick()

    loaded = discover(["brick"], extra={"brick": plugin(policy_suite=policy_suite)})
    assert only_fault(loaded)[0] == "P903"
    assert "arguments" in loaded.diagnostics[0].message


def test_a_hook_that_raises() -> None:
    """The kind of exception and its text are told: no data has been read yet."""

    def policy_suite() -> Suite:
        raise OSError("no such table")

    loaded = discover(["brick"], extra={"brick": plugin(policy_suite=policy_suite)})
    assert only_fault(loaded) == (
        "P904",
        "plugin `brick` failed when asked for its suite: `OSError`, no such table",
    )


@pytest.mark.parametrize(
    ("suite", "code", "said"),
    [
        (None, "P905", "returns no suite"),
        ("brick", "P905", "returns no suite"),
        (brick(functions=3), "P905", "cannot be read"),
        (brick(name="clay"), "P906", "`clay`"),
        (brick(functions=(function(), function())), "P907", "`answer` twice"),
        (brick(checks=(check(), check())), "P907", "`one` twice"),
        (brick(functions=(function("Answer"),)), "P908", "`Answer`"),
        (brick(functions=(function(returns="float"), function("b"))), "", ""),
        (brick(functions=(function(returns="list of"),)), "P908", "`list of`"),
        (brick(functions=(function(returns="list of list of text"),)), "P908", "no type"),
        (brick(functions=(function(returns="one of (P, P)"),)), "P908", "no type"),
        (brick(functions=(function(returns="one of ()"),)), "P908", "no type"),
        (brick(functions=(function(returns="A b"),)), "P908", "no type"),
        (
            brick(functions=(function(parameters=(Parameter(name="p", type="duration"),)),)),
            "P908",
            "`duration`",
        ),
        (
            brick(functions=(function(parameters=(Parameter(name="p", type="text"),) * 2),)),
            "P908",
            "two parameters",
        ),
        (brick(checks=(check(scope="a b"),)), "P908", "`a b`"),
        (brick(checks=(check(clauses=()),)), "P909", "no clause"),
        (brick(checks=(check(clauses=("OTH-1",)),)), "P909", "`OTH-1`"),
    ],
)
def test_manifests_the_rest_could_not_work_with(suite: object, code: str, said: str) -> None:
    """Each mistake in a manifest has its code and names what is wrong."""
    loaded = discover(["brick"], extra={"brick": returning(suite)})
    if not code:
        # A word that is no simple type may be an entity: only a schema knows.
        assert loaded.diagnostics == ()
        return
    found, message = only_fault(loaded)
    assert found == code
    assert said in message


def test_all_faults_of_a_manifest_are_reported() -> None:
    """One run says everything that has to be mended."""
    suite = brick(
        functions=(function("Bad"),), checks=(check(clauses=("A-1", "B-1")), check(clauses=()))
    )
    loaded = discover(["brick"], extra={"brick": returning(suite)})
    assert sorted(item.code for item in loaded.diagnostics) == [
        "P907",
        "P908",
        "P909",
        "P909",
        "P909",
    ]


def test_two_suites_with_one_function() -> None:
    """The second suite is left out, and both are named; the first goes on."""
    made = {name: returning(brick(name=name, functions=(function("same"),))) for name in ("a", "b")}
    loaded = discover(["a", "b"], extra=made)
    assert only_fault(loaded, "b") == (
        "P907",
        "plugin `b` declares the function `same`, as suite `a` does",
    )
    assert [suite.name for suite in loaded.suites] == ["a"]


def test_the_specification_itself_does_nothing() -> None:
    """Whoever calls the specification instead of the hook finds out at once."""
    with pytest.raises(NotImplementedError):
        specification()


@pytest.fixture
def context(judge: Callable[..., Context]) -> Context:
    """A centre with two policies and one member of staff."""
    return judge(
        policies=[
            {"id": "O1", "topics": ["claims_procedure"], "title": "Claims"},
            {"id": "O2", "topics": ["assessment"], "reviewed_on": "2026-06-01"},
            {"id": "O3", "topics": ["assessment"], "title": "A title that goes on and on"},
        ],
        staff=[{"id": "T1", "name": "Ada Lovelace"}],
    )


def test_a_check_decides(context: Context, toy: ModuleType) -> None:
    """A sound decision passes through, with its evidence."""
    short = toy.policy_suite().checks[0]
    rows = context.document.rows["policy"]
    decisions = [run_check(short, context, row) for row in rows]
    assert [each.outcome for each in decisions] == [
        Outcome.MET,
        Outcome.UNKNOWN,
        Outcome.BREACHED,
    ]
    assert decisions[0].evidence[0].pointer == "/policies/0/title"
    assert decisions[1].missing[0].fact == "policy.title"


def test_a_check_that_crashes_is_an_error_without_personal_data(
    context: Context, toy: ModuleType
) -> None:
    """The message names plugin, check and exception; the text of the exception stays out."""
    crashing = toy.policy_suite().checks[1]
    staff = context.document.rows["staff"][0]
    decision = run_check(crashing, context, staff)
    assert decision.outcome is Outcome.ERROR
    assert decision.message == "check `never_decided` of plugin `toy_suite` raised `RuntimeError`"
    named = run_check(crashing, context, staff, plugin="toy")
    assert "plugin `toy` " in named.message
    assert "Lovelace" not in repr(decision)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "did not return a decision"),
        (True, "did not return a decision"),
        (Decision(outcome=Outcome.BREACHED), "without a message"),
        (Decision(outcome=Outcome.ERROR), "without a message"),
        (Decision(outcome=Outcome.UNKNOWN), "did not say what it lacks"),
        (Decision(outcome=Outcome.NOT_APPLICABLE), "did not say why"),
        (Decision(outcome=Outcome.WAIVED), "only a waiver can"),
        (Decision(outcome="fine"), "verdict that there is not"),  # type: ignore[arg-type]
    ],
)
def test_half_an_answer_is_an_error(context: Context, answer: object, said: str) -> None:
    """A decision that the counts or the report could not use becomes an error."""
    row = context.document.rows["policy"][0]
    decision = run_check(check(lambda context, subject: answer), context, row)
    assert decision.outcome is Outcome.ERROR
    assert said in decision.message


@pytest.mark.parametrize(
    "answer",
    [
        Decision(outcome=Outcome.MET),
        Decision(outcome=Outcome.PENDING),
        Decision(outcome=Outcome.UNKNOWN, missing=(CAUSE,)),
        Decision(outcome=Outcome.NOT_APPLICABLE, reason="no bank"),
        Decision(outcome=Outcome.BREACHED, message="late"),
    ],
)
def test_whole_answers_pass(context: Context, answer: Decision) -> None:
    """What a check may say is not touched."""
    row = context.document.rows["policy"][0]
    assert run_check(check(lambda context, subject: answer), context, row) is answer
