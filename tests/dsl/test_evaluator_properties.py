"""Laws of the language: logic, monotone knowledge, order independence, one outcome each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.dsl.evaluation.judgement import judge
from policy.dsl.evaluation.kleene import Truth, conjunction, disjunction, negation
from policy.dsl.evaluation.partial import Listing, joined, listing, members, settled
from policy.dsl.meaning import plan
from policy.model.outcomes import Counts, Outcome
from policy.model.records import Document
from policy.model.values import Cause, CauseKind, Failure, Missing, Unknown, causes_of
from tests.dsl.builders import (
    at,
    both,
    c,
    centre,
    collect,
    compare,
    count,
    demand,
    drawn,
    either,
    evaluator,
    every,
    no,
    rule,
    some,
    the,
    v,
)

FEW = settings(max_examples=150, deadline=None)


def unknown(name: str) -> Unknown:
    """Return an unknown with a cause of its own."""
    return Unknown((Cause(CauseKind.DANGLING, "x", "1", name),))


TRUTHS: st.SearchStrategy[Truth] = st.sampled_from(
    [True, False, unknown("a"), unknown("b"), Failure("first"), Failure("second")]
)


def kind(truth: Truth) -> object:
    """Return a truth without its causes."""
    return truth if isinstance(truth, bool) else type(truth)


class TestLogic:
    """Kleene's logic with a failure that is worse than unknown."""

    T, F, U, E = True, False, unknown("u"), Failure("e")

    @pytest.mark.parametrize(
        ("left", "right", "both_", "either_"),
        [
            (T, T, T, T),
            (T, F, F, T),
            (T, U, U, T),
            (T, E, E, T),
            (F, F, F, F),
            (F, U, F, U),
            (F, E, F, E),
            (U, U, U, U),
            (U, E, E, E),
            (E, E, E, E),
        ],
    )
    def test_tables(self, left: Truth, right: Truth, both_: Truth, either_: Truth) -> None:
        """A deciding operand hides what is undecided, on whichever side it stands."""
        assert conjunction((left, right)) == conjunction((right, left)) == both_
        assert disjunction((left, right)) == disjunction((right, left)) == either_

    @FEW
    @given(st.lists(TRUTHS))
    def test_de_morgan(self, items: list[Truth]) -> None:
        """`not (a and b)` is `not a or not b`, causes and failures included."""
        assert negation(conjunction(items)) == disjunction(map(negation, items))

    @FEW
    @given(st.lists(TRUTHS), st.randoms(use_true_random=False))
    def test_order_does_not_matter(self, items: list[Truth], random: Any) -> None:
        """Neither for the outcome nor for the facts that are lacking."""
        shuffled = list(items)
        random.shuffle(shuffled)
        first, second = conjunction(items), conjunction(shuffled)
        assert kind(first) == kind(second)
        assert set(causes_of(first)) == set(causes_of(second))

    def test_nothing_at_all(self) -> None:
        """All of nothing are true, none of nothing is."""
        assert conjunction(()) is True
        assert disjunction(()) is False


class TestPartialLists:
    """Lists with a gap."""

    def test_a_list_of_nothing_but_a_gap_is_the_gap(self) -> None:
        """There is no empty list of which something may be lacking."""
        assert listing((), unknown("a")) == unknown("a")
        assert listing(("x",), unknown("a")) == Listing(("x",), unknown("a"))
        assert listing((), None) == ()

    def test_joining_keeps_what_is_known(self) -> None:
        """Gaps add up, a missing list is a gap too."""
        found = joined(Listing(("x",), unknown("a")), Listing(("y",), unknown("b")))
        assert isinstance(found, Listing)
        assert found.items == ("x", "y")
        assert [cause.field for cause in causes_of(settled(found))] == ["a", "b"]
        assert joined(Missing(), ("y",)) == Listing(("y",), Unknown())
        assert joined(Failure("e"), unknown("a")) == Failure("e")
        assert members(Missing()) == Missing()


# ---------------------------------------------------------------- random centres and rules

MARKS = st.none() | st.integers(0, 3)
SUBMISSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "marks": MARKS,
            "is_signed": st.none() | st.booleans(),
            "first": st.none() | st.sampled_from(["S00", "S10", "S99"]),
            "criteria": st.none() | st.lists(st.sampled_from(["P1", "M1"]), max_size=2),
        }
    ),
    max_size=3,
)
LEARNERS = st.lists(st.none() | SUBMISSIONS, min_size=1, max_size=2)


def document(learners: list[list[dict[str, Any]] | None]) -> Document:
    """Return a centre of learners with these submissions, Sij; None is an absent list."""
    rows = []
    for i, submissions in enumerate(learners):
        row: dict[str, Any] = {"id": f"L{i}"}
        if submissions is not None:
            row["submissions"] = [
                {"id": f"S{i}{j}", **fields} for j, fields in enumerate(submissions)
            ]
        rows.append(row)
    return centre(programmes=[{"id": "P1", "learners": rows}])


Maker = Callable[[st.SearchStrategy[plan.Operation]], st.SearchStrategy[plan.Operation]]

LEAVES: st.SearchStrategy[plan.Operation] = st.one_of(
    st.sampled_from([v("s.is_signed"), v("s.first.is_signed")]),
    st.builds(
        compare,
        st.sampled_from([v("s.marks"), v("s.first.marks")]),
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.integers(0, 3).map(c),
    ),
    st.builds(
        lambda item: plan.Contains(item=c(item), container=v("s.criteria"), span=at()),
        st.sampled_from(["P1", "M1"]),
    ),
)


