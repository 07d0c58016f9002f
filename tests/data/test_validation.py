"""What is wrong with a document is said in words, at its place, and without personal values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from policy.data.loader import Loaded
from policy.data.positions import Nowhere
from policy.data.schema import CentreSchema, Properties, load_schema
from policy.data.validation import MOST_LISTED, Validation, is_day
from policy.model.diagnostics import Level

Load = Callable[..., Loaded]


def learner(data: dict[str, Any], at: int = 0) -> dict[str, Any]:
    """Return a learner of the small centre."""
    row: dict[str, Any] = data["programmes"][0]["learners"][at]
    return row


def submission(data: dict[str, Any]) -> dict[str, Any]:
    """Return the first submission of the first learner."""
    row: dict[str, Any] = learner(data)["submissions"][0]
    return row


def put(row: Callable[[dict[str, Any]], dict[str, Any]], name: str, value: object) -> Any:
    """Return an edit that gives a row's field a value."""
    return lambda data: row(data).__setitem__(name, value)


def centre(data: dict[str, Any]) -> dict[str, Any]:
    """Return the root."""
    return data


def unit(data: dict[str, Any]) -> dict[str, Any]:
    """Return the unit."""
    row: dict[str, Any] = data["programmes"][0]["units"][0]
    return row


def programme(data: dict[str, Any]) -> dict[str, Any]:
    """Return the programme."""
    row: dict[str, Any] = data["programmes"][0]
    return row


CASES = [
    (
        put(centre, "nme", "x"),
        "P401",
        "`centre` has no field `nme`",
        "did you mean `name`?",
        '"nme"',
    ),
    (
        put(submission, "deadline", "x"),
        "P401",
        "`submission` has no field `deadline`",
        "`deadline` is called `due_on` here",
        '"deadline"',
    ),
    (
        put(submission, "date_submitted", "x"),
        "P401",
        "`submission` has no field `date_submitted`",
        "`date_submitted` is called `submitted_on` here",
        '"date_submitted"',
    ),
    (
        lambda data: data.pop("academic_year"),
        "P402",
        "`centre` needs the field `academic_year`",
        "academic year of the document, written 2025/26",
        None,
    ),
    (
        put(centre, "number", 90001),
        "P403",
        "`centre.number` is text, not a number",
        "put it in quotes",
        "90001",
    ),
    (
        put(unit, "glh", "90"),
        "P403",
        "`unit.glh` is a whole number, not text",
        "write it without quotes",
        '"90"',
    ),
    (
        put(unit, "glh", 1.5),
        "P403",
        "`unit.glh` is a whole number, not a number with a fraction",
        "",
        "1.5",
    ),
    (
        put(unit, "is_mandatory", "yes"),
        "P403",
        "`unit.is_mandatory` is true or false, not text",
        "write `true` or `false`, without quotes",
        '"yes"',
    ),
    (
        put(unit, "number", None),
        "P403",
        "`unit.number` is text, not null",
        "it is required: a row without it can be judged by no rule",
        "null",
    ),
    (
        put(programme, "assessors", "T2"),
        "P403",
        "`programme.assessors` is a list, not text",
        "put it in square brackets, even if it is the only one",
        '"T2"',
    ),
    (
        put(programme, "title", True),
        "P403",
        "`programme.title` is text, not true or false",
        "put it in quotes",
        "true",
    ),
    (put(programme, "title", {}), "P403", "`programme.title` is text, not an object", "", "{}"),
    (
        put(centre, "staff", {}),
        "P403",
        "`centre.staff` is a list, not an object",
        "",
        "{}",
    ),
    (put(centre, "staff", [5]), "P403", "the staff is an object, not a number", "", "5"),
    (
        put(submission, "kind", "resubmision"),
        "P404",
        "`resubmision` is not one of the choices of `submission.kind`",
        "did you mean `resubmission`?",
        '"resubmision"',
    ),
    (
        put(learner, "study_mode", "evening"),
        "P404",
        "`evening` is not one of the choices of `learner.study_mode`",
        "one of: full_time, part_time",
        '"evening"',
    ),
    (
        put(learner, "study_days", ["mon", "Tuesday"]),
        "P404",
        "`Tuesday` is not one of the choices of member 2 of `learner.study_days`",
        "did you mean `tue`?",
        '"Tuesday"',
    ),
    (
        put(submission, "submitted_on", "10/11/2025"),
        "P405",
        "`10/11/2025` is not a day: `submission.submitted_on` is a date",
        "write it as year-month-day, like 2025-09-01",
        '"10/11/2025"',
    ),
    (
        put(submission, "submitted_on", "2025-02-29"),
        "P405",
        "`2025-02-29` is not a day: `submission.submitted_on` is a date",
        "there is no such day in the calendar",
        '"2025-02-29"',
    ),
    (
        put(submission, "submitted_on", "0205-11-10"),
        "P405",
        "`0205-11-10` is no day to be expected: `submission.submitted_on` is a date",
        "the year lies between 1900 and 2099",
        '"0205-11-10"',
    ),
    (put(unit, "glh", -1), "P406", "`unit.glh` is 0 or more, not `-1`", "", "-1"),
    (put(unit, "glh", 10**9), "P406", "`unit.glh` is 100000 or less, not `1000000000`", "", None),
    (
        put(unit, "title", ""),
        "P407",
        "`unit.title` is an empty text",
        "leave it out, or write `null`",
        '""',
    ),
    (
        put(unit, "id", ""),
        "P407",
        "`unit.id` is an empty text",
        "leave it out, or write `null`",
        '""',
    ),
    (
        put(centre, "academic_year", "2025-26"),
        "P408",
        "`2025-26` is not an academic year",
        "write it like `2025/26`",
        '"2025-26"',
    ),
    (put(unit, "id", "U\t1"), "P408", "`unit.id` is not in the form it should have", "", None),
    (put(unit, "id", "U1\n"), "P408", "`unit.id` is not in the form it should have", "", None),
    (put(unit, "id", "U" * 101), "P408", "`unit.id` is too long or too short", "", None),
    (
        put(learner, "cohort", "x" * 50 + "\u0007"),
        None,
        "",
        "",
        None,
    ),
]


