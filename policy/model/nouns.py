"""Names of the data model as words, nouns with their numbers, lists as people write them."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str], joint: str = "and") -> str:
    """Return the words as people list them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun in the right number.

    >>> counted(1, "policy"), counted(2, "policy"), counted(3, "staff"), counted(2, "breach")
    ('1 policy', '2 policies', '3 staff', '2 breaches')
    """
    return f"{number} {words_of(noun) if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of an entity's name or of a word of the report."""
    word = noun.replace("_", " ")
    if word == "staff":
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


_ABBREVIATIONS = frozenset({"ceo", "iv", "lsv", "mat", "psa", "psab", "qn", "sv"})


def words_of(name: str) -> str:
    """Return a name of the data model as words; abbreviations are written as such.

    >>> words_of("deputy_lead_iv")
    'deputy lead IV'
    """
    return " ".join(
        word.upper() if word in _ABBREVIATIONS else word for word in name.split("_") if word
    )
