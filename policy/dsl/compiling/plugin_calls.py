"""Calling a plugin's function from generated code: whatever it does wrong is a failure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from policy.dsl.compiling.absent import FAILED, MISSING, UNKNOWN, is_mark, mark_of, settled, worst
from policy.model.entities import Kind, ValueType
from policy.model.records import Record
from policy.model.suite import Context, Function


def call(
    known: dict[Any, Any], function: Function, kind: ValueType, context: Context, *arguments: Any
) -> Any:
    """Return the answer, asked for once in a document: a function is pure."""
    found = known.get(arguments)
    if found is None:
        found = known[arguments] = _answer(function, kind, context, *arguments)
    return found


def _answer(function: Function, kind: ValueType, context: Context, *arguments: Any) -> Any:
    """Return the answer; a mark while an argument, or a member of one, is absent."""
    values = [settled(value) for value in arguments]
    absent = [value for value in values if is_mark(value)]
    for value in values:
        if value.__class__ is tuple:
            absent += [member for member in value if is_mark(member)]
    if absent:
        return worst(*absent)
    try:
        answer = function.call(context, *values)
    except (Exception, SystemExit):  # noqa: BLE001 - other people's code may raise anything
        return FAILED
    found = mark_of(answer)
    if found is MISSING or found is UNKNOWN or is_of(answer, kind):
        return found
    return FAILED


def is_of(answer: object, kind: ValueType) -> bool:
    """Return whether `answer` is of the type that a manifest declares."""
    match kind.kind:
        case Kind.LIST:
            item = kind.item
            return (
                isinstance(answer, tuple)
                and item is not None
                and all(is_of(member, item) for member in answer)
            )
        case Kind.ENUM:
            return isinstance(answer, str) and answer in kind.values
        case Kind.REF:
            return isinstance(answer, Record) and answer.entity == kind.entity
        case Kind.INTEGER:
            return isinstance(answer, int) and not isinstance(answer, bool)
        case Kind.NUMBER:
            return isinstance(answer, int | Decimal) and not isinstance(answer, bool)
        case Kind.BOOLEAN:
            return isinstance(answer, bool)
        case Kind.DATE:
            return type(answer) is date
        case _:
            return isinstance(answer, str)
