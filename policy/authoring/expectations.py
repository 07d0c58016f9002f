"""Whether what an example expects came out.

In: an expectation, a document with its evaluator. Out: why it does not hold, if it does not: what
happened instead, that it has no such subject, or that the rule never applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

from msgspec import Struct

from policy.authoring.explaining import steps_of_decision
from policy.dsl.evaluation.belonging import Belonging
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import judge
from policy.dsl.explaining.explanation import Explanation, explain
from policy.dsl.meaning.reasons import NOTHING_TO_NOTE
from policy.dsl.syntax import ast
from policy.making_findings import subject_of
from policy.model.findings import Subject
from policy.model.outcomes import Outcome
from policy.model.source import Span
from policy.model.suite import Check
from policy.model.values import Cause
from policy.plugins import run_check

Steps: TypeAlias = Callable[[], Explanation]
"""Explains an end when somebody asks."""

_EXPLAINED = 5
"""Subjects that a failure names and can explain."""


class Failure(Struct, frozen=True, kw_only=True):
    """Why an example failed, and the words of the spec it is about.

    `steps` explain how those ended that speak against the expectation; made when called.
    """

    message: str
    span: Span
    help: str = ""
    steps: tuple[Steps, ...] = ()


class Ended(Struct, frozen=True, kw_only=True):
    """How a demand ended for one subject, as far as an expectation can ask."""

    subject: Subject
    outcome: Outcome
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    has_fired: bool = False
    steps: Steps

    @property
    def word(self) -> str:
        """The outcome in the words of `expect`."""
        if self.has_fired:
            return "noted"
        return "excepted" if self.reason.startswith("excepted: ") else str(self.outcome)

    @property
    def never_applied(self) -> bool:
        """Whether the demand was not even asked; a note that had nothing to say was."""
        return self.word == str(Outcome.NOT_APPLICABLE) and self.reason != NOTHING_TO_NOTE

    def matches(self, expected: str) -> bool:
        """Whether this is what an example calls `expected`."""
        return self.word == expected or (expected == "met" and self.has_fired)

    @property
    def words(self) -> str:
        """The outcome with whom it is about and what explains it."""
        lacking = sorted({f"{cause.fact} of {cause.entity} {cause.id}" for cause in self.causes})
        more = ", ".join(lacking) or self.reason
        said = f"{self.word} for {self.subject}"
        return f"{said} ({more})" if more and self.word != "excepted" else said


class Expectations:
    """Holds expectations against one document; each rule is judged once."""

    def __init__(self, evaluator: Evaluator, checks: Sequence[Check] = ()) -> None:
        self._evaluator = evaluator
        self._checks = checks
        self._belonging = Belonging(evaluator)
        self._ended_of: dict[str, dict[str, list[Ended]]] = {}

    def failures(self, expect: ast.Expect) -> Iterator[Failure]:
        """Yield why an expectation does not hold."""
        ended = self._ended(expect)
        about = [each for each in ended if _is_about(each.subject, expect)]
        name = f"{expect.rule}.{expect.label}" if expect.label else expect.rule
        if not about:
            who = f"{expect.entity} {expect.id}" if expect.entity else "anything"
            known = ", ".join(str(each.subject) for each in ended[:_EXPLAINED])
            yield Failure(
                message=f"`{name}` says nothing of {who}",
                span=expect.span,
                help=f"its subjects are: {known}" if known else "it has no subject in this data",
            )
            return
        idle = all(each.never_applied for each in about)
        if idle and expect.outcome != Outcome.NOT_APPLICABLE:
            yield Failure(
                message=f"`{name}` never applied",
                span=expect.span,
                help=f"it is {about[0].words}",
                steps=(about[0].steps,),
            )
        elif not _holds(expect, about):
            shown = _against(expect, about)[:_EXPLAINED]
            yield Failure(
                message=f"`{name}` is {'; '.join(each.words for each in shown)}",
                span=expect.span,
                steps=tuple(each.steps for each in shown),
            )

    def _ended(self, expect: ast.Expect) -> Sequence[Ended]:
        if expect.rule not in self._ended_of:
            by_label: dict[str, list[Ended]] = {}
            for label, ended in self._judged(expect.rule):
                by_label.setdefault(label, []).append(ended)
            self._ended_of[expect.rule] = by_label
        return self._ended_of[expect.rule].get(expect.label, ())

    def _judged(self, name: str) -> Iterator[tuple[str, Ended]]:
        """Yield label and end of every demand of a rule, or the ends of a plugin's check."""
        evaluator = self._evaluator
        for rule in evaluator.plan.rules:
            if rule.name == name:
                for judgement in judge(evaluator, rule, self._belonging):
                    yield (
                        judgement.demand.label,
                        Ended(
                            subject=subject_of(judgement.record, judgement.second),
                            outcome=judgement.outcome,
                            reason=judgement.verdict.reason,
                            causes=judgement.verdict.causes,
                            has_fired=judgement.has_fired,
                            steps=partial(explain, evaluator, judgement),
                        ),
                    )
        for check in self._checks:
            if check.name == name:
                for record in evaluator.document.all(check.scope):
                    if self._belonging.of(record) is True:
                        decision = run_check(check, evaluator.context, record)
                        subject = subject_of(record, None)
                        yield (
                            "",
                            Ended(
                                subject=subject,
                                outcome=decision.outcome,
                                reason=decision.reason,
                                causes=decision.missing,
                                steps=partial(steps_of_decision, check, decision, subject),
                            ),
                        )


def _is_about(subject: Subject, expect: ast.Expect) -> bool:
    if not expect.entity:
        return True
    halves = ((subject.type, subject.id), (subject.with_type, subject.with_id))
    named = (expect.entity, expect.id)
    if expect.with_entity:
        return halves == (named, (expect.with_entity, expect.with_id))
    return named in halves


def _holds(expect: ast.Expect, about: Sequence[Ended]) -> bool:
    """Without a subject, `met` and `not applicable` are said of all, other outcomes of some."""
    if expect.negated:
        return not any(each.matches(expect.outcome) for each in about)
    said_of_all = expect.entity or expect.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
    against = _against(expect, about)
    return not against if said_of_all else len(against) < len(about)


def _against(expect: ast.Expect, about: Sequence[Ended]) -> list[Ended]:
    """Return those that ended otherwise; `met` is said of all that the rule applies to."""
    against = [each for each in about if each.matches(expect.outcome) is expect.negated]
    if expect.outcome == Outcome.MET and not (expect.entity or expect.negated):
        against = [each for each in against if each.outcome is not Outcome.NOT_APPLICABLE]
    return sorted(against, key=lambda each: each.outcome is Outcome.NOT_APPLICABLE)
