"""Laws that hold for every document: one outcome each, order and knowledge, no surprise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from policy.model.diagnostics import Level
from policy.model.findings import DocumentResult, Report
from policy.model.outcomes import Outcome
from policy.pack import Pack
from policy.report import json as report_json
from policy.report import text as report_text
from policy.report.style import Style
from tests import toy
from tests.properties.documents import (
    AS_AT,
    Data,
    broken,
    collections,
    documents,
    filled_in,
    shuffled,
)
from tests.properties.verdicts import CI, pack, report_on, verdicts

DAYS = st.sampled_from(
    [AS_AT] * 8 + [date(2025, 9, 1), date(2026, 8, 31), date(1900, 1, 1), date(9999, 12, 31)]
)
EVERY_SUBJECT_ONCE = ("recorded", "day")
"""A demand for each submission, of a spec that takes every row."""


@cache
def toy_pack() -> Pack:
    """Return the toy specs with their plugin, one check of which always crashes."""
    return toy.pack()


def owners_and_rows(entity: str, wanted: str, row: Data) -> Iterator[Data]:
    """Yield every row of `wanted`, and each row that may hold some and does not say which."""
    for name, below in collections(entity).items():
        leads_there = below == wanted or wanted in _entities_below(below)
        if not leads_there:
            continue
        if row.get(name) is None:
            yield row
        for inner in row.get(name) or ():
            if below == wanted:
                yield inner
            yield from owners_and_rows(below, wanted, inner)


def _entities_below(entity: str) -> set[str]:
    found = set(collections(entity).values())
    return found.union(*map(_entities_below, found))


@pytest.mark.parametrize("by", [pack, toy_pack])
@CI
@given(data=documents(), as_at=DAYS)
def test_every_demand_and_subject_end_in_one_outcome(
    by: Callable[[], Pack], data: Data, as_at: date
) -> None:
    """Counts add up, match the findings, and nobody the rule is about is left out."""
    report = report_on(data, by=by(), as_at=as_at)
    (result,) = report.documents
    assert result.readable
    for demand in result.demands:
        counts = demand.counts
        assert counts.subjects == sum(counts[outcome] for outcome in Outcome)
        assert counts[Outcome.NOT_APPLICABLE] == sum(counts.because.values())
        told = Counter(
            item.outcome
            for item in result.findings
            if (item.spec, item.name) == (demand.spec, demand.name) and not item.is_note
        )
        for outcome in Outcome:
            silent = outcome in (Outcome.MET, Outcome.NOT_APPLICABLE)
            assert silent or told[outcome] == counts[outcome], demand.name
        if (demand.rule, demand.label) == EVERY_SUBJECT_ONCE:
            assert counts.subjects == len(list(owners_and_rows("centre", "submission", data)))


@settings(CI, max_examples=250)
@given(filled_in(), DAYS)
def test_knowing_more_never_turns_a_verdict_round(pair: tuple[Data, Data], as_at: date) -> None:
    """What is met stays met, unless an exception becomes known; what is breached stays breached."""
    before, after = (verdicts(data, "facts", as_at) for data in pair)
    for key, ended in before.items():
        for outcome, _ in ended:
            if outcome is Outcome.BREACHED:
                assert set(after[key]) == {(Outcome.BREACHED, "")}, key
            if outcome is Outcome.MET:
                stays = {(Outcome.MET, ""), (Outcome.NOT_APPLICABLE, "excepted: signed_otherwise")}
                assert set(after[key]) <= stays, key


@settings(CI, max_examples=150)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(data: Data, random: Random) -> None:
    """Shuffling every collection changes no outcome of any subject."""
    turned = shuffled(data, random)
    for spec in ("facts", "gaps"):
        assert verdicts(data, spec) == verdicts(turned, spec)


@CI
@given(documents(), documents() | broken())
def test_documents_do_not_touch_each_other(first: Data, second: Data | bytes) -> None:
    """Two documents in one run are judged as each by itself, whatever the other one is."""
    together = report_on(first, second)
    for number, content in enumerate((first, second)):
        alone = report_on(content)
        assert told(together.documents[number]) == told(alone.documents[0])


def told(result: DocumentResult) -> tuple[object, ...]:
    """Return what a result says, apart from the name of the file."""
    return (
        replace(result, name="", findings=(), diagnostics=()),
        tuple(replace(item, document="") for item in result.findings),
        tuple(item.message for item in result.diagnostics if str(result.name) not in item.message),
    )


@settings(CI, max_examples=15)
@given(documents(everything=True), DAYS)
@example(
    {
        **dict.fromkeys(("number", "name"), "1"),
        "academic_year": "2099/00",
        "year_starts_on": "2099-12-30",
        "year_ends_on": "2099-12-31",
    },
    date(1, 1, 1),
)
def test_no_valid_document_is_too_strange(data: Data, as_at: date) -> None:
    """Whatever a valid document holds, and whatever the day, it is judged and reported."""
    for by in (None, toy_pack()):
        report = report_on(data, by=by, as_at=as_at)
        assert all(result.readable for result in report.documents)
        assert_printable(report)


@CI
@given(broken())
def test_no_broken_document_raises(content: bytes) -> None:
    """What is no document is refused with at least one diagnostic, and reported."""
    report = report_on(content)
    for result in report.documents:
        errors = [item for item in result.diagnostics if item.level is Level.ERROR]
        assert result.readable is not bool(errors)
        assert result.readable or not result.demands
    assert_printable(report)


def assert_printable(report: Report) -> None:
    """The text obeys no control character, and text and JSON are the same when printed again."""
    style = Style(verbose=True, list_unknown=True, show_personal=True)
    text = report_text.render_report(report, style)
    assert all(char.isprintable() or char == "\n" for char in text), ascii(text)
    assert report_text.render_report(report, style) == text
    assert report_json.render_report(report, style) == report_json.render_report(report, style)


@pytest.mark.parametrize("name", ["facts", "gaps"])
def test_the_laws_are_tried_on_something(name: str) -> None:
    """Drawn documents lead to each outcome that rules without plugins can have."""
    found: set[Outcome] = set()

    @CI
    @given(documents())
    def look(data: Data) -> None:
        for ended in verdicts(data, name).values():
            found.update(outcome for outcome, _ in ended)

    look()
    expected = {*Outcome} - {Outcome.WAIVED}
    assert found == (expected if name == "gaps" else expected - {Outcome.PENDING})
