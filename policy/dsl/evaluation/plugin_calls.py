"""Calling a plugin's function: a fault of the plugin becomes a failure, never a traceback.

What went wrong is said by the name of the function alone; its arguments may be personal.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy.dsl.meaning.answers import is_of
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
