"""`policy specs`, `policy plugins` and `policy schema` show what there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policy.model.diagnostics import Diagnostic
from policy.model.findings import PluginInfo
from policy.model.outcomes import Outcome, Severity
from policy.model.suite import Check, Decision, Function, Parameter, Suite
from policy.plugins import LoadedSuites
from tests import toy

Call = Callable[..., Any]

TOYS = Suite(
    name="toy",
    title="Toys of the trade",
    prefixes=("TOY-",),
    functions=(
        Function(
            name="title_key",
            parameters=(Parameter(name="title", type="text"),),
            returns="text",
            call=lambda context, title: title,
            description="The title without blanks.\nMore.",
        ),
    ),
    checks=(
        Check(
            name="titles_agree",
            title="Titles agree",
            scope="programme",
            severity=Severity.MUST,
            clauses=("TOY-1",),
            decide=lambda context, row: Decision(outcome=Outcome.MET),
        ),
    ),
    schema_extensions={"programme": {"toy_count": {"type": "integer"}}},
)
INFO = PluginInfo(name="toy", distribution="toys", version="1.0")


@pytest.fixture
def suites(monkeypatch: pytest.MonkeyPatch) -> Callable[[LoadedSuites], None]:
    """Let these be the suites that are installed."""

    def install(loaded: LoadedSuites) -> None:
        monkeypatch.setattr("policy.plugins.discover", lambda: loaded)

    return install


def test_plugins_are_listed_with_what_they_bring(call: Call, suites: Call) -> None:
    """Name, distribution, clauses, functions with their types, checks."""
    suites(LoadedSuites(suites=(TOYS,), infos=(INFO,)))
    ended = call("plugins")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "toy (toys 1.0)\n"
        "  title     Toys of the trade\n"
        "  clauses   TOY-...\n"
        "  function  title_key(title: text): text, The title without blanks.\n"
        "  check     titles_agree (must), Titles agree\n"
    )


def test_a_broken_plugin_is_told(call: Call, suites: Call) -> None:
    """It is listed as broken, its diagnostic is shown, and the exit is 2."""
    broken = PluginInfo(name="toy", distribution="", version="", broken="no `tinker`")
    told = Diagnostic(code="P902", message="plugin `toy` cannot be imported")
    suites(LoadedSuites(infos=(broken,), diagnostics=(told,)))
    ended = call("plugins")
    assert ended.code == 2
    assert ended.out == "toy\n  broken    no `tinker`\n"
    assert "error[P902]" in ended.err


def test_no_plugin_at_all_is_told(call: Call, suites: Call) -> None:
    """An empty list says so."""
    suites(LoadedSuites())
    ended = call("plugins")
    assert (ended.code, ended.err) == (2, "policy: no plugin is installed\n")


def test_the_schema_of_the_data_is_printed(call: Call, suites: Call) -> None:
    """It is a valid JSON Schema, with the fields of suites unless the core alone is asked for."""
    suites(LoadedSuites(suites=(TOYS,), infos=(INFO,)))
    whole = call("schema")
    assert whole.code == 0
    Draft202012Validator.check_schema(json.loads(whole.out))
    assert "toy_count" in whole.out
    core = call("schema", "--core")
    assert core.code == 0
    assert "toy_count" not in core.out


def test_a_field_that_cannot_be_added_is_told(call: Call, suites: Call) -> None:
    """The schema is printed without it, with the reason on standard error, and the exit is 2."""
    bad = Suite(name="toy", title="T", prefixes=("TOY-",), schema_extensions={"nothing": {"x": {}}})
    suites(LoadedSuites(suites=(bad,), infos=(INFO,)))
    ended = call("schema")
    assert ended.code == 2
    assert "error[P910]" in ended.err
    json.loads(ended.out)


def test_the_schema_of_the_report_is_printed(call: Call) -> None:
    """--report prints the other schema."""
    value = json.loads(call("schema", "--report").out)
    assert value["properties"]["report_version"] == {"const": 1}


def _spec(name: str, edition: str, *rules: str) -> SimpleNamespace:
    demand = SimpleNamespace(severity=Severity.MUST)
    made = [SimpleNamespace(name=rule, title=f"About {rule}", demands=(demand,)) for rule in rules]
    return SimpleNamespace(name=name, edition=edition, title=f"Title of {name}", rules=made)


def test_specs_are_listed(call: Call, engine: Any) -> None:
    """Name, edition, title and number of rules; the rules too when asked for."""
    engine.pack.specs = (_spec("toy", "2025/26", "used_once"),)
    engine.pack.libraries = (_spec("shared", ""),)
    ended = call("specs")
    assert ended.code == 0
    assert ended.out == (
        "toy 2025/26  Title of toy (1 rule)\nshared  Title of shared (library, 0 rules)\n"
    )
    ended = call("specs", "--rules")
    assert "  used_once\n    About used_once (must)\n" in ended.out


def test_named_specs_are_listed_with_their_rules(call: Call, engine: Any) -> None:
    """What is named is handed on as name or path, and shown with its rules."""
    engine.pack.specs = (_spec("toy", "2025/26", "used_once"),)
    assert "About used_once" in call("specs", "toy").out
    assert engine.asked["load_pack"][0] == ["toy"]
    call("specs", "x.policy")
    assert engine.asked["load_pack"][:2] == (None, [Path("x.policy")])


def test_specs_with_mistakes_or_none_exit_with_2(call: Call, engine: Any) -> None:
    """The mistakes are shown; no spec at all is said."""
    ended = call("specs")
    assert (ended.code, ended.err) == (2, "policy: there is no spec\n")
    engine.pack.specs = (_spec("toy", "2025/26"),)
    engine.pack.diagnostics = (Diagnostic(code="P201", message="no such name"),)
    engine.pack.has_errors = True
    ended = call("specs")
    assert ended.code == 2
    assert "error[P201]: no such name" in ended.err


def test_an_edition_is_shown_with_what_it_changes(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An amending file named alone is compared with the edition it amends."""
    monkeypatch.setattr("policy.pack.load_pack", toy.pack)
    overlay = tmp_path / "toy_next.policy"
    overlay.write_text(
        'language 1\namends toy for 2027/28 "Toys, in two years"\n\n'
        'drop rule someone_assesses because "nobody asks for it now"\n'
    )
    assert "  against 2026/27:\n    drops rule someone_assesses: nobody asks" in (
        call("specs", str(overlay)).out
    )
    overlay.write_text('language 1\namends toy for 2027/28 "Toys, as they were"\n')
    assert "  the same as 2026/27\n" in call("specs", str(overlay)).out
