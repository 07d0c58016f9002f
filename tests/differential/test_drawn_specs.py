"""Drawn specs over toy centres: every operation of the plan, both evaluators, no difference."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from policy.dsl.meaning import plan
from tests.differential.cases import Trial, drawn_centres, maker_of, outcomes
from tests.differential.centres import EXTREMES
from tests.differential.keeping import kept
from tests.differential.long_run import operations
from tests.differential.schema import SCHEMA
from tests.properties.verdicts import CI

CENTRES = 3
YEAR = {("centre", name) for name in ("academic_year", "year_starts_on", "year_ends_on")}
SLICE = 120
"""Specs in which everything that can be drawn is to be found."""


@given(st.integers(0, 2**32))
@settings(CI, max_examples=100, phases=(Phase.explicit, Phase.generate))
def test_drawn_specs_judge_alike(number: int) -> None:
    """Whatever a spec says, and whatever a centre lacks, both come to the same.

    What differs is shrunk here and not by Hypothesis, which sees a number only.
    """
    trial = Trial(maker_of(0, number).spec())
    for data, as_at in drawn_centres(0, number, CENTRES):
        found = trial.judge(data, as_at)
        if found.found:
            case = kept(0, number, data, as_at)
            pytest.fail(f"kept in {case.file}: {case.differed}")


@cache
def slice_of_specs() -> tuple[plan.SpecPlan, ...]:
    """Return some drawn specs."""
    return tuple(maker_of(0, number).spec() for number in range(SLICE))


@cache
def slice_of_centres() -> tuple[Any, ...]:
    """Return the data of some toy centres."""
    return tuple(data for number in range(60) for data, _ in drawn_centres(0, number, 2))


def test_every_operation_is_drawn_often() -> None:
    """A slice of the specs that are drawn holds every operation the plan has, several times."""
    everything = {
        kind.__name__
        for kind in vars(plan).values()
        if isinstance(kind, type)
        and issubclass(kind, plan.Operation)
        and kind is not plan.Operation
    }
    drawn = Counter(type(each).__name__ for spec in slice_of_specs() for each in operations(spec))
    assert set(drawn) == everything
    assert min(drawn.values()) >= 5, drawn.most_common()[-3:]


def nested(top: plan.Operation) -> Iterator[plan.Drawn]:
    """Yield drawings that stand in a drawing's condition, or in what is asked of its rows."""
    for each in operations(top):
        drawn = getattr(each, "drawn", None)
        if drawn is not None:
            inner = [getattr(each, name, None) for name in ("satisfies", "result", "by")]
            for part in filter(None, (drawn.where, *inner)):
                yield from (below for below in operations(part) if isinstance(below, plan.Drawn))


def test_every_part_of_a_spec_is_drawn_often() -> None:
    """Nested quantifiers, exceptions, deadlines, pairs, memberships, notes, calendars."""
    specs = slice_of_specs()
    rules = [rule for spec in specs for rule in spec.rules]
    demands = [demand for rule in rules for demand in rule.demands]
    every = [each for spec in specs for each in operations(spec)]
    built_in = Counter(each.name for each in every if isinstance(each, plan.BuiltIn))
    times = {
        "nested": sum(len(list(nested(demand.condition))) for demand in demands),
        "exceptions": sum(len(demand.exceptions) for demand in demands),
        "dates by a day": sum(bool(each.by and not each.is_yes_no) for each in demands),
        "yes or no by a day": sum(bool(each.by and each.is_yes_no) for each in demands),
        "negative": sum(demand.is_negative for demand in demands),
        "notes": sum(demand.is_note for demand in demands),
        "pairs": sum(rule.scope.pair is not None for rule in rules),
        "conditions": sum(len(rule.when) for rule in rules),
        "memberships": sum(len(spec.membership) for spec in specs),
        "definitions": sum(len(spec.definitions) for spec in specs),
        "keys": sum(isinstance(each, plan.EqualityKey) for each in every),
        "teaching days": built_in["teaching_day"],
        "terms": built_in["term_of"] + sum(isinstance(each, plan.InTerms) for each in every),
    }
    assert min(times.values()) >= 10, times


def facts(data: Any, entity: str = "centre") -> Iterator[str]:
    """Yield what is odd about the rows of a centre."""
    kind = SCHEMA.entities[entity]
    for name, item in kind.fields.items():
        value = data.get(name, "absent")
        if value == "absent" or value is None:
            yield f"{'null' if value is None else 'absent'} {entity}.{name}"
        elif value in EXTREMES:
            yield f"extreme {value}"
        elif item.type.kind == "ref" and value.endswith("9"):
            yield f"dangling {entity}.{name}"
    for name, child in kind.children.items():
        rows = data.get(name, "absent")
        if not isinstance(rows, list) or not rows:
            yield f"{'empty' if rows == [] else rows or 'null'} {name}"
        else:
            for row in rows:
                yield from facts(row, child)


def test_everything_is_lacking_somewhere() -> None:
    """Each optional field and each collection is absent and null, lists are empty, references
    dangle, days are as far away as days can be."""
    found = Counter(each for data in slice_of_centres() for each in facts(data))
    wanted = {f"extreme {day}" for day in EXTREMES}
    for entity, kind in SCHEMA.entities.items():
        for name, item in kind.fields.items():
            if item.type.kind == "ref":
                wanted.add(f"dangling {entity}.{name}")
            if not item.required and (entity, name) not in YEAR:
                wanted |= {f"absent {entity}.{name}", f"null {entity}.{name}"}
        for name in kind.children:
            wanted |= {f"absent {name}", f"null {name}", f"empty {name}"}
    assert wanted - set(found) == set()


def test_centres_are_drawn_from_what_json_has() -> None:
    """Centres can be written down and read again: a difference can be kept."""
    for data in slice_of_centres():
        assert json.loads(json.dumps(data)) == data


def test_cases_reach_every_outcome_by_every_version() -> None:
    """Toy centres end in all outcomes there are before waivers, by both versions of the code."""
    found: Counter[str] = Counter()
    versions: Counter[bool] = Counter()
    for number in range(13, 37):
        trial = Trial(maker_of(0, number).spec())
        for data, as_at in drawn_centres(0, number, CENTRES):
            judged = trial.judge(data, as_at)
            found += outcomes(judged.reference)
            versions[judged.is_whole] += 1
    wanted = {"met", "breached", "pending", "unknown", "not applicable", "error"}
    assert set(found) == wanted
    assert min(versions[True], versions[False]) > 10
