"""Set assignments: valid in the year of use, new to the learner, and no false alarm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import policy_international
import pytest
from policy_international.attempts import assignment_of

from policy.dsl.evaluation.plugin_calls import call
from policy.model.outcomes import Outcome
from policy.model.suite import Check, Context, Decision
from policy.model.values import Missing
from policy.plugins import discover, run_check

SUITE = policy_international.policy_suite()
VALID, NEW = SUITE.checks

Judge = Callable[..., Context]
Row = dict[str, Any]


def test_the_plugin_loads() -> None:
    """The manifest is sound: every clause is the suite's own."""
    loaded = discover(["international"], extra={"international": policy_international})
    assert loaded.diagnostics == ()
    assert [suite.name for suite in loaded.suites] == ["international"]


def version(code: str, valid_year: str | None = "2025/26", **changes: Any) -> Row:
    """Make a published version."""
    row = {"id": f"V{code}{valid_year}", "version": code, "valid_year": valid_year, "kind": "psa"}
    return row | changes


def assignment(id: str, code: str | None, **changes: Any) -> Row:
    """Make a set assignment issued to learners."""
    return {"id": id, "kind": "psa", "version": code} | changes


def attempt(id: str, of: str, kind: str, submitted_on: str | None, **changes: Any) -> Row:
    """Make a submission."""
    return {"id": id, "assignment": of, "kind": kind, "submitted_on": submitted_on} | changes


def programme(
    *submissions: Row,
    assignments: list[Row] | None = None,
    versions: list[Row] | None = None,
    unit: Row | None = None,
    learner: Row | None = None,
    id: str = "P1",
    **changes: Any,
) -> Row:
    """Make a programme with one unit and one learner, newly registered."""
    units = {
        "id": f"{id}-U",
        "number": "1",
        "set_by": "psa",
        "assignments": assignments or [],
        "set_assignments": versions,
    }
    person = {"id": f"{id}-L", "registration_kind": "new", "submissions": list(submissions)}
    row = {
        "id": id,
        "title": "Test",
        "suite": "international",
        "qualification_number": "603/1/1",
        "subject_area": "Business",
        "units": [units | (unit or {})],
        "learners": [person | (learner or {})],
    }
    return row | changes


def decide(judge: Judge, check: Check, id: str, *programmes: Row) -> Decision:
    """Decide a check for the submission with that id."""
    context = judge(programmes=list(programmes))
    subject = context.document.find("submission", id)
    assert subject is not None
    return run_check(check, context, subject)


def facts(decision: Decision) -> list[str]:
    """Return the facts a decision lacks."""
    assert decision.outcome is Outcome.UNKNOWN, decision.message
    return [cause.fact for cause in decision.missing]


A1, A2 = assignment("A1", "A"), assignment("A2", "B")
FIRST = attempt("S1", "A1", "first", "2025-11-10")


@pytest.mark.parametrize("check", [VALID, NEW], ids=["valid", "new"])
@pytest.mark.parametrize(
    ("submission", "row", "unit", "reason"),
    [
        ({"kind": "resubmission"}, {}, {}, "a resubmission keeps its version"),
        ({}, {"kind": "own"}, {}, "not a set assignment"),
        ({}, {"kind": None}, {"set_by": "centre"}, "not a set assignment"),
        ({}, {"purpose": "mock"}, {}, "not formal assessment"),
    ],
)
def test_what_is_no_use_of_a_set_assignment(
    judge: Judge, check: Check, submission: Row, row: Row, unit: Row, reason: str
) -> None:
    """IA-070: a resubmission may keep its version; other work is none of these checks' business."""
    decision = decide(
        judge, check, "S1", programme(FIRST | submission, assignments=[A1 | row], unit=unit)
    )
    assert (decision.outcome, decision.reason) == (Outcome.NOT_APPLICABLE, reason)


