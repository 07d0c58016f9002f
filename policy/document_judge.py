"""One pack, one document -> outcomes of every demand and what is worth saying of them.

Generated code decides; for the subjects that somebody should look at, the reference evaluator
decides again and says why. The two must agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from policy.dsl.compiling.judging import Ended, Judging
from policy.dsl.meaning.reasons import ANOTHER_EDITION
from policy.model.calendars import Calendar, calendar_of
from policy.model.findings import DemandResult, DocumentResult, Finding
from policy.model.outcomes import SILENT, Counts, Outcome, Severity
from policy.model.records import Assumption, Document, Record, absent_collections
from policy.model.suite import Check, Decision, Suite

if TYPE_CHECKING:
    from policy.dsl.evaluation.belonging import Belonging
    from policy.dsl.evaluation.evaluator import Evaluator
    from policy.dsl.evaluation.judgement import Judgement
    from policy.ready import Named, Ready, ReadyPackInfo, ReadyRules, RuleHead
    from policy.waivers import Waivers
Edition = TypeVar("Edition", bound="Named")

# What words a finding, and the reference evaluator that it asks, are imported when there is
# something to say: most documents are clean, and the imports cost more than judging one.


def judge_document(
    ready: Ready, document: Document, as_at: date, waivers: Waivers | None = None
) -> DocumentResult:
    """Judge a document by every spec of the pack, each in the edition that is due.

    The document must come from the linker of `ready`.
    """
    calendar = calendar_of(document.root)
    demands: list[DemandResult] = []
    findings: list[Finding] = []
    for spec in editions_for(ready.specs, document.academic_year):
        judging = Judging(spec.code, document, calendar, as_at)
        tally = _Tally(spec=spec, judging=judging, waivers=waivers)
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


def editions_for(specs: Sequence[Edition], year: str) -> Iterator[Edition]:
    """Yield one edition of each spec: the latest that is not later than the data, otherwise the
    earliest (which then says *not applicable*: a document is never judged by a later guide)."""
    by_name: dict[str, list[Edition]] = {}
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

MANY = 24
"""Subjects of one rule: to explain more, it pays to remember what was drawn for one of them."""


class EvaluatorsDisagree(AssertionError):
    """Generated code and the reference evaluator came to different outcomes: a bug of ours."""


class _Tally(Struct, kw_only=True, dict=True):
    """The outcomes of one spec over one document, while they are counted."""

    spec: ReadyRules
    judging: Judging
    waivers: Waivers | None
    findings: list[Finding] = field(default_factory=list)
    _demands: dict[Key, DemandResult] = field(default_factory=dict)
    _outcomes: dict[Key, dict[tuple[Outcome, str], int]] = field(default_factory=dict)
    _has_rows: dict[str, bool] = field(default_factory=dict)

    @cached_property
    def evaluator(self) -> Evaluator:
        """The reference evaluator, for those who ask why."""
        from policy.dsl.evaluation.evaluator import Evaluator

        return self._asking(Evaluator)

    @cached_property
    def remembering(self) -> Evaluator:
        """The same for those who ask very often."""
        from policy.dsl.explaining.remembering import Remembering

        return self._asking(Remembering)

    def _asking(self, kind: type[Evaluator]) -> Evaluator:
        context = self.judging.context
        return kind(self.spec.plan, context.document, context.calendar, context.as_at)

    @cached_property
    def belonging(self) -> Belonging:
        """Which rows the spec judges, according to the reference evaluator."""
        from policy.dsl.evaluation.belonging import Belonging

        return Belonging(self.evaluator)

    def judge(self, pack: ReadyPackInfo) -> None:
        """Go through rules, then checks of the suite of the same name."""
        self._membership()
        self._demands |= self.spec.unasked
        for rule in self.spec.rules:
            if not self._may_ask(rule.scope.entity):
                continue
            ended = self.judging.ended(rule)
            if ended is None:
                from policy.dsl.evaluation.judgement import judge

                plan = self.spec.rule(rule.name)
                self._judgements(self.evaluator, judge(self.evaluator, plan, self.belonging))
            else:
                self._ended(rule, ended)
        suite = pack.suites.get(self.spec.name)
        if suite is not None:
            self._checks(suite, pack)

    def _may_ask(self, entity: str) -> bool:
        """Whether there are rows to judge, or some that may lack such rows."""
        found = self._has_rows.get(entity)
        if found is None:
            members = self.judging.members
            found = bool(members.of(entity) or members.owners(entity))
            self._has_rows[entity] = found
        return found

    def _membership(self) -> None:
        unknown = self.judging.unknown_members()
        if not unknown:
            return
        from policy.dsl.evaluation.judgement import APPLIES_TO, judge_belonging

        judgements = tuple(judge_belonging(self.evaluator, self.belonging))
        found = [(item.outcome, item.record) for item in judgements]
        self._agree(APPLIES_TO, unknown, found)
        for item in judgements:
            self._head(APPLIES_TO, item.rule.title, Severity.MUST, ())
        self._judgements(self.evaluator, judgements)

    def _ended(self, rule: RuleHead, ended: Ended) -> None:
        """Count what is silent, and ask why of the rest."""
        for (number, outcome, reason), times in ended.counts.items():
            self._count((rule.name, rule.demands[number].label), outcome, reason, times)
        if ended.witnesses:
            self._witnessed(rule, ended)

    def _witnessed(self, rule: RuleHead, ended: Ended) -> None:
        from policy.dsl.evaluation.judgement import judge
        from policy.making_findings import subject_of

        among = {item.record for item in ended.witnesses}
        evaluator = self.remembering if len(among) > MANY else self.evaluator
        plan = self.spec.rule(rule.name)
        judgements = [
            item
            for item in judge(evaluator, plan, self.belonging, among)
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
        self._judgements(evaluator, judgements)

    def _agree(self, rule: str, generated: Sequence[object], reference: Sequence[object]) -> None:
        if generated != reference:
            raise EvaluatorsDisagree(f"`{self.spec.name}.{rule}` of {self.spec.edition}")

    def _judgements(self, evaluator: Evaluator, judgements: Iterable[Judgement]) -> None:
        from policy.making_findings import of_judgement

        for item in judgements:
            finding = None
            if item.outcome not in SILENT or item.has_fired:
                finding = of_judgement(evaluator, item)
            self._take(
                (item.rule.name, item.demand.label), item.outcome, item.verdict.reason, finding
            )

    def _checks(self, suite: Suite, pack: ReadyPackInfo) -> None:
        document, members = self.judging.context.document, self.judging.members
        for check in sorted(suite.checks, key=lambda item: item.name):
            if not pack.wants(check.name):
                continue
            key = self._head(check.name, check.title, check.severity, check.clauses)
            for record in members.of(check.scope):
                self._decided(key, check, self._decision(suite, check, record), record)
            for cause, owner in absent_collections(document, check.scope):
                if members.belongs(owner) is True:
                    lacking = Decision(outcome=Outcome.UNKNOWN, missing=(cause,))
                    self._decided(key, check, lacking, owner)

    def _decision(self, suite: Suite, check: Check, record: Record) -> Decision:
        if self.judging.is_older:
            return Decision(outcome=Outcome.NOT_APPLICABLE, reason=ANOTHER_EDITION)
        from policy.running_checks import run_check

        return run_check(check, self.judging.context, record, plugin=suite.name)

    def _decided(self, key: Key, check: Check, decision: Decision, record: Record) -> None:
        finding = None
        if decision.outcome not in SILENT:
            from policy.making_findings import of_decision

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

    def _head(self, rule: str, title: str, severity: Severity, clauses: tuple[str, ...]) -> Key:
        demand = DemandResult(
            spec=self.spec.name,
            edition=self.spec.edition,
            rule=rule,
            title=title,
            severity=severity,
            clauses=clauses,
            counts=Counts(),
        )
        self._demands.setdefault((rule, ""), demand)
        return (rule, "")

    def _count(self, key: Key, outcome: Outcome, reason: str, times: int) -> None:
        counts = self._outcomes.get(key)
        if counts is None:
            counts = self._outcomes[key] = {}
        counts[outcome, reason] = counts.get((outcome, reason), 0) + times

    def demands(self) -> list[DemandResult]:
        """Return every demand with its counts, those without a subject too."""
        found = self._demands
        for key, outcomes in self._outcomes.items():
            found[key] = replace(found[key], counts=Counts.of(outcomes))
        return list(found.values())
