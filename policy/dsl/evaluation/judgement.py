"""From one rule and one document to judgements: every demand x subject ends in exactly one outcome.

Order: who is a subject and belongs, the edition, `when`, exceptions, the demand. A collection that
is absent on the way to subjects is one unknown judgement at its owner for each demand, never
silence. A row of which nobody knows whether it belongs gets no outcome rule by rule, but one for
the whole spec (`judge_belonging`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from policy.dsl.evaluation.belonging import Belonging
from policy.dsl.evaluation.deadlines import Verdict, verdict_by
from policy.dsl.evaluation.draws import Draw, draw
from policy.dsl.evaluation.evaluator import Bindings, Evaluator
from policy.dsl.evaluation.kleene import Truth, conjunction, negation
from policy.dsl.evaluation.partial import Gap, Result, merged, settled
from policy.dsl.meaning import plan
from policy.dsl.meaning.reasons import (
    ANOTHER_EDITION,
    NOTHING_TO_NOTE,
    THIS_YEAR_ONLY,
    WHEN_IS_FALSE,
    excepted,
)
from policy.model.outcomes import Outcome, Severity
from policy.model.records import Record, absent_collections
from policy.model.values import Failure, Unknown, Value, is_absent, worst

APPLIES_TO = plan.APPLIES_TO


class Judgement(Struct, frozen=True, kw_only=True):
    """How one demand ended for one subject: the row, or the pair of `record` and `second`.

    `second` is None too where the list of seconds is not known. `at`: the row to point at.
    `failing`: the rows that failed, for a breach of an outermost `every` or `no`. `verdict` carries
    outcome, reason, causes and due date; a note that fired is *met*.
    """

    rule: plan.RulePlan
    demand: plan.DemandPlan
    record: Record
    second: Value | None = None
    verdict: Verdict
    failing: tuple[Value, ...] = ()
    at: Record

    @property
    def outcome(self) -> Outcome:
        """One of the seven; never *waived*, which is decided later."""
        return self.verdict.outcome

    @property
    def has_fired(self) -> bool:
        """Whether this is a note that has something to say."""
        return self.demand.is_note and self.outcome is Outcome.MET

    @property
    def bindings(self) -> Bindings:
        """What the variables of the scope stand for."""
        return _bound(self.rule.scope, self.record, self.second)


class _Subject(Struct, frozen=True, kw_only=True):
    """One subject, or in its place `lacking`: why it is not known who the subjects are."""

    record: Record
    second: Value | None = None
    lacking: Gap | None = None
    at: Record


def judge(
    evaluator: Evaluator,
    rule: plan.RulePlan,
    belonging: Belonging | None = None,
    among: Collection[Record] | None = None,
) -> Iterator[Judgement]:
    """Yield a judgement for each subject and demand, subjects in document order.

    `belonging` may be shared by the rules of a spec. `among`: the only rows to judge.
    """
    reason = _not_for_this_year(evaluator, rule)
    for subject in _subjects(evaluator, rule.scope, belonging or Belonging(evaluator), among):
        for demand in rule.demands:
            if reason:
                elsewhere = Verdict(outcome=Outcome.NOT_APPLICABLE, reason=reason)
                yield _without_asking(rule, demand, subject, elsewhere)
            elif subject.lacking is not None:
                yield _without_asking(rule, demand, subject, _undecided(subject.lacking))
            else:
                yield _judged(evaluator, rule, demand, subject)


def judge_belonging(
    evaluator: Evaluator, belonging: Belonging | None = None
) -> Iterator[Judgement]:
    """Yield one unknown (or error) for each row of which nobody knows whether the spec applies."""
    spec, document = evaluator.plan, evaluator.document
    known = belonging or Belonging(evaluator)
    if _is_older(evaluator):
        return
    for item in spec.membership:
        rule = _rule_of(spec, item)
        undecided: list[tuple[Record, Truth]] = [
            (row, known.decided(row)) for row in document.all(item.entity)
        ]
        for cause, owner in absent_collections(document, item.entity):
            undecided.append((owner, Unknown((cause,))))
        for row, truth in undecided:
            if not isinstance(truth, bool):
                yield Judgement(
                    rule=rule, demand=rule.demands[0], record=row, verdict=_undecided(truth), at=row
                )


def _rule_of(spec: plan.SpecPlan, item: plan.MembershipPlan) -> plan.RulePlan:
    span = item.condition.span
    demand = plan.DemandPlan(
        label="", severity=Severity.MUST, condition=item.condition, clauses=(), span=span
    )
    return plan.RulePlan(
        name=APPLIES_TO,
        title=f"which rows of {item.entity} the spec applies to",
        spec=spec.name,
        scope=plan.ScopePlan(entity=item.entity, variable=item.variable),
        demands=(demand,),
        span=span,
    )


def _is_older(evaluator: Evaluator) -> bool:
    # 2024/25 and 2025/26 compare as texts; a library has no edition and takes every year.
    return evaluator.document.academic_year < evaluator.plan.edition


def _not_for_this_year(evaluator: Evaluator, rule: plan.RulePlan) -> str:
    if _is_older(evaluator):
        return ANOTHER_EDITION
    if rule.only_year not in ("", evaluator.document.academic_year):
        return THIS_YEAR_ONLY
    return ""


# ---------------------------------------------------------------- subjects


def _subjects(
    evaluator: Evaluator,
    scope: plan.ScopePlan,
    belonging: Belonging,
    among: Collection[Record] | None,
) -> Iterator[_Subject]:
    document = evaluator.document
    for row in document.all(scope.entity):
        if among is not None and row not in among:
            continue
        if belonging.of(row) is True:
            if scope.pair is None:
                yield _Subject(record=row, at=row)
            else:
                yield from _pairs(evaluator, scope, row, scope.pair)
    for cause, owner in absent_collections(document, scope.entity):
        if among is not None and owner not in among:
            continue
        if belonging.of(owner) is True:
            yield _Subject(record=owner, lacking=Unknown((cause,)), at=owner)


def _pairs(
    evaluator: Evaluator, scope: plan.ScopePlan, row: Record, pair: plan.Drawn
) -> Iterator[_Subject]:
    """Yield the row with each member drawn for it, equal ones once; then what is not known."""
    found = draw(evaluator, pair, {scope.variable: row})
    if not isinstance(found, Draw):
        yield _Subject(record=row, lacking=worst((found,)), at=_owner(evaluator, found, row))
        return
    seen: set[Value] = set()
    unknown: list[object] = [found.gap]
    for drawn in found.rows:
        if is_absent(drawn.member):
            unknown.append(drawn.member)
        elif drawn.member not in seen:
            seen.add(drawn.member)
            lacking = None if drawn.holds is True else worst((drawn.holds,))
            yield _Subject(record=row, second=drawn.member, lacking=lacking, at=row)
    gap = merged(unknown)
    if gap is not None:
        yield _Subject(record=row, lacking=gap, at=_owner(evaluator, gap, row))


def _owner(evaluator: Evaluator, lacking: object, row: Record) -> Record:
    """Return the row that lacks the fact, if it is one row; otherwise `row`."""
    causes = lacking.causes if isinstance(lacking, Unknown) else ()
    owners = {evaluator.document.find(cause.entity, cause.id) for cause in causes}
    only = owners.pop() if len(owners) == 1 else None
    return row if only is None else only


# ---------------------------------------------------------------- verdicts


def _judged(
    evaluator: Evaluator, rule: plan.RulePlan, demand: plan.DemandPlan, subject: _Subject
) -> Judgement:
    bindings = _bound(rule.scope, subject.record, subject.second)
    verdict = _verdict(evaluator, rule, demand, bindings)
    failing: tuple[Value, ...] = ()
    if verdict.outcome is Outcome.BREACHED and demand.failing:
        failing = tuple(row.member for row in failing_rows(evaluator, demand, bindings))
    return Judgement(
        rule=rule,
        demand=demand,
        record=subject.record,
        second=subject.second,
        verdict=verdict,
        failing=failing,
        at=subject.at,
    )


def _without_asking(
    rule: plan.RulePlan, demand: plan.DemandPlan, subject: _Subject, verdict: Verdict
) -> Judgement:
    return Judgement(
        rule=rule,
        demand=demand,
        record=subject.record,
        second=subject.second,
        verdict=verdict,
        at=subject.at,
    )


def _bound(scope: plan.ScopePlan, record: Record, second: Value | None) -> Bindings:
    if scope.pair is None or second is None:
        return {scope.variable: record}
    return {scope.variable: record, scope.pair.variable: second}


def _verdict(
    evaluator: Evaluator, rule: plan.RulePlan, demand: plan.DemandPlan, bindings: Bindings
) -> Verdict:
    conditions = (*rule.when, *demand.when)
    when = conjunction(evaluator.truth(item, bindings) for item in conditions)
    if when is False:
        return Verdict(outcome=Outcome.NOT_APPLICABLE, reason=WHEN_IS_FALSE)
    if when is not True:
        return _undecided(when)
    doubts = []
    for exception in demand.exceptions:
        holds = evaluator.truth(exception.when, bindings)
        if holds is True:
            return Verdict(outcome=Outcome.NOT_APPLICABLE, reason=excepted(exception.name))
        doubts.append(holds)
    doubt = merged(doubts)
    verdict = _verdict_on_demand(evaluator, demand, bindings)
    if doubt is not None and verdict.outcome is Outcome.BREACHED:
        return _undecided(doubt)
    if isinstance(doubt, Failure) and verdict.outcome is Outcome.UNKNOWN:
        return _undecided(doubt)
    return verdict


def _verdict_on_demand(
    evaluator: Evaluator, demand: plan.DemandPlan, bindings: Bindings
) -> Verdict:
    if demand.by is not None:
        done: Result = evaluator.value(demand.condition, bindings)
        day = settled(evaluator.value(demand.by, bindings))
        return verdict_by(done, day, evaluator.as_at, is_yes_no=demand.is_yes_no)
    holds = evaluator.truth(demand.condition, bindings)
    if demand.is_negative:
        holds = negation(holds)
    if holds is True:
        return Verdict(outcome=Outcome.MET)
    if holds is False and demand.is_note:
        return Verdict(outcome=Outcome.NOT_APPLICABLE, reason=NOTHING_TO_NOTE)
    if holds is False:
        return Verdict(outcome=Outcome.BREACHED)
    return _undecided(holds)


def _undecided(lacking: Gap) -> Verdict:
    if isinstance(lacking, Failure):
        return Verdict(outcome=Outcome.ERROR, reason=lacking.message)
    return Verdict(outcome=Outcome.UNKNOWN, causes=lacking.causes)


# ---------------------------------------------------------------- failing rows


class FailingRow(Struct, frozen=True):
    """A row that failed, with its variable bound."""

    member: Value
    bindings: Bindings


def failing_rows(
    evaluator: Evaluator, demand: plan.DemandPlan, bindings: Bindings
) -> tuple[FailingRow, ...]:
    """Return the rows that break the outermost `every` or `no` of the demand, in order."""
    found = _quantifier(demand.condition, demand.failing)
    if found is None:
        return ()
    drawn = draw(evaluator, found.drawn, bindings)
    rows = drawn.certain if isinstance(drawn, Draw) else ()
    return tuple(
        FailingRow(row.member, row.bindings)
        for row in rows
        if not isinstance(found, plan.Every)
        or evaluator.truth(found.satisfies, row.bindings) is False
    )


def _quantifier(operation: plan.Operation, variable: str) -> plan.Every | plan.Some | None:
    match operation:
        case plan.Every() | plan.Some():
            return operation if operation.drawn.variable == variable else None
        case plan.Not(item=item):
            return _quantifier(item, variable)
        case plan.All(items=items) | plan.Any(items=items):
            found = (_quantifier(item, variable) for item in items)
            return next((item for item in found if item is not None), None)
        case _:
            return None
