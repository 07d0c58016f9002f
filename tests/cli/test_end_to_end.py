"""The real thing: a spec and a centre on disk, from the words typed to the exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy.plugins import LoadedSuites

Call = Callable[..., Any]
CENTRE = Path(__file__).parents[1] / "fixtures" / "tiny.json"
SPEC = """language 1
spec toy "Toys of the trade" for 2025/26

parameter marking = 10 days "an assessor has to mark" setting

rule assessed_in_time "Work is assessed within the time planned"
  cites TOY-1
  for each submission s
  must s.assessed_on <= marking after s.submitted_on
  breach "assessed on {s.assessed_on}, handed in on {s.submitted_on}"
  remedy "record when the work was assessed"
  owner assessor

rule signed_by_learner "Learners sign their work"
  cites TOY-2
  for each submission s
  should s.is_signed_by_learner
  breach "not signed"

example "work that was assessed late"
  given "centre.json" as at 2026-01-10
  change submission S1 assessed_on to 2025-12-20
  expect assessed_in_time breached for submission S1

example "signed work"
  given "centre.json" as at 2026-01-10
  expect signed_by_learner met for submission S1
"""


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let no plugin and no spec be installed: the core is tested without any suite."""
    empty = tmp_path / "installed"
    empty.mkdir()
    monkeypatch.setattr("policy.catalogue.files", lambda package: empty)
    monkeypatch.setattr("policy.pack.discover", lambda: LoadedSuites())


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """Return a spec in a folder with the centre's document its examples start from."""
    folder = tmp_path / "toy"
    folder.mkdir()
    shutil.copy(CENTRE, folder / "centre.json")
    file = folder / "toy.policy"
    file.write_text(SPEC, "utf-8")
    return file


def _check(call: Call, spec: Path, *arguments: str) -> Any:
    data = str(spec.with_name("centre.json"))
    return call("check", data, "--spec", str(spec), "--as-at", "2026-01-10", *arguments)


def test_a_breach_is_found_and_shown(call: Call, spec: Path) -> None:
    """The report names rule, place, source line and remedy; a should does not fail the run."""
    ended = _check(call, spec)
    assert (ended.code, ended.err) == (0, "")
    assert "breached should  signed_by_learner" in ended.out
    assert "centre.json:" in ended.out
    assert "2026-01-10" in ended.out.splitlines()[0]
    assert "1 should is breached, for 1 submission." in ended.out
    assert "2 demands are undecided" in ended.out
    assert _check(call, spec, "--fail-on", "should").code == 1


def test_the_json_report_is_the_same_each_time(call: Call, spec: Path) -> None:
    """Two runs give the same bytes."""
    first = _check(call, spec, "--format", "json")
    assert first.out == _check(call, spec, "--format", "json").out
    value = json.loads(first.out)
    assert value["totals"]["breached"] == 1
    assert value["findings"][0]["line"] is not None


def test_one_rule_alone(call: Call, spec: Path) -> None:
    """--rule leaves the others out."""
    ended = _check(call, spec, "--rule", "assessed_in_time")
    assert "signed_by_learner" not in ended.out
    assert ended.code == 0


def test_names_that_mean_nothing_are_told(call: Call, spec: Path) -> None:
    """An unknown rule, spec, parameter: worded, guessed, and 2."""
    ended = _check(call, spec, "--rule", "assessed_in_tme")
    assert ended.code == 2
    assert "did you mean `assessed_in_time`?" in ended.out
    ended = _check(call, spec, "--set", "markng=3")
    assert ended.code == 2
    assert "did you mean `marking`?" in ended.out
    ended = _check(call, spec, "--spec", "toi")
    assert ended.code == 2
    assert "`toi`" in ended.out


def test_data_that_cannot_be_read_is_told_first(call: Call, spec: Path) -> None:
    """Broken JSON and an invalid field: diagnostics with a place, and 2."""
    centre = spec.with_name("centre.json")
    centre.write_text(centre.read_text("utf-8").replace('"kind": "first"', '"kind": "frist"', 1))
    ended = _check(call, spec)
    assert ended.code == 2
    assert "error[P4" in ended.out
    assert "frist" in ended.out
    centre.write_text("{")
    ended = _check(call, spec)
    assert ended.code == 2
    assert "error[P5" in ended.out


def test_names_of_learners_stay_out_of_the_report(call: Call, spec: Path) -> None:
    """Even when the field that holds the name is wrong."""
    centre = spec.with_name("centre.json")
    text = centre.read_text("utf-8").replace('"name": "Learner One"', '"name": ["Learner One"]')
    centre.write_text(text)
    ended = _check(call, spec)
    assert ended.code == 2
    assert "Learner One" not in ended.out


