"""Runs the examples of specs: the authors' own tests.

In: a pack whose specs carry examples. Out: a `TestReport`: for each example whether its
expectations hold, with what happened instead; and every rule that no example mentions. An example
fails, too, if a step changes nothing, if a subject is not there, or if the rule never applied.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from policy.authoring.example_data import Data, apply
from policy.authoring.expectations import Expectations, Failure
from policy.catalogue import SpecFile
from policy.data.loader import Loader
from policy.data.readers.raw import RawDocument
from policy.data.readers.reading import read
from policy.dsl.checking.checked import CheckedSpec
from policy.dsl.checking.constants import constant_value
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.meaning.plan import SpecPlan
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax import ast
from policy.model.calendars import Calendar, calendar_of
from policy.model.diagnostics import Diagnostic, Level
from policy.model.records import Document
from policy.model.source import Span
from policy.model.suite import Check
from policy.model.values import Value
from policy.pack import Pack


class ExampleResult(Struct, frozen=True, kw_only=True):
    """How one example ended."""

    spec: str
    title: str
    span: Span
    failures: tuple[Failure, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every expectation holds."""
        return not self.failures


class Given(Struct, frozen=True, kw_only=True):
    """What an example is judged on: its document after the steps, the day, and the parameters it
    sets."""

    document: Document
    calendar: Calendar
    as_at: date
    parameters: Mapping[str, Value]

    def expectations(self, plan: SpecPlan, checks: Sequence[Check] = ()) -> Expectations:
        """Return what holds expectations about the rules of `plan` against this."""
        evaluator = Evaluator(plan, self.document, self.calendar, self.as_at, self.parameters)
        return Expectations(evaluator, checks)


class Untested(Struct, frozen=True, kw_only=True):
    """A rule that no example of its own file mentions."""

    spec: str
    rule: str
    span: Span


class TestReport(Struct, frozen=True, kw_only=True):
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


def run_examples(pack: Pack, rules: Sequence[str] = ()) -> TestReport:
    """Run the examples of every spec and library of the pack that was checked.

    `rules` keeps only examples that expect something of those rules.
    """
    givens = Givens(pack)
    results: list[ExampleResult] = []
    rules_of: dict[tuple[str, str], Untested] = {}
    for spec in pack.checked:
        examples = list(spec.node.examples)
        if rules:
            examples = [
                item for item in examples if {each.rule for each in item.expects} & {*rules}
            ]
        results.extend(_results(pack, givens, spec, examples))
        written_in = givens.file_of(spec).source.name
        for rule in spec.rules:
            name = rule.node.name
            is_own = rule.node.name_span.source.name == written_in
            if is_own and (not rules or name in rules):
                own = Untested(spec=rule.origin, rule=name, span=rule.node.name_span)
                rules_of.setdefault((rule.origin, name), own)
    mentioned = _mentioned(pack.checked)
    return TestReport(
        examples=tuple(results),
        untested=tuple(rule for key, rule in rules_of.items() if key not in mentioned),
        rules=len(rules_of),
        diagnostics=pack.diagnostics,
    )


def checks_of(pack: Pack, spec: CheckedSpec) -> Sequence[Check]:
    """Return the checks of the plugin that examples of a spec may expect something of."""
    suite = pack.suites.get(spec.node.name)
    return suite.checks if suite else ()


def _results(
    pack: Pack, givens: Givens, spec: CheckedSpec, examples: Iterable[ast.Example]
) -> Iterator[ExampleResult]:
    plan, checks = plan_spec(spec), checks_of(pack, spec)
    for example in examples:
        given = givens.of(spec, example)
        if isinstance(given, Failure):
            failures = [given]
        else:
            expectations = given.expectations(plan, checks)
            failures = [
                failure for expect in example.expects for failure in expectations.failures(expect)
            ]
        yield ExampleResult(
            spec=spec.node.name, title=example.title, span=example.span, failures=tuple(failures)
        )


def _mentioned(specs: Iterable[CheckedSpec]) -> frozenset[tuple[str, str]]:
    """Return (spec, rule) of every expectation; editions of a spec count as one."""
    return frozenset(
        (spec.node.name, expect.rule)
        for spec in specs
        for example in spec.node.examples
        for expect in example.expects
    )


class Givens:
    """Makes what examples are judged on; keeps the documents they start from."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._given: dict[Path, RawDocument | str] = {}
        self._loaders: dict[date, Loader] = {}

    def of(self, spec: CheckedSpec, example: ast.Example) -> Given | Failure:
        """Return what an example is judged on, or why it cannot be."""
        raw = self._read(spec, example.given)
        if isinstance(raw, str):
            return Failure(message=raw, span=example.span)
        data: Data = copy.deepcopy(dict(raw.data or {}))
        schema = self._pack.schema.types
        for step in example.steps:
            problem = apply(step, data, schema)
            if problem:
                return Failure(message=problem, span=step.span)
        as_at = example.as_at or _last_day(data)
        if as_at is None:
            return Failure(
                message=f"`{example.given}` names no last day of its year",
                span=example.span,
                help="say as at which day the data are judged: `given ... as at 2026-05-01`",
            )
        loaded = self._loader(as_at).take(replace(raw, data=data, diagnostics=()))
        if loaded.document is None:
            return Failure(
                message=f"the data does not hold together: {loaded.diagnostics[0].message}",
                span=example.span,
                help=loaded.diagnostics[0].help,
            )
        return Given(
            document=loaded.document,
            calendar=calendar_of(loaded.document.root),
            as_at=as_at,
            parameters=_settings(spec, example),
        )

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
        file = self.file_of(spec)
        path = Path(str(file.folder)) / given
        if path not in self._given:
            self._given[path] = _read_once(path, given)
        return self._given[path]

    def file_of(self, spec: CheckedSpec) -> SpecFile:
        """Return the file that makes a spec or an edition of it."""
        wanted = spec.node.name, spec.node.edition
        for file, node in self._pack.catalogue.trees():
            if (node.name, node.edition) == wanted:
                return file
        raise LookupError(spec.node.name)


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
