"""The teaching calendar: which days count, where a count ends, and what cannot be known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.model.bank_holidays import bank_holidays, weekend_of
from policy.model.calendars import Calendar, DayCount, calendar_of
from policy.model.dates import moved
from policy.model.entities import EntityType, Field, Kind, ValueType
from policy.model.records import FilledRecord, Record
from policy.model.values import CauseKind, DateRange, Duration, DurationUnit, Missing, Unknown

PERIOD = EntityType(
    name="calendar_period",
    collection="calendar_periods",
    parent="centre",
    fields=MappingProxyType(
        {
            name: Field(name=name, type=ValueType(kind=kind))
            for name, kind in (
                ("kind", Kind.TEXT),
                ("starts_on", Kind.DATE),
                ("ends_on", Kind.DATE),
            )
        }
    ),
)
CENTRE = EntityType(
    name="centre",
    collection="centre",
    parent=None,
    id_field="number",
    fields=MappingProxyType(
        {
            name: Field(name=name, type=ValueType(kind=kind))
            for name, kind in (
                ("academic_year", Kind.TEXT),
                ("year_starts_on", Kind.DATE),
                ("year_ends_on", Kind.DATE),
                ("country", Kind.TEXT),
                ("country_code", Kind.TEXT),
                ("weekend_days", Kind.LIST),
            )
        }
    ),
    children=MappingProxyType({"calendar_periods": "calendar_period"}),
)

YEAR = ("term", "2025-09-01", "2026-07-31")
NEXT_AUTUMN = ("term", "2026-09-01", "2026-12-18")
ORDINARY = (
    ("term", "2025-09-01", "2025-12-19"),
    ("half_term", "2025-10-27", "2025-10-31"),
    ("term", "2026-01-05", "2026-03-27"),
    ("training_day", "2026-01-05", "2026-01-05"),
    ("half_term", "2026-02-16", "2026-02-20"),
    ("term", "2026-04-13", "2026-07-17"),
    ("half_term", "2026-05-25", "2026-05-29"),
)


def day(text: str) -> date:
    """Return the date written as in a spec."""
    return date.fromisoformat(text)


def centre(
    periods: tuple[tuple[str, str | None, str | None], ...] | None = ORDINARY, **fields: object
) -> Record:
    """Build a root row; `periods` None leaves the collection absent, a field None leaves it out."""
    root = FilledRecord(type=CENTRE, id="12345", pointer=(), parent=None)
    values = {
        "academic_year": "2025/26",
        "year_starts_on": date(2025, 9, 1),
        "year_ends_on": date(2026, 8, 31),
        "country": "england",
    } | fields
    for name, value in values.items():
        if value is not None:
            root.set_value(name, value)  # type: ignore[arg-type]
    if periods is not None:
        rows = [_period(root, at, *period) for at, period in enumerate(periods)]
        root.set_collection("calendar_periods", tuple(rows))
    return root


def _period(root: Record, at: int, kind: str, start: str | None, end: str | None) -> Record:
    row = FilledRecord(type=PERIOD, id=f"T{at}", pointer=("calendar_periods", at), parent=root)
    row.set_value("kind", kind)
    if start:
        row.set_value("starts_on", day(start))
    if end:
        row.set_value("ends_on", day(end))
    return row


def ended(count: DayCount | Unknown) -> str:
    """Return the day a count ended on."""
    assert isinstance(count, DayCount)
    return count.date.isoformat()


def cause(value: object) -> tuple[CauseKind, str]:
    """Return kind and field of the one cause of an absent value."""
    assert isinstance(value, Missing | Unknown)
    (only,) = value.causes
    return only.kind, only.field


FIFTEEN_DAYS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...], str, str], ...] = (
    ("plain", "england", (), "2025-11-03", "2025-11-24"),
    ("received on a Friday", "england", (), "2025-11-28", "2025-12-19"),
    ("received on a Saturday", "england", (), "2026-01-10", "2026-01-30"),
    ("one bank holiday inside", "wales", (), "2026-04-27", "2026-05-19"),
    ("two at Easter", "england", (), "2026-03-23", "2026-04-15"),
    ("one at Easter", "scotland", (), "2026-03-23", "2026-04-14"),
    ("Easter, other nation", "northern_ireland", (), "2026-03-23", "2026-04-15"),
    ("17 March", "northern_ireland", (), "2026-03-02", "2026-03-24"),
    (
        "a bank holiday inside half term counts once",
        "england",
        (("half_term", "2026-05-25", "2026-05-29"),),
        "2026-05-11",
        "2026-06-08",
    ),
    (
        "over Christmas",
        "england",
        (("holiday", "2025-12-20", "2026-01-04"),),
        "2025-12-08",
        "2026-01-12",
    ),
    (
        "into the next year",
        "england",
        (("holiday", "2026-07-18", "2026-07-31"), NEXT_AUTUMN),
        "2026-07-06",
        "2026-09-08",
    ),
)


@pytest.mark.parametrize(
    ("country", "breaks", "received", "last"),
    [row[1:] for row in FIFTEEN_DAYS],
    ids=[row[0] for row in FIFTEEN_DAYS],
)
def test_fifteen_working_days(
    country: str, breaks: tuple[tuple[str, str, str], ...], received: str, last: str
) -> None:
    """Fifteen days counted from the day after receipt end where a calendar on paper says."""
    calendar = calendar_of(centre((YEAR, *breaks), country=country))
    assert ended(calendar.add_working_days(15, day(received))) == last


def test_friday_and_saturday_can_be_the_weekend() -> None:
    """A centre that rests on Friday and Saturday counts its Sundays."""
    root = centre(
        (YEAR, ("bank_holiday", "2026-06-01", "2026-06-01")),
        country="international",
        weekend_days=("fri", "sat"),
    )
    assert ended(calendar_of(root).add_working_days(15, day("2026-02-01"))) == "2026-02-22"


WEEKDAYS_OFF_2025_26: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "england": ("12-25", "12-26", "01-01", "04-03", "04-06", "05-04", "05-25", "08-31"),
        "wales": ("12-25", "12-26", "01-01", "04-03", "04-06", "05-04", "05-25", "08-31"),
        "scotland": (
            *("12-01", "12-25", "12-26", "01-01", "01-02"),
            *("04-03", "05-04", "05-25", "08-03"),
        ),
        "northern_ireland": (
            *("12-25", "12-26", "01-01", "03-17", "04-03"),
            *("04-06", "05-04", "05-25", "07-13", "08-31"),
        ),
    }
)


@pytest.mark.parametrize("country", sorted(WEEKDAYS_OFF_2025_26))
def test_bank_holidays_of_the_four_nations(country: str) -> None:
    """Each nation has exactly its published weekday bank holidays, and no football day."""
    calendar = calendar_of(centre((("term", "2025-09-01", "2026-08-31"),), country=country))
    days = (calendar.year.start + timedelta(days=number) for number in range(365))
    found = [each for each in days if calendar.why_not(each).startswith("bank holiday: ")]
    assert tuple(f"{each:%m-%d}" for each in found) == WEEKDAYS_OFF_2025_26[country]


def test_the_football_day_counts_when_the_data_lists_it() -> None:
    """A Scottish centre that does close on 15 June 2026 says so itself."""
    closed = (YEAR, ("bank_holiday", "2026-06-15", "2026-06-15"))
    assert calendar_of(centre((YEAR,), country="scotland")).why_not(day("2026-06-15")) == ""
    listed = calendar_of(centre(closed, country="scotland"))
    assert listed.why_not(day("2026-06-15")) == "bank holiday"


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        ("2025-11-05", ""),
        ("2025-11-08", "weekend"),
        ("2025-10-25", "weekend"),
        ("2025-10-28", "half term"),
        ("2025-12-22", "outside every term"),
        ("2026-01-05", "training day"),
        ("2026-05-04", "bank holiday: Early May"),
        ("2026-05-25", "half term"),
        ("2024-11-05", "not known"),
    ],
)
def test_why_a_day_does_not_count(on: str, reason: str) -> None:
    """Each kind of day off is named, and a teaching day has no reason."""
    calendar = calendar_of(centre())
    assert calendar.why_not(day(on)) == reason
    known = calendar.is_teaching_day(day(on))
    assert known is (reason == "") or (reason == "not known" and isinstance(known, Unknown))


def test_skipped_days_are_listed_in_the_order_of_counting() -> None:
    """Explanations need every day passed over, with its reason."""
    calendar = calendar_of(centre())
    count = calendar.add_working_days(2, day("2026-04-30"))
    assert count == DayCount(
        date=day("2026-05-05"),
        skipped=(
            (day("2026-05-02"), "weekend"),
            (day("2026-05-03"), "weekend"),
            (day("2026-05-04"), "bank holiday: Early May"),
        ),
    )
    back = calendar.add_working_days(-1, day("2026-05-05"))
    assert isinstance(back, DayCount)
    assert [skipped.isoformat() for skipped, _ in back.skipped] == [
        "2026-05-04",
        "2026-05-03",
        "2026-05-02",
    ]


def test_zero_days_stay_where_they_are() -> None:
    """No day counted is no day moved, even outside the calendar."""
    assert calendar_of(centre()).add_working_days(0, day("2011-01-01")) == DayCount(
        date=day("2011-01-01")
    )


def test_study_days_of_a_part_time_learner() -> None:
    """Only working days on which the learner studies count; the others are named."""
    calendar = calendar_of(centre())
    count = calendar.add_study_days(2, ("mon", "thu"), day("2026-04-30"))
    assert isinstance(count, DayCount)
    assert count.date == day("2026-05-11")
    assert (day("2026-05-01"), "not a study day") in count.skipped
    assert (day("2026-05-04"), "bank holiday: Early May") in count.skipped


def test_no_study_day_never_ends() -> None:
    """A learner with no study day has no fifteenth study day."""
    assert cause(calendar_of(centre()).add_study_days(1, (), day("2026-05-01"))) == (
        CauseKind.OUTSIDE_CALENDAR,
        "calendar_periods",
    )


def test_term_time_is_more_than_teaching_days() -> None:
    """Weekends, training days and bank holidays inside a term are term time; closures are not."""
    calendar = calendar_of(centre())
    for inside in ("2025-11-08", "2026-01-05", "2026-05-04", "2025-11-05"):
        assert calendar.in_terms(day(inside)) is True
        assert calendar.in_terms(day(inside)) is True, "asked again"
    for closed in ("2025-10-28", "2025-12-22"):
        assert calendar.in_terms(day(closed)) is False
    assert cause(calendar.in_terms(day("2027-01-11")))[0] is CauseKind.OUTSIDE_CALENDAR


def test_the_term_around_a_day() -> None:
    """A half term belongs to its term; between two terms there is none; elsewhere nobody knows."""
    calendar = calendar_of(centre())
    term = calendar.term_of(day("2025-10-28"))
    assert isinstance(term, Record)
    assert term.id == "T0"
    between = calendar.term_of(day("2025-12-24"))
    assert isinstance(between, Missing)
    assert cause(between) == (CauseKind.NO_ROW, "calendar_periods")
    assert isinstance(calendar.term_of(day("2024-10-28")), Unknown)


def test_holiday_days_of_a_window() -> None:
    """The closure days after the first day are listed; a bank holiday in term is none."""
    calendar = calendar_of(centre())
    assert calendar.holiday_days(day("2025-10-27"), day("2025-10-29")) == (
        (day("2025-10-28"), "half term"),
        (day("2025-10-29"), "half term"),
    )
    assert calendar.holiday_days(day("2025-12-19"), day("2025-12-20")) == (
        (day("2025-12-20"), "outside every term"),
    )
    assert calendar.holiday_days(day("2026-04-30"), day("2026-05-06")) == ()
    assert calendar.holiday_days(day("2026-05-06"), day("2026-04-30")) == ()
    assert isinstance(calendar.holiday_days(day("2026-08-30"), day("2026-09-02")), Unknown)


@pytest.mark.parametrize(
    ("root", "on", "expected"),
    [
        (centre(None), "2025-11-05", (CauseKind.ABSENT_COLLECTION, "calendar_periods")),
        (centre(()), "2025-11-05", (CauseKind.OUTSIDE_CALENDAR, "calendar_periods")),
        (centre(country=None), "2025-11-05", (CauseKind.NOT_RECORDED, "country")),
        (
            centre(country=None, weekend_days=("sat", "sun")),
            "2025-11-05",
            (CauseKind.NOT_RECORDED, "country"),
        ),
        (
            centre(country="international", weekend_days=("sat", "sun")),
            "2025-11-05",
            (CauseKind.NOT_RECORDED, "country_code"),
        ),
        (
            centre(country="international", country_code="ZZ"),
            "2025-11-05",
            (CauseKind.NOT_RECORDED, "weekend_days"),
        ),
        (
            centre((YEAR, ("half_term", None, "2025-10-31"))),
            "2025-11-05",
            (CauseKind.NOT_RECORDED, "starts_on"),
        ),
        (
            centre((("term", "2024-09-02", "2025-07-18"),)),
            "2025-11-05",
            (CauseKind.OUTSIDE_CALENDAR, "calendar_periods"),
        ),
    ],
)
def test_what_cannot_be_known_says_why(
    root: Record, on: str, expected: tuple[CauseKind, str]
) -> None:
    """Each lacking fact makes the answer unknown and is named; counts inherit it."""
    calendar = calendar_of(root)
    assert cause(calendar.is_teaching_day(day(on))) == expected
    assert cause(calendar.add_working_days(1, day(on) - timedelta(days=1))) == expected


def test_a_known_reason_beats_what_is_lacking() -> None:
    """Without a country a half term is still no working day, and with a weekend so is Saturday."""
    calendar = calendar_of(centre(country=None, weekend_days=("sat", "sun")))
    assert calendar.is_teaching_day(day("2025-10-28")) is False
    assert calendar.is_teaching_day(day("2025-11-08")) is False
    assert calendar_of(centre(country=None)).is_teaching_day(day("2025-10-28")) is False


def test_a_term_listed_for_another_year_covers_that_year() -> None:
    """Coverage follows the terms, and an autumn term that begins in August is in its year."""
    calendar = calendar_of(
        centre((("term", "2025-08-26", "2025-12-19"), ("term", "2027-01-04", "2027-03-19")))
    )
    assert calendar.is_teaching_day(day("2025-08-27")) is True
    assert isinstance(calendar.is_teaching_day(day("2025-07-01")), Unknown)
    assert calendar.why_not(day("2026-10-05")) == "outside every term"
    assert isinstance(calendar.is_teaching_day(day("2027-09-01")), Unknown)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("weekend_days not recorded: the weekend is sat and sun",)),
        ({"weekend_days": ("sat", "sun")}, ()),
        ({"country": None}, ()),
        (
            {"country": "international", "country_code": "sa"},
            (
                "weekend_days not recorded: the weekend is fri and sat",
                "bank holidays of `SA`: the national ones known to the library `holidays`",
            ),
        ),
        (
            {"country": "international", "country_code": "ZZ", "weekend_days": ("sun",)},
            ("no list of bank holidays for `ZZ`: only those in the data count",),
        ),
        ({"country": "international", "weekend_days": ("sun",)}, ()),
    ],
)
def test_assumptions_are_said(fields: dict[str, Any], expected: tuple[str, ...]) -> None:
    """What the calendar takes for granted is listed, for the report to print."""
    assert calendar_of(centre(**fields)).assumptions == expected


def test_own_bank_holidays_do_without_a_country_code() -> None:
    """Abroad, dates in the data count alone when no code says whose others to add."""
    rows = (*ORDINARY, ("bank_holiday", "2025-11-05", "2025-11-06"))
    calendar = calendar_of(centre(rows, country="international", weekend_days=("sun",)))
    assert calendar.why_not(day("2025-11-06")) == "bank holiday"
    assert calendar.is_teaching_day(day("2026-05-04")) is True
    assert calendar.assumptions == (
        "no country code recorded: only the bank holidays in the data count",
    )


def test_bank_holidays_abroad(monkeypatch: pytest.MonkeyPatch) -> None:
    """A named country has its own, in English whatever the language of the machine."""
    monkeypatch.setenv("LANGUAGE", "ar")
    bank_holidays.cache_clear()
    calendar = calendar_of(
        centre((YEAR,), country="international", country_code="SA", weekend_days=("fri", "sat"))
    )
    assert calendar.why_not(day("2025-09-23")) == "bank holiday: National Day Holiday"
    assert weekend_of("GBR") is None
    assert bank_holidays("ZZ", 2026) is None
    assert calendar_of(
        centre((YEAR,), country="international", country_code="ZZ", weekend_days=("sun",))
    ).is_teaching_day(day("2025-09-23"))


def test_places_in_the_year() -> None:
    """A day and month stand in the document's own year, which may begin on any day."""
    calendar = calendar_of(centre())
    assert calendar.year == DateRange(day("2025-09-01"), day("2026-08-31"))
    assert calendar.place(28, 10) == day("2025-10-28")
    assert calendar.place(1, 9) == day("2025-09-01")
    assert calendar.place(31, 8) == day("2026-08-31")
    assert calendar.place(29, 2) == day("2026-02-28")
    august = calendar_of(centre(year_starts_on=date(2025, 8, 18), year_ends_on=None))
    assert august.place(20, 8) == day("2025-08-20")
    assert august.year.end == day("2026-08-17")


