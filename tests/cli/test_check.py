"""`policy check` hands over what was typed, prints the report, and exits by what was found."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.errors import SpecInvalid
from policy.model.diagnostics import Diagnostic
from policy.model.findings import DemandResult, DocumentResult, PluginInfo, RunInfo
from policy.model.outcomes import Counts, Outcome, Severity

Call = Callable[..., Any]


def test_options_reach_the_engine(call: Call, engine: Any, tmp_path: Path) -> None:
    """Names and paths of specs are parted; the day, settings, rules and waivers are handed on."""
    call(
        "check",
        "college.json",
        "data",
        "--as-at",
        "2026-05-01",
        "--spec",
        "toy",
        "--spec",
        "my/draft.policy",
        "--rule",
        "used_once",
        "--set",
        "days = 15 working days",
        "--waivers",
        "waivers.yaml",
    )
    specs, paths, parameters, rules = engine.asked["load_pack"]
    assert specs == ["toy"]
    assert paths == [Path("my/draft.policy")]
    assert parameters == {"days": "15 working days"}
    assert rules == ("used_once",)
    data, as_at, waivers = engine.asked["check"]
    assert data == ("college.json", "data")
    assert as_at == date(2026, 5, 1)
    assert waivers == Path("waivers.yaml")


def test_without_a_day_it_is_today(
    call: Call, engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is read once, in the command line."""
    monkeypatch.setattr("policy.cli.options.today", lambda: date(2031, 1, 2))
    call("check", "college.json")
    assert engine.asked["check"][1] == date(2031, 1, 2)


@pytest.mark.parametrize(
    ("outcome", "severity", "codes"),
    [
        (Outcome.BREACHED, Severity.MUST, (1, 1, 1)),
        (Outcome.BREACHED, Severity.SHOULD, (0, 1, 1)),
        (Outcome.UNKNOWN, Severity.MUST, (0, 0, 1)),
        (Outcome.UNKNOWN, Severity.SHOULD, (0, 0, 1)),
        (Outcome.PENDING, Severity.MUST, (0, 0, 0)),
        (Outcome.WAIVED, Severity.MUST, (0, 0, 0)),
        (Outcome.ERROR, Severity.SHOULD, (2, 2, 2)),
    ],
)
def test_the_exit_code_follows_the_threshold(
    call: Call,
    engine: Any,
    finding: Call,
    report: Call,
    outcome: Outcome,
    severity: Severity,
    codes: tuple[int, int, int],
) -> None:
    """must, should and unknown each take more in; an error outcome cannot be trusted at all."""
    engine.report = report(finding(outcome, severity))
    for threshold, code in zip(("must", "should", "unknown"), codes, strict=True):
        assert call("check", "x.json", "--fail-on", threshold).code == code


