"""Mistakes that show without a grammar: characters, quotes, signs and dates of other places.

In: a text and its pieces. Out: one diagnostic for each. All but tab characters keep the parser
from reading the item they stand in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Final

from policy.dsl.syntax.scanning import Piece
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText

TAB = "P107"
# Characters that show nothing, or that change how others are shown: the text read is not the text
# seen. A mark of the byte order is harmless at the very start.
_INVISIBLE = re.compile(
    "(?!^\ufeff)["
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb]+"
)
_WIDE_BLANK = re.compile(r"[^\S \t\f\r\n\v\x1c-\x1f\x85\u2028\u2029]+")
_FOREIGN_LETTERS = re.compile(r"[^\x00-\x7f]+")
_SIGNS: Final = MappingProxyType(
    {
        **dict.fromkeys(("==", "===", ":="), "="),
        **dict.fromkeys(("!==", "=!", "<>", "≠"), "!="),
        **dict.fromkeys(("=<", "≤"), "<="),
        **dict.fromkeys(("=>", "≥"), ">="),
        **dict.fromkeys(("&&", "&"), "and"),
        **dict.fromkeys(("||", "|"), "or"),
        **dict.fromkeys(("->", "→"), "then"),
        "!": "not",
    }
)
# Letters of the Cyrillic and Greek alphabets that look like Latin ones.
_LOOK_ALIKES: Final = MappingProxyType(
    dict(
        zip(
            "асеіјорѕхуԁһѵАВСЕНІЈКМОРЅТХУαονρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",  # noqa: RUF001
            "aceijopsxydhvABCEHIJKMOPSTXYaovpABEZHIKMNOPTYX",
            strict=True,
        )
    )
)
_CONTRACTIONS: Final = MappingProxyType(
    {"isn": "is not", "mustn": "must not", "shouldn": "should not", "hasn": "has no"}
    | {"doesn": "has no", "don": "not"}
)


def character_errors(source: SourceText, pieces: Sequence[Piece]) -> list[Diagnostic]:
    """Return what is wrong with the characters of a text, in order."""
    return [*_invisible(source), *_tabs(source), *piece_errors(source, pieces)]


def piece_errors(source: SourceText, pieces: Sequence[Piece]) -> list[Diagnostic]:
    """Return what is wrong with pieces, whose places are those in `source`."""
    found = []
    has_brace = False
    for piece in pieces:
        diagnostic = _piece_error(source, piece)
        # The brace that closes what another one opened is no second mistake.
        if diagnostic is not None and not (has_brace and piece.text == "}"):
            found.append(diagnostic)
        has_brace = piece.text == "{" or (has_brace and piece.text != "}")
    return found


def _invisible(source: SourceText) -> Iterator[Diagnostic]:
    for match in _INVISIBLE.finditer(source.text):
        names = [_character_name(character) for character in dict.fromkeys(match.group())]
        yield Diagnostic(
            code="P111",
            message=f"an invisible character stands here: {', '.join(names)}",
            span=source.span(*match.span()),
            help="delete it; what you see would not be what is read",
        )


def _character_name(character: str) -> str:
    name = unicodedata.name(character, "control character").lower()
    return f"{name} (U+{ord(character):04X})"


def _tabs(source: SourceText) -> Iterator[Diagnostic]:
    first = source.text.find("\t")
    if first < 0:
        return
    more = source.text.count("\t") - 1
    yield Diagnostic(
        code=TAB,
        message="a tab character stands here" + (f", and {more} more in this file" * (more > 0)),
        span=source.span(first, first + 1),
        help="use blanks; `policy fmt` replaces tab characters outside quotes",
    )


def _piece_error(source: SourceText, piece: Piece) -> Diagnostic | None:
    match piece.kind:
        case "text" | "comment" | "date" | "number" | "opening" | "closing" | "sign":
            return None
        case "word":
            return None if piece.text.isascii() and piece.text[0] != "_" else _name(source, piece)
        case "open_text" | "curly_text" | "single_text":
            return _quotes(source, piece)
        case "other":
            return _other(source, piece)
        case _:
            return _foreign(source, piece)


def _quotes(source: SourceText, piece: Piece) -> Diagnostic | None:
    if piece.kind == "open_text" and "”" not in piece.text and "“" not in piece.text:
        return _at(
            source,
            piece,
            "P109",
            "this text is never closed",
            'put `"` at its end, on the same line',
        )
    kind = "single" if piece.kind == "single_text" else "curly"
    return _at(
        source,
        piece,
        "P108",
        f"a text stands in straight double quotes, not in {kind} ones",
        'write "text"; a word processor may have changed the quotes',
    )


def _name(source: SourceText, piece: Piece) -> Diagnostic:
    foreign = _FOREIGN_LETTERS.search(piece.text)
    if foreign is None:
        return _at(
            source,
            piece,
            "P112",
            f"`{piece.text}` is not a name",
            "a name begins with a letter",
        )
    letters = foreign.group()
    start = piece.start + foreign.start()
    latin = "".join(_LOOK_ALIKES.get(letter, "") for letter in letters)
    is_disguised = len(latin) == len(letters)
    return Diagnostic(
        code="P112",
        message=f"`{letters}` in `{piece.text}` is of another alphabet"
        if is_disguised
        else f"`{letters}` cannot stand in a name",
        span=source.span(start, start + len(letters)),
        help=f"it looks like `{latin}`; write the word again"
        if is_disguised
        else "names have the letters a to z, digits and `_`",
    )


def _foreign(source: SourceText, piece: Piece) -> Diagnostic:
    match piece.kind:
        case "foreign_sign":
            message = f"`{piece.text}` is a sign of other languages"
            return _at(source, piece, "P110", message, f"write `{_SIGNS[piece.text]}`")
        case "foreign_comment":
            message = f"`{piece.text[:2].strip()}` begins no comment"
            return _at(source, piece, "P137", message, "comments begin with `--`")
        case "foreign_date":
            message = f"`{piece.text}` is not how a date is written"
            return _at(source, piece, "P114", message, _date_help(piece.text))
        case "percent":
            message = f"`{piece.text}` is not a number of this language"
            return _at(source, piece, "P115", message, _percent_help(piece.text))
        case "dash":
            message = f"`{piece.text}` is a dash of a word processor"
            return _at(source, piece, "P113", message, "write `-`; `--` if it begins a comment")
        case _:
            stem = re.split("n['’]t", piece.text)[0] + "n"
            word = _CONTRACTIONS.get(stem.lower(), "not")
            message = f"`{piece.text}` is a short form"
            return _at(source, piece, "P126", message, f"write `{word}`")


def _date_help(text: str) -> str:
    """Propose the date in the right form if only one can be meant."""
    parts = re.split("[/.-]", text)
    if len(parts[0]) == 4:
        year, month, day = parts
    else:
        day, month, year = parts
    if int(month) > 12:
        day, month = month, day
    return f"write year-month-day: {year}-{int(month):02}-{int(day):02}"


def _percent_help(text: str) -> str:
    number = text.rstrip("% ")
    if not number.isdigit():
        return "write a share of 1: 0.8 for eighty percent"
    return f"write a share of 1: {int(number) / 100:.2f}"


def _other(source: SourceText, piece: Piece) -> Diagnostic | None:
    if _INVISIBLE.fullmatch(piece.text):
        return None
    if _WIDE_BLANK.fullmatch(piece.text):
        return _at(
            source,
            piece,
            "P111",
            f"this is no ordinary blank: {_character_name(piece.text)}",
            "write a blank; text copied from elsewhere often brings others",
        )
    if piece.text in "{}":
        return _at(
            source,
            piece,
            "P101",
            f"`{piece.text}` means nothing here",
            "braces stand only in messages, round a value to show",
        )
    message = f"`{piece.text}` means nothing here"
    return _at(source, piece, "P101", message, "delete it, or put it into a text in quotes")


def _at(source: SourceText, piece: Piece, code: str, message: str, help: str) -> Diagnostic:
    return Diagnostic(
        code=code, message=message, span=source.span(piece.start, piece.end), help=help
    )
