"""The cost of a rule is told in classes, definitions opened."""

from __future__ import annotations

import pytest

from policy.dsl.planning.planner import plan_spec
from tests.dsl.specs import HEAD, RULE, checked

SAME = "define same(a: submission, b: submission) = a.assignment = b.assignment\n"


@pytest.mark.parametrize(
    ("condition", "defines", "cost"),
    [
        ("s.kind is first", "", "row"),
        ("s.assignment.unit.set_by is psa", "", "row"),
        ("some d in s.criterion_decisions where d.outcome is achieved", "", "lists"),
        ("some e in s.learner.submissions where e.kind is first", "", "lists"),
        (
            "every e in s.learner.submissions satisfies "
            "(some d in e.criterion_decisions where d.outcome is achieved)",
            "",
            "nested lists",
        ),
        ("no e in s.programme.submissions where e.assignment = s.assignment", "", "join"),
        (
            "s.is_single",
            "define is_single(x: submission) = "
            "no e in x.learner.submissions where (same(e, x) and e.id != x.id)\n" + SAME,
            "lists",
        ),
        (
            "s.is_single",
            "define is_single(x: submission) = "
            "no e in x.learner.submissions where e.assignment = x.assignment\n",
            "join",
        ),
    ],
)
def test_cost(condition: str, defines: str, cost: str) -> None:
    """Rows, lists, lists in lists, joins."""
    spec, found = checked(HEAD + defines + RULE + condition)
    assert found == ()
    assert spec is not None
    assert plan_spec(spec).rules[0].cost == cost
