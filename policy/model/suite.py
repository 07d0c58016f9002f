"""The manifest a plugin returns: what a suite brings, as data.

A suite is a qualification family, or what several families share. Its specs lie in `specs/<name>/`;
its Python lies in one package that returns one `Suite` from the hook `policy_suite`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from policy.model.calendars import Calendar
from policy.model.findings import Evidence
from policy.model.outcomes import Outcome, Severity
from policy.model.records import Document, Record
from policy.model.values import Cause, Value


class Context(Struct, frozen=True, kw_only=True):
    """What a plugin may know of the run besides its arguments. There is no other clock."""

    document: Document
    calendar: Calendar
    as_at: date
    parameters: Mapping[str, Value] = field(default_factory=dict)


class Parameter(Struct, frozen=True, kw_only=True):
    """A parameter of a plugin's function; `type` in the words of the rule language."""

    name: str
    type: str


class Function(Struct, frozen=True, kw_only=True):
    """A pure function that rules may call as if it were built in.

    `returns` and the parameters' types are written as in a spec: `text`, `date`, `boolean`,
    `integer`, `number`, `list of text`, `submission`, `list of staff`, `one of (P, M, D)`.
    `call(context, *arguments)` gets no absent argument (the engine answers unknown for those) and
    may return `Missing` or `Unknown` with causes. `reads` lists the fields it looks at, as
    `entity.field`. `description` is printed by `policy plugins`.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    call: Callable[..., Any]
    description: str
    reads: tuple[str, ...] = ()


class Decision(Struct, frozen=True, kw_only=True):
    """What a check came to for one subject. `message` is needed for breached and error."""

    outcome: Outcome
    message: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[Cause, ...] = ()
    due_on: date | None = None
    reason: str = ""
    """For *not applicable*: why."""
    at: Record | None = None
    """The row to point at, when it is not the subject."""


class Check(Struct, frozen=True, kw_only=True):
    """A demand decided by Python: `decide(context, subject)` for each row of `scope` that belongs
    to the spec of the same name as the suite. One decision per subject, so the counts add up."""

    name: str
    title: str
    scope: str
    severity: Severity
    clauses: tuple[str, ...]
    decide: Callable[[Context, Record], Decision]
    owner: str = ""
    remedy: str = ""
    reads: tuple[str, ...] = ()


class Suite(Struct, frozen=True, kw_only=True):
    """What a plugin brings.

    `prefixes`: of the clause ids it may cite (`ABC-`). `schema_extensions`: JSON Schema fragments,
    entity name -> properties it adds. `spec_package`: import name of the package that holds
    `<name>/*.policy`, for suites that ship their own specs; None means the specs of this project.
    """

    name: str
    title: str
    prefixes: tuple[str, ...]
    functions: tuple[Function, ...] = ()
    checks: tuple[Check, ...] = ()
    schema_extensions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    spec_package: str | None = None

    def clashes_with(self, other: Suite) -> Iterable[str]:
        """Yield the names of functions that both suites declare."""
        mine = {function.name for function in self.functions}
        return sorted(mine & {function.name for function in other.functions})
