"""`policy.testing` puts one plugin on a bench: what suites use to test themselves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from policy.hookspecs import hookimpl
from policy.model.outcomes import Outcome
from policy.model.suite import Suite
from policy.testing import Bench
from tests import toy_suite

POLICY = {"id": "O1", "title": "Assessment", "topics": [], "reviewed_on": "2026-06-01"}


@pytest.fixture
def bench() -> Bench:
    """The toy suite on the bench."""
    return Bench(toy_suite)


def test_functions_answer_for_the_day_of_the_run(bench: Bench) -> None:
    """A function is called by name with the context."""
    context = bench.context({"policies": [POLICY]}, as_at="2026-06-11")
    row = context.document.find("policy", "O1")
    assert row is not None
    assert bench.call("days_since_review", context, row) == 10


def test_checks_decide_for_a_row(bench: Bench) -> None:
    """A check is asked by name and id; what it raises is an error, as in a run."""
    staff = {"id": "T1", "name": "Somebody"}
    context = bench.context(
        {"policies": [{**POLICY, "title": "A title of many words"}], "staff": [staff]}
    )
    assert bench.decide("title_is_short", context, "O1").outcome is Outcome.BREACHED
    error = bench.decide("never_decided", context, "T1")
    assert error.outcome is Outcome.ERROR
    assert "Somebody" not in error.message


def test_a_centre_has_three_terms_unless_told_otherwise(bench: Bench) -> None:
    """A test gives only what it is about."""
    context = bench.context({"number": "90009"})
    assert context.document.root.id == "90009"
    assert len(list(context.document.all("calendar_period"))) == 4


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda bench: bench.context({"polices": []}), "polices"),
        (lambda bench: bench.context({"policies": [POLICY, POLICY]}), "O1"),
        (lambda bench: bench.call("no_such", bench.context({})), "there is no `no_such`"),
        (lambda bench: bench.decide("no_such", bench.context({}), "O1"), "there is no `no_such`"),
        (
            lambda bench: bench.decide("title_is_short", bench.context({}), "O9"),
            "there is no policy O9",
        ),
    ],
)
def test_what_is_not_there_fails_the_test(bench: Bench, ask: Any, message: str) -> None:
    """Misspelt fields, names and ids are found, not passed over."""
    with pytest.raises(AssertionError, match=message):
        ask(bench)


def test_a_manifest_that_is_not_sound_fails_the_test() -> None:
    """The bench loads a plugin as the engine does."""
    suite = replace(toy_suite.policy_suite(), prefixes=("OTHER-",))
    package = SimpleNamespace(policy_suite=lambda: suite, __name__="broken")
    with pytest.raises(AssertionError):
        _ = Bench(package).suite  # type: ignore[arg-type]


def test_undeclared_reads_are_found(bench: Bench) -> None:
    """A field that was read and is not declared is listed; a declared one is not."""

    @hookimpl
    def policy_suite() -> Suite:
        suite = toy_suite.policy_suite()
        return replace(suite, checks=tuple(replace(each, reads=()) for each in suite.checks))

    secretive = Bench(SimpleNamespace(policy_suite=policy_suite))  # type: ignore[arg-type]
    for each, found in ((bench, []), (secretive, ["policy.title"])):
        each.decide("title_is_short", each.context({"policies": [POLICY]}), "O1")
        assert each.undeclared() == found
