"""Words for values, messages, the evidence of a verdict and its explanation step by step."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import Judgement, judge, judge_belonging
from policy.dsl.evaluation.partial import Interval, Listing, Result
from policy.dsl.explaining.explanation import (
    Explanation,
    evidence,
    explain,
    message,
    remedy,
    stretches,
    words,
)
from policy.dsl.meaning import plan
from policy.model.findings import Evidence
from policy.model.outcomes import Outcome, Severity
from policy.model.records import Document, Row
from policy.model.values import (
    Cause,
    CauseKind,
    DateRange,
    Duration,
    DurationUnit,
    Failure,
    Missing,
    Unknown,
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
    count,
    days,
    define,
    demand,
    drawn,
    either,
    evaluator,
    every,
    extreme,
    no,
    recorded,
    rule,
    some,
    the,
    v,
)

UNKNOWN = Unknown((Cause(CauseKind.ABSENT_COLLECTION, "learner", "L1", "submissions"),))


def judged(document: Document, made: plan.RulePlan, **more: Any) -> tuple[Evaluator, Judgement]:
    """Return the evaluator and the first judgement of a rule."""
    run = evaluator(document, **more)
    return run, next(iter(judge(run, made)))


def said(document: Document, entity: str, variable: str, made: plan.DemandPlan, **more: Any) -> str:
    """Return the message of a demand on the first row of an entity."""
    return message(*judged(document, rule(entity, variable, made), **more))


def seen(
    document: Document, entity: str, variable: str, made: plan.DemandPlan, **more: Any
) -> list[str]:
    """Return the evidence of a demand on the first row of an entity, as `path = value`."""
    fields = {name: more.pop(name) for name in ("when", "pair") if name in more}
    found = evidence(*judged(document, rule(entity, variable, made, **fields), **more))
    return [f"{item.expression} = {item.value}" for item in found]


def template(*parts: str | plan.Operation) -> plan.MessagePlan:
    """Return a template of texts and values alternating."""
    texts = tuple(part for part in parts if isinstance(part, str))
    return plan.MessagePlan(
        texts=texts, values=tuple(part for part in parts if not isinstance(part, str))
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "yes"),
        (False, "no"),
        (15, "15"),
        (Decimal("0.80"), "0.8"),
        (Decimal("100"), "100"),
        (Decimal("1E+2"), "100"),
        ("first", "first"),
        (date(2025, 12, 16), "2025-12-16"),
        (DateRange(date(2025, 9, 1), date(2026, 8, 31)), "2025-09-01 to 2026-08-31"),
        (Duration(15, DurationUnit.WORKING_DAYS), "15 working days"),
        (Row("topics", 3, {}), "row 3 of topics"),
        ((), "none"),
        (("a",), "a"),
        (("a", "b", "c"), "a, b and c"),
        (tuple("abcdefghij"), "a, b, c, d, e, f, g, h and 2 more"),
        (Listing(("a", "b"), UNKNOWN), "a, b and perhaps more"),
        (Interval(1, 3, UNKNOWN), "between 1 and 3"),
        (Interval(1, None, UNKNOWN), "1 or more"),
        (Interval(None, 3, UNKNOWN), "3 or less"),
        (Interval(None, date(2025, 1, 1), UNKNOWN), "2025-01-01 or earlier"),
        (Interval(date(2025, 1, 1), None, UNKNOWN), "2025-01-01 or later"),
        (Missing(), "not recorded"),
        (Missing((Cause(CauseKind.NO_ROW, "x", "1", "ys"),)), "none"),
        (Missing((Cause(CauseKind.NOT_YET, "x", "1", "y"),)), "dated after the run"),
        (UNKNOWN, "unknown"),
        (Failure("broke"), "error"),
    ],
)
def test_words(value: Result, text: str) -> None:
    """Values are written as people write them."""
    assert words(value) == text


def test_words_for_rows() -> None:
    """A row is its kind and its id, never its fields."""
    document = centre_of({})
    assert words(document.rows["submission"]) == "submission S1"
    assert words(document.rows["staff_member"][0]) == "staff member T1"


class TestMessages:
    """The sentence of a finding."""

    def test_values_are_filled_in(self) -> None:
        """A breach says the author's sentence."""
        made = demand(
            c(False), message=template("kind ", v("s.kind"), " due ", v("s.due_on"), " late")
        )
        document = centre_of({"kind": "first"})
        assert said(document, "submission", "s", made) == "kind first due not recorded late"

    def test_once_for_each_row_that_failed(self) -> None:
        """Equal sentences once, five at most."""
        marks = every(drawn("s", v("l.submissions")), compare(v("s.marks"), ">", c(0)))
        made = demand(marks, failing="s", message=template("", v("s.kind"), " has no marks"))
        rows = [{"kind": kind, "marks": 0} for kind in ("a", "a", "b")]
        document = centre_of(*rows, {"kind": "c", "marks": 1})
        assert said(document, "learner", "l", made) == "a has no marks; b has no marks"
        many = centre_of(*({"kind": f"k{at}", "marks": 0} for at in range(7)))
        text = said(many, "learner", "l", made)
        assert text.startswith("k0 has no marks; k1")
        assert text.endswith("k4 has no marks and 2 more")

    def test_a_breach_that_no_row_explains(self) -> None:
        """The variable of the rows is then not recorded."""
        marks = every(drawn("s", v("l.submissions")), c(True))
        made = demand(both(marks, c(False)), failing="s", message=template("", v("s.kind"), " bad"))
        assert said(centre_of({}), "learner", "l", made) == "not recorded bad"

    def test_arguments_take_the_place_of_parameters(self) -> None:
        """In the text of a definition, outside quotes, all at once."""
        body = plan.Compare(
            op="=",
            left=v("x.kind"),
            right=v("y.kind"),
            span=at('x.kind = y.kind or x = "x y" + a.x'),
        )
        definitions = define("alike", ("x", "y"), body)
        alike = applied("alike", v("y"), v("y.first"))
        made = rule("submission", "y", demand(no(alike)))
        run, judgement = judged(centre_of({}), made, definitions=definitions)
        (step,) = explain(run, judgement).children
        (call,) = step.children
        assert call.text == "alike(y, y.first)"
        assert call.children[0].text == 'y.kind = y.first.kind or y = "x y" + a.x'

    def test_personal_data_stays_out(self) -> None:
        """The row that holds it is named; a list of names is not given at all."""
        names = collect(drawn("x", v("p.learners")), v("x.name"))
        made = demand(c(False), message=template("", v("p.lead.name"), " and ", names, ""))
        assert said(centre_of({}), "programme", "p", made) == "staff member T1 and (personal)"

    @pytest.mark.parametrize(
        "hidden",
        [
            applied("called", v("l")),
            plan.Otherwise(first=v("l.name"), second=c("x"), span=at()),
            plan.If(condition=c(True), then=v("l.name"), orelse=c("x"), span=at()),
            collect(
                drawn("n", collect(drawn("m", v("l.programme.learners")), v("m.name"))), v("n")
            ),
            extreme(v("x.name"), drawn("x", v("l.programme.learners")), greatest=True),
        ],
    )
    def test_personal_data_stays_out_behind_a_computation(self, hidden: plan.Operation) -> None:
        """A definition, a branch or an aggregate does not make a name public."""
        made = demand(c(False), message=template("", hidden, ""))
        definitions = define("called", ("x",), v("x.name"))
        run, judgement = judged(centre_of({}), rule("learner", "l", made), definitions=definitions)
        if not isinstance(hidden, plan.Extreme):
            assert words(run.value(hidden, judgement.bindings)) == "Ann Other"
            assert message(run, judgement) == "(personal)"

    def test_what_only_counts_persons_is_public(self) -> None:
        """A number or a row drawn by a personal field reveals nothing."""
        named = drawn("x", v("p.learners"), recorded(v("x.name")))
        made = demand(c(False), message=template("", count(named), " like ", the(named), ""))
        assert said(centre_of({}), "programme", "p", made) == "1 like learner L1"

    def test_a_note_says_its_sentence_when_it_fires(self) -> None:
        """Otherwise it has nothing to say."""
        note = template("learner ", v("l.id"), " is early")
        fired = demand(c(True), note=note, severity=Severity.NOTE)
        assert said(centre_of({}), "learner", "l", fired) == "learner L1 is early"
        silent = demand(c(False), note=note, severity=Severity.NOTE)
        assert said(centre_of({}), "learner", "l", silent) == "nothing to note"

    @pytest.mark.parametrize(
        ("made", "text"),
        [
            (demand(v("s.is_signed")), "`s.is_signed` does not hold"),
            (
                demand(no(v("s.is_signed")), is_negative=True),
                "`not s.is_signed` holds and must not",
            ),
            (
                demand(v("s.due_on"), by=c(date(2025, 11, 1))),
                "`s.due_on` was due by 2025-11-01 and is not done",
            ),
            (
                demand(v("s.submitted_on"), by=c(date(2025, 11, 1))),
                "`s.submitted_on` is 2025-11-05, after 2025-11-01",
            ),
            (
                demand(v("s.due_on"), by=c(date(2025, 12, 24))),
                "not done yet; due by 2025-12-24",
            ),
            (
                demand(v("s.submitted_on"), by=v("s.due_on")),
                "no day to do it by is recorded",
            ),
            (
                demand(compare(v("s.due_on"), "<", v("s.submitted_on"))),
                "cannot be decided without `due_on` of submission S1",
            ),
            (demand(c(Unknown())), "cannot be decided"),
            (
                demand(c(Unknown((Cause(CauseKind.NO_PACK, "", "", "bank"),)))),
                "cannot be decided without the data pack `bank`",
            ),
            (
                demand(c(Missing((Cause(CauseKind.NO_ROW, "learner", "L1", "submissions"),)))),
                "cannot be decided without a row in `submissions` of learner L1",
            ),
            (
                demand(c(Missing((Cause(CauseKind.NO_ROW, "limits", "", "kind"),)))),
                "cannot be decided without a row of `limits`",
            ),
            (
                demand(c(Missing((Cause(CauseKind.NOT_YET, "unit", "U1", "ready_on"),)))),
                "cannot be decided without `ready_on` of unit U1 (dated after the run)",
            ),
            (
                demand(
                    c(
                        Unknown(
                            (
                                Cause(
                                    CauseKind.OUTSIDE_CALENDAR,
                                    "centre",
                                    "1",
                                    "calendar_periods",
                                    detail="2027-12-25",
                                ),
                            )
                        )
                    )
                ),
                "cannot be decided without `calendar_periods` of centre 1 for 2027-12-25",
            ),
            (demand(c(Failure("the plugin broke"))), "the plugin broke"),
            (demand(c(True)), "`True` is as it must be"),
        ],
    )
    def test_sentences_made_from_the_rule(self, made: plan.DemandPlan, text: str) -> None:
        """Without a template the words of the rule are quoted."""
        document = centre_of({"is_signed": False, "submitted_on": "2025-11-05"})
        assert said(document, "submission", "s", made) == text

    def test_many_facts_are_not_all_named(self) -> None:
        """Three, and how many more."""
        fields = ("due_on", "kind", "marks", "first", "unit")
        made = demand(both(*(compare(v(f"s.{name}"), "=", c(1)) for name in fields)))
        assert said(centre_of({}), "submission", "s", made) == (
            "cannot be decided without `due_on` of submission S1, `kind` of submission S1, "
            "`marks` of submission S1 and 2 more"
        )

    def test_the_remedy(self) -> None:
        """In the author's words, for the first row that failed; empty if there is none."""
        marks = every(drawn("s", v("l.submissions")), compare(v("s.marks"), ">", c(0)))
        made = demand(marks, failing="s", remedy=template("mark ", v("s.id"), ""))
        document = centre_of({"marks": 1}, {"marks": 0}, {"marks": 0})
        assert remedy(*judged(document, rule("learner", "l", made))) == "mark S2"
        assert remedy(*judged(document, rule("learner", "l", demand(marks)))) == ""
        met = centre_of({"marks": 1})
        assert remedy(*judged(met, rule("learner", "l", made))) == ""


