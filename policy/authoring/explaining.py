"""Why a rule ended as it did for one subject, step by step.

In: a pack, the name of a rule (or `rule.label`, a plugin's check, or a clause), a document, perhaps
the id of a subject. Out: for each outcome its subject and the tree of steps. Of a check the steps
are the values it says it has read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from msgspec import Struct

from policy.data.loader import Loader
from policy.document_judge import editions_for
from policy.dsl.evaluation.belonging import Belonging
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import Judgement, judge
from policy.dsl.explaining.explanation import Explanation, explain
from policy.dsl.meaning.plan import RulePlan
from policy.errors import DataUnreadable
from policy.making_findings import subject_of
from policy.model.calendars import calendar_of
from policy.model.findings import Subject
from policy.model.suite import Check, Decision
from policy.pack import Pack
from policy.plugins import run_check


class Explained(Struct, frozen=True, kw_only=True):
    """One outcome with its explanation."""

    subject: Subject
    steps: Explanation


def explain_data(
    pack: Pack, name: str, path: str, as_at: date, subject: str | None = None
) -> Iterator[Explained]:
    """Yield the explanations of the rules `name` stands for, over the documents of a file.

    `subject` is an id, or entity and id (`submission S1`); None for all subjects. Raises
    DataUnreadable with the diagnostics of a document that cannot be judged.
    """
    for loaded in Loader(schema=pack.schema, as_at=as_at).load(path):
        if loaded.document is None:
            raise DataUnreadable(*loaded.diagnostics)
        document = loaded.document
        calendar = calendar_of(document.root)
        for spec in editions_for(pack.specs, document.academic_year):
            evaluator = Evaluator(spec, document, calendar, as_at)
            suite = pack.suites.get(spec.name)
            found = chain(
                _of_rules(evaluator, name),
                _of_checks(evaluator, suite.checks if suite else (), name),
            )
            yield from (each for each in found if _is_subject(each.subject, subject))


def _of_rules(evaluator: Evaluator, name: str) -> Iterator[Explained]:
    belonging = Belonging(evaluator)
    for rule in evaluator.plan.rules:
        if is_named(rule, name):
            for judgement in judge(evaluator, rule, belonging):
                if is_meant(judgement, name):
                    yield Explained(
                        subject=subject_of(judgement.record, judgement.second),
                        steps=explain(evaluator, judgement),
                    )


def _of_checks(evaluator: Evaluator, checks: Sequence[Check], name: str) -> Iterator[Explained]:
    belonging = Belonging(evaluator)
    for check in checks:
        if name != check.name and name not in check.clauses:
            continue
        for record in evaluator.document.all(check.scope):
            if belonging.of(record) is True:
                decision = run_check(check, evaluator.context, record)
                subject = subject_of(record, None)
                yield Explained(subject=subject, steps=steps_of_decision(check, decision, subject))


def steps_of_decision(check: Check, decision: Decision, subject: Subject) -> Explanation:
    """Return the values that a plugin's check says it has read."""
    return Explanation(
        text=f"{check.name} for {subject}",
        value=str(decision.outcome),
        causes=decision.missing,
        note=decision.message or decision.reason,
        children=tuple(
            Explanation(text=item.expression, value=item.value, personal=item.personal)
            for item in decision.evidence
        ),
    )


def is_named(rule: RulePlan, name: str) -> bool:
    """Whether `name` is the rule's, that of one of its demands, or a clause it cites."""
    return rule.name == name.partition(".")[0] or any(
        name in demand.clauses for demand in rule.demands
    )


def is_meant(judgement: Judgement, name: str) -> bool:
    """Whether a judgement is of the demand that `name` stands for."""
    rule, demand = judgement.rule, judgement.demand
    return name in (rule.name, f"{rule.name}.{demand.label}") or name in demand.clauses


def _is_subject(subject: Subject, wanted: str | None) -> bool:
    if wanted is None:
        return True
    names = {
        subject.id,
        subject.with_id,
        f"{subject.type} {subject.id}",
        f"{subject.with_type} {subject.with_id}",
        str(subject),
    }
    return wanted in names
