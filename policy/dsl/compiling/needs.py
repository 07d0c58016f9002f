"""What a spec is made of, and which collections decide about the subjects of a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from policy.dsl.meaning import plan


class Needs:
    """What the rules of one spec ask for."""

    def __init__(self, spec: plan.SpecPlan) -> None:
        self._spec = spec
        self._rules: dict[str, frozenset[str]] = {}
        self._definitions: dict[str, frozenset[str]] = {}

    def of(self, rule: Any) -> frozenset[str]:
        """Return the names of the collections that a rule, known by its name, goes through."""
        name: str = rule.name
        if name not in self._rules:
            (plans,) = [each for each in self._spec.rules if each.name == name]
            self._rules[name] = self._below(plans)
        return self._rules[name]

    def _below(self, top: Any) -> frozenset[str]:
        found: set[str] = set()
        stack: list[Any] = [top]
        while stack:
            item = stack.pop()
            if isinstance(item, tuple):
                stack.extend(item)
            elif isinstance(item, _PARTS):
                if isinstance(item, plan.Rows):
                    found.update(item.path)
                elif isinstance(item, plan.DefinitionOf):
                    found |= self._defined(item.name)
                stack.extend(getattr(item, name) for name in item.__struct_fields__)
        return frozenset(found)

    def _defined(self, name: str) -> frozenset[str]:
        if name not in self._definitions:
            self._definitions[name] = self._below(self._spec.definitions[name].body)
        return self._definitions[name]


_PARTS = (
    *(plan.Operation, plan.RulePlan, plan.DemandPlan, plan.ExceptionPlan, plan.ScopePlan),
    plan.MembershipPlan,
)


def uses_of_definitions(spec: plan.SpecPlan) -> Counter[str]:
    """Return how often each definition is named in a spec."""
    return Counter(item.name for item in all_parts(spec) if isinstance(item, plan.DefinitionOf))


def all_parts(spec: plan.SpecPlan) -> Iterator[Any]:
    """Yield all that rules, memberships and definitions are made of."""
    stack: list[Any] = [spec.rules, spec.membership]
    stack += [definition.body for definition in spec.definitions.values()]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            stack.extend(item)
        elif isinstance(item, _PARTS):
            yield item
            stack.extend(getattr(item, name) for name in item.__struct_fields__)
