"""What the examples of a pack expect of each demand, whoever wrote the demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from policy.pack import Pack

Expected = Mapping[tuple[str, str, str], list[tuple[str, str]]]
"""Origin (the spec that wrote the rule), rule, label -> (outcome, title of the example)."""


def expected_of(pack: Pack) -> Expected:
    """Return outcomes and titles in the order of the specs; an outcome that is ruled out reads
    "not breached". A plugin's check has the spec of its name as origin and no label."""
    found = defaultdict(list)
    for spec in pack.checked:
        origins = {rule.node.name: rule.origin for rule in spec.rules}
        for example in spec.node.examples:
            for expect in example.expects:
                origin = origins.get(expect.rule, spec.node.name)
                outcome = f"not {expect.outcome}" if expect.negated else expect.outcome
                found[origin, expect.rule, expect.label].append((outcome, example.title))
    return found


def titles(expected: Expected, demand: tuple[str, str, str], outcome: str) -> tuple[str, ...]:
    """Return the titles of the examples that expect this outcome of a demand, each once."""
    found = expected.get(demand, ())
    return tuple(dict.fromkeys(title for each, title in found if each == outcome))
