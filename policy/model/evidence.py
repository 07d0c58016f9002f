"""What was read, as the reader of a finding sees it: an expression, its value, its place.

In: a row and the name of one of its fields. Out: `Evidence`. Values of personal fields are marked,
so that reports can mask them.
"""

from __future__ import annotations

from datetime import date

from policy.model.findings import Evidence
from policy.model.records import Record
from policy.model.values import CauseKind, Failure, Missing, Pointer, Unknown


def json_pointer(path: Pointer) -> str:
    """Return the place as RFC 6901 writes it; the whole document is the empty text.

    >>> json_pointer(("programmes", 0, "a/b"))
    '/programmes/0/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def evidence_of(row: Record, field: str, expression: str = "") -> Evidence:
    """Return the evidence that `field` of `row` was read; `expression` is what the reader sees,
    `entity.field` unless said otherwise."""
    return Evidence(
        expression=expression or f"{row.entity}.{field}",
        value=in_words(row.value(field)),
        pointer=json_pointer((*row.pointer, field)),
        personal=row.type.fields[field].personal,
    )


def in_words(value: object) -> str:
    """Return a value as a reader of reports sees it: dates as 2025-10-28, rows as `unit U1`."""
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case Record():
            return f"{value.entity} {value.id}"
        case tuple():
            return ", ".join(in_words(member) for member in value) or "none"
        case Missing() | Unknown():
            kinds = [str(cause.kind) for cause in value.causes]
            return kinds[0] if kinds else str(CauseKind.NOT_RECORDED)
        case Failure():
            return value.message
    return str(value)
