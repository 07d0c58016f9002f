"""Set briefs: one version a year, every version before any repeats, and no false alarm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import policy_aaq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_aaq.availability import LISTED

from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Context, Decision
from policy.plugins import discover, run_check

SUITE = policy_aaq.policy_suite()
ONE_VERSION, ROTATE = SUITE.checks
IT = "610/3960/3"
SINGLE_UNIT = ("610/3965/2", "4")

Judge = Callable[..., Context]
Row = dict[str, Any]


def test_the_plugin_loads() -> None:
    """The manifest is sound: every clause is the suite's own."""
    loaded = discover(["aaq"], extra={"aaq": policy_aaq})
    assert loaded.diagnostics == ()
    assert [suite.name for suite in loaded.suites] == ["aaq"]


def test_the_table_of_the_guide() -> None:
    """Eight qualifications, 23 units, three of them with a single brief."""
    listed = [kind for units in LISTED.values() for kind in units.values()]
    assert (len(LISTED), len(listed), listed.count("single")) == (8, 23, 3)


def year_of(first: int) -> Row:
    """Return the fields of a centre's document for the year that begins in `first`."""
    return {
        "academic_year": f"{first}/{(first + 1) % 100:02}",
        "year_starts_on": f"{first}-09-01",
        "year_ends_on": f"{first + 1}-08-31",
    }


def assignment(id: str, version: str | None, issued_on: str | None, **changes: Any) -> Row:
    """Make an assignment for a set brief."""
    row = {"id": id, "kind": "psab", "version": version, "issued_on": issued_on}
    return row | changes


def bank(**years: list[str] | None) -> list[Row]:
    """Make the published versions of a unit: `bank(A=["2025/26"], B=[])`."""
    return [
        {
            "id": f"V{version}",
            "version": version,
            "kind": "psab",
            "published_on": "2025-09-01",
            "used_in_years": used,
        }
        for version, used in years.items()
    ]


def programme(id: str, *assignments: Row, unit: Row | None = None, **changes: Any) -> Row:
    """Make a programme with unit 3 and one first submission for each assignment."""
    learners = [
        {
            "id": f"{id}-L{at}",
            "submissions": [{"id": f"{id}-S{at}", "assignment": row["id"], "kind": "first"}],
        }
        for at, row in enumerate(assignments)
    ]
    units = [{"id": f"{id}-U", "number": "3", "assignments": list(assignments)} | (unit or {})]
    row = {
        "id": id,
        "title": "Test",
        "suite": "aaq_nationals",
        "qualification_number": IT,
        "units": units,
        "learners": learners,
    }
    return row | changes


def first_unit(context: Context) -> Record:
    """Return the unit of the first programme."""
    return context.document.rows["unit"][0]


def one_version(judge: Judge, *programmes: Row, first: int = 2026, **centre: Any) -> Decision:
    """Decide the first check for the unit of the first programme."""
    as_at = f"{first + 1}-07-01"
    context = judge(as_at, programmes=list(programmes), **year_of(first), **centre)
    return run_check(ONE_VERSION, context, first_unit(context))


def facts(decision: Decision) -> list[str]:
    """Return the facts a decision lacks."""
    return [cause.fact for cause in decision.missing]


def test_one_version_for_the_year_is_met(judge: Judge) -> None:
    """Two cohorts with two assignments of one version are as they should be."""
    decision = one_version(
        judge, programme("P1", assignment("A1", "A", "2026-10-01"), assignment("A2", "A", None))
    )
    assert decision.outcome is Outcome.MET
    assert decision.evidence[0].pointer == "/programmes/0/units/0/assignments/0/version"


def test_two_versions_in_a_year_are_a_breach(judge: Judge) -> None:
    """Both assignments are named, and the evidence says where the versions stand."""
    decision = one_version(
        judge,
        programme("P1", assignment("A1", "A", "2026-10-01"), assignment("A2", "B", "2027-01-10")),
    )
    assert decision.outcome is Outcome.BREACHED
    assert decision.message == (
        "unit 3 was given out in 2 versions in 2026/27: `A` by assignment `A1`, "
        "`B` by assignment `A2`"
    )
    assert decision.at is not None
    assert decision.at.id == "A2"
    assert [evidence.value for evidence in decision.evidence] == ["A", "B"]


