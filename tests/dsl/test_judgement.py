"""From a rule to outcomes: subjects, membership, editions, exceptions and deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from policy.dsl.evaluation.judgement import Judgement, judge, judge_belonging
from policy.dsl.evaluation.partial import Interval
from policy.dsl.meaning import plan
from policy.model.outcomes import Outcome, Severity
from policy.model.records import Document
from policy.model.values import Cause, CauseKind, Failure, Missing, Unknown, Value
from tests.dsl.builders import (
    AS_AT,
    at,
    both,
    c,
    centre,
    centre_of,
    collect,
    compare,
    demand,
    drawn,
    evaluator,
    every,
    no,
    rule,
    some,
    v,
)

CAUSE = Cause(CauseKind.DANGLING, "x", "1", "y")
UNKNOWN = Unknown((CAUSE,))
MISSING = Missing((CAUSE,))
BROKEN = Failure("broke")


def judged(document: Document, made: plan.RulePlan, **more: Any) -> list[Judgement]:
    """Return the judgements of a rule over a document."""
    return list(judge(evaluator(document, **more), made))


def shown(judgements: list[Judgement]) -> list[tuple[str, str, str]]:
    """Return subject, outcome and reason of each."""
    return [
        (
            " with ".join(
                str(getattr(half, "id", half))
                for half in (item.record, item.second)
                if half is not None
            ),
            str(item.outcome),
            item.verdict.reason,
        )
        for item in judgements
    ]


def outcome(made: plan.DemandPlan, when: tuple[plan.Operation, ...] = ()) -> tuple[Outcome, str]:
    """Return outcome and reason of a demand on the one submission of a document."""
    (item,) = judged(centre_of({}), rule("submission", "s", made, when=when))
    return item.outcome, item.verdict.reason


def exception(name: str, holds: Value) -> plan.ExceptionPlan:
    """A named exception that comes to `holds`."""
    return plan.ExceptionPlan(name=name, why="", clauses=(), when=c(holds))


class TestDemands:
    """When, exceptions and the demand, in this order."""

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (True, (Outcome.MET, "")),
            (False, (Outcome.BREACHED, "")),
            (UNKNOWN, (Outcome.UNKNOWN, "")),
            (MISSING, (Outcome.UNKNOWN, "")),
            (BROKEN, (Outcome.ERROR, "broke")),
        ],
    )
    def test_the_demand(self, condition: Value, expected: tuple[Outcome, str]) -> None:
        """A demand is met, breached, unknown or an error; `must not` the other way round."""
        assert outcome(demand(c(condition))) == expected
        swapped = {Outcome.MET: Outcome.BREACHED, Outcome.BREACHED: Outcome.MET}
        negative = swapped.get(expected[0], expected[0]), expected[1]
        assert outcome(demand(c(condition), is_negative=True)) == negative

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [
            (True, (Outcome.MET, "")),
            (False, (Outcome.NOT_APPLICABLE, "nothing to note")),
            (UNKNOWN, (Outcome.UNKNOWN, "")),
            (BROKEN, (Outcome.ERROR, "broke")),
        ],
    )
    def test_a_note(self, condition: Value, expected: tuple[Outcome, str]) -> None:
        """A note fires when its condition is true and never is a breach."""
        note = plan.MessagePlan(texts=("look here",))
        made = demand(c(condition), note=note, severity=Severity.NOTE)
        assert outcome(made) == expected
        (item,) = judged(centre_of({}), rule("submission", "s", made))
        assert item.has_fired is (condition is True)

    @pytest.mark.parametrize(
        ("when", "expected"),
        [
            (False, (Outcome.NOT_APPLICABLE, "`when` is false")),
            (UNKNOWN, (Outcome.UNKNOWN, "")),
            (MISSING, (Outcome.UNKNOWN, "")),
            (BROKEN, (Outcome.ERROR, "broke")),
        ],
    )
    def test_when_comes_first(self, when: Value, expected: tuple[Outcome, str]) -> None:
        """Of the rule or of the demand; not even an exception or a deadline is asked before."""
        made = demand(c(False), exceptions=(exception("excused", True),))
        assert outcome(made, when=(c(True), c(when))) == expected
        own = demand(c(MISSING), by=c(date(2099, 1, 1)), when=(c(when),))
        assert outcome(own) == expected

    def test_a_false_when_hides_an_unknown_one(self) -> None:
        """All conditions together are one `and`."""
        found = outcome(demand(c(True), when=(c(False),)), when=(c(BROKEN),))
        assert found == (Outcome.NOT_APPLICABLE, "`when` is false")

    def test_the_first_true_exception_is_named(self) -> None:
        """It excuses even what is true, and even behind an unknown one."""
        made = demand(
            c(True),
            exceptions=(
                exception("a", False),
                exception("b", UNKNOWN),
                exception("c", True),
                exception("d", True),
            ),
        )
        assert outcome(made) == (Outcome.NOT_APPLICABLE, "excepted: c")

    @pytest.mark.parametrize(
        ("doubt", "condition", "expected"),
        [
            (UNKNOWN, True, Outcome.MET),
            (UNKNOWN, False, Outcome.UNKNOWN),
            (UNKNOWN, BROKEN, Outcome.ERROR),
            (BROKEN, True, Outcome.MET),
            (BROKEN, False, Outcome.ERROR),
            (BROKEN, UNKNOWN, Outcome.ERROR),
        ],
    )
    def test_an_exception_in_doubt(self, doubt: Value, condition: Value, expected: Outcome) -> None:
        """It takes back a breach, and nothing else; a broken one is an error if it matters."""
        assert outcome(demand(c(condition), exceptions=(exception("a", doubt),)))[0] is expected

    def test_the_causes_are_those_of_the_doubt(self) -> None:
        """An unknown says which fact would settle it."""
        made = demand(c(False), exceptions=(exception("a", UNKNOWN),))
        (item,) = judged(centre_of({}), rule("submission", "s", made))
        assert item.verdict.causes == (CAUSE,)


DAY, BEFORE, AFTER = AS_AT, date(2025, 11, 30), date(2025, 12, 2)
"""The run's own day, and the days around it."""


