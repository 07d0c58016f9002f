"""From the text of a JSON document to its data, or to diagnostics with places.

Stricter than the standard library: a name twice in one object, `NaN`, `Infinity`, a number that
no machine holds, half of a surrogate pair and too many levels are refused. The quick reading finds
out that something is wrong; only then a second, slower look finds all places.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from policy.data.readers.nesting import DEEPEST, NestingGuard
from policy.model.diagnostics import Diagnostic, Label, quoted_name
from policy.model.source import SourceText, Span

if TYPE_CHECKING:
    from policy.data.json_tokens import Token

LONGEST_INTEGER = 18
"""Digits of an integer, sign included, that are read; more do not fit 64 bits."""

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_WORDS = ("true", "false", "null")


class _Refused(ValueError):
    """The quick reading met something that JSON libraries accept and we do not."""


def parse_json(source: SourceText) -> tuple[Any, tuple[Diagnostic, ...]]:
    """Return the data and no diagnostics, or None and why it cannot be read."""
    try:
        data = _DECODER.decode(source.text)
        if _HALF.search(source.text):
            faults = tuple(_faults(source))
            return (None, faults) if faults else (data, ())
        return data, ()
    except _Refused:
        return None, tuple(_faults(source))
    except RecursionError:
        return None, (too_deep(source.span(0, 1)),)
    except json.JSONDecodeError as error:
        # How deep a parser goes before it gives up is another matter in each version of Python.
        if not NestingGuard().admits(source.text.encode("utf-8", "surrogatepass")):
            return None, (too_deep(source.span(0, 1)),)
        return None, (_syntax(source, error),)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Refused
    return made


def _integer(literal: str) -> int:
    if len(literal) > LONGEST_INTEGER:
        raise _Refused
    return int(literal)


def _number(literal: str) -> float:
    number = float(literal)
    if math.isinf(number):
        raise _Refused
    return number


def _constant(literal: str) -> Any:
    raise _Refused


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_number,
    parse_constant=_constant,
)


def too_deep(span: Span) -> Diagnostic:
    """Return the diagnostic for a text with too many levels of brackets."""
    return Diagnostic(
        code="P510", message=f"the data are nested more than {DEEPEST} levels deep", span=span
    )


def _faults(source: SourceText) -> Iterator[Diagnostic]:
    """Yield everything that is JSON and yet refused, in the order of the text."""
    from policy.data.json_tokens import tokens

    text = source.text
    names: list[dict[str, Span] | None] = []
    previous = ""
    for token in tokens(text):
        span = source.span(token.start, token.end)
        mark = text[token.start] if token.kind == "mark" else ""
        if mark in ("{", "["):
            names.append({} if mark == "{" else None)
        elif mark in ("}", "]") and names:
            names.pop()
        elif token.kind == "text":
            known = names[-1] if names else None
            is_name = known is not None and previous in ("{", ",")
            yield from _text_faults(span, known if is_name else None)
        elif not mark:
            yield from _number_faults(span, token)
        previous = mark


def _text_faults(span: Span, known: dict[str, Span] | None) -> Iterator[Diagnostic]:
    try:
        value = json.loads(span.text, strict=False)
    except json.JSONDecodeError:  # behind the first fault the text need not be JSON at all
        return
    if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
        yield Diagnostic(
            code="P511", message="the text holds half of a surrogate pair", span=_head(span)
        )
        return
    if known is None:
        return
    if value in known:
        yield twice(value, span, known[value])
    known.setdefault(value, span)


def twice(name: str, span: Span, first: Span) -> Diagnostic:
    """Return the diagnostic for a name that an object has twice."""
    return Diagnostic(
        code="P508",
        message=f"`{name}` stands twice in one object",
        span=span,
        help="keep one of the two",
        labels=(Label(span=first, text="the first"),),
        quotes=quoted_name(name),
    )


def _number_faults(span: Span, token: Token) -> Iterator[Diagnostic]:
    literal = span.text
    if token.kind == "word":
        if literal not in _WORDS:
            yield not_a_number(span, f"`{literal}` is not a number that JSON knows")
    elif not literal.lstrip("-").isdigit():
        if math.isinf(float(literal)):
            yield not_a_number(span, "the number is too large")
    elif len(literal) > LONGEST_INTEGER:
        yield not_a_number(span, "the number is too large")


def not_a_number(span: Span, message: str) -> Diagnostic:
    """Return the diagnostic for a number that is none."""
    return Diagnostic(
        code="P509",
        message=message,
        span=_head(span),
        help="write `null` where nothing is recorded; codes and numbers of people go into quotes",
    )


def _head(span: Span) -> Span:
    """Return the first character: the rest may be personal."""
    return Span(span.source, span.start, span.start + 1)


_SYNTAX = (
    ("Unterminated string", "a text begins here and is not closed", 'close it with `"`'),
    ("Expecting ',' delimiter", "a comma is missing before this", "put a comma between members"),
    ("Expecting ':' delimiter", "a colon is missing before this", "put a colon after the name"),
    ("Expecting property name", "here a name in double quotes should stand", ""),
    ("Illegal trailing comma", "a comma stands before the closing bracket", "take it out"),
    ("Expecting value", "here a value should stand", ""),
    ("Extra data", "the document has ended and something follows", "one file holds one document"),
    ("Invalid control", "a line break or tab stands inside a text", "write `\\n` or `\\t`"),
    ("Invalid \\escape", "after a backslash stands what JSON does not know", "write `\\\\`"),
    ("Invalid \\uXXXX", "after `\\u` four hexadecimal digits should stand", ""),
)


def _syntax(source: SourceText, error: json.JSONDecodeError) -> Diagnostic:
    """Return the diagnostic for a text that is not JSON."""
    text, at = source.text, error.pos
    if error.msg.startswith("Illegal trailing comma"):  # from 3.13 on it points at the comma
        at += 1 + len(text[at + 1 :]) - len(text[at + 1 :].lstrip())
    found = text[at : at + 1]
    span = source.span(at, at + 1)
    if not text[at:].strip() and not error.msg.startswith("Invalid"):
        last = len(text.rstrip())
        return Diagnostic(
            code="P507",
            message="the text ends before the document does",
            span=source.span(max(0, last - 1), last),
            help="the file was cut off, or a bracket is not closed",
        )
    message, help_text = next(
        ((message, advice) for start, message, advice in _SYNTAX if error.msg.startswith(start)),
        ("this is not JSON", ""),
    )
    if found in ("}", "]") and text[:at].rstrip().endswith(","):
        message, help_text = "a comma stands before the closing bracket", "take it out"
    elif found == "'":
        help_text = 'texts and names stand in double quotes, `"`'
    return Diagnostic(code="P507", message=message, span=span, help=help_text)
