"""From a pack whose specs are generated code to the parts of an entry."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from policy.dsl.compiling.compiler import Generated
from policy.dsl.compiling.linkers import linker_source
from policy.dsl.compiling.row_classes import says_all
from policy.model.suite import Check, Function, Suite
from policy.pack import Pack
from policy.pack_cache.kept_code import address_of, kept, kept_module
from policy.pack_cache.kept_plans import PlanKeeper
from policy.pack_cache.kept_schema import kept_schema
from policy.pack_cache.sections import packed
from policy.ready import ReadyPack, ReadySpec, RuleHead


def parts_of(ready: ReadyPack) -> dict[str, bytes]:
    """Return the parts of an entry. Raises CannotKeep."""
    pack: Pack = ready.pack
    plans = PlanKeeper()
    parts = {
        "pack": marshal.dumps(_pack(pack, ready.specs, plans)),
        "linker": _code(linker_source(pack.schema.types), "<linking>"),
        "schema": marshal.dumps(_plain(pack.schema.json)),
    }
    pieces: dict[str, bytes] = {}
    for spec in ready.specs:
        parts |= _spec_code(spec)
        pieces |= plans.pieces(spec.plan)
    parts["texts"] = plans.kept_texts()
    parts["plans"] = packed(pieces)
    return parts


def _code(source: str, name: str) -> bytes:
    return marshal.dumps(compile(source, name, "exec"))


def _plain(value: Any) -> Any:
    """Return JSON as dictionaries and lists that `marshal` takes."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def _pack(pack: Pack, specs: Iterable[ReadySpec], plans: PlanKeeper) -> dict[str, Any]:
    suites = [pack.suites[name] for name in sorted(pack.suites)]
    return {
        "specs": [_spec(spec) for spec in specs],
        "suites": [_suite(suite) for suite in suites],
        "plugins": [(each.name, each.distribution, each.version) for each in pack.plugins],
        "rules": list(pack.rules),
        "settings": dict(pack.settings),
        "diagnostics": plans.pickled(pack.diagnostics) if pack.diagnostics else b"",
        "schema": kept_schema(pack.schema.types),
        "linker asks all": says_all(pack.schema.types),
    }


def _spec(spec: ReadySpec) -> tuple[Any, ...]:
    plan = spec.plan
    return (
        plan.name,
        plan.title,
        plan.edition,
        plan.hash,
        [(name, kept(value)) for name, value in plan.parameters.items()],
        [item.entity for item in plan.membership],
        [_rule(rule) for rule in spec.rules],
    )


def _rule(rule: RuleHead) -> tuple[Any, ...]:
    demands = [(each.label, str(each.severity), each.clauses) for each in rule.demands]
    return (rule.name, rule.title, rule.only_year, rule.scope.entity, demands)


def _spec_code(spec: ReadySpec) -> dict[str, bytes]:
    """Return a part for each version: no document asks for all of them."""
    code, name = spec.code, f"code of {spec.name} {spec.edition}"
    versions = {"belonging": code.belonging, "general": code.general, "whole": code.whole}
    needs = {rule.name: sorted(code.needs.of(rule)) for rule in spec.plan.rules}
    return {
        f"{name}/needs": marshal.dumps(needs),
        **{f"{name}/{kind}": marshal.dumps(_module(each)) for kind, each in versions.items()},
    }


def _module(code: Generated) -> dict[str, Any]:
    return {
        **kept_module(code.namespace),
        "rules": _names(code.rules),
        "membership": _names(code.membership),
        "remembered": {name: arguments for name, (_, arguments) in code.remembered.items()},
    }


def _names(functions: Mapping[str, Callable[..., Any]]) -> dict[str, str]:
    return {key: function.__name__ for key, function in functions.items()}


def _suite(suite: Suite) -> tuple[Any, ...]:
    return (
        *(suite.name, suite.title, suite.prefixes),
        [_check(check) for check in suite.checks],
        [_function(each) for each in suite.functions],
    )


def _check(check: Check) -> tuple[Any, ...]:
    return (
        check.name,
        check.title,
        check.scope,
        str(check.severity),
        check.clauses,
        address_of(check.decide),
        check.owner,
        check.remedy,
        check.reads,
    )


def _function(function: Function) -> tuple[Any, ...]:
    return (
        function.name,
        [(each.name, each.type) for each in function.parameters],
        function.returns,
        address_of(function.call),
        function.description,
        function.reads,
    )
