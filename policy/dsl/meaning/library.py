"""The functions every spec may call: one table, read by the checker and by both evaluators.

A built-in is pure and gets the run as a `Context`; dates are civil, years are academic. It is
called with present arguments only (the evaluators pass on what is missing or unknown), unless
`takes_absent` says that it decides for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from msgspec import Struct

from policy.dsl.meaning.types import BOOLEAN, DATE, TEXT, Entity, Type
from policy.model.suite import Context
from policy.model.values import Failure, Missing, Unknown, Value, causes_of, is_absent, worst


class BuiltIn(Struct, frozen=True, kw_only=True):
    """A function of the language. `call(context, *arguments)`; `parameters` are their types."""

    name: str
    parameters: tuple[Type, ...]
    returns: Type
    call: Callable[..., Value]
    description: str
    takes_absent: bool = False


def strict(*values: object) -> Missing | Unknown | Failure | None:
    """Return what keeps a function that needs all of `values` from an answer, None if nothing does.

    A failure comes first; unknown if one is unknown; missing if nothing worse than missing is
    among them (what follows from a fact nobody recorded is itself not recorded).
    """
    listed = [value for value in values if is_absent(value)]
    if not listed:
        return None
    if all(isinstance(value, Missing) for value in listed):
        return Missing(causes_of(*listed))
    return worst(listed)


def _earlier(context: Context, first: Value, second: Value) -> Value:
    dates = [value for value in (first, second) if not isinstance(value, Missing)]
    lacking = strict(*dates) if dates else strict(first, second)
    return lacking if lacking is not None else min(map(_date, dates))


def _later(context: Context, first: date, second: date) -> Value:
    return max(first, second)


def _academic_year(context: Context, day: date) -> Value:
    return context.calendar.academic_year(day)


def _term_of(context: Context, day: date) -> Value:
    return context.calendar.term_of(day)


def _teaching_day(context: Context, day: date) -> Value:
    return context.calendar.is_teaching_day(day)


def _date(value: Value) -> date:
    if not isinstance(value, date):
        raise TypeError("the checker lets only dates through")
    return value


BUILT_INS: Mapping[str, BuiltIn] = MappingProxyType(
    {
        item.name: item
        for item in (
            BuiltIn(
                name="academic_year",
                parameters=(DATE,),
                returns=TEXT,
                call=_academic_year,
                description="the academic year a date lies in, written 2025/26",
            ),
            BuiltIn(
                name="earlier",
                parameters=(DATE, DATE),
                returns=DATE,
                call=_earlier,
                description="the first of two dates; one that is missing is left out",
                takes_absent=True,
            ),
            BuiltIn(
                name="later",
                parameters=(DATE, DATE),
                returns=DATE,
                call=_later,
                description="the last of two dates; missing while one of them is",
            ),
            BuiltIn(
                name="teaching_day",
                parameters=(DATE,),
                returns=BOOLEAN,
                call=_teaching_day,
                description="whether the centre teaches that day: in a term, no weekend, closure "
                "or bank holiday",
            ),
            BuiltIn(
                name="term_of",
                parameters=(DATE,),
                returns=Entity("calendar_period"),
                call=_term_of,
                description="the term around a date; missing between two terms",
            ),
        )
    }
)
"""Name -> built-in, by name."""
