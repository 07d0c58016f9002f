"""Functions several suites use: criteria, grades of units, windows and holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import policy_common
import pytest

from policy.dsl.evaluation.plugin_calls import call
from policy.model.suite import Context, Function
from policy.model.values import CauseKind, Missing, Unknown
from policy.pack import load_pack
from policy.plugins import discover

FUNCTIONS = {function.name: function for function in policy_common.policy_suite().functions}
GRADE = FUNCTIONS["grade_supported"]
CRITERIA = {"A": ["A.P1", "A.M1", "A.D1"], "B": ["B.P2", "B.M2", "B.D2"]}
PASSES = ("A.P1", "B.P2")
MERITS = (*PASSES, "A.M1", "B.M2")
ALL = (*MERITS, "A.D1", "B.D2")


def test_the_plugin_loads() -> None:
    """The manifest is sound: no diagnostic, and every type is one of the language."""
    loaded = discover(["common"], extra={"common": policy_common})
    assert loaded.diagnostics == ()
    assert [suite.name for suite in loaded.suites] == ["common"]


@pytest.mark.parametrize(
    ("code", "grade"),
    [
        ("P1", "P"),
        ("M12", "M"),
        ("A.P1", "P"),
        ("BC.D2", "D"),
        ("AP3", "P"),
        ("2A.P1", "P"),
        ("2B.D12", "D"),
        (" B.M2 ", "M"),
        ("A.X1", ""),
        ("P", ""),
        ("a.p1", ""),
        ("1A.1", ""),
        ("2.P1", ""),
        ("", ""),
    ],
)
def test_the_grade_of_a_criterion(judge: Callable[..., Context], code: str, grade: str) -> None:
    """Both spellings of codes are read; anything else is missing and says what it was."""
    found = call(FUNCTIONS["criterion_grade"], "common", judge(), (code,))
    if grade:
        assert found == grade
    else:
        assert isinstance(found, Missing)
        assert (found.causes[0].entity, found.causes[0].id) == ("criterion", code)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2025-10-20", "2025-10-26", False),
        ("2025-10-20", "2025-10-27", True),
        ("2025-10-31", "2025-11-03", False),
        ("2025-12-12", "2026-01-06", True),
        ("2026-05-01", "2026-05-05", False),
        ("2026-05-05", "2026-05-01", False),
        ("2026-07-10", "2027-07-10", True),
        ("2026-08-31", "2026-09-02", None),
    ],
)
def test_a_window_and_the_holidays(
    judge: Callable[..., Context], start: str, end: str, expected: bool | None
) -> None:
    """The first day never counts, bank holidays in term never do, one known closure decides."""
    days = (date.fromisoformat(start), date.fromisoformat(end))
    found = call(FUNCTIONS["window_meets_holiday"], "common", judge(), days)
    if expected is None:
        assert isinstance(found, Unknown)
        assert {cause.kind for cause in found.causes} == {CauseKind.OUTSIDE_CALENDAR}
    else:
        assert found is expected


def test_the_holidays_in_a_window(judge: Callable[..., Context]) -> None:
    """The days are listed for messages; with an unknown day among them the list is unknown."""
    listed = FUNCTIONS["holidays_in_window"]
    days = (date(2025, 10, 24), date(2025, 10, 28))
    assert call(listed, "common", judge(), days) == (date(2025, 10, 27), date(2025, 10, 28))
    assert call(listed, "common", judge(), days[::-1]) == ()
    assert isinstance(
        call(listed, "common", judge(), (date(2026, 7, 1), date(2026, 9, 1))), Unknown
    )


def submission(id: str, achieved: tuple[str, ...] | None, **changes: Any) -> dict[str, Any]:
    """Make a submission of assignment A1; None leaves its decisions out."""
    made: dict[str, Any] = {
        "id": id,
        "assignment": "A1",
        "kind": "first",
        "submitted_on": "2025-11-10",
    }
    if achieved is not None:
        made["criterion_decisions"] = [
            {"id": f"{id}-{code}", "criterion": code, "outcome": "achieved"} for code in achieved
        ]
    return made | changes


def unit(id: str, criteria: dict[str, list[str]] | None, **changes: Any) -> dict[str, Any]:
    """Make a unit with one assignment, `A1` for unit `U1`."""
    made: dict[str, Any] = {
        "id": id,
        "number": id[1:],
        "assignments": [{"id": f"A{id[1:]}", "kind": "own"}],
    }
    if criteria is not None:
        made["learning_aims"] = [
            {"id": f"{id}-{code}", "code": code, "criteria": codes}
            for code, codes in criteria.items()
        ]
    return made | changes


def grade(
    judge: Callable[..., Context],
    *submissions: dict[str, Any],
    units: tuple[dict[str, Any], ...] = (unit("U1", CRITERIA),),
    learner: dict[str, Any] | None = None,
    result: dict[str, Any] | None = None,
) -> object:
    """Return what the function says of the learner's line for unit U1."""
    person: dict[str, Any] = {
        "id": "L1",
        "submissions": list(submissions),
        "unit_results": [{"id": "R1", "unit": "U1"} | (result or {})],
    }
    person |= learner or {}
    context = judge(
        programmes=[{"id": "P1", "title": "Test", "units": list(units), "learners": [person]}]
    )
    (row,) = context.document.rows["unit_result"]
    return call(GRADE, "common", context, (row,))


