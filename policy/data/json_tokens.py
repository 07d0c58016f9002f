"""The tokens of a JSON text with their places.

For diagnostics and positions only: reading itself is done by the standard library, which is fast
and forgets places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<text>"[^"\\]*(?:\\.[^"\\]*)*")
      | (?P<mark>[\[\]{}:,])
      | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
      | (?P<word>-?[A-Za-z]+)
    )""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """`kind` is text, mark, number or word; `start` and `end` are offsets in characters."""

    kind: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens up to the first thing that is none."""
    at = 0
    while found := _TOKEN.match(text, at):
        kind = found.lastgroup or ""
        at = found.end()
        yield Token(kind, found.start(kind), at)
