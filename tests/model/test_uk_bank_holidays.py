"""Bank holidays of the four nations, worked out by rule."""

from __future__ import annotations

from datetime import date

import pytest
from holidays import country_holidays

from policy.model.uk_bank_holidays import NATIONS, easter_sunday, uk_bank_holidays

CODES = {"england": "ENG", "northern_ireland": "NIR", "scotland": "SCT", "wales": "WLS"}
FOOTBALL = date(2026, 6, 15)


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("year", range(2007, 2041))
def test_the_library_agrees(nation: str, year: int) -> None:
    """Every weekday off of three decades, save one that is in no published list.

    If this fails after an update of the library, a day was proclaimed: add it to the table.
    """
    listed = country_holidays("GB", subdiv=CODES[nation], years=year)
    weekdays = {day for day in listed if day.weekday() < 5 and day != FOOTBALL}
    assert set(uk_bank_holidays(nation, year)) == weekdays


def test_substitute_days_are_named() -> None:
    """Christmas on a Saturday moves both days; each keeps its name."""
    days = uk_bank_holidays("england", 2027)
    assert days[date(2027, 12, 27)] == "Christmas Day (substitute day)"
    assert days[date(2027, 12, 28)] == "Boxing Day (substitute day)"
    assert list(days) == sorted(days)


@pytest.mark.parametrize(
    "sunday", ["1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2049-04-18"]
)
def test_easter(sunday: str) -> None:
    """Among them the earliest and latest of our time, and years in which simple rules fail."""
    day = date.fromisoformat(sunday)
    assert easter_sunday(day.year) == day