def test_all_programmes_of_the_qualification_count_together(judge: Judge) -> None:
    """Cohorts of another programme of the same number had the other version."""
    ours = programme("P1", assignment("A1", "A", "2026-10-01"))
    theirs = programme("P2", assignment("A2", "B", "2026-10-01"))
    assert one_version(judge, ours, theirs).outcome is Outcome.BREACHED
    assert one_version(judge, ours, theirs | {"qualification_number": "610/3963/9"}).outcome is (
        Outcome.MET
    )
    other_unit = programme("P2", assignment("A2", "B", "2026-10-01"), unit={"number": "4"})
    assert one_version(judge, ours, other_unit).outcome is Outcome.MET


def test_another_year_is_another_version(judge: Judge) -> None:
    """Last year's brief may be another one, also when its later tasks follow this year."""
    last = assignment("A1", "A", "2026-06-01")
    this = assignment("A2", "B", "2026-10-01")
    row = programme("P1", last, this)
    row["learners"][0]["submissions"][0]["submitted_on"] = "2026-10-20"
    assert one_version(judge, row).outcome is Outcome.MET


def test_retakes_and_mocks_are_no_use(judge: Judge) -> None:
    """Only first submissions in formal assessment are counted."""
    row = programme(
        "P1",
        assignment("A1", "A", "2026-10-01"),
        assignment("A2", "B", "2026-10-01", purpose="mock"),
        assignment("A3", "C", "2026-10-01"),
        assignment("A4", "D", "2026-10-01", kind="own"),
    )
    row["learners"][2]["submissions"][0]["kind"] = "retake"
    assert one_version(judge, row).outcome is Outcome.MET


def test_units_without_versions_are_exempt(judge: Judge) -> None:
    """A single brief, an external unit, a unit by the centre: nothing to allocate."""
    number, unit = SINGLE_UNIT
    single = programme("P1", unit={"number": unit}, qualification_number=number)
    external = programme("P1", unit={"number": "1"})
    own = programme("P1", unit={"set_by": "centre"}, qualification_number="601/1")
    recorded = programme("P1", unit={"psab_availability": "single"}, qualification_number="601/1")
    reasons = [one_version(judge, each) for each in (single, external, own, recorded)]
    assert [each.outcome for each in reasons] == [Outcome.NOT_APPLICABLE] * 4
    assert [each.reason for each in reasons] == [
        "one set brief only",
        "no set brief",
        "no set brief",
        "one set brief only",
    ]


def test_the_guide_wins_over_the_centres_record(judge: Judge) -> None:
    """A bank unit that the centre calls single is still a bank unit."""
    rows = (assignment("A1", "A", "2026-10-01"), assignment("A2", "B", "2026-10-01"))
    decision = one_version(judge, programme("P1", *rows, unit={"psab_availability": "single"}))
    assert decision.outcome is Outcome.BREACHED


def test_without_guide_and_record_nobody_knows(judge: Judge) -> None:
    """A unit of another qualification needs the centre's own record."""
    decision = one_version(judge, programme("P1", qualification_number=None))
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == ["unit.psab_availability"]


def test_no_first_submission_is_not_applicable(judge: Judge) -> None:
    """A year in which the unit is not assessed has no version."""
    decision = one_version(judge, programme("P1", assignment("A1", "A", "2025-10-01")))
    assert decision.outcome is Outcome.NOT_APPLICABLE
    assert decision.reason == "no first submission this year"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            (assignment("A1", "A", "2026-10-01"), assignment("A2", None, "2026-10-01")),
            ["assignment.version"],
        ),
        (
            (assignment("A1", "A", "2026-10-01"), assignment("A2", "B", None)),
            ["assignment.issued_on"],
        ),
    ],
)
def test_what_lacks_could_hide_another_version(
    judge: Judge, rows: tuple[Row, ...], expected: list[str]
) -> None:
    """A version or a year that nobody recorded makes the answer unknown."""
    decision = one_version(judge, programme("P1", *rows))
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == expected


def test_what_lacks_may_not_matter(judge: Judge) -> None:
    """One assignment alone cannot differ from itself; a known breach stays one."""
    alone = programme("P1", assignment("A1", None, "2026-10-01"))
    assert one_version(judge, alone).outcome is Outcome.MET
    rows = (
        assignment("A1", "A", "2026-10-01"),
        assignment("A2", None, "2026-10-01"),
        assignment("A3", "B", "2026-10-01"),
    )
    assert one_version(judge, programme("P1", *rows)).outcome is Outcome.BREACHED


