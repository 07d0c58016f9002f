"""Calling a plugin's function from generated code: whatever it does wrong is a failure."""

from __future__ import annotations

from typing import Any

from policy.dsl.compiling.absent import FAILED, MISSING, UNKNOWN, is_mark, mark_of, settled, worst
from policy.dsl.meaning.answers import is_of
from policy.model.entities import ValueType
from policy.model.suite import Context, Function


def answer(function: Function, kind: ValueType, context: Context, *arguments: Any) -> Any:
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
        # Generated code knows texts by their class, and a member of an enumeration has another.
        return str.__str__(found) if isinstance(found, str) else found
    return FAILED
