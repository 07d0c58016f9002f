"""Which values a verdict rests on: what was read, what it was, and where it stands.

Paths are given as the rule writes them; inside a definition they begin with what the definition was
applied to. What the demand reads comes first, then its deadline, and last what `when` reads, if it
holds; in each, what definitions read comes after what the rule itself reads.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import Judgement
from policy.dsl.explaining.relevance import Part, parts_that_matter
from policy.dsl.explaining.wording import is_personal, reveals, text_of, words
from policy.dsl.meaning import plan
from policy.model.evidence import json_pointer
from policy.model.findings import Evidence
from policy.model.records import Record
from policy.model.values import Missing

MOST = 12
"""Values shown for one finding."""

_DEEPEST = 6
"""Definitions within definitions that are looked into."""

_PATHS = (plan.Variable, plan.FieldOf, plan.Ancestor, plan.Rows, plan.TableRow, plan.TableRows)
_COMPUTED = (
    plan.DefinitionOf,
    plan.BuiltIn,
    plan.PluginCall,
    plan.Arithmetic,
    plan.LengthOf,
    plan.Moved,
    plan.MovedBy,
    plan.MovedByStudyDays,
    plan.DayOfYear,
    plan.ParameterValue,
    plan.Count,
    plan.Sum,
    plan.Extreme,
    plan.The,
    plan.TheMost,
    plan.Collect,
)


class _Reading(Struct, frozen=True):
    depth: int
    evidence: Evidence


def evidence(evaluator: Evaluator, judgement: Judgement) -> tuple[Evidence, ...]:
    """Return the values a judgement rests on, the most telling first, at most `MOST`.

    None where it is not even known who the subjects are.
    """
    asked, guards = _asked(evaluator, judgement)
    readings = []
    for parts in (asked, guards):
        found = [reading for part in parts for reading in _readings(evaluator, part, 0)]
        readings += sorted(found, key=lambda reading: reading.depth)
    return tuple(dict.fromkeys(reading.evidence for reading in readings))[:MOST]


def _asked(evaluator: Evaluator, judgement: Judgement) -> tuple[list[Part], list[Part]]:
    """Return the questions that decided, in order, and those that only let them be asked."""
    rule, demand, bindings = judgement.rule, judgement.demand, judgement.bindings
    scope = rule.scope
    if judgement.record.entity != scope.entity:
        return [], []
    if scope.pair is not None:
        if judgement.second is None:
            return [], []
        where = scope.pair.where
        if where is not None and not isinstance(evaluator.truth(where, bindings), bool):
            return [Part(operation=where, bindings=bindings)], []
    conditions = [Part(operation=item, bindings=bindings) for item in (*rule.when, *demand.when)]
    open_or_false = [
        part for part in conditions if evaluator.truth(part.operation, bindings) is not True
    ]
    if open_or_false:
        return open_or_false, []
    asked = [demand.condition, *([] if demand.by is None else [demand.by])]
    asked += [
        exception.when
        for exception in demand.exceptions
        if evaluator.truth(exception.when, bindings) is not False
    ]
    return [Part(operation=item, bindings=bindings) for item in asked], conditions


def _readings(
    evaluator: Evaluator, part: Part, depth: int, *, is_body: bool = False
) -> Iterator[_Reading]:
    """Yield what was read for a part; the body of a definition has the definition's value."""
    operation = part.operation
    if part.row is not None and isinstance(part.row[1], Record):
        name, row = part.row
        yield _Reading(depth, Evidence(expression=name, value=words(row)))
    if isinstance(operation, _PATHS):
        yield _Reading(depth, read(evaluator, part))
        yield from _keys(evaluator, part, depth)
        return
    if isinstance(operation, _COMPUTED) and not is_body:
        yield _Reading(depth, computed(evaluator, part))
    opens = isinstance(operation, plan.DefinitionOf)
    inner = depth + 1 if opens else depth
    if inner <= _DEEPEST:
        for item in parts_that_matter(evaluator, part):
            yield from _readings(evaluator, item, inner, is_body=opens)


def _keys(evaluator: Evaluator, part: Part, depth: int) -> Iterator[_Reading]:
    """Yield what a row of a table was looked up by, wherever it stands in the path."""
    operation = part.operation
    while isinstance(operation, plan.FieldOf | plan.Ancestor | plan.Rows):
        operation = operation.of
    if isinstance(operation, plan.TableRow):
        for _, key in operation.keys:
            yield from _readings(evaluator, part.of(key), depth)
    elif not isinstance(operation, plan.Variable | plan.TableRows) and operation is not (
        part.operation
    ):
        yield from _readings(evaluator, part.of(operation), depth + 1)


def read(evaluator: Evaluator, part: Part) -> Evidence:
    """Return the evidence of a path: its value and the place of the field in the document."""
    operation = part.operation
    value = evaluator.value(operation, part.bindings)
    pointer, personal = "", False
    if isinstance(operation, plan.FieldOf):
        row = evaluator.value(operation.of, part.bindings)
        if isinstance(row, Record):
            # A field that is not there has no place; its row has.
            place = () if isinstance(value, Missing) else (operation.field,)
            pointer = json_pointer((*row.pointer, *place))
            personal = is_personal(row, operation.field) and not isinstance(value, Missing)
    elif isinstance(value, Record):
        pointer = json_pointer(value.pointer)
    return Evidence(
        expression=text_of(operation, part.names),
        value=words(value),
        pointer=pointer,
        personal=personal,
    )


def computed(evaluator: Evaluator, part: Part) -> Evidence:
    """Return the evidence of a value that stands nowhere in the document."""
    return Evidence(
        expression=text_of(part.operation, part.names),
        value=words(evaluator.value(part.operation, part.bindings)),
        personal=reveals(evaluator, part.operation, part.bindings),
    )
