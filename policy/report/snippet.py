"""A line of a text with its number and marks under it.

```
   14 |     "version": "A",
      |                ^^^ attempted before
```

A line wider than the page is shown as a window around its marks. `outline` keeps what is not
underlined to itself: a line of a centre's document may hold the name of a learner beside the
value that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy.report.layout import columns, visible, wrap
from policy.report.style import Style

ELLIPSIS = "..."
_KEY_BEFORE = re.compile(r'^\s*(?:- )?(?:"?[\w.-]+"?\s*:\s*)?$')
_LAST_KEY = re.compile(r'"?[\w.-]+"?\s*:\s*$')
_CLOSING = re.compile(r"^[\s,\]})]*$")
_OPENING = ("{", "[")


class Mark(Struct, frozen=True, kw_only=True):
    """What to underline: `start` is the first column counted from 1, `length` in characters."""

    start: int
    length: int
    sign: str = "^"
    role: str = "bad"
    text: str = ""


def gutter_width(numbers: Sequence[int]) -> int:
    """Return the width of the column of line numbers: at least 4, so that snippets line up."""
    return max([4, *(len(str(number)) + 1 for number in numbers)])


def snippet(
    line: str, number: int, marks: Sequence[Mark], *, style: Style, gutter: int
) -> Iterator[str]:
    """Yield the numbered line and under it one line for each mark, left to right."""
    bar = style.paint("place", f"{' ' * gutter} |")
    room = style.width - gutter - 3
    shown, placed = _window(line, marks, room)
    yield f"{style.paint('place', f'{number:>{gutter}} |')} {shown}".rstrip()
    for mark in placed:
        under = mark.sign * max(1, mark.length)
        blank = " " * (mark.start - 1)
        yield f"{bar} {blank}{style.paint(mark.role, under)}" + _same_line(mark, room, style)
        if mark.text and not _fits(mark, room):
            for item in wrap(mark.text, width=room - 4):
                yield f"{bar}     {style.paint(mark.role, item)}"


def _fits(mark: Mark, room: int) -> bool:
    return mark.start + max(1, mark.length) + columns(visible(mark.text)) <= room


def _same_line(mark: Mark, room: int, style: Style) -> str:
    if not mark.text or not _fits(mark, room):
        return ""
    return f" {style.paint(mark.role, visible(mark.text))}"


def _window(line: str, marks: Sequence[Mark], room: int) -> tuple[str, list[Mark]]:
    """Return what is shown of `line`, and the marks with starts and lengths in columns of it."""
    line, marks = _near(line, marks, 4 * room)
    line = line.replace("\t", "    ") if not marks else line
    placed = [_in_columns(line, mark) for mark in sorted(marks, key=lambda item: item.start)]
    shown = _spread(line)
    indent = len(shown) - len(shown.lstrip(" "))
    spare = max(0, min([indent - 4, *(mark.start - 1 for mark in placed)]))
    shown = shown[spare:]
    placed = [replace(mark, start=mark.start - spare) for mark in placed]
    if columns(shown) <= room:
        return shown, placed
    first = min((mark.start for mark in placed), default=1)
    begin = 0 if first <= room // 2 else first - 1 - room // 4
    head = ELLIPSIS if begin else ""
    body = _slice(shown, begin, room - len(head) - len(ELLIPSIS))
    text = head + body + ELLIPSIS
    moved = [replace(mark, start=mark.start - begin + len(head)) for mark in placed]
    return text, [_clipped(mark, columns(text)) for mark in moved if mark.start <= columns(text)]


def _near(line: str, marks: Sequence[Mark], reach: int) -> tuple[str, Sequence[Mark]]:
    """Return what of a very long line lies within `reach` of the first mark.

    A document may be one line of a million characters; a window shows a few of them.
    """
    if len(line) <= 2 * reach:
        return line, marks
    first = min((mark.start for mark in marks), default=1) - 1
    begin, end = max(0, first - reach), first + reach
    kept = [replace(mark, start=mark.start - begin) for mark in marks if mark.start <= end]
    return line[begin:end], kept


def _clipped(mark: Mark, width: int) -> Mark:
    return replace(mark, length=min(mark.length, width - mark.start + 1))


def _spread(line: str) -> str:
    return visible(line.replace("\t", "    "))


def _in_columns(line: str, mark: Mark) -> Mark:
    before = columns(_spread(line[: mark.start - 1]))
    under = columns(_spread(line[mark.start - 1 : mark.start - 1 + mark.length]))
    return replace(mark, start=before + 1, length=under)


def _slice(text: str, begin: int, width: int) -> str:
    """Return the part of `text` from column `begin` (0-based) that fits `width` columns."""
    at, start = 0, 0
    while start < len(text) and at < begin:
        at += columns(text[start])
        start += 1
    end, used = start, 0
    while end < len(text) and used + columns(text[end]) <= width:
        used += columns(text[end])
        end += 1
    return text[start:end]


def outline(line: str, start: int, length: int, known: str = "") -> tuple[str, int, int]:
    """Return `line` with all but the underlined value and its key left out, and the new place.

    A row (`{...}`) shows its opening bracket only. An underlined key keeps its value if that is
    `known` to the reader already: the id of the row.

    >>> outline('{"id": "S9", "version": "A", "name": "B"}', 25, 3)
    ('... "version": "A" ...', 16, 3)
    """
    before, under = line[: start - 1], line[start - 1 : start - 1 + length]
    after = line[start - 1 + length :]
    if under.startswith(_OPENING) and len(under) > 1:
        after, under = under[1:] + after, under[0]
    if not _KEY_BEFORE.match(before):
        key = _LAST_KEY.search(before)
        indent = before[: len(before) - len(before.lstrip())]
        before = f"{indent}{ELLIPSIS} {key.group() if key else ''}"
    kept = re.match(rf"[\"']?\s*:\s*([\"']?){re.escape(known)}\1(?!\w)", after) if known else None
    value = kept.group() if kept else ""
    after = after[len(value) :]
    after = value + (after if _CLOSING.match(after) else f" {ELLIPSIS}")
    return before + under + after, len(before) + 1, len(under)