def test_an_assignment_of_unknown_kind_may_be_the_centres_own(judge: Judge) -> None:
    """Only what is certainly a set brief can break the rule."""
    vague = assignment("A2", "B", "2026-10-01", kind=None)
    decision = one_version(judge, programme("P1", assignment("A1", "A", "2026-10-01"), vague))
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == ["assignment.kind"]


def test_a_programme_without_a_number_may_be_of_the_qualification(judge: Judge) -> None:
    """Its unit of the same number could have had another version, unless its suite is another."""
    ours = programme("P1", assignment("A1", "A", "2026-10-01"))
    theirs = programme("P2", assignment("A2", "B", "2026-10-01"), qualification_number=None)
    decision = one_version(judge, ours, theirs)
    assert facts(decision) == ["programme.qualification_number"]
    assert one_version(judge, ours, theirs | {"suite": "nationals"}).outcome is Outcome.MET
    theirs["units"][0]["set_by"] = "centre"
    assert one_version(judge, ours, theirs).outcome is Outcome.MET


def test_absent_lists_are_unknown(judge: Judge) -> None:
    """Learners, submissions or assignments that are not in the document could hide anything."""
    row = programme("P1", assignment("A1", "A", "2026-10-01"))
    assert facts(one_version(judge, row | {"learners": None})) == ["programme.learners"]
    assert facts(one_version(judge, row | {"learners": [{"id": "L1"}]})) == ["learner.submissions"]
    lost = [{"id": "L1", "submissions": [{"id": "S1", "assignment": "A9", "kind": "first"}]}]
    assert facts(one_version(judge, row | {"learners": lost})) == ["submission.assignment"]
    bare = programme("P1", unit={"assignments": None})
    assert facts(one_version(judge, bare)) == ["unit.assignments"]


def rotates(
    judge: Judge,
    version: str | None,
    versions: list[Row] | None,
    *more: Row,
    first: int = 2027,
    **changes: Any,
) -> Decision:
    """Decide the second check for a unit that uses `version` in the year from `first`."""
    rows = [assignment("A1", version, f"{first}-10-01")] if version else []
    unit = {"set_assignments": versions}
    programmes = [programme("P1", *rows, unit=unit, **changes), *more]
    context = judge(f"{first + 1}-07-01", programmes=programmes, **year_of(first))
    return run_check(ROTATE, context, first_unit(context))


@pytest.mark.parametrize(
    ("version", "versions", "said"),
    [
        ("C", bank(A=["2025/26"], B=["2026/27"], C=[]), ""),
        ("B", bank(A=["2025/26"], B=["2026/27"], C=[]), "uses version `B` as in 2026/27"),
        ("A", bank(A=["2025/26"], B=["2026/27"], C=[]), "version `A` again before `C`"),
        ("A", bank(A=["2025/26"], B=["2026/27"]), ""),
        ("B", bank(A=["2025/26"], B=["2026/27"]), "uses version `B` as in 2026/27"),
        ("B", bank(A=[], B=["2025/26"], C=[], D=[]), "uses version `B` as in 2025/26"),
        ("A", bank(A=["2025/26"], B=["2026/27"], C=[], D=[]), "again before `C` and `D`"),
        ("A", bank(A=["2025/26", "2026/27"]), ""),
        ("A", bank(A=[], B=[]), ""),
    ],
)
def test_rotation(judge: Judge, version: str, versions: list[Row], said: str) -> None:
    """Changed each year, each once before any twice; a bank of one has nothing to change."""
    decision = rotates(judge, version, versions)
    assert decision.outcome is (Outcome.BREACHED if said else Outcome.MET)
    assert said in decision.message
    assert decision.evidence[0].expression == "assignment.version"


@pytest.mark.parametrize(
    ("version", "years", "fits"),
    [
        ("B", {"A": ["2025/26"], "B": ["2026/27"], "C": ["2027/28"]}, True),
        ("A", {"A": ["2025/26"], "B": ["2026/27"], "C": ["2027/28"]}, True),
        ("C", {"A": ["2025/26"], "B": ["2026/27"], "C": ["2027/28"]}, False),
    ],
)
def test_the_order_is_free_in_each_round(
    judge: Judge, version: str, years: dict[str, list[str] | None], fits: bool
) -> None:
    """AAQ-154: after a full round any order will do, but not last year's version at once."""
    decision = rotates(judge, version, bank(**years), first=2028)
    assert decision.outcome is (Outcome.MET if fits else Outcome.BREACHED)