def test_names_of_academic_years() -> None:
    """Every date has an academic year, even the first date there is."""
    calendar = calendar_of(centre())
    assert calendar.academic_year(day("2025-08-31")) == "2024/25"
    assert calendar.academic_year(day("2025-09-01")) == "2025/26"
    assert calendar.academic_year(day("1999-12-31")) == "1999/00"
    assert calendar.academic_year(date.min) == "0001/02"
    january = calendar_of(centre(year_starts_on=date(2026, 1, 1), year_ends_on=date(2026, 12, 31)))
    assert january.academic_year(day("2026-05-04")) == "2025/26"
    named = calendar_of(centre(year_starts_on=None, year_ends_on=None))
    assert named.year == calendar.year


def test_a_root_without_a_year_is_refused() -> None:
    """The schema requires the year; a row without one never came from a validated document."""
    with pytest.raises(ValueError, match="no academic year"):
        calendar_of(centre(year_starts_on=None, academic_year=None))


def test_a_schema_without_a_calendar_knows_nothing() -> None:
    """A schema that declares neither country nor periods gives unknown, not a crash."""
    bare = EntityType(
        name="library",
        collection="library",
        parent=None,
        fields=MappingProxyType({"academic_year": CENTRE.fields["academic_year"]}),
    )
    root = FilledRecord(type=bare, id="L1", pointer=(), parent=None)
    root.set_value("academic_year", "2025/26")
    calendar = Calendar(root)
    assert cause(calendar.in_terms(day("2025-11-05")))[0] is CauseKind.ABSENT_COLLECTION
    assert calendar.assumptions == ()


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2024-02-29", 1, DurationUnit.YEARS, "2025-02-28"),
        ("2024-02-29", -4, DurationUnit.YEARS, "2020-02-29"),
        ("2026-01-31", 1, DurationUnit.MONTHS, "2026-02-28"),
        ("2026-01-31", -2, DurationUnit.MONTHS, "2025-11-30"),
        ("2025-12-31", 12, DurationUnit.WEEKS, "2026-03-25"),
        ("2026-03-01", -1, DurationUnit.DAYS, "2026-02-28"),
        ("2026-04-30", 2, DurationUnit.WORKING_DAYS, "2026-05-05"),
    ],
)
def test_shifting(start: str, amount: int, unit: DurationUnit, expected: str) -> None:
    """Months and years clamp to the last day of the month; working days follow the calendar."""
    calendar = calendar_of(centre())
    sign = -1 if amount < 0 else 1
    assert calendar.shift(day(start), Duration(abs(amount), unit), sign) == day(expected)


