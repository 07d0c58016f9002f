"""From a valid document to rows that know their parents, children and references.

In: data that satisfied the JSON Schema, the schema as types, and the day of the run. Out: a
`Document`, or none if ids or the academic year are contradictory, and diagnostics.

What is not there stays not there: an absent field is `Missing`, an absent collection `Unknown`, a
reference to nobody `Unknown` with the id it names. A date that says what was done and lies after
the day of the run counts as not recorded yet. Only a `default` of the schema fills a gap, and how
often it did is an assumption of the document. Values of personal fields are never printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from policy.data.field_values import FieldValues, Reader
from policy.data.linking_words import LinkingWords
from policy.data.positions import Nowhere
from policy.model.diagnostics import Diagnostic
from policy.model.entities import EntityType, Field, Schema
from policy.model.records import Assumption, Document, FilledRecord, Record
from policy.model.values import Pointer, Value

if TYPE_CHECKING:
    from policy.data.positions import Places


class Linked(Struct, frozen=True, kw_only=True):
    """`document` is None if the data contradict themselves; then a diagnostic is an error."""

    document: Document | None
    diagnostics: tuple[Diagnostic, ...] = ()


def link(
    name: str,
    data: Mapping[str, Any],
    schema: Schema,
    as_at: date,
    places: Places | None = None,
    file: str = "",
) -> Linked:
    """Link a document that satisfied the schema; `name` is what reports call it.

    `places` and `file` say where diagnostics point at; they default to nowhere and to `name`.
    """
    rows = _Rows(schema=schema)
    root = rows.add(schema.entities[schema.root], data, (), None)
    values = FieldValues(index=rows.index, as_at=as_at)
    assumptions = _fill(rows.sources, values)
    words = LinkingWords(
        places=places or Nowhere(), file=file or name, rows=rows.by_entity, index=rows.index
    )
    year = (
        str(root.value("academic_year")),
        _day(root, "year_starts_on"),
        _day(root, "year_ends_on"),
    )
    errors = (*(words.twice(*pair) for pair in rows.twice), *words.year(*year))
    if errors:
        # References could be dangling only because of these, so nothing is said about them.
        return Linked(document=None, diagnostics=errors)
    document = Document(
        name=name,
        root=root,
        schema=schema,
        academic_year=year[0],
        year_starts_on=year[1],
        year_ends_on=year[2],
        index=rows.index,
        rows={entity: tuple(found) for entity, found in rows.by_entity.items()},
        lacking=rows.lacking,
        assumptions=assumptions,
    )
    warnings = (*words.future(values.future, as_at), *words.dangling(values.dangling))
    return Linked(document=document, diagnostics=warnings)


def _day(root: Record, name: str) -> date:
    value = root.value(name)
    if not isinstance(value, date):
        raise TypeError(f"the schema must require {name} and make it a planned date")
    return value


class _Rows(Struct, kw_only=True):
    """All rows of a document, still without values."""

    schema: Schema
    sources: list[tuple[FilledRecord, Mapping[str, Any]]] = field(default_factory=list)
    index: dict[tuple[str, str], Record] = field(default_factory=dict)
    by_entity: dict[str, list[Record]] = field(default_factory=dict)
    lacking: dict[str, list[Record]] = field(default_factory=dict)
    twice: list[tuple[Record, Record]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_entity = {name: [] for name in self.schema.entities}

    def add(
        self, entity: EntityType, row: Mapping[str, Any], pointer: Pointer, parent: Record | None
    ) -> Record:
        """Make the row's record and those below it, in document order."""
        record = FilledRecord(type=entity, id=row[entity.id_field], pointer=pointer, parent=parent)
        self.sources.append((record, row))
        self.by_entity[entity.name].append(record)
        first = self.index.setdefault((entity.name, record.id), record)
        if first is not record:
            self.twice.append((first, record))
        for collection, child in entity.children.items():
            below = row.get(collection)
            if below is None:
                self.lacking.setdefault(child, []).append(record)
                continue
            kind = self.schema.entities[child]
            place = (*pointer, collection)
            made = [self.add(kind, item, (*place, at), record) for at, item in enumerate(below)]
            record.set_collection(collection, tuple(made))
        return record


def _fill(
    sources: list[tuple[FilledRecord, Mapping[str, Any]]], values: FieldValues
) -> tuple[Assumption, ...]:
    """Give all records their values; return what defaults stood in for."""
    readers: dict[str, dict[str, Reader | None]] = {}
    defaults: dict[str, list[Field]] = {}
    assumed: dict[tuple[str, str], int] = {}
    for record, row in sources:
        entity = record.type.name
        if entity not in readers:
            readers[entity] = values.readers(record.type)
            defaults[entity] = [
                item for item in record.type.fields.values() if item.default is not None
            ]
        found = _values(record, row, readers[entity])
        for item in defaults[entity]:
            if item.name not in found and item.default is not None:
                found[item.name] = item.default
                assumed[entity, item.name] = assumed.get((entity, item.name), 0) + 1
        record.set_values(found)
    return tuple(_assumptions(assumed, defaults))


def _values(
    record: Record, row: Mapping[str, Any], readers: Mapping[str, Reader | None]
) -> dict[str, Value]:
    """Return the values of a row; what is null stays out, and so is missing."""
    found: dict[str, Value] = {}
    for name, raw in row.items():
        if raw is not None and name in readers:
            reader = readers[name]
            found[name] = raw if reader is None else reader(record, raw, (name,))
    return found


def _assumptions(
    assumed: Mapping[tuple[str, str], int], defaults: Mapping[str, list[Field]]
) -> Iterator[Assumption]:
    for (entity, name), count in sorted(assumed.items()):
        (item,) = (item for item in defaults[entity] if item.name == name)
        yield Assumption(entity=entity, field=name, value=str(item.default), count=count)