@pytest.mark.parametrize(
    ("edit", "code", "message", "help_text", "underlined"),
    CASES,
    ids=[str(number) for number in range(len(CASES))],
)
def test_each_mistake_is_worded_and_placed(
    loaded: Load, edit: Any, code: str | None, message: str, help_text: str, underlined: str | None
) -> None:
    """Path, what was expected, what was found, and what to do."""
    found = [item for item in loaded(edit).diagnostics if item.level is Level.ERROR]
    if code is None:
        assert found == []
        return
    (item,) = found
    assert (item.code, item.message, item.help) == (code, message, help_text)
    assert item.span is not None
    if underlined is not None:
        assert item.span.text == underlined


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", 1234567, "P403"),
        ("uln", ["1234567890"], "P403"),
        ("person_code", "", "P407"),
        ("is_ucas_applicant", "1234567", "P403"),
    ],
)
def test_personal_values_are_not_echoed(loaded: Load, field: str, value: Any, code: str) -> None:
    """Neither the message nor what is underlined shows the value."""
    (item,) = loaded(put(learner, field, value)).diagnostics
    assert item.code == code
    assert "1234567" not in item.message + item.help
    assert item.span is not None
    assert item.span.text == f'"{field}"'


def test_a_personal_choice_or_number_of_a_suite_is_not_echoed(tiny: dict[str, Any]) -> None:
    """Where a message would quote the value, a personal one is called this value."""
    fields = {
        "faith": {"type": "string", "enum": ["a", "b"], "x-personal": True},
        "age": {"type": "integer", "minimum": 5, "x-personal": True},
    }
    schema = load_schema({"toy": {"learner": fields}})
    learner(tiny).update({"faith": "zzz", "age": 3})
    first, second = Validation(schema).check(tiny, Nowhere(), "x.json")
    assert {first.message, second.message} == {
        "this value is not one of the choices of `learner.faith`",
        "`learner.age` is 5 or more, not this value",
    }


def test_long_values_are_cut(loaded: Load) -> None:
    """A message stays readable."""
    (item,) = loaded(put(learner, "study_mode", "x" * 500)).diagnostics
    assert f"`{'x' * 37}...`" in item.message


