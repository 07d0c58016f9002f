"""Places of specs and of centres: what stands there, and what may be left out.

A path is the steps from the top: names of fields, numbers in lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from policy.dsl.compiling.operations import free, parts
from policy.dsl.meaning import plan
from policy.model.outcomes import Severity
from tests.differential.schema import SCHEMA

Path: TypeAlias = "tuple[str | int, ...]"
KEPT = frozenset({"id", "academic_year", "year_starts_on", "year_ends_on"})
"""What a centre cannot do without."""
REQUIRED: Mapping[str, frozenset[str]] = {
    kind.collection: frozenset(name for name, item in kind.fields.items() if item.required)
    for kind in SCHEMA.entities.values()
}
"""Collection -> fields that its rows cannot do without."""

# ---------------------------------------------------------------- walking a spec

_DROPPED = {"rules": 1, "demands": 1, "when": 0, "exceptions": 0, "membership": 0, "items": 2}
"""Field that holds several -> how few of them will do."""
_PLAINER: Mapping[type, Mapping[str, Any]] = {
    plan.Drawn: {"where": None},
    plan.Collect: {"distinct": False},
    plan.RulePlan: {"only_year": ""},
    plan.ScopePlan: {"pair": None},
    plan.DemandPlan: {"is_negative": False},
    plan.SpecPlan: {"edition": "2025/26"},
}
"""What is plainest in a field."""


def smaller(top: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield places of a spec and what is smaller there, the outermost first."""
    for place, item in walk(top, path):
        if not isinstance(item, Struct) or isinstance(item, plan.TablePlan):
            continue
        for name, value in _PLAINER.get(type(item), {}).items():
            if getattr(item, name) != value:
                yield (*place, name), value
        if isinstance(item, plan.DemandPlan):
            if item.by is not None and item.is_yes_no:
                yield place, replace(item, by=None)
            if item.note is not None:
                yield place, replace(item, note=None, severity=Severity.MUST)
        for name, least in _DROPPED.items():
            several = getattr(item, name, None)
            if isinstance(several, tuple) and len(several) > least:
                for at in range(len(several)):
                    yield (*place, name), (*several[:at], *several[at + 1 :])


def walk(top: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield every part of a spec with its path; keys follow from conditions and are left out."""
    if isinstance(top, tuple):
        for at, item in enumerate(top):
            yield from walk(item, (*path, at))
    elif isinstance(top, Mapping):
        for name, item in top.items():
            yield from walk(item, (*path, name))
    elif isinstance(top, Struct) and type(top).__module__ == plan.__name__:
        yield path, top
        left_out = ("span", "keys" if isinstance(top, plan.Drawn) else "function")
        for name in top.__struct_fields__:
            if name not in left_out:
                yield from walk(getattr(top, name), (*path, name))


def at_path(top: Any, path: Path) -> Any:
    """Return what stands at a path of a spec."""
    for step in path:
        top = getattr(top, step) if isinstance(top, Struct) else top[step]
    return top


def below(item: plan.Operation) -> list[plan.Operation]:
    """Return all operations inside of one."""
    return [inner for _, inner in walk(item, ()) if inner is not item]


def weight(item: plan.Operation) -> int:
    """Return how many operations one is made of, itself counted."""
    return 1 + sum(weight(part) for part in parts(item))


def is_closed(spec: plan.SpecPlan) -> bool:
    """Whether rules name no rows but those they are about: a second one may have been left out."""
    for rule in spec.rules:
        pair = rule.scope.pair
        names = {rule.scope.variable} | ({pair.variable} if pair is not None else set())
        demands = [each for demand in rule.demands for each in _asked(demand)]
        if any(free(each) - names for each in (*rule.when, *demands)):
            return False
    return True


def _asked(demand: plan.DemandPlan) -> Iterator[plan.Operation]:
    """Yield the operations of a demand."""
    yield demand.condition
    if demand.by is not None:
        yield demand.by
    yield from demand.when
    yield from (each.when for each in demand.exceptions)


def is_named(spec: plan.SpecPlan, name: str) -> bool:
    """Whether an operation of the spec names a definition, a table or a parameter."""
    kinds = (plan.DefinitionOf, plan.ParameterValue)
    tables = (plan.TableRow, plan.TableRows)
    return any(
        (isinstance(item, kinds) and item.name == name)
        or (isinstance(item, tables) and item.table == name)
        for _, item in walk(spec, ())
    )


# ---------------------------------------------------------------- walking a centre


def places(data: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the places of what may be left out, the outermost first, the last before the first."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in (REQUIRED[str(path[-2])] if path else KEPT):
                yield (*path, name)
                yield from places(value, (*path, name))
    elif isinstance(data, list):
        for at in reversed(range(len(data))):
            yield (*path, at)
            yield from places(data[at], (*path, at))


def is_there(data: Any, path: Path) -> bool:
    """Whether a centre has anything at a path."""
    for step in path:
        if isinstance(data, dict):
            if step not in data:
                return False
        elif not isinstance(data, list) or int(step) >= len(data):
            return False
        data = data[step]
    return True


def without(data: Any, path: Path) -> Any:
    """Return a copy of the data that lacks what stands at a path."""
    step, rest = path[0], path[1:]
    if isinstance(data, list):
        assert isinstance(step, int)
        kept = [without(data[step], rest)] if rest else []
        return [*data[:step], *kept, *data[step + 1 :]]
    if rest:
        return {**data, step: without(data[step], rest)}
    return {name: value for name, value in data.items() if name != step}
