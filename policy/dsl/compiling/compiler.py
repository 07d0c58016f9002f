"""From the plans of a pack to functions that judge documents.

In: specs as plans, the schema. Out: a `Compiled` for each spec, which gives every outcome of a
document. A rule that cannot be compiled is named in `left`, with the reason, and is for the
reference evaluator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from policy.dsl.compiling import verdicts
from policy.dsl.compiling.memberships import Members
from policy.dsl.compiling.program import Program
from policy.dsl.compiling.quantifiers import Quantifiers
from policy.dsl.compiling.rules import RuleWriter
from policy.dsl.compiling.shapes import NotCompiled, row
from policy.dsl.compiling.source import Code
from policy.dsl.meaning import plan
from policy.dsl.meaning.reasons import ANOTHER_EDITION, THIS_YEAR_ONLY
from policy.model.calendars import Calendar
from policy.model.entities import Schema
from policy.model.outcomes import Outcome
from policy.model.records import Document, Record
from policy.model.suite import Context
from policy.model.values import Value

_VERDICTS = {
    name: getattr(verdicts, name)
    for name in (
        *("MET", "BREACHED", "UNKNOWN_OUTCOME", "ERROR", "NOT_APPLICABLE"),
        *("outcome_of", "doubted", "outcome_by"),
    )
}


@dataclass(frozen=True, slots=True)
class Witness:
    """One outcome of one demand: `number` is the demand's place in the rule."""

    number: int
    outcome: Outcome
    reason: str
    record: Record
    second: Value | None


@dataclass(kw_only=True)
class Ended:
    """How the demands of a rule ended: `counts` of what is silent, by demand, outcome and reason;
    `witnesses`: everything else."""

    counts: Counter[tuple[int, Outcome, str]] = field(default_factory=Counter)
    witnesses: list[Witness] = field(default_factory=list)

    def add(self, *fields: Any) -> None:
        """Take down a witness."""
        self.witnesses.append(Witness(*fields))

    def count(self, number: int, outcome: Outcome, reason: str, times: int) -> None:
        """Count silent outcomes."""
        if times:
            self.counts[number, outcome, reason] += times

    def elsewhere(self, reason: str) -> Ended:
        """Return the same with every outcome replaced by *not applicable*."""
        counts: Counter[tuple[int, Outcome, str]] = Counter()
        for (number, _, _), times in self.counts.items():
            counts[number, Outcome.NOT_APPLICABLE, reason] += times
        for item in self.witnesses:
            counts[item.number, Outcome.NOT_APPLICABLE, reason] += 1
        return Ended(counts=counts)


class Run:
    """One spec over one document: what generated code asks besides rows."""

    def __init__(
        self, spec: plan.SpecPlan, document: Document, calendar: Calendar, as_at: date, stores: int
    ) -> None:
        self.as_at = as_at
        self.calendar = calendar
        self.year = calendar.year
        self.context = Context(
            document=document,
            calendar=calendar,
            as_at=as_at,
            parameters=MappingProxyType(dict(spec.parameters)),
        )
        self._placed: dict[tuple[int, int], date] = {}
        for number in range(1, stores + 1):
            setattr(self, f"store_{number}", {})

    def place(self, day: int, month: int) -> date:
        """Return that day of that month in the academic year."""
        found = self._placed.get((day, month))
        if found is None:
            found = self._placed[day, month] = self.calendar.place(day, month)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """Functions of one generated module by what they are for, and its source. `left`: name of a
    rule -> why it was not compiled. `stores`: dictionaries that a run of it needs."""

    source: str
    functions: Mapping[str, Callable[..., Any]]
    stores: int
    left: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """A spec ready to judge. Its rules are compiled when the first row belongs to it: most
    documents have none for most specs."""

    spec: plan.SpecPlan
    schema: Schema
    witnessed: bool

    @cached_property
    def membership(self) -> Generated:
        """The conditions under which rows belong, by entity."""
        return _memberships(self.spec, self.schema)

    @cached_property
    def generated(self) -> Generated:
        """The rules, by name."""
        return _rules(self.spec, self.schema, witnessed=self.witnessed)

    @property
    def source(self) -> str:
        """The code of the rules."""
        return self.generated.source

    @property
    def left(self) -> Mapping[str, str]:
        """Name of a rule -> why it was not compiled."""
        return self.generated.left

    @property
    def rules(self) -> Mapping[str, Callable[..., Any]]:
        """Name of a rule -> its function."""
        return self.generated.functions

    def over(self, document: Document, calendar: Calendar, as_at: date) -> Judging:
        """Return what judges one document."""
        return Judging(self, document, calendar, as_at)