def test_a_waiver_excuses(call: Call, spec: Path, tmp_path: Path) -> None:
    """A waived breach is still told, and does not fail the run."""
    file = tmp_path / "waivers.json"
    waiver = {
        "rule": "signed_by_learner",
        "subject": "submission S3",
        "reason": "illness",
        "approved_by": "Head",
        "approved_on": "2026-01-01",
        "expires_on": "2026-02-01",
    }
    file.write_text(json.dumps({"waivers": [waiver]}), "utf-8")
    ended = _check(call, spec, "--fail-on", "should", "--waivers", str(file))
    assert ended.code == 0
    assert "waived should  signed_by_learner" in ended.out
    assert "until 2026-02-01" in ended.out


def test_examples_hold(call: Call, spec: Path) -> None:
    """All examples hold, each rule has one: 0."""
    ended = call("test", str(spec))
    assert (ended.code, ended.out, ended.err) == (0, "2 examples hold.\n", "")
    assert "holds   signed work\n" in call("test", str(spec), "--verbose").out


def test_an_example_that_fails_is_shown(call: Call, spec: Path) -> None:
    """The expectation is underlined, with what came instead; a rule without an example is named."""
    text = SPEC.replace("expect signed_by_learner met", "expect assessed_in_time breached")
    spec.write_text(text, "utf-8")
    ended = call("test", str(spec))
    assert ended.code == 1
    assert ended.out.startswith("failed  signed work\n  --> ")
    assert "expect assessed_in_time breached for submission S1" in ended.out
    assert "\nno example\n  --> " in ended.out
    assert "signed_by_learner\n" in ended.out.partition("no example\n")[2]
    assert ended.out.endswith("1 example holds, 1 fails; 1 of 2 rules has no example.\n")


def test_nothing_to_test_is_no_success(call: Call, spec: Path) -> None:
    """A spec without examples exits with 2, and so does one with a mistake."""
    spec.write_text(SPEC.partition("example")[0], "utf-8")
    ended = call("test", str(spec))
    assert ended.code == 2
    assert "Nothing was tested: there is no example." in ended.out
    spec.write_text(SPEC.replace("s.assessed_on", "s.assesed_on"), "utf-8")
    ended = call("test", str(spec))
    assert ended.code == 2
    assert ended.out == "Nothing was tested.\n"
    assert "did you mean `assessed_on`?" in ended.err


def test_a_rule_is_explained(call: Call, spec: Path) -> None:
    """The text of the rule as it stands in the file, by name and by clause."""
    ended = call("explain", "assessed_in_time", "--spec", str(spec))
    assert (ended.code, ended.err) == (0, "")
    assert "must s.assessed_on <= marking after s.submitted_on" in ended.out
    assert call("explain", "TOY-1", "--spec", str(spec)).out == ended.out


def test_a_verdict_is_explained(call: Call, spec: Path) -> None:
    """The outcome, and below it every value that was read; without a subject only of what is not
    at rest, the others counted."""
    data = str(spec.with_name("centre.json"))
    arguments = ["explain", "assessed_in_time", "--spec", str(spec), "--data", data]
    ended = call(*arguments, "--subject", "S1")
    assert ended.code == 0
    assert ended.out.startswith("assessed_in_time for submission S1: met\n  must: ")
    assert "    s.assessed_on = 2025-11-20\n" in ended.out
    whole = call(*arguments)
    assert "submission S2: unknown\n  missing: `assessed_on` of submission S2" in whole.out
    assert ended.out not in whole.out
    assert "1 more met: --subject 'submission S1' explains one of them\n" in whole.out
    assert "met" not in call(*arguments, "--subject", "S1", "--set", "marking=3 days").out


def test_a_verdict_on_nobody_is_not_explained(call: Call, spec: Path) -> None:
    """An id that the rule is not about: the ones it is about are named."""
    data = str(spec.with_name("centre.json"))
    arguments = ["explain", "assessed_in_time", "--spec", str(spec), "--data"]
    ended = call(*arguments, data, "--subject", "S7")
    assert ended.code == 2
    assert "error[P796]: the rule has no subject `S7` in this data" in ended.err
    assert "submission S1, submission S2, submission S3" in ended.err
    assert call(*arguments, str(spec.with_name("no.json"))).code == 2


def test_specs_are_listed(call: Call, spec: Path) -> None:
    """The spec by its path, with its rules."""
    ended = call("specs", str(spec))
    assert ended.code == 0
    assert ended.out.startswith("toy 2025/26  Toys of the trade (2 rules)\n  assessed_in_time\n")