class TestDeadlines:
    """must E by D."""

    @pytest.mark.parametrize(
        ("done", "by", "expected", "due"),
        [
            (BEFORE, BEFORE, Outcome.MET, BEFORE),
            (DAY, BEFORE, Outcome.BREACHED, BEFORE),
            (AFTER, AFTER, Outcome.MET, AFTER),
            (MISSING, AFTER, Outcome.PENDING, AFTER),
            (MISSING, DAY, Outcome.PENDING, DAY),
            (MISSING, BEFORE, Outcome.BREACHED, BEFORE),
            (UNKNOWN, DAY, Outcome.PENDING, DAY),
            (UNKNOWN, BEFORE, Outcome.UNKNOWN, BEFORE),
            (BROKEN, AFTER, Outcome.ERROR, None),
            (BEFORE, MISSING, Outcome.PENDING, None),
            (UNKNOWN, MISSING, Outcome.PENDING, None),
            (BEFORE, UNKNOWN, Outcome.UNKNOWN, None),
            (MISSING, UNKNOWN, Outcome.UNKNOWN, None),
            (BEFORE, BROKEN, Outcome.ERROR, None),
            (BROKEN, MISSING, Outcome.ERROR, None),
        ],
    )
    def test_a_date(self, done: Value, by: Value, expected: Outcome, due: date | None) -> None:
        """Done on the day counts; what is open is pending up to and on the day."""
        (item,) = judged(centre_of({}), rule("submission", "s", demand(c(done), by=c(by))))
        assert item.outcome is expected
        assert item.verdict.due_on == due

    @pytest.mark.parametrize(
        ("done", "by", "expected"),
        [
            (True, BEFORE, Outcome.MET),
            (True, UNKNOWN, Outcome.MET),
            (True, BROKEN, Outcome.MET),
            (False, DAY, Outcome.PENDING),
            (False, BEFORE, Outcome.BREACHED),
            (MISSING, DAY, Outcome.PENDING),
            (MISSING, BEFORE, Outcome.UNKNOWN),
            (UNKNOWN, BEFORE, Outcome.UNKNOWN),
            (False, MISSING, Outcome.PENDING),
            (False, UNKNOWN, Outcome.UNKNOWN),
            (BROKEN, BEFORE, Outcome.ERROR),
            (False, BROKEN, Outcome.ERROR),
        ],
    )
    def test_a_yes_or_no(self, done: Value, by: Value, expected: Outcome) -> None:
        """Yes is met; a yes or no nobody recorded is unknown, not a breach."""
        assert outcome(demand(c(done), by=c(by), is_yes_no=True))[0] is expected

    @pytest.mark.parametrize(
        ("interval", "by", "expected"),
        [
            (Interval(None, BEFORE, UNKNOWN), BEFORE, Outcome.MET),
            (Interval(None, BEFORE, BROKEN), BEFORE, Outcome.MET),
            (Interval(DAY, None, UNKNOWN), BEFORE, Outcome.BREACHED),
            (Interval(None, DAY, UNKNOWN), BEFORE, Outcome.UNKNOWN),
            (Interval(None, AFTER, UNKNOWN), DAY, Outcome.PENDING),
            (Interval(None, DAY, BROKEN), BEFORE, Outcome.ERROR),
        ],
    )
    def test_a_date_known_in_part(self, interval: Interval, by: date, expected: Outcome) -> None:
        """What the certain rows decide is decided."""
        made = demand(v("x"), by=c(by))
        pair = drawn("x", c((interval,)))  # type: ignore[arg-type]
        (item,) = judged(centre_of({}), rule("submission", "s", made, pair=pair))
        assert item.outcome is expected

    def test_a_deadline_known_in_part_is_unknown(self) -> None:
        """A due date must be one date."""
        made = demand(c(BEFORE), by=v("x"))
        pair = drawn("x", c((Interval(DAY, None, UNKNOWN),)))  # type: ignore[arg-type]
        (item,) = judged(centre_of({}), rule("submission", "s", made, pair=pair))
        assert item.outcome is Outcome.UNKNOWN
        assert item.verdict.causes == (CAUSE,)


