"""What operations are made of: parts, variables, weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from policy.dsl.meaning import plan

INLINE = 24
"""Definitions of at most so many operations are written out where they are used."""


def parts(op: Any) -> list[Any]:
    """Return the operations directly below, through tuples."""
    found: list[Any] = []
    for name in op.__struct_fields__:
        value = getattr(op, name)
        stack = [value]
        while stack:
            item = stack.pop()
            if isinstance(item, tuple):
                stack.extend(reversed(item))
            elif isinstance(item, plan.Operation):
                found.append(item)
    return found


def free(op: Any) -> frozenset[str]:
    """Return the variables an operation takes from outside."""
    if isinstance(op, plan.Variable):
        return frozenset({op.name})
    found = frozenset[str]().union(*(free(part) for part in parts(op)))
    if isinstance(op, plan.Drawn):
        inner = free(op.where) if op.where is not None else frozenset[str]()
        return free(op.source) | (inner - {op.variable})
    drawn = getattr(op, "drawn", None)
    if drawn is not None:
        outer = [getattr(op, name, None) for name in ("satisfies", "result", "by")]
        below = frozenset[str]().union(*(free(item) for item in outer if item is not None))
        return free(drawn) | (below - {drawn.variable})
    return found


def is_heavy(body: plan.Operation, spec: plan.SpecPlan) -> bool:
    """Whether a definition is better kept than written out again."""
    return _weight(body, spec) > INLINE


def _weight(op: Any, spec: plan.SpecPlan) -> int:
    if isinstance(op, plan.Drawn | plan.PluginCall | plan.Moved | plan.MovedBy):
        return INLINE + 1
    if isinstance(op, plan.MovedByStudyDays | plan.BuiltIn | plan.TableRow):
        return INLINE + 1
    weight = 0 if isinstance(op, plan.Variable | plan.Constant) else 1
    if isinstance(op, plan.DefinitionOf):
        weight += min(_weight(spec.definitions[op.name].body, spec), 4)
    return weight + sum(_weight(part, spec) for part in parts(op))


def drawn_by(op: Any) -> frozenset[str]:
    """Return the variables that an operation binds, at any depth."""
    below = frozenset[str]().union(*(drawn_by(part) for part in parts(op)))
    return below | {op.variable} if isinstance(op, plan.Drawn) else below


def draws(op: Any) -> bool:
    """Whether an operation has variables of its own."""
    return isinstance(op, plan.Drawn) or any(draws(part) for part in parts(op))


def substituted(op: Any, names: Mapping[str, plan.Operation]) -> Any:
    """Return an operation that draws nothing, with others in place of its variables."""
    if isinstance(op, plan.Variable):
        return names.get(op.name, op)
    if isinstance(op, tuple):
        return tuple(substituted(item, names) for item in op)
    if not isinstance(op, plan.Operation):
        return op
    fields = (name for name in op.__struct_fields__ if name != "span")
    return replace(op, **{name: substituted(getattr(op, name), names) for name in fields})