@pytest.mark.parametrize(
    ("achieved", "expected"),
    [
        ((), "U"),
        (PASSES[:1], "U"),
        (("A.M1", "B.M2", "A.D1", "B.D2"), "U"),
        (PASSES, "P"),
        ((*PASSES, "A.D1", "B.D2"), "P"),
        ((*PASSES, "A.M1"), "P"),
        (MERITS, "M"),
        ((*MERITS, "A.D1"), "M"),
        (ALL, "D"),
        ((*ALL, "C.P9"), "D"),
    ],
)
def test_a_grade_needs_all_criteria_below_it(
    judge: Callable[..., Context], achieved: tuple[str, ...], expected: str
) -> None:
    """Each grade needs every criterion of its own and of the lower grades."""
    assert grade(judge, submission("S1", achieved)) == expected


def test_attempts_add_up(judge: Callable[..., Context]) -> None:
    """What a resubmission adds counts, and a criterion once achieved is not lost again."""
    second = submission("S2", ("B.P2",), kind="resubmission")
    second["criterion_decisions"].append(
        {"id": "S2-x", "criterion": "A.P1", "outcome": "not_achieved"}
    )
    assert grade(judge, submission("S1", ("A.P1",)), second) == "P"


def test_a_mock_proves_nothing(judge: Callable[..., Context]) -> None:
    """Only formal assessment counts towards a grade."""
    mock = unit("U1", CRITERIA, assignments=[{"id": "A1", "purpose": "mock"}])
    assert grade(judge, submission("S1", ALL), units=(mock,)) == "U"


def test_other_units_prove_nothing(judge: Callable[..., Context]) -> None:
    """Criteria of another unit with the same codes are another unit's."""
    units = (unit("U1", CRITERIA), unit("U2", CRITERIA))
    assert grade(judge, submission("S1", ALL, assignment="A2"), units=units) == "U"


def test_a_unit_without_distinction_criteria_ends_at_merit(judge: Callable[..., Context]) -> None:
    """Nothing supports a grade that has no criteria."""
    units = (unit("U1", {"A": ["A.P1", "A.M1"]}),)
    assert grade(judge, submission("S1", ("A.P1", "A.M1")), units=units) == "M"


def causes(value: object) -> list[str]:
    """Return the facts an absent value lacks."""
    assert isinstance(value, Missing | Unknown)
    return [cause.fact for cause in value.causes]


def test_prior_learning_is_not_graded_by_submissions(judge: Callable[..., Context]) -> None:
    """Recognised prior learning has evidence of its own, so there is no such grade."""
    found = grade(judge, result={"is_by_rpl": True})
    assert isinstance(found, Missing)
    assert causes(found) == ["unit_result.criteria_achieved"]


def test_a_unit_without_criteria_has_no_grade(judge: Callable[..., Context]) -> None:
    """No criteria recorded is nothing achieved and nothing failed."""
    assert causes(grade(judge, units=(unit("U1", {}),))) == ["unit.learning_aims"]


@pytest.mark.parametrize(
    ("units", "fact"),
    [
        ((unit("U1", None),), "unit.learning_aims"),
        ((unit("U1", {"A": ["A.P1", "oops"]}),), "learning_aim.criteria"),
        ((unit("U1", {}, learning_aims=[{"id": "M1", "code": "A"}]),), "learning_aim.criteria"),
    ],
)
def test_criteria_that_are_not_known(
    judge: Callable[..., Context], units: tuple[dict[str, Any], ...], fact: str
) -> None:
    """Without all the criteria of a unit no grade can be worked out."""
    found = grade(judge, submission("S1", ALL), units=units)
    assert isinstance(found, Unknown)
    assert causes(found) == [fact]


def test_what_lacks_matters_only_if_it_could_change_the_grade(
    judge: Callable[..., Context],
) -> None:
    """An undecided criterion is unknown; once the grade is certain without it, it is not."""
    open_decision = submission("S1", ("A.P1",))
    open_decision["criterion_decisions"].append({"id": "x", "criterion": "B.P2"})
    assert causes(grade(judge, open_decision)) == ["criterion_decision.outcome"]
    assert grade(judge, open_decision, submission("S2", PASSES, kind="resubmission")) == "P"
    undecided = submission("S3", None)
    assert causes(grade(judge, undecided)) == ["submission.criterion_decisions"]
    assert grade(judge, undecided, submission("S2", ALL)) == "D"


