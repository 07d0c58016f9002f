"""A pack from an entry: what judges documents, made of the parts as they are asked for."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policy.dsl.compiling.linkers import Linker, linker_from
from policy.model.findings import DemandResult, PluginInfo
from policy.model.outcomes import Severity
from policy.model.suite import Check, Function, Parameter, Suite
from policy.pack_cache.kept_code import Deferred, KeptModule, function_at
from policy.pack_cache.kept_schema import schema_of
from policy.ready import DemandHead, RuleHead, Scope, unasked_of

if TYPE_CHECKING:
    from policy.dsl.compiling.judging import OfEntity
    from policy.dsl.compiling.runs import Remembered
    from policy.dsl.meaning.plan import RulePlan, SpecPlan
    from policy.model.diagnostics import Diagnostic
    from policy.model.entities import Schema
    from policy.model.values import Value
    from policy.pack_cache.kept_plans import KeptPlans
    from policy.pack_cache.sections import Sections


CallAt = Callable[[str, str], Callable[..., Any]]
"""From the module and name of a function of a plugin to what calls it."""


class KeptSchema:
    """The schema: `json` is only read for data that are not at once known to be valid."""

    def __init__(self, sections: Sections, kept: tuple[Any, ...]) -> None:
        self._sections = sections
        self._kept = kept

    @cached_property
    def types(self) -> Schema:
        """Entities and fields."""
        return schema_of(self._kept)

    @cached_property
    def json(self) -> Mapping[str, Any]:
        """The JSON Schema."""
        found: Mapping[str, Any] = marshal.loads(self._sections.part("schema"))
        return found


class _Made(Mapping[str, "Any"]):
    """A mapping whose values are made when they are asked for, each once."""

    def __init__(self, names: Mapping[str, Any], make: Callable[[Any], Any]) -> None:
        self._names = names
        self._make = make
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._make(self._names[name])
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class KeptVersion:
    """One module of generated code."""

    def __init__(self, kept: Mapping[str, Any], functions: Mapping[str, Function]) -> None:
        module = KeptModule(kept, functions)
        names = kept["remembered"]
        self.rules: Mapping[str, Callable[..., None]] = _Made(kept["rules"], module.function)
        self.membership: Mapping[str, Callable[..., Any]] = {
            entity: module.function(name) for entity, name in kept["membership"].items()
        }
        self.remembered: Mapping[str, Remembered] = _Made(
            {name: name for name in names}, lambda name: (module.function(name), names[name])
        )


class KeptNeeds:
    """Which collections rules go through."""

    def __init__(self, kept: Mapping[str, list[str]]) -> None:
        self._of: Mapping[str, frozenset[str]] = _Made(kept, frozenset)

    def of(self, rule: Any) -> frozenset[str]:
        """Return the names of the collections that a rule goes through."""
        return self._of[rule.name]


class KeptCode:
    """Generated code of a spec."""

    def __init__(self, spec: KeptSpec, part: Callable[[str], bytes]) -> None:
        self.spec = spec
        self._part = part

    def _read(self, name: str) -> Any:
        return marshal.loads(self._part(f"code of {self.spec.name} {self.spec.edition}/{name}"))

    def _version(self, name: str) -> KeptVersion:
        return KeptVersion(self._read(name), self.spec.functions)

    @cached_property
    def needs(self) -> KeptNeeds:
        """Which collections rules go through."""
        return KeptNeeds(self._read("needs"))

    @cached_property
    def belonging(self) -> KeptVersion:
        """The conditions of membership."""
        return self._version("belonging")

    @cached_property
    def general(self) -> KeptVersion:
        """The rules, for any document."""
        return self._version("general")

    @cached_property
    def whole(self) -> KeptVersion:
        """The rules, for documents that lack no reference and no collection."""
        return self._version("whole")


class KeptSpec:
    """An edition of a spec."""

    def __init__(self, pack: KeptPack, kept: tuple[Any, ...]) -> None:
        self.name, self.title, self.edition, self.hash, parameters, entities, rules = kept
        self._pack = pack
        self._parameters = parameters
        self._rules = rules
        self.membership: Sequence[OfEntity] = [Scope(entity) for entity in entities]

    @property
    def functions(self) -> Mapping[str, Function]:
        """What rules may call."""
        return self._pack.functions

    @cached_property
    def parameters(self) -> Mapping[str, Value]:
        """Values of the parameters in this run."""
        value = KeptModule({"pieces": {}, "constants": {}, "tables": {}}, {}).value
        return {name: value(kept) for name, kept in self._parameters}

    @cached_property
    def rules(self) -> tuple[RuleHead, ...]:
        """The rules, as far as they are shown."""
        return tuple([_rule(*each) for each in self._rules])

    @cached_property
    def unasked(self) -> Mapping[tuple[str, str], DemandResult]:
        """See `unasked_of`."""
        return unasked_of(self)

    @cached_property
    def code(self) -> KeptCode:
        """The generated code."""
        return KeptCode(self, self._pack.sections.part)

    @cached_property
    def plan(self) -> SpecPlan:
        """The plan without its rules, for those who ask why."""
        return self._pack.plans.spec(f"{self.name} {self.edition}")

    @cached_property
    def _plans(self) -> Mapping[str, RulePlan]:
        spec = f"{self.name} {self.edition}"
        names = {each[0]: each[0] for each in self._rules}
        return _Made(names, lambda name: self._pack.plans.rule(spec, name))

    def rule(self, name: str) -> RulePlan:
        """Return the plan of a rule."""
        return self._plans[name]


_SEVERITIES: Mapping[str, Severity] = {str(each): each for each in Severity}


def _rule(name: str, title: str, only_year: str, entity: str, demands: list[Any]) -> RuleHead:
    made = tuple(
        [DemandHead(label, _SEVERITIES[severity], clauses) for label, severity, clauses in demands]
    )
    return RuleHead(name, title, only_year, Scope(entity), made)


class KeptPack:
    """What there is to know of the pack. Packs with errors are not kept."""

    has_errors = False

    def __init__(self, sections: Sections, kept: Mapping[str, Any], call: CallAt) -> None:
        self.sections = sections
        self._kept = kept
        self._call = call
        self.rules: tuple[str, ...] = tuple(kept["rules"])
        self.settings: Mapping[str, str] = kept["settings"]
        self.schema = KeptSchema(sections, kept["schema"])
        self.linker_asks_all: bool = kept["linker asks all"]
        self.specs = tuple([KeptSpec(self, each) for each in kept["specs"]])

    @cached_property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """The plugins that took part."""
        return tuple(
            PluginInfo(name=name, distribution=distribution, version=version)
            for name, distribution, version in self._kept["plugins"]
        )

    @cached_property
    def suites(self) -> Mapping[str, Suite]:
        """The suites with their checks."""
        return {
            name: Suite(
                name=name,
                title=title,
                prefixes=prefixes,
                checks=tuple([_check(self._call, *each) for each in checks]),
                functions=tuple([self.functions[each[0]] for each in functions]),
            )
            for name, title, prefixes, checks, functions in self._kept["suites"]
        }

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """What rules may call, by name."""
        return {
            each[0]: _function(self._call, *each)
            for *_, functions in self._kept["suites"]
            for each in functions
        }

    @cached_property
    def plans(self) -> KeptPlans:
        """The plans."""
        from policy.pack_cache.kept_plans import KeptPlans

        return KeptPlans(self.sections, self.functions)

    @cached_property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Notes and warnings about the specs."""
        kept = self._kept["diagnostics"]
        return self.plans.unpickled(kept) if kept else ()

    def wants(self, rule: str, label: str = "") -> bool:
        """Whether a rule (or a demand of it) is to be judged in this run."""
        asked = self.rules
        return not asked or rule in asked or (bool(label) and f"{rule}.{label}" in asked)