@pytest.mark.parametrize("check", [VALID, NEW], ids=["valid", "new"])
def test_whether_it_is_a_use_may_be_unknown(judge: Judge, check: Check) -> None:
    """A dangling assignment or one without a kind could be a set assignment."""
    lost = programme(FIRST | {"assignment": "A9"}, assignments=[A1])
    assert facts(decide(judge, check, "S1", lost)) == ["submission.assignment"]
    vague = programme(FIRST, assignments=[A1 | {"kind": None}])
    assert facts(decide(judge, check, "S1", vague)) == ["assignment.kind"]


@pytest.mark.parametrize(
    ("kind", "submitted_on", "fits"),
    [
        ("first", "2025-09-01", True),
        ("first", "2026-06-30", True),
        ("first", "2025-08-31", False),
        ("re_sit", "2025-10-01", True),
        ("re_sit", "2025-05-01", False),
    ],
)
def test_the_version_is_valid_in_the_year_of_use(
    judge: Judge, kind: str, submitted_on: str, fits: bool
) -> None:
    """First submissions and re-sits need a version of their own year; its edges belong to it."""
    row = programme(
        attempt("S1", "A1", kind, submitted_on), assignments=[A1], versions=[version("A")]
    )
    decision = decide(judge, VALID, "S1", row)
    assert decision.outcome is (Outcome.MET if fits else Outcome.BREACHED)
    if not fits:
        assert decision.message == (
            "unit 1: version `A` is valid for 2025/26, and was used in 2024/25"
        )
    assert [evidence.expression for evidence in decision.evidence] == [
        "assignment.version",
        "submission.submitted_on",
        "set_assignment.valid_year",
    ]


def test_any_version_of_the_year_will_do(judge: Judge) -> None:
    """IA-069: the choice among published versions is free, and a code may return in later years."""
    versions = [version("A", "2024/25"), version("A"), version("A", None), version("C")]
    row = programme(FIRST, assignments=[A1], versions=versions)
    assert decide(judge, VALID, "S1", row).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("submission", "row", "year"),
    [
        ({"submitted_on": None, "started_on": "2025-10-01"}, {}, "2025/26"),
        ({"submitted_on": None}, {"issued_on": "2025-10-01"}, "2025/26"),
        ({"started_on": "2025-05-01"}, {"issued_on": "2025-05-01"}, "2025/26"),
    ],
)
def test_the_year_of_an_attempt(judge: Judge, submission: Row, row: Row, year: str) -> None:
    """Handed in, else started, else issued."""
    centre = programme(FIRST | submission, assignments=[A1 | row], versions=[version("A", year)])
    assert decide(judge, VALID, "S1", centre).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("submission", "row", "versions", "fact"),
    [
        ({"submitted_on": None}, {}, [version("A")], "submission.submitted_on"),
        ({}, {"version": None}, [version("A")], "assignment.version"),
        ({}, {}, None, "unit.set_assignments"),
        ({}, {}, [version("B")], "unit.set_assignments"),
        ({}, {}, [version("A", kind="psab")], "unit.set_assignments"),
        ({}, {}, [version("A", None)], "set_assignment.valid_year"),
        ({}, {}, [version("A", None), version("A", "2024/25")], "set_assignment.valid_year"),
    ],
)
def test_validity_that_is_not_recorded(
    judge: Judge, submission: Row, row: Row, versions: list[Row] | None, fact: str
) -> None:
    """Version, day and year of validity are needed; each is named when it lacks."""
    centre = programme(FIRST | submission, assignments=[A1 | row], versions=versions)
    assert facts(decide(judge, VALID, "S1", centre)) == [fact]


def test_a_new_version_is_met(judge: Judge) -> None:
    """A re-sit on the other version is what the guide asks for."""
    row = programme(
        FIRST,
        attempt("S2", "A1", "resubmission", "2025-12-01"),
        attempt("S3", "A2", "re_sit", "2026-03-01"),
        assignments=[A1, A2],
    )
    assert decide(judge, NEW, "S1", row).outcome is Outcome.MET
    assert decide(judge, NEW, "S3", row).outcome is Outcome.MET