def test_a_clean_run_exits_with_nothing(call: Call, engine: Any) -> None:
    """All met: 0, the report on standard output, nothing on standard error."""
    ended = call("check", "x.json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("No breach was found.\n")


def _run(**changes: Any) -> RunInfo:
    return RunInfo(as_at=date(2026, 4, 15), engine_version="1", **changes)


def test_what_was_not_judged_cannot_be_trusted(call: Call, engine: Any, report: Call) -> None:
    """An unreadable document, a broken plugin or a mistake in a spec is 2, breach or not."""
    unreadable = DocumentResult(name="y.json", readable=False)
    engine.report = report(documents=(*report().documents, unreadable))
    assert call("check", "x.json").code == 2
    broken = PluginInfo(name="toy", distribution="toys", version="1", broken="no `tinker`")
    engine.report = report(run=_run(plugins=(broken,)))
    assert call("check", "x.json").code == 2
    engine.report = report(diagnostics=(Diagnostic(code="P201", message="no such name"),))
    assert call("check", "x.json").code == 2


def test_an_empty_run_is_not_a_clean_one(call: Call, engine: Any, report: Call) -> None:
    """No document, no rule, or rules that applied to nothing: told, and 2."""
    engine.report = report(documents=())
    ended = call("check", "x.json")
    assert ended.code == 2
    assert "error[P791]: nothing was checked: there is no document" in ended.out
    engine.report = report(documents=(DocumentResult(name="x.json"),))
    ended = call("check", "x.json")
    assert ended.code == 2
    assert "nothing was checked: no rule took part" in ended.out
    engine.report = report(documents=(_idle("used_once"),))
    ended = call("check", "x.json")
    assert ended.code == 2
    assert "no rule applied to anything in the data" in ended.out


def _idle(*rules: str, met: int = 0) -> DocumentResult:
    def demand(rule: str, **outcomes: int) -> DemandResult:
        counts = Counts(by_outcome={Outcome.NOT_APPLICABLE: 3, Outcome.MET: outcomes.get("met", 0)})
        return DemandResult(
            spec="toy", edition="", rule=rule, severity=Severity.MUST, counts=counts
        )

    idle = tuple(demand(rule) for rule in rules)
    return DocumentResult(name="x.json", demands=(*idle, demand("other", met=met)))


def test_a_rule_asked_for_that_applied_to_nothing_is_told(
    call: Call, engine: Any, report: Call
) -> None:
    """Only if it was asked for by name: among all rules of a spec, some apply to nothing."""
    engine.report = report(documents=(_idle("used_once", met=1),))
    assert call("check", "x.json").code == 0
    ended = call("check", "x.json", "--rule", "used_once", "--rule", "other")
    assert ended.code == 2
    assert "error[P792]: the rule `used_once` applied to nothing in the data" in ended.out
    assert "rule `other`" not in ended.out


def test_json_goes_to_the_screen_or_to_a_file(call: Call, engine: Any, tmp_path: Path) -> None:
    """The same bytes either way; a file leaves the screen alone."""
    shown = call("check", "x.json", "--format", "json")
    assert json.loads(shown.out)["report_version"] == 1
    file = tmp_path / "report.json"
    ended = call("check", "x.json", "--format", "json", "--output", str(file))
    assert (ended.code, ended.out) == (0, "")
    assert file.read_text("utf-8") == shown.out


def test_a_file_that_cannot_be_written_is_told(call: Call, engine: Any, tmp_path: Path) -> None:
    """The reason, the file and the exit code 2; no traceback."""
    ended = call("check", "x.json", "--output", str(tmp_path / "no" / "report.txt"))
    assert ended.code == 2
    assert "error[P793]: the report cannot be written: no such file" in ended.err


def test_colour_is_for_terminals_and_for_those_who_ask(
    call: Call, engine: Any, tmp_path: Path
) -> None:
    """A pipe and a file get none, --color always gives it to both."""
    assert "\x1b[" not in call("check", "x.json").out
    assert "\x1b[" in call("check", "x.json", "--color", "always").out
    file = tmp_path / "report.txt"
    call("check", "x.json", "--output", str(file))
    assert "\x1b[" not in file.read_text("utf-8")
    call("check", "x.json", "--output", str(file), "--color", "always")
    assert "\x1b[" in file.read_text("utf-8")


def test_flags_reach_the_report(call: Call, engine: Any, finding: Call, report: Call) -> None:
    """--unknown lists undecided demands, --verbose unfolds the table."""
    engine.report = report(finding(Outcome.UNKNOWN))
    assert "undecided must" not in call("check", "x.json").out
    assert "undecided must  used_once" in call("check", "x.json", "--unknown").out
    engine.report = report()
    assert "met or n/a only" in call("check", "x.json").out
    assert "met or n/a only" not in call("check", "x.json", "--verbose").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], "Missing argument"),
        (
            ["check", "x", "--as-at", "2026-13-01"],
            "`2026-13-01` is no day; write one as 2026-04-15",
        ),
        (["check", "x", "--as-at", "20260401"], "`20260401` is no day"),
        (["check", "x", "--set", "days"], "`days` is not of the form PARAMETER=VALUE"),
        (["check", "x", "--set", "a=1", "--set", "a=2"], "`a` is set twice"),
        (["check", "x", "--fail-on", "never"], "'never' is not one of"),
        (["check", "x", "--unknwon"], "--unknown"),
    ],
)
def test_usage_mistakes_are_told_and_exit_with_2(
    call: Call, engine: Any, arguments: list[str], message: str
) -> None:
    """What was typed wrongly, and how it is written; the engine is not asked."""
    ended = call(*arguments)
    assert ended.code == 2
    assert message in ended.err
    assert not engine.asked


def test_a_mistake_in_a_spec_is_shown_like_a_compiler_would(call: Call, engine: Any) -> None:
    """Diagnostics of an exception go to standard error, with a tally."""
    engine.mistake = SpecInvalid(
        Diagnostic(code="P701", message="there is no spec `toi`", help="did you mean `toy`?")
    )
    ended = call("check", "x.json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error[P701]: there is no spec `toi`\n")
    assert ended.err.endswith("\n1 error\n")
