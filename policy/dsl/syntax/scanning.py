"""text -> pieces: texts in quotes, comments, words, numbers, signs, and what is none of them.

Much more forgiving than the grammar: it is there for texts that cannot be parsed, to say what is
wrong with them. Blanks are left out; every other character is in exactly one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_PIECE = re.compile(
    r"""
      (?P<comment> --[^\n]* )
    | (?P<text> "[^"\n]*" )
    | (?P<open_text> "[^"\n]* )
    | (?P<curly_text> [“”„«»] [^\n“”„«»"]* [“”«»"]? )
    | (?P<contraction> [A-Za-z]+n['’]t\b )
    | (?P<single_text> ['‘’`´] [^\n'‘’`´"]* ['‘’`´]? )
    | (?P<foreign_comment> // [^\n]* | \# [^\n]* | /\* )
    | (?P<date> [0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]) )
    | (?P<foreign_date> [0-9]{1,2}(?P<a>[/.-])[0-9]{1,2}(?P=a)[0-9]{4}(?![0-9])
                      | [0-9]{4}(?P<b>[/.-])[0-9]{1,2}(?P=b)[0-9]{1,2}(?![0-9]) )
    | (?P<percent> [0-9]+(?:[.,][0-9]+)?[ ]*% )
    | (?P<number> [0-9]+(?:\.[0-9]+)? )
    | (?P<word> [^\W\d_]\w* | _\w* )
    | (?P<foreign_sign> ={2,3} | !== | =! | <> | =< | => | := | -> | && | \|\| | [&|≠≤≥→] | !(?!=) )
    | (?P<dash> [‐‑‒–—―−]+ )
    | (?P<opening> [(\[] )
    | (?P<closing> [)\]] )
    | (?P<sign> != | <= | >= | [=<>+\-*/.,:;] )
    | (?P<blank> [ \t\f\r\n]+ )
    | (?P<other> . )
    """,
    re.VERBOSE,
)


class Piece(Struct, frozen=True):
    """A stretch of a text; `kind` is a group of the pattern above."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)


def scan(text: str) -> Iterator[Piece]:
    """Yield the pieces of a text in order."""
    for match in _PIECE.finditer(text):
        if match.lastgroup != "blank":
            yield Piece(match.lastgroup or "other", match.group(), match.start())