def test_a_re_sit_on_the_first_version_is_a_breach(judge: Judge) -> None:
    """The earlier attempt is named with its day; both versions are evidence."""
    row = programme(FIRST, attempt("S3", "A1", "re_sit", "2026-03-01"), assignments=[A1])
    decision = decide(judge, NEW, "S3", row)
    assert decision.outcome is Outcome.BREACHED
    assert decision.message == (
        "unit 1: version `A` was attempted before, in submission `S1` on 2025-11-10"
    )
    assert [evidence.value for evidence in decision.evidence] == ["A", "A", "2025-11-10"]
    assert decide(judge, NEW, "S1", row).outcome is Outcome.MET


def test_without_dates_attempts_follow_their_kind(judge: Judge) -> None:
    """A re-sit comes after a first submission, whatever is recorded of days."""
    row = programme(
        FIRST | {"submitted_on": None},
        attempt("S3", "A1", "re_sit", "2026-03-01"),
        assignments=[A1],
    )
    decision = decide(judge, NEW, "S3", row)
    assert decision.message == "unit 1: version `A` was attempted before, in submission `S1`"
    assert decide(judge, NEW, "S1", row).outcome is Outcome.MET


def test_parts_of_one_attempt_are_no_repeats(judge: Judge) -> None:
    """Tasks of one assignment, or assignments with other criteria, make up one attempt."""
    tasks = programme(FIRST, attempt("S2", "A1", "first", "2025-11-20"), assignments=[A1])
    assert decide(judge, NEW, "S2", tasks).outcome is Outcome.MET
    parts = [A1 | {"criteria": ["A.P1"]}, A2 | {"version": "A", "criteria": ["B.P2"]}]
    second = attempt("S2", "A2", "first", "2025-11-20")
    assert decide(judge, NEW, "S2", programme(FIRST, second, assignments=parts)).outcome is (
        Outcome.MET
    )
    parts[1]["criteria"] = ["A.P1", "B.P2"]
    assert decide(judge, NEW, "S2", programme(FIRST, second, assignments=parts)).outcome is (
        Outcome.BREACHED
    )
    del parts[1]["criteria"]
    assert facts(decide(judge, NEW, "S2", programme(FIRST, second, assignments=parts))) == [
        "assignment.criteria"
    ]


def test_other_units_have_versions_of_their_own(judge: Judge) -> None:
    """The same letter in another unit is another assignment."""
    row = programme(FIRST, attempt("S2", "A2", "first", "2026-01-10"), assignments=[A1])
    row["units"].append(
        {"id": "U2", "number": "2", "set_by": "psa", "assignments": [A2 | {"version": "A"}]}
    )
    assert decide(judge, NEW, "S2", row).outcome is Outcome.MET


def test_versions_attempted_before_this_record(judge: Judge) -> None:
    """What the learner did earlier or elsewhere counts, also for a new registration."""
    row = programme(FIRST, assignments=[A1], learner={"earlier_versions": ["A"]})
    decision = decide(judge, NEW, "S1", row)
    assert decision.outcome is Outcome.BREACHED
    assert decision.message == "unit 1: version `A` was attempted before this registration"
    assert decision.evidence[1].expression == "learner.earlier_versions"


@pytest.mark.parametrize(
    ("learner", "expected"),
    [
        ({"registration_kind": "top_up"}, ["learner.earlier_versions"]),
        ({"registration_kind": None}, ["learner.earlier_versions", "learner.registration_kind"]),
        ({"registration_kind": "top_up", "earlier_versions": []}, []),
        ({"registration_kind": None, "earlier_versions": []}, []),
        ({"registration_kind": "new"}, []),
    ],
)
def test_a_past_that_is_not_recorded(judge: Judge, learner: Row, expected: list[str]) -> None:
    """Only who is not newly registered must have the earlier versions recorded."""
    row = programme(FIRST, assignments=[A1], learner=learner)
    decision = decide(judge, NEW, "S1", row)
    if expected:
        assert facts(decision) == expected
    else:
        assert decision.outcome is Outcome.MET


