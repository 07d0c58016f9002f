"""One pack, one document -> outcomes of every demand and what is worth saying of them.

Generated code decides; for the subjects that somebody should look at, the reference evaluator
decides again and says why. The two must agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from policy.dsl.compiling.compiler import Compiled, Ended, Judging
from policy.dsl.evaluation.belonging import Belonging, absent_collections
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import APPLIES_TO, Judgement, judge, judge_belonging
from policy.dsl.meaning.plan import RulePlan, SpecPlan
from policy.dsl.meaning.reasons import ANOTHER_EDITION
from policy.making_findings import SILENT, of_decision, of_judgement, subject_of
from policy.model.calendars import Calendar, calendar_of
from policy.model.findings import DemandResult, DocumentResult, Finding
from policy.model.outcomes import Counts, Outcome, Severity
from policy.model.records import Assumption, Document, Record
from policy.model.suite import Check, Decision, Suite
from policy.pack import Pack
from policy.plugins import run_check
from policy.ready import ReadyPack
from policy.waivers import Waivers


def judge_document(
    ready: ReadyPack, document: Document, as_at: date, waivers: Waivers | None = None
) -> DocumentResult:
    """Judge a document by every spec of the pack, each in the edition that is due.

    The document must come from the linker of `ready`.
    """
    calendar = calendar_of(document.root)
    demands: list[DemandResult] = []
    findings: list[Finding] = []
    for spec in editions_for(ready.pack.specs, document.academic_year):
        compiled = ready.compiled(spec)
        tally = _Tally(
            compiled=compiled,
            judging=compiled.over(document, calendar, as_at),
            waivers=waivers,
        )
        tally.judge(ready.pack)
        demands.extend(tally.demands())
        findings.extend(tally.findings)
    return DocumentResult(
        name=document.name,
        centre=document.root.id,
        academic_year=document.academic_year,
        demands=tuple(demands),
        findings=tuple(findings),
        assumptions=(*document.assumptions, *_of_calendar(calendar, document)),
    )


def editions_for(specs: Sequence[SpecPlan], year: str) -> Iterator[SpecPlan]:
    """Yield one edition of each spec: the latest that is not later than the data, otherwise the
    earliest (which then says *not applicable*: a document is never judged by a later guide)."""
    by_name: dict[str, list[SpecPlan]] = {}
    for spec in specs:
        by_name.setdefault(spec.name, []).append(spec)
    for name in sorted(by_name):
        editions = sorted(by_name[name], key=lambda spec: spec.edition)
        due = [spec for spec in editions if spec.edition <= year]
        yield due[-1] if due else editions[0]


def _of_calendar(calendar: Calendar, document: Document) -> Iterable[Assumption]:
    root = document.root
    for text in calendar.assumptions:
        yield Assumption(entity=root.entity, field="calendar", value=text, count=1)


Key = tuple[str, str]


class EvaluatorsDisagree(AssertionError):
    """Generated code and the reference evaluator came to different outcomes: a bug of ours."""


@dataclass(kw_only=True)
class _Tally:
    """The outcomes of one spec over one document, while they are counted."""

    compiled: Compiled
    judging: Judging
    waivers: Waivers | None
    findings: list[Finding] = field(default_factory=list)
    _heads: dict[Key, DemandResult] = field(default_factory=dict)
    _outcomes: dict[Key, Counter[tuple[Outcome, str]]] = field(default_factory=dict)

    @property
    def spec(self) -> SpecPlan:
        """The spec that judges."""
        return self.compiled.spec

    @cached_property
    def evaluator(self) -> Evaluator:
        """The reference evaluator, for those who ask why."""
        context = self.judging.context
        return Evaluator(self.spec, context.document, context.calendar, context.as_at)

    @cached_property
    def belonging(self) -> Belonging:
        """Which rows the spec judges, according to the reference evaluator."""
        return Belonging(self.evaluator)

    def judge(self, pack: Pack) -> None:
        """Go through rules, then checks of the suite of the same name."""
        self._membership()
        for rule in self.spec.rules:
            for demand in rule.demands:
                self._head(rule.name, rule.title, demand.label, demand.severity, demand.clauses)
            ended = self.judging.ended(rule)
            if ended is None:
                self._judgements(judge(self.evaluator, rule, self.belonging))
            else:
                self._ended(rule, ended)
        suite = pack.suites.get(self.spec.name)
        if suite is not None:
            self._checks(suite, pack)

    def _membership(self) -> None:
        unknown = self.judging.unknown_members()
        if not unknown:
            return
        judgements = tuple(judge_belonging(self.evaluator, self.belonging))
        found = [(item.outcome, item.record) for item in judgements]
        self._agree(APPLIES_TO, unknown, found)
        for item in judgements:
            self._head(APPLIES_TO, item.rule.title, "", Severity.MUST, ())
        self._judgements(judgements)

    def _ended(self, rule: RulePlan, ended: Ended) -> None:
        """Count what is silent, and ask why of the rest."""
        for (number, outcome, reason), times in ended.counts.items():
            self._count((rule.name, rule.demands[number].label), outcome, reason, times)
        if not ended.witnesses:
            return
        among = {item.record for item in ended.witnesses}
        judgements = [
            item
            for item in judge(self.evaluator, rule, self.belonging, among)
            if item.outcome not in SILENT or item.has_fired
        ]
        wanted = [
            (rule.demands[item.number].label, item.outcome, subject_of(item.record, item.second))
            for item in ended.witnesses
        ]
        found = [
            (item.demand.label, item.outcome, subject_of(item.record, item.second))
            for item in judgements
        ]
        self._agree(rule.name, wanted, found)
        self._judgements(judgements)

    def _agree(self, rule: str, generated: Sequence[object], reference: Sequence[object]) -> None:
        if generated != reference:
            raise EvaluatorsDisagree(f"`{self.spec.name}.{rule}` of {self.spec.edition}")

    def _judgements(self, judgements: Iterable[Judgement]) -> None:
        for item in judgements:
            finding = None
            if item.outcome not in SILENT or item.has_fired:
                finding = of_judgement(self.evaluator, item)
            self._take(
                (item.rule.name, item.demand.label), item.outcome, item.verdict.reason, finding
            )

    def _checks(self, suite: Suite, pack: Pack) -> None:
        document, members = self.judging.context.document, self.judging.members
        for check in sorted(suite.checks, key=lambda item: item.name):
            if not pack.wants(check.name):
                continue
            key = self._head(check.name, check.title, "", check.severity, check.clauses)
            for record in members.of(check.scope):
                decision = (
                    Decision(outcome=Outcome.NOT_APPLICABLE, reason=ANOTHER_EDITION)
                    if self.judging.is_older
                    else run_check(check, self.judging.context, record, plugin=suite.name)
                )
                self._decided(key, check, decision, record)
            for cause, owner in absent_collections(document, check.scope):
                if members.belongs(owner) is True:
                    lacking = Decision(outcome=Outcome.UNKNOWN, missing=(cause,))
                    self._decided(key, check, lacking, owner)

    def _decided(self, key: Key, check: Check, decision: Decision, record: Record) -> None:
        finding = None
        if decision.outcome not in SILENT:
            finding = of_decision(self.evaluator, check, record, decision)
        self._take(key, decision.outcome, decision.reason, finding)

    def _take(self, key: Key, outcome: Outcome, reason: str, finding: Finding | None) -> None:
        if finding is not None:
            finding = self._waived(finding)
            if not finding.is_note:
                outcome = finding.outcome
            self.findings.append(finding)
        self._count(key, outcome, reason, 1)

    def _waived(self, finding: Finding) -> Finding:
        if self.waivers is None or finding.outcome not in (Outcome.BREACHED, Outcome.UNKNOWN):
            return finding
        waiver = self.waivers.covering(
            spec=finding.spec,
            rule=finding.rule,
            label=finding.label,
            subject=finding.subject,
            centre=finding.centre,
            as_at=self.judging.context.as_at,
        )
        if waiver is None:
            return finding
        reason = f"{finding.message} (waived by {waiver.approved_by}: {waiver.reason})"
        return replace(
            finding, outcome=Outcome.WAIVED, message=reason, waived_until=waiver.expires_on
        )

    def _head(
        self, rule: str, title: str, label: str, severity: Severity, clauses: tuple[str, ...]
    ) -> Key:
        spec = self.spec
        key = (rule, label)
        self._heads.setdefault(
            key,
            DemandResult(
                spec=spec.name,
                edition=spec.edition,
                rule=rule,
                label=label,
                title=title,
                severity=severity,
                clauses=clauses,
                counts=Counts(),
            ),
        )
        return key

    def _count(self, key: Key, outcome: Outcome, reason: str, times: int) -> None:
        self._outcomes.setdefault(key, Counter())[outcome, reason] += times

    def demands(self) -> Iterator[DemandResult]:
        """Yield every demand with its counts, those without a subject too."""
        for key, head in self._heads.items():
            yield replace(head, counts=Counts.of(self._outcomes.get(key, {})))
