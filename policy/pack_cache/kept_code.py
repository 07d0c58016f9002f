"""Generated modules as plain values, and back: code in pieces, constants by name.

A piece is one function with the names it needs; it becomes a function again when it is first
called for. What cannot be written down raises `CannotKeep`.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any

from policy.dsl.compiling.table_rows import CompiledRow, Finder, compiled_rows
from policy.model.entities import Kind, ValueType
from policy.model.suite import Function
from policy.model.values import DateRange, Duration, DurationUnit

_COMPILING = "policy.dsl.compiling."
HOMES = tuple(
    _COMPILING + name
    for name in ("absent", "verdicts", "truths", "lists", "totals", "dates", "plugin_calls")
)
"""Where the functions live that generated code calls."""


class CannotKeep(Exception):
    """Something cannot be written down: then nothing is kept."""


class Deferred:
    """A function of a plugin, imported when it is called."""

    __slots__ = ("_call", "module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name
        self._call: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Call the function."""
        if self._call is None:
            self._call = function_at(self.module, self.name)
        return self._call(*arguments)


def function_at(module: str, name: str) -> Callable[..., Any]:
    """Return the function of a plugin that has this address. Raises what its import raises."""
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    call: Callable[..., Any] = found
    return call


def address_of(call: object) -> tuple[str, str]:
    """Return the module and name by which a function can be found again."""
    module, name = getattr(call, "__module__", None), getattr(call, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(name, str):
        raise CannotKeep
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is not call:
        raise CannotKeep
    return module, name


# ---------------------------------------------------------------- constants


def kept(value: Any) -> Any:
    """Return a constant as what `marshal` can write."""
    kind = type(value)
    if value is None or kind in (bool, int, str, float):
        return value
    if kind is tuple and value and isinstance(value[0], CompiledRow):
        return ("rows", value[0].table)
    if kind is tuple:
        return ("list", [kept(item) for item in value])
    if kind in _KEEP:
        return _KEEP[kind](value)
    return _home(value)


_KEEP: Mapping[type, Callable[[Any], Any]] = {
    date: lambda day: ("day", day.toordinal()),
    Decimal: lambda number: ("number", str(number)),
    Duration: lambda length: ("length", length.amount, str(length.unit)),
    DurationUnit: lambda unit: ("unit", str(unit)),
    DateRange: lambda days: ("days", days.start.toordinal(), days.end.toordinal()),
    ValueType: lambda kind: ("kind", *kept_kind(kind)),
    Function: lambda function: ("function", function.name),
    Finder: lambda find: ("finder", find.table, list(find.keys)),
}


def _home(value: Any) -> Any:
    """Return the address of something that generated code shares."""
    for number, home in enumerate(HOMES):
        for name, found in vars(import_module(home)).items():
            if found is value:
                return ("home", number, name)
    raise CannotKeep


def kept_kind(kind: ValueType) -> tuple[Any, ...]:
    """Return a type as plain values."""
    item = None if kind.item is None else kept_kind(kind.item)
    return (str(kind.kind), kind.enum, list(kind.values), kind.entity, item)


def kind_of(kept: tuple[Any, ...]) -> ValueType:
    """Return the type again."""
    kind, enum, values, entity, item = kept
    return ValueType(
        kind=Kind(kind),
        enum=enum,
        values=tuple(values),
        entity=entity,
        item=None if item is None else kind_of(item),
    )


# ---------------------------------------------------------------- modules


def kept_module(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return a generated module: code and needs of its functions, constants, tables."""
    functions = {
        name: value
        for name, value in namespace.items()
        if type(value) is FunctionType and value.__globals__ is namespace
    }
    own = {
        name: value
        for name, value in namespace.items()
        if name not in functions and name != "__builtins__"
    }
    pieces: dict[str, tuple[bytes, list[str]]] = {}
    for name, function in functions.items():
        if function.__defaults__ or function.__kwdefaults__ or function.__closure__:
            raise CannotKeep
        used = sorted({each for each in _names(function.__code__) if each in namespace})
        pieces[name] = (marshal.dumps(function.__code__), used)
    needed = {name for _, used in pieces.values() for name in used}
    constants = {name: kept(value) for name, value in own.items() if name in needed}
    tables = {table: [dict(_cells(row)) for row in rows] for table, rows in _tables(own).items()}
    return {"pieces": pieces, "constants": constants, "tables": tables}


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)


def _tables(namespace: Mapping[str, Any]) -> dict[str, tuple[CompiledRow, ...]]:
    found: dict[str, tuple[CompiledRow, ...]] = {}
    for value in namespace.values():
        if isinstance(value, Finder):
            found[value.table] = value.rows
        elif type(value) is tuple and value and isinstance(value[0], CompiledRow):
            found[value[0].table] = value
    return found


def _cells(row: CompiledRow) -> Iterator[tuple[str, Any]]:
    for column, cell in row.cells.items():
        yield column, kept(cell)


@cache
def _shared(number: int) -> ModuleType:
    return import_module(HOMES[number])


class KeptModule:
    """A generated module whose functions are made when they are asked for."""

    def __init__(self, kept: Mapping[str, Any], functions: Mapping[str, Function]) -> None:
        self._pieces: Mapping[str, tuple[bytes, list[str]]] = kept["pieces"]
        self._constants: Mapping[str, Any] = kept["constants"]
        self._tables: Mapping[str, list[dict[str, Any]]] = kept["tables"]
        self._functions = functions
        self._rows: dict[str, tuple[CompiledRow, ...]] = {}
        self._namespace: dict[str, Any] = {}

    def function(self, name: str) -> Any:
        """Return a function of the module, with everything that it calls."""
        if name not in self._namespace:
            self._need(name)
        return self._namespace[name]

    def _need(self, name: str) -> None:
        namespace = self._namespace
        if name not in self._pieces:
            namespace[name] = self.value(self._constants[name])
            return
        code, used = self._pieces[name]
        namespace[name] = FunctionType(marshal.loads(code), namespace)
        for each in used:
            if each not in namespace:
                self._need(each)

    def value(self, kept: Any) -> Any:
        """Return a constant again."""
        if type(kept) is not tuple:
            return kept
        what = kept[0]
        if what == "home":
            return getattr(_shared(kept[1]), kept[2])
        if what == "list":
            return tuple([self.value(item) for item in kept[1]])
        if what == "day":
            return date.fromordinal(kept[1])
        if what == "rows":
            return self._table(kept[1])
        if what == "finder":
            return Finder(kept[1], self._table(kept[1]), tuple(kept[2]))
        if what == "function":
            return self._functions[kept[1]]
        return _AGAIN[what](*kept[1:])

    def _table(self, name: str) -> tuple[CompiledRow, ...]:
        if name not in self._rows:
            rows = [
                {column: self.value(cell) for column, cell in cells.items()}
                for cells in self._tables[name]
            ]
            columns = sorted({column for cells in rows for column in cells})
            self._rows[name] = compiled_rows(name, rows, columns)
        return self._rows[name]


_AGAIN: Mapping[str, Callable[..., Any]] = {
    "number": Decimal,
    "length": lambda amount, unit: Duration(amount, DurationUnit(unit)),
    "unit": DurationUnit,
    "days": lambda start, end: DateRange(date.fromordinal(start), date.fromordinal(end)),
    "kind": lambda *kept: kind_of(kept),
}
