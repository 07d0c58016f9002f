"""Words and turns of phrase that the language has another way for.

They are recognised from where reading stopped: each function takes a `Stumble` and returns the
diagnostic of its mistake, or None.
"""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import Final

from policy.dsl.syntax.stumble import Stumble
from policy.dsl.syntax.vocabulary import CLAUSE_WORDS, SIGNS, words_of
from policy.model.diagnostics import Diagnostic

_SIGNS_OF_ORDER = ("=", "!=", "<", "<=", ">", ">=")
_TAKING = ("sum", "earliest", "latest", "least", "greatest", "distinct", "all")
_AFTER_WORDS = ("word", "text", "number", "date")
_UNITS = ("day", "days", "week", "weeks", "month", "months", "year", "years")
_FOREIGN_WORDS: Final = MappingProxyType(
    {
        "elseif": "write `else if`",
        "elif": "write `else if`",
        "elsif": "write `else if`",
        "endif": "an `if` has no end word; put brackets round it where it must end",
        "end": "nothing ends with a word here; an item ends where the next begins",
        "contains": "write `has`",
        "contain": "write `has`",
        "includes": "write `has`",
        "include": "write `has`, or `use` for the rules of another spec",
        "import": "write `use`",
        "equals": "write `=`, or `is` before an enumerator",
        "equal": "write `=`, or `is` before an enumerator",
        "exceeds": "write `>`",
        "exists": "write `is recorded` for a field, `some x in LIST` for a list",
        "are": "write `is`, and `every x in LIST satisfies ...` for all of a list",
        "was": "write `is`",
        "were": "write `is`",
        "does": "write `is not`, `has no` or `not`",
        "between": "write `x >= FIRST and x <= LAST`",
        "unless": 'write `except NAME "why" cites ... when ...`, or `when not ...`',
        "xor": "write `a != b`",
        "implies": "put the first condition into a `when` clause, or write `not a or b`",
        "within": "write `x <= 15 days after y`, or `by 15 days after y` for a deadline",
        "maximum": "write `greatest x.FIELD for x in LIST`",
        "max": "write `greatest x.FIELD for x in LIST`",
        "minimum": "write `least x.FIELD for x in LIST`",
        "min": "write `least x.FIELD for x in LIST`",
        "average": "write `sum of` and `count of`, and divide",
        "total": "write `sum of x.FIELD for x in LIST`",
        "shall": "write `must`",
        "ought": "write `should`",
        "may": "a permission is an example that expects `not breached`",
        "forall": "write `every x in LIST satisfies ...`",
        "foreach": "write `for each`",
        "any": "write `some x in LIST where ...`",
        "each": "write `every x in LIST satisfies ...`",
        "none": "write `no x in LIST where ...`, or `is missing`",
        "null": "write `is missing`",
        "nil": "write `is missing`",
        "let": "write `define`",
        "def": "write `define`",
        "function": "write `define`",
        "const": "write `parameter`",
        "description": "the title stands in quotes after the rule's name",
        "message": "write `breach`",
        "error": "write `breach`",
        "fix": "write `remedy`",
        "cite": "write `cites`",
        "such": "write `where`",
        "who": "write `where`",
        "which": "write `where`",
        "that": "write `where`",
        "whose": "write `where`",
        "if": "write `when`",
        "assert": "write `must`",
        "ensure": "write `must`",
        "require": "write `must`",
        "requires": "write `must`",
        "then": "a condition is a `when` clause, what follows from it a `must`",
    }
)


def foreign_word(stumble: Stumble) -> Diagnostic | None:
    """A word of everyday English or of a programming language."""
    for piece in (stumble.here, stumble.previous):
        is_known = piece.text in stumble.words or piece.text not in _FOREIGN_WORDS
        if is_known or stumble.previous.text == "has" or stumble.here.kind not in _AFTER_WORDS:
            continue
        if piece.text in ("if", "then") and "WHEN" not in stumble.accepts:
            continue
        return stumble.diagnostic(
            "P126",
            f"`{piece.text}` has no meaning here",
            span=stumble.span(piece),
            help=_FOREIGN_WORDS[piece.text],
        )
    return None


def other_wording(stumble: Stumble) -> Diagnostic | None:
    """`is not in`, `is after`, `has not`, `not is`, `15 days of`, `is "x"`."""
    before, last, here = stumble.piece(-2).text, stumble.previous.text, stumble.here.text
    is_value = stumble.here.kind in ("text", "number", "date")
    match before, last, here:
        case ("is" | "not", "in", _):
            help = "write `in` or `not in` without `is`; before words in brackets `is one of`"
        case ("is" | "not", "after" | "before" as word, _):
            help = f"compare dates with `{'>' if word == 'after' else '<'}`"
        case ("has", "not", _):
            help = "write `has no`"
        case (_, "not", "is"):
            help = "write `is not`"
        case (_, unit, "of") if unit in _UNITS:
            help = f"write `{unit} after DATE` or `{unit} before DATE`"
        case (_, "is", _) | ("is", "not", _) if is_value:
            help = "compare with `=` or `!=`; `is` stands before a bare word"
        case _:
            return None
    return stumble.diagnostic("P126", f"this is said in another way: `{last} {here}`", help=help)


