"""Answers to queries as text for a screen, as JSON, or as CSV.

Rows are written as they come; only the first of them are looked at to lay the text out. Text is a
table if that fits into 80 columns, otherwise a block for each row. A cell that is too long for a
table is cut, and the last line says so.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from policy.audit.query import Answer
from policy.model.nouns import counted
from policy.report.layout import columns, facts, pad, visible

WIDTH = 80
CUT = "..."

_LOOKED_AT = 1000
_GAP = 2
_LEAST = 10
"""Columns that a text is given at least, if it has as many."""


def as_text(answer: Answer) -> Iterator[str]:
    """Yield the lines of an answer, each at most 80 columns wide."""
    first = list(islice(answer.rows, _LOOKED_AT))
    rows = chain(first, answer.rows)
    widths = _widths(answer, first)
    if widths is None:
        yield from _blocks(answer, rows)
    else:
        yield from _table(answer, rows, widths)


def _blocks(answer: Answer, rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    longest = max(map(columns, answer.columns))
    count = 0
    for row in rows:
        count += 1
        pairs = [(name, word(value)) for name, value in zip(answer.columns, row, strict=True)]
        yield from facts(pairs, width=WIDTH, indent="", column=longest + _GAP)
        yield ""
    yield counted(count, "row")


def _table(answer: Answer, rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> Iterator[str]:
    count = 0
    is_cut = False
    yield from _head(answer, widths)
    for row in rows:
        count += 1
        cells = [visible(word(value)) for value in row]
        is_cut |= any(columns(cell) > width for cell, width in zip(cells, widths, strict=True))
        yield _line(answer, cells, widths)
    note = f"; {CUT} marks what was cut, --format json or csv shows it" if is_cut else ""
    yield from ("", counted(count, "row") + note)


def as_json(answer: Answer) -> Iterator[str]:
    """Yield the lines of a JSON array, one object a row; days are texts, year first."""
    before = "["
    for row in answer.rows:
        values = {name: _plain(value) for name, value in zip(answer.columns, row, strict=True)}
        yield before + json.dumps(values, ensure_ascii=False)
        before = ","
    yield "]" if before == "," else "[]"


def as_csv(answer: Answer) -> Iterator[str]:
    """Yield the lines of a CSV file with a head; nothing for what is not there, lists as JSON."""
    yield _csv(answer.columns)
    for row in answer.rows:
        yield _csv([_cell(value) for value in row])


FORMS = {"text": as_text, "json": as_json, "csv": as_csv}


def word(value: Any) -> str:
    """Return a value as people write it; what is not there is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(word, value))
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return json.dumps(_plain(value), ensure_ascii=False)
    return str(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _csv(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().removesuffix("\r\n")


_NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "NUMBER")


def _is_number(type_name: str) -> bool:
    return "[" not in type_name and any(name in type_name.upper() for name in _NUMBERS)


def _widths(answer: Answer, rows: Sequence[Sequence[Any]]) -> list[int] | None:
    """Return how wide each column of a table is to be; None if no table fits.

    The names of columns give way first: their words may stand below each other. Then texts do, the
    widest first. Numbers are whole.
    """
    cells = [[visible(word(value)) for value in row] for row in rows]
    widths, whole, least = [], [], []
    for at, (name, kind) in enumerate(zip(answer.columns, answer.types, strict=True)):
        longest = max((columns(row[at]) for row in cells), default=0)
        head = max(map(columns, _broken(name)))
        widths.append(max(longest, columns(name)))
        whole.append(max(longest, head))
        least.append(max(head, longest if _is_number(kind) else min(longest, _LEAST)))
    room = WIDTH - _GAP * (len(widths) - 1)
    if sum(least) > room:
        return None
    while sum(widths) > room:
        order = [
            (have > need, have - few) for have, need, few in zip(widths, whole, least, strict=True)
        ]
        widths[order.index(max(order))] -= 1
    return widths


def _broken(name: str) -> list[str]:
    """Return the parts between which the name of a column may be broken."""
    parts = visible(name).split("_")
    return [part + "_" for part in parts[:-1]] + parts[-1:]


def _head(answer: Answer, widths: Sequence[int]) -> Iterator[str]:
    heads = [_lines_of(name, width) for name, width in zip(answer.columns, widths, strict=True)]
    tall = max(map(len, heads))
    for at in range(tall):
        cells = [[*[""] * (tall - len(head)), *head][at] for head in heads]
        yield _line(answer, cells, widths)
    yield (" " * _GAP).join("-" * width for width in widths)


def _lines_of(name: str, width: int) -> list[str]:
    lines = [""]
    for part in _broken(name):
        if columns(lines[-1] + part) > width and lines[-1]:
            lines.append("")
        lines[-1] += part
    return lines


def _line(answer: Answer, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        pad(_shortened(cell, width), width, right=_is_number(kind))
        for cell, width, kind in zip(cells, widths, answer.types, strict=True)
    ]
    return (" " * _GAP).join(padded).rstrip()


def _shortened(text: str, width: int) -> str:
    """Return the text, if it is too long as much of it as fits with the mark of a cut."""
    if columns(text) <= width:
        return text
    while text and columns(text) > width - len(CUT):
        text = text[:-1]
    return text + CUT
