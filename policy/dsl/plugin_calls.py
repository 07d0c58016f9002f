"""Calling a plugin's function: a fault of the plugin becomes a failure, never a traceback.

What went wrong is said by the name of the function alone; its arguments may be personal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from policy.model.entities import Schema
from policy.model.records import Record
from policy.model.suite import Context, Function
from policy.model.values import Failure, Missing, Unknown, Value


def call(function: Function, suite: str, context: Context, arguments: Sequence[Value]) -> Value:
    """Return what the function answers for present `arguments`.

    Failure if it raises, or answers with something that is not of the type it declares. It may
    answer Missing or Unknown.
    """
    try:
        answer = function.call(context, *arguments)
    except (Exception, SystemExit):  # noqa: BLE001 - a plugin is other people's code; nothing it raises is ours
        return Failure(f"the function `{function.name}` of `{suite}` broke")
    if isinstance(answer, Missing | Unknown) or is_of(
        answer, function.returns, context.document.schema
    ):
        known: Value = answer
        return known
    return Failure(
        f"the function `{function.name}` of `{suite}` did not answer with what it declares"
    )


def is_of(answer: object, returns: str, schema: Schema) -> bool:
    """Return whether `answer` is of the type that a manifest writes as `returns`."""
    words = returns.strip()
    if words.startswith("list of "):
        item = words.removeprefix("list of ")
        return isinstance(answer, tuple) and all(is_of(member, item, schema) for member in answer)
    if words.startswith("one of "):
        listed = words.removeprefix("one of ").strip().strip("()").split(",")
        return isinstance(answer, str) and answer in {name.strip() for name in listed}
    if words in schema.entities:
        return isinstance(answer, Record) and answer.entity == words
    match words:
        case "boolean":
            return isinstance(answer, bool)
        case "integer":
            return isinstance(answer, int) and not isinstance(answer, bool)
        case "number":
            return isinstance(answer, int | Decimal) and not isinstance(answer, bool)
        case "date":
            return type(answer) is date
        case _:
            # text, or the name of an enumeration of the schema
            return isinstance(answer, str) and _allows(words, answer, schema)


def _allows(name: str, answer: str, schema: Schema) -> bool:
    """Return whether an enumeration written `entity.field` has that value; any other name has."""
    entity, _, field = name.partition(".")
    known = schema.entities.get(entity)
    if known is None or field not in known.fields:
        return True
    kind = known.fields[field].type
    values = (kind.item or kind).values
    return not values or answer in values
