"""Mistakes inside conditions and values, recognised from where reading stopped.

Each function takes a `Stumble` and returns the diagnostic of its mistake, or None.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from policy.dsl.syntax.print_expressions import MONTHS
from policy.dsl.syntax.stumble import CLOSER, Stumble
from policy.dsl.syntax.vocabulary import CLAUSE_WORDS, ITEM_WORDS
from policy.model.diagnostics import Diagnostic, did_you_mean

_OPENERS = ("every", "some", "no", "exactly", "least", "most", "count", "sum", "the", "all")
_QUANTIFIERS = ("every", "some", "no", "exactly", "least", "most")
_QUANTIFYING: Final = MappingProxyType(
    {"every": "every", "some": "some", "no": "no", "exactly": "exactly"}
    | {"least": "at least", "most": "at most"}
)
_ORDINALS = ("st", "nd", "rd", "th")


def and_beside_or(stumble: Stumble) -> Diagnostic | None:
    """`a and b or c`: nobody can be sure what that means."""
    word = stumble.here.text
    if word not in ("and", "or"):
        return None
    other = "or" if word == "and" else "and"
    earlier = stumble.find_back(other)
    if other.upper() not in stumble.accepts or earlier is None:
        return None
    return stumble.diagnostic(
        "P120",
        f"`{word}` beside `{other}` needs brackets",
        help="put brackets round what belongs together: `(a and b) or c`, or `a and (b or c)`",
        label=(earlier, f"`{other}` here"),
    )


def more_than_one_condition(stumble: Stumble) -> Diagnostic | None:
    """`where a and b`, `satisfies a and b`, `must not a and b`, `some .. and b`."""
    word = stumble.here.text
    if word not in ("and", "or"):
        return None
    for piece in stumble.back():
        if piece.text in ("where", "satisfies"):
            return stumble.diagnostic(
                "P121",
                f"`{piece.text}` takes one condition",
                help=f"put brackets round all that belongs to it: `{piece.text} (a {word} b)`",
                label=(piece, "belongs to this"),
            )
        if piece.text in _OPENERS:
            return _must_stand_last(stumble, word)
        if piece.text in ("must", "should", "when"):
            break
    modal = stumble.find_back("must", "should")
    if modal is None or stumble.after(modal).text != "not":
        return _must_stand_last(stumble, word)
    return stumble.diagnostic(
        "P122",
        f"`{modal.text} not` takes one condition",
        help=f"put brackets round it: `{modal.text} not (a {word} b)`",
        label=(modal, "belongs to this"),
    )


def _must_stand_last(stumble: Stumble, word: str) -> Diagnostic | None:
    opener = stumble.find_back(*_OPENERS)
    if opener is None:
        return None
    return stumble.diagnostic(
        "P124",
        f"what begins with `{_QUANTIFYING.get(opener.text, opener.text)}` stands last "
        "or in brackets",
        help=f"put brackets round it, before `{word}`",
        label=(opener, "begins here"),
    )


def satisfies_without_every(stumble: Stumble) -> Diagnostic | None:
    """`some x in C satisfies P`, and `every x in C where P` with nothing to satisfy."""
    nearest = stumble.find_back(*_QUANTIFIERS)
    if nearest is None:
        return None
    if stumble.here.text == "satisfies" and nearest.text != "every":
        word = _QUANTIFYING[nearest.text]
        return stumble.diagnostic(
            "P123",
            "`satisfies` belongs to `every` alone",
            help=f"write `where` with `{word}`",
            label=(nearest, f"`{word}` here"),
        )
    is_misspelt = bool(did_you_mean(stumble.here.text, ["satisfies", "where"]))
    if nearest.text == "every" and "SATISFIES" in stumble.accepts and not is_misspelt:
        return stumble.diagnostic(
            "P123",
            "`every` without `satisfies`",
            help="say what each of them must satisfy: `every x in C where P satisfies Q`",
            label=(nearest, "begins here"),
        )
    return None


def where_without_quantifier(stumble: Stumble) -> Diagnostic | None:
    """`must x in p.units where P`."""
    if stumble.here.text not in ("where", "satisfies"):
        return None
    words = [piece.text for piece in stumble.back()]
    ends = [words.index(word) for word in ("must", "should", "when", "=") if word in words]
    words = words[: min(ends)] if ends else words
    others = {*_OPENERS, "where", "for", "each", "distinct", "earliest", "latest"}
    if others & set(words):
        return None
    if stumble.open_brackets():
        return None
    if "in" not in words:
        return stumble.diagnostic(
            "P123",
            f"`{stumble.here.text}` belongs to lists",
            help="a rule's own condition stands in a `when` clause",
        )
    return stumble.diagnostic(
        "P123",
        f"`{stumble.here.text}` without `some`, `every`, `no` or the like",
        help="begin with one of them: `some x in LIST where P`",
    )


def incomplete_if(stumble: Stumble) -> Diagnostic | None:
    """`if a b else c`, `if a then b`."""
    opener = stumble.find_back("if")
    word = next((word for word in ("then", "else") if word.upper() in stumble.accepts), "")
    if opener is None or not word:
        return None
    return stumble.diagnostic(
        "P125",
        f"`if` without `{word}`",
        help="write `if CONDITION then VALUE else VALUE`; `else` cannot be left out",
        label=(opener, "begins here"),
    )


def missing_closing_bracket(stumble: Stumble) -> Diagnostic | None:
    """`must (a and b` and then the next clause."""
    opened = stumble.open_brackets()
    if not opened:
        return None
    closer = CLOSER[opened[-1].text]
    is_other = stumble.here.kind == "closing" and stumble.here.text != closer
    is_definition = stumble.kind == "define" and stumble.here.text == "="
    # `(if a then` is another mistake, as `if` stands in the same brackets.
    opener = {"satisfies": "every", "then": "if", "else": "if"}.get(stumble.here.text)
    is_outer = opener is not None and stumble.find_back(opener) is None
    if not (is_other or is_definition or is_outer or _ends_condition(stumble)):
        return None
    if is_other and (len(opened) < 2 or CLOSER[opened[-2].text] != stumble.here.text):
        return None
    return stumble.diagnostic(
        "P116",
        f"`{closer}` is missing",
        help=f"close the bracket with `{closer}`",
        label=(opened[-1], "opened here"),
    )


def stray_closing_bracket(stumble: Stumble) -> Diagnostic | None:
    """A bracket that closes nothing, or another kind."""
    if stumble.here.kind != "closing":
        return None
    opened = stumble.open_brackets()
    if not opened:
        return stumble.diagnostic(
            "P117",
            f"`{stumble.here.text}` closes nothing",
            help="take it away, or open the bracket before",
        )
    closer = CLOSER[opened[-1].text]
    if closer != stumble.here.text:
        return stumble.diagnostic(
            "P117",
            f"`{stumble.here.text}` does not close `{opened[-1].text}`",
            help=f"write `{closer}`",
            label=(opened[-1], "opened here"),
        )
    return None


def year_missing_or_foreign(stumble: Stumble) -> Diagnostic | None:
    """`for 2025-26` in the head, `as at 28 October` in an example."""
    if stumble.at_end:
        return None
    if "YEAR" in stumble.accepts:
        return stumble.diagnostic(
            "P114",
            "this is not how an academic year is written",
            span=stumble.source.span(stumble.place().start, _end_of_run(stumble)),
            help="write the year in which it begins and two digits of the next: 2025/26",
        )
    if "DATE" in stumble.accepts and "NAME" not in stumble.accepts:
        return stumble.diagnostic(
            "P114",
            "a date with its year is needed here",
            help="write it as year-month-day, for example 2025-10-28",
        )
    return None


def foreign_day(stumble: Stumble) -> Diagnostic | None:
    """`28 Oct`, `28th October`, `October 28`, `28 October 2025`."""
    here, previous = stumble.here, stumble.previous
    month = _month(here.text)
    if here.kind == "word" and previous.kind == "number" and month not in ("", here.text):
        return stumble.diagnostic(
            "P114", f"`{here.text}` is not the name of a month", help=f"write `{month}`"
        )
    if here.text in _ORDINALS and previous.kind == "number" and stumble.touches_previous():
        span = stumble.span(previous, here)
        return stumble.diagnostic(
            "P114",
            f"`{previous.text}{here.text}` is not a number",
            span=span,
            help=f"write `{previous.text}` alone, for example `{previous.text} October`",
        )
    if here.kind == "number" and _month(previous.text):
        day = stumble.piece(-2)
        if day.kind == "number":
            return stumble.diagnostic(
                "P114",
                "a date with its year is written year-month-day",
                span=stumble.span(day, here),
                help="write for example 2025-10-28; `28 October` alone falls into the academic "
                "year of the data",
            )
        return stumble.diagnostic(
            "P114",
            "the day stands before the month",
            span=stumble.span(previous, here),
            help=f"write `{here.text} {_month(previous.text)}`",
        )
    return None


def foreign_number(stumble: Stumble) -> Diagnostic | None:
    """`1,000`, `0,8`, `1 000`, `1.000.000`, `.5`."""
    here, before, after = stumble.here, stumble.previous, stumble.piece(1)
    is_pair = before.kind == "number" and after.kind == "number"
    touches = stumble.touches_previous() and here.end == after.start
    if here.text in (",", ".") and is_pair and touches:
        is_thousand = len(after.text.split(".")[0]) == 3
        return stumble.diagnostic(
            "P115",
            f"`{before.text}{here.text}{after.text}` is not a number of this language",
            span=stumble.span(before, after),
            help="write thousands without a separator: 1000"
            if is_thousand
            else "write decimals with a point: 0.8",
        )
    if here.kind == "number" and before.kind == "number":
        return stumble.diagnostic(
            "P115",
            f"`{before.text} {here.text}` is not one number",
            span=stumble.span(before, here),
            help="write thousands without a blank: 1000",
        )
    if here.text == "." and after.kind == "number" and here.end == after.start:
        return stumble.diagnostic(
            "P115",
            f"`.{after.text}` is not a number of this language",
            span=stumble.span(here, after),
            help=f"write `0.{after.text}`",
        )
    return None


def missing_comma(stumble: Stumble) -> Diagnostic | None:
    """`(a b)`, `f(a b)`, `[a b]`."""
    if "COMMA" not in stumble.accepts or not stumble.open_brackets():
        return None
    if stumble.here.kind in ("word", "text", "number", "date") and stumble.previous.kind != "sign":
        return stumble.diagnostic(
            "P128", f"`,` is missing before `{stumble.here.text}`", help="put `,` between them"
        )
    return None


def _ends_condition(stumble: Stumble) -> bool:
    """Whether the unexpected piece begins something else, or nothing is left."""
    word = stumble.here.text
    return stumble.at_end or stumble.here.kind == "text" or word in CLAUSE_WORDS | {*ITEM_WORDS}


def _month(word: str) -> str:
    """Return the month that a word means, however written; empty for other words."""
    lower = word.lower()
    is_long_enough = len(lower) >= 3
    return next((m for m in MONTHS if is_long_enough and m.lower().startswith(lower)), "")


def _end_of_run(stumble: Stumble) -> int:
    """Return the offset where the unexpected piece and what touches it end."""
    end = stumble.here.end
    for piece in stumble.pieces[stumble.index + 1 :]:
        if piece.start != end:
            break
        end = piece.end
    return stumble.base + end