def test_work_not_handed_in_achieves_nothing(judge: Callable[..., Context]) -> None:
    """A submission without work and without decisions is no open question."""
    planned = submission("S2", None, kind="resubmission", submitted_on=None)
    assert grade(judge, submission("S1", PASSES), planned) == "P"


def test_lists_and_references_that_lead_nowhere(judge: Callable[..., Context]) -> None:
    """An absent list of submissions, a dangling unit or assignment: unknown, and which."""
    assert causes(grade(judge, learner={"submissions": None})) == ["learner.submissions"]
    assert causes(grade(judge, result={"unit": "U9"})) == ["unit_result.unit"]
    lost = submission("S1", ALL, assignment="A9")
    assert causes(grade(judge, lost)) == ["submission.assignment"]


def integrated(codes: dict[str, list[str]] | None, *units: str) -> tuple[dict[str, Any], ...]:
    """Make units U1 and U2, and an assignment A2 of U2 that also assesses `units`."""
    assignment = {"id": "A2", "kind": "own", "additional_units": list(units)}
    return (unit("U1", CRITERIA), unit("U2", codes, assignments=[assignment]))


def test_an_assignment_for_several_units(judge: Callable[..., Context]) -> None:
    """Its decisions count for a unit when only that unit has the code; otherwise nobody knows."""
    work = submission("S1", ALL, assignment="A2")
    assert grade(judge, work, units=integrated({"C": ["C.P1"]}, "U1")) == "D"
    assert causes(grade(judge, work, units=integrated(CRITERIA, "U1"))) == [
        "criterion_decision.criterion"
    ] * len(ALL)
    assert isinstance(grade(judge, work, units=integrated(None, "U1")), Unknown)
    assert causes(grade(judge, work, units=integrated({"C": ["C.P1"]}, "U7"))) == [
        "assignment.additional_units"
    ]


def test_every_field_a_function_reads_is_declared(judge: Callable[..., Context]) -> None:
    """`reads` names fields that the schema has."""
    entities = judge().document.schema.entities
    for function in FUNCTIONS.values():
        assert isinstance(function, Function)
        for name in function.reads:
            entity, _, field = name.partition(".")
            assert field in entities[entity].fields


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    """The rule printed there is one that the checker accepts."""
    readme = Path(str(policy_common.__file__)).with_name("README.md").read_text("utf-8")
    rule = readme.split("```")[1]
    spec = tmp_path / "trial.policy"
    head = (
        'language 1\nspec trial "Trial" for 2025/26\napplies to programme p where p.level = level_3'
    )
    spec.write_text(f"{head}\n{rule}", "utf-8")
    suites = discover(["common"], extra={"common": policy_common})
    pack = load_pack(files=[spec], suites=suites, roots=())
    assert [item.message for item in pack.diagnostics] == []
    assert [plan.name for plan in pack.specs] == ["trial"]


@pytest.mark.parametrize(
    "sentence",
    [
        "To get a Merit, add a comparison of two companies",
        "You must evaluate both systems to achieve D1",
        "For a distinction you need to justify your choice",
        "To move this up to a Merit: explain why",
        "You should include a table to reach A.M2",
        "To achieve the higher grade, please rewrite section 3",
        "Add two more sources to gain the Distinction",
        "To get a Merit, explain why you chose these shops",
    ],
)
def test_what_tells_how_to_get_a_grade(judge: Callable[..., Context], sentence: str) -> None:
    """A sentence that names a grade to reach and orders something for it is an instruction."""
    found = FUNCTIONS["instructions_in"]
    assert call(found, "common", judge(), (sentence,)) == 1
    assert call(found, "common", judge(), (f"Good work. {sentence}.\n{sentence}!",)) == 2


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "You have achieved P1 because you described both",
        "To achieve M1 you needed to compare two companies, and you described one",
        "You should have compared them to reach M2",
        "To achieve D1 the report would have needed a conclusion",
        "Well done for a Merit",
        "In your next assignment you should plan more to get a Merit",
        "You must sign the declaration",
        "Criteria for Merit were not met, as no comparison was made",
        "For P1 you describe two shops and explain their aims",
        "To achieve M1 you had to compare two shops, and explain why",
        "To meet P1 you need to describe two shops, which you did",
        "You do not need to do anything more for P1",
        "For M1, you should be proud",
    ],
)
def test_what_gives_reasons_or_praise(judge: Callable[..., Context], sentence: str) -> None:
    """Reasons, praise and what is said of other work are no instructions."""
    assert call(FUNCTIONS["instructions_in"], "common", judge(), (sentence,)) == 0
