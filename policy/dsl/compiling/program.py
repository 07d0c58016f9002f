"""The generated module of one spec while it grows: constants, functions, what they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from policy.dsl.compiling import dates, lists, plugin_calls, shapes, totals, truths
from policy.dsl.compiling.absent import FAILED, MISSING, UNKNOWN, Part, settled, strict, worst
from policy.dsl.compiling.shapes import Shape
from policy.dsl.compiling.source import Body
from policy.dsl.compiling.tables import CompiledTable
from policy.dsl.meaning import plan
from policy.model.entities import Schema, ValueType
from policy.model.records import Row
from policy.model.suite import Function
from policy.model.values import DateRange, Duration

FEW = 24
"""So many rows are gone through faster than looked up."""

SUPPORT: Mapping[str, Any] = {
    "MISSING": MISSING,
    "UNKNOWN": UNKNOWN,
    "FAILED": FAILED,
    "Part": Part,
    "date": date,
    "settled": settled,
    "strict": strict,
    "worst": worst,
    "answer": plugin_calls.answer,
    **{
        function.__name__: function
        for function in (
            *(truths.negated, truths.both, truths.either, truths.equal, truths.compare),
            truths.undecided,
            *(lists.opened, lists.listing, lists.joined, lists.contains, lists.has_only),
            *(lists.is_empty, lists.below, lists.among, lists.grouped),
            *(totals.number, totals.total, totals.extreme, totals.the, totals.the_most),
            totals.gathered,
            *(dates.compute, dates.length_of, dates.moved, dates.moved_by),
            *(dates.moved_by_study_days, dates.in_terms, dates.built_in),
        )
    },
}
"""What generated code may name."""


class Program(Struct, kw_only=True):
    """`functions`: source of each generated function, in order. `few`: rows that are not indexed.
    `remembered`: those whose answers a run keeps, with the number of arguments besides the run."""

    schema: Schema
    spec: plan.SpecPlan
    is_whole: bool = False
    few: int = FEW
    namespace: dict[str, Any] = field(default_factory=lambda: dict(SUPPORT))
    functions: list[str] = field(default_factory=list)
    verdicts: Mapping[str, Any] = field(default_factory=dict)
    remembered: dict[str, int] = field(default_factory=dict)
    definitions: dict[tuple[str, tuple[Shape, ...]], tuple[str, Shape]] = field(
        default_factory=dict
    )
    tables: dict[str, CompiledTable | None] = field(default_factory=dict)
    indexes: dict[Any, str] = field(default_factory=dict)
    plugins: dict[tuple[str, int], str] = field(default_factory=dict)
    built_ins: dict[tuple[str, int], str] = field(default_factory=dict)
    paths: dict[tuple[str, ...], str] = field(default_factory=dict)
    drawings: dict[Any, tuple[str, Shape]] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    uses: Mapping[str, int] = field(default_factory=dict)
    """How often each definition is named, by rules and other definitions; without it none is
    taken to be."""
    repeated: frozenset[plan.Operation] = frozenset()
    """Drawings from rows at hand that are made more than once."""
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

    def remember(self, name: str, names: Sequence[str], body: str) -> None:
        """Add a function whose answers the run keeps: `run.NAME[...]` asks for one."""
        self.functions.append(f"def {name}({', '.join(('run', *names))}):\n{body}")
        self.remembered[name] = len(names)

    def plugin(self, function: Function, kind: ValueType, arguments: int) -> str:
        """Return the name under which the answers of a plugin's function are remembered."""
        key = (function.name, arguments)
        if key not in self.plugins:
            first = self.thing(f"PLUGIN_{function.name}", function)
            second = self.thing(f"KIND_{function.name}", kind)
            name = self.plugins[key] = self.name(f"plugin_{function.name}")
            names = [f"x{number}" for number in range(arguments)]
            call = ", ".join((first, second, "run.context", *names))
            self.remember(name, names, f"    return answer({call})\n")
        return self.plugins[key]

    def built_in(self, function: str, arguments: int) -> str:
        """Return the name under which the answers of a built-in are remembered."""
        key = (function, arguments)
        if key not in self.built_ins:
            name = self.built_ins[key] = self.name(f"built_in_{function}")
            names = [f"x{number}" for number in range(arguments)]
            call = ", ".join((repr(function), "run.context", *names))
            self.remember(name, names, f"    return built_in({call})\n")
        return self.built_ins[key]

    def table(self, name: str) -> CompiledTable | None:
        """Return a table, None if its pack is not loaded."""
        if name not in self.tables:
            rows = self.spec.tables[name].rows
            self.tables[name] = None if rows is None else CompiledTable.of(name, rows)
        return self.tables[name]

    def path(self, path: tuple[str, ...]) -> str:
        """Return the name under which the rows found along a path of collections are kept."""
        if path not in self.paths:
            name = self.paths[path] = self.name("_".join(("below", *path)).replace("__", "_"))
            self.remember(name, ("top",), f"    return below(top, {path!r})\n")
        return self.paths[path]

    def attempt(self, make: Callable[[], Any]) -> Any:
        """Make something; if it cannot be compiled nothing of it stays."""
        functions, definitions = len(self.functions), dict(self.definitions)
        indexes, plugins, paths = dict(self.indexes), dict(self.plugins), dict(self.paths)
        remembered, dates = dict(self.remembered), dict(self.dates)
        built_ins, drawings = dict(self.built_ins), dict(self.drawings)
        try:
            return make()
        except shapes.NotCompiled:
            del self.functions[functions:]
            self.definitions, self.indexes = definitions, indexes
            self.plugins, self.paths = plugins, paths
            self.remembered, self.dates = remembered, dates
            self.built_ins, self.drawings = built_ins, drawings
            raise


_PYTHON = ("bool", "dict", "str", "len", "range", "set", "tuple")


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