def earlier_registration(submitted_on: str | None = "2024-11-10", **changes: Any) -> Row:
    """Make another programme with the same person, who attempted version A of unit 1 there."""
    return programme(
        attempt("S9", "A9", "first", submitted_on),
        assignments=[assignment("A9", "A")],
        learner={"person_code": "X77"},
        id="P0",
        **changes,
    )


def registered_again(**changes: Any) -> Row:
    """Make the programme of the new registration."""
    return programme(FIRST, assignments=[A1], learner={"person_code": "X77"}, **changes)


def test_another_registration_of_the_same_person(judge: Judge) -> None:
    """The same unit of the same subject, attempted under an earlier registration, is a repeat."""
    smaller = earlier_registration(qualification_number="603/2/2")
    decision = decide(judge, NEW, "S1", smaller, registered_again())
    assert decision.outcome is Outcome.BREACHED
    assert "`S9` on 2024-11-10" in decision.message
    assert "X77" not in repr(decision)
    assert decide(judge, NEW, "S9", smaller, registered_again()).outcome is Outcome.MET


def test_registrations_of_other_people_or_subjects(judge: Judge) -> None:
    """Another person, another subject, another number of the unit: no repeat."""
    somebody = earlier_registration()
    somebody["learners"][0]["person_code"] = "X78"
    assert decide(judge, NEW, "S1", somebody, registered_again()).outcome is Outcome.MET
    subject = earlier_registration(qualification_number="603/2/2", subject_area="Engineering")
    assert decide(judge, NEW, "S1", subject, registered_again()).outcome is Outcome.MET
    number = earlier_registration(unit={"number": "2"})
    assert decide(judge, NEW, "S1", number, registered_again()).outcome is Outcome.MET


def test_a_registration_nobody_can_place(judge: Judge) -> None:
    """Without subject, day, version or kind of the other attempt the answer is unknown."""
    subject = earlier_registration(qualification_number=None, subject_area=None)
    assert facts(decide(judge, NEW, "S1", subject, registered_again())) == [
        "programme.subject_area"
    ]
    undated = earlier_registration(None)
    assert facts(decide(judge, NEW, "S1", undated, registered_again())) == [
        "submission.submitted_on"
    ]
    no_version = earlier_registration()
    no_version["units"][0]["assignments"][0]["version"] = None
    assert facts(decide(judge, NEW, "S1", no_version, registered_again())) == ["assignment.version"]
    no_kind = earlier_registration()
    no_kind["units"][0]["assignments"][0]["kind"] = None
    assert facts(decide(judge, NEW, "S1", no_kind, registered_again())) == ["assignment.kind"]
    absent = earlier_registration()
    del absent["learners"][0]["submissions"]
    assert facts(decide(judge, NEW, "S1", absent, registered_again())) == ["learner.submissions"]
    dangling = earlier_registration()
    dangling["learners"][0]["submissions"][0]["assignment"] = "A99"
    assert facts(decide(judge, NEW, "S1", dangling, registered_again())) == [
        "submission.assignment"
    ]


def test_two_registrations_on_one_day_are_no_order(judge: Judge) -> None:
    """Work that counts for two registrations at once is no repeat of itself."""
    same_day = earlier_registration("2025-11-10")
    assert decide(judge, NEW, "S1", same_day, registered_again()).outcome is Outcome.MET


def test_evidence_carried_over_is_no_new_attempt(judge: Judge) -> None:
    """A learner who moves to a larger qualification brings the work along."""
    carried = programme(
        FIRST | {"is_from_earlier_registration": True},
        assignments=[A1],
        learner={"person_code": "X77"},
    )
    decision = decide(judge, NEW, "S1", earlier_registration(), carried)
    assert decision.outcome is Outcome.NOT_APPLICABLE


