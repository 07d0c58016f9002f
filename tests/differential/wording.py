"""Drawn specs in words near to those of the language, for people who read the corpus.

Nothing reads these words back: names such as `s`, `d1` and the toy schema's are those of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from policy.dsl.meaning import plan
from policy.model.values import Duration


def lines(spec: plan.SpecPlan) -> Iterator[str]:
    """Yield what a spec says: definitions, whom it applies to, a line for each demand."""
    for definition in spec.definitions.values():
        names = ", ".join(definition.parameters)
        yield f"define {definition.name}({names}): {words(definition.body)}"
    for item in spec.membership:
        yield f"applies to {item.entity} {item.variable} where {words(item.condition)}"
    for rule in spec.rules:
        scope = f"for each {rule.scope.entity} {rule.scope.variable}"
        if rule.scope.pair is not None:
            scope += f" with {_drawn(rule.scope.pair)}"
        if rule.only_year:
            scope += f", {rule.only_year} only"
        for demand in rule.demands:
            when = "".join(f" when {words(each)}" for each in (*rule.when, *demand.when))
            yield f"{scope}{when}: {_demand(demand)}"


def _demand(demand: plan.DemandPlan) -> str:
    verb = "note when" if demand.is_note else "must not" if demand.is_negative else "must"
    by = "" if demand.by is None else f" by {words(demand.by)}"
    unless = "".join(f" unless {words(each.when)}" for each in demand.exceptions)
    return f"{verb} {words(demand.condition)}{by}{unless}"


def words(op: Any) -> str:
    """Return an operation in words."""
    match op:
        case plan.Constant():
            return _value(op.value)
        case plan.ParameterValue() | plan.Variable():
            return op.name
        case plan.AsAt():
            return "the day of the run"
        case plan.Year():
            return "this year"
        case plan.DayOfYear():
            return f"day {op.day} of month {op.month}"
    return _place(op)


def _place(op: Any) -> str:
    match op:
        case plan.FieldOf():
            return f"{words(op.of)}.{op.field}"
        case plan.Ancestor():
            return f"{words(op.of)}.{op.entity}"
        case plan.Rows():
            return ".".join((words(op.of), *op.path))
        case plan.TableRows():
            return op.table
        case plan.TableRow():
            keys = ", ".join(f"{name}: {words(key)}" for name, key in op.keys)
            return f"{op.table}({keys})"
        case plan.DefinitionOf() | plan.BuiltIn():
            return f"{op.name}({_listed(op.arguments)})"
        case plan.PluginCall():
            return f"{op.function.name}({_listed(op.arguments)})"
    return f"({_test(op)})"


def _test(op: Any) -> str:
    match op:
        case plan.Not():
            return f"not {words(op.item)}"
        case plan.All() | plan.Any():
            return (" and " if isinstance(op, plan.All) else " or ").join(map(words, op.items))
        case plan.Compare() | plan.Arithmetic():
            return f"{words(op.left)} {op.op} {words(op.right)}"
        case plan.IsRecorded():
            return f"{words(op.item)} is recorded"
        case plan.IsEmpty():
            return f"{words(op.item)} is empty"
        case plan.Contains():
            return f"{words(op.item)} in {words(op.container)}"
        case plan.InTerms():
            return f"{words(op.day)} in terms"
        case plan.HasOnly():
            return f"{words(op.list)} has only {_listed(op.members)}"
        case plan.If():
            return f"if {words(op.condition)} then {words(op.then)} else {words(op.orelse)}"
        case plan.Otherwise():
            return f"{words(op.first)} otherwise {words(op.second)}"
        case plan.Joined():
            return f"{words(op.left)} + {words(op.right)}"
    return _length(op)


def _length(op: Any) -> str:
    side = "after" if getattr(op, "sign", 1) > 0 else "before"
    match op:
        case plan.LengthOf():
            return f"{words(op.amount)} {op.unit}"
        case plan.Moved():
            return f"{words(op.amount)} {op.unit} {side} {words(op.base)}"
        case plan.MovedBy():
            return f"{words(op.length)} {side} {words(op.base)}"
        case plan.MovedByStudyDays():
            days = f"{words(op.amount)} study days of {words(op.learner)}"
            return f"{days} {side} {words(op.base)}"
    return _drawing(op)


def _drawing(op: Any) -> str:
    drawn = _drawn(op.drawn)
    most = "greatest" if getattr(op, "greatest", False) else "least"
    match op:
        case plan.Every():
            return f"every {drawn} satisfies {words(op.satisfies)}"
        case plan.Sum():
            return f"sum of {words(op.result)} for {drawn}"
        case plan.Extreme():
            return f"{most} {words(op.result)} for {drawn}"
        case plan.TheMost():
            return f"the {drawn} with {most} {words(op.by)}"
        case plan.Collect():
            what = "" if op.result is None else f"{words(op.result)} for "
            return f"{'distinct' if op.distinct else 'all'} {what}{drawn}"
    return f"{type(op).__name__.lower()} {drawn}"


def _drawn(drawn: plan.Drawn) -> str:
    where = "" if drawn.where is None else f" where {words(drawn.where)}"
    return f"{drawn.variable} in {words(drawn.source)}{where}"


def _listed(items: tuple[plan.Operation, ...]) -> str:
    return ", ".join(map(words, items))


def _value(value: Any) -> str:
    match value:
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case str():
            return f'"{value}"'
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case Duration():
            return f"{value.amount} {value.unit}"
    return str(value)
