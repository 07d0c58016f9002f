"""What operations mean: navigation, tests, missing and unknown, dates, tables and plugins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from policy.dsl.evaluation.evaluator import MEANINGS
from policy.dsl.evaluation.partial import Listing, Result, settled
from policy.dsl.meaning import plan
from policy.model.records import Record, Row
from policy.model.suite import Context, Function, Parameter
from policy.model.values import (
    Cause,
    CauseKind,
    DateRange,
    Duration,
    DurationUnit,
    Failure,
    Missing,
    Unknown,
    Value,
    causes_of,
)
from tests.dsl.builders import (
    applied,
    at,
    both,
    c,
    centre,
    centre_of,
    collect,
    compare,
    days,
    define,
    drawn,
    either,
    evaluator,
    no,
    recorded,
    v,
)


def facts(value: Result) -> list[str]:
    """Return the facts a value lacks."""
    return [cause.fact for cause in causes_of(settled(value))]


def submission(**fields: object) -> tuple[object, dict[str, Result]]:
    """Return an evaluator over one submission, and `s` bound to it."""
    document = centre_of(fields)
    row = document.find("submission", "S1")
    assert row is not None
    return evaluator(document), {"s": row}


def value_of(op: plan.Operation, **fields: object) -> Result:
    """Evaluate `op` for a submission `s` with these fields."""
    run, bindings = submission(**fields)
    return run.value(op, bindings)  # type: ignore[attr-defined, no-any-return]


def test_every_operation_has_a_meaning() -> None:
    """The set of operations is closed, and the evaluator knows all of it."""
    parts = {plan.Drawn, plan.EqualityKey}
    operations = {
        item
        for item in vars(plan).values()
        if isinstance(item, type) and issubclass(item, plan.Operation)
    }
    assert set(MEANINGS) == operations - parts - {plan.Operation}


class TestNavigation:
    """Fields, ancestors, rows below, what lies behind an absent row."""

    def test_fields_ids_and_ancestors(self) -> None:
        """A dotted path follows fields, references and ancestors."""
        assert value_of(v("s.kind"), kind="first") == "first"
        assert value_of(v("s.id")) == "S1"
        assert value_of(v("s.learner.name")) == "Ann Other"
        assert value_of(v("s.unit.number"), unit="U1") == "1"
        assert value_of(v("s.centre.id")) == "90001"

    def test_behind_a_missing_reference_all_is_missing(self) -> None:
        """The cause stays the reference that nobody recorded."""
        behind = value_of(v("s.first.learner.name"))
        assert isinstance(behind, Missing)
        assert facts(behind) == ["submission.first"]

    def test_behind_a_dangling_reference_all_is_unknown(self) -> None:
        """A reference to nobody makes what lies behind it unknown."""
        behind = value_of(v("s.first.submitted_on"), first="S99")
        assert isinstance(behind, Unknown)
        assert behind.causes[0].kind is CauseKind.DANGLING

    def test_rows_through_several_collections_have_a_gap(self) -> None:
        """Each owner without the collection adds a cause; what is there stays certain."""
        document = centre(
            programmes=[
                {"id": "P1", "learners": [{"id": "L1", "submissions": [{"id": "S1"}]}]},
                {"id": "P2", "learners": [{"id": "L2"}]},
                {"id": "P3"},
            ]
        )
        found = evaluator(document).value(v("c.submissions"), {"c": document.root})
        assert isinstance(found, Listing)
        assert [row.id for row in found.items if isinstance(row, Record)] == ["S1"]
        assert facts(found) == ["programme.learners", "learner.submissions"]

    def test_rows_of_nothing_but_gaps_are_unknown(self) -> None:
        """A list of which nothing is known is no list."""
        document = centre(programmes=[{"id": "P1"}])
        run = evaluator(document)
        assert isinstance(run.value(v("c.learners"), {"c": document.root}), Unknown)
        assert isinstance(run.value(v("c.learners"), {"c": Missing()}), Missing)

    def test_a_definition_is_computed_once_for_its_arguments(self) -> None:
        """A second use of a definition does not evaluate its body again."""
        calls: list[str] = []

        def call(context: Context, kind: str) -> str:
            calls.append(kind)
            return kind

        body = plugin_call(call, v("x.kind"))
        document = centre_of({"kind": "first"}, {"kind": "second"})
        run = evaluator(document, definitions=define("shown", ("x",), body))
        for row in [*document.all("submission"), *document.all("submission")]:
            assert run.value(applied("shown", v("s")), {"s": row}) == row.value("kind")
        assert calls == ["first", "second"]

    def test_parameters_of_the_run_replace_those_of_the_plan(self) -> None:
        """A parameter has the value of the plan unless the run sets it."""
        document = centre()
        op = plan.ParameterValue(name="most", span=at("most"))
        run = evaluator(document, parameters={"most": 15})
        assert run.value(op, {}) == 15
        other = type(run)(run.plan, document, run.calendar, run.as_at, {"most": 16})
        assert other.value(op, {}) == 16
        assert other.context.parameters == {"most": 16}


class TestTests:
    """Comparisons, memberships and the difference between missing and unknown."""

    def test_a_comparison_with_a_missing_fact_names_it(self) -> None:
        """Missing on either side is unknown, and says what is lacking."""
        found = value_of(compare(v("s.due_on"), "<", v("s.submitted_on")))
        assert isinstance(found, Unknown)
        assert facts(found) == ["submission.due_on", "submission.submitted_on"]

    @pytest.mark.parametrize(
        ("op", "expected"),
        [("=", False), ("!=", True), ("<", True), ("<=", True), (">", False), (">=", False)],
    )
    def test_order_and_equality(self, op: str, expected: bool) -> None:
        """Numbers and dates compare by value, and rows by identity."""
        assert value_of(compare(v("s.marks"), op, c(Decimal("2.5"))), marks=2) is expected
        day = compare(v("s.due_on"), op, c(date(2025, 11, 2)))
        assert value_of(day, due_on="2025-11-01") is expected
        twice = centre_of({}, {})
        rows = {"s": twice.rows["submission"][0], "t": twice.rows["submission"][1]}
        if op in ("=", "!="):
            assert evaluator(twice).value(compare(v("s"), op, v("t")), rows) is expected
            assert evaluator(twice).value(compare(v("s"), op, v("s")), rows) is not expected

    def test_lengths_of_time_are_never_converted(self) -> None:
        """Four weeks and one month are unlike, and have no order."""
        weeks, month = Duration(4, DurationUnit.WEEKS), Duration(1, DurationUnit.MONTHS)
        assert value_of(compare(c(weeks), "=", c(month))) is False
        assert isinstance(value_of(compare(c(weeks), "<", c(month))), Failure)
        assert value_of(compare(c(weeks), "<", c(Duration(5, DurationUnit.WEEKS)))) is True

    def test_lists_are_equal_member_by_member(self) -> None:
        """Order counts, and a member that is unknown leaves it open unless the lengths differ."""
        unknown = Unknown((Cause(CauseKind.DANGLING, "x", "1", "y"),))
        assert value_of(compare(c(("a", "b")), "=", c(("a", "b")))) is True
        assert value_of(compare(c(("a", "b")), "=", c(("b", "a")))) is False
        assert value_of(compare(c(("a", unknown)), "=", c(("a", "b")))) == unknown
        assert value_of(compare(c(("a", unknown)), "=", c(("c", "b")))) is False
        assert value_of(compare(c(("a", unknown)), "=", c(("a",)))) is False

    def test_is_recorded_tells_missing_from_unknown(self) -> None:
        """Only missing is not recorded; of what is unknown nobody can say."""
        assert value_of(recorded(v("s.first"))) is False
        assert value_of(recorded(v("s.kind")), kind="first") is True
        assert isinstance(value_of(recorded(v("s.first")), first="S99"), Unknown)

    def test_a_member_found_decides_in_spite_of_a_gap(self) -> None:
        """`has` is true when found, false only if nothing is unknown."""
        gap = Unknown((Cause(CauseKind.ABSENT_COLLECTION, "x", "1", "ys"),))
        document = centre()
        run = evaluator(document)

        def has(members: Result, item: Value) -> Result:
            op = plan.Contains(item=c(item), container=v("x"), span=at())
            return run.value(op, {"x": members})

        assert has(("a", "b"), "b") is True
        assert has(("a", "b"), "c") is False
        assert has(Listing(("a",), gap), "a") is True
        assert has(Listing(("a",), gap), "c") == gap
        assert has(("a", gap), "c") == gap
        assert has((), gap) is False
        assert has(("a",), gap) == gap
        assert has(Missing(gap.causes), "a") == gap

    def test_a_date_lies_in_a_stretch_of_days(self) -> None:
        """`in year` includes both ends."""
        year = plan.Year(span=at("year"))
        assert value_of(year) == DateRange(date(2025, 9, 1), date(2026, 8, 31))
        inside = plan.Contains(item=v("s.due_on"), container=year, span=at())
        assert value_of(inside, due_on="2025-09-01") is True
        assert value_of(inside, due_on="2025-08-31") is False
        assert facts(value_of(inside)) == ["submission.due_on"]

    def test_in_terms_leaves_closures_out(self) -> None:
        """A half term is no term time, a date never recorded is unknown."""
        inside = plan.InTerms(day=v("s.due_on"), span=at())
        assert value_of(inside, due_on="2025-10-24") is True
        assert value_of(inside, due_on="2025-10-28") is False
        assert isinstance(value_of(inside), Unknown)

    def test_has_only(self) -> None:
        """One member too many decides; of an absent list nothing is known."""
        op = plan.HasOnly(list=v("s.criteria"), members=(c("P1"), c("P2")), span=at())
        assert value_of(op, criteria=["P1"]) is True
        assert value_of(op, criteria=[]) is True
        assert value_of(op, criteria=["P1", "M1"]) is False
        assert facts(value_of(op)) == ["submission.criteria"]

    def test_is_empty(self) -> None:
        """A known member decides; missing is not empty."""
        op = plan.IsEmpty(item=v("s.criteria"), span=at())
        assert value_of(op, criteria=[]) is True
        assert value_of(op, criteria=["P1"]) is False
        assert isinstance(value_of(op), Unknown)

    def test_otherwise_steps_in_for_missing_only(self) -> None:
        """An unknown first operand stays unknown; two missing ones name both facts."""
        op = plan.Otherwise(first=v("s.first.due_on"), second=v("s.due_on"), span=at())
        assert value_of(op, due_on="2025-11-01") == date(2025, 11, 1)
        assert isinstance(value_of(op, first="S99", due_on="2025-11-01"), Unknown)
        assert facts(value_of(op)) == ["submission.first", "submission.due_on"]

    def test_if_with_an_unknown_condition(self) -> None:
        """Unknown, unless both branches come to the same value."""

        def choice(then: Value, orelse: Value) -> Result:
            op = plan.If(condition=v("s.is_signed"), then=c(then), orelse=c(orelse), span=at())
            return value_of(op)

        assert choice(15, 15) == 15
        assert facts(choice(15, 20)) == ["submission.is_signed"]
        assert isinstance(choice(Missing(), Missing()), Unknown)
        assert choice(15, Failure("broke")) == Failure("broke")

    def test_if_with_a_known_condition_asks_one_branch(self) -> None:
        """The other branch may be anything."""
        op = plan.If(condition=v("s.is_signed"), then=c(1), orelse=c(Failure("no")), span=at())
        assert value_of(op, is_signed=True) == 1
        assert value_of(op, is_signed=False) == Failure("no")

    def test_a_missing_yes_or_no_is_unknown(self) -> None:
        """Over a fact nobody recorded logic is undecided, or decided by another operand."""
        signed = v("s.is_signed")
        assert facts(value_of(no(signed))) == ["submission.is_signed"]
        assert value_of(both(signed, c(False))) is False
        assert value_of(either(signed, c(True))) is True


class TestArithmetic:
    """Numbers are exact, and nothing raises."""

    @pytest.mark.parametrize(
        ("left", "op", "right", "expected"),
        [
            (2, "+", 3, 5),
            (2, "-", 3, -1),
            (2, "*", 3, 6),
            (1, "/", 4, Decimal("0.25")),
            (Decimal("0.1"), "+", Decimal("0.2"), Decimal("0.3")),
            (1, "/", 0, Failure("division by zero")),
            (Decimal("1e999999"), "*", 10, Failure("a number is too large")),
            (1, "+", Missing(), Missing()),
            (Unknown(), "+", Missing(), Unknown()),
            (Unknown(), "+", Failure("broke"), Failure("broke")),
        ],
    )
    def test_numbers(self, left: Value, op: str, right: Value, expected: Value) -> None:
        """Whole numbers stay whole, a missing operand makes the result missing."""
        operation = plan.Arithmetic(op=op, left=c(left), right=c(right), span=at())
        found = value_of(operation)
        assert found == expected
        assert type(found) is type(expected)

    def test_lists_are_joined_around_a_gap(self) -> None:
        """What is known of one list is certain in the whole."""
        op = plan.Joined(left=v("p.assessors"), right=v("p.verifiers"), span=at())
        row = {"id": "P1", "assessors": ["T1"]}
        staff = [{"id": "T1"}, {"id": "T2"}]
        document = centre(programmes=[row], staff_members=staff)
        found = evaluator(document).value(op, {"p": document.rows["programme"][0]})
        assert isinstance(found, Listing)
        assert found.items == (document.find("staff_member", "T1"),)
        assert facts(found) == ["programme.verifiers"]
        document = centre(programmes=[{**row, "verifiers": ["T2", "T1"]}], staff_members=staff)
        found = evaluator(document).value(op, {"p": document.rows["programme"][0]})
        assert isinstance(found, tuple)
        assert len(found) == 3


class TestDates:
    """Dates moved by units, on the centre's calendar where they are working days."""

    def test_days_and_working_days(self) -> None:
        """Working days pass over the weekend and the half term."""
        assert value_of(days(3, v("s.due_on")), due_on="2025-10-23") == date(2025, 10, 26)
        working = days(3, v("s.due_on"), DurationUnit.WORKING_DAYS)
        assert value_of(working, due_on="2025-10-23") == date(2025, 11, 4)

    def test_a_missing_start_is_missing_and_no_date_is_unknown(self) -> None:
        """What follows from a date nobody recorded is not recorded; the year 10000 is unknown."""
        assert isinstance(value_of(days(3, v("s.due_on"))), Missing)
        beyond = days(3_000_000, v("s.due_on"))
        assert isinstance(value_of(beyond, due_on="2025-10-23"), Unknown)

    def test_a_length_of_time_may_be_a_parameter(self) -> None:
        """`record_retention after D`."""
        length = c(Duration(3, DurationUnit.YEARS))
        op = plan.MovedBy(length=length, sign=-1, base=v("s.due_on"), span=at())
        assert value_of(op, due_on="2024-02-29") == date(2021, 2, 28)
        assert isinstance(value_of(op), Missing)

    def test_a_length_of_time_is_a_value(self) -> None:
        """`n days` where no date is moved; of a number nobody recorded it is missing."""
        length = plan.LengthOf(amount=c(3), unit=DurationUnit.WORKING_DAYS, span=at())
        assert value_of(length) == Duration(3, DurationUnit.WORKING_DAYS)
        lacking = plan.LengthOf(amount=v("s.marks"), unit=DurationUnit.DAYS, span=at())
        assert isinstance(value_of(lacking), Missing)

    def study(self, due_on: str | None, **learner: object) -> Result:
        """Return two study days after a date of a learner's submission."""
        document = centre_of({"due_on": due_on}, **learner)
        op = plan.MovedByStudyDays(
            amount=c(2), learner=v("s.learner"), sign=1, base=v("s.due_on"), span=at()
        )
        return evaluator(document).value(op, {"s": document.rows["submission"][0]})

    def test_study_days(self) -> None:
        """A part-time learner's days count; without them the end is unknown, never missing."""
        part_time = {"study_mode": "part_time", "study_days": ["mon", "wed"]}
        assert self.study("2025-11-03", **part_time) == date(2025, 11, 10)
        assert self.study("2025-11-03", study_mode="full_time") == date(2025, 11, 5)
        assert facts(self.study("2025-11-03", study_mode="part_time")) == ["learner.study_days"]
        assert facts(self.study("2025-11-03")) == ["learner.study_mode"]
        assert isinstance(self.study(None), Missing)

    def test_study_days_of_nobody(self) -> None:
        """A learner who is missing makes the end unknown."""
        op = plan.MovedByStudyDays(
            amount=c(2), learner=v("s.first.learner"), sign=1, base=v("s.due_on"), span=at()
        )
        found = value_of(op, due_on="2025-11-03")
        assert isinstance(found, Unknown)
        assert facts(found) == ["submission.first"]
        failed = plan.MovedByStudyDays(
            amount=c(2), learner=c(Failure("broke")), sign=1, base=v("s.due_on"), span=at()
        )
        assert value_of(failed, due_on="2025-11-03") == Failure("broke")

    def test_a_day_of_the_year(self) -> None:
        """`5 July` lies in the academic year of the document."""
        assert value_of(plan.DayOfYear(day=5, month=7, span=at())) == date(2026, 7, 5)
        assert value_of(plan.DayOfYear(day=28, month=10, span=at())) == date(2025, 10, 28)
        assert value_of(plan.AsAt(span=at())) == date(2025, 12, 1)