class Judging:
    """One spec over one document. `context` is what plugins are given."""

    def __init__(
        self, compiled: Compiled, document: Document, calendar: Calendar, as_at: date
    ) -> None:
        self._compiled = compiled
        self._document, self._calendar, self._as_at = document, calendar, as_at
        known = compiled.membership
        run = Run(compiled.spec, document, calendar, as_at, known.stores)
        self.context = run.context
        self.members = Members(run, document, known.functions)
        self.is_older = document.academic_year < compiled.spec.edition

    @cached_property
    def _run(self) -> Run:
        stores = self._compiled.generated.stores
        return Run(self._compiled.spec, self._document, self._calendar, self._as_at, stores)

    def ended(self, rule: plan.RulePlan) -> Ended | None:
        """Return how the demands of a rule ended, None if it was not compiled."""
        ended = Ended()
        rows, owners = self.members.of(rule.scope.entity), self.members.owners(rule.scope.entity)
        if not rows and not owners:
            return ended
        function = self._compiled.rules.get(rule.name)
        if function is None:
            return None
        function(self._run, ended.add, ended.count, rows, owners)
        reason = ""
        if self.is_older:
            reason = ANOTHER_EDITION
        elif rule.only_year not in ("", self.context.document.academic_year):
            reason = THIS_YEAR_ONLY
        return ended.elsewhere(reason) if reason else ended

    def unknown_members(self) -> list[tuple[Outcome, Record]]:
        """Return the rows of which nobody knows whether the spec applies, and how that counts."""
        if self.is_older:
            return []
        return [
            (verdicts.outcome_of(mark), record)
            for item in self._compiled.spec.membership
            for mark, record in self.members.undecided(item.entity)
        ]


def compile_spec(spec: plan.SpecPlan, schema: Schema, *, witnessed: bool = False) -> Compiled:
    """Return what judges by a spec. `witnessed`: name every subject, met ones too."""
    return Compiled(spec=spec, schema=schema, witnessed=witnessed)


def _rules(spec: plan.SpecPlan, schema: Schema, *, witnessed: bool) -> Generated:
    program = _program(spec, schema)
    left: dict[str, str] = {}
    names: dict[str, str] = {}
    for rule in spec.rules:
        name = program.name(f"rule_{rule.name}")

        def write(rule: plan.RulePlan = rule, name: str = name) -> None:
            text = RuleWriter(program, rule, witnessed=witnessed).function(name)
            program.functions.append(text)

        try:
            program.attempt(write)
        except NotCompiled as reason:
            left[rule.name] = str(reason)
        else:
            names[rule.name] = name
    return _executed(program, names, left)


def _memberships(spec: plan.SpecPlan, schema: Schema) -> Generated:
    program = _program(spec, schema)
    names = {item.entity: _membership(program, item) for item in spec.membership}
    return _executed(program, names, {})


def _program(spec: plan.SpecPlan, schema: Schema) -> Program:
    program = Program(schema=schema, spec=spec, verdicts=_VERDICTS)
    program.namespace.update(_VERDICTS)
    return program


def _executed(program: Program, names: Mapping[str, str], left: Mapping[str, str]) -> Generated:
    source = "\n\n".join(program.functions)
    namespace = program.namespace
    spec = program.spec
    exec(compile(source, f"<{spec.name} {spec.edition}>", "exec"), namespace)
    return Generated(
        source=source,
        functions={what: namespace[name] for what, name in names.items()},
        stores=program.stores,
        left=left,
    )


def _membership(program: Program, item: plan.MembershipPlan) -> str:
    body = program.body("run")
    subject = body.name(item.variable)
    env = {item.variable: Code(text=subject, shape=row(item.entity), is_atom=True)}
    code = Quantifiers(program, body).truth(item.condition, env)
    name = program.name(f"applies_to_{item.entity}")
    lines = f"{body.text()}\n" if body.lines else ""
    program.functions.append(f"def {name}(run, {subject}):\n{lines}    return {code.text}\n")
    return name


__all__ = ["Compiled", "Ended", "NotCompiled", "compile_spec"]
