"""Codes of assessment criteria: which grade each stands for.

Two spellings are in use: a letter for the grade and a number (`P1`, `M3`), and the same behind the
letters of the learning aims it belongs to (`A.P1`, `BC.D2`, also without the full stop). Where a
qualification has two levels, the number of the level comes first (`2A.P1`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from policy.model.suite import Context
from policy.model.values import Cause, CauseKind, Missing

_WITH_AIMS = re.compile(r"\d?[A-Z]+\.?([PMD])\d+", re.ASCII)
_ALONE = re.compile(r"([PMD])\d+", re.ASCII)


def criterion_grade(context: Context, criterion: str) -> str | Missing:
    """Return P, M or D for a criterion; Missing for a text that is none."""
    return grade_of(criterion) or Missing(
        (Cause(CauseKind.NO_ROW, "criterion", criterion, "grade"),)
    )


@lru_cache(maxsize=4096)
def grade_of(criterion: str) -> str:
    """Return P, M or D, or an empty text.

    >>> [grade_of(code) for code in ("P1", "A.M2", "BC.D10", "2A.P1", "A.X1")]
    ['P', 'M', 'D', 'P', '']
    """
    code = criterion.strip()
    found = _ALONE.fullmatch(code) or _WITH_AIMS.fullmatch(code)
    return found[1] if found else ""
