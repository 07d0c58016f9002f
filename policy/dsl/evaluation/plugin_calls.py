"""Calling a plugin's function: a fault of the plugin becomes a failure, never a traceback.

What went wrong is said by the name of the function alone; its arguments may be personal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from policy.model.entities import Kind, ValueType
from policy.model.records import Record
from policy.model.suite import Context, Function
from policy.model.type_words import parse_type
from policy.model.values import Failure, Missing, Unknown, Value


def call(function: Function, suite: str, context: Context, arguments: Sequence[Value]) -> Value:
    """Return what the function answers for present `arguments`.

    Failure if it raises, or answers with something that is not of the type it declares. It may
    answer Missing or Unknown.
    """
    try:
        answer = function.call(context, *arguments)
    except (Exception, SystemExit):  # noqa: BLE001 - other people's code may raise anything
        return Failure(f"the function `{function.name}` of `{suite}` broke")
    kind = parse_type(function.returns)
    if isinstance(answer, Missing | Unknown) or (kind is not None and is_of(answer, kind)):
        known: Value = answer
        return known
    return Failure(
        f"the function `{function.name}` of `{suite}` did not answer with what it declares"
    )


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