def test_a_second_round_must_be_filled_too(judge: Judge) -> None:
    """In the second round a version used in it waits for the others again."""
    years = bank(A=["2025/26", "2028/29"], B=["2026/27", "2029/30"], C=["2027/28"])
    assert rotates(judge, "C", years, first=2030).outcome is Outcome.MET
    decision = rotates(judge, "A", years, first=2030)
    assert "version `A` again before `C`" in decision.message


def test_years_without_delivery_are_skipped(judge: Judge) -> None:
    """Last year means the last year in which the unit was set."""
    decision = rotates(judge, "A", bank(A=["2025/26"], B=[]), first=2028)
    assert "as in 2025/26" in decision.message


def test_a_version_published_later_joins_the_open_round(judge: Judge) -> None:
    """It is waited for from its year on, not in rounds that were full before it came."""
    later = bank(A=["2025/26"], B=["2026/27"], C=[])
    later[2]["published_on"] = "2026-10-01"
    assert rotates(judge, "A", later).outcome is Outcome.BREACHED
    later[2]["published_on"] = "2027-10-01"
    assert rotates(judge, "A", later).outcome is Outcome.MET


def test_a_version_withdrawn_is_not_waited_for(judge: Judge) -> None:
    """What can no longer be set cannot be demanded first."""
    gone = bank(A=["2025/26"], B=["2026/27"], C=[])
    gone[2]["withdrawn_on"] = "2027-02-01"
    assert rotates(judge, "A", gone).outcome is Outcome.MET


def test_an_unpublished_day_matters_only_sometimes(judge: Judge) -> None:
    """It is unknown when the verdict hangs on it, and only then."""
    vague = bank(A=["2025/26"], B=["2026/27"], C=[])
    del vague[2]["published_on"]
    decision = rotates(judge, "A", vague)
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == ["set_assignment.published_on"]
    assert rotates(judge, "C", vague).outcome is Outcome.MET
    assert rotates(judge, "B", vague).outcome is Outcome.BREACHED
    alone = bank(A=["2026/27"], B=[])
    assert rotates(judge, "A", alone).outcome is Outcome.BREACHED
    del alone[1]["published_on"]
    assert facts(rotates(judge, "A", alone)) == ["set_assignment.published_on"]
    alone[0].pop("published_on")
    alone[1]["published_on"] = "2028-10-01"
    assert rotates(judge, "A", alone).outcome is Outcome.MET, "there was nothing else"


def test_what_was_used_was_published(judge: Judge) -> None:
    """A version used once needs no day of publication to have been available."""
    undated = bank(A=["2026/27"], B=["2025/26"])
    for row in undated:
        del row["published_on"]
    assert rotates(judge, "A", undated).outcome is Outcome.BREACHED


def test_history_that_is_not_recorded(judge: Judge) -> None:
    """Without the years of each version nobody knows, save that last year's is known."""
    gap = bank(A=["2026/27"], B=None)
    decision = rotates(judge, "B", gap)
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == ["set_assignment.used_in_years"]
    assert rotates(judge, "A", gap).outcome is Outcome.BREACHED


def test_the_first_year_has_no_history(judge: Judge) -> None:
    """In the first year of the qualification, or of the centre, any version will do."""
    gap = bank(A=None, B=None)
    assert rotates(judge, "A", gap, first=2025).outcome is Outcome.MET
    assert rotates(judge, "A", gap, first_delivered_on="2027-09-06").outcome is Outcome.MET
    assert rotates(judge, "A", gap, first_delivered_on="2026-09-06").outcome is Outcome.UNKNOWN


def test_first_submissions_of_earlier_years_are_history(judge: Judge) -> None:
    """Learners' earlier work says what was used, even if the bank's record does not."""
    rows = (assignment("A1", "A", "2026-10-01"), assignment("A2", "A", "2027-10-01"))
    row = programme("P1", *rows, unit={"set_assignments": bank(A=[], B=[])})
    context = judge("2028-07-01", programmes=[row], **year_of(2027))
    decision = run_check(ROTATE, context, first_unit(context))
    assert "version `A` as in 2026/27" in decision.message


