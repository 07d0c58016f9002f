"""Text measured in columns: harmless, counted right, wrapped, never cut.

In: text from anywhere, centre data included. Out: lines of at most so many columns. Whatever could
move the cursor or turn the reading direction is shown as what it is (`\\x1b`, `<U+202E>`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BREAK_AFTER = frozenset("/\\._-,;:=&")


def visible(text: str) -> str:
    """Return `text` with control, bidirectional, invisible and unpaired characters spelt out.

    >>> visible("\\x1b[31mred")
    '\\\\x1b[31mred'
    >>> visible("abc\\u202e")
    'abc<U+202E>'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def _shown(char: str) -> str:
    if char.isprintable() or unicodedata.category(char) not in _HARMFUL:
        return char
    if char in _NAMED:
        return _NAMED[char]
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"<U+{code:04X}>"


def columns(text: str) -> int:
    """Return how many columns `text` takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_char_columns, text))


def _char_columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` filled with blanks to `width` columns; `right` puts the text at the right."""
    gap = " " * max(0, width - columns(text))
    return gap + text if right else text + gap


def wrap(text: str, *, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Return the words of `text` on lines of at most `width` columns.

    `first` stands before the first line and `rest` before the others (blanks as wide as `first`
    unless given). A word wider than a line is broken, after a punctuation mark if there is one
    near the end; nothing is dropped.
    """
    rest = " " * columns(first) if rest is None else rest
    lines: list[str] = []
    line, empty = first, True
    for word in visible_words(text):
        if not empty and columns(line) + 1 + columns(word) > width:
            lines.append(line)
            line, empty = rest, True
        line = line + word if empty else f"{line} {word}"
        empty = False
        while columns(line) > width:
            head, tail = _break(line, width, columns(rest))
            lines.append(head)
            line = rest + tail
    lines.append(line)
    return [item.rstrip() for item in lines]


def visible_words(text: str) -> list[str]:
    """Return the words of `text`, harmless, blanks between them dropped."""
    return visible(text.replace("\n", " ").replace("\t", " ")).split(" ") if text else []


def _break(line: str, width: int, indent: int) -> tuple[str, str]:
    fits = len(line)
    used = 0
    for at, char in enumerate(line):
        used += _char_columns(char)
        if used > width:
            fits = at
            break
    earliest = max(indent + 1, fits - 24)
    for at in range(fits, earliest, -1):
        if line[at - 1] in _BREAK_AFTER:
            return line[:at], line[at:]
    fits = max(fits, indent + 1)
    return line[:fits], line[fits:]


def facts(
    pairs: Iterable[tuple[str, str]], *, width: int, indent: str, column: int = 9
) -> Iterator[str]:
    """Yield a list of named facts: the name once, its values under each other, wrapped.

    A name that does not fit into `column` moves all values to the right.

    >>> for line in facts([("read", "a = 1"), ("read", "b = 2")], width=40, indent="  "):
    ...     print(line)
      read     a = 1
               b = 2
    """
    pairs = list(pairs)
    column = max([column, *(columns(name) + 1 for name, _ in pairs)])
    last = ""
    for name, value in pairs:
        head = "" if name == last else name
        first = indent + pad(head, column)
        yield from wrap(value, width=width, first=first, rest=" " * columns(first))
        last = name
