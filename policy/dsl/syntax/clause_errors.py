"""Mistakes between conditions: words, titles, signs and clauses that are missing or misspelt.

Each function takes a `Stumble` and returns the diagnostic of its mistake, or None.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from policy.dsl.syntax.stumble import Stumble
from policy.dsl.syntax.vocabulary import CLAUSE_WORDS, ITEM_WORDS, RESERVED, expected
from policy.model.diagnostics import Diagnostic, did_you_mean

_CLAUSE_ID = re.compile(r"([A-Za-z][A-Za-z0-9]*?)[-_ ]?([0-9]+)")
_STRAIGHT_CLAUSE_ID = re.compile(r"[A-Z][A-Z0-9]*-[0-9]+")
_MODALS = ("must", "should", "not", "note")
_WANT_MORE = frozenset(
    (
        *("and", "or", "not", "in", "is", "has", "to", "where", "satisfies", "by", "after"),
        *("before", "otherwise", "when", "then", "else", "if", "must", "should", "of"),
    )
)
_TEXT_AFTER: Final = MappingProxyType(
    {
        "breach": "`breach` needs its message",
        "remedy": "`remedy` needs its advice",
        "given": "`given` needs the file",
        "from": "`from` needs the file",
        "because": "`because` needs the reason",
        "example": "an example needs a title",
    }
)


def text_in_text(stumble: Stumble) -> Diagnostic | None:
    """`"he said "no" twice"`."""
    if stumble.previous.kind != "text" or not stumble.touches_previous():
        return None
    if stumble.here.kind not in ("word", "text", "open_text", "number"):
        return None
    return stumble.diagnostic(
        "P136",
        "a text cannot hold quotes",
        help="write ' inside the text, or leave the inner quotes out",
        label=(stumble.previous, "the text ends here"),
    )


def malformed_clause_id(stumble: Stumble) -> Diagnostic | None:
    """`cites ia-137`, `cites IA137`, `cites IA-137b`, `cites IA-137 IA-138`."""
    if stumble.previous.text not in ("cites", ","):
        return _clause_after_clause(stumble)
    if "CLAUSE" not in stumble.accepts:
        return None
    if stumble.at_end or stumble.here.text in CLAUSE_WORDS:
        return stumble.diagnostic(
            "P133",
            f"a clause id is missing after `{stumble.previous.text}`",
            span=stumble.span(stumble.previous),
            help="name the clauses of the register, for example `cites IA-137, IA-141`",
        )
    span = stumble.source.span(stumble.place().start, _end_of_word(stumble))
    match = _CLAUSE_ID.fullmatch(span.text)
    proposal = f"{match[1].upper()}-{match[2]}" if match else ""
    return stumble.diagnostic(
        "P133",
        f"`{span.text}` is not a clause id",
        span=span,
        help=f"did you mean `{proposal}`?"
        if proposal
        else "a clause id is capital letters, a hyphen and a number: IA-137",
    )


def _clause_after_clause(stumble: Stumble) -> Diagnostic | None:
    """Two clause ids without a comma."""
    if stumble.at_end or "COMMA" not in stumble.accepts or stumble.find_back("cites") is None:
        return None
    if stumble.here.text == "and":
        return stumble.diagnostic(
            "P128", "clause ids stand with `,` between them", help="write `,` instead of `and`"
        )
    span = stumble.source.span(stumble.place().start, _end_of_word(stumble))
    if not _STRAIGHT_CLAUSE_ID.fullmatch(span.text):
        return None
    return stumble.diagnostic(
        "P128",
        f"`,` is missing before `{span.text}`",
        span=span,
        help="put `,` between clause ids",
    )


def capital_word(stumble: Stumble) -> Diagnostic | None:
    """`Rule`, `MUST`, `When`, `And`."""
    firsts = {word.split()[0] for word in stumble.words}
    here, previous = stumble.here, stumble.previous
    if here.kind == "word" and here.text.lower() in firsts and here.text not in firsts:
        wrong, is_here = here, True
    elif previous.kind == "word" and previous.text != previous.text.lower():
        wrong, is_here = previous, False
    else:
        return None
    right = wrong.text.lower()
    if not is_here and right not in RESERVED:
        return None
    return stumble.diagnostic(
        "P118",
        f"`{wrong.text}` is written in small letters",
        span=stumble.span(wrong),
        help=f"write `{right}`",
    )


def misspelt_before(stumble: Stumble) -> Diagnostic | None:
    """`evry x in C`: the word read as a name makes the next one impossible."""
    previous = stumble.previous
    if previous.kind != "word" or stumble.here.kind != "word" or previous.text in CLAUSE_WORDS:
        return None
    near = get_close_matches(previous.text, sorted(RESERVED - {previous.text}), n=1, cutoff=0.8)
    if not near or previous.text in RESERVED or stumble.piece(-2).text in (".", "rule"):
        return None
    return stumble.diagnostic(
        "P119",
        f"`{previous.text}` is read as a name, and no name can stand before `{stumble.here.text}`",
        span=stumble.span(previous),
        help=f"did you mean `{near[0]}`?",
    )


def missing_colon(stumble: Stumble) -> Diagnostic | None:
    """`must LABEL condition`, `define f(x submission)`, `define f(x: y) body`."""
    if stumble.accepts == {"COLON"}:
        return stumble.diagnostic(
            "P128",
            f"`:` is missing after `{stumble.previous.text}`",
            help=f"say what it is, for example `{stumble.previous.text}: submission`",
        )
    if stumble.accepts <= {"EQUAL", "COLON"} and "EQUAL" in stumble.accepts:
        return stumble.diagnostic(
            "P128",
            f"`=` is missing after `{stumble.previous.text}`",
            help="put `=` before the value",
        )
    name = stumble.previous
    is_label = stumble.piece(-2).text in _MODALS and name.kind == "word"
    if name.text in RESERVED or stumble.starts_line(0) or "COLON" not in stumble.accepts:
        return None
    if stumble.here.text in RESERVED | CLAUSE_WORDS:
        return None
    if is_label and stumble.here.kind == "word":
        return stumble.diagnostic(
            "P128",
            f"`:` is missing after the label `{name.text}`",
            help=f"write `{name.text}: CONDITION`",
        )
    return None


def reserved_label(stumble: Stumble) -> Diagnostic | None:
    """`must count: ...`: the word begins an expression, so it cannot be a label."""
    word = stumble.previous.text
    if stumble.here.text != ":" or word not in RESERVED:
        return None
    if word in _MODALS:
        return stumble.diagnostic(
            "P140",
            "a label is missing before `:`",
            help=f"write `{word} LABEL: CONDITION`, or leave `:` out",
        )
    return stumble.diagnostic(
        "P134",
        f"`{word}` is a word of the language",
        span=stumble.span(stumble.previous),
        help="choose another name",
    )


def missing_text(stumble: Stumble) -> Diagnostic | None:
    """A rule without its title, a `breach` without its message, and so on."""
    accepts, before = stumble.accepts, stumble.previous
    if "STRING" not in accepts or "NAME" in accepts:
        return None
    opener = stumble.piece(-2).text
    if before.text in _TEXT_AFTER:
        message = _TEXT_AFTER[before.text]
    elif stumble.find_back("note") is not None:
        if not (stumble.at_end or stumble.here.text in CLAUSE_WORDS):
            return None
        message = "a note needs its sentence"
    elif opener == "except":
        message = f"the exception `{before.text}` needs its reason"
    elif stumble.kind == "parameter":
        message = "a parameter needs its meaning"
    else:
        message = f"the {opener} `{before.text}` needs a title"
    return stumble.diagnostic("P127", message, help='write a text in "quotes" here')


def missing_scope(stumble: Stumble) -> Diagnostic | None:
    """A rule that does not say what it is about."""
    if stumble.accepts == {"EACH"}:
        return stumble.diagnostic(
            "P129", "`each` is missing after `for`", help="write `for each submission s`"
        )
    is_next = stumble.here.text in ("must", "should", "note") or stumble.at_end
    if "FOR" in stumble.accepts and "WHEN" in stumble.accepts and is_next:
        return stumble.diagnostic(
            "P129",
            "this rule does not say what it is about",
            help="write `for each ENTITY x` before the first `must`, for example "
            "`for each submission s`",
        )
    return None


def missing_demand(stumble: Stumble) -> Diagnostic | None:
    """A rule that demands nothing, an example that expects nothing or has no data."""
    if "GIVEN" in stumble.accepts and stumble.here.kind != "text":
        return stumble.diagnostic(
            "P130",
            "this example has no data",
            help='write `given "FILE"` first, the file that holds a centre\'s data',
        )
    if not stumble.at_end:
        return None
    first = stumble.pieces[0]
    if "MODAL" in stumble.accepts:
        name = stumble.pieces[1] if stumble.kind == "rule" else first
        return stumble.diagnostic(
            "P130",
            "this rule demands nothing",
            span=stumble.span(name),
            help="write what must hold: `must CONDITION`, or `should`, or `note`",
        )
    if "EXPECT" in stumble.accepts:
        return stumble.diagnostic(
            "P130",
            "this example expects nothing",
            span=stumble.span(first),
            help="write what it shows, for example `expect my_rule breached`",
        )
    return None


def missing_name(stumble: Stumble) -> Diagnostic | None:
    """`rule "title"`, `define (x: y)`."""
    if stumble.accepts != {"NAME"} or stumble.here.kind not in ("text", "opening", "sign"):
        return None
    if stumble.previous.text not in (*ITEM_WORDS, "spec", "library", "amends", "except"):
        return None
    return stumble.diagnostic(
        "P140",
        f"a name is missing after `{stumble.previous.text}`",
        help="a name has small letters, digits and `_`, for example `retake_is_capped`",
    )


def unknown_word(stumble: Stumble) -> Diagnostic | None:
    """`breech`, `ownr`, `satisfy`: a word where only words of the language can stand."""
    here = stumble.here
    if here.kind != "word" or here.text in RESERVED | CLAUSE_WORDS | {*ITEM_WORDS}:
        return None
    near = did_you_mean(here.text, stumble.words) if len(here.text) > 2 else ""
    begins_clause = "CITES" in stumble.accepts and stumble.starts_line(0)
    if not near and not begins_clause:
        return None
    what = "begins no clause" if begins_clause else "means nothing here"
    return stumble.diagnostic(
        "P119", f"`{here.text}` {what}", help=near or expected(stumble.accepts)
    )


def missing_before_clause(stumble: Stumble) -> Diagnostic | None:
    """`must a =` and then a clause, whose word is read as the name that is missing."""
    word = stumble.previous
    if word.text not in CLAUSE_WORDS or not stumble.starts_line(-1):
        return None
    before = stumble.piece(-2)
    if before.kind != "sign" and before.text not in _WANT_MORE:
        return None
    return stumble.diagnostic(
        "P139",
        f"something is missing before `{word.text}`",
        span=stumble.span(word),
        help=f"`{before.text}` needs a value after it",
    )


def missing_variable(stumble: Stumble) -> Diagnostic | None:
    """`every in p.units`: the word `in` is read as the variable."""
    if stumble.previous.text not in ("in", "of") or stumble.accepts != {"IN"}:
        return None
    return stumble.diagnostic(
        "P140",
        f"a name is missing before `{stumble.previous.text}`",
        span=stumble.span(stumble.previous),
        help="give each of them a name: `some u in p.units`",
    )


def unfinished(stumble: Stumble) -> Diagnostic | None:
    """The item ends, or the next clause begins, in the middle of something."""
    if not stumble.at_end:
        return None
    what = "the braces" if stumble.kind == "template" else "this"
    return stumble.diagnostic(
        "P139", f"something is missing at the end of {what}", help=expected(stumble.accepts)
    )


def out_of_place(stumble: Stumble) -> Diagnostic:
    """Say of anything else that it cannot stand here, and what could."""
    return stumble.diagnostic(
        "P102", f"`{stumble.here.text}` cannot stand here", help=expected(stumble.accepts)
    )


def _end_of_word(stumble: Stumble) -> int:
    """Return where the run of pieces without blanks or commas ends that begins here."""
    end = stumble.here.end
    for piece in stumble.pieces[stumble.index + 1 :]:
        if piece.start != end or piece.text in (",", ";", ")"):
            break
        end = piece.end
    return stumble.base + end
