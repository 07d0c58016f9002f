"""`must E by D`: what a deadline makes of something done, not done, or not known.

Done on the day counts. What is not yet done is pending up to and on that day; afterwards a breach,
or unknown if nobody can know. A deadline nobody recorded is pending without a date.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from policy.dsl.evaluation.comparison import compare
from policy.dsl.evaluation.partial import Result, settled
from policy.model.outcomes import Outcome
from policy.model.values import Cause, Failure, Missing, Unknown, Value, causes_of

NO_DAY = "no day to do it by is recorded"


class Verdict(Struct, frozen=True, kw_only=True):
    """How a demand ends, with the facts that are lacking for *unknown* (and *pending* without a
    date). `reason`: of *not applicable* why, of *error* what broke."""

    outcome: Outcome
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    due_on: date | None = None


def verdict_by(done: Result, day: Value, as_at: date, *, is_yes_no: bool) -> Verdict:
    """Return the verdict on `done`, a date or a yes/no, that was to happen by `day`."""
    if done is True:
        return Verdict(outcome=Outcome.MET, due_on=day if isinstance(day, date) else None)
    for value in (settled(done), day):
        if isinstance(value, Failure) and not _is_decided(done, day):
            return Verdict(outcome=Outcome.ERROR, reason=value.message)
    if isinstance(day, Missing):
        return Verdict(outcome=Outcome.PENDING, reason=NO_DAY, causes=day.causes)
    if isinstance(day, Unknown):
        return Verdict(outcome=Outcome.UNKNOWN, causes=causes_of(day, settled(done)))
    if not isinstance(day, date):
        raise TypeError("the checker lets only dates be deadlines")
    in_time = None if isinstance(done, bool) else compare("<=", done, day)
    if isinstance(in_time, bool):
        return Verdict(outcome=Outcome.MET if in_time else Outcome.BREACHED, due_on=day)
    if as_at <= day:
        return Verdict(outcome=Outcome.PENDING, due_on=day)
    if done is False or (isinstance(done, Missing) and not is_yes_no):
        return Verdict(outcome=Outcome.BREACHED, due_on=day)
    return Verdict(outcome=Outcome.UNKNOWN, causes=causes_of(settled(done)), due_on=day)


def _is_decided(done: Result, day: Value) -> bool:
    """Return whether `done` is known well enough for `day`, in spite of a failure in it."""
    return isinstance(day, date) and isinstance(compare("<=", done, day), bool)
