"""Plans as pickles, one for each rule, definition and table: a finding needs few of them.

Texts of specs are shared by all that point into them, and plugins' functions are those of the kept
pack; both are named in the pickles, not part of them.
"""

from __future__ import annotations

import io
import marshal
import pickle
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from policy.dsl.meaning.plan import RulePlan, SpecPlan, TablePlan
from policy.model.source import SourceText
from policy.model.suite import Function
from policy.pack_cache.kept_code import CannotKeep
from policy.pack_cache.sections import Sections, packed


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, name_of: Callable[[object], object]) -> None:
        super().__init__(stream, protocol=5)
        self._name_of = name_of

    def persistent_id(self, value: object) -> object:
        return self._name_of(value)


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, named: Callable[[Any], object]) -> None:
        super().__init__(stream)
        self._named = named

    def persistent_load(self, name: Any) -> object:
        return self._named(name)


class PlanKeeper:
    """Writes plans; `texts` are those that plans pointed into so far."""

    def __init__(self) -> None:
        self.texts: list[SourceText] = []
        self._numbers: dict[int, int] = {}

    def pieces(self, spec: SpecPlan) -> dict[str, bytes]:
        """Return the pieces of a spec by name."""
        name = f"{spec.name} {spec.edition}"
        base = (
            spec.name,
            spec.title,
            spec.edition,
            spec.suite,
            spec.hash,
            spec.membership,
            dict(spec.parameters),
            tuple(spec.definitions),
            tuple(spec.tables),
        )
        found = {f"{name}/base": self.pickled(base)}
        for rule in spec.rules:
            found[f"{name}/rule/{rule.name}"] = self.pickled(rule)
        for key, definition in spec.definitions.items():
            found[f"{name}/definition/{key}"] = self.pickled(definition)
        for key, table in spec.tables.items():
            rows = None if table.rows is None else tuple(map(dict, table.rows))
            found[f"{name}/table/{key}"] = self.pickled((table.name, table.keys, rows))
        return found

    def pickled(self, value: object) -> bytes:
        """Return a pickle in which texts and functions are only named."""
        stream = io.BytesIO()
        try:
            _Pickler(stream, self._name_of).dump(value)
        except (pickle.PicklingError, TypeError, AttributeError):
            raise CannotKeep from None
        return stream.getvalue()

    def _name_of(self, value: object) -> object:
        if isinstance(value, SourceText):
            number = self._numbers.setdefault(id(value), len(self.texts))
            if number == len(self.texts):
                self.texts.append(value)
            return ("text", number)
        return ("function", value.name) if isinstance(value, Function) else None

    def kept_texts(self) -> bytes:
        """Return the texts that were named, each a part by its number."""
        texts = enumerate(self.texts)
        return packed(
            {str(at): marshal.dumps((each.name, each.text, each.first_line)) for at, each in texts}
        )


class KeptPlans:
    """Reads plans."""

    def __init__(self, sections: Sections, functions: Mapping[str, Function]) -> None:
        self._sections = sections
        self._functions = functions
        self._known: dict[int, SourceText] = {}

    @cached_property
    def _pieces(self) -> Sections:
        return self._sections.inside("plans")

    @cached_property
    def _texts(self) -> Sections:
        return self._sections.inside("texts")

    def read(self, name: str) -> Any:
        """Return what a piece holds."""
        return self.unpickled(self._pieces.part(name))

    def unpickled(self, pickled: bytes) -> Any:
        """Return what a pickle holds."""
        return _Unpickler(io.BytesIO(pickled), self._named).load()

    def _named(self, name: Any) -> object:
        kind, key = name
        if kind == "function":
            return self._functions[key]
        if key not in self._known:
            self._known[key] = SourceText(*marshal.loads(self._texts.part(str(key))))
        return self._known[key]

    def spec(self, name: str) -> SpecPlan:
        """Return the plan of a spec without its rules."""
        title, edition, suite, digest, membership, parameters, definitions, tables = self.read(
            f"{name}/base"
        )[1:]
        return SpecPlan(
            name=name.rpartition(" ")[0],
            title=title,
            edition=edition,
            suite=suite,
            hash=digest,
            rules=(),
            membership=membership,
            definitions=_Pieces(definitions, lambda key: self.read(f"{name}/definition/{key}")),
            tables=_Pieces(tables, lambda key: self._table(f"{name}/table/{key}")),
            parameters=MappingProxyType(parameters),
        )

    def _table(self, name: str) -> Any:
        table, keys, rows = self.read(name)
        return TablePlan(name=table, keys=keys, rows=rows)

    def rule(self, spec: str, name: str) -> RulePlan:
        """Return the plan of a rule."""
        found: RulePlan = self.read(f"{spec}/rule/{name}")
        return found


class _Pieces(Mapping[str, "Any"]):
    """A mapping whose values are read when they are asked for, each once."""

    def __init__(self, names: tuple[str, ...], read: Callable[[str], Any]) -> None:
        self._names = names
        self._read = read
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