def test_earlier_work_without_a_version_is_a_gap(judge: Judge) -> None:
    """Nobody knows what was set that year, unless the bank's record says."""
    rows = (assignment("A1", None, "2026-10-01"), assignment("A2", "A", "2027-10-01"))
    for years, expected in (([], Outcome.UNKNOWN), (["2026/27"], Outcome.MET)):
        row = programme("P1", *rows, unit={"set_assignments": bank(A=[], B=years)})
        context = judge("2028-07-01", programmes=[row], **year_of(2027))
        assert run_check(ROTATE, context, first_unit(context)).outcome is expected


def test_versions_that_are_not_in_the_bank(judge: Judge) -> None:
    """A version nobody lists has no past to judge by."""
    decision = rotates(judge, "X", bank(A=["2026/27"], B=[]))
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == ["unit.set_assignments"]
    assert rotates(judge, "X", []).outcome is Outcome.UNKNOWN
    assert facts(rotates(judge, "A", None)) == ["unit.set_assignments"]


def test_the_bank_may_stand_with_another_programme(judge: Judge) -> None:
    """Programmes of one qualification share their bank and its history."""
    other = programme("P2", unit={"set_assignments": bank(A=["2026/27"], B=[])})
    assert rotates(judge, "A", None, other).outcome is Outcome.BREACHED
    assert rotates(judge, "B", None, other).outcome is Outcome.MET


def test_versions_of_another_kind_are_no_part_of_the_bank(judge: Judge) -> None:
    """A set assignment of another family is not waited for."""
    rows = bank(A=["2025/26"], B=["2026/27"], C=[])
    rows[2]["kind"] = "psa"
    assert rotates(judge, "A", rows).outcome is Outcome.MET


def plan(id: str, version: str | None, **changes: Any) -> Row:
    """Make an assessment plan with one line for the unit."""
    line = {"id": f"{id}-N", "unit": "P1-U", "set_version": version, "academic_year": "2027/28"}
    return {"id": id, "planned_units": [line | changes]}


TAKEN = bank(A=["2026/27"], B=[])


def test_the_plan_speaks_while_there_is_no_work(judge: Judge) -> None:
    """A plan that repeats last year's version is refused before it is carried out."""
    decision = rotates(judge, None, TAKEN, assessment_plans=[plan("N1", "A")])
    assert decision.outcome is Outcome.BREACHED
    assert decision.at is not None
    assert decision.at.entity == "planned_unit"
    assert decision.evidence[0].expression == "planned_unit.set_version"
    fine = rotates(judge, None, TAKEN, assessment_plans=[plan("N1", "B")])
    assert fine.outcome is Outcome.MET


def test_work_that_was_set_beats_the_plan(judge: Judge) -> None:
    """What learners were given counts, not what was once intended."""
    assert rotates(judge, "B", TAKEN, assessment_plans=[plan("N1", "A")]).outcome is Outcome.MET


def test_the_latest_plan_counts(judge: Judge) -> None:
    """An older version of the plan no longer says what will be used."""
    old, new = plan("N1", "A") | {"sequence": 1}, plan("N2", "B") | {"sequence": 2}
    assert rotates(judge, None, TAKEN, assessment_plans=[new, old]).outcome is Outcome.MET
    assert rotates(judge, None, TAKEN, assessment_plans=[old, new]).outcome is Outcome.MET
    dated = [
        plan("N1", "B") | {"created_on": "2027-10-01"},
        plan("N2", "A") | {"created_on": "2027-09-01", "sequence": 3},
    ]
    assert rotates(judge, None, TAKEN, assessment_plans=dated).outcome is Outcome.MET
    del dated[1]["created_on"]
    decision = rotates(judge, None, TAKEN, assessment_plans=dated)
    assert facts(decision) == ["assessment_plan.created_on"]