def test_many_choices_are_cut(loaded: Load) -> None:
    """Of a long enumeration the first are listed."""
    (item,) = loaded(put(programme, "suite", "zzzzzz")).diagnostics
    assert item.help.endswith("and 10 more")


def test_all_mistakes_of_a_row_are_told_in_order_of_the_text(loaded: Load) -> None:
    """One run of the check is enough to mend a document."""

    def spoil(data: dict[str, Any]) -> None:
        data["policies"] = [{"colour": "red", "is_in_place": "yes"}]
        data["staff"].append({"nme": "x"})

    found = loaded(spoil).diagnostics
    assert [item.code for item in found] == ["P402", "P401", "P402", "P402", "P401", "P403"]
    assert [item.message for item in found if item.code == "P402"] == [
        "`staff` needs the field `id`",
        "`policy` needs the field `id`",
        "`policy` needs the field `topics`",
    ]


@pytest.mark.parametrize(
    ("rows", "more"), [(60, "10 more"), (1500, f"at least {1000 - MOST_LISTED} more")]
)
def test_many_mistakes_are_counted(loaded: Load, rows: int, more: str) -> None:
    """The first are worded; a document that is wrong throughout is not gone through to its end."""

    def spoil(data: dict[str, Any]) -> None:
        data["staff"] += [{"id": f"X{number}", "q": 1} for number in range(rows)]

    found = loaded(spoil).diagnostics
    assert [item.code for item in found] == ["P401"] * MOST_LISTED + ["P410"]
    assert found[-1].message == f"{more} mistakes are not listed"


@pytest.mark.parametrize("levels", [51, 5000])
def test_deep_data_are_refused_without_looking_at_them(
    schema: CentreSchema, tiny: dict[str, Any], levels: int
) -> None:
    """What the reader let through is still too deep."""
    row = tiny
    for _ in range(levels):
        row["x"] = [{}]
        row = row["x"][0]
    validation = Validation(schema)
    (item,) = validation.check(tiny, Nowhere(), "x.json")
    assert item.code == "P510"
    assert not validation.is_valid_slowly(tiny)


def test_a_valid_document_is_valid_for_both_libraries(
    schema: CentreSchema, tiny: dict[str, Any]
) -> None:
    """The small centre is what everybody starts from."""
    validation = Validation(schema)
    assert validation.check(tiny, Nowhere(), "tiny.json") == ()
    assert validation.is_valid_slowly(tiny)


def test_a_no_without_a_reason_is_still_a_no(
    schema: CentreSchema, tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the libraries disagree, the document is refused and the project is to blame."""
    validation = Validation(schema)
    monkeypatch.setattr(Validation, "is_valid", lambda self, data: False)
    (item,) = validation.check(tiny, Nowhere(), "tiny.json")
    assert (item.code, item.file_name) == ("P409", "tiny.json")


def test_other_keywords_of_suites_are_named(tiny: dict[str, Any]) -> None:
    """A keyword without words of its own is named; of several for one value the first is said."""
    fields: Properties = {
        "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "code": {"type": "string", "allOf": [{"pattern": "^[A-Z]"}, {"pattern": "x"}]},
    }
    schema = load_schema({"toy": {"learner": fields}})
    assert schema.diagnostics == ()
    learner(tiny).update({"tags": ["a", "a"], "code": "abc"})
    found = {item.code: item for item in Validation(schema).check(tiny, Nowhere(), "x.json")}
    assert sorted(found) == ["P408", "P409"]
    assert found["P409"].message == "`learner.tags` does not keep to `uniqueItems` of the schema"


def test_half_a_character_is_refused(schema: CentreSchema, tiny: dict[str, Any]) -> None:
    """Data made in memory may hold what no file can; it is a no, not an exception."""
    tiny["year_starts_on"] = "\ud800"
    assert not Validation(schema).is_valid(tiny)


def test_days() -> None:
    """Ten characters, digits and hyphens, and a day of the calendar; no other type is judged."""
    assert is_day("2024-02-29")
    assert is_day(5)
    for text in (
        "2023-02-29",
        "2024-2-9",
        "20240229",
        "2024-02-29\n",
        "\uff12\uff1024-02-29",
        "0000-01-01",
    ):
        assert not is_day(text)
