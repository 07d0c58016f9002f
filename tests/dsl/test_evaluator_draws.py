"""Quantifiers and aggregates over rows that are known, doubtful, or not in the document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.dsl.evaluation.partial import Interval, Listing, Result, settled
from policy.dsl.meaning import plan
from policy.model.records import Document, Record
from policy.model.values import (
    CauseKind,
    Duration,
    DurationUnit,
    Failure,
    Missing,
    Unknown,
    causes_of,
)
from tests.dsl.builders import (
    applied,
    at,
    c,
    centre,
    centre_of,
    collect,
    compare,
    count,
    days,
    define,
    drawn,
    either,
    evaluator,
    every,
    extreme,
    no,
    recorded,
    some,
    the,
    the_most,
    total,
    v,
)

EARLY, LATE = "2025-10-01", "2025-11-01"
SIGNED = drawn("s", v("l.submissions"), v("s.is_signed"))
"""Doubtful for a submission of which nobody recorded whether it is signed."""

DAY_3, DAY_15 = c(date(2025, 10, 3)), c(date(2025, 10, 15))


def over(op: plan.Operation, *submissions: Mapping[str, object], **more: Any) -> Result:
    """Evaluate `op` for the learner `l` of these submissions."""
    return of(centre_of(*submissions), op, **more)


def of(document: Document, op: plan.Operation, **more: Any) -> Result:
    """Evaluate `op` for the first learner `l` of a document."""
    row = document.rows["learner"][0]
    return evaluator(document, **more).value(op, {"l": row})


def nobody(op: plan.Operation) -> Result:
    """Evaluate `op` for a learner whose submissions are not in the document."""
    return of(centre(programmes=[{"id": "P1", "learners": [{"id": "L1"}]}]), op)


def ids(value: Result) -> list[str]:
    """Return the ids of the certain rows of a list."""
    items = value.items if isinstance(value, Listing) else value
    assert isinstance(items, tuple)
    return [item.id for item in items if isinstance(item, Record)]


def facts(value: Result) -> list[str]:
    """Return the rows and fields a value lacks."""
    return [f"{cause.id}.{cause.field}" for cause in causes_of(settled(value))]


YES, NO, OPEN = {"is_signed": True}, {"is_signed": False}, {"is_signed": None}


class TestQuantifiers:
    """every, some, no."""

    EVERY = every(drawn("s", v("l.submissions")), v("s.is_signed"))

    def test_every(self) -> None:
        """One row that fails decides, an open one leaves it open, none at all is true."""
        assert over(self.EVERY, YES, YES) is True
        assert over(self.EVERY, OPEN, NO) is False
        assert facts(over(self.EVERY, YES, OPEN)) == ["S2.is_signed"]
        assert over(self.EVERY) is True
        assert facts(nobody(self.EVERY)) == ["L1.submissions"]

    def test_every_with_a_doubtful_row(self) -> None:
        """A doubtful row cannot fail for certain, and does no harm if it satisfies."""
        marked = every(SIGNED, compare(v("s.marks"), ">=", c(4)))
        assert over(marked, {**OPEN, "marks": 5}) is True
        assert facts(over(marked, {**OPEN, "marks": 3})) == ["S1.is_signed"]
        assert over(marked, {**OPEN, "marks": 3}, {**YES, "marks": 3}) is False
        assert facts(over(marked, OPEN)) == ["S1.is_signed", "S1.marks"]

    def test_some(self) -> None:
        """One row drawn for certain decides; of an empty list there is none."""
        assert over(some(SIGNED), OPEN, YES) is True
        assert over(some(SIGNED), NO) is False
        assert facts(over(some(SIGNED), NO, OPEN)) == ["S2.is_signed"]
        assert over(some(SIGNED)) is False
        assert isinstance(nobody(some(SIGNED)), Unknown)

    def test_behind_a_missing_row_the_answer_is_unknown(self) -> None:
        """A yes/no is never missing: the list belongs to a row nobody named."""
        behind = drawn("x", v("s.first.criteria"))
        document = centre_of({})
        found = evaluator(document).value(some(behind), {"s": document.rows["submission"][0]})
        assert isinstance(found, Unknown)
        assert facts(found) == ["S1.first"]

    def test_a_gap_beside_certain_rows(self) -> None:
        """A list in part decides what its certain rows decide."""
        document = centre(
            programmes=[
                {
                    "id": "P1",
                    "learners": [
                        {"id": "L1", "submissions": [{"id": "S1", "is_signed": True}]},
                        {"id": "L2"},
                    ],
                }
            ]
        )
        run, row = evaluator(document), {"p": document.rows["programme"][0]}
        signed = drawn("s", v("p.submissions"), v("s.is_signed"))
        assert run.value(some(signed), row) is True
        assert facts(run.value(every(signed, v("s.is_signed")), row)) == ["L2.submissions"]
        assert run.value(every(signed, no(v("s.is_signed"))), row) is False
        assert run.value(compare(count(signed), ">=", c(1)), row) is True
        assert facts(run.value(compare(count(signed), "<=", c(1)), row)) == ["L2.submissions"]
        assert facts(run.value(the(signed), row)) == ["L2.submissions"]
        assert facts(run.value(total(v("s.marks"), signed), row)) == ["L2.submissions"]


class TestCount:
    """A count is a range while rows are doubtful, and the comparison it feeds may be decided."""

    def test_known_rows_are_a_number(self) -> None:
        """Only rows drawn for certain count when there is no doubt."""
        assert over(count(SIGNED), YES, NO, YES) == 2
        assert over(count(SIGNED)) == 0

    @pytest.mark.parametrize(
        ("op", "number", "expected"),
        [
            (">=", 1, True),
            (">=", 2, None),
            (">=", 4, False),
            ("<=", 3, True),
            ("<=", 2, None),
            ("<=", 0, False),
            ("=", 0, False),
            ("=", 4, False),
            ("=", 2, None),
            ("!=", 4, True),
            ("<", 1, False),
            (">", 0, True),
        ],
    )
    def test_a_range_decides_what_it_can(self, op: str, number: int, expected: bool | None) -> None:
        """One signed and two doubtful: between one and three."""
        found = over(compare(count(SIGNED), op, c(number)), OPEN, YES, OPEN, NO)
        if expected is None:
            assert facts(found) == ["S1.is_signed", "S3.is_signed"]
        else:
            assert found is expected

    def test_two_ranges_are_compared(self) -> None:
        """Ranges that do not touch are decided."""
        signed = drawn("s", v("l.submissions"), v("s.is_signed"))
        marked = drawn("s", v("l.submissions"), compare(v("s.marks"), ">", c(0)))
        rows = ({**OPEN, "marks": 0}, {**OPEN, "marks": 0}, {**YES, "marks": 0}, {**NO})
        assert isinstance(over(compare(count(signed), "=", count(marked)), *rows), Unknown)
        assert over(compare(count(marked), "<=", count(signed)), *rows) is True

    def test_elsewhere_a_range_is_unknown(self) -> None:
        """Arithmetic does not carry ranges; a definition hands them through."""
        sum_of = plan.Arithmetic(op="+", left=count(SIGNED), right=c(1), span=at())
        assert facts(over(sum_of, OPEN)) == ["S1.is_signed"]
        assert isinstance(over(recorded(count(SIGNED)), OPEN), Unknown)
        definition = define("attempts", ("l",), count(SIGNED))
        attempts = compare(applied("attempts", v("l")), "<=", c(2))
        assert over(attempts, OPEN, YES, definitions=definition) is True

    def test_behind_a_missing_reference_a_count_is_missing(self) -> None:
        """So `otherwise` can step in."""
        behind = count(drawn("x", v("s.first.criteria")))
        document = centre_of({})
        found = evaluator(document).value(behind, {"s": document.rows["submission"][0]})
        assert isinstance(found, Missing)


class TestSum:
    """Rows without a value are left out; doubtful ones stretch the sum."""

    SUM = total(v("s.marks"), SIGNED)

    def test_a_sum(self) -> None:
        """Numbers are exact, and of nothing the sum is 0."""
        assert over(self.SUM, {**YES, "marks": 0.1}, {**YES, "marks": 0.2}, YES) == Decimal("0.3")
        assert over(self.SUM) == 0
        assert isinstance(nobody(self.SUM), Unknown)

    def test_doubtful_rows(self) -> None:
        """A positive one can only add, a negative one only take away."""
        rows = ({**YES, "marks": 5}, {**OPEN, "marks": 2}, {**OPEN, "marks": -1}, OPEN)
        found = over(self.SUM, *rows)
        assert isinstance(found, Interval)
        assert (found.low, found.high) == (4, 7)
        assert facts(found) == ["S2.is_signed", "S3.is_signed"]
        assert over(compare(self.SUM, ">=", c(4)), *rows) is True
        assert over(compare(self.SUM, ">", c(7)), *rows) is False

    def test_a_result_nobody_knows(self) -> None:
        """No bound holds then."""
        marks = total(v("s.first.marks"), drawn("s", v("l.submissions")))
        found = over(marks, {"first": "S99"}, {"first": "S3"}, {"marks": 3})
        assert isinstance(found, Unknown)
        assert over(marks, {"first": "S3"}, {"first": "S3"}, {"marks": 3}) == 6


class TestExtremes:
    """earliest and latest."""

    LATEST = extreme(v("s.submitted_on"), SIGNED, greatest=True)
    EARLIEST = extreme(v("s.submitted_on"), SIGNED, greatest=False)

    def test_known_rows(self) -> None:
        """Rows without a date are left out; of nothing it is missing."""
        rows = ({**YES, "submitted_on": LATE}, YES, {**YES, "submitted_on": EARLY})
        assert over(self.LATEST, *rows) == date(2025, 11, 1)
        assert over(self.EARLIEST, *rows) == date(2025, 10, 1)
        assert facts(over(self.EARLIEST, YES, NO)) == ["S1.submitted_on"]
        none = over(self.EARLIEST)
        assert isinstance(none, Missing)
        assert none.causes[0].kind is CauseKind.NO_ROW
        assert facts(none) == ["L1.submissions"]
        assert isinstance(nobody(self.EARLIEST), Unknown)

    def test_doubtful_rows_without_a_date_are_left_out_first(self) -> None:
        """A row without a date can be neither the earliest nor the latest."""
        assert over(self.LATEST, {**YES, "submitted_on": EARLY}, OPEN) == date(2025, 10, 1)

    @pytest.mark.parametrize(
        ("op", "day", "expected"),
        [
            ("<=", DAY_15, True),
            ("<=", DAY_3, True),
            ("<", c(date(2025, 10, 1)), None),
            ("<=", c(date(2025, 9, 1)), False),
            (">", DAY_3, False),
        ],
    )
    def test_earliest_before_means_some(
        self, op: str, day: plan.Operation, expected: bool | None
    ) -> None:
        """One certain early row decides, whatever the doubtful ones are."""
        rows = (
            {**YES, "submitted_on": EARLY},
            {**OPEN, "submitted_on": "2025-09-20"},
            {**OPEN, "submitted_on": LATE},
        )
        found = over(compare(self.EARLIEST, op, day), *rows)
        assert (found if isinstance(found, bool) else None) is expected

    @pytest.mark.parametrize(
        ("day", "expected"),
        [(DAY_3, None), (c(date(2025, 9, 30)), False), (c(date(2025, 11, 1)), True)],
    )
    def test_latest_before_means_every(self, day: plan.Operation, expected: bool | None) -> None:
        """All rows, doubtful or not, must be in time; one certain late row decides."""
        rows = ({**YES, "submitted_on": EARLY}, {**OPEN, "submitted_on": LATE})
        found = over(compare(self.LATEST, "<=", day), *rows)
        assert (found if isinstance(found, bool) else None) is expected

    def test_a_date_nobody_knows_leaves_one_side_open(self) -> None:
        """A row behind a dangling reference may be earlier than all, and later than all."""
        plain = drawn("s", v("l.submissions"))
        rows = ({"submitted_on": EARLY, "first": "S1"}, {"first": "S99"})
        earliest = extreme(v("s.first.submitted_on"), plain, greatest=False)
        found = over(earliest, *rows)
        assert isinstance(found, Interval)
        assert (found.low, found.high) == (None, date(2025, 10, 1))
        assert over(compare(earliest, "<=", DAY_15), *rows) is True
        assert facts(over(compare(earliest, "<=", c(date(2025, 9, 1))), *rows)) == ["S2.first"]

    def test_without_a_certain_row_nothing_is_decided(self) -> None:
        """There may be no row at all, and then the date is missing."""
        rows = ({**OPEN, "submitted_on": LATE},)
        assert facts(over(self.EARLIEST, *rows)) == ["S1.is_signed"]
        assert isinstance(over(compare(self.EARLIEST, "<=", DAY_3), *rows), Unknown)
        otherwise = plan.Otherwise(first=self.EARLIEST, second=DAY_3, span=at())
        assert isinstance(over(otherwise, *rows), Unknown)

    def test_lengths_of_time_in_unlike_units(self) -> None:
        """They have no order, so there is no greatest."""
        week, days_8 = Duration(1, DurationUnit.WEEKS), Duration(8, DurationUnit.DAYS)
        listed = drawn("x", c((week, days_8)))
        assert isinstance(over(extreme(v("x"), listed, greatest=True)), Failure)
        assert isinstance(over(the_most(listed, v("x"))), Failure)
        like = drawn("x", c((week, Duration(2, DurationUnit.WEEKS))))
        assert over(extreme(v("x"), like, greatest=False)) == week


class TestThe:
    """the, with and without latest."""

    def test_the_one_row(self) -> None:
        """None is missing, two are an error, doubt beside fewer is unknown."""
        found = over(the(SIGNED), NO, YES)
        assert isinstance(found, Record)
        assert found.id == "S2"
        assert isinstance(over(the(SIGNED), NO), Missing)
        assert facts(over(the(SIGNED), YES, OPEN)) == ["S2.is_signed"]
        two = over(the(SIGNED), YES, OPEN, YES)
        assert two == Failure("`the s in l.submissions where s.is_signed` found 2 rows")
        assert isinstance(nobody(the(SIGNED)), Unknown)

    def test_the_latest(self) -> None:
        """Rows without a date are left out, a tie is an error, a doubtful row leaves it open."""
        latest = the_most(SIGNED, v("s.submitted_on"))
        rows = ({**YES, "submitted_on": EARLY}, {**YES, "submitted_on": LATE}, OPEN)
        found = over(latest, *rows)
        assert isinstance(found, Record)
        assert found.id == "S2"
        earliest = over(the_most(SIGNED, v("s.submitted_on"), greatest=False), *rows)
        assert isinstance(earliest, Record)
        assert earliest.id == "S1"
        assert isinstance(over(latest, *rows, rows[1]), Failure)
        assert facts(over(latest, *rows, {**OPEN, "submitted_on": EARLY})) == ["S4.is_signed"]
        assert isinstance(over(latest, YES), Missing)
        assert facts(over(latest, YES)) == ["S1.submitted_on"]
        assert isinstance(over(latest), Missing)
        assert isinstance(nobody(latest), Unknown)

    def test_what_says_that_there_is_no_row(self) -> None:
        """The cause names the list and its owner, however the list is written."""
        document = centre_of({"criteria": []})
        row = document.rows["submission"][0]
        none = compare(v("x"), "=", c("M9"))
        definitions = define("earlier", ("s",), collect(drawn("e", v("s.learner.submissions"))))
        run = evaluator(document, definitions=definitions, tables={"t": TABLE})
        sources = {
            "submission.criteria": v("s.criteria"),
            "submission.earlier": applied("earlier", v("s")),
            "learner.submissions": collect(drawn("e", v("s.learner.submissions"))),
            "t.": plan.TableRows(table="t", span=at()),
            "centre.rows": c(("a",)),
        }
        for fact, source in sources.items():
            where = none if fact != "t." else c(False)
            found = run.value(the(drawn("x", source, where)), {"s": row})
            assert isinstance(found, Missing)
            assert found.causes[0].fact == fact


TABLE = plan.TablePlan(name="t", keys=(), rows=({},))


class TestLists:
    """all and distinct."""

    def test_rows(self) -> None:
        """Certain rows in order; a doubtful one leaves a gap."""
        assert ids(over(collect(SIGNED), YES, NO, YES)) == ["S1", "S3"]
        found = over(collect(SIGNED), YES, OPEN)
        assert ids(found) == ["S1"]
        assert facts(found) == ["S2.is_signed"]
        assert over(collect(SIGNED), NO) == ()
        assert isinstance(over(collect(SIGNED), OPEN), Unknown)
        assert isinstance(nobody(collect(SIGNED)), Unknown)

    def test_results(self) -> None:
        """Lists are joined; what is missing or unknown is a gap."""
        plain = drawn("s", v("l.submissions"))
        kinds = collect(plain, v("s.kind"))
        rows: tuple[Mapping[str, object], ...] = ({"kind": "b"}, {"kind": "a"}, {"kind": "b"})
        assert over(kinds, *rows) == ("b", "a", "b")
        assert over(collect(plain, v("s.kind"), distinct=True), *rows) == ("b", "a")
        incomplete = over(kinds, *rows, {})
        assert isinstance(incomplete, Listing)
        assert incomplete.items == ("b", "a", "b")
        assert facts(incomplete) == ["S4.kind"]
        criteria = collect(plain, v("s.criteria"), distinct=True)
        assert over(criteria, {"criteria": ["P1", "P2"]}, {"criteria": ["P2", "M1"]}) == (
            "P1",
            "P2",
            "M1",
        )
        first = collect(plain, v("s.first.kind"))
        found = over(first, {"first": "S1", "kind": "a"}, {"first": "S99"})
        assert isinstance(found, Listing)
        assert found.items == ("a",)
        assert facts(found) == ["S2.first"]

    def test_results_known_in_part(self) -> None:
        """A joined list hands on its gap; a range is unknown."""
        document = centre(
            programmes=[
                {
                    "id": "P1",
                    "learners": [
                        {"id": "L1", "submissions": [{"id": "S1", "is_signed": None}]},
                        {"id": "L2"},
                    ],
                }
            ]
        )
        run, row = evaluator(document), {"c": document.root}
        programmes = drawn("p", v("c.programmes"))
        found = run.value(collect(programmes, v("p.submissions")), row)
        assert ids(found) == ["S1"]
        assert facts(found) == ["L2.submissions"]
        counted = collect(programmes, count(drawn("s", v("p.submissions"), v("s.is_signed"))))
        assert facts(run.value(counted, row)) == ["S1.is_signed", "L2.submissions"]

    def test_a_reference_to_nobody_counts_and_leaves_a_gap(self) -> None:
        """It is a member of the field's list, but nobody knows which."""
        document = centre(
            programmes=[{"id": "P1", "assessors": ["T1", "T9"]}], staff_members=[{"id": "T1"}]
        )
        run, row = evaluator(document), {"p": document.rows["programme"][0]}
        assessors = drawn("x", v("p.assessors"))
        assert run.value(count(assessors), row) == 2
        found = run.value(collect(assessors), row)
        assert ids(found) == ["T1"]
        assert facts(found) == ["P1.assessors"]
        left = drawn("x", v("p.assessors"), recorded(v("x.left_on")))
        assert isinstance(run.value(count(left), row), Interval)

    def test_a_failure_is_kept_apart(self) -> None:
        """In the end a list with a failing member is an error, not unknown."""
        signed = drawn("s", v("l.submissions"), either(v("s.is_signed"), c(Failure("broke"))))
        assert over(some(signed), YES, NO) is True
        assert over(some(signed), NO, OPEN) == Failure("broke")
        assert settled(over(collect(signed), YES, NO)) == Failure("broke")
        assert settled(over(count(signed), NO)) == Failure("broke")
        late = extreme(days(1, v("s.due_on")), signed, greatest=True)
        assert settled(over(late, {**NO, "due_on": LATE})) == Failure("broke")