class TestTables:
    """Tables of a spec, and packs that are not loaded."""

    TABLES = {  # noqa: RUF012 - read only
        "marks": plan.TablePlan(
            name="marks",
            keys=("kind",),
            rows=({"kind": "first", "most": 10}, {"kind": "second"}, {"most": 3}),
        ),
        "pack": plan.TablePlan(name="pack", keys=("kind",), rows=None),
    }

    def row(self, table: str, **fields: object) -> Result:
        """Return the row of a table for the kind of a submission."""
        document = centre_of(fields)
        op = plan.TableRow(table=table, keys=(("kind", v("s.kind")),), span=at())
        run = evaluator(document, tables=self.TABLES)
        return run.value(op, {"s": document.rows["submission"][0]})

    def test_a_row_by_its_key(self) -> None:
        """The row, missing without one, missing behind a missing key."""
        found = self.row("marks", kind="first")
        assert isinstance(found, Row)
        assert (found.number, found.value("most")) == (1, 10)
        none = self.row("marks", kind="third")
        assert isinstance(none, Missing)
        assert none.causes[0].kind is CauseKind.NO_ROW
        assert facts(self.row("marks")) == ["submission.kind"]

    def test_a_pack_that_is_not_loaded_is_unknown(self) -> None:
        """The cause names the pack."""
        assert facts(self.row("pack", kind="first")) == ["pack"]

    def test_a_table_is_a_collection_of_rows_with_identity(self) -> None:
        """The same rows come back, and an empty cell is missing, which leaves a gap in a list."""
        run = evaluator(centre(), tables=self.TABLES)
        op = collect(drawn("t", plan.TableRows(table="marks", span=at())), v("t.most"))
        found = run.value(op, {})
        assert isinstance(found, Listing)
        assert found.items == (10, 3)
        rows = run.table_rows("marks")
        assert rows is run.table_rows("marks")


