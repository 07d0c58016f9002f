"""The text of a table's CSV file -> typed rows.

In: the declaration and the text. Out: rows with every cell of the declared type; an empty cell is
left out (it is *missing*). What does not fit is a diagnostic at its place in the CSV file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from policy.dsl.checking import mistakes
from policy.dsl.meaning.types import BOOLEAN, DATE, DURATION, INTEGER, NUMBER, Enum, Type
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText, Span
from policy.model.values import Duration, DurationUnit, Value

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)

Report = Callable[[Diagnostic], None]
Row = Mapping[str, Value]


def read_table(
    name: str, columns: Mapping[str, Type], keys: Sequence[str], source: SourceText, report: Report
) -> tuple[Row, ...]:
    """Return the rows of a table; a row that does not fit is left out and reported."""
    lost = source.text.find("\ufffd")
    if lost >= 0:
        message = f"the file of `{name}` is not in UTF-8"
        help_text = "save it in the encoding UTF-8; spreadsheets call it `CSV UTF-8`"
        report(mistakes.bad_table(source.span(lost, lost + 1), message, help_text))
        return ()
    lines = io.StringIO(source.text)  # ends lines where the reader below does
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    reader = csv.reader(io.StringIO(source.text), strict=True)
    rows: list[Row] = []
    seen: dict[tuple[Value, ...], Span] = {}
    header: list[str] | None = None
    try:
        for cells in reader:
            end = starts[reader.line_num]
            span = Span(source, starts[reader.line_num - 1], max(0, end - 1))
            if header is None:
                header = [cell.strip() for cell in cells]
                if not _header_fits(name, header, columns, span, report):
                    return ()
            elif any(cell.strip() for cell in cells):
                row = _row(header, cells, columns, span, report)
                if row is not None and _key_is_new(name, row, keys, seen, span, report):
                    rows.append(row)
    except csv.Error as error:
        report(
            mistakes.bad_table(
                Span(source, starts[-2] if len(starts) > 1 else 0, starts[-1]),
                f"the file of `{name}` is no CSV: {error}",
                "write one row a line, cells separated by commas, texts with commas in quotes",
            )
        )
    if header is None:
        message = f"the file of `{name}` is empty"
        report(mistakes.bad_table(source.span(0, 0), message, "the first line names the columns"))
    return tuple(rows)


def _header_fits(
    name: str, header: Sequence[str], columns: Mapping[str, Type], span: Span, report: Report
) -> bool:
    if sorted(header) == sorted(columns):
        return True
    missing = [column for column in columns if column not in header]
    extra = [column for column in header if column not in columns]
    parts = [f"lacks {', '.join(missing)}"] if missing else []
    parts += [f"has {', '.join(extra)} that are not declared"] if extra else []
    if not parts:
        parts = ["names a column twice"]
    help = f"the columns of `{name}` are: {', '.join(columns)}"
    report(mistakes.bad_table(span, f"the first line {' and '.join(parts)}", help))
    return False


def _row(
    header: Sequence[str],
    cells: Sequence[str],
    columns: Mapping[str, Type],
    span: Span,
    report: Report,
) -> Row | None:
    if len(cells) != len(header):
        message = f"this row has {len(cells)} cells, and there are {len(header)} columns"
        report(mistakes.bad_table(span, message, "write a comma for each empty cell, too"))
        return None
    row: dict[str, Value] = {}
    for column, cell in zip(header, cells, strict=True):
        text = cell.strip()
        if not text:
            continue
        value = read_value(text, columns[column])
        if value is None:
            kind = columns[column]
            if isinstance(kind, Enum):
                report(mistakes.unknown_enumerator(span, text, str(kind), kind.values))
            else:
                message = f"`{text}` in column `{column}` is no {kind}"
                report(mistakes.bad_table(span, message, "mend the cell, or leave it empty"))
            return None
        row[column] = value
    return row


def _key_is_new(
    name: str,
    row: Row,
    keys: Sequence[str],
    seen: dict[tuple[Value, ...], Span],
    span: Span,
    report: Report,
) -> bool:
    if not keys:
        return True
    absent = [column for column in keys if column not in row]
    if absent:
        message = f"the key `{absent[0]}` is empty"
        report(mistakes.bad_table(span, message, "a key column has a value in every row"))
        return False
    key = tuple(row[column] for column in keys)
    if key in seen:
        report(mistakes.key_twice(span, name, seen[key]))
        return False
    seen[key] = span
    return True


def read_value(text: str, kind: Type) -> Value | None:
    """Return `text` as a value of the type, None if it is not one.

    Serves cells of tables and settings on the command line: dates as 2025-10-28, yes/no as true
    and false.
    """
    if isinstance(kind, Enum):
        return text if text in kind.values else None
    try:
        if kind == DATE:
            return date.fromisoformat(text) if _DAY.fullmatch(text) else None
        if kind == INTEGER:
            return int(text) if _WHOLE.fullmatch(text) else None
        if kind == NUMBER:
            number = Decimal(text)
            return number if number.is_finite() else None
    except (ValueError, InvalidOperation):
        return None
    if kind == DURATION:
        return _read_duration(text)
    if kind == BOOLEAN:
        return {"true": True, "false": False}.get(text)
    return text


def _read_duration(text: str) -> Duration | None:
    amount, _, unit = " ".join(text.split()).partition(" ")
    unit = unit if unit.endswith("s") else unit + "s"
    if not amount.isdecimal() or unit not in tuple(DurationUnit):
        return None
    return Duration(int(amount), DurationUnit(unit))