class TestEvidence:
    """The values a verdict rests on."""

    def test_paths_have_their_place(self) -> None:
        """A field has a JSON Pointer; one that is not recorded has that of its row."""
        made = demand(compare(v("s.due_on"), "<", v("s.first.due_on")))
        document = centre_of({"due_on": "2025-11-01", "first": "S2"}, {"due_on": "2025-10-01"})
        found = evidence(*judged(document, rule("submission", "s", made)))
        base = "/programmes/0/learners/0/submissions"
        assert found == (
            Evidence(expression="s.due_on", value="2025-11-01", pointer=f"{base}/0/due_on"),
            Evidence(expression="s.first.due_on", value="2025-10-01", pointer=f"{base}/1/due_on"),
        )
        missing = centre_of({"first": "S1"})
        found = evidence(*judged(missing, rule("submission", "s", made)))
        assert found[0] == Evidence(
            expression="s.due_on", value="not recorded", pointer=f"{base}/0"
        )

    def test_personal_values_are_marked(self) -> None:
        """Also what a definition returns."""
        made = demand(compare(applied("called", v("l")), "=", v("l.programme.lead.name")))
        run, judgement = judged(
            centre_of({}),
            rule("learner", "l", made),
            definitions=define("called", ("x",), v("x.name")),
        )
        found = evidence(run, judgement)
        assert [(item.expression, item.personal) for item in found] == [
            ("l.called", True),
            ("l.programme.lead.name", True),
            ("l.name", True),
        ]

    def test_definitions_show_their_value_then_what_they_read(self) -> None:
        """Paths inside begin with what the definition was applied to."""
        definitions = define("latest_due_on", ("x",), days(15, v("x.first.due_on")))
        late = compare(v("s.due_on"), "<=", applied("latest_due_on", v("s")))
        document = centre_of({"due_on": "2025-12-01", "first": "S2"}, {"due_on": "2025-11-01"})
        assert seen(document, "submission", "s", demand(late), definitions=definitions) == [
            "s.due_on = 2025-12-01",
            "s.latest_due_on = 2025-11-16",
            "s.first.due_on = 2025-11-01",
        ]

    def test_only_what_decides(self) -> None:
        """The false half of an `and`, both of a false `or`, the branch taken."""
        signed, kind = v("s.is_signed"), compare(v("s.kind"), "=", c("first"))
        document = centre_of({"is_signed": False, "kind": "first"})
        assert seen(document, "submission", "s", demand(both(signed, kind))) == ["s.is_signed = no"]
        neither = either(signed, no(kind))
        assert seen(document, "submission", "s", demand(neither)) == [
            "s.is_signed = no",
            "s.kind = first",
        ]
        open_ = both(recorded(v("s.due_on")), compare(v("s.marks"), "=", c(1)), kind)
        assert seen(
            centre_of({"kind": "first", "due_on": "2025-11-01"}), "submission", "s", demand(open_)
        ) == ["s.marks = not recorded"]
        branch = plan.If(condition=signed, then=v("s.marks"), orelse=v("s.due_on"), span=at())
        assert seen(document, "submission", "s", demand(recorded(branch))) == [
            "s.is_signed = no",
            "s.due_on = not recorded",
        ]

    def test_rows_that_failed(self) -> None:
        """Of an `every` those that fail, of a `no` those there are, with what was asked of them."""
        all_ = drawn("s", v("l.submissions"))
        marked = every(all_, compare(v("s.marks"), ">", c(2)))
        document = centre_of({"marks": 3}, {"marks": 1}, {"marks": 2})
        assert seen(document, "learner", "l", demand(marked)) == [
            "s = submission S2",
            "s.marks = 1",
            "s = submission S3",
            "s.marks = 2",
        ]
        weak = drawn("s", v("l.submissions"), compare(v("s.marks"), "<", c(2)))
        assert seen(document, "learner", "l", demand(no(some(weak)))) == [
            "l.submissions = submission S1, submission S2 and submission S3",
            "s = submission S2",
            "s.marks = 1",
        ]
        strong = drawn("s", v("l.submissions"), compare(v("s.marks"), ">", c(5)))
        found = seen(centre_of({"marks": 1}, {"marks": 2}), "learner", "l", demand(some(strong)))
        assert found[1:] == [
            "s = submission S1",
            "s.marks = 1",
            "s = submission S2",
            "s.marks = 2",
        ]
        assert seen(centre_of(), "learner", "l", demand(no(marked))) == ["l.submissions = none"]
        assert seen(centre_of({}), "learner", "l", demand(marked)) == [
            "s = submission S1",
            "s.marks = not recorded",
        ]
        gone = centre(programmes=[{"id": "P1", "learners": [{"id": "L1"}]}])
        assert seen(gone, "learner", "l", demand(marked)) == ["l.submissions = unknown"]

    def test_aggregates_show_their_value(self) -> None:
        """And the list they are made of."""
        earliest = extreme(v("s.submitted_on"), drawn("s", v("l.submissions")), greatest=False)
        made = demand(earliest, by=plan.DayOfYear(day=14, month=10, span=at("14 October")))
        assert seen(centre_of({"submitted_on": "2025-11-01"}), "learner", "l", made) == [
            "earliest s.submitted_on for s in l.submissions = 2025-11-01",
            "l.submissions = submission S1",
            "14 October = 2025-10-14",
        ]

    def test_when_comes_last_or_alone(self) -> None:
        """A condition that does not hold is all that matters."""
        first = compare(v("s.kind"), "=", c("first"))
        document = centre_of({"kind": "first", "is_signed": False})
        made = demand(v("s.is_signed"))
        assert seen(document, "submission", "s", made, when=(first,)) == [
            "s.is_signed = no",
            "s.kind = first",
        ]
        assert seen(centre_of({}), "submission", "s", made, when=(first,)) == [
            "s.kind = not recorded"
        ]

    def test_an_exception_in_doubt_is_shown(self) -> None:
        """Its fact would settle the verdict."""
        doubt = plan.ExceptionPlan(name="a", why="", clauses=(), when=v("s.is_signed"))
        made = demand(recorded(v("s.marks")), exceptions=(doubt,))
        assert seen(centre_of({}), "submission", "s", made) == [
            "s.marks = not recorded",
            "s.is_signed = not recorded",
        ]

    def test_pairs(self) -> None:
        """A pair in doubt shows why; a list that is not known shows nothing."""
        left = drawn("x", v("p.assessors"), compare(v("x.left_on"), "<", c(date(2025, 9, 30))))
        document = centre(
            programmes=[{"id": "P1", "assessors": ["T1"]}, {"id": "P2"}],
            staff_members=[{"id": "T1"}],
        )
        made = demand(c(False))
        assert seen(document, "programme", "p", made, pair=left) == ["x.left_on = not recorded"]
        run = evaluator(document)
        second = [*judge(run, rule("programme", "p", made, pair=left))][1]
        assert second.record.id == "P2"
        assert evidence(run, second) == ()

    def test_an_absent_list_has_no_evidence(self) -> None:
        """The owner is not the subject."""
        document = centre(programmes=[{"id": "P1"}])
        assert seen(document, "learner", "l", demand(v("l.name"))) == []

    def test_tables_show_their_keys(self) -> None:
        """A cell, and what its row was looked up by."""
        row = plan.TableRow(table="t", keys=(("kind", v("s.kind")),), span=at("t[s.kind]"))
        most = plan.FieldOf(of=row, field="most", span=at("t[s.kind].most"))
        tables = {"t": plan.TablePlan(name="t", keys=("kind",), rows=({"kind": "a", "most": 3},))}
        made = demand(compare(v("s.marks"), "<=", most))
        document = centre_of({"kind": "a", "marks": 4})
        assert seen(document, "submission", "s", made, tables=tables) == [
            "s.marks = 4",
            "t[s.kind].most = 3",
            "s.kind = a",
        ]

    def test_a_path_from_a_computed_row_shows_how_the_row_was_found(self) -> None:
        """The row is computed, its field is read."""
        first = the(drawn("e", v("s.learner.submissions"), compare(v("e.kind"), "=", c("first"))))
        due = plan.FieldOf(of=first, field="due_on", span=at("x"))
        document = centre_of({"kind": "first", "due_on": "2025-11-01"})
        shown = seen(document, "submission", "s", demand(no(recorded(due))))
        assert shown == [
            "(the e in s.learner.submissions where e.kind = first).due_on = 2025-11-01",
            "the e in s.learner.submissions where e.kind = first = submission S1",
            "s.learner.submissions = submission S1",
        ]

    def test_a_dozen_at_most(self) -> None:
        """A rule that reads everything does not show everything."""
        names = (
            "kind",
            "marks",
            "is_signed",
            "submitted_on",
            "due_on",
            "unit",
            "first",
            "criteria",
        )
        tests = [no(recorded(v(f"s.{name}"))) for name in names]
        more = [no(recorded(v(f"s.learner.{name}"))) for name in ("name", "left_on", "study_mode")]
        even = [no(recorded(v(f"s.programme.{name}"))) for name in ("family", "lead", "topics")]
        found = seen(
            centre_of({}), "submission", "s", demand(no(both(*tests, *more[1:], *even[::2])))
        )
        assert len(found) == 12


