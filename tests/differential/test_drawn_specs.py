"""Drawn specs over toy centres: every operation of the plan, both evaluators, no difference."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.dsl.compiling.operations import parts
from policy.dsl.meaning import plan
from tests.differential.plans import PlanMaker
from tests.differential.runs import Tally, judge_drawn
from tests.properties.verdicts import CI


@given(st.integers(0, 2**32))
@settings(CI, max_examples=100)
def test_drawn_specs_judge_alike(seed: int) -> None:
    """Whatever a spec says, and whatever a centre lacks, both come to the same."""
    tally = Tally()
    judge_drawn(tally, seed)
    assert tally.found == []
    assert tally.left == 0


def test_the_cases_reach_every_outcome() -> None:
    """Toy centres end in all outcomes there are before waivers."""
    tally = Tally()
    for seed in range(40):
        judge_drawn(tally, seed)
    wanted = {"met", "breached", "pending", "unknown", "not applicable", "error"}
    assert set(tally.outcomes) == wanted


def test_every_operation_is_drawn() -> None:
    """Specs that are drawn hold every operation the plan has."""
    drawn: set[type[plan.Operation]] = set()
    stack: list[plan.Operation] = []
    for seed in range(120):
        spec = PlanMaker(random=Random(seed)).spec()
        stack += [demand.condition for rule in spec.rules for demand in rule.demands]
    while stack:
        operation = stack.pop()
        drawn.add(type(operation))
        stack += parts(operation)
    everything = {
        kind
        for kind in vars(plan).values()
        if isinstance(kind, type)
        and issubclass(kind, plan.Operation)
        and kind is not plan.Operation
    }
    assert everything - drawn == set()