SIGNED = demand(v("s.is_signed"))


class TestSubjects:
    """Rows, pairs, and collections that are not in the document."""

    def test_every_row_and_demand_once(self) -> None:
        """Subjects in document order, demands in the order of the rule."""
        document = centre_of({"is_signed": True}, {"is_signed": False}, {})
        made = rule("submission", "s", SIGNED, demand(c(True), label="b"))
        found = judged(document, made)
        assert [(item.record.id, item.demand.label) for item in found] == [
            (name, label) for name in ("S1", "S2", "S3") for label in ("", "b")
        ]
        assert [item.outcome for item in found[::2]] == [
            Outcome.MET,
            Outcome.BREACHED,
            Outcome.UNKNOWN,
        ]

    def test_an_absent_collection_is_one_unknown_at_its_owner(self) -> None:
        """For each demand, whatever the depth at which the list is lacking."""
        document = centre(
            programmes=[
                {"id": "P1", "learners": [{"id": "L1", "submissions": []}, {"id": "L2"}]},
                {"id": "P2"},
            ]
        )
        found = judged(document, rule("submission", "s", SIGNED, demand(c(True), label="b")))
        assert [(item.at.id, item.record.id, str(item.outcome)) for item in found] == [
            ("L2", "L2", "unknown"),
            ("L2", "L2", "unknown"),
            ("P2", "P2", "unknown"),
            ("P2", "P2", "unknown"),
        ]
        assert [cause.field for cause in found[2].verdict.causes] == ["learners"]

    def test_pairs(self) -> None:
        """Equal pairs once; where false no subject, where unknown an unknown subject."""
        staff = [{"id": "T1", "left_on": "2025-10-01"}, {"id": "T2"}, {"id": "T3"}]
        row = {"id": "P1", "assessors": ["T1", "T2", "T1", "T9"], "verifiers": ["T2"]}
        document = centre(programmes=[row], staff_members=staff)
        source = plan.Joined(left=v("p.assessors"), right=v("p.verifiers"), span=at())
        everyone = rule("programme", "p", demand(c(True)), pair=drawn("x", source))
        assert shown(judged(document, everyone)) == [
            ("P1 with T1", "met", ""),
            ("P1 with T2", "met", ""),
            ("P1", "unknown", ""),
        ]
        left = drawn("x", source, compare(v("x.left_on"), "<", c(date(2025, 9, 30))))
        gone = rule("programme", "p", demand(c(True)), pair=left)
        assert shown(judged(document, gone)) == [
            ("P1 with T2", "unknown", ""),
            ("P1", "unknown", ""),
        ]

    def test_pairs_of_an_absent_list(self) -> None:
        """One unknown at the row that lacks the list."""
        document = centre(programmes=[{"id": "P1"}], staff_members=[])
        missing = rule("programme", "p", demand(c(True)), pair=drawn("x", v("p.assessors")))
        assert shown(judged(document, missing)) == [("P1", "unknown", "")]
        absent = rule("programme", "p", demand(c(True)), pair=drawn("x", v("p.centre.learners")))
        source = plan.Rows(of=v("c"), path=("programmes", "learners"), span=at())
        absent = rule("centre", "c", demand(c(True)), pair=drawn("x", source))
        (item,) = judged(document, absent)
        assert (item.record.id, item.second, item.at.id) == ("90001", None, "P1")

    def test_pairs_of_a_list_that_breaks(self) -> None:
        """An error at the row."""
        made = rule("centre", "c", demand(c(True)), pair=drawn("x", c(BROKEN)))
        assert shown(judged(centre(), made)) == [("90001", "error", "broke")]
        doubt = rule("centre", "c", demand(c(True)), pair=drawn("x", c(("a",)), c(BROKEN)))
        assert shown(judged(centre(), doubt)) == [("90001 with a", "error", "broke")]

    def test_pairs_of_a_list_known_in_part(self) -> None:
        """The certain members are judged; what else there may be is one unknown at the row."""
        document = centre(
            programmes=[
                {"id": "P1", "learners": [{"id": "L1"}]},
                {"id": "P2"},
                {"id": "P3"},
            ]
        )
        source = plan.Rows(of=v("c"), path=("programmes", "learners"), span=at())
        found = judged(document, rule("centre", "c", demand(c(True)), pair=drawn("l", source)))
        assert shown(found) == [("90001 with L1", "met", ""), ("90001", "unknown", "")]
        assert [cause.id for cause in found[1].verdict.causes] == ["P2", "P3"]
        assert found[1].at.id == "90001"


