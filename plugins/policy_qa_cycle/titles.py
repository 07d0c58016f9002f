"""Titles of qualifications: the same one, however it is spelt.

Guides name families of qualifications in short ("BTEC Level 3 Nationals in Dental Technology"),
registers name each size in full ("Pearson BTEC Level 3 National Extended Diploma in Dental
Technology"), and centres write what fits the column. Compared are words, in order: the brand, the
size, small words, and the framework in brackets say nothing about which family it is.
"""

from __future__ import annotations

import re

from policy.model.suite import Context

_WORD = re.compile(r"[a-z0-9]+")
_ENTRY = re.compile(r"\blevel entry ([123])\b|\bentry ([123])\b")
_BRAND = frozenset({"pearson", "edexcel", "btec"})
_SMALL = frozenset({"a", "and", "for", "in", "of", "the"})
_SIZES = frozenset(
    {
        "award",
        "certificate",
        "diploma",
        "extended",
        "first",
        "firsts",
        "foundation",
        "introductory",
        "national",
        "nationals",
        "nqf",
        "qcf",
        "rqf",
        "subsidiary",
        "technical",
        "technicals",
    }
)


def title_has(context: Context, title: str, words: str) -> bool:
    """Return whether the words stand in the title side by side; false for no words at all."""
    wanted = _words_of(words)
    there = _words_of(title)
    return bool(wanted) and any(
        there[start : start + len(wanted)] == wanted for start in range(len(there))
    )


def title_names(context: Context, title: str, listed: str) -> bool:
    """Return whether the title is the listed one, or one size of the family that is listed."""
    family = _family_of(listed)
    return bool(family) and _family_of(title) == family


def _words_of(title: str) -> list[str]:
    """Return the words that count, in order.

    >>> _words_of("Pearson BTEC Level Entry 3 Award in Children's Play & Care")
    ['entry', 'level', '3', 'award', 'childrens', 'play', 'care']
    """
    plain = title.casefold().replace("'", "").replace("\u2019", "")
    words = [word for word in _WORD.findall(plain) if word not in _BRAND | _SMALL]
    return _ENTRY.sub(r"entry level \1\2", " ".join(words)).split()


def _family_of(title: str) -> list[str]:
    """Return the words without those of the size.

    >>> _family_of("BTEC Level 3 National Extended Diploma in Dental Technology (RQF)")
    ['level', '3', 'dental', 'technology']
    """
    return [word for word in _words_of(title) if word not in _SIZES]
