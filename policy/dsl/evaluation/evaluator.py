"""The reference evaluator: what each operation of a plan means.

In: a spec's plan, one linked document with its calendar, the day of the run. Out: the value of any
operation under given bindings: a value, or `Missing`, `Unknown` or `Failure` with what caused it,
or a partial value (see `partial`) where the rest is lacking. Nothing here raises for what stands
in data or spec.

Slow and obvious on purpose: `MEANINGS` reads like the language reference. Only definitions and
table rows are remembered, for one document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias

from policy.dsl.evaluation import arithmetic, comparison, draws, plugin_calls
from policy.dsl.evaluation.kleene import Truth, conjunction, disjunction, negation, truth
from policy.dsl.evaluation.partial import Result, joined, listing, merged, settled
from policy.dsl.meaning import plan
from policy.dsl.meaning.library import BUILT_INS, strict
from policy.model.calendars import Calendar
from policy.model.records import Document, Record, Row
from policy.model.suite import Context
from policy.model.values import (
    Cause,
    CauseKind,
    Failure,
    Missing,
    Unknown,
    Value,
    causes_of,
    is_absent,
    worst,
)

Bindings: TypeAlias = Mapping[str, Result]
"""What each variable in scope stands for."""


class Evaluator:
    """Evaluates operations of one spec over one document, as at one day.

    `parameters`: values set for this run; they replace those of the plan.
    """

    def __init__(
        self,
        spec: plan.SpecPlan,
        document: Document,
        calendar: Calendar,
        as_at: date,
        parameters: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        self.plan = spec
        self.document = document
        self.context = Context(
            document=document,
            calendar=calendar,
            as_at=as_at,
            parameters=MappingProxyType({**spec.parameters, **parameters}),
        )
        self._applied: dict[tuple[str, tuple[Result, ...]], Result] = {}
        self._rows: dict[str, tuple[Row, ...]] = {}

    @property
    def calendar(self) -> Calendar:
        """The calendar of the document."""
        return self.context.calendar

    @property
    def as_at(self) -> date:
        """The day of the run."""
        return self.context.as_at

    def value(self, operation: plan.Operation, bindings: Bindings) -> Result:
        """Return what `operation` comes to."""
        return MEANINGS[type(operation)](self, operation, bindings)

    def truth(self, operation: plan.Operation, bindings: Bindings) -> Truth:
        """Return a yes/no `operation` as truth: missing counts as unknown."""
        return truth(self.value(operation, bindings))

    def applied(self, name: str, arguments: tuple[Result, ...]) -> Result:
        """Return a definition applied to `arguments`, computed once for each of them."""
        key = (name, arguments)
        if key not in self._applied:
            definition = self.plan.definitions[name]
            bindings = dict(zip(definition.parameters, arguments, strict=True))
            self._applied[key] = self.value(definition.body, bindings)
        return self._applied[key]

    def table_rows(self, name: str) -> tuple[Row, ...] | Unknown:
        """Return the rows of a table; unknown, naming it, if its pack is not loaded."""
        rows = self.plan.tables[name].rows
        if rows is None:
            return Unknown((Cause(CauseKind.NO_PACK, "", "", name),))
        if name not in self._rows:
            self._rows[name] = tuple(
                Row(name, number, cells) for number, cells in enumerate(rows, start=1)
            )
        return self._rows[name]


# ---------------------------------------------------------------- navigation


def _field(run: Evaluator, op: plan.FieldOf, bindings: Bindings) -> Result:
    row = settled(run.value(op.of, bindings))
    if is_absent(row):
        return row
    if isinstance(row, Record) and op.field == row.type.id_field:
        return row.id
    if isinstance(row, Record | Row):
        return row.value(op.field)
    raise TypeError("the checker lets only rows have fields")


def _ancestor(run: Evaluator, op: plan.Ancestor, bindings: Bindings) -> Result:
    row = settled(run.value(op.of, bindings))
    return row.ancestor(op.entity) if isinstance(row, Record) else row


def _rows(run: Evaluator, op: plan.Rows, bindings: Bindings) -> Result:
    top = settled(run.value(op.of, bindings))
    if not isinstance(top, Record):
        return top
    owners, gaps = [top], []
    for collection in op.path:
        below: list[Record] = []
        for owner in owners:
            found = owner.collection(collection)
            if isinstance(found, Unknown):
                gaps.append(found)
            else:
                below.extend(found)
        owners = below
    return listing(owners, merged(gaps))


def _table_rows(run: Evaluator, op: plan.TableRows, bindings: Bindings) -> Result:
    return run.table_rows(op.table)


def _table_row(run: Evaluator, op: plan.TableRow, bindings: Bindings) -> Result:
    rows = run.table_rows(op.table)
    if isinstance(rows, Unknown):
        return rows
    keys = [(column, settled(run.value(key, bindings))) for column, key in op.keys]
    lacking = strict(*(key for _, key in keys))
    if lacking is not None:
        return lacking
    for row in rows:
        if all(row.value(column) == key for column, key in keys):
            return row
    return Missing((Cause(CauseKind.NO_ROW, op.table, "", ", ".join(name for name, _ in keys)),))


def _definition(run: Evaluator, op: plan.DefinitionOf, bindings: Bindings) -> Result:
    return run.applied(op.name, tuple(run.value(item, bindings) for item in op.arguments))


# ---------------------------------------------------------------- functions


def _built_in(run: Evaluator, op: plan.BuiltIn, bindings: Bindings) -> Result:
    function = BUILT_INS[op.name]
    arguments = [settled(run.value(item, bindings)) for item in op.arguments]
    lacking = None if function.takes_absent else strict(*arguments)
    return function.call(run.context, *arguments) if lacking is None else lacking


def _plugin(run: Evaluator, op: plan.PluginCall, bindings: Bindings) -> Result:
    arguments = [settled(run.value(item, bindings)) for item in op.arguments]
    absent = merged(_absent_parts(arguments))
    if absent is not None:
        return absent
    return plugin_calls.call(op.function, op.suite, run.context, arguments)


def _absent_parts(arguments: list[Value]) -> list[object]:
    """Return the absent arguments, and the absent members of those that are lists."""
    parts: list[object] = []
    for value in arguments:
        parts.extend(value if isinstance(value, tuple) else (value,))
    return [part for part in parts if is_absent(part)]


# ---------------------------------------------------------------- tests


def _contains(run: Evaluator, op: plan.Contains, bindings: Bindings) -> Result:
    container = run.value(op.container, bindings)
    return comparison.contains(container, run.value(op.item, bindings))


def _in_terms(run: Evaluator, op: plan.InTerms, bindings: Bindings) -> Result:
    day = settled(run.value(op.day, bindings))
    return run.calendar.in_terms(day) if isinstance(day, date) else worst((day,))


def _is_recorded(run: Evaluator, op: plan.IsRecorded, bindings: Bindings) -> Result:
    value = settled(run.value(op.item, bindings))
    if isinstance(value, Unknown | Failure):
        return value
    return not isinstance(value, Missing)


def _has_only(run: Evaluator, op: plan.HasOnly, bindings: Bindings) -> Result:
    allowed = [run.value(item, bindings) for item in op.members]
    return comparison.has_only(run.value(op.list, bindings), allowed)


def _if(run: Evaluator, op: plan.If, bindings: Bindings) -> Result:
    condition = run.truth(op.condition, bindings)
    if isinstance(condition, bool):
        return run.value(op.then if condition else op.orelse, bindings)
    then = settled(run.value(op.then, bindings))
    orelse = settled(run.value(op.orelse, bindings))
    if comparison.equal(then, orelse) is True:
        return then
    return worst((condition, then, orelse))


def _otherwise(run: Evaluator, op: plan.Otherwise, bindings: Bindings) -> Result:
    first = run.value(op.first, bindings)
    if not isinstance(first, Missing):
        return first
    second = run.value(op.second, bindings)
    if isinstance(second, Missing):
        return Missing(causes_of(first, second))
    return second


def _arithmetic(run: Evaluator, op: plan.Arithmetic, bindings: Bindings) -> Result:
    left, right = run.value(op.left, bindings), run.value(op.right, bindings)
    return arithmetic.compute(op.op, left, right)


# ---------------------------------------------------------------- dates


def _day_of_year(run: Evaluator, op: plan.DayOfYear, bindings: Bindings) -> Result:
    return run.calendar.place(op.day, op.month)


def _length_of(run: Evaluator, op: plan.LengthOf, bindings: Bindings) -> Result:
    return arithmetic.length_of(run.value(op.amount, bindings), op.unit)


def _moved(run: Evaluator, op: plan.Moved, bindings: Bindings) -> Result:
    base, amount = run.value(op.base, bindings), run.value(op.amount, bindings)
    return arithmetic.moved(run.calendar, base, amount, op.unit, op.sign)


def _moved_by(run: Evaluator, op: plan.MovedBy, bindings: Bindings) -> Result:
    base, length = run.value(op.base, bindings), run.value(op.length, bindings)
    return arithmetic.moved_by(run.calendar, base, length, op.sign)


def _moved_by_study_days(run: Evaluator, op: plan.MovedByStudyDays, bindings: Bindings) -> Result:
    base, amount = run.value(op.base, bindings), run.value(op.amount, bindings)
    learner = run.value(op.learner, bindings)
    return arithmetic.moved_by_study_days(run.calendar, base, amount, learner, op.sign)


Meaning: TypeAlias = Callable[[Evaluator, Any, Bindings], Result]

MEANINGS: Mapping[type[plan.Operation], Meaning] = MappingProxyType(
    {
        plan.Constant: lambda run, op, bindings: op.value,
        plan.ParameterValue: lambda run, op, bindings: run.context.parameters[op.name],
        plan.Variable: lambda run, op, bindings: bindings[op.name],
        plan.AsAt: lambda run, op, bindings: run.as_at,
        plan.Year: lambda run, op, bindings: run.calendar.year,
        plan.DayOfYear: _day_of_year,
        plan.FieldOf: _field,
        plan.Ancestor: _ancestor,
        plan.Rows: _rows,
        plan.TableRows: _table_rows,
        plan.TableRow: _table_row,
        plan.DefinitionOf: _definition,
        plan.BuiltIn: _built_in,
        plan.PluginCall: _plugin,
        plan.Not: lambda run, op, bindings: negation(run.truth(op.item, bindings)),
        plan.All: lambda run, op, bindings: conjunction(
            run.truth(item, bindings) for item in op.items
        ),
        plan.Any: lambda run, op, bindings: disjunction(
            run.truth(item, bindings) for item in op.items
        ),
        plan.Compare: lambda run, op, bindings: comparison.compare(
            op.op, run.value(op.left, bindings), run.value(op.right, bindings)
        ),
        plan.IsRecorded: _is_recorded,
        plan.IsEmpty: lambda run, op, bindings: comparison.is_empty(run.value(op.item, bindings)),
        plan.Contains: _contains,
        plan.InTerms: _in_terms,
        plan.HasOnly: _has_only,
        plan.If: _if,
        plan.Otherwise: _otherwise,
        plan.Arithmetic: _arithmetic,
        plan.Joined: lambda run, op, bindings: joined(
            run.value(op.left, bindings), run.value(op.right, bindings)
        ),
        plan.LengthOf: _length_of,
        plan.Moved: _moved,
        plan.MovedBy: _moved_by,
        plan.MovedByStudyDays: _moved_by_study_days,
        plan.Every: draws.every,
        plan.Some: draws.some,
        plan.Count: draws.count,
        plan.Sum: draws.total,
        plan.Extreme: draws.extreme,
        plan.The: draws.the,
        plan.TheMost: draws.the_most,
        plan.Collect: draws.collect,
    }
)
"""Each operation's meaning. The set is closed: a test compares it with the plan."""
