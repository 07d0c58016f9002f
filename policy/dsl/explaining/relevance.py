"""Which operands of an operation its value rests on, with the bindings they are read under.

Of a false `and` only what is false matters, of an `every` only the rows that fail, of an `if` only
the branch taken. A definition rests on its body, with its parameters named by its arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from msgspec import Struct, field

from policy.dsl.evaluation.draws import Draw, DrawnRow, candidates, draw
from policy.dsl.evaluation.evaluator import Bindings, Evaluator
from policy.dsl.evaluation.kleene import Truth
from policy.dsl.explaining.wording import Names, operands, text_of
from policy.dsl.meaning import plan
from policy.model.values import Absent, Value

MOST_ROWS = 5
"""Rows of a quantifier that are looked into."""

NO_NAMES: Names = MappingProxyType({})


class Part(Struct, frozen=True, kw_only=True):
    """An operand under its bindings. `row`: the row drawn for it, as (variable, row)."""

    operation: plan.Operation
    bindings: Bindings
    names: Names = field(default_factory=lambda: NO_NAMES)
    row: tuple[str, Value] | None = None

    def of(self, operation: plan.Operation) -> Part:
        """Return another operation under the same bindings."""
        return Part(operation=operation, bindings=self.bindings, names=self.names)


def parts_that_matter(evaluator: Evaluator, part: Part) -> Iterator[Part]:
    """Yield what the value of a part rests on, in the order of the text."""
    operation = part.operation
    match operation:
        case plan.All(items=items) | plan.Any(items=items):
            yield from deciding(evaluator, part, items)
        case plan.If(condition=condition, then=then, orelse=orelse):
            holds = evaluator.truth(condition, part.bindings)
            yield part.of(condition)
            if holds is not False:
                yield part.of(then)
            if holds is not True:
                yield part.of(orelse)
        case plan.DefinitionOf():
            yield inside_definition(evaluator, part, operation)
        case plan.Every(drawn=drawn, satisfies=satisfies):
            yield from _of_every(evaluator, part, drawn, satisfies)
        case plan.Some(drawn=drawn):
            yield from _of_some(evaluator, part, drawn)
        case _:
            source = getattr(operation, "drawn", None)
            if isinstance(source, plan.Drawn):
                yield part.of(source.source)
            else:
                yield from (part.of(item) for item in operands(operation))


def inside_definition(evaluator: Evaluator, part: Part, operation: plan.DefinitionOf) -> Part:
    """Return the body of a definition, under the arguments it is applied to."""
    definition = evaluator.plan.definitions[operation.name]
    values = (evaluator.value(item, part.bindings) for item in operation.arguments)
    texts = (text_of(item, part.names) for item in operation.arguments)
    return Part(
        operation=definition.body,
        bindings=dict(zip(definition.parameters, values, strict=True)),
        names=dict(zip(definition.parameters, texts, strict=True)),
    )


def under_row(part: Part, drawn: plan.Drawn, row: DrawnRow, operation: plan.Operation) -> Part:
    """Return an operation under the bindings of a drawn row."""
    # A name of the definition around it may be hidden by the variable of the row.
    names = {name: text for name, text in part.names.items() if name != drawn.variable}
    return Part(
        operation=operation,
        bindings=row.bindings,
        names=names,
        row=(drawn.variable, row.member),
    )


def deciding(evaluator: Evaluator, part: Part, items: Iterable[plan.Operation]) -> Iterator[Part]:
    """Yield the operands that come to what the whole comes to, or are as undecided as it is."""
    whole = evaluator.truth(part.operation, part.bindings)
    for item in items:
        truth = evaluator.truth(item, part.bindings)
        same = truth is whole if isinstance(whole, bool) else not isinstance(truth, bool)
        if same:
            yield part.of(item)


def _of_every(
    evaluator: Evaluator, part: Part, drawn: plan.Drawn, satisfies: plan.Operation
) -> Iterator[Part]:
    whole = evaluator.truth(part.operation, part.bindings)
    if whole is True:
        yield part.of(drawn.source)
        return
    number = 0
    for row in _rows(draw(evaluator, drawn, part.bindings)):
        holds: Truth = evaluator.truth(satisfies, row.bindings)
        # False: the certain rows that fail; undecided: all that do not satisfy.
        fails = holds is False and row.holds is True
        if number < MOST_ROWS and (fails if whole is False else holds is not True):
            number += 1
            yield under_row(part, drawn, row, satisfies)
    if not number:
        yield part.of(drawn.source)


def _of_some(evaluator: Evaluator, part: Part, drawn: plan.Drawn) -> Iterator[Part]:
    """Yield the list and, of the rows that decide, why they are drawn, or why they are not."""
    whole = evaluator.truth(part.operation, part.bindings)
    yield part.of(drawn.source)
    if drawn.where is None:
        return
    asked = _rows(candidates(evaluator, drawn, part.bindings))
    telling = [row for row in asked if (row.holds is whole) is isinstance(whole, bool)]
    for row in telling[:MOST_ROWS]:
        yield under_row(part, drawn, row, drawn.where)


def _rows(found: Draw | Absent) -> tuple[DrawnRow, ...]:
    return found.rows if isinstance(found, Draw) else ()