def plugin_call(call: object, *arguments: plan.Operation, returns: str = "text") -> plan.PluginCall:
    """Return a call of a plugin's function."""
    function = Function(
        name="shown",
        parameters=(Parameter(name="x", type="text"),),
        returns=returns,
        call=call,  # type: ignore[arg-type]
        description="test",
    )
    return plan.PluginCall(function=function, suite="toy", arguments=arguments, span=at())


class TestPlugins:
    """A plugin's function is called with present arguments, and its faults are contained."""

    def test_it_gets_the_context_and_the_arguments(self) -> None:
        """The run is the first argument."""
        op = plugin_call(lambda context, kind: f"{kind} {context.as_at}", v("s.kind"))
        assert value_of(op, kind="first") == "first 2025-12-01"

    def test_it_is_not_called_with_absent_arguments(self) -> None:
        """Missing and unknown arguments make the call unknown, a failure a failure."""

        def call(context: Context, *arguments: Value) -> Value:
            raise AssertionError(arguments)

        assert isinstance(value_of(plugin_call(call, v("s.kind"))), Unknown)
        broken = plugin_call(call, v("s.kind"), c(Failure("broke")))
        assert value_of(broken) == Failure("broke")
        listed = plugin_call(call, v("p.assessors"))
        document = centre(programmes=[{"id": "P1", "assessors": ["T1"]}], staff_members=[])
        found = evaluator(document).value(listed, {"p": document.rows["programme"][0]})
        assert isinstance(found, Unknown)

    def test_what_it_raises_becomes_a_failure_without_data(self) -> None:
        """The message names the function, not what it was given."""

        def call(context: Context, name: str) -> str:
            raise ValueError(name)

        found = value_of(plugin_call(call, v("s.learner.name")))
        assert found == Failure("the function `shown` of `toy` broke")

    @pytest.mark.parametrize(
        ("returns", "good", "bad"),
        [
            ("text", "a", 1),
            ("integer", 1, True),
            ("integer", 1, Decimal(1)),
            ("number", Decimal(1), 1.5),
            ("boolean", False, 0),
            ("date", date(2025, 1, 1), "2025-01-01"),
            ("list of text", ("a",), ["a"]),
            ("list of text", (), ("a", 1)),
            ("one of (P, M, D)", "P", "U"),
            ("text", Missing(), None),
            ("text", Unknown(), Failure("no")),
        ],
    )
    def test_its_answer_has_the_type_it_declares(
        self, returns: str, good: Value, bad: object
    ) -> None:
        """An answer of another type is a failure; missing and unknown are answers."""
        assert value_of(plugin_call(lambda context: good, returns=returns)) == good
        found = value_of(plugin_call(lambda context: bad, returns=returns))
        assert found == Failure(
            "the function `shown` of `toy` did not answer with what it declares"
        )

    def test_a_row_is_of_the_entity_declared(self) -> None:
        """A row of another entity is not what was declared."""
        learner = plugin_call(
            lambda context: context.document.rows["learner"][0], returns="learner"
        )
        assert isinstance(value_of(learner), Record)
        other = plugin_call(lambda context: context.document.root, returns="learner")
        assert isinstance(value_of(other), Failure)
