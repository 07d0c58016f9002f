"""Lines of a spec and its comments -> lines with each comment where it stood.

A comment on a line of its own stands before the line that holds what it preceded; one at the end
of a line, at the end of the line that holds what it followed. An indented one that nothing but the
next item follows stays with the item before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from policy.dsl.syntax import ast
from policy.dsl.syntax.line_breaking import WIDTH, Line
from policy.model.source import SourceText

_KEPT_INDENT = 2


class Margin(Struct, frozen=True):
    """What the author wrote around the spec: comments, in order, and blank lines."""

    source: SourceText
    comments: tuple[ast.Comment, ...]

    def is_alone(self, comment: ast.Comment) -> bool:
        """Whether nothing stands before the comment on its line."""
        return not self._before(comment.span.start).strip()

    def is_indented(self, comment: ast.Comment) -> bool:
        """Whether the comment begins past the first column."""
        return bool(self._before(comment.span.start))

    def follows_blank_line(self, place: int) -> bool:
        """Whether the line above that of `place` is blank; the first line follows none."""
        line = self.source.text.rfind("\n", 0, place)
        if line < 0:
            return False
        above = self.source.text.rfind("\n", 0, line)
        return not self.source.text[above + 1 : line].strip()

    def _before(self, place: int) -> str:
        line_start = self.source.text.rfind("\n", 0, place) + 1
        return self.source.text[line_start:place]


class _Placed(Struct):
    """The comments of a spec by the number of the line they belong to."""

    above: dict[int, list[ast.Comment]] = field(default_factory=lambda: defaultdict(list))
    behind: dict[int, list[ast.Comment]] = field(default_factory=lambda: defaultdict(list))
    below: dict[int, list[ast.Comment]] = field(default_factory=lambda: defaultdict(list))
    at_end: list[ast.Comment] = field(default_factory=list)


def with_comments(lines: Sequence[tuple[Line, bool]], margin: Margin) -> Iterator[str]:
    """Yield the text of each line and comment; True beside a line asks for a blank line before."""
    placed = _place([line for line, _ in lines], margin)
    for number, (line, is_apart) in enumerate(lines):
        indent = " " * line.indent
        text = indent + line.text
        behind = placed.behind[number]
        if len(behind) == 1 and len(text) + 2 + len(behind[0].text) <= WIDTH:
            text += "  " + behind[0].text
            behind = []
        # Where the author left a blank line, it stays; what came up from behind has none before it.
        blanks = [margin.follows_blank_line(c.span.start) for c in placed.above[number]]
        blanks += [_follows_blank_line(line, margin), *(False for _ in behind)]
        above = [indent + comment.text for comment in (*placed.above[number], *behind)]
        for part, follows_blank in zip((*above, text), blanks, strict=True):
            if line.first_of_item and number and (is_apart or follows_blank):
                yield ""
            is_apart = False
            yield part
        for comment in placed.below[number]:
            yield " " * _KEPT_INDENT + comment.text
    for comment in placed.at_end:
        if margin.follows_blank_line(comment.span.start):
            yield ""
        yield comment.text


def _follows_blank_line(line: Line, margin: Margin) -> bool:
    return bool(line.places) and margin.follows_blank_line(line.places[0])


def _place(lines: Sequence[Line], margin: Margin) -> _Placed:
    places = sorted((place, number) for number, line in enumerate(lines) for place in line.places)
    placed = _Placed()
    for comment in margin.comments:
        index = bisect_left(places, (comment.span.start, 0))
        before = places[index - 1][1] if index else -1
        after = places[index][1] if index < len(places) else len(lines)
        ends_item = after == len(lines) or lines[after].first_of_item
        if not margin.is_alone(comment):
            placed.behind[before].append(comment)
        elif ends_item and before >= 0 and _stays(comment, margin):
            placed.below[_last_of_item(lines, before)].append(comment)
        elif after == len(lines):
            placed.at_end.append(comment)
        else:
            placed.above[after].append(comment)
    return placed


def _stays(comment: ast.Comment, margin: Margin) -> bool:
    return margin.is_indented(comment) and not margin.follows_blank_line(comment.span.start)


def _last_of_item(lines: Sequence[Line], number: int) -> int:
    while number + 1 < len(lines) and not lines[number + 1].first_of_item:
        number += 1
    return number
