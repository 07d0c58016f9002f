"""The ledger of the shipped specs: every clause of the five guides is settled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policy.authoring.ledger import ledger_of
from policy.dsl.syntax import ast
from policy.model.ledger import Ledger, Standing
from policy.model.outcomes import Severity
from policy.pack import Pack
from policy.register import problems

GUIDES = {"AAQ-2025": 301, "CYCLE": 88, "IA-2023": 284, "QA-2024": 279, "WBL-2024": 53}
NO_DUTY = ("may", "info", "scope")


@pytest.fixture(scope="module")
def ledger(pack: Pack) -> Ledger:
    """The ledger of all clauses."""
    return ledger_of(pack)


def test_the_register_holds_every_clause(pack: Pack, ledger: Ledger) -> None:
    """Five guides with all their clauses, each entry as the schema wants it."""
    found = {guide: sum(each.guide == guide for each in ledger.entries) for guide in GUIDES}
    assert found == GUIDES
    assert [item.message for item in problems(pack.catalogue.roots)] == []


def test_every_clause_is_settled(ledger: Ledger) -> None:
    """Decided by a rule that an example shows failing, shown as allowed, or carrying a reason."""
    assert [each.id for each in ledger.entries if each.standing is Standing.OPEN] == []
    assert (len(ledger.checkable), ledger.percent) == (767, 100.0)


def test_few_checkable_clauses_go_without_a_rule(ledger: Ledger) -> None:
    """A reason in place of a rule is for what no data of a centre can show."""
    reasons = [
        each.id for each in ledger.checkable if each.standing in (Standing.PERSON, Standing.KEPT)
    ]
    assert len(reasons) <= 10


def test_every_demand_has_an_example_of_its_failing(ledger: Ledger) -> None:
    """Also where another demand shows the clause already."""
    silent = {
        f"{decider.spec}: {decider.rule}"
        for entry in ledger.entries
        for decider in entry.deciders
        if not decider.examples
    }
    assert silent == set()


def test_no_demand_is_stronger_than_its_clauses(pack: Pack) -> None:
    """What guides only advise is no breach of a must. A permission may set a limit, and a clause
    about scope says what belongs where: both can be broken."""
    too_strong = [
        f"{spec.name}: {rule.name}.{demand.label}"
        for spec, rule, demand in _demands(pack)
        if demand.severity is Severity.MUST
        and {"should", "info"} & set(_strengths(pack, demand.clauses))
        and not {"must", "must_not", "may", "scope"} & set(_strengths(pack, demand.clauses))
    ]
    assert too_strong == []


def test_every_duty_is_decided_at_its_own_strength(pack: Pack, ledger: Ledger) -> None:
    """Some demand that cites a must is a must itself."""
    too_weak = [
        each.id
        for each in ledger.entries
        if each.strength in ("must", "must_not")
        and each.deciders
        and not any(decider.severity is Severity.MUST for decider in each.deciders)
    ]
    assert too_weak == []


def test_permissions_are_never_flagged(ledger: Ledger, pack: Pack) -> None:
    """A clause that only permits is shown by an example, or is a limit that a demand names."""
    bare = [
        each.id
        for each in ledger.checkable
        if each.strength == "may" and not (each.allowed or each.deciders)
    ]
    assert bare == []


def test_readings_name_what_there_is(pack: Pack) -> None:
    """Each reading is about clauses of the register, and chosen by parameters of the specs."""
    parameters = {name for spec in pack.checked for name in spec.parameters}
    for reading in pack.register.readings:
        assert set(reading.clauses) <= set(pack.register.clauses), reading.question
        assert set(reading.parameters) <= parameters, reading.question


def test_every_setting_has_a_reading(pack: Pack) -> None:
    """Where the guides leave a choice, one place says what is chosen and why."""
    chosen = {name for reading in pack.register.readings for name in reading.parameters}
    settings = {
        item.name
        for spec in pack.checked
        for item in spec.node.items
        if isinstance(item, ast.Parameter) and item.is_setting
    }
    assert sorted(settings - chosen) == []


def _demands(pack: Pack) -> Iterator[tuple]:  # type: ignore[type-arg]
    for spec in pack.specs:
        for rule in spec.rules:
            for demand in rule.demands:
                yield spec, rule, demand


def _strengths(pack: Pack, clauses: tuple[str, ...]) -> list[str]:
    return [pack.register.clauses[clause].strength for clause in clauses]
