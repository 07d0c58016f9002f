"""The words of the language as its authors know them: terminals of the grammar -> words and kinds.

A test compares these tables with the grammar, so that no message ever shows a terminal's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from policy.dsl.syntax.print_expressions import MONTHS

# Terminals that are one of several words; every other word of the grammar is its terminal's name.
WORDS: Final = MappingProxyType(
    {
        "MODAL": ("must", "should"),
        "MODAL_NOT": ("must not", "should not"),
        "DIRECTION": ("after", "before"),
        "BOUND": ("at least", "at most"),
        "EXTREME": ("earliest", "latest", "least", "greatest"),
        "UNIT": ("working days", "days", "weeks", "months", "years"),
        "MONTH": MONTHS,
        "THIS_YEAR_ONLY": ("this year only",),
    }
)
SIGNS: Final = MappingProxyType(
    {
        "LPAR": "(",
        "RPAR": ")",
        "LSQB": "[",
        "RSQB": "]",
        "COMMA": ",",
        "COLON": ":",
        "SEMICOLON": ";",
        "DOT": ".",
        "EQUAL": "=",
    }
)
KINDS: Final = MappingProxyType(
    {
        "NAME": "a name",
        "STRING": 'a text in "quotes"',
        "INT": "a number",
        "DECIMAL": "a number",
        "DATE": "a date such as 2025-10-28",
        "YEAR": "an academic year such as 2025/26",
        "CLAUSE": "a clause id such as IA-137",
        "CMP": "a comparison such as `=` or `<`",
        "ADDOP": "`+` or `-`",
        "MULOP": "`*` or `/`",
    }
)
# Words that an expression could not be told apart from if something were named so.
RESERVED: Final = frozenset(
    (
        *("and", "or", "not", "if", "then", "else", "where", "satisfies", "otherwise", "by", "in"),
        *("is", "has", "every", "some", "no", "the", "all", "distinct", "count", "sum", "exactly"),
        *("earliest", "latest", "least", "greatest", "at", "after", "before", "with", "for"),
        *("true", "false", "must", "should", "when", "note"),
    )
)
CLAUSE_WORDS: Final = frozenset(
    (
        *("cites", "breach", "remedy", "owner", "except", "when", "for", "must", "should", "note"),
        *("given", "change", "remove", "copy", "set", "expect", "by", "from", "setting"),
    )
)
ITEM_WORDS: Final = (
    *("rule", "define", "parameter", "table", "example", "replace", "drop", "change"),
    *("use", "applies"),
)
_CLAUSES = frozenset(
    (
        *("CITES", "BREACH", "REMEDY", "OWNER", "EXCEPT", "WHEN"),
        *("MODAL", "MODAL_NOT", "NOTE"),
    )
)
_SIGNS_OF_A_VALUE = frozenset({"NAME", "INT", "LPAR"})
_SIGNS_AFTER_A_VALUE = frozenset({"CMP", "IS", "IN", "HAS"})
_PARTS_OF_VALUES = frozenset(
    (
        *("NAME", "INT", "LPAR", "STRING", "DECIMAL", "DATE", "TRUE", "FALSE", "NOT", "EVERY"),
        *("SOME", "NO", "BOUND", "EXACTLY", "COUNT", "SUM", "EXTREME", "THE", "ALL", "DISTINCT"),
        *("IF",),
    )
)
_PARTS_AFTER_VALUES = frozenset(
    (
        *("CMP", "IS", "IN", "HAS", "NOT", "ADDOP", "MULOP", "OTHERWISE", "DIRECTION", "DOT"),
        *("LSQB", "LPAR", "UNIT", "MONTH", "STUDY"),
    )
)


def words_of(terminal: str) -> tuple[str, ...]:
    """Return the words a terminal stands for, none for signs, names, texts and numbers."""
    if terminal in WORDS:
        return WORDS[terminal]
    return (
        () if terminal in SIGNS or terminal in KINDS or terminal == "$END" else (terminal.lower(),)
    )


def all_words(terminals: Iterable[str]) -> list[str]:
    """Return the words of several terminals, sorted."""
    return sorted({word for terminal in terminals for word in words_of(terminal)})


def expected(terminals: frozenset[str]) -> str:
    """Return "expected A, B or C" for what may stand at a place, the longest lists in short."""
    rest = set(terminals) - {"$END"}
    said: list[str] = []
    if rest >= _SIGNS_OF_A_VALUE:
        said.append("a condition" if "IF" in rest else "a value")
        rest -= _PARTS_OF_VALUES
    if rest >= _SIGNS_AFTER_A_VALUE:
        said.append("a comparison such as `=`, `is` or `in`")
        rest -= _PARTS_AFTER_VALUES
    if {"RULE", "DEFINE"} <= rest:
        said.append("the next item, such as `rule`")
        rest -= {word.upper() for word in ITEM_WORDS}
    if {"CITES", "BREACH"} <= rest:
        said.append("the next clause, such as `cites`")
        rest -= _CLAUSES
    said += sorted({KINDS[item] for item in rest if item in KINDS})
    said += [f"`{word}`" for word in all_words(rest)]
    said += [f"`{SIGNS[item]}`" for item in sorted(rest) if item in SIGNS]
    if not said:
        return ""
    *most, last = said
    return f"expected {', '.join(most)} or {last}" if most else f"expected {last}"
