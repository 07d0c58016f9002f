"""What a finding says: the author's sentence with values filled in, or one made from the rule.

A breach of an `every` or `no` says its sentence once for each row that failed. Personal values are
never filled in; the row that holds them is named instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.dsl.evaluation.evaluator import Bindings, Evaluator
from policy.dsl.evaluation.judgement import Judgement, failing_rows
from policy.dsl.evaluation.partial import settled
from policy.dsl.explaining.wording import one_line, shown
from policy.dsl.meaning import plan
from policy.model.nouns import listed
from policy.model.outcomes import Outcome
from policy.model.values import Cause, CauseKind, Missing

MOST_SENTENCES = 5
"""Failing rows that get a sentence of their own."""

MOST_FACTS = 3
"""Lacking facts that are named in a sentence."""


def message(evaluator: Evaluator, judgement: Judgement) -> str:
    """Return the sentence for a judgement, without a full stop."""
    demand = judgement.demand
    if judgement.outcome is Outcome.BREACHED and demand.message is not None:
        return _of_failing_rows(evaluator, judgement, demand.message)
    if judgement.has_fired and demand.note is not None:
        return rendered(evaluator, demand.note, judgement.bindings)
    return _SENTENCES[judgement.outcome](evaluator, judgement)


def remedy(evaluator: Evaluator, judgement: Judgement) -> str:
    """Return what to do about it, in the author's words; empty if the rule does not say.

    What cannot be decided needs its facts recorded, which the finding lists by itself.
    """
    template = judgement.demand.remedy
    if template is None or judgement.outcome not in (Outcome.BREACHED, Outcome.PENDING):
        return ""
    return rendered(evaluator, template, next(_bindings_of_rows(evaluator, judgement)))


def rendered(evaluator: Evaluator, template: plan.MessagePlan, bindings: Bindings) -> str:
    """Return the template with its values as words."""
    values = (shown(evaluator, item, bindings) for item in template.values)
    first, *rest = template.texts
    return first + "".join(f"{value}{text}" for value, text in zip(values, rest, strict=True))


def _of_failing_rows(evaluator: Evaluator, judgement: Judgement, template: plan.MessagePlan) -> str:
    sentences = list(
        dict.fromkeys(
            rendered(evaluator, template, bindings)
            for bindings in _bindings_of_rows(evaluator, judgement)
        )
    )
    left = len(sentences) - MOST_SENTENCES
    text = "; ".join(sentences[:MOST_SENTENCES])
    return f"{text} and {left} more" if left > 0 else text


def _bindings_of_rows(evaluator: Evaluator, judgement: Judgement) -> Iterator[Bindings]:
    """Yield the bindings under which each failing row is named; at least once."""
    demand, bindings = judgement.demand, judgement.bindings
    if not demand.failing:
        yield bindings
        return
    rows = failing_rows(evaluator, demand, bindings) if judgement.failing else ()
    for row in rows:
        yield row.bindings
    if not rows:
        yield {**bindings, demand.failing: Missing()}


# ---------------------------------------------------------------- sentences of our own


def _breached(evaluator: Evaluator, judgement: Judgement) -> str:
    demand = judgement.demand
    condition = one_line(demand.condition.span.text)
    if demand.by is not None:
        done = settled(evaluator.value(demand.condition, judgement.bindings))
        day = judgement.verdict.due_on
        if done is False or isinstance(done, Missing):
            return f"`{condition}` was due by {day} and is not done"
        shown_value = shown(evaluator, demand.condition, judgement.bindings)
        return f"`{condition}` is {shown_value}, after {day}"
    if demand.is_negative:
        return f"`{condition}` holds and must not"
    return f"`{condition}` does not hold"


def _pending(evaluator: Evaluator, judgement: Judgement) -> str:
    due = judgement.verdict.due_on
    return judgement.verdict.reason if due is None else f"not done yet; due by {due}"


def _unknown(evaluator: Evaluator, judgement: Judgement) -> str:
    causes = judgement.verdict.causes
    if not causes:
        return "cannot be decided"
    facts = list(dict.fromkeys(_fact(cause) for cause in causes))
    left = len(facts) - MOST_FACTS
    named = [*facts[:MOST_FACTS], *((f"{left} more",) if left > 0 else ())]
    return f"cannot be decided without {listed(named)}"


def _fact(cause: Cause) -> str:
    owner = f"{cause.entity.replace('_', ' ')} {cause.id}".strip()
    if cause.kind is CauseKind.NO_PACK or not owner:
        return f"the data pack `{cause.field}`"
    if cause.kind is CauseKind.NO_ROW:
        return f"a row in `{cause.field}` of {owner}" if cause.id else f"a row of `{cause.entity}`"
    fact = f"`{cause.field}` of {owner}"
    if cause.kind is CauseKind.OUTSIDE_CALENDAR and cause.detail:
        return f"{fact} for {cause.detail}"
    return f"{fact} (dated after the run)" if cause.kind is CauseKind.NOT_YET else fact


def _reason(evaluator: Evaluator, judgement: Judgement) -> str:
    return judgement.verdict.reason


def _met(evaluator: Evaluator, judgement: Judgement) -> str:
    return f"`{one_line(judgement.demand.condition.span.text)}` is as it must be"


_SENTENCES = {
    Outcome.MET: _met,
    Outcome.BREACHED: _breached,
    Outcome.PENDING: _pending,
    Outcome.UNKNOWN: _unknown,
    Outcome.NOT_APPLICABLE: _reason,
    Outcome.ERROR: _reason,
    Outcome.WAIVED: _breached,
}
