"""Plugins have their time: what hangs is ended, what is quick is left alone, ours always is."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from policy.audit.judging import Judge
from policy.audit.time_limit import TookTooLong, Watch, limited
from policy.dsl.compiling import plugin_calls as compiled_calls
from policy.dsl.compiling.absent import FAILED
from policy.dsl.evaluation import plugin_calls as reference_calls
from policy.model.entities import Kind, ValueType
from policy.model.outcomes import Outcome, Severity
from policy.model.suite import Check, Decision, Function
from policy.model.values import Failure
from policy.plugins import run_check
from tests.audit.toy_job import centre, given, job, line

LIMIT = 0.2
TEXT = ValueType(kind=Kind.TEXT)


def check(decide: Callable[..., Any], name: str = "c") -> Check:
    """Return a check that decides so."""
    return Check(
        name=name,
        title="T",
        scope="centre",
        severity=Severity.MUST,
        clauses=("X",),
        decide=decide,
        reads=(),
    )


def function(call: Callable[..., Any]) -> Function:
    """Return a function that answers so."""
    return Function(name="f", parameters=(), returns="text", call=call, description="d", reads=())


def hang(*arguments: Any) -> Any:
    """Never come back."""
    while True:
        time.sleep(0.001)


def ways() -> dict[str, Callable[[Callable[..., Any]], Any]]:
    """Return the three ways into a plugin; each says whether it failed."""
    nothing: Any = None
    return {
        "check": lambda call: run_check(check(call), nothing, nothing).outcome is Outcome.ERROR,
        "compiled": lambda call: compiled_calls.answer(function(call), TEXT, nothing) is FAILED,
        "reference": lambda call: isinstance(
            reference_calls.call(function(call), "s", nothing, ()), Failure
        ),
    }


@pytest.mark.parametrize("way", ways().values(), ids=ways())
def test_what_hangs_is_ended_and_fails(way: Callable[[Callable[..., Any]], bool]) -> None:
    """By each way into a plugin; afterwards nothing is left of the timer."""
    with limited(LIMIT):
        assert way(hang)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_what_was_ended_once_has_little_time_left() -> None:
    """In the same document a second time does not take as long; the next document starts anew."""
    nothing: Any = None
    ended = 0

    def slow(*arguments: Any) -> Decision:
        nonlocal ended
        try:
            time.sleep(0.2)
        except TookTooLong:
            ended += 1
            raise
        return Decision(outcome=Outcome.MET)

    def outcomes(*calls: Callable[..., Any]) -> list[Outcome]:
        return [
            run_check(check(call, name), nothing, nothing).outcome
            for name, call in zip("abab", calls, strict=False)
        ]

    with limited(1.0) as watch:
        assert watch is not None
        assert outcomes(slow) == [Outcome.MET]
        # Check `a` was ended: it has little time, and others have all of theirs.
        assert outcomes(hang, slow, slow, slow) == [
            Outcome.ERROR,
            Outcome.MET,
            Outcome.ERROR,
            Outcome.MET,
        ]
        assert ended == 1
        watch.next_document()
        assert watch._spent == set()
        assert outcomes(slow) == [Outcome.MET]


def test_many_quick_calls_are_not_one_long_one() -> None:
    """The limit is for one call, not for all of them together."""
    nothing: Any = None

    def quick(*arguments: Any) -> Decision:
        time.sleep(0.01)
        return Decision(outcome=Outcome.MET)

    with limited(0.5):
        begun = time.monotonic()
        while time.monotonic() - begun < 0.7:
            assert run_check(check(quick), nothing, nothing).outcome is Outcome.MET


def test_our_own_code_is_never_ended() -> None:
    """However long it takes; and it counts as being alive."""
    beats = 0

    def alive() -> None:
        nonlocal beats
        beats += 1

    with limited(0.04, alive):  # looked at every hundredth of a second
        while beats < 10:
            pass


def test_whoever_does_not_end_is_not_alive() -> None:
    """A plugin that catches what should end it: another process has to see to that."""
    nothing: Any = None
    events: list[str] = []

    def stubborn(*arguments: Any) -> Decision:
        while events.count("ended") < 3:
            try:
                time.sleep(600)
            except TookTooLong:
                events.append("ended")
        return Decision(outcome=Outcome.MET)

    with limited(0.1, lambda: events.append("alive")):
        run_check(check(stubborn), nothing, nothing)
        while events[-1] != "alive":
            pass
    first = events.index("ended")
    assert events[first : first + 4] == ["ended", "ended", "ended", "alive"]


def test_between_a_plugin_and_its_guard_nothing_is_ended() -> None:
    """The exception must come up inside the `try`: elsewhere it would end the document."""
    watch = Watch(0.0, lambda: None)
    seen: list[Any] = []

    def look(frame: Any) -> None:
        for _ in range(3):
            time.sleep(0.001)
            seen.append(frame.f_code.co_name)
            watch.look(0, frame)

    def decide(context: Any, subject: Any) -> Any:
        import sys

        look(sys._getframe(1))  # as if the plugin had just come back
        return Decision(outcome=Outcome.MET)

    nothing: Any = None
    assert run_check(check(decide), nothing, nothing).outcome is Outcome.MET
    assert seen == ["run_check"] * 3


@pytest.mark.parametrize(
    ("module", "is_ended"),
    [("policy.plugins", False), ("policy", False), ("policy_aaq", True), ("requests", True)],
)
def test_whose_code_runs_right_below(module: str, is_ended: bool) -> None:
    """What prepares a call or looks at its answer is ours, and outside of the `try`."""
    entrance = SimpleNamespace(
        f_code=run_check.__code__, f_back=None, f_locals={"check": check(hang)}
    )
    frame: Any = SimpleNamespace(f_code=None, f_back=entrance, f_globals={"__name__": module})
    below: Any = SimpleNamespace(f_code=None, f_back=frame, f_globals={"__name__": "policy.x"})
    watch = Watch(0.0, lambda: None)
    watch.look(0, below)
    time.sleep(0.001)
    with pytest.raises(TookTooLong) if is_ended else nullcontext():
        watch.look(0, below)


def test_no_limit_is_no_timer() -> None:
    """Who says so takes the risk."""
    with limited(None) as watch:
        assert watch is None
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_document_with_a_check_that_hangs_is_judged() -> None:
    """The check counts as error, everything else as it would."""
    by = Judge(job().ready(), job().as_at)
    plain = by.judge(given(line(centre()).rstrip())).result
    with limited(LIMIT):
        hanging = by.judge(given(line(centre(name="Hanging")).rstrip())).result
    assert hanging.readable
    (failed,) = [each for each in hanging.findings if each.outcome is Outcome.ERROR]
    assert failed.rule == "as_named"
    rest = [each for each in hanging.demands if each.rule != "as_named"]
    assert rest == [each for each in plain.demands if each.rule != "as_named"]
    assert replace(failed, outcome=Outcome.MET).message.endswith("raised `TookTooLong`")


REVIEWED = """language 1
spec mine "Mine" for 2025/26

rule fresh "Policies are fresh"
  cites TOY-001
  for each policy p
  must days_since_review(p) <= 5000
"""


def test_a_document_with_a_function_that_hangs_is_judged(tmp_path: Path) -> None:
    """Generated code and the reference evaluator both end it, and agree."""
    spec = tmp_path / "mine.policy"
    spec.write_text(REVIEWED)
    by = Judge(job(files=(str(spec),)).ready(), job().as_at)
    policies = [
        {"id": f"O{at}", "title": title, "topics": ["assessment"], "reviewed_on": "2025-09-10"}
        for at, title in enumerate(("A", "Hanging", "B", "Hanging"))
    ]
    with limited(LIMIT):
        found = by.judge(given(line(centre(policies=policies)).rstrip())).result
    assert found.readable, found.diagnostics
    (fresh,) = [each for each in found.demands if each.rule == "fresh"]
    assert (fresh.counts[Outcome.MET], fresh.counts[Outcome.ERROR]) == (2, 2)
    assert [each.subject.id for each in found.findings if each.rule == "fresh"] == ["O1", "O3"]
