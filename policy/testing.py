"""What suites use to test themselves: the only module of the core that tests of a plugin need.

    from policy.testing import Bench

    bench = Bench(policy_toys)
    context = bench.context({"programmes": [...]}, as_at="2026-03-01")
    assert bench.call("used_versions", context, context.document.root) == ("A", "B")
    assert bench.decide("one_version", context, "U1").outcome is Outcome.BREACHED

A bench fails as tests fail, with AssertionError: for a manifest that is not sound, for data that do
not fit the schema (so that a misspelt field in a test is found), for a function, check or row that
is not there, and for fields that were read and are not declared in `reads`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from functools import cached_property, wraps
from types import MappingProxyType, ModuleType
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from policy.data.linking import link
from policy.data.schema import CentreSchema, load_schema
from policy.dsl.compiling.rows import LinkedRow
from policy.model.calendars import calendar_of
from policy.model.records import FilledRecord, Record
from policy.model.suite import Context, Decision, Suite
from policy.model.values import Value
from policy.plugins import discover, run_check

__all__ = ["CENTRE", "Bench", "context_of", "undeclared", "watched"]

CENTRE: Mapping[str, Any] = MappingProxyType(
    {
        "number": "90001",
        "academic_year": "2025/26",
        "year_starts_on": "2025-09-01",
        "year_ends_on": "2026-08-31",
        "country": "england",
        "calendar_periods": (
            {"id": "K1", "kind": "term", "starts_on": "2025-09-01", "ends_on": "2025-12-19"},
            {"id": "K2", "kind": "half_term", "starts_on": "2025-10-27", "ends_on": "2025-10-31"},
            {"id": "K3", "kind": "term", "starts_on": "2026-01-05", "ends_on": "2026-03-27"},
            {"id": "K4", "kind": "term", "starts_on": "2026-04-13", "ends_on": "2026-07-17"},
        ),
    }
)
"""A centre with three terms and nothing else; what a test gives stands in place of its fields."""


def context_of(
    changes: Mapping[str, Any], as_at: str = "2026-07-01", schema: CentreSchema | None = None
) -> Context:
    """Return the context of a run over `CENTRE` with these fields instead of its own.

    `schema`: what the data must satisfy; that of the core unless given.
    """
    import jsonschema_rs

    known = schema or load_schema()
    data = _plain({**CENTRE, **changes})
    validator = jsonschema_rs.validator_for(_plain(known.json))
    problems = [str(error.message) for error in validator.iter_errors(data)]
    assert not problems, problems
    day = date.fromisoformat(as_at)
    linked = link("test.json", data, known.types, day)
    assert linked.document is not None, [item.message for item in linked.diagnostics]
    calendar = calendar_of(linked.document.root)
    return Context(document=linked.document, calendar=calendar, as_at=day)


def watched(suite: Suite, seen: set[str]) -> Suite:
    """Return the suite with functions and checks that note `entity.field` of what they read."""
    return replace(
        suite,
        functions=tuple(replace(item, call=_watching(item.call, seen)) for item in suite.functions),
        checks=tuple(replace(item, decide=_watching(item.decide, seen)) for item in suite.checks),
    )


def undeclared(suite: Suite, seen: set[str]) -> list[str]:
    """Return the fields of `seen` that no function or check of the suite declares to read."""
    declared = {read for item in suite.functions for read in item.reads}
    declared |= {read for item in suite.checks for read in item.reads}
    return sorted(seen - declared)


class Bench:
    """One plugin on the bench, alone: other installed suites take no part.

    `package` is the plugin's package. `seen` collects `entity.field` of every field that its
    functions and checks read while they were called here.
    """

    def __init__(self, package: ModuleType) -> None:
        self._package = package
        self.seen: set[str] = set()

    @cached_property
    def suite(self) -> Suite:
        """The manifest, as the engine would load it."""
        name = self._package.policy_suite().name
        loaded = discover([name], extra={name: self._package})
        problems = [item.message for item in loaded.diagnostics]
        assert not problems, problems
        return watched(loaded.suites[0], self.seen)

    def context(self, changes: Mapping[str, Any], as_at: str = "2026-07-01") -> Context:
        """Return the context of a run over `CENTRE` with these fields instead of its own."""
        schema = load_schema({self.suite.name: self.suite.schema_extensions})
        return context_of(changes, as_at, schema)

    def call(self, name: str, context: Context, *arguments: Value | Record) -> Any:
        """Return what a function answers; the engine asks none whose argument is absent."""
        functions = {item.name: item for item in self.suite.functions}
        assert name in functions, f"there is no `{name}` among {', '.join(sorted(functions))}"
        return functions[name].call(context, *arguments)

    def decide(self, name: str, context: Context, id: str) -> Decision:
        """Return what a check decides for the row of that id, errors as the engine reports them."""
        checks = {item.name: item for item in self.suite.checks}
        assert name in checks, f"there is no `{name}` among {', '.join(sorted(checks))}"
        row = context.document.find(checks[name].scope, id)
        assert row is not None, f"there is no {checks[name].scope} {id}"
        return run_check(checks[name], context, row)

    def undeclared(self) -> list[str]:
        """Return the fields that were read here and that nothing of the suite declares."""
        return undeclared(self.suite, self.seen)


def _watching(call: Callable[..., Any], seen: set[str]) -> Callable[..., Any]:
    @wraps(call)
    def noting(*arguments: Any) -> Any:
        with ExitStack() as stack:
            for kind in (FilledRecord, LinkedRow):
                stack.enter_context(patch.object(kind, "value", _noted(kind.value, seen)))
            return call(*arguments)

    return noting


def _noted(plain: Callable[[Any, str], Value], seen: set[str]) -> Callable[[Any, str], Value]:
    def value(record: Record, name: str) -> Value:
        seen.add(f"{record.entity}.{name}")
        return plain(record, name)

    return value


def _plain(value: Any) -> Any:
    """Return dictionaries and lists all through, as a reader of JSON gives them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
