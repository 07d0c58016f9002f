"""How demands end, for generated code."""

from __future__ import annotations

from datetime import date
from typing import Any

from policy.dsl.compiling.absent import FAILED, MISSING, UNKNOWN, settled
from policy.dsl.compiling.truths import compare
from policy.model.outcomes import Outcome

MET, BREACHED, PENDING = Outcome.MET, Outcome.BREACHED, Outcome.PENDING
UNKNOWN_OUTCOME, ERROR = Outcome.UNKNOWN, Outcome.ERROR
NOT_APPLICABLE = Outcome.NOT_APPLICABLE


def outcome_of(mark: Any) -> Outcome:
    """Return how a demand ends that is not decided."""
    return ERROR if mark is FAILED else UNKNOWN_OUTCOME


def doubted(outcome: Outcome, doubt: Any) -> Outcome:
    """Return how a demand ends while it is not known whether an exception holds."""
    if doubt is not None and outcome is BREACHED:
        return outcome_of(doubt)
    return ERROR if doubt is FAILED and outcome is UNKNOWN_OUTCOME else outcome


def outcome_by(done: Any, day: Any, as_at: date, is_yes_no: bool) -> Outcome:
    """Return how a demand ends that was to be done by a day."""
    if done is True:
        return MET
    if (settled(done) is FAILED or day is FAILED) and not _is_decided(done, day):
        return ERROR
    if day is MISSING:
        return PENDING
    if day is UNKNOWN:
        return UNKNOWN_OUTCOME
    in_time = None if done is False else compare("<=", done, day)
    if in_time is True or in_time is False:
        return MET if in_time else BREACHED
    if as_at <= day:
        return PENDING
    if done is False or (done is MISSING and not is_yes_no):
        return BREACHED
    return UNKNOWN_OUTCOME


def _is_decided(done: Any, day: Any) -> bool:
    return isinstance(day, date) and isinstance(compare("<=", done, day), bool)
