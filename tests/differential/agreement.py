"""Both evaluators over one document, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from policy.dsl.compiling.compiler import Compiled
from policy.dsl.compiling.judging import Judging
from policy.dsl.compiling.linkers import Linker
from policy.dsl.evaluation.belonging import Belonging
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import judge, judge_belonging
from policy.model.calendars import calendar_of
from policy.model.outcomes import Outcome
from policy.model.records import Document

Ending: TypeAlias = tuple[str, str, str, str]
"""Outcome, reason of *not applicable*, subject, second."""

Endings: TypeAlias = Mapping[tuple[str, int], "Counter[Ending]"]
"""Rule and number of the demand -> how it ended, for how many subjects."""

MEMBERSHIP = "applies to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How a demand ended by one evaluator only."""

    rule: str
    demand: int
    reference: tuple[Ending, ...]
    compiled: tuple[Ending, ...]


def by_reference(compiled: Compiled, document: Document, as_at: date) -> Endings:
    """Return every outcome of a spec by the reference evaluator."""
    evaluator = Evaluator(compiled.spec, document, calendar_of(document.root), as_at)
    belonging = Belonging(evaluator)
    found: dict[tuple[str, int], Counter[Ending]] = {}
    for rule in compiled.spec.rules:
        for item in judge(evaluator, rule, belonging):
            number = rule.demands.index(item.demand)
            ending = _ending(item.outcome, item.verdict.reason, item.record, item.second)
            found.setdefault((rule.name, number), Counter())[ending] += 1
    for item in judge_belonging(evaluator, belonging):
        ending = _ending(item.outcome, "", item.record, None)
        found.setdefault((MEMBERSHIP, 0), Counter())[ending] += 1
    return found


def by_generated_code(
    compiled: Compiled, linker: Linker, data: Mapping[str, Any], as_at: date
) -> Endings:
    """Return every outcome of a spec that was compiled with all witnesses."""
    document = linker.link_valid("drawn", data, as_at).document
    return endings_of(compiled, compiled.over(document, calendar_of(document.root), as_at))


def endings_of(compiled: Compiled, judging: Judging) -> Endings:
    """Return every outcome of a spec over the document that `judging` is about."""
    found: dict[tuple[str, int], Counter[Ending]] = {}
    for rule in compiled.spec.rules:
        ended = judging.ended(rule)
        if ended is None:
            continue
        for item in ended.witnesses:
            ending = _ending(item.outcome, item.reason, item.record, item.second)
            found.setdefault((rule.name, item.number), Counter())[ending] += 1
        for (number, outcome, reason), times in ended.counts.items():
            ending = (str(outcome), reason, "", "")
            found.setdefault((rule.name, number), Counter())[ending] += times
    for outcome, record in judging.unknown_members():
        ending = _ending(outcome, "", record, None)
        found.setdefault((MEMBERSHIP, 0), Counter())[ending] += 1
    return found


def counted(endings: Endings, demands_that_note: Container[tuple[str, int]]) -> Endings:
    """Return endings as they are when silent outcomes are only counted."""
    found: dict[tuple[str, int], Counter[Ending]] = {}
    for key, each in endings.items():
        for ending, times in each.items():
            silent = ending[0] == "not applicable" or (
                ending[0] == "met" and key not in demands_that_note
            )
            made = (ending[0], ending[1], "", "") if silent else ending
            found.setdefault(key, Counter())[made] += times
    return found


def _ending(outcome: Outcome, reason: str, record: Any, second: Any) -> Ending:
    shown = reason if outcome is Outcome.NOT_APPLICABLE else ""
    if shown in ("another edition", "this year only"):
        return (str(outcome), shown, "", "")
    return (str(outcome), shown, repr(record), "" if second is None else repr(second))


def differences(
    reference: Endings, compiled: Endings, left: Mapping[str, str]
) -> Iterator[Difference]:
    """Yield every demand of a compiled rule that did not end the same way."""
    for rule, number in sorted({*reference, *compiled}):
        if rule in left:
            continue
        first = reference.get((rule, number), Counter[Ending]())
        second = compiled.get((rule, number), Counter[Ending]())
        if first != second:
            yield Difference(
                rule=rule,
                demand=number,
                reference=tuple(sorted((first - second).elements())),
                compiled=tuple(sorted((second - first).elements())),
            )
