"""WBL-050: titles of qualifications, and when two of them are one.

The guide itself writes some titles in two ways (`Land-Based` and `Land-based`, `Entry Level 1` and
`Level Entry 3`), registers add the framework, and centres leave out the name of the awarding body.
None of that makes another qualification; level, size and subject do.
"""

from __future__ import annotations

from policy.model.suite import Context
from policy_wbl.wording import words_of

_AWARDING_BODIES = ("pearson", "edexcel")
_FRAMEWORKS = ("nqf", "qcf", "rqf")
_ENTRY = (("level", "entry"), ("entry", "level"))


def same_title(context: Context, one: str, other: str) -> bool:
    """Return whether both titles name the same qualification; a text without words names none."""
    title = normal_title(one)
    return bool(title) and title == normal_title(other)


def normal_title(title: str) -> str:
    """Return a title as it is compared.

    >>> normal_title("Pearson BTEC Level Entry 3 Award in Entry to Vocational Study (RQF)")
    'btec entry level 3 award in entry to vocational study'
    """
    words = list(words_of(title))
    while words and words[0] in _AWARDING_BODIES:
        del words[0]
    while words and words[-1] in _FRAMEWORKS:
        del words[-1]
    for at in range(len(words) - 1):
        if (words[at], words[at + 1]) == _ENTRY[0]:
            words[at], words[at + 1] = _ENTRY[1]
            break
    return " ".join(words)
