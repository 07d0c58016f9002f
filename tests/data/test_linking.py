"""Rows find their parents, children and references; what is not there says why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.data.linking import link
from policy.data.linking_words import MOST_OF_A_KIND
from policy.data.loader import Loaded
from policy.data.schema import load_schema
from policy.model.diagnostics import Level
from policy.model.records import Document, Record, absent_collections
from policy.model.values import CauseKind, Missing, Unknown

Load = Callable[..., Loaded]


def document(loaded: Loaded) -> Document:
    """Return the document, which is there."""
    assert loaded.document is not None, [item.message for item in loaded.diagnostics]
    return loaded.document


def row(of: Document, entity: str, id: str) -> Record:
    """Return a row, which is there."""
    found = of.find(entity, id)
    assert found is not None
    return found


def learner(data: dict[str, Any]) -> dict[str, Any]:
    """Return the first learner of the data."""
    found: dict[str, Any] = data["programmes"][0]["learners"][0]
    return found


def test_the_document_knows_its_year_and_its_rows(loaded: Load) -> None:
    """Rows are listed by entity in document order and found by id."""
    tiny = document(loaded())
    assert tiny.academic_year == "2025/26"
    assert (tiny.year_starts_on, tiny.year_ends_on) == (date(2025, 9, 1), date(2026, 8, 31))
    assert [item.id for item in tiny.all("submission")] == ["S1", "S2", "S3"]
    assert tiny.root.id == "90001"
    assert tiny.find("submission", "S9") is None
    assert tiny.find("submission", "L1") is None


def test_rows_know_their_parents_and_children(loaded: Load) -> None:
    """From any row up to the centre, and down in the order of the document."""
    submission = row(document(loaded()), "submission", "S2")
    assert submission.pointer == ("programmes", 0, "learners", 0, "submissions", 1)
    assert submission.parent is not None
    assert submission.parent.id == "L1"
    assert submission.ancestor("centre").id == "90001"
    assert submission.ancestor("centre").parent is None
    siblings = submission.parent.collection("submissions")
    assert isinstance(siblings, tuple)
    assert siblings[1] is submission


def test_references_are_followed(loaded: Load) -> None:
    """A reference is the row it names, wherever it stands; a list of them is a list of rows."""
    tiny = document(loaded())
    second = row(tiny, "submission", "S2")
    assert second.value("authorisation") is row(tiny, "authorisation", "Z1")
    assert second.value("assignment") is row(tiny, "assignment", "A1")
    assert row(tiny, "programme", "P1").value("assessors") == (row(tiny, "staff", "T2"),)
    assert tiny.root.value("quality_nominee") is row(tiny, "staff", "T3")


def test_values_have_the_types_of_the_schema(loaded: Load) -> None:
    """Dates are days, numbers are decimal and exact, whole numbers whole, choices texts."""

    def edit(data: dict[str, Any]) -> None:
        unit = data["programmes"][0]["units"][0]
        unit["glh"] = 90.0
        unit["set_assignments"] = [{"id": "X1", "version": "1", "recommended_hours": 0.1}]

    tiny = document(loaded(edit))
    first = row(tiny, "submission", "S1")
    assert first.value("submitted_on") == date(2025, 11, 10)
    assert first.value("kind") == "first"
    assert first.value("is_signed_by_learner") is True
    assert first.value("id") == "S1"
    glh = row(tiny, "unit", "U1").value("glh")
    assert (glh, type(glh)) == (90, int)
    assert row(tiny, "set_assignment", "X1").value("recommended_hours") == Decimal("0.1")
    assert row(tiny, "policy", "O1").value("topics") == ("assessment", "internal_verification")


def test_absent_and_null_are_missing(loaded: Load) -> None:
    """Both say that nothing was recorded, and where."""
    tiny = document(loaded(lambda data: learner(data).update(uln=None)))
    for name in ("uln", "withdrawn_on"):
        value = row(tiny, "learner", "L1").value(name)
        assert isinstance(value, Missing)
        (cause,) = value.causes
        assert (cause.kind, cause.fact) == (CauseKind.NOT_RECORDED, f"learner.{name}")
        assert cause.pointer == ("programmes", 0, "learners", 0)


@pytest.mark.parametrize("absent", [lambda row: row.pop("adjustments"), None])
def test_an_absent_collection_is_unknown_and_an_empty_one_is_empty(
    loaded: Load, absent: Any
) -> None:
    """Null stands for absent; nobody knows whether there is a row."""
    edit = absent or (lambda row: row.update(adjustments=None))
    tiny = document(loaded(lambda data: edit(learner(data))))
    unknown = row(tiny, "learner", "L1").collection("adjustments")
    assert isinstance(unknown, Unknown)
    assert unknown.causes[0].kind is CauseKind.ABSENT_COLLECTION
    assert row(tiny, "submission", "S2").collection("verifications") == ()
    assert [cause.id for cause, _ in absent_collections(tiny, "adjustment")] == ["L1"]
    assert list(absent_collections(tiny, "calendar_period")) == []


def test_rows_below_an_absent_collection_may_be_lacking_too(loaded: Load) -> None:
    """A centre without a list of programmes says nothing about learners either."""
    centre = document(loaded(lambda data: data.pop("programmes")))
    for entity in ("programme", "learner", "authorisation"):
        assert [(cause.entity, cause.field) for cause, _ in absent_collections(centre, entity)] == [
            ("centre", "programmes")
        ]


def test_a_reference_to_nobody_is_unknown_with_a_warning(loaded: Load) -> None:
    """The document is judged all the same; what depends on the reference is unknown."""
    result = loaded(lambda data: learner(data).update(cohort="C11"))
    value = row(document(result), "learner", "L1").value("cohort")
    assert isinstance(value, Unknown)
    assert (value.causes[0].kind, value.causes[0].detail) == (CauseKind.DANGLING, "C11")
    (warning,) = result.diagnostics
    assert (warning.code, warning.level) == ("P520", Level.WARNING)
    assert (
        warning.message == "`learner.cohort` names the cohort `C11`, which is not in the document"
    )
    assert warning.help == "did you mean `C1`?"
    assert warning.span is not None
    assert warning.span.text == '"C11"'


def test_a_list_keeps_the_members_that_were_found(loaded: Load) -> None:
    """One member that leads nowhere is unknown within the list."""

    def edit(data: dict[str, Any]) -> None:
        data["programmes"][0]["assessors"] = ["T2", "L1"]

    result = loaded(edit)
    value = row(document(result), "programme", "P1").value("assessors")
    assert isinstance(value, tuple)
    assert value[0] is row(document(result), "staff", "T2")
    assert isinstance(value[1], Unknown)
    (warning,) = result.diagnostics
    assert warning.help == "`L1` is the id of a row of `learner`"
    assert warning.span is not None
    assert warning.span.text == '"L1"'


def test_many_dangling_references_are_counted(loaded: Load) -> None:
    """The first are said one by one."""

    def edit(data: dict[str, Any]) -> None:
        data["staff"] += [
            {"id": f"X{number}", "eol_permissions_granted_by": "nobody"} for number in range(60)
        ]

    found = loaded(edit).diagnostics
    assert len(found) == MOST_OF_A_KIND + 1
    assert found[-1].message == "10 more references name rows that are not in the document"


def test_no_guess_is_made_among_thousands(loaded: Load) -> None:
    """Looking for a similar id among very many would take longer than it is worth."""

    def edit(data: dict[str, Any]) -> None:
        data["staff"] += [{"id": f"X{number}"} for number in range(2001)]
        data["quality_nominee"] = "X2001"

    (warning,) = loaded(edit).diagnostics
    assert warning.help == ""


def test_an_id_given_twice_is_an_error(loaded: Load) -> None:
    """Both places are shown, and nothing else is said, because it could follow from this."""

    def edit(data: dict[str, Any]) -> None:
        data["staff"][1]["id"] = "T1"

    result = loaded(edit)
    assert result.document is None
    (error,) = result.diagnostics
    assert (error.code, error.message) == ("P521", "two rows of `staff` have the id `T1`")
    assert error.span is not None
    assert error.labels[0].span.position < error.span.position
    assert error.labels[0].span.text == error.span.text == '"T1"'


def test_ids_are_unique_within_a_kind_only(loaded: Load) -> None:
    """A task and a term may have the same id, as they do in the small centre."""
    tiny = document(loaded())
    assert row(tiny, "task", "K1") is not row(tiny, "calendar_period", "K1")


def test_what_was_done_after_the_run_is_not_recorded_yet(loaded: Load) -> None:
    """Done-dates of the future are missing with a warning for each field; plans stand."""
    result = loaded(as_at=date(2025, 11, 10))
    tiny = document(result)
    first, third = row(tiny, "submission", "S1"), row(tiny, "submission", "S3")
    assert first.value("submitted_on") == date(2025, 11, 10)
    later = third.value("submitted_on")
    assert isinstance(later, Missing)
    assert later.causes[0].kind is CauseKind.NOT_YET
    assert row(tiny, "authorisation", "Z1").value("due_on") == date(2025, 12, 12)
    said = {item.message: item for item in result.diagnostics}
    assert "`submission.submitted_on` is later than 2025-11-10 in 2 rows" in said
    alone = said["`submission.assessed_on` is later than 2025-11-10"]
    assert (alone.code, alone.level) == ("P522", Level.WARNING)
    assert alone.span is not None
    assert alone.span.text == '"2025-11-20"'


def test_defaults_stand_in_and_are_counted(loaded: Load) -> None:
    """What the schema assumes is a value like any other, and said once for each field."""

    def edit(data: dict[str, Any]) -> None:
        unit = data["programmes"][0]["units"][0]
        unit["assignments"] += [{"id": "A2", "purpose": "mock"}, {"id": "A3", "purpose": None}]

    tiny = document(loaded(edit))
    assert row(tiny, "assignment", "A2").value("purpose") == "mock"
    assert row(tiny, "assignment", "A3").value("purpose") == "formal"
    assert [(item.entity, item.field, item.value, item.count) for item in tiny.assumptions] == [
        ("assignment", "assessment_pattern", "block", 3),
        ("assignment", "purpose", "formal", 2),
        ("unit", "assessment_mode", "internal", 1),
    ]


@pytest.mark.parametrize(
    ("change", "messages"),
    [
        (
            {"academic_year": "2025/27"},
            ["`2025/27` is not an academic year: its two years do not follow"],
        ),
        (
            {"academic_year": "2099/00", "year_starts_on": "2099-09-01"},
            ["the academic year ends on 2026-08-31, before it starts on 2099-09-01"],
        ),
        (
            {"academic_year": "2024/25"},
            [
                "the academic year 2024/25 cannot start on 2025-09-01",
                "the academic year 2024/25 cannot end on 2026-08-31",
            ],
        ),
        (
            {"year_ends_on": "2025-09-01"},
            ["the academic year ends on 2025-09-01, before it starts on 2025-09-01"],
        ),
    ],
)
def test_a_year_that_does_not_fit_is_an_error(
    loaded: Load, change: dict[str, str], messages: list[str]
) -> None:
    """The name of the year and its days say the same, or nothing can be placed in it."""
    result = loaded(lambda data: data.update(change))
    assert result.document is None
    assert [item.message for item in result.diagnostics] == messages
    assert {item.code for item in result.diagnostics} == {"P523"}
    assert all(item.span for item in result.diagnostics)


@pytest.mark.parametrize(
    "change",
    [
        {"year_starts_on": "2025-01-01", "year_ends_on": "2025-12-31"},
        {"year_starts_on": "2025-08-01", "year_ends_on": "2026-07-31"},
    ],
)
def test_a_year_may_follow_the_calendar(loaded: Load, change: dict[str, str]) -> None:
    """Abroad the year may begin in January."""
    assert loaded(lambda data: data.update(change)).document is not None


def test_records_do_not_print_their_fields(loaded: Load) -> None:
    """A name in a log would be a name too many."""
    result = loaded()
    learner_row = row(document(result), "learner", "L1")
    assert "Learner One" not in repr(learner_row) + repr(result.document) + repr(result)


def test_data_without_a_text_are_linked_too(tiny: dict[str, Any]) -> None:
    """Examples change data in memory; diagnostics then name the document only."""
    learner(tiny)["cohort"] = "C9"
    linked = link("example", tiny, load_schema().types, date(2026, 1, 31))
    (warning,) = linked.diagnostics
    assert (warning.span, warning.file_name) == (None, "example")
    assert linked.document is not None


def test_personal_references_and_dates_of_suites_are_not_shown(tiny: dict[str, Any]) -> None:
    """What a suite marks as personal stays out of messages and causes."""
    fields = {
        "friend": {"type": "string", "x-ref": "learner", "x-personal": True},
        "born_on": {"type": "string", "format": "date", "x-tense": "done", "x-personal": True},
    }
    learner(tiny).update(friend="secret", born_on="2030-01-01")
    types = load_schema({"toy": {"learner": fields}}).types
    linked = link("x", tiny, types, date(2026, 1, 31))
    assert linked.document is not None
    told = repr(linked.diagnostics)
    for name in ("friend", "born_on"):
        value = row(linked.document, "learner", "L1").value(name)
        assert isinstance(value, Missing | Unknown)
        told += repr(value.causes)
    assert "secret" not in told
    assert "2030" not in told
    assert "`learner.friend` names a row of `learner`, which is not in the document" in told