@pytest.mark.parametrize("unit", sorted(DurationUnit))
def test_shifting_off_the_end_of_time_is_unknown(unit: DurationUnit) -> None:
    """No date is made up, and no crash, where there are no dates."""
    calendar = calendar_of(centre())
    assert isinstance(calendar.shift(date.max, Duration(1, unit)), Unknown)
    assert isinstance(calendar.shift(date.min, Duration(1, unit), -1), Unknown)


def test_moving_by_working_days_needs_a_calendar() -> None:
    """Plain date arithmetic refuses the unit it cannot know."""
    with pytest.raises(ValueError, match="working days"):
        moved(date(2026, 1, 1), 1, DurationUnit.WORKING_DAYS)


IN_TERM = st.dates(min_value=date(2025, 9, 1), max_value=date(2026, 7, 17))
SHARED = calendar_of(centre())


@settings(max_examples=80, deadline=None)
@given(start=IN_TERM, count=st.integers(min_value=1, max_value=60))
def test_a_count_ends_on_a_teaching_day(start: date, count: int) -> None:
    """`count` teaching days lie in the days walked, and every other day was skipped."""
    ahead = SHARED.add_working_days(count, start)
    if isinstance(ahead, Unknown):
        return
    walked = (ahead.date - start).days
    assert SHARED.is_teaching_day(ahead.date) is True
    assert len(ahead.skipped) == walked - count
    assert all(SHARED.is_teaching_day(skipped) is False for skipped, _ in ahead.skipped)


