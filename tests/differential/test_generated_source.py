"""What generated code looks like, and what happens to a rule it cannot be made for."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from policy.dsl.compiling.compiler import Compiled, Ended, compile_spec
from policy.dsl.compiling.linkers import linker_of
from policy.dsl.meaning import plan
from policy.model.calendars import calendar_of
from policy.model.outcomes import Outcome
from policy.model.records import Document
from tests.dsl import builders as b

AS_AT = date(2025, 12, 1)
DATA = {
    "id": "90001",
    "academic_year": "2025/26",
    "year_starts_on": "2025-09-01",
    "year_ends_on": "2026-08-31",
    "calendar_periods": b.TERMS,
    "staff_members": [],
    "programmes": [
        {"id": "P1", "units": [], "learners": [{"id": "L1", "submissions": [{"id": "S1"}]}]}
    ],
}


def in_time() -> plan.RulePlan:
    """Return `must s.submitted_on <= s.due_on` when `s.kind = "first"`."""
    condition = b.compare(b.v("s.submitted_on"), "<=", b.v("s.due_on"))
    when = b.compare(b.v("s.kind"), "=", b.c("first"))
    return b.rule("submission", "s", b.demand(condition), when=(when,))


def test_a_rule_reads_like_a_rule() -> None:
    """Names of the spec, the title as the docstring, and a test only where a fact may be absent."""
    source = compile_spec(b.spec(in_time()), b.SCHEMA).source
    assert "def rule_r(run, add, count, subjects, owners):" in source
    assert '"""A rule."""' in source
    assert "for s in subjects:" in source
    assert "s.kind_ == 'first'" in source
    assert "s.submitted_on_ <= s.due_on_" in source


def test_required_fields_are_not_tested() -> None:
    """What the schema requires is compared straight away; the id is required."""
    condition = b.compare(b.v("s.id"), "=", b.c("S1"))
    source = compile_spec(b.spec(b.rule("submission", "s", b.demand(condition))), b.SCHEMA).source
    assert "if s.id == 'S1':" in source
    assert "UNKNOWN if" not in source


def ended_of(made: Compiled, document: Document) -> Ended:
    """Return how the demands of the only rule ended."""
    judging = made.over(document, calendar_of(document.root), AS_AT)
    ended = judging.ended(made.spec.rules[0])
    assert ended is not None
    return ended


def test_silent_outcomes_are_counted_and_others_named() -> None:
    """Without all witnesses *not applicable* and *met* are numbers; the rest names its subject."""
    first = b.rule("submission", "s", b.demand(b.recorded(b.v("s.due_on"))))
    made = compile_spec(b.spec(first), b.SCHEMA)
    document = linker_of(b.SCHEMA).link("toy", DATA, AS_AT).document
    ended = ended_of(made, document)
    assert ended.counts == {}
    assert [(item.outcome, item.record.id) for item in ended.witnesses] == [
        (Outcome.BREACHED, "S1")
    ]


def test_what_cannot_be_compiled_is_named_and_the_rest_goes_on() -> None:
    """A rule with an operation nobody taught the compiler is left out, with the reason."""

    class Unheard(plan.Operation):
        """An operation of tomorrow."""

    odd = b.rule("submission", "s", b.demand(Unheard(span=b.at("odd"))))
    made = compile_spec(b.spec(odd), b.SCHEMA)
    assert made.left == {"r": "Unheard"}
    assert made.rules == {}
    assert made.source.strip() == ""


def test_the_same_plan_gives_the_same_source() -> None:
    """Generated code is the same for the same spec: it can be kept under a hash."""
    first, second = (compile_spec(b.spec(in_time()), b.SCHEMA).source for _ in range(2))
    assert first == second


def test_counts_are_those_of_the_witnesses() -> None:
    """Counting what is silent, and naming everything, come to the same numbers."""
    schema, spec = b.SCHEMA, b.spec(in_time())
    counting, naming = compile_spec(spec, schema), compile_spec(spec, schema, witnessed=True)
    submissions = [{"id": f"S{at}", "kind": kind} for at, kind in enumerate("ab")]
    submissions += [{"id": "S8", "kind": "first"}, {"id": "S9"}]
    learner = {"id": "L1", "submissions": submissions}
    data = {**DATA, "programmes": [{"id": "P1", "learners": [learner]}]}
    document = linker_of(schema).link("toy", data, AS_AT).document
    few, every = ended_of(counting, document), ended_of(naming, document)
    assert every.counts == {}
    assert few.counts == {(0, Outcome.NOT_APPLICABLE, "`when` is false"): 2}
    named = Counter((item.number, item.outcome, item.reason) for item in every.witnesses)
    named.subtract((item.number, item.outcome, item.reason) for item in few.witnesses)
    assert +named == few.counts


@pytest.mark.parametrize(
    "name",
    [
        *("number", "call", "found", "t", "run", "len", "known", "fact_t"),
        *("holds", "all_hold", "any_holds", "chosen", "recorded"),
    ],
)
def test_names_of_the_spec_hide_nothing(name: str) -> None:
    """Variables and definitions may be called like anything that generated code uses itself."""
    row = plan.Variable(name=name, span=b.at(name))
    body = b.some(b.drawn("x", plan.Rows(of=row, path=("submissions",), span=b.at("rows"))))
    defined = b.define(name, (name,), body)
    numbered = b.count(b.drawn("y", plan.Rows(of=row, path=("submissions",), span=b.at("rows"))))
    condition = b.both(b.applied(name, row), b.compare(numbered, "=", b.c(1)))
    first = b.rule("learner", name, b.demand(condition), when=(b.recorded(row),))
    made = compile_spec(b.spec(first, definitions=defined), b.SCHEMA)
    document = linker_of(b.SCHEMA).link("toy", DATA, AS_AT).document
    ended = ended_of(made, document)
    assert ended.counts == {(0, Outcome.MET, ""): 1}
