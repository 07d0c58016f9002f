"""All shipped specs: generated code and the reference evaluator say the same of every subject."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from policy.authoring.example_data import apply
from policy.authoring.examples import Given, Givens
from policy.data.readers.reading import read
from policy.dsl.checking.checked import CheckedSpec
from policy.dsl.compiling.compiler import Compiled, compile_spec
from policy.dsl.compiling.linkers import Linker, linker_of
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax import ast
from policy.pack import Pack, load_pack
from tests.differential.agreement import by_generated_code, by_reference
from tests.differential.damage import damaged, thinned
from tests.differential.long_run import judge_shipped
from tests.differential.runs import (
    DAYS,
    LEARNERS,
    Tally,
    centres,
    compiled_specs,
    damaged_centre,
    generated_centres,
    judge_by_shipped,
    judge_counting,
)
from tests.properties.verdicts import CI

EACH = 50
"""Of so many examples one is judged both ways."""


def test_every_shipped_rule_is_compiled() -> None:
    """No rule of a shipped spec is left to the reference evaluator."""
    specs, _ = compiled_specs()
    assert {name: why for each in specs for name, why in each.left.items()} == {}
    assert sum(len(each.rules) for each in specs) > 500


@pytest.mark.parametrize("name", sorted(centres()))
def test_example_centres_are_judged_alike(name: str) -> None:
    """Example centres, and the documents beside the specs, get the same outcomes."""
    tally = Tally()
    judge_by_shipped(tally, name, centres()[name], DAYS[0])
    assert tally.found == []


@pytest.mark.parametrize("name", ["examples/centres/clean.json", "examples/centres/provider.yaml"])
def test_counts_are_the_same_too(name: str) -> None:
    """As a run compiles them, specs come to the same counts and name the same subjects."""
    tally = Tally()
    judge_counting(tally, name, centres()[name], DAYS[1])
    assert tally.found == []


@pytest.mark.parametrize("suite", sorted(LEARNERS))
def test_generated_centres_are_judged_alike(suite: str) -> None:
    """Centres of every mix of the benchmarks, with planted breaches: whole, and thinned ones of
    which a part is lacking."""
    tally = Tally()
    for data, as_at in generated_centres(suite, seed=7, breaches=9):
        judge_by_shipped(tally, f"{suite}, whole", data, as_at)
        assert tally.outcomes["breached"] > 0
        for seed in range(5):
            random = Random(seed)
            fewer = damaged(thinned(data, random), random, 0.05)
            judge_by_shipped(tally, f"{suite}, damaged by {seed}", fewer, as_at)
    assert tally.found == []
    assert tally.outcomes["unknown"] > 0


def test_the_long_run_judges_centres_of_both_kinds() -> None:
    """Out of three centres one is generated; by each of them the specs are judged alike."""
    tallies = [judge_shipped(seed) for seed in (1, 3)]
    assert [tally.found for tally in tallies] == [[], []]
    assert all(tally.outcomes.total() > 100 for tally in tallies)


@given(st.integers(0, 2**32))
@settings(CI)
def test_damaged_centres_are_judged_alike(seed: int) -> None:
    """Whatever a centre lacks, both lack the same."""
    data, as_at = damaged_centre(seed)
    tally = Tally()
    judge_by_shipped(tally, f"seed {seed}", data, as_at)
    assert tally.found == []


# ---------------------------------------------------------------- the authors' examples


@cache
def _with_libraries() -> tuple[Pack, Givens]:
    made = load_pack(with_libraries=True)
    return made, Givens(made)


@cache
def _compiled(number: int) -> tuple[Compiled, Linker]:
    found, _ = _with_libraries()
    schema = found.schema.types
    made = compile_spec(plan_spec(found.checked[number]), schema, witnessed=True)
    return made, linker_of(schema)


def _examples() -> Iterator[tuple[int, CheckedSpec, ast.Example]]:
    found, _ = _with_libraries()
    for number, spec in enumerate(found.checked):
        for item in spec.node.items:
            if isinstance(item, ast.Example):
                yield number, spec, item


def judge_example(tally: Tally, number: int, spec: CheckedSpec, example: ast.Example) -> None:
    """Judge what an example is about, by every rule of its spec, both ways."""
    found, givens = _with_libraries()
    given_data = givens.of(spec, example)
    assert isinstance(given_data, Given)
    folder = Path(str(givens.file_of(spec).folder))
    data = copy.deepcopy(dict(next(iter(read(str(folder / example.given)))).data or {}))
    for step in example.steps:
        apply(step, data, found.schema.types)
    made, linker = _compiled(number)
    if given_data.parameters:
        plan = replace(made.spec, parameters={**made.spec.parameters, **given_data.parameters})
        made = compile_spec(plan, found.schema.types, witnessed=True)
    as_at = given_data.as_at
    reference = by_reference(made, given_data.document, as_at)
    tally.take(example.title, reference, by_generated_code(made, linker, data, as_at), made.left)


def test_examples_of_specs_are_judged_alike() -> None:
    """What authors wrote as examples, steps and parameters and all, gets the same outcomes."""
    tally = Tally()
    for at, (number, spec, example) in enumerate(_examples()):
        if at % EACH == 0:
            judge_example(tally, number, spec, example)
    assert tally.found == []
    assert tally.cases > 40
