"""Runs the examples of specs: the authors' own tests.

In: a pack whose specs carry examples. Out: a `TestReport`: for each example whether its
expectations hold, with what happened instead; and every rule that no example mentions. An example
fails, too, if a step changes nothing, if a subject is not there, or if the rule never applied.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from policy.authoring.example_data import Data, apply
from policy.catalogue import SpecFile
from policy.data.loader import Loader
from policy.data.readers.raw import RawDocument
from policy.data.readers.reading import read
from policy.dsl.checking.checked import CheckedSpec
from policy.dsl.checking.constants import constant_value
from policy.dsl.evaluation.belonging import Belonging
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import NOTHING_TO_NOTE, judge
from policy.dsl.meaning.plan import SpecPlan
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax import ast
from policy.making_findings import subject_of
from policy.model.calendars import calendar_of
from policy.model.diagnostics import Diagnostic, Level
from policy.model.findings import Subject
from policy.model.outcomes import Outcome
from policy.model.records import Document
from policy.model.source import Span
from policy.model.values import Cause, Value
from policy.pack import Pack
from policy.plugins import run_check


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an example failed, and the words of the spec it is about."""

    message: str
    span: Span
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleResult:
    """How one example ended."""

    spec: str
    title: str
    span: Span
    failures: tuple[Failure, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every expectation holds."""
        return not self.failures


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """A rule that no example of its own file mentions."""

    spec: str
    rule: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class TestReport:
    """The examples of a run."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    examples: tuple[ExampleResult, ...] = ()
    untested: tuple[Untested, ...] = ()
    rules: int = 0
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all examples hold and every rule has one; an empty run did not pass."""
        has_errors = any(item.level is Level.ERROR for item in self.diagnostics)
        failed = any(not example.passed for example in self.examples)
        return bool(self.examples) and not (failed or self.untested or has_errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How a demand ended for one subject, as far as an expectation can ask."""

    subject: Subject
    outcome: Outcome
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    has_fired: bool = False

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


def run_examples(pack: Pack, rules: Sequence[str] = ()) -> TestReport:
    """Run the examples of every spec and library of the pack that was checked.

    `rules` keeps only examples that expect something of those rules.
    """
    runner = _Runner(pack)
    results: list[ExampleResult] = []
    rules_of: dict[tuple[str, str], Untested] = {}
    for spec in pack.checked:
        examples = [item for item in spec.node.items if isinstance(item, ast.Example)]
        if rules:
            examples = [
                item for item in examples if {each.rule for each in item.expects} & {*rules}
            ]
        results.extend(runner.run(spec, examples))
        for rule in spec.rules:
            name = rule.node.name
            if rule.origin == spec.node.name and (not rules or name in rules):
                own = Untested(spec=rule.origin, rule=name, span=rule.node.name_span)
                rules_of.setdefault((rule.origin, name), own)
    mentioned = _mentioned(pack.checked)
    return TestReport(
        examples=tuple(results),
        untested=tuple(rule for key, rule in rules_of.items() if key not in mentioned),
        rules=len(rules_of),
        diagnostics=pack.diagnostics,
    )


def _mentioned(specs: Iterable[CheckedSpec]) -> frozenset[tuple[str, str]]:
    """Return (spec, rule) of every expectation; editions of a spec count as one."""
    return frozenset(
        (spec.node.name, expect.rule)
        for spec in specs
        for item in spec.node.items
        if isinstance(item, ast.Example)
        for expect in item.expects
    )


class _Runner:
    """Keeps what examples share: plans, and the documents they start from."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._given: dict[Path, RawDocument | str] = {}
        self._loaders: dict[date, Loader] = {}

    def run(self, spec: CheckedSpec, examples: Iterable[ast.Example]) -> Iterator[ExampleResult]:
        plan = plan_spec(spec)
        for example in examples:
            yield ExampleResult(
                spec=spec.node.name,
                title=example.title,
                span=example.span,
                failures=tuple(self._failures(spec, plan, example)),
            )

    def _failures(
        self, spec: CheckedSpec, plan: SpecPlan, example: ast.Example
    ) -> Iterator[Failure]:
        raw = self._read(spec, example.given)
        if isinstance(raw, str):
            yield Failure(message=raw, span=example.span)
            return
        data: Data = copy.deepcopy(dict(raw.data or {}))
        schema = self._pack.schema.types
        for step in example.steps:
            problem = apply(step, data, schema)
            if problem:
                yield Failure(message=problem, span=step.span)
                return
        as_at = example.as_at or _last_day(data)
        if as_at is None:
            yield Failure(
                message=f"`{example.given}` names no last day of its year",
                span=example.span,
                help="say as at which day the data are judged: `given ... as at 2026-05-01`",
            )
            return
        loaded = self._loader(as_at).take(replace(raw, data=data, diagnostics=()))
        if loaded.document is None:
            yield Failure(
                message=f"the data does not hold together: {loaded.diagnostics[0].message}",
                span=example.span,
                help=loaded.diagnostics[0].help,
            )
            return
        values = _settings(spec, example)
        evaluator = Evaluator(
            plan, loaded.document, calendar_of(loaded.document.root), as_at, values
        )
        for expect in example.expects:
            yield from self._expectation(expect, evaluator, loaded.document)

    def _loader(self, as_at: date) -> Loader:
        if as_at not in self._loaders:
            first = next(iter(self._loaders.values()), None)
            self._loaders[as_at] = (
                replace(first, as_at=as_at)
                if first
                else Loader(schema=self._pack.schema, as_at=as_at)
            )
        return self._loaders[as_at]

    def _read(self, spec: CheckedSpec, given: str) -> RawDocument | str:
        """Return the document an example starts from, or why there is none."""
        file = self._file_of(spec)
        path = Path(str(file.folder)) / given
        if path not in self._given:
            self._given[path] = _read_once(path, given)
        return self._given[path]

    def _file_of(self, spec: CheckedSpec) -> SpecFile:
        for file, node in self._pack.catalogue.trees():
            if node.name == spec.node.name and node.kind == spec.node.kind:
                return file
        raise LookupError(spec.node.name)

    def _expectation(
        self, expect: ast.Expect, evaluator: Evaluator, document: Document
    ) -> Iterator[Failure]:
        ended = list(self._ended(expect, evaluator, document))
        about = [each for each in ended if _is_about(each.subject, expect)]
        name = f"{expect.rule}.{expect.label}" if expect.label else expect.rule
        if not about:
            who = f"{expect.entity} {expect.id}" if expect.entity else "anything"
            known = ", ".join(str(each.subject) for each in ended[:5])
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
            )
        elif not _holds(expect, about):
            against = [each for each in about if each.matches(expect.outcome) is expect.negated]
            against.sort(key=lambda each: each.outcome is Outcome.NOT_APPLICABLE)
            instead = "; ".join(each.words for each in against[:5])
            yield Failure(message=f"`{name}` is {instead}", span=expect.span)

    def _ended(
        self, expect: ast.Expect, evaluator: Evaluator, document: Document
    ) -> Iterator[_Ended]:
        belonging = Belonging(evaluator)
        for rule in evaluator.plan.rules:
            if rule.name == expect.rule:
                for judgement in judge(evaluator, rule, belonging):
                    if judgement.demand.label == expect.label:
                        yield _Ended(
                            subject=subject_of(judgement.record, judgement.second),
                            outcome=judgement.outcome,
                            reason=judgement.verdict.reason,
                            causes=judgement.verdict.causes,
                            has_fired=judgement.has_fired,
                        )
        suite = self._pack.suites.get(evaluator.plan.name)
        for check in suite.checks if suite else ():
            if check.name == expect.rule:
                for record in document.all(check.scope):
                    if belonging.of(record) is True:
                        decision = run_check(check, evaluator.context, record)
                        yield _Ended(
                            subject=subject_of(record, None),
                            outcome=decision.outcome,
                            reason=decision.reason,
                            causes=decision.missing,
                        )


def _last_day(data: Data) -> date | None:
    """Return the day as at which data are judged when an example names none."""
    try:
        return date.fromisoformat(str(data.get("year_ends_on")))
    except ValueError:
        return None


def _read_once(path: Path, given: str) -> RawDocument | str:
    if not path.is_file():
        return f"there is no file `{given}` beside the spec"
    raw = next(iter(read(str(path))))
    if raw.data is None:
        return f"`{given}` cannot be read: {raw.diagnostics[0].message}"
    return raw


def _settings(spec: CheckedSpec, example: ast.Example) -> Mapping[str, Value]:
    values: dict[str, Value] = {}
    for step in example.steps:
        if isinstance(step, ast.SetParameter):
            value = constant_value(step.value)
            if value is not None:
                values[step.name] = value
    return values


def _is_about(subject: Subject, expect: ast.Expect) -> bool:
    if not expect.entity:
        return True
    halves = ((subject.type, subject.id), (subject.with_type, subject.with_id))
    named = (expect.entity, expect.id)
    if expect.with_entity:
        return halves == (named, (expect.with_entity, expect.with_id))
    return named in halves


def _holds(expect: ast.Expect, about: Sequence[_Ended]) -> bool:
    """Without a subject, `met` and `not applicable` are said of all, other outcomes of some."""
    if expect.negated:
        return not any(each.matches(expect.outcome) for each in about)
    if expect.entity or expect.outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
        wanted = [each for each in about if each.outcome is not Outcome.NOT_APPLICABLE]
        if expect.entity or expect.outcome == Outcome.NOT_APPLICABLE:
            wanted = list(about)
        return all(each.matches(expect.outcome) for each in wanted)
    return any(each.matches(expect.outcome) for each in about)
