"""The generated module of one spec while it grows: constants, functions, what they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policy.dsl.compiling import plugin_calls, shapes, support
from policy.dsl.compiling.absent import FAILED, MISSING, UNKNOWN, Part, settled, strict, worst
from policy.dsl.compiling.shapes import Shape
from policy.dsl.compiling.source import Body
from policy.dsl.compiling.tables import CompiledTable
from policy.dsl.meaning import plan
from policy.model.entities import Schema, ValueType
from policy.model.records import Row
from policy.model.suite import Function
from policy.model.values import DateRange, Duration

SUPPORT: Mapping[str, Any] = {
    "MISSING": MISSING,
    "UNKNOWN": UNKNOWN,
    "FAILED": FAILED,
    "Part": Part,
    "settled": settled,
    "strict": strict,
    "worst": worst,
    "call": plugin_calls.call,
    **{
        name: getattr(support, name)
        for name in (
            *("negated", "both", "either", "equal", "compare", "opened", "listing", "joined"),
            *("contains", "has_only", "is_empty", "below", "chosen", "among", "total", "extreme"),
            *(
                "number",
                "the",
                "the_most",
                "gathered",
                "undecided",
                "compute",
                "length_of",
                "moved",
            ),
            *("moved_by", "moved_by_study_days", "in_terms", "built_in"),
        )
    },
}
"""What generated code may name."""


@dataclass(kw_only=True)
class Program:
    """`functions`: source of each generated function, in order. `stores`: how many dictionaries a
    run needs for what is computed once in a document."""

    schema: Schema
    spec: plan.SpecPlan
    namespace: dict[str, Any] = field(default_factory=lambda: dict(SUPPORT))
    functions: list[str] = field(default_factory=list)
    verdicts: Mapping[str, Any] = field(default_factory=dict)
    stores: int = 0
    definitions: dict[tuple[str, tuple[Shape, ...]], tuple[str, Shape]] = field(
        default_factory=dict
    )
    tables: dict[str, CompiledTable | None] = field(default_factory=dict)
    indexes: dict[Any, tuple[str, str]] = field(default_factory=dict)
    plugins: dict[str, str] = field(default_factory=dict)
    paths: dict[tuple[str, ...], str] = field(default_factory=dict)
    _names: dict[Any, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def constant(self, value: Any) -> str:
        """Return how generated code writes a value."""
        if isinstance(value, str | int | bool) and type(value) in (str, int, bool):
            return repr(value)
        key = (type(value), value)
        if key not in self._names:
            self._names[key] = self.name(_wish(value))
            self.namespace[self._names[key]] = value
        return self._names[key]

    def thing(self, wish: str, value: Any) -> str:
        """Give something a name in the generated module."""
        name = self.name(wish)
        self.namespace[name] = value
        return name

    def name(self, wish: str) -> str:
        """Return a name that nothing in the module has yet."""
        wish = re.sub(r"\W", "_", wish)
        found, number = wish, 1
        while found in self._taken or found in SUPPORT:
            number += 1
            found = f"{wish}_{number}"
        self._taken.add(found)
        return found

    def body(self, *arguments: str) -> Body:
        """Return the body of a new function; its names hide nothing that it calls."""
        return Body(*arguments, *self.namespace_of_support, *_PYTHON)

    @property
    def namespace_of_support(self) -> Iterable[str]:
        """The names that generated code may call, apart from its own."""
        return (*SUPPORT, *self.verdicts)

    def store(self) -> str:
        """Return the name of a new dictionary of the run."""
        self.stores += 1
        return f"run.store_{self.stores}"

    def plugin(self, function: Function, kind: ValueType) -> str:
        """Return the arguments that stand for a plugin's function, and where answers are kept."""
        if function.name not in self.plugins:
            first = self.thing(f"plugin_{function.name}", function)
            second = self.thing(f"kind_{function.name}", kind)
            self.plugins[function.name] = f"{self.store()}, {first}, {second}"
        return self.plugins[function.name]

    def table(self, name: str) -> CompiledTable | None:
        """Return a table, None if its pack is not loaded."""
        if name not in self.tables:
            rows = self.spec.tables[name].rows
            self.tables[name] = None if rows is None else CompiledTable.of(name, rows)
        return self.tables[name]

    def path(self, path: tuple[str, ...]) -> str:
        """Return the dictionary that keeps the rows found along a path of collections."""
        if path not in self.paths:
            self.paths[path] = self.store()
        return self.paths[path]

    def attempt(self, make: Callable[[], Any]) -> Any:
        """Make something; if it cannot be compiled nothing of it stays."""
        functions, definitions = len(self.functions), dict(self.definitions)
        indexes = dict(self.indexes)
        try:
            return make()
        except shapes.NotCompiled:
            del self.functions[functions:]
            self.definitions, self.indexes = definitions, indexes
            raise


_PYTHON = ("bool", "len", "range", "set", "tuple")


def _wish(value: Any) -> str:
    match value:
        case date():
            return f"DAY_{value:%Y_%m_%d}"
        case Duration():
            return f"LENGTH_{value.amount}_{value.unit}".upper()
        case DateRange():
            return "STRETCH"
        case (Row() as first, *_):
            return f"ROWS_{first.table}"
        case tuple():
            return "_".join(["LIST", *(str(item) for item in value[:3])]).upper()
        case _:
            return f"NUMBER_{value}"
