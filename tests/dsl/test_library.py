"""The built-in functions: what they answer, and what they make of absent arguments."""

from __future__ import annotations

from datetime import date

import pytest

from policy.dsl.evaluation import arithmetic, comparison, partial
from policy.dsl.evaluation.kleene import truth
from policy.dsl.evaluation.partial import Interval
from policy.dsl.meaning import library, plan
from policy.dsl.meaning.library import BUILT_INS
from policy.model.records import Record
from policy.model.values import (
    Cause,
    CauseKind,
    DurationUnit,
    Failure,
    Missing,
    Unknown,
    Value,
)
from tests.dsl.builders import at, c, centre, evaluator

EARLY, LATE = date(2025, 10, 1), date(2025, 11, 1)
CAUSE, OTHER = (Cause(CauseKind.NOT_RECORDED, "x", "1", name) for name in "ab")
MISSING, UNKNOWN, BROKEN = Missing((CAUSE,)), Unknown((OTHER,)), Failure("broke")


def called(name: str, *arguments: Value) -> object:
    """Call a built-in over a centre with a calendar."""
    op = plan.BuiltIn(name=name, arguments=tuple(map(c, arguments)), span=at())
    return evaluator(centre()).value(op, {})


def test_the_table_is_in_order_and_says_what_each_is_for() -> None:
    """Names are keys, in order; each has a description and as many types as arguments."""
    assert list(BUILT_INS) == sorted(BUILT_INS)
    for name, function in BUILT_INS.items():
        assert function.name == name
        assert function.description
        arguments = function.call.__code__.co_argcount - 1
        assert len(function.parameters) == arguments


@pytest.mark.parametrize(
    ("first", "second", "earlier", "later"),
    [
        (EARLY, LATE, EARLY, LATE),
        (LATE, EARLY, EARLY, LATE),
        (MISSING, LATE, LATE, MISSING),
        (EARLY, MISSING, EARLY, MISSING),
        (MISSING, Missing((OTHER,)), Missing((CAUSE, OTHER)), Missing((CAUSE, OTHER))),
        (UNKNOWN, LATE, UNKNOWN, UNKNOWN),
        (MISSING, UNKNOWN, UNKNOWN, Unknown((CAUSE, OTHER))),
        (UNKNOWN, BROKEN, BROKEN, BROKEN),
        (MISSING, BROKEN, BROKEN, BROKEN),
    ],
)
def test_earlier_skips_a_missing_date_and_later_needs_both(
    first: Value, second: Value, earlier: Value, later: Value
) -> None:
    """Unknown and broken dates are passed on by both."""
    assert called("earlier", first, second) == earlier
    assert called("later", first, second) == later


def test_days_of_the_calendar() -> None:
    """Academic year, term and teaching day of a date."""
    assert called("academic_year", date(2026, 8, 31)) == "2025/26"
    assert called("academic_year", date(2026, 9, 1)) == "2026/27"
    assert called("teaching_day", date(2025, 10, 24)) is True
    assert called("teaching_day", date(2025, 10, 28)) is False
    term = called("term_of", date(2025, 10, 28))
    assert isinstance(term, Record)
    assert term.id == "K1"
    assert isinstance(called("term_of", date(2025, 12, 28)), Missing)


@pytest.mark.parametrize("name", ["academic_year", "teaching_day", "term_of"])
def test_of_an_absent_date_the_answer_is_as_absent(name: str) -> None:
    """Missing stays missing, unknown unknown."""
    assert called(name, MISSING) == MISSING
    assert called(name, UNKNOWN) == UNKNOWN
    assert called(name, BROKEN) == BROKEN


def test_what_the_checker_refuses_is_a_bug_of_ours() -> None:
    """A value of the wrong type never becomes an outcome."""
    calendar = evaluator(centre()).calendar
    with pytest.raises(TypeError, match="dates"):
        library.BUILT_INS["earlier"].call(None, "a", EARLY)
    with pytest.raises(TypeError, match="yes and no"):
        truth("yes")
    with pytest.raises(TypeError, match="lists"):
        partial.members("a")
    with pytest.raises(TypeError, match="numbers, dates"):
        comparison.ordered("a")
    with pytest.raises(TypeError, match="numbers"):
        arithmetic.compute("+", "a", 1)
    with pytest.raises(TypeError, match="whole numbers"):
        arithmetic.moved(calendar, EARLY, "a", DurationUnit.DAYS, 1)
    with pytest.raises(TypeError, match="dates"):
        arithmetic.moved(calendar, "a", 1, DurationUnit.DAYS, 1)
    with pytest.raises(TypeError, match="lengths"):
        arithmetic.moved_by(calendar, EARLY, 1, 1)
    with pytest.raises(TypeError, match="learners"):
        arithmetic.study_days("a")


def test_bounds_of_equal_values_are_equal() -> None:
    """A range of one value equals it, and a range beside it does not."""
    one = Interval(3, 3, UNKNOWN)
    assert comparison.equal(one, 3) is True
    assert comparison.equal(one, Interval(4, None, UNKNOWN)) is False
    assert comparison.equal(one, MISSING) == Unknown((OTHER, CAUSE))
