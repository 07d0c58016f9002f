"""From the plans of a pack to functions that judge documents.

In: specs as plans, the schema. Out: a `Compiled` for each spec, whose `judge` gives every outcome
of a document. A rule that cannot be compiled is named
in `left`, with the reason, and is for the reference evaluator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any

from msgspec import Struct

from policy.dsl.compiling import verdicts
from policy.dsl.compiling.drawings import repeated_drawings
from policy.dsl.compiling.judging import Ended, Judging
from policy.dsl.compiling.needs import Needs, uses_of_definitions
from policy.dsl.compiling.program import FEW, Program
from policy.dsl.compiling.quantifiers import Quantifiers
from policy.dsl.compiling.rules import RuleWriter
from policy.dsl.compiling.runs import Remembered
from policy.dsl.compiling.shapes import NotCompiled, row
from policy.dsl.compiling.source import Code
from policy.dsl.meaning import plan
from policy.model.calendars import Calendar
from policy.model.entities import Schema
from policy.model.records import Document

_VERDICTS = {
    name: getattr(verdicts, name)
    for name in (
        *("MET", "BREACHED", "UNKNOWN_OUTCOME", "ERROR", "NOT_APPLICABLE"),
        *("outcome_of", "doubted", "outcome_by"),
    )
}


class Version(Enum):
    """Versions of the code of a spec."""

    BELONGING = "whom the spec judges"
    GENERAL = "the rules, for any document"
    WHOLE = "the rules, for documents that lack no reference and no collection"


class Generated(Struct, frozen=True, kw_only=True):
    """One module of generated code, run. `left`: rule -> why it was not compiled. `rules`: rule ->
    its function, `membership`: entity -> its condition. `remembered`: what a run asks once."""

    source: str
    left: Mapping[str, str]
    rules: Mapping[str, Callable[..., None]]
    membership: Mapping[str, Callable[..., Any]]
    remembered: Mapping[str, Remembered]
    namespace: Mapping[str, Any]
    """The module itself, for whoever keeps it."""


class Compiled:
    """A spec ready to judge, in two versions of generated code, each made when it is first needed.

    `general` is for any document. `whole` leaves out what only documents with references to nobody
    or absent collections need: a rule of it may judge a document that has all it asks for.
    """

    def __init__(
        self, spec: plan.SpecPlan, schema: Schema, *, witnessed: bool, few: int = FEW
    ) -> None:
        self.spec = spec
        self.needs = Needs(spec)
        self._schema = schema
        self._witnessed = witnessed
        self._few = few

    @cached_property
    def general(self) -> Generated:
        """Code for any document."""
        return self._generated(Version.GENERAL)

    @cached_property
    def whole(self) -> Generated:
        """Code for documents that lack no reference and no collection."""
        return self._generated(Version.WHOLE)

    @cached_property
    def belonging(self) -> Generated:
        """The conditions of membership, for any document."""
        return self._generated(Version.BELONGING)

    @cached_property
    def _uses(self) -> Mapping[str, int]:
        return uses_of_definitions(self.spec)

    @cached_property
    def _repeated(self) -> frozenset[plan.Operation]:
        return repeated_drawings(self.spec)

    def _generated(self, version: Version) -> Generated:
        is_of_rules = version is not Version.BELONGING
        program = Program(
            schema=self._schema,
            spec=self.spec,
            verdicts=_VERDICTS,
            is_whole=version is Version.WHOLE,
            uses=self._uses if is_of_rules else {},
            repeated=self._repeated if is_of_rules else frozenset(),
            few=self._few,
        )
        return generated(program, version, witnessed=self._witnessed)

    @property
    def source(self) -> str:
        """The generated code for any document."""
        return self.general.source

    @property
    def left(self) -> Mapping[str, str]:
        """Rule that was not compiled -> why."""
        return self.general.left

    @property
    def rules(self) -> Mapping[str, Callable[..., None]]:
        """Rule -> its function, for any document."""
        return self.general.rules

    def over(self, document: Document, calendar: Calendar, as_at: date) -> Judging:
        """Return what judges one document."""
        return Judging(self, document, calendar, as_at)


def compile_spec(
    spec: plan.SpecPlan, schema: Schema, *, witnessed: bool = False, few: int = FEW
) -> Compiled:
    """Compile what can be compiled of a spec, as it is needed.

    `witnessed`: name every subject, met ones too. `few`: see `Program`.
    """
    return Compiled(spec, schema, witnessed=witnessed, few=few)


def generated(program: Program, version: Version, *, witnessed: bool) -> Generated:
    """Write a version of the code of a spec and run it."""
    spec = program.spec
    program.namespace.update(_VERDICTS)
    left: dict[str, str] = {}
    names: dict[str, str] = {}
    memberships: dict[str, str] = {}
    if version is Version.BELONGING:
        memberships = {item.entity: _membership(program, item) for item in spec.membership}
    for rule in () if version is Version.BELONGING else spec.rules:
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
    source = "\n\n".join(program.functions)
    namespace = program.namespace
    exec(compile(source, f"<{spec.name} {spec.edition}>", "exec"), namespace)
    return Generated(
        source=source,
        left=left,
        rules={rule: namespace[name] for rule, name in names.items()},
        membership={entity: namespace[name] for entity, name in memberships.items()},
        remembered={name: (namespace[name], arity) for name, arity in program.remembered.items()},
        namespace=namespace,
    )


def _membership(program: Program, item: plan.MembershipPlan) -> str:
    body = program.body("run")
    subject = body.name(item.variable)
    env = {item.variable: Code(text=subject, shape=row(item.entity), is_atom=True)}
    code = Quantifiers(program, body).truth(item.condition, env)
    name = program.name(f"applies_to_{item.entity}")
    program.functions.append(f"def {name}(run, {subject}):\n{body.returning(code.text)}")
    return name


__all__ = ["Compiled", "Ended", "NotCompiled", "compile_spec"]
