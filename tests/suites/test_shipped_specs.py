"""The specs of this project hold: no mistake, every example holds, every rule has one."""

from __future__ import annotations

import pytest

from policy.authoring.examples import TestReport, run_examples
from policy.pack import Pack
from policy.testing import undeclared


@pytest.fixture(scope="module")
def examples(pack: Pack) -> TestReport:
    """All examples, run once."""
    return run_examples(pack)


def test_no_spec_has_a_mistake(pack: Pack) -> None:
    """Nothing is wrong with any spec, not even a warning."""
    assert [f"{item.file_name}: {item.message}" for item in pack.diagnostics] == []


def test_every_example_holds(examples: TestReport) -> None:
    """What authors wrote down as their tests comes out so."""
    failed = [f"{item.spec}: {item.title}" for item in examples.examples if not item.passed]
    assert failed == []
    assert examples.examples


def test_every_rule_has_an_example(examples: TestReport) -> None:
    """No rule is untested."""
    assert [f"{item.spec}: {item.rule}" for item in examples.untested] == []


def test_every_cited_clause_is_in_the_register_in_plain_words(pack: Pack) -> None:
    """Whoever reads a finding can read the clause."""
    cited = {
        clause
        for spec in (*pack.specs, *pack.libraries)
        for rule in spec.rules
        for demand in rule.demands
        for clause in demand.clauses
    }
    assert sorted(clause for clause in cited if not pack.register.clauses[clause].says) == []


def test_every_finding_says_what_to_do_and_who_does_it(pack: Pack) -> None:
    """Each demand that can be breached has an author's sentence, a remedy and an owner."""
    lacking = [
        f"{spec.name}: {rule.name}.{demand.label}"
        for spec in (*pack.specs, *pack.libraries)
        for rule in spec.rules
        for demand in rule.demands
        if not demand.is_note and not (demand.message and demand.remedy and demand.owner)
    ]
    assert lacking == []


def test_plugins_declare_what_they_read(
    pack: Pack, examples: TestReport, seen: dict[str, set[str]]
) -> None:
    """Whatever the examples made a plugin read stands in its `reads`."""
    assert examples.passed
    assert any(seen.values())
    secret = {name: undeclared(pack.suites[name], fields) for name, fields in seen.items()}
    assert {name: fields for name, fields in secret.items() if fields} == {}
