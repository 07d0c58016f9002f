"""One document before generated code: what the code asks, and how each rule ended.

Imports nothing of what generates code, so that code generated before can run without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from policy.dsl.compiling import verdicts
from policy.dsl.compiling.memberships import Members
from policy.dsl.compiling.runs import Run
from policy.dsl.meaning.reasons import ANOTHER_EDITION, THIS_YEAR_ONLY
from policy.model.calendars import Calendar
from policy.model.outcomes import Outcome
from policy.model.records import Document, Record
from policy.model.suite import Context
from policy.model.values import Value

if TYPE_CHECKING:
    from policy.dsl.compiling.runs import Remembered


class OfEntity(Protocol):
    """What is about the rows of one entity."""

    @property
    def entity(self) -> str: ...


class JudgingRule(Protocol):
    """What judging needs to know of a rule: a `RulePlan`, or less."""

    @property
    def name(self) -> str: ...
    @property
    def scope(self) -> OfEntity: ...
    @property
    def only_year(self) -> str: ...


class JudgingSpec(Protocol):
    """What judging needs to know of a spec: a `SpecPlan`, or less."""

    @property
    def edition(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Value]: ...
    @property
    def membership(self) -> Sequence[OfEntity]: ...


class JudgingModule(Protocol):
    """One module of generated code."""

    @property
    def rules(self) -> Mapping[str, Callable[..., None]]: ...
    @property
    def membership(self) -> Mapping[str, Callable[..., Any]]: ...
    @property
    def remembered(self) -> Mapping[str, Remembered]: ...


class JudgingNeeds(Protocol):
    """Which collections rules go through."""

    def of(self, rule: Any) -> frozenset[str]: ...


class JudgingCode(Protocol):
    """Generated code: a `Compiled`, or what was kept of one."""

    @property
    def spec(self) -> JudgingSpec: ...
    @property
    def needs(self) -> JudgingNeeds: ...
    @property
    def belonging(self) -> JudgingModule: ...
    @property
    def general(self) -> JudgingModule: ...
    @property
    def whole(self) -> JudgingModule: ...


class Witness(Struct, frozen=True):
    """One outcome of one demand: `number` is the demand's place in the rule."""

    number: int
    outcome: Outcome
    reason: str
    record: Record
    second: Value | None


class Ended(Struct, kw_only=True):
    """How the demands of a rule ended: `counts` of what is silent, by demand, outcome and reason;
    `witnesses`: everything else."""

    counts: dict[tuple[int, Outcome, str], int] = field(default_factory=dict)
    witnesses: list[Witness] = field(default_factory=list)

    def add(self, *fields: Any) -> None:
        """Take down a witness."""
        self.witnesses.append(Witness(*fields))

    def count(self, number: int, outcome: Outcome, reason: str, times: int) -> None:
        """Count silent outcomes."""
        if times:
            key = (number, outcome, reason)
            self.counts[key] = self.counts.get(key, 0) + times

    def elsewhere(self, reason: str) -> Ended:
        """Return the same with every outcome replaced by *not applicable*."""
        ended = Ended()
        for (number, _, _), times in self.counts.items():
            ended.count(number, Outcome.NOT_APPLICABLE, reason, times)
        for item in self.witnesses:
            ended.count(item.number, Outcome.NOT_APPLICABLE, reason, 1)
        return ended


class Judging:
    """One spec over one document, which a generated linker made. `context` is what plugins are
    given."""

    def __init__(
        self, compiled: JudgingCode, document: Document, calendar: Calendar, as_at: date
    ) -> None:
        self._compiled = compiled
        self.context = Context(
            document=document,
            calendar=calendar,
            as_at=as_at,
            parameters=MappingProxyType(dict(compiled.spec.parameters)),
        )
        entities = document.schema.entities
        self._lacking = {entities[each].collection for each in document.lacking}
        links = getattr(document.root, "links", None)
        self._is_whole = links is not None and not links.is_dangling
        asked: Mapping[str, Callable[..., Any]] = {}
        if compiled.spec.membership:
            asked = compiled.belonging.membership
        self.members = Members(self._run(compiled.belonging) if asked else None, document, asked)
        self.is_older = document.academic_year < compiled.spec.edition

    @cached_property
    def _general(self) -> Run:
        return self._run(self._compiled.general)

    @cached_property
    def _whole(self) -> Run:
        return self._run(self._compiled.whole)

    def _run(self, code: JudgingModule) -> Run:
        return Run(self.context, code.remembered)

    def ended(self, rule: JudgingRule) -> Ended | None:
        """Return how the demands of a rule ended, None if it was not compiled."""
        ended = Ended()
        rows, owners = self.members.of(rule.scope.entity), self.members.owners(rule.scope.entity)
        if not rows and not owners:
            return ended
        function, run = self._function(rule)
        if function is None:
            return None
        function(run, ended.add, ended.count, rows, owners)
        reason = ""
        if self.is_older:
            reason = ANOTHER_EDITION
        elif rule.only_year not in ("", self.context.document.academic_year):
            reason = THIS_YEAR_ONLY
        return ended.elsewhere(reason) if reason else ended

    def _function(self, rule: JudgingRule) -> tuple[Callable[..., None] | None, Run]:
        """Return the version of a rule that can judge this document, and what it asks."""
        compiled, lacking = self._compiled, self._lacking
        if self._is_whole and (not lacking or lacking.isdisjoint(compiled.needs.of(rule))):
            function = compiled.whole.rules.get(rule.name)
            if function is not None:
                return function, self._whole
        return compiled.general.rules.get(rule.name), self._general

    def unknown_members(self) -> list[tuple[Outcome, Record]]:
        """Return the rows of which nobody knows whether the spec applies, and how that counts."""
        if self.is_older:
            return []
        return [
            (verdicts.outcome_of(mark), record)
            for item in self._compiled.spec.membership
            for mark, record in self.members.undecided(item.entity)
        ]