def lines(item: Explanation, depth: int = 0) -> list[str]:
    """Return an explanation as indented lines."""
    text = f"{'  ' * depth}{item.text}"
    text += f" -> {item.value}" if item.value else ""
    text += f" ({item.note})" if item.note else ""
    return [text, *(line for child in item.children for line in lines(child, depth + 1))]


def steps(document: Document, made: plan.RulePlan, **more: Any) -> list[str]:
    """Return the explanation of the first judgement of a rule as lines."""
    return lines(explain(*judged(document, made, **more)))


class TestSteps:
    """The explanation of a verdict."""

    def test_the_days_passed_over_are_listed(self) -> None:
        """Stretches of days with their reason, in order."""
        definitions = define(
            "latest_due_on", ("x",), days(3, v("x.first.due_on"), DurationUnit.WORKING_DAYS)
        )
        made = demand(
            compare(v("s.due_on"), "<=", applied("latest_due_on", v("s"))), label="window"
        )
        document = centre_of({"due_on": "2025-11-05", "first": "S2"}, {"due_on": "2025-10-23"})
        when = (compare(v("s.kind"), "!=", c("first")),)
        found = steps(document, rule("submission", "s", made, when=when), definitions=definitions)
        assert found == [
            "r.window for submission S1 -> unknown",
            "  when: s.kind != first -> unknown",
            "    s.kind -> not recorded",
            "  must: s.due_on <= s.latest_due_on -> no",
            "    s.due_on -> 2025-11-05",
            "    s.latest_due_on -> 2025-11-04",
            "      3 working days after s.first.due_on -> 2025-11-04",
            "        s.first.due_on -> 2025-10-23",
            "          s.first -> submission S2",
            "        not counted: 2025-10-25 to 2025-10-26 -> weekend",
            "        not counted: 2025-10-27 to 2025-10-31 -> half term",
            "        not counted: 2025-11-01 to 2025-11-02 -> weekend",
        ]

    def test_study_days_and_lengths(self) -> None:
        """Counts of study days and of a parameter's working days list their days too."""
        study = plan.MovedByStudyDays(
            amount=c(1), learner=v("s.learner"), sign=1, base=v("s.due_on"), span=at("1 study day")
        )
        document = centre_of({"due_on": "2025-11-03"}, study_days=["mon", "thu"])
        found = steps(document, rule("submission", "s", demand(recorded(study))))
        assert "      not counted: 2025-11-04 to 2025-11-05 -> not a study day" in found
        for unit, listed in ((DurationUnit.WORKING_DAYS, True), (DurationUnit.DAYS, False)):
            length = c(Duration(1, unit))
            op = plan.MovedBy(length=length, sign=-1, base=v("s.due_on"), span=at("1 before"))
            found = steps(document, rule("submission", "s", demand(recorded(op))))
            assert ("      not counted: 2025-11-01 to 2025-11-02 -> weekend" in found) is listed
        nothing = days(1, v("s.first.due_on"), DurationUnit.WORKING_DAYS)
        found = steps(document, rule("submission", "s", demand(recorded(nothing))))
        assert not any("not counted" in line for line in found)

    def test_rows_of_a_quantifier(self) -> None:
        """Each row that may be drawn, with what was asked of it; doubtful ones say why."""
        signed = drawn("s", v("l.submissions"), v("s.is_signed"))
        made = demand(every(signed, compare(v("s.marks"), ">", c(2))))
        document = centre_of({"is_signed": True, "marks": 1}, {"marks": 2}, {"is_signed": False})
        assert steps(document, rule("learner", "l", made)) == [
            "r for learner L1 -> breached",
            "  must: every s in l.submissions where s.is_signed satisfies s.marks > 2 -> no"
            " (1 of 3 rows)",
            "    s = submission S1",
            "      s.marks > 2 -> no",
            "        s.marks -> 1",
            "    s = submission S2 (perhaps)",
            "      s.is_signed -> not recorded",
            "      s.marks > 2 -> no",
            "        s.marks -> 2",
        ]

    def test_rows_that_are_not_drawn(self) -> None:
        """Where nothing is drawn, each row says why not; what is drawn says why."""
        strong = drawn("s", v("l.submissions"), compare(v("s.marks"), ">", c(5)))
        weak = centre_of({"marks": 1})
        assert steps(weak, rule("learner", "l", demand(some(strong))))[1:] == [
            "  must: some s in l.submissions where s.marks > 5 -> no (0 of 1 row)",
            "    s = submission S1 (not drawn)",
            "      s.marks > 5 -> no",
            "        s.marks -> 1",
        ]
        late = extreme(v("s.due_on"), strong, greatest=True)
        found = steps(weak, rule("learner", "l", demand(late, by=c(date(2025, 11, 1)))))
        assert found[2] == "    s = submission S1 (not drawn)"
        assert "s.due_on" not in " ".join(found[2:])
        found = steps(centre_of({"marks": 6}), rule("learner", "l", demand(no(some(strong)))))
        assert found[3:] == [
            "      s = submission S1",
            "        s.marks > 5 -> yes",
            "          s.marks -> 6",
        ]

    def test_lists_of_values_and_gaps(self) -> None:
        """Values are shown as they are; rows that are not in the document are mentioned."""
        made = demand(no(some(drawn("k", v("s.criteria")))))
        found = steps(centre_of({"criteria": ["P1"]}), rule("submission", "s", made))
        assert found[2:] == ["    some k in s.criteria -> yes (1 row)", "      k -> P1"]
        document = centre(
            programmes=[{"id": "P1", "learners": [{"id": "L1", "submissions": []}]}, {"id": "P2"}]
        )
        op = plan.Rows(of=v("c"), path=("programmes", "learners"), span=at("c.learners"))
        made = demand(compare(count(drawn("x", op)), "=", c(0)))
        assert steps(document, rule("centre", "c", made))[2:] == [
            "    count of x in c.learners -> 1 or more",
            "      x = learner L1",
            "      there may be more rows -> unknown",
        ]
        absent = demand(some(drawn("x", v("p.learners"))))
        (run, judgement) = judged(centre(programmes=[{"id": "P1"}]), rule("programme", "p", absent))
        tree = explain(run, judgement)
        assert lines(tree)[2:] == ["    p.learners -> unknown"]
        assert tree.causes[0].field == "learners"

    def test_many_rows_are_not_all_listed(self) -> None:
        """A dozen, and how many more."""
        made = demand(compare(count(drawn("s", v("l.submissions"))), "=", c(0)))
        found = steps(centre_of(*({} for _ in range(14))), rule("learner", "l", made))
        assert found[-1].strip() == "2 more rows"
        assert len(found) == 16

    def test_exceptions_deadlines_and_branches(self) -> None:
        """The order of judgement, and only the branch taken."""
        excuse = plan.ExceptionPlan(
            name="first_year", why="", clauses=(), when=recorded(v("s.marks"))
        )
        day = plan.If(
            condition=compare(v("s.kind"), "=", c("a")),
            then=v("s.due_on"),
            orelse=plan.DayOfYear(day=5, month=7, span=at("5 July")),
            span=at("if ..."),
        )
        made = demand(v("s.submitted_on"), by=day, exceptions=(excuse,))
        assert steps(centre_of({"kind": "b"}), rule("submission", "s", made)) == [
            "r for submission S1 -> pending (due on 2026-07-05)",
            "  except first_year when: s.marks is recorded -> no",
            "    s.marks -> not recorded",
            "  must: s.submitted_on -> not recorded",
            "  by: if ... -> 2026-07-05",
            "    s.kind = a -> no",
            "      s.kind -> b",
            "    5 July -> 2026-07-05",
        ]
        other = centre_of({"kind": "a", "due_on": "2025-11-01"})
        assert "    s.due_on -> 2025-11-01" in steps(other, rule("submission", "s", made))

    def test_pairs_and_absent_subjects(self) -> None:
        """The list of seconds, the condition on the pair, and an owner that is no subject."""
        pair = drawn("x", v("p.assessors"), recorded(v("x.left_on")))
        staff = [{"id": "T1", "left_on": "2025-10-01"}]
        document = centre(programmes=[{"id": "P1", "assessors": ["T1"]}], staff_members=staff)
        made = rule("programme", "p", demand(c(True), is_negative=True), pair=pair)
        assert steps(document, made) == [
            "r for programme P1 with staff member T1 -> breached",
            "  where: x.left_on is recorded -> yes",
            "    x.left_on -> 2025-10-01",
            "  must not: True -> yes",
        ]
        assert steps(centre(programmes=[{"id": "P1"}], staff_members=[]), made) == [
            "r for programme P1 -> unknown",
            "  list: p.assessors -> not recorded",
        ]
        assert steps(centre(), made) == ["r for centre 90001 -> unknown"]

    def test_personal_values_are_marked(self) -> None:
        """To be masked by whoever prints them."""
        tree = explain(
            *judged(centre_of({}), rule("learner", "l", demand(compare(v("l.name"), "=", c("")))))
        )
        (step,) = tree.children
        assert [child.personal for child in step.children] == [True]
        assert not step.personal

    def test_membership_is_explained_like_a_rule(self) -> None:
        """The condition that nobody could decide."""
        member = plan.MembershipPlan(
            entity="programme", variable="p", condition=compare(v("p.family"), "=", c("aaq"))
        )
        run = evaluator(centre(programmes=[{"id": "P1"}]), membership=(member,))
        (judgement,) = judge_belonging(run)
        assert judgement.outcome is Outcome.UNKNOWN
        assert lines(explain(run, judgement))[1:] == [
            "  must: p.family = aaq -> unknown",
            "    p.family -> not recorded",
        ]
        assert message(run, judgement) == "cannot be decided without `family` of programme P1"


def test_stretches_join_days_with_one_reason() -> None:
    """Consecutive days only, counted forwards or backwards."""
    found = [
        (date(2025, 11, 3), "a"),
        (date(2025, 11, 2), "a"),
        (date(2025, 11, 5), "a"),
        (date(2025, 11, 6), "b"),
    ]
    assert stretches(found) == [
        (date(2025, 11, 2), date(2025, 11, 3), "a"),
        (date(2025, 11, 5), date(2025, 11, 5), "a"),
        (date(2025, 11, 6), date(2025, 11, 6), "b"),
    ]
