"""Numbers that exams officers type: whether such a number can exist at all.

A Unique Learner Number has ten digits, the last of which follows from the others, so that a slip of
the hand shows. A qualification number of a regulator is written 610/3965/2; X may stand for the
last figure, a letter for the first (C00/1234/5, approved in Wales).
"""

from __future__ import annotations

import re

from policy.model.records import Record
from policy.model.suite import Context
from policy.model.values import CauseKind, Missing

PLACEHOLDER = "9999999999"
"""Stands in learner records for a number that is not known yet."""

_ULN = re.compile(r"[0-9]{10}")
_QUALIFICATION = re.compile(r"[A-Z0-9][0-9]{2}/[0-9]{4}/[0-9X]")
_WEIGHTS = range(10, 1, -1)


def uln_can_exist(context: Context, learner: Record) -> bool | Missing:
    """Return whether a learner's number can exist; Missing for none and for the placeholder.

    The first nine digits are multiplied by 10, 9 ... 2 and added up. What is left over after a
    division by 11 is taken from 10: that is the last digit. Nothing left over: no such number.
    Spaces between the digits make no difference.
    """
    recorded = learner.value("uln")
    uln = "".join(recorded.split()) if isinstance(recorded, str) else PLACEHOLDER
    if uln == PLACEHOLDER:
        return Missing((learner.cause(CauseKind.NOT_RECORDED, "uln"),))
    if not _ULN.fullmatch(uln):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, uln, strict=False))
    left_over = total % 11
    return left_over != 0 and 10 - left_over == int(uln[9])


def qualification_number_can_exist(context: Context, number: str) -> bool:
    """Return whether a text is written as a regulator writes the number of a qualification."""
    return _QUALIFICATION.fullmatch(number) is not None