@settings(max_examples=80, deadline=None)
@given(start=IN_TERM, count=st.integers(min_value=1, max_value=60))
def test_more_days_end_later_and_back_undoes_forward(start: date, count: int) -> None:
    """Counts grow with the number; counting back returns to the last teaching day there was."""
    near, far = SHARED.add_working_days(count, start), SHARED.add_working_days(count + 1, start)
    if isinstance(near, Unknown) or isinstance(far, Unknown):
        return
    assert near.date < far.date
    back = SHARED.add_working_days(-count, near.date)
    if SHARED.is_teaching_day(start):
        assert isinstance(back, DayCount)
        assert back.date == start
    else:
        assert isinstance(back, Unknown) or back.date < start


@settings(max_examples=40, deadline=None)
@given(
    start=IN_TERM,
    count=st.integers(min_value=1, max_value=12),
    days=st.sets(st.sampled_from(("mon", "tue", "wed", "thu", "fri")), min_size=1),
)
def test_study_days_never_end_before_working_days(start: date, count: int, days: set[str]) -> None:
    """Leaving days out of the count cannot shorten it."""
    studied = SHARED.add_study_days(count, days, start)
    worked = SHARED.add_working_days(count, start)
    if isinstance(studied, DayCount):
        assert isinstance(worked, DayCount)
        assert worked.date <= studied.date


@settings(max_examples=60, deadline=None)
@given(st.dates())
def test_every_date_has_a_year_and_the_year_holds_it(on: date) -> None:
    """The name of a year is total, and next year's name comes one year later."""
    name = SHARED.academic_year(on)
    assert (int(name[:4]) + 1) % 100 == int(name[-2:])
    assert (name == "2025/26") == (on in SHARED.year)
