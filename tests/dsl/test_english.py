"""Conditions in English, for people who do not read the language."""

from __future__ import annotations

import pytest

from policy.dsl.printing.english import English
from policy.model.diagnostics import Level
from tests.dsl.specs import HEAD, checked

ITEMS = """
parameter limit = 15 "working days" cites TOY-1
parameter gap = 1 day "days between" cites TOY-1
parameter way: one of (strict, lax) = strict "how" setting cites TOY-1
table limits (key kind: submission.kind, days: integer) from "limits.csv"
define was_this_year(d: date) = d in year
define same(a: submission, b: submission) = a.assignment = b.assignment
define is_before(a: date, b: date) = a < b
define is_late(s: submission) = s.submitted_on > s.assessed_on
define earlier_ones(s: submission) =
  all e in s.learner.submissions where e.submitted_on < s.submitted_on
define holds_up(s: submission) = s.grade is M
"""


def rule_with(condition: str, by: str = "") -> tuple[English, object]:
    """Return what words the condition of a rule on submissions, and its demand."""
    rule = f'rule r "A rule" cites TOY-1 for each submission s must ({condition}) {by} breach "x"'
    spec, diagnostics = checked(HEAD + ITEMS + rule, tables={"limits.csv": "kind,days\nfirst,3\n"})
    assert [item.message for item in diagnostics if item.level is Level.ERROR] == []
    assert spec is not None
    (found,) = spec.rules
    return English(spec).with_row("s", "submission"), found.demands[0].node


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("s.grade is recorded", "the submission’s grade is recorded"),
        ("s.grade is missing", "the submission’s grade is not recorded"),
        ("s.grade is not missing", "the submission’s grade is recorded"),
        ("not s.grade is recorded", "the submission’s grade is not recorded"),
        ("s.criteria_targeted is not empty", "the submission’s criteria targeted is not empty"),
        ("s.kind is one of (first, re_sit)", "the submission’s kind is first or re sit"),
        ("s.kind is not one of (first, re_sit)", "the submission’s kind is not first nor re sit"),
        (
            "s.submitted_on <= s.assessed_on",
            "the submission’s day submitted is on or before the submission’s day assessed",
        ),
        (
            "not s.submitted_on <= s.assessed_on",
            "the submission’s day submitted is after the submission’s day assessed",
        ),
        ("s.submitted_on < 2026-05-01", "the submission’s day submitted is before 2026-05-01"),
        ("s.submitted_on >= 15 May", "the submission’s day submitted is on or after 15 May"),
        ("s.submitted_on in year", "the submission’s day submitted is in the academic year"),
        ("s.submitted_on not in terms", "the submission’s day submitted is not in a term"),
        (
            "s.assessor in s.programme.assessors",
            "the submission’s assessor is among the submission’s programme’s assessors",
        ),
        ('s.criteria_targeted has "P1"', "the submission’s criteria targeted include “P1”"),
        (
            's.criteria_targeted has all of ("P1", "M1")',
            "the submission’s criteria targeted include all of “P1” and “M1”",
        ),
        (
            'not s.criteria_targeted has "P1"',
            "the submission’s criteria targeted do not include “P1”",
        ),
        ("s.is_accepted", "the submission is accepted"),
        ("not s.is_accepted", "the submission is not accepted"),
        (
            "s.is_accepted and (s.is_late or s.grade is M)",
            "the submission is accepted and (the submission is late, or the submission’s grade "
            "is M)",
        ),
        (
            "not (s.is_accepted and s.is_late)",
            "the submission is not accepted, or the submission is not late",
        ),
        (
            "if s.is_late then s.is_accepted else s.grade is P",
            "the submission is accepted if the submission is late, otherwise the submission’s "
            "grade is P",
        ),
        (
            "s.is_authentic otherwise s.is_accepted",
            "the submission is authentic (if that is not recorded: the submission is accepted)",
        ),
        ("s.holds_up", "the submission’s holds up holds"),
        ("not s.holds_up", "the submission’s holds up does not hold"),
        (
            "was_this_year(s.submitted_on)",
            "was this year of the submission’s day submitted holds",
        ),
        (
            "is_before(s.submitted_on, s.assessed_on)",
            "the submission’s day submitted is before (the submission’s day assessed)",
        ),
        (
            "some e in s.learner.submissions where same(e, s)",
            "there is a submission of the submission’s learner where same of the other "
            "submission and the submission holds",
        ),
        (
            "no x in s.programme.assessors where x = s.assessor",
            "there is no staff among the submission’s programme’s assessors where the staff is "
            "the submission’s assessor",
        ),
        (
            "at least 2 v in s.verifications where v.outcome is recorded",
            "there are at least 2 verifications of the submission where the verification’s "
            "outcome is recorded",
        ),
        (
            "exactly 1 a in s.learner.adjustments",
            "there is exactly 1 adjustment of the submission’s learner",
        ),
        (
            "every k in s.criteria_targeted satisfies k in s.assignment.criteria",
            "for every “k” among the submission’s criteria targeted, “k” is among the "
            "submission’s assignment’s criteria",
        ),
        (
            "not every v in s.verifications satisfies v.outcome is recorded",
            "it is not so that for every verification of the submission, the verification’s "
            "outcome is recorded",
        ),
        (
            "some t in limits where t.kind = s.kind",
            "there is a row “t” of the table limits where “t”’s kind is the submission’s kind",
        ),
        (
            "limits[s.kind].days <= limit",
            "the row of the table limits for the submission’s kind’s days is at most 15",
        ),
        ("way is lax", "the parameter way is lax"),
        (
            "(count of v in s.verifications where v.outcome is recorded) > 2 + 1",
            "the number of verifications of the submission where the verification’s outcome is "
            "recorded is more than 2 plus 1",
        ),
        (
            "s.submitted_on <= limit working days after s.assessed_on",
            "the submission’s day submitted is on or before 15 working days after the "
            "submission’s day assessed",
        ),
        (
            "s.submitted_on <= gap before s.assessed_on",
            "the submission’s day submitted is on or before 1 day before the submission’s day "
            "assessed",
        ),
        (
            "s.submitted_on <= limit study days of s.learner after s.assessed_on",
            "the submission’s day submitted is on or before 15 study days of the submission’s "
            "learner after the submission’s day assessed",
        ),
        (
            "s.submitted_on <= (s.assessed_on otherwise as_at)",
            "the submission’s day submitted is on or before the submission’s day assessed (or else "
            "the day of the check)",
        ),
        (
            "s.submitted_on <= (if s.is_late then s.assessed_on else as_at)",
            "the submission’s day submitted is on or before the submission’s day assessed if the "
            "submission is late, otherwise the day of the check",
        ),
        (
            "(latest v.verified_on for v in s.verifications) <= as_at",
            "the latest the verification’s day verified over verifications of the submission is "
            "on or before the day of the check",
        ),
        (
            "(the e in s.learner.submissions where e.kind is first with earliest e.assessed_on)"
            " = s",
            "the submission of the submission’s learner where the other submission’s kind is "
            "first with the earliest the other submission’s day assessed is the submission",
        ),
        (
            "s.earlier_ones is empty",
            "the submission’s earlier ones is empty",
        ),
        (
            "s.verifications is empty",
            "the verifications of the submission is empty",
        ),
        (
            "s.assignment.verified_by is recorded",
            "whoever verified the submission’s assignment is recorded",
        ),
        ("(s.grade is M) = true", "whether the submission’s grade is M is true"),
    ],
)
def test_conditions_in_english(condition: str, said: str) -> None:
    """Each construct has a phrase of its own."""
    english, demand = rule_with(condition)
    assert english.condition(demand.condition) == said


def test_a_third_row_of_a_kind_keeps_its_own_name() -> None:
    """Nobody says "the other" of two different rows."""
    english, _ = rule_with("s.is_accepted")
    known = english.with_row("a", "submission").with_row("b", "submission")
    fourth = known.with_row("d", "submission")
    assert [known._rows[name] for name in "sab"] == [
        "the submission",
        "the other submission",
        "the third submission",
    ]
    assert fourth._rows["d"] == "submission “d”"


def test_plain_values_are_called_by_their_kind() -> None:
    """A second value of a kind goes by its own name."""
    english, _ = rule_with("s.is_accepted")
    known = english.with_value("d", "date").with_value("e", "date")
    assert [known._rows[name] for name in "de"] == ["the date", "“e”"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (
            "s.submitted_on",
            "the submission’s day submitted is on or before the submission’s day assessed",
        ),
        ("s.is_accepted", "by the submission’s day assessed, the submission is accepted"),
    ],
)
def test_deadlines_in_english(condition: str, said: str) -> None:
    """A date is compared; a fact is to hold by the day."""
    english, demand = rule_with(condition, "by s.assessed_on")
    assert english.deadline(demand.condition, demand.by) == said