def test_a_version_that_is_not_recorded(judge: Judge) -> None:
    """Nothing can be compared without the version."""
    row = programme(FIRST, assignments=[A1 | {"version": None}])
    assert facts(decide(judge, NEW, "S1", row)) == ["assignment.version"]


def test_undated_parts_of_one_attempt(judge: Judge) -> None:
    """Two first submissions without days: which came first is unknown unless they are one piece."""
    rows = [A1 | {"criteria": ["A.P1"]}, A2 | {"version": "A", "criteria": ["A.P1"]}]
    undated = [
        attempt("S1", "A1", "first", None),
        attempt("S2", "A2", "first", None),
    ]
    decision = decide(judge, NEW, "S1", programme(*undated, assignments=rows))
    assert facts(decision) == ["submission.submitted_on"] * 2


def test_work_of_the_centre_is_not_compared(judge: Judge) -> None:
    """A centre's own brief may carry any version, also as another person's earlier work."""
    own = assignment("A5", "A", kind="own")
    row = programme(FIRST, attempt("S5", "A5", "first", "2025-10-01"), assignments=[A1, own])
    stranger = programme(id="P7")
    row["learners"][0]["person_code"] = "X77"
    assert decide(judge, NEW, "S1", row, stranger).outcome is Outcome.MET


def test_an_attempt_without_assignment_is_our_mistake(judge: Judge) -> None:
    """Whoever asks for the assignment of what is no use has forgotten to ask whether it is one."""
    context = judge(programmes=[programme(FIRST | {"assignment": "A9"})])
    with pytest.raises(TypeError, match="no use"):
        assignment_of(context.document.rows["submission"][0])


def test_people_without_learners(judge: Judge) -> None:
    """Programmes without a list of learners do not hide those of others."""
    empty = {"id": "P5", "title": "Empty"}
    decision = decide(judge, NEW, "S1", empty, earlier_registration(), registered_again())
    assert decision.outcome is Outcome.BREACHED


def test_every_field_a_check_reads_is_declared(judge: Judge) -> None:
    """`reads` names fields that the schema has, each once."""
    entities = judge().document.schema.entities
    for check in SUITE.checks:
        assert len(set(check.reads)) == len(check.reads)
        for name in check.reads:
            entity, _, field = name.partition(".")
            assert field in entities[entity].fields


@pytest.mark.parametrize(
    ("hours", "points", "mandatory", "needed", "expected"),
    [
        ((120, 60), (12, 6), (True, False), 180, 18),
        ((120, 60, 60), (12, 6, 16), (True, False, False), 180, 28),
        ((120, 60, 60), (12, 6, 16), (True, False, False), 240, 34),
        ((120, 60, 60, 120), (12, 10, 10, 32), (True, False, False, False), 240, 44),
        ((60, 60), (16, 0), (False, True), 60, 0),
        ((120, 120), (12, 12), (True, True), 180, 24),
        ((90, 120), (24, 20), (False, False), 89, 0),
        ((), (), (), 180, 0),
    ],
    ids=["worked-example", "best-option", "all-fit", "one-large", "mandatory-first", "too-many",
         "nothing-fits", "none"],
)  # fmt: skip
def test_the_points_that_count(
    judge: Callable[..., Context],
    hours: tuple[int, ...],
    points: tuple[int, ...],
    mandatory: tuple[bool, ...],
    needed: int,
    expected: int,
) -> None:
    """Mandatory units always count; of the options those that bring most and still fit."""
    (function,) = policy_international.policy_suite().functions
    found = call(function, "international", judge(), (hours, points, mandatory, needed))
    assert found == expected


def test_lists_of_different_units_are_not_mixed(judge: Callable[..., Context]) -> None:
    """If the lists differ in length, nobody knows which points belong to which hours."""
    (function,) = policy_international.policy_suite().functions
    found = call(function, "international", judge(), ((120, 60), (12,), (True, False), 180))
    assert isinstance(found, Missing)
