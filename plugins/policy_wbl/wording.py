"""Texts -> plain words: what is left when capitals, hyphens and signs do not count."""

from __future__ import annotations

import re
import unicodedata

_NO_WORD = re.compile(r"[^0-9a-z]+")
_APOSTROPHES = re.compile(r"['`´‘’]")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters, `&` as `and`, everything else left out.

    >>> words_of("Land-Based & Children’s Studies (RQF)")
    ('land', 'based', 'and', 'childrens', 'studies', 'rqf')
    """
    plain = unicodedata.normalize("NFKC", text).lower().replace("&", " and ")
    return tuple(_NO_WORD.sub(" ", _APOSTROPHES.sub("", plain)).split())
