"""How much of the text of two briefs is the same.

Words are compared, in their order, without regard to capitals, punctuation and layout: a brief that
was typed anew or moved to another form stays the same brief.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from policy.model.suite import Context
from policy.model.values import Cause, CauseKind, Missing

_WORDS = re.compile(r"\w+")


def text_in_common(context: Context, a: str, b: str) -> Decimal | Missing:
    """Return twice the words in common over all words of both texts, rounded down to thousandths.

    1 means the same words in the same order, and nothing less is rounded up to it. Missing if one
    of the texts holds no word: then there is nothing to compare.
    """
    first, second = words_of(a), words_of(b)
    if not first or not second:
        return Missing((Cause(CauseKind.NOT_RECORDED, "assignment", "", "brief_text"),))
    return _share(first, second)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters.

    >>> words_of("Task 1: Plan a *market*!")
    ('task', '1', 'plan', 'a', 'market')
    """
    return tuple(_WORDS.findall(text.casefold()))


def _share(first: Sequence[str], second: Sequence[str]) -> Decimal:
    from rapidfuzz.distance import LCSseq

    in_common = LCSseq.similarity(first, second)
    return Decimal(2000 * in_common // (len(first) + len(second))) / 1000
