"""What it costs to judge one subject of a rule, as a class authors can read.

`row`: only the row itself and what it refers to. `lists`: once through lists below or beside it.
`nested lists`: a list for each row of a list. `join`: rows from elsewhere, picked by an equality.
Joins without an equality were refused by the checker. The cost of a whole rule is that times the
number of its subjects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from policy.dsl.meaning.plan import DefinitionOf, DefinitionPlan, Drawn, Operation, RulePlan
from policy.dsl.planning.expression_planner import variables_of

ROW, LISTS, NESTED, JOIN = "row", "lists", "nested lists", "join"


def with_cost(rule: RulePlan, definitions: Mapping[str, DefinitionPlan]) -> RulePlan:
    """Return the rule with its class of cost."""
    parts: list[Operation] = [*rule.when, *([rule.scope.pair] if rule.scope.pair else [])]
    for demand in rule.demands:
        parts += [demand.condition, *demand.when, *([demand.by] if demand.by else [])]
        parts += [exception.when for exception in demand.exceptions]
    return replace(rule, cost=cost_of(tuple(parts), definitions))


def cost_of(parts: tuple[Operation, ...], definitions: Mapping[str, DefinitionPlan]) -> str:
    """Return the dearest class among the operations of a rule, definitions opened."""
    depth = max((_depth(part, definitions) for part in parts), default=0)
    if any(_joins(part, definitions) for part in parts):
        return JOIN
    return (ROW, LISTS, NESTED)[min(depth, 2)]


def _below(node: Any) -> Iterator[Any]:
    """Yield the operations directly below, through tuples."""
    if isinstance(node, Operation):
        for name in node.__struct_fields__:
            if name != "span":
                yield from _below_value(getattr(node, name))


def _below_value(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for item in value:
            yield from _below_value(item)
    elif isinstance(value, Operation):
        yield value


def _depth(node: Operation, definitions: Mapping[str, DefinitionPlan]) -> int:
    """Return how many lists are gone through within each other."""
    deepest = max((_depth(child, definitions) for child in _below(node)), default=0)
    if isinstance(node, DefinitionOf):
        deepest = max(deepest, _depth(definitions[node.name].body, definitions))
    has_rows = any(isinstance(child, Drawn) for child in _below(node))
    return deepest + has_rows


def _joins(node: Operation, definitions: Mapping[str, DefinitionPlan]) -> bool:
    """Whether rows are picked by an equality with something that is not their own."""
    if isinstance(node, Drawn) and any(variables_of(key.probe) for key in node.keys):
        return True
    if isinstance(node, DefinitionOf) and _joins(definitions[node.name].body, definitions):
        return True
    return any(_joins(child, definitions) for child in _below(node))
