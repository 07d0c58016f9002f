"""Troubles that centres of several suites have: teaching, assessing, verifying, claiming, keeping.

The rules are named without their spec: which specs judge by them differs from suite to suite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from centres.planting import Expected, Place, Plant
from centres.plants_centre import CENTRE
from centres.plants_learners import LEARNERS
from centres.plants_programmes import PROGRAMMES

Judging = Mapping[str, Sequence[str]]
"""Rule, without spec, with or without its label -> the specs that judge by it."""


def judging(rules: Mapping[Sequence[str], str]) -> Judging:
    """Return which specs judge by a rule, of specs -> the rules they have in common, as text."""
    return {rule: specs for specs, names in rules.items() for rule in names.split()}


def plants_of(
    specs_of: Judging,
    programmes: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> tuple[Plant, ...]:
    """Return the plants of a suite; each suits rows where at least one rule notices it.

    `programmes` says of specs that judge some programmes only which those are.
    """

    def named(plant: Plant) -> Callable[[Place], list[Expected]]:
        def expects(at: Place) -> list[Expected]:
            all_of = plant.expects(at) if callable(plant.expects) else plant.expects
            programme = next((row["id"] for name, row in at.chain if name == "programme"), None)
            return [
                (f"{spec}.{rule}", outcome, subject)
                for rule, outcome, subject in all_of
                for spec in specs_of.get(rule, specs_of.get(rule.partition(".")[0], ()))
                if programme is None or programme in programmes.get(spec, (programme,))
            ]

        return expects

    def narrowed(plant: Plant) -> Plant:
        expects = named(plant)
        when = plant.when
        return replace(
            plant,
            expects=expects,
            when=lambda at: (when is None or when(at)) and bool(expects(at)),
        )

    return tuple(narrowed(plant) for plant in (*LEARNERS, *CENTRE, *PROGRAMMES))
