"""Why a rule ended as it did for one subject, step by step.

In: a pack, the name of a rule (or `rule.label`, or a clause), a document, perhaps the id of a
subject. Out: for each judgement its finding-like head and the tree of steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from policy.data.loader import Loader
from policy.document_judge import editions_for
from policy.dsl.belonging import Belonging
from policy.dsl.evaluator import Evaluator
from policy.dsl.explanation import Explanation, explain
from policy.dsl.judgement import Judgement, judge
from policy.dsl.plan import RulePlan, SpecPlan
from policy.errors import DataUnreadable
from policy.making_findings import subject_of
from policy.model.calendars import calendar_of
from policy.model.findings import Subject
from policy.pack import Pack


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One judgement with its explanation."""

    spec: SpecPlan
    rule: RulePlan
    judgement: Judgement
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
            belonging = Belonging(evaluator)
            for rule in spec.rules:
                if not is_named(rule, name):
                    continue
                for judgement in judge(evaluator, rule, belonging):
                    who = subject_of(judgement.record, judgement.second)
                    if is_meant(judgement, name) and _is_subject(who, subject):
                        yield Explained(
                            spec=spec,
                            rule=rule,
                            judgement=judgement,
                            subject=who,
                            steps=explain(evaluator, judgement),
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