def words_in_brackets(stumble: Stumble) -> Diagnostic | None:
    """`x in (a, b)`."""
    opened = stumble.open_brackets()
    if stumble.here.text != "," or not opened or "COMMA" in stumble.accepts:
        return None
    number = stumble.pieces.index(opened[-1])
    if number == 0 or stumble.pieces[number - 1].text != "in":
        return None
    return stumble.diagnostic(
        "P126",
        "words in brackets do not follow `in`",
        span=stumble.span(stumble.pieces[number - 1], opened[-1]),
        help="write `is one of (a, b)`",
    )


def stray_separator(stumble: Stumble) -> Diagnostic | None:
    """A comma or semicolon at the end of a line."""
    is_last = stumble.starts_line(1) or stumble.piece(1).text in CLAUSE_WORDS
    if stumble.here.text not in (",", ";") or not is_last or stumble.open_brackets():
        return None
    return stumble.diagnostic(
        "P102", f"`{stumble.here.text}` separates nothing here", help="delete it"
    )


def subject_missing(stumble: Stumble) -> Diagnostic | None:
    """`a is recorded and is not empty`, `a <= b and <= c`."""
    nearest = [stumble.piece(distance) for distance in (-3, -2, -1, 0)]
    for first, second in pairwise(nearest):
        if first.text in ("and", "or") and second.text in ("is", "has", *_SIGNS_OF_ORDER):
            return stumble.diagnostic(
                "P139",
                f"something is missing before `{second.text}`",
                span=stumble.span(second),
                help=f"say what is compared on each side of `{first.text}`: "
                f"`a < b {first.text} a > c`",
            )
    return None


def chained_comparison(stumble: Stumble) -> Diagnostic | None:
    """`a < b < c`."""
    if stumble.here.text not in _SIGNS_OF_ORDER or "CMP" in stumble.accepts:
        return None
    earlier = next((p for p in stumble.back() if p.text in (*_SIGNS_OF_ORDER, "is")), None)
    if earlier is None or stumble.kind in ("parameter", "define"):
        return None
    return stumble.diagnostic(
        "P102",
        f"`{stumble.here.text}` cannot follow another comparison",
        help="compare two at a time: `a < b and b < c`",
        label=(earlier, "the other comparison"),
    )


def taken_from_nothing(stumble: Stumble) -> Diagnostic | None:
    """`latest s.submitted_on` without a list."""
    opener = stumble.find_back(*_TAKING)
    if opener is None or "FOR" not in stumble.accepts or "CMP" in stumble.accepts:
        return None
    return stumble.diagnostic(
        "P128",
        f"`{opener.text}` needs a list to take from",
        help=f"write `{opener.text}{' of' * (opener.text == 'sum')} x.FIELD for x in LIST`",
        label=(opener, "begins here"),
    )


def scope_in_other_words(stumble: Stumble) -> Diagnostic | None:
    """`for each submission s where P`, `for each s in LIST`, `for each submission must ..`."""
    openers = ("each", "must", "should", "when", "note", "cites", "except")
    earlier = [piece.text for piece in stumble.back()][1:]
    if next((word for word in earlier if word in openers), "") != "each":
        return None
    entity, name = stumble.piece(-2).text, stumble.previous.text
    if stumble.here.text == "where" and "WHERE" not in stumble.accepts:
        help = "what the rule is about is narrowed by `when`"
    elif stumble.here.text == "and" and stumble.after(stumble.here).text == "each":
        help = "write `,` before the second `each`"
    elif name in {"in", *CLAUSE_WORDS} and stumble.piece(-3).text == "each":
        help = f"give each of them a name: `for each {entity} x`; an entity stands in the singular"
    else:
        return None
    return stumble.diagnostic("P129", "this is not how a rule says what it is about", help=help)


def outcome_missing(stumble: Stumble) -> Diagnostic | None:
    """`expect my_rule for submission S9`: the word `for` is read as the outcome."""
    word = stumble.previous.text
    if word not in ("for", "with") or not {"FOR", "WITH"} <= stumble.accepts:
        return None
    return stumble.diagnostic(
        "P139",
        f"the outcome is missing before `{word}`",
        span=stumble.span(stumble.previous),
        help="write what must come out, for example `met` or `not breached`",
    )


def one_thing_missing(stumble: Stumble) -> Diagnostic | None:
    """Only one word or sign can stand here: `count s`, `every x satisfies`, `one of a, b`."""
    if len(stumble.accepts) != 1:
        return None
    (terminal,) = stumble.accepts
    words = words_of(terminal)
    wanted = SIGNS.get(terminal) or (words[0] if len(words) == 1 else "")
    if not wanted:
        return None
    return stumble.diagnostic(
        "P128",
        f"`{wanted}` is missing "
        + ("at the end" if stumble.at_end else f"before `{stumble.here.text}`"),
        help=f"put `{wanted}` there",
    )
