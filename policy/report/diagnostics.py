"""Diagnostics -> text: what is wrong with a spec, a document or the call, and what to do.

```
error[P201]: there is no field `resubmision_on`
  --> specs/x.policy:12:9
      |
   12 |   must s.resubmision_on is recorded
      |          ^^^^^^^^^^^^^^
      = help: did you mean `resubmission_on`?
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from policy.model.diagnostics import Diagnostic, Diagnostics, Level
from policy.model.nouns import counted, listed
from policy.model.source import Span
from policy.report.layout import columns, pad, visible, wrap
from policy.report.snippet import Mark, gutter_width, outline, snippet
from policy.report.style import MASKED, Style

ROLES = {Level.ERROR: "bad", Level.WARNING: "warn", Level.NOTE: "info"}


def render_diagnostics(
    diagnostics: Iterable[Diagnostic], style: Style, *, data: bool = False, tally: bool = False
) -> str:
    """Return all diagnostics in reading order, a blank line between them, each ending in a newline.

    `data` says that the texts are centres' documents: then what stands beside the underlined
    value is left out unless personal values are to be shown. `tally` adds a last line that counts.
    """
    ordered = list(Diagnostics(diagnostics))
    blocks = ["\n".join(_lines(item, style, data=data)) + "\n" for item in ordered]
    if tally and ordered:
        blocks.append(tally_line(ordered) + "\n")
    return "\n".join(blocks)


def tally_line(diagnostics: Sequence[Diagnostic]) -> str:
    """Return "2 errors and 1 warning"."""
    numbers = [(level, sum(item.level is level for item in diagnostics)) for level in Level]
    return listed([counted(number, str(level)) for level, number in numbers if number])


def _lines(item: Diagnostic, style: Style, *, data: bool) -> Iterator[str]:
    role = ROLES[item.level]
    head = f"{item.level}[{item.code}]:"
    first, *others = wrap(item.message, width=style.width, first=f"{head} ", rest="    ")
    yield style.paint(role, head) + style.paint("strong", first[len(head) :])
    yield from (style.paint("strong", line) for line in others)
    places = _places(item, role)
    gutter = gutter_width([span.position.line for span, _ in places])
    yield from _texts(item, places, style, gutter=gutter, data=data)
    if item.help:
        if not places and not item.file:
            gutter = 2
        start = f"{pad('', gutter)} = "
        lines = wrap(f"help: {item.help}", width=style.width, first=start, rest=" " * (gutter + 9))
        mark = columns(start)
        yield style.paint("place", start) + style.paint("info", "help:") + lines[0][mark + 5 :]
        yield from lines[1:]


def place_lines(span: Span, style: Style, role: str = "bad") -> Iterator[str]:
    """Yield a place in a spec: arrow, and the underlined line."""
    position = span.position
    gutter = gutter_width([position.line])
    yield from arrow(f"{span.source.name}:{position.line}:{position.column}", style)
    yield style.paint("place", f"{' ' * gutter} |")
    line = span.source.line_text(position.line)
    yield from snippet(
        line, position.line, [_mark(span, "^", role, "")], style=style, gutter=gutter
    )


def _places(item: Diagnostic, role: str) -> list[tuple[Span, Mark]]:
    places: list[tuple[Span, Mark]] = []
    if item.span:
        places.append((item.span, _mark(item.span, "^", role, "")))
    for label in item.labels:
        places.append((label.span, _mark(label.span, "-", "place", label.text)))
    return places


def _mark(span: Span, sign: str, role: str, text: str) -> Mark:
    position = span.position
    rest_of_line = len(span.source.line_text(position.line)) - position.column + 1
    length = max(1, min(span.end - span.start, rest_of_line))
    return Mark(start=position.column, length=length, sign=sign, role=role, text=text)


def _texts(
    item: Diagnostic,
    places: list[tuple[Span, Mark]],
    style: Style,
    *,
    gutter: int,
    data: bool,
) -> Iterator[str]:
    """Yield each text with its marked lines: the main one first, then those of labels elsewhere."""
    if not places:
        if item.file:
            yield from arrow(item.file, style)
        return
    arrow_sign = "-->"
    by_file: dict[str, list[tuple[Span, Mark]]] = {}
    for span, mark in places:
        by_file.setdefault(span.source.name, []).append((span, mark))
    for name, own in by_file.items():
        position = own[0][0].position
        yield from arrow(f"{name}:{position.line}:{position.column}", style, sign=arrow_sign)
        yield style.paint("place", f"{' ' * gutter} |")
        masked = item.personal
        yield from _marked_lines(own, style, gutter=gutter, data=data, masked=masked)
        arrow_sign = ":::"


def _marked_lines(
    places: list[tuple[Span, Mark]], style: Style, *, gutter: int, data: bool, masked: bool
) -> Iterator[str]:
    by_line = sorted(places, key=lambda place: place[0].position)
    last = None
    for number, group in groupby(by_line, key=lambda place: place[0].position.line):
        if last is not None and number > last + 1:
            yield style.paint("place", "...")
        spans = list(group)
        line = spans[0][0].source.line_text(number)
        marks = [mark for _, mark in spans]
        if data and not style.show_personal:
            line, marks = _private(line, marks[0], masked=masked)
        yield from snippet(line, number, marks, style=style, gutter=gutter)
        last = number


def _private(line: str, mark: Mark, *, masked: bool) -> tuple[str, list[Mark]]:
    """Return the line with nothing but the marked value and its key, and the mark moved to it."""
    line, start, length = outline(line, mark.start, mark.length)
    if masked:
        line = line[: start - 1] + MASKED + line[start - 1 + length :]
        length = len(MASKED)
    return line, [replace(mark, start=start, length=length)]


def arrow(place: str, style: Style, *, sign: str = "-->", after: str = "") -> Iterator[str]:
    """Yield `  --> place  after`, what comes after on a line of its own if it must be.

    A place is never broken, even if it is wider than the page: people copy it and editors open it.
    """
    start = f"  {sign} "
    place = visible(place)
    fits = columns(f"{start}{place}  {visible(after)}") <= style.width
    beside = f"  {visible(after)}" if after and fits else ""
    yield style.paint("place", start) + place + beside
    if after and not fits:
        yield from wrap(after, width=style.width, first=" " * len(start))