AAQ = plan.MembershipPlan(
    entity="programme", variable="p", condition=compare(v("p.family"), "=", c("aaq"))
)


def programmes(*families: str | None) -> Document:
    """Return a centre of programmes P1 to Pn of these families, each with learner L1 to Ln."""
    rows = [
        {"id": f"P{at}", "family": family, "learners": [{"id": f"L{at}", "submissions": []}]}
        for at, family in enumerate(families, start=1)
    ]
    return centre(programmes=rows, staff_members=[{"id": "T1"}])


class TestBelonging:
    """applies to."""

    def subjects(
        self, entity: str, document: Document, *membership: plan.MembershipPlan
    ) -> list[str]:
        """Return the ids of the rows that are subjects of a rule."""
        made = rule(entity, "x", demand(c(True)))
        return [item.record.id for item in judged(document, made, membership=membership or (AAQ,))]

    def undecided(
        self, document: Document, *membership: plan.MembershipPlan
    ) -> list[tuple[str, str, str]]:
        """Return the judgements on membership itself."""
        run = evaluator(document, membership=membership or (AAQ,))
        return shown(list(judge_belonging(run)))

    def test_the_nearest_row_with_a_condition_decides(self) -> None:
        """The row itself, or the programme it lies in."""
        document = programmes("aaq", "other", None)
        assert self.subjects("programme", document) == ["P1"]
        assert self.subjects("learner", document) == ["L1"]
        assert self.undecided(document) == [("P3", "unknown", "")]

    def test_a_row_above_or_beside_belongs_if_some_programme_does(self) -> None:
        """The centre, and staff of the centre; unknown is no outcome of the rule."""
        assert self.subjects("centre", programmes("other", None, "aaq")) == ["90001"]
        assert self.subjects("staff_member", programmes("other", "aaq")) == ["T1"]
        assert self.subjects("staff_member", programmes("other")) == []
        assert self.subjects("staff_member", programmes("other", None)) == []

    def test_without_conditions_every_row_belongs(self) -> None:
        """A library takes all."""
        document = programmes("aaq", None)
        made = rule("learner", "l", demand(c(True)))
        assert len(judged(document, made)) == 2
        assert list(judge_belonging(evaluator(document))) == []

    def test_one_of_several_conditions(self) -> None:
        """The nearest decides alone: a learner's own condition comes before the programme's."""
        own = plan.MembershipPlan(
            entity="learner", variable="l", condition=compare(v("l.id"), "=", c("L2"))
        )
        document = programmes("aaq", "other")
        assert self.subjects("learner", document, AAQ, own) == ["L2"]
        assert self.subjects("programme", document, AAQ, own) == ["P1"]
        assert self.subjects("unit", document, own) == ["P2"]  # its list of units is absent
        assert self.subjects("staff_member", programmes("other"), AAQ, own) == []

    def test_absent_programmes_are_one_unknown_at_the_centre(self) -> None:
        """Not one for every rule."""
        document = centre()
        assert self.subjects("learner", document) == []
        assert self.undecided(document) == [("90001", "unknown", "")]
        assert self.subjects("programme", centre(programmes=[])) == []
        assert self.undecided(centre(programmes=[])) == []

    def test_an_absent_list_of_a_row_that_belongs(self) -> None:
        """Only the owner that belongs to the spec is reported."""
        rows = [{"id": "P1", "family": "aaq"}, {"id": "P2", "family": "other"}, {"id": "P3"}]
        assert self.subjects("learner", centre(programmes=rows)) == ["P1"]

    def test_a_condition_that_breaks(self) -> None:
        """An error of the spec as a whole."""
        broken = plan.MembershipPlan(entity="programme", variable="p", condition=c(BROKEN))
        assert self.undecided(programmes("aaq"), broken) == [("P1", "error", "broke")]
        assert self.subjects("learner", programmes("aaq"), broken) == []

    def test_each_condition_is_evaluated_once(self) -> None:
        """The judgement names the rule `applies_to` and carries the causes."""
        run = evaluator(programmes(None), membership=(AAQ,))
        (item,) = judge_belonging(run)
        assert item.rule.name == "applies_to"
        assert [cause.fact for cause in item.verdict.causes] == ["programme.family"]


