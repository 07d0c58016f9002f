"""Whether a plugin's function answered with what its manifest declares."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from policy.model.entities import Kind, ValueType
from policy.model.records import Record


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