def test_lines_of_a_plan_fall_into_years(judge: Judge) -> None:
    """A line without a year falls into that of its dates; one of another year does not count."""
    dated = plan("N1", "A", academic_year=None, due_on="2027-11-01")
    assert rotates(judge, None, TAKEN, assessment_plans=[dated]).outcome is Outcome.BREACHED
    other = plan("N1", "A", academic_year="2028/29")
    decision = rotates(judge, None, TAKEN, assessment_plans=[other])
    assert (decision.outcome, decision.reason) == (Outcome.NOT_APPLICABLE, "not used this year")
    assert rotates(judge, None, TAKEN, assessment_plans=[]).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("plans", "fact"),
    [
        (None, "programme.assessment_plans"),
        ([{"id": "N1"}], "assessment_plan.planned_units"),
        ([plan("N1", None)], "planned_unit.set_version"),
        ([plan("N1", "A", academic_year=None)], "planned_unit.academic_year"),
    ],
)
def test_a_plan_that_does_not_say(judge: Judge, plans: list[Row] | None, fact: str) -> None:
    """Neither work nor a plan that says: unknown, and what to record."""
    decision = rotates(judge, None, TAKEN, assessment_plans=plans)
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == [fact]


def test_work_without_a_version_is_unknown(judge: Judge) -> None:
    """Work was set, but nobody recorded in which version."""
    row = programme(
        "P1", assignment("A1", None, "2027-10-01"), unit={"set_assignments": bank(A=[], B=[])}
    )
    context = judge("2028-07-01", programmes=[row], **year_of(2027))
    decision = run_check(ROTATE, context, first_unit(context))
    assert decision.outcome is Outcome.UNKNOWN
    assert facts(decision) == ["assignment.version"]


def test_single_briefs_never_rotate(judge: Judge) -> None:
    """AAQ-134: one brief for life is used every year."""
    number, unit = SINGLE_UNIT
    row = programme(
        "P1",
        assignment("A1", "A", "2027-10-01"),
        unit={"number": unit, "set_assignments": bank(A=["2026/27"], B=[])},
        qualification_number=number,
    )
    context = judge("2028-07-01", programmes=[row], **year_of(2027))
    assert run_check(ROTATE, context, first_unit(context)).outcome is Outcome.NOT_APPLICABLE


def test_every_field_a_check_reads_is_declared(judge: Judge) -> None:
    """`reads` names fields that the schema has, each once."""
    entities = judge().document.schema.entities
    for check in SUITE.checks:
        assert len(set(check.reads)) == len(check.reads)
        for name in check.reads:
            entity, _, field = name.partition(".")
            assert field in entities[entity].fields


VERSIONS = "ABCD"
SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def history(data: st.DataObject) -> list[Row]:
    """Draw a bank and one version, or none, for each year from 2025/26 to 2029/30."""
    names = VERSIONS[: data.draw(st.integers(min_value=2, max_value=4))]
    used: dict[str, list[str]] = {name: [] for name in names}
    for year in range(25, 30):
        version = data.draw(st.sampled_from((*names, "")))
        if version:
            used[version].append(f"20{year}/{year + 1}")
    return bank(**used)


@SETTINGS
@given(data=st.data())
def test_there_is_always_a_way_forward(judge: Judge, data: st.DataObject) -> None:
    """Whatever was done, some version may be set; last time's never; the unused always."""
    versions = history(data)
    outcomes = {
        row["version"]: rotates(judge, row["version"], versions, first=2030).outcome
        for row in versions
    }
    assert Outcome.MET in outcomes.values()
    years = {row["version"]: row["used_in_years"] for row in versions}
    last = max((year for used in years.values() for year in used), default="")
    for version, outcome in outcomes.items():
        if last in years[version]:
            assert outcome is Outcome.BREACHED
        if not years[version]:
            assert outcome is Outcome.MET


@SETTINGS
@given(data=st.data())
def test_filling_in_a_fact_never_turns_a_verdict_around(judge: Judge, data: st.DataObject) -> None:
    """A verdict given without some facts is the verdict given with all of them, in any order."""
    versions = history(data)
    version = data.draw(st.sampled_from([row["version"] for row in versions]))
    whole = rotates(judge, version, versions, first=2030).outcome
    assert (
        rotates(judge, version, data.draw(st.permutations(versions)), first=2030).outcome is whole
    )
    gaps = [
        {
            name: value
            for name, value in row.items()
            if name not in ("used_in_years", "published_on") or data.draw(st.booleans())
        }
        for row in versions
    ]
    partial = rotates(judge, version, gaps, first=2030).outcome
    assert partial in (whole, Outcome.UNKNOWN)
