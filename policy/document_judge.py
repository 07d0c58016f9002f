"""One pack, one document -> outcomes of every demand and what is worth saying of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from policy.dsl.evaluation.belonging import Belonging, absent_collections
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import ANOTHER_EDITION, APPLIES_TO, judge, judge_belonging
from policy.dsl.meaning.plan import SpecPlan
from policy.making_findings import SILENT, of_decision, of_judgement
from policy.model.calendars import Calendar, calendar_of
from policy.model.findings import DemandResult, DocumentResult, Finding
from policy.model.outcomes import Counts, Outcome, Severity
from policy.model.records import Assumption, Document, Record
from policy.model.suite import Check, Decision, Suite
from policy.pack import Pack
from policy.plugins import run_check
from policy.waivers import Waivers


def judge_document(
    pack: Pack, document: Document, as_at: date, waivers: Waivers | None = None
) -> DocumentResult:
    """Judge a document by every spec of the pack, each in the edition that is due."""
    calendar = calendar_of(document.root)
    demands: list[DemandResult] = []
    findings: list[Finding] = []
    for spec in editions_for(pack.specs, document.academic_year):
        tally = _Tally(evaluator=Evaluator(spec, document, calendar, as_at), waivers=waivers)
        tally.judge(pack)
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


@dataclass(kw_only=True)
class _Tally:
    """The outcomes of one spec over one document, while they are counted."""

    evaluator: Evaluator
    waivers: Waivers | None
    findings: list[Finding] = field(default_factory=list)
    _heads: dict[Key, DemandResult] = field(default_factory=dict)
    _outcomes: dict[Key, list[tuple[Outcome, str]]] = field(default_factory=dict)

    def judge(self, pack: Pack) -> None:
        """Go through rules, then checks of the suite of the same name."""
        spec = self.evaluator.plan
        belonging = Belonging(self.evaluator)
        for judgement in judge_belonging(self.evaluator, belonging):
            key = self._head(APPLIES_TO, judgement.rule.title, "", Severity.MUST, ())
            self._take(key, judgement.outcome, "", of_judgement(self.evaluator, judgement))
        for rule in spec.rules:
            for demand in rule.demands:
                self._head(rule.name, rule.title, demand.label, demand.severity, demand.clauses)
            for judgement in judge(self.evaluator, rule, belonging):
                finding = None
                if judgement.outcome not in SILENT or judgement.has_fired:
                    finding = of_judgement(self.evaluator, judgement)
                key = (rule.name, judgement.demand.label)
                self._take(key, judgement.outcome, judgement.verdict.reason, finding)
        suite = pack.suites.get(spec.name)
        if suite is not None:
            self._checks(suite, belonging, pack)

    def _checks(self, suite: Suite, belonging: Belonging, pack: Pack) -> None:
        document = self.evaluator.document
        is_older = document.academic_year < self.evaluator.plan.edition
        for check in sorted(suite.checks, key=lambda item: item.name):
            if not pack.wants(check.name):
                continue
            key = self._head(check.name, check.title, "", check.severity, check.clauses)
            for record in document.all(check.scope):
                if belonging.of(record) is not True:
                    continue
                decision = (
                    Decision(outcome=Outcome.NOT_APPLICABLE, reason=ANOTHER_EDITION)
                    if is_older
                    else run_check(check, self.evaluator.context, record, plugin=suite.name)
                )
                self._decided(key, check, decision, record)
            for cause, owner in absent_collections(document, check.scope):
                if belonging.of(owner) is True:
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
        self._count(key, outcome, reason)

    def _waived(self, finding: Finding) -> Finding:
        if self.waivers is None or finding.outcome not in (Outcome.BREACHED, Outcome.UNKNOWN):
            return finding
        waiver = self.waivers.covering(
            spec=finding.spec,
            rule=finding.rule,
            label=finding.label,
            subject=finding.subject,
            centre=finding.centre,
            as_at=self.evaluator.as_at,
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
        spec = self.evaluator.plan
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

    def _count(self, key: Key, outcome: Outcome, reason: str) -> None:
        self._outcomes.setdefault(key, []).append((outcome, reason))

    def demands(self) -> Iterator[DemandResult]:
        """Yield every demand with its counts, those without a subject too."""
        for key, head in self._heads.items():
            yield replace(head, counts=Counts.of(self._outcomes.get(key, ())))
