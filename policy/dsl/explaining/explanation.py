"""A verdict step by step: what `policy explain` prints for one subject.

The tree follows the rule: `when`, exceptions, the demand, its deadline; below each step what it was
computed from. Definitions are opened, quantifiers list their rows, days passed over by a count of
working days stand below it with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from types import MappingProxyType

from msgspec import Struct

from policy.dsl.evaluation.arithmetic import study_days
from policy.dsl.evaluation.draws import Draw, DrawnRow, candidates, draw
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import Judgement
from policy.dsl.evaluation.partial import settled
from policy.dsl.explaining.evidence import evidence
from policy.dsl.explaining.messages import message, remedy
from policy.dsl.explaining.relevance import Part, deciding, inside_definition, under_row
from policy.dsl.explaining.wording import operands, reveals, text_of, words
from policy.dsl.meaning import plan
from policy.model.bank_holidays import WEEKDAYS
from policy.model.calendars import DayCount
from policy.model.records import Record
from policy.model.values import (
    Cause,
    Duration,
    DurationUnit,
    Failure,
    Unknown,
    Value,
    causes_of,
)

__all__ = ["Explanation", "evidence", "explain", "message", "remedy", "words"]

MOST_ROWS = 12
"""Rows of a quantifier that are explained."""

_DEEPEST = 12
"""Steps within steps."""

_DRAWN = MappingProxyType({True: "", False: "not drawn"})


class Explanation(Struct, frozen=True, kw_only=True):
    """One step: the words of the rule, what they came to, and the steps below.

    `personal`: the value is, or holds, that of a personal field, to be masked unless asked for.
    """

    text: str
    value: str = ""
    causes: tuple[Cause, ...] = ()
    children: tuple[Explanation, ...] = ()
    note: str = ""
    personal: bool = False


def explain(evaluator: Evaluator, judgement: Judgement) -> Explanation:
    """Return how a judgement came about, from the outcome down to the values that were read."""
    rule, demand, verdict = judgement.rule, judgement.demand, judgement.verdict
    name = f"{rule.name}.{demand.label}" if demand.label else rule.name
    subject = words(judgement.record)
    if judgement.second is not None:
        subject = f"{subject} with {words(judgement.second)}"
    return Explanation(
        text=f"{name} for {subject}",
        value=str(judgement.outcome),
        causes=verdict.causes,
        children=tuple(_steps(evaluator, judgement)),
        note=verdict.reason or (f"due on {verdict.due_on}" if verdict.due_on else ""),
    )


def _steps(evaluator: Evaluator, judgement: Judgement) -> Iterator[Explanation]:
    rule, demand, bindings = judgement.rule, judgement.demand, judgement.bindings
    pair = rule.scope.pair
    if judgement.record.entity != rule.scope.entity:
        return
    if pair is not None:
        if judgement.second is None:
            yield _step(evaluator, "list", Part(operation=pair.source, bindings=bindings))
            return
        if pair.where is not None:
            yield _step(evaluator, "where", Part(operation=pair.where, bindings=bindings))
    for item in (*rule.when, *demand.when):
        yield _step(evaluator, "when", Part(operation=item, bindings=bindings))
    for exception in demand.exceptions:
        part = Part(operation=exception.when, bindings=bindings)
        yield _step(evaluator, f"except {exception.name} when", part)
    modal = f"{demand.severity} not" if demand.is_negative else str(demand.severity)
    yield _step(evaluator, modal, Part(operation=demand.condition, bindings=bindings))
    if demand.by is not None:
        yield _step(evaluator, "by", Part(operation=demand.by, bindings=bindings))


def _step(evaluator: Evaluator, word: str, part: Part) -> Explanation:
    inner = explain_part(evaluator, part)
    return Explanation(
        text=f"{word}: {inner.text}",
        value=inner.value,
        causes=inner.causes,
        children=inner.children,
        note=inner.note,
        personal=inner.personal,
    )


def explain_part(evaluator: Evaluator, part: Part, depth: int = 0) -> Explanation:
    """Return the explanation of one operation under its bindings."""
    value = evaluator.value(part.operation, part.bindings)
    text = text_of(part.operation, part.names)
    below = tuple(_below(evaluator, part, depth)) if depth < _DEEPEST else ()
    # A literal says itself; a yes/no that only renames its one operand adds nothing.
    return Explanation(
        text=text,
        value=words(value),
        causes=causes_of(settled(value)),
        children=tuple(item for item in below if item.text != item.value),
        note=_note(evaluator, part),
        personal=reveals(evaluator, part.operation, part.bindings),
    )


def _below(evaluator: Evaluator, part: Part, depth: int) -> Iterator[Explanation]:
    operation = part.operation
    drawn = getattr(operation, "drawn", None)
    if isinstance(operation, plan.DefinitionOf):
        yield explain_part(evaluator, inside_definition(evaluator, part, operation), depth + 1)
    elif isinstance(drawn, plan.Drawn):
        yield from _rows(evaluator, part, drawn, depth)
    elif isinstance(operation, plan.If):
        yield from _taken(evaluator, part, operation, depth)
    elif isinstance(operation, plan.All | plan.Any):
        # `a or b` that is true because of b is not made clearer by a.
        found = list(deciding(evaluator, part, operation.items))
        holds = evaluator.truth(operation, part.bindings)
        one_is_enough = holds is isinstance(operation, plan.Any)
        for each in found[:1] if one_is_enough else found:
            yield explain_part(evaluator, each, depth + 1)
    else:
        for item in operands(operation):
            if not isinstance(item, plan.Variable | plan.Constant):
                yield explain_part(evaluator, part.of(item), depth + 1)
        yield from _days_passed_over(evaluator, part)


def _taken(
    evaluator: Evaluator, part: Part, operation: plan.If, depth: int
) -> Iterator[Explanation]:
    holds = evaluator.truth(operation.condition, part.bindings)
    yield explain_part(evaluator, part.of(operation.condition), depth + 1)
    if holds is not False:
        yield explain_part(evaluator, part.of(operation.then), depth + 1)
    if holds is not True:
        yield explain_part(evaluator, part.of(operation.orelse), depth + 1)


# ---------------------------------------------------------------- rows


def _rows(evaluator: Evaluator, part: Part, drawn: plan.Drawn, depth: int) -> Iterator[Explanation]:
    """Yield the rows that may be drawn; when there is none, all rows of the list and why not."""
    found = candidates(evaluator, drawn, part.bindings)
    if not isinstance(found, Draw):
        yield explain_part(evaluator, part.of(drawn.source), depth + 1)
        return
    rows = [row for row in found.rows if row.holds is not False] or found.rows
    for row in rows[:MOST_ROWS]:
        yield _row(evaluator, part, drawn, row, depth)
    left = len(rows) - MOST_ROWS
    if left > 0:
        yield Explanation(text=f"{counted(left, 'more row')}")
    if found.gap is not None:
        yield Explanation(
            text="there may be more rows", value="unknown", causes=causes_of(found.gap)
        )


def _row(
    evaluator: Evaluator, part: Part, drawn: plan.Drawn, row: DrawnRow, depth: int
) -> Explanation:
    """Explain a row: why it is drawn or not, and what is asked of it or taken from it."""
    asked = [getattr(part.operation, name, None) for name in ("satisfies", "result", "by")]
    operations = [item for item in asked if isinstance(item, plan.Operation)]
    if row.holds is False:
        operations = []
    if drawn.where is not None and (row.holds is not True or not operations):
        operations.insert(0, drawn.where)
    is_named = isinstance(row.member, Record)
    return Explanation(
        text=f"{drawn.variable} = {words(row.member)}" if is_named else drawn.variable,
        value="" if is_named else words(row.member),
        children=tuple(
            explain_part(evaluator, under_row(part, drawn, row, item), depth + 1)
            for item in operations
            if not isinstance(item, plan.Variable)
        ),
        note=_DRAWN[row.holds] if isinstance(row.holds, bool) else "perhaps",
        personal=not is_named and reveals(evaluator, drawn.source, part.bindings),
    )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _note(evaluator: Evaluator, part: Part) -> str:
    """Say how many rows were drawn."""
    drawn = getattr(part.operation, "drawn", None)
    if not isinstance(drawn, plan.Drawn):
        return ""
    found = draw(evaluator, drawn, part.bindings)
    source = settled(evaluator.value(drawn.source, part.bindings))
    if not isinstance(found, Draw) or not isinstance(source, tuple):
        return ""
    if drawn.where is None:
        return counted(len(source), "row")
    return f"{len(found.certain)} of {counted(len(source), 'row')}"


# ---------------------------------------------------------------- days


def _days_passed_over(evaluator: Evaluator, part: Part) -> Iterator[Explanation]:
    counted = _counted(evaluator, part)
    if isinstance(counted, DayCount):
        for first, last, reason in stretches(counted.skipped):
            days = str(first) if first == last else f"{first} to {last}"
            yield Explanation(text=f"not counted: {days}", value=reason)


def stretches(days: Iterable[tuple[date, str]]) -> list[tuple[date, date, str]]:
    """Return consecutive days with the same reason as (first, last, reason), in order of time."""
    found: list[tuple[date, date, str]] = []
    for day, reason in sorted(days):
        if found and found[-1][2] == reason and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day, reason)
        else:
            found.append((day, day, reason))
    return found


def _counted(evaluator: Evaluator, part: Part) -> DayCount | Unknown | None:
    """Return the count of days an operation makes, None if it makes none."""

    def value(operation: plan.Operation) -> Value:
        return settled(evaluator.value(operation, part.bindings))

    calendar = evaluator.calendar
    days: tuple[str, ...] | Unknown | Failure = WEEKDAYS
    match part.operation:
        case plan.Moved(unit=DurationUnit.WORKING_DAYS, amount=amount, base=base, sign=sign):
            number, day = value(amount), value(base)
        case plan.MovedByStudyDays(amount=amount, base=base, learner=learner, sign=sign):
            number, day, days = value(amount), value(base), study_days(value(learner))
        case plan.MovedBy(length=length, base=base, sign=sign):
            found, day = value(length), value(base)
            if not isinstance(found, Duration) or found.unit is not DurationUnit.WORKING_DAYS:
                return None
            number = found.amount
        case _:
            return None
    if not (isinstance(number, int) and isinstance(day, date) and isinstance(days, tuple)):
        return None
    return calendar.add_study_days(sign * number, days, day)
