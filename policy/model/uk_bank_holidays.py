"""Bank holidays of the four nations of the United Kingdom, as days off actually observed.

Worked out by rule rather than read from the library `holidays`: the library takes a tenth of a
second to import, a new release of it could change a verdict, and it lists 15 June 2026 for Scotland
(a football tournament), which no published list of bank holidays has. A test compares the two year
by year, so a day proclaimed later is noticed; until this table has it, a centre lists it in its own
calendar. Right from 2007 on, when Scotland gave itself St Andrew's Day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

NATIONS: tuple[str, ...] = ("england", "northern_ireland", "scotland", "wales")

MOVED: Mapping[tuple[str, int], date] = MappingProxyType(
    {
        ("Early May", 2020): date(2020, 5, 8),
        ("Spring", 2012): date(2012, 6, 4),
        ("Spring", 2022): date(2022, 6, 2),
    }
)
"""Holidays that were put on another day, once."""

ONCE: Mapping[date, str] = MappingProxyType(
    {
        date(2011, 4, 29): "Royal wedding",
        date(2012, 6, 5): "Diamond Jubilee",
        date(2022, 6, 3): "Platinum Jubilee",
        date(2022, 9, 19): "State funeral of Queen Elizabeth II",
        date(2023, 5, 8): "Coronation of King Charles III",
    }
)
"""Days off that were proclaimed for one year."""


@lru_cache(maxsize=512)
def uk_bank_holidays(nation: str, year: int) -> Mapping[date, str]:
    """Return date -> name of the days off of one calendar year, in order of date.

    A holiday on a weekend is taken on the next weekday that is none. `nation` is one of `NATIONS`.
    """
    days = dict(_on_a_weekday(nation, year))
    days |= {day: name for day, name in ONCE.items() if day.year == year}
    fixed = list(_on_a_date(nation, year))
    days |= {day: name for day, name in fixed if day.weekday() < 5}
    for day, name in fixed:
        if day.weekday() >= 5:
            days[_next_free_weekday(day, days)] = f"{name} (substitute day)"
    return MappingProxyType(dict(sorted(days.items())))


def _on_a_date(nation: str, year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "New Year's Day"
    if nation == "scotland":
        yield date(year, 1, 2), "2nd January"
        yield date(year, 11, 30), "St Andrew's Day"
    if nation == "northern_ireland":
        yield date(year, 3, 17), "St Patrick's Day"
        yield date(year, 7, 12), "Battle of the Boyne"
    yield date(year, 12, 25), "Christmas Day"
    yield date(year, 12, 26), "Boxing Day"


def _on_a_weekday(nation: str, year: int) -> Iterator[tuple[date, str]]:
    easter = easter_sunday(year)
    yield easter - timedelta(days=2), "Good Friday"
    if nation != "scotland":
        yield easter + timedelta(days=1), "Easter Monday"
    summer = date(year, 8, 7) if nation == "scotland" else date(year, 8, 31)
    for latest, name in (
        (date(year, 5, 7), "Early May"),
        (date(year, 5, 31), "Spring"),
        (summer, "Summer"),
    ):
        # The Monday on or before that day: the first of the month, or the last.
        monday = latest - timedelta(days=latest.weekday())
        yield MOVED.get((name, year), monday), name


def _next_free_weekday(day: date, taken: Mapping[date, str]) -> date:
    while day.weekday() >= 5 or day in taken:
        day += timedelta(days=1)
    return day


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous computation of 1876).

    >>> easter_sunday(2026)
    datetime.date(2026, 4, 5)
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, rest_centuries = divmod(century, 4)
    leaps, rest = divmod(of_century, 4)
    moon_drift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_drift + 15) % 30
    weekday = (32 + 2 * rest_centuries + 2 * leaps - epact - rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
