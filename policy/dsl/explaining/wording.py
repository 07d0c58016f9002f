"""Values and operations as words, for messages, evidence and explanations.

Dates are ISO, rows are `submission S3`, yes/no is yes or no, lists are `a, b and c`. Where a
personal field would be shown, the row that holds it is named instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from policy.dsl.evaluation.evaluator import Bindings, Evaluator
from policy.dsl.evaluation.partial import Interval, Listing, Result
from policy.dsl.meaning import plan
from policy.model.nouns import listed
from policy.model.records import Record, Row
from policy.model.values import (
    Absent,
    CauseKind,
    DateRange,
    Failure,
    Missing,
    Unknown,
    Value,
)

PERSONAL = "(personal)"
"""Stands for a personal value that no single row can be named for."""

LONGEST_TEXT = 120
"""Characters of the spec's own text that are quoted, at most."""

LONGEST_LIST = 8
"""Members of a list that are named, at most."""

Names = Mapping[str, str]
"""Parameter of a definition -> how its argument is written where the definition is used."""


def words(value: Result) -> str:
    """Return a value as people write it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case Decimal():
            return _number(value)
        case DateRange():
            return f"{value.start} to {value.end}"
        case Record():
            return f"{value.entity.replace('_', ' ')} {value.id}"
        case Row():
            return f"row {value.number} of {value.table}"
        case tuple() | Listing() | Interval():
            return _words_of_many(value)
        case Missing() | Unknown() | Failure():
            return _words_of_absent(value)
        case _:
            return str(value)


def _words_of_many(value: tuple[Value, ...] | Listing | Interval) -> str:
    if isinstance(value, Interval):
        return _between(value)
    if isinstance(value, Listing):
        return _listed(value.items, ("perhaps more",))
    return _listed(value, ())


def _words_of_absent(value: Absent) -> str:
    if isinstance(value, Failure):
        return "error"
    return "unknown" if isinstance(value, Unknown) else _missing(value)


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _listed(items: tuple[Value, ...], more: tuple[str, ...]) -> str:
    named = [words(item) for item in items[:LONGEST_LIST]]
    left = len(items) - len(named)
    return listed([*named, *((f"{left} more",) if left else ()), *more]) or "none"


def _between(value: Interval) -> str:
    low, high = value.low, value.high
    if low is not None and high is not None:
        return f"between {words(low)} and {words(high)}"
    is_date = isinstance(low if high is None else high, date)
    if low is not None:
        return f"{words(low)} or {'later' if is_date else 'more'}"
    return f"{words(high)} or {'earlier' if is_date else 'less'}" if high is not None else "unknown"


def _missing(value: Missing) -> str:
    kinds = {cause.kind for cause in value.causes}
    if kinds == {CauseKind.NO_ROW}:
        return "none"
    return "dated after the run" if kinds == {CauseKind.NOT_YET} else "not recorded"


# ---------------------------------------------------------------- operations as text


def text_of(operation: plan.Operation, names: Names) -> str:
    """Return how the spec writes an operation, on one line.

    Inside a definition a path begins with what the definition was applied to.
    """
    match operation:
        case plan.Variable(name=name):
            return names.get(name, name)
        case plan.FieldOf(of=of, field=name) | plan.Ancestor(of=of, entity=name):
            return f"{_base(of, names)}.{name}"
        case plan.Rows(of=of, path=path):
            return f"{_base(of, names)}.{path[-1]}"
        case plan.DefinitionOf(name=name, arguments=(first, *more)):
            others = ", ".join(text_of(item, names) for item in (first, *more))
            return f"{name}({others})" if more else f"{_base(first, names)}.{name}"
        case _:
            return one_line(_renamed(operation.span.text, names))


def _renamed(text: str, names: Names) -> str:
    """Put arguments in the place of parameters, all at once; quoted text is left alone."""
    if not names:
        return text
    listed = "|".join(re.escape(name) for name in names)

    def argument(found: re.Match[str]) -> str:
        written = names[found[0]]
        return f"({written})" if " " in written else written

    pieces = text.split('"')
    pieces[::2] = [
        re.sub(rf"(?<![\w.])(?:{listed})(?!\w)", argument, piece) for piece in pieces[::2]
    ]
    return '"'.join(pieces)


def _base(operation: plan.Operation, names: Names) -> str:
    text = text_of(operation, names)
    return f"({text})" if " " in text and not text.startswith("(") else text


def one_line(text: str) -> str:
    """Return a text on one line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 3]}..."


def operands(operation: plan.Operation) -> Iterator[plan.Operation]:
    """Yield the operations that an operation computes with, in the order of the plan; rows drawn
    are none of them."""
    for name in operation.__struct_fields__:
        value = getattr(operation, name)
        if isinstance(value, plan.Drawn):
            continue
        if isinstance(value, plan.Operation):
            yield value
        elif isinstance(operation, plan.TableRow) and name == "keys":
            yield from (key for _, key in value)
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, plan.Operation))


# ---------------------------------------------------------------- places and personal data


def is_personal(row: object, field: str) -> bool:
    """Return whether a field of a row is marked personal."""
    known = row.type.fields.get(field) if isinstance(row, Record) else None
    return known is not None and known.personal


def reveals(evaluator: Evaluator, operation: plan.Operation, bindings: Bindings) -> bool:
    """Return whether the value of an operation is, or holds, that of a personal field."""
    match operation:
        case plan.FieldOf(of=of, field=field):
            return is_personal(evaluator.value(of, bindings), field)
        case plan.DefinitionOf(name=name, arguments=arguments):
            definition = evaluator.plan.definitions[name]
            given = (evaluator.value(item, bindings) for item in arguments)
            inner = dict(zip(definition.parameters, given, strict=True))
            return reveals(evaluator, definition.body, inner)
        case plan.If(then=then, orelse=orelse):
            return any(reveals(evaluator, item, bindings) for item in (then, orelse))
        case plan.Collect(result=None) | plan.The() | plan.TheMost():
            return False
        case plan.Collect(drawn=drawn, result=result) | plan.Extreme(drawn=drawn, result=result):
            return result is not None and _any_reveals(evaluator, drawn, result, bindings)
        case plan.Otherwise() | plan.Joined() | plan.LengthOf() | plan.Moved() | plan.MovedBy():
            return any(reveals(evaluator, item, bindings) for item in operands(operation))
        case plan.BuiltIn() | plan.PluginCall() | plan.Arithmetic() | plan.MovedByStudyDays():
            return any(reveals(evaluator, item, bindings) for item in operands(operation))
        case _:
            return False


def _any_reveals(
    evaluator: Evaluator, drawn: plan.Drawn, result: plan.Operation, bindings: Bindings
) -> bool:
    source = evaluator.value(drawn.source, bindings)
    items = source.items if isinstance(source, Listing) else source
    if not isinstance(items, tuple):
        return False
    if isinstance(result, plan.Variable):
        return reveals(evaluator, drawn.source, bindings)
    return any(reveals(evaluator, result, {**bindings, drawn.variable: item}) for item in items)


def shown(evaluator: Evaluator, operation: plan.Operation, bindings: Bindings) -> str:
    """Return the value of an operation as words without personal data, for a message."""
    if not reveals(evaluator, operation, bindings):
        return words(evaluator.value(operation, bindings))
    if isinstance(operation, plan.FieldOf):
        return words(evaluator.value(operation.of, bindings))
    return PERSONAL