def _check(
    call: CallAt,
    name: str,
    title: str,
    scope: str,
    severity: str,
    clauses: tuple[str, ...],
    address: tuple[str, str],
    owner: str,
    remedy: str,
    reads: tuple[str, ...],
) -> Check:
    return Check(
        name=name,
        title=title,
        scope=scope,
        severity=_SEVERITIES[severity],
        clauses=clauses,
        decide=call(*address),
        owner=owner,
        remedy=remedy,
        reads=reads,
    )


def _function(
    call: CallAt,
    name: str,
    parameters: list[tuple[str, str]],
    returns: str,
    address: tuple[str, str],
    description: str,
    reads: tuple[str, ...],
) -> Function:
    return Function(
        name=name,
        parameters=tuple(Parameter(name=each, type=kind) for each, kind in parameters),
        returns=returns,
        call=call(*address),
        description=description,
        reads=reads,
    )


class KeptReady:
    """A kept pack, ready to judge. `at_once`: functions of plugins are imported now."""

    def __init__(self, sections: Sections, *, at_once: bool = False) -> None:
        self._sections = sections
        self.is_whole = sections.is_whole
        call = function_at if at_once else Deferred
        self.pack = KeptPack(sections, marshal.loads(sections.part("pack")), call)
        if at_once:
            self.pack.suites  # noqa: B018 - raises what keeps a function from being found

    @property
    def specs(self) -> tuple[KeptSpec, ...]:
        """The specs, all editions."""
        return self.pack.specs

    def make_all(self) -> None:
        """Make all functions now, so that copies of this process share them. Plans wait: a document
        asks for few of them, and they take longer."""
        for spec in self.specs:
            for module in (spec.code.belonging, spec.code.whole, spec.code.general):
                for made in (module.rules, module.membership, module.remembered):
                    dict(made)

    @cached_property
    def linker(self) -> Linker:
        """What makes documents that generated code can read."""
        code = marshal.loads(self._sections.part("linker"))
        return linker_from(self.pack.schema.types, "", code, self.pack.linker_asks_all)
