"""Days off that a country gives everybody: weekends and bank holidays.

The four nations of the United Kingdom come from `policy.model.uk_bank_holidays`. Other countries
come from the library `holidays`, which is imported at the first question, never at start-up, and is
always asked for English: left alone it takes the language of the machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from policy.model.records import Record
from policy.model.uk_bank_holidays import NATIONS, uk_bank_holidays
from policy.model.values import CauseKind, Missing, Unknown, Value

if TYPE_CHECKING:
    from holidays import HolidayBase

WEEKDAYS: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Names of the days in data, in the order of `date.weekday()`."""

SATURDAY_SUNDAY: frozenset[int] = frozenset({5, 6})


@lru_cache(maxsize=4096)
def bank_holidays(place: str, year: int) -> Mapping[date, str] | None:
    """Return date -> name for one calendar year; None if nobody lists the place.

    `place`: one of the UK nations, or an ISO 3166-1 alpha-2 code.
    """
    if place in NATIONS:
        return uk_bank_holidays(place, year)
    listed = _listed(place, year)
    return None if listed is None else MappingProxyType(dict(sorted(listed.items())))


@lru_cache(maxsize=512)
def weekend_of(place: str) -> frozenset[int] | None:
    """Return the weekend (Monday 0 to Sunday 6), or None if the library does not know the place."""
    if place in NATIONS:
        return SATURDAY_SUNDAY
    listed = _listed(place, None)
    return None if listed is None else frozenset(listed.weekend)


def _listed(code: str, year: int | None) -> HolidayBase | None:
    from holidays import country_holidays

    # The library also answers to other names than country codes; the data may not use them.
    if len(code) != 2 or not code.isalpha():
        return None
    try:
        known = country_holidays(code)
    except NotImplementedError:
        return None
    english = "en_US" if "en_US" in known.supported_languages else known.default_language
    return country_holidays(code, years=year, expand=False, language=english)


class DaysOff(Struct, frozen=True, kw_only=True):
    """What one centre's row says about its country.

    `weekend`: the days recorded, else the country's own. `place`: None when the row names none.
    `unsaid`: the answer to every question about bank holidays when nobody can say; None when the
    country is named, or abroad and the centre's calendar lists bank holidays of its own.
    """

    weekend: frozenset[int] | Unknown
    place: str | None
    unsaid: Unknown | None
    assumptions: tuple[str, ...]

    @classmethod
    def of(cls, root: Record, *, lists_own: bool) -> DaysOff:
        """Read a root row: `country`, `country_code`, `weekend_days`."""
        country, code = _field(root, "country"), _field(root, "country_code")
        place = _place(country, code)
        recorded = _field(root, "weekend_days")
        weekend: frozenset[int] | Unknown | None
        if isinstance(recorded, tuple):
            weekend = frozenset(WEEKDAYS.index(name) for name in recorded if isinstance(name, str))
        else:
            weekend = weekend_of(place) if place else None
        is_abroad = place is None and isinstance(country, str)
        unsaid = _not_recorded(root, "country_code" if is_abroad else "country")
        if weekend is None:
            weekend = _not_recorded(root, "weekend_days" if isinstance(country, str) else "country")
        return cls(
            weekend=weekend,
            place=place,
            unsaid=None if place or (is_abroad and lists_own) else unsaid,
            assumptions=tuple(_assumptions(place, recorded, is_abroad and lists_own)),
        )

    def bank_holiday(self, day: date) -> str | Unknown:
        """Return the name of the country's bank holiday on `day`, "" if it is none."""
        if self.unsaid is not None:
            return self.unsaid
        listed = bank_holidays(self.place, day.year) if self.place else None
        return "" if listed is None else listed.get(day, "")


def _place(country: Value, code: Value) -> str | None:
    if not isinstance(country, str):
        return None
    if country in NATIONS:
        return country
    return code.strip().upper() or None if isinstance(code, str) else None


def _assumptions(place: str | None, recorded: Value, only_own: bool) -> Iterator[str]:
    if place is None:
        if only_own:
            yield "no country code recorded: only the bank holidays in the data count"
        return
    weekend = weekend_of(place)
    if weekend is None:
        yield f"no list of bank holidays for `{place}`: only those in the data count"
        return
    if not isinstance(recorded, tuple):
        days = " and ".join(WEEKDAYS[number] for number in sorted(weekend))
        yield f"weekend_days not recorded: the weekend is {days}"
    if place not in NATIONS:
        yield f"bank holidays of `{place}`: the national ones known to the library `holidays`"


def _field(root: Record, name: str) -> Value:
    if name in root.type.fields:
        return root.value(name)
    return Missing((root.cause(CauseKind.NOT_RECORDED, name),))


def _not_recorded(root: Record, name: str) -> Unknown:
    return Unknown((root.cause(CauseKind.NOT_RECORDED, name),))