def _larger(inner: st.SearchStrategy[plan.Operation]) -> st.SearchStrategy[plan.Operation]:
    """Return conditions on a submission `s` made of smaller ones."""
    rows = st.builds(lambda where: drawn("s", v("s.learner.submissions"), where), st.none() | inner)
    compared = st.sampled_from(["=", "<", "<=", ">", ">="])
    return st.one_of(
        st.builds(no, inner),
        st.builds(both, inner, inner),
        st.builds(either, inner, inner),
        st.builds(every, rows, inner),
        st.builds(some, rows),
        st.builds(compare, rows.map(count), compared, st.integers(0, 2).map(c)),
        st.builds(lambda row: plan.FieldOf(of=row, field="is_signed", span=at()), rows.map(the)),
        st.builds(
            lambda where: plan.IsEmpty(item=collect(where), span=at()),
            rows,
        ),
        st.builds(
            lambda test, yes, other: plan.If(condition=test, then=yes, orelse=other, span=at()),
            inner,
            inner,
            inner,
        ),
    )


CONDITIONS = st.recursive(LEAVES, _larger, max_leaves=6)


def outcomes(found: Document, condition: plan.Operation) -> dict[str, Outcome]:
    """Return the outcome of a demand for each submission or owner, by id."""
    run = evaluator(found)
    made = rule("submission", "s", demand(condition))
    return {item.record.id: item.outcome for item in judge(run, made)}


@st.composite
def a_fact_filled_in(draw: st.DrawFn) -> tuple[Document, Document]:
    """Return a centre, and the same centre with some missing facts filled in."""
    learners = draw(LEARNERS)
    filled: list[list[dict[str, Any]] | None] = []
    for submissions in learners:
        if submissions is None:
            filled.append(draw(st.none() | SUBMISSIONS))
            continue
        rows = []
        for fields in submissions:
            row = dict(fields)
            for name, value in (("marks", st.integers(0, 3)), ("is_signed", st.booleans())):
                if row[name] is None and draw(st.booleans()):
                    row[name] = draw(value)
            if row["criteria"] is None and draw(st.booleans()):
                row["criteria"] = draw(st.lists(st.sampled_from(["P1", "M1"]), max_size=2))
            rows.append(row)
        filled.append(rows)
    return document(learners), document(filled)


@FEW
@given(a_fact_filled_in(), CONDITIONS)
def test_knowing_more_never_turns_a_verdict_round(
    centres: tuple[Document, Document], condition: plan.Operation
) -> None:
    """What is met stays met, and what is breached stays breached, when facts are filled in."""
    before, after = (outcomes(found, condition) for found in centres)
    for name, outcome in before.items():
        if outcome in (Outcome.MET, Outcome.BREACHED):
            assert after[name] is outcome


@FEW
@given(LEARNERS, CONDITIONS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    learners: list[list[dict[str, Any]] | None], condition: plan.Operation, random: Any
) -> None:
    """The same rows in another order have the same outcomes."""
    first = document(learners)
    turned = centre(programmes=[{"id": "P1", "learners": _shuffled(first, random)}])
    assert outcomes(first, condition) == outcomes(turned, condition)


def _shuffled(found: Document, random: Any) -> list[dict[str, Any]]:
    """Return the learners of a centre as data, they and their submissions in another order."""
    rows: list[dict[str, Any]] = []
    for learner in found.rows["learner"]:
        below = learner.collection("submissions")
        row: dict[str, Any] = {"id": learner.id}
        if not isinstance(below, Unknown):
            row["submissions"] = [_data(item) for item in random.sample(below, len(below))]
        rows.append(row)
    return random.sample(rows, len(rows))  # type: ignore[no-any-return]


def _data(item: Any) -> dict[str, Any]:
    """Return a submission as data."""
    first = item.value("first")
    row: dict[str, Any] = {"id": item.id, "first": getattr(first, "id", None)}
    if isinstance(first, Unknown):
        row["first"] = "S99" if first.causes[0].detail == "S99" else first.causes[0].detail
    for name in ("marks", "is_signed", "criteria"):
        value = item.value(name)
        if not isinstance(value, Missing):
            row[name] = list(value) if isinstance(value, tuple) else value
    if "marks" in row:
        row["marks"] = int(row["marks"])
    return row


@FEW
@given(LEARNERS, CONDITIONS, CONDITIONS)
def test_every_subject_has_exactly_one_outcome(
    learners: list[list[dict[str, Any]] | None], when: plan.Operation, condition: plan.Operation
) -> None:
    """Each submission, and each owner of an absent list, once; the counts add up."""
    found = document(learners)
    made = rule("submission", "s", demand(condition), when=(when,))
    judgements = list(judge(evaluator(found), made))
    absent = [f"L{i}" for i, submissions in enumerate(learners) if submissions is None]
    subjects = [row.id for row in found.all("submission")] + absent
    assert [item.record.id for item in judgements] == subjects
    counts = Counts.of(Counter((item.outcome, item.verdict.reason) for item in judgements))
    assert counts.subjects == len(subjects)
    assert Outcome.WAIVED not in counts.by_outcome
    for item in judgements:
        assert (item.outcome is Outcome.UNKNOWN) <= bool(item.verdict.causes)
