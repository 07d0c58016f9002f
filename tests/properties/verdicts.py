"""What the laws are tested with: two specs made for them, and verdicts by subject."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings

from policy.data.loader import Loader
from policy.data.readers.raw import Format, RawDocument
from policy.document_judge import editions_for
from policy.dsl.evaluation.belonging import Belonging
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import judge
from policy.engine import check
from policy.model.calendars import calendar_of
from policy.model.findings import Report
from policy.model.outcomes import Outcome
from policy.model.records import Document
from policy.model.values import Value
from policy.pack import Pack, load_pack
from policy.plugins import LoadedSuites
from tests.properties.documents import AS_AT, Data

SPECS = Path(__file__).parents[1] / "fixtures" / "property_specs"

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CI = settings.get_profile("ci")
"""The same few examples on every machine, on every day."""

Verdicts = Mapping[tuple[str, str, str, str], "Counter[Verdict]"]
Verdict = tuple[Outcome, str]
"""Outcome, and the reason of *not applicable*."""


@cache
def pack() -> Pack:
    """Return the specs of the laws, which need no plugin."""
    made = load_pack(suites=LoadedSuites(), roots=[SPECS])
    assert not made.diagnostics
    return made


@cache
def _loader(as_at: date) -> Loader:
    return Loader(schema=pack().schema, as_at=as_at)


def document(data: Data, as_at: date = AS_AT) -> Document:
    """Return the data as a linked document; they must be valid."""
    raw = RawDocument(name="drawn", file="drawn", format=Format.JSON, data=data)
    loaded = _loader(as_at).take(raw)
    assert loaded.document is not None, loaded.diagnostics
    return loaded.document


def verdicts(data: Data, spec: str, as_at: date = AS_AT) -> Verdicts:
    """Return the verdicts of a spec: rule, label and both halves of the subject -> how it ended."""
    found = document(data, as_at)
    (plan,) = (one for one in editions_for(pack().specs, found.academic_year) if one.name == spec)
    evaluator = Evaluator(plan, found, calendar_of(found.root), as_at)
    belonging = Belonging(evaluator)
    result: dict[tuple[str, str, str, str], Counter[Verdict]] = {}
    for rule in plan.rules:
        for item in judge(evaluator, rule, belonging):
            key = (rule.name, item.demand.label, repr(item.record), _named(item.second))
            reason = item.verdict.reason if item.outcome is Outcome.NOT_APPLICABLE else ""
            result.setdefault(key, Counter())[item.outcome, reason] += 1
    return result


def _named(second: Value | None) -> str:
    return "" if second is None else repr(second)


def report_on(*contents: Data | bytes, by: Pack | None = None, as_at: date = AS_AT) -> Report:
    """Write documents to files `0.json`, `1.json` ... and judge them in one run."""
    with TemporaryDirectory() as folder:
        paths = []
        for number, content in enumerate(contents):
            path = Path(folder) / f"{number}.json"
            path.write_bytes(
                content if isinstance(content, bytes) else json.dumps(content).encode()
            )
            paths.append(str(path))
        return check(by or pack(), paths, as_at)
