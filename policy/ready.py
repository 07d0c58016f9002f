"""What judges documents: the specs of a pack as generated code, made as documents ask for it.

`ReadyPack` makes the code from plans. What was made in an earlier run and kept (`pack_cache`)
answers the same questions; `Ready` says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from policy.model.outcomes import Counts, Severity

if TYPE_CHECKING:
    from policy.data.schema import JudgedSchema
    from policy.dsl.compiling.compiler import Compiled
    from policy.dsl.compiling.judging import JudgingCode, OfEntity
    from policy.dsl.compiling.linkers import Linker
    from policy.dsl.meaning.plan import RulePlan, SpecPlan
    from policy.model.diagnostics import Diagnostic
    from policy.model.findings import DemandResult, PluginInfo
    from policy.model.suite import Suite
    from policy.pack import Pack


class Named(Protocol):
    """An edition of a spec, by name."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def edition(self) -> str: ...
    @property
    def hash(self) -> str: ...


class ReadyPackInfo(Protocol):
    """What a report says of a pack, and what reading data needs of it."""

    @property
    def specs(self) -> Sequence[Named]: ...
    @property
    def schema(self) -> JudgedSchema: ...
    @property
    def suites(self) -> Mapping[str, Suite]: ...
    @property
    def plugins(self) -> tuple[PluginInfo, ...]: ...
    @property
    def settings(self) -> Mapping[str, str]: ...
    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]: ...
    @property
    def has_errors(self) -> bool: ...
    def wants(self, rule: str, label: str = "") -> bool: ...


class ReadyRules(Named, Protocol):
    """One edition of a spec, ready to judge. The plans are for those who ask why."""

    @property
    def rules(self) -> tuple[RuleHead, ...]: ...
    @property
    def unasked(self) -> Mapping[tuple[str, str], DemandResult]: ...
    @property
    def code(self) -> JudgingCode: ...
    @property
    def plan(self) -> SpecPlan: ...
    def rule(self, name: str) -> RulePlan: ...


class Ready(Protocol):
    """A pack that is ready to judge."""

    @property
    def pack(self) -> ReadyPackInfo: ...
    @property
    def linker(self) -> Linker: ...
    @property
    def specs(self) -> tuple[ReadyRules, ...]: ...


class DemandHead(Struct):
    """What counts are shown with."""

    label: str
    severity: Severity
    clauses: tuple[str, ...]


class Scope(Struct):
    """Whose rows a rule is about."""

    entity: str


class RuleHead(Struct):
    """A rule without what it asks."""

    name: str
    title: str
    only_year: str
    scope: OfEntity
    demands: tuple[DemandHead, ...]


class ReadySpec(Struct, kw_only=True, dict=True):
    """An edition of a spec, compiled when the first document asks for it."""

    plan: SpecPlan
    pack: Pack

    @property
    def name(self) -> str:
        """Name of the spec."""
        return self.plan.name

    @property
    def title(self) -> str:
        """Title of the spec."""
        return self.plan.title

    @property
    def edition(self) -> str:
        """The academic year it is written for."""
        return self.plan.edition

    @property
    def hash(self) -> str:
        """Hash of its text."""
        return self.plan.hash

    @cached_property
    def rules(self) -> tuple[RuleHead, ...]:
        """The rules, as far as they can be shown."""
        return tuple(map(head_of, self.plan.rules))

    @cached_property
    def unasked(self) -> Mapping[tuple[str, str], DemandResult]:
        """See `unasked_of`."""
        return unasked_of(self)

    @cached_property
    def code(self) -> Compiled:
        """The generated code."""
        from policy.dsl.compiling.compiler import compile_spec

        return compile_spec(self.plan, self.pack.schema.types)

    @cached_property
    def _plans(self) -> Mapping[str, RulePlan]:
        return {rule.name: rule for rule in self.plan.rules}

    def rule(self, name: str) -> RulePlan:
        """Return the plan of a rule."""
        return self._plans[name]


def head_of(rule: RulePlan) -> RuleHead:
    """Return what is shown of a rule."""
    demands = tuple(DemandHead(each.label, each.severity, each.clauses) for each in rule.demands)
    return RuleHead(rule.name, rule.title, rule.only_year, Scope(rule.scope.entity), demands)


def unasked_of(spec: ReadyRules) -> dict[tuple[str, str], DemandResult]:
    """Return the demands of a spec by rule and label, as they are where there is no subject."""
    from policy.model.findings import DemandResult

    name, edition, nothing = spec.name, spec.edition, Counts()
    found: dict[tuple[str, str], DemandResult] = {}
    for rule in spec.rules:
        for demand in rule.demands:
            result = DemandResult(
                spec=name,
                edition=edition,
                rule=rule.name,
                label=demand.label,
                title=rule.title,
                severity=demand.severity,
                clauses=demand.clauses,
                counts=nothing,
            )
            found.setdefault((rule.name, demand.label), result)
    return found


class ReadyPack(Struct, kw_only=True, dict=True):
    """A pack, and generated code for each spec of it that some document was judged by."""

    pack: Pack

    @cached_property
    def linker(self) -> Linker:
        """What makes documents that generated code can read."""
        from policy.dsl.compiling.linkers import linker_of

        return linker_of(self.pack.schema.types)

    @cached_property
    def part_linker(self) -> Linker:
        """What makes rows of nothing but what the rules read; where nobody can tell what that is,
        because plugins take part, as `linker`."""
        from policy.dsl.compiling.linkers import linker_of
        from policy.dsl.compiling.reads import read_part

        suites = [self.pack.suites.get(spec.name) for spec in self.pack.specs]
        if any(check for suite in suites if suite for check in suite.checks):
            return self.linker
        schema = self.pack.schema.types
        part = read_part(schema, self.pack.specs)
        return self.linker if part is None else linker_of(schema, part)

    @cached_property
    def specs(self) -> tuple[ReadySpec, ...]:
        """The specs of the pack, all editions."""
        return tuple(ReadySpec(plan=plan, pack=self.pack) for plan in self.pack.specs)

    def compiled(self, spec: SpecPlan) -> Compiled:
        """Return the generated code of a spec of the pack."""
        (found,) = [each for each in self.specs if each.plan is spec]
        return found.code