class TestEditions:
    """Documents of other years."""

    def outcomes(self, edition: str, **more: str) -> list[tuple[str, str, str]]:
        """Judge a document of 2025/26 with a rule of an edition."""
        document = programmes("aaq", "other", None)
        made = rule("learner", "l", demand(c(True)), **more)
        return shown(judged(document, made, edition=edition, membership=(AAQ,)))

    def test_of_the_same_and_of_earlier_editions(self) -> None:
        """Guides hold until a later edition exists."""
        assert self.outcomes("2025/26") == [("L1", "met", "")]
        assert self.outcomes("2023/24") == [("L1", "met", "")]

    def test_an_older_document_is_never_judged(self) -> None:
        """Its subjects are counted as not applicable; nothing is said about membership."""
        assert self.outcomes("2026/27") == [("L1", "not applicable", "another edition")]
        run = evaluator(programmes(None), edition="2026/27", membership=(AAQ,))
        assert list(judge_belonging(run)) == []

    def test_this_year_only(self) -> None:
        """Not in other years than the edition's; a library has no year."""
        assert self.outcomes("2025/26", only_year="2025/26") == [("L1", "met", "")]
        assert self.outcomes("2024/25", only_year="2024/25") == [
            ("L1", "not applicable", "this year only")
        ]
        assert self.outcomes("", only_year="") == [("L1", "met", "")]

    def test_an_absent_list_of_an_older_document(self) -> None:
        """It is not applicable too, not unknown."""
        made = rule("programme", "p", demand(c(True)))
        found = judged(centre(), made, edition="2026/27")
        assert shown(found) == [("90001", "not applicable", "another edition")]


class TestFailingRows:
    """Which rows broke the outermost `every` or `no`."""

    MARKED = compare(v("s.marks"), ">=", c(4))
    IN_ALL = drawn("s", v("l.submissions"))
    WEAK = drawn("s", v("l.submissions"), no(MARKED))

    def failing(self, made: plan.DemandPlan) -> list[object]:
        """Return the ids of the rows of submissions with 5, 3, no and 1 marks that failed."""
        rows: list[Mapping[str, object]] = [{"marks": 5}, {"marks": 3}, {}, {"marks": 1}]
        (item,) = judged(centre_of(*rows), rule("learner", "l", made))
        return [getattr(row, "id", row) for row in item.failing]

    def test_of_every(self) -> None:
        """Only rows that fail for certain."""
        broken = every(self.IN_ALL, self.MARKED)
        assert self.failing(demand(broken, failing="s")) == ["S2", "S4"]
        assert self.failing(demand(both(c(True), broken), failing="s")) == ["S2", "S4"]
        assert self.failing(demand(broken)) == []

    def test_of_no(self) -> None:
        """`no` and `must not some` list the rows that should not be."""
        assert self.failing(demand(no(some(self.WEAK)), failing="s")) == ["S2", "S4"]
        negative = demand(some(self.WEAK), failing="s", is_negative=True)
        assert self.failing(negative) == ["S2", "S4"]

    def test_nothing_fails_where_nothing_is_breached(self) -> None:
        """An unknown or met demand lists no rows, and another quantifier is not meant."""
        assert self.failing(demand(no(broken_if_known()), failing="s")) == []
        other = compare(c(1), ">", c(2))
        assert self.failing(demand(other, failing="s")) == []
        assert self.failing(demand(no(some(self.WEAK)), failing="x")) == []
        weak = collect(self.WEAK)
        elsewhere = every(drawn("x", weak), c(False))
        assert self.failing(demand(elsewhere, failing="s")) == []


def broken_if_known() -> plan.Some:
    """Return a quantifier over a field that no submission has."""
    return some(drawn("s", v("l.submissions"), v("s.is_signed")))
