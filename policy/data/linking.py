"""From a valid document to rows that know their parents, children and references.

In: data that satisfied the JSON Schema, the schema as types, and the day of the run. Out: a
`Document`, or none if ids or the academic year are contradictory, and diagnostics.

What is not there stays not there: an absent field is `Missing`, an absent collection `Unknown`, a
reference to nobody `Unknown` with the id it names. A date that says what was done and lies after
the day of the run counts as not recorded yet. Only a `default` of the schema fills a gap, and how
often it did is an assumption of the document. Values of personal fields are never printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeAlias

from policy.data.positions import Nowhere, Places
from policy.model.diagnostics import Diagnostic, Label, Level, did_you_mean
from policy.model.entities import EntityType, Field, Kind, Schema, Tense, ValueType
from policy.model.records import Assumption, Document, Record
from policy.model.values import Cause, CauseKind, Missing, Pointer, Unknown, Value

_Reader: TypeAlias = Callable[[Record, Any, Pointer], Value]
"""Makes a value of what JSON has; the pointer leads from the record to the value."""

_NUMBERS: Mapping[Kind, _Reader] = {
    Kind.INTEGER: lambda record, raw, place: int(raw),
    Kind.NUMBER: lambda record, raw, place: Decimal(repr(raw)),
}

MOST_OF_A_KIND = 50
"""How many dangling references of a document are worded one by one."""

_MOST_SUGGESTIONS_FROM = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
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
    linker = _Linker(
        name=name, schema=schema, as_at=as_at, places=places or Nowhere(), file=file or name
    )
    root = linker.build(schema.entities[schema.root], data, (), None)
    for record, row in linker.sources:
        linker.fill(record, row)
    linker.check_year(root)
    if linker.diagnostics:
        return Linked(document=None, diagnostics=tuple(linker.diagnostics))
    linker.say_future_dates()
    linker.say_dangling()
    return Linked(document=linker.document(root), diagnostics=tuple(linker.diagnostics))


@dataclass(kw_only=True)
class _Linker:
    """The work on one document: filled by `build`, then by `fill`, then read off."""

    name: str
    schema: Schema
    as_at: date
    places: Places
    file: str
    sources: list[tuple[Record, Mapping[str, Any]]] = field(default_factory=list)
    index: dict[tuple[str, str], Record] = field(default_factory=dict)
    rows: dict[str, list[Record]] = field(default_factory=dict)
    absent: dict[str, list[Cause]] = field(default_factory=dict)
    assumed: dict[tuple[str, str], int] = field(default_factory=dict)
    future: dict[tuple[str, str], list[Pointer]] = field(default_factory=dict)
    dangling: list[tuple[Record, Pointer, str, str]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    readers: dict[str, dict[str, _Reader | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = {name: [] for name in self.schema.entities}
        self.defaults = {
            name: [item for item in entity.fields.values() if item.default is not None]
            for name, entity in self.schema.entities.items()
        }

    def build(
        self, entity: EntityType, row: Mapping[str, Any], pointer: Pointer, parent: Record | None
    ) -> Record:
        """Make the row's record and those below it, in document order."""
        record = Record(type=entity, id=row[entity.id_field], pointer=pointer, parent=parent)
        self.sources.append((record, row))
        self.rows[entity.name].append(record)
        first = self.index.setdefault((entity.name, record.id), record)
        if first is not record:
            self.say_twice(first, record)
        for collection, child in entity.children.items():
            below = row.get(collection)
            if below is None:
                self.note_absent(record.cause(CauseKind.ABSENT_COLLECTION, collection), child)
                continue
            kind = self.schema.entities[child]
            place = (*pointer, collection)
            record.set_collection(
                collection,
                tuple(
                    self.build(kind, item, (*place, at), record) for at, item in enumerate(below)
                ),
            )
        return record

    def note_absent(self, cause: Cause, entity: str) -> None:
        """Remember that rows of `entity`, and of all entities below it, may be lacking."""
        self.absent.setdefault(entity, []).append(cause)
        for child in self.schema.entities[entity].children.values():
            self.note_absent(cause, child)

    def fill(self, record: Record, row: Mapping[str, Any]) -> None:
        """Give the record its values; what is null stays out, and so is missing."""
        entity = record.type.name
        readers = self.readers.get(entity)
        if readers is None:
            readers = self.readers[entity] = self.readers_of(record.type)
        values: dict[str, Value] = {}
        for name, raw in row.items():
            if raw is not None and name in readers:
                reader = readers[name]
                values[name] = raw if reader is None else reader(record, raw, (name,))
        for item in self.defaults[entity]:
            if item.name not in values and item.default is not None:
                values[item.name] = item.default
                self.assumed[entity, item.name] = self.assumed.get((entity, item.name), 0) + 1
        record.set_values(values)

    def readers_of(self, entity: EntityType) -> dict[str, _Reader | None]:
        """Return for each field what makes a value of JSON, None where JSON has it already."""
        return {name: self.reader(item, item.type) for name, item in entity.fields.items()}

    def reader(self, item: Field, of: ValueType) -> _Reader | None:
        """Return what reads a value of type `of` that stands in the field `item`."""
        if of.kind is Kind.LIST:
            return self.list_reader(item, of)
        if of.kind is Kind.REF:
            return partial(self.reference, item, of.entity)
        if of.kind is Kind.DATE:
            return partial(self.day, item)
        return _NUMBERS.get(of.kind)

    def list_reader(self, item: Field, of: ValueType) -> _Reader:
        """Return what reads a list."""
        member = self.reader(item, of.item or ValueType(kind=Kind.TEXT))

        def read(record: Record, raw: Any, place: Pointer) -> Value:
            if member is None:
                return tuple(raw)
            return tuple(member(record, one, (*place, at)) for at, one in enumerate(raw))

        return read

    def reference(
        self, item: Field, entity: str, record: Record, wanted: str, place: Pointer
    ) -> Value:
        """Return the row that is named, unknown if there is none."""
        found = self.index.get((entity, wanted))
        if found is not None:
            return found
        shown = "" if item.personal else wanted
        self.dangling.append((record, place, entity, shown))
        return Unknown((record.cause(CauseKind.DANGLING, item.name, shown),))

    def day(self, item: Field, record: Record, raw: str, place: Pointer) -> Value:
        """Return the day, missing if it tells of something done after the run."""
        day = date.fromisoformat(raw)
        if item.tense is Tense.DONE and day > self.as_at:
            pointers = self.future.setdefault((record.type.name, item.name), [])
            pointers.append(record.pointer + place)
            return Missing(
                (record.cause(CauseKind.NOT_YET, item.name, "" if item.personal else raw),)
            )
        return day

    def say_twice(self, first: Record, second: Record) -> None:
        """Report an id that two rows of one kind have."""
        key = first.type.id_field
        earlier = self.places.of((*first.pointer, key))
        self.diagnostics.append(
            Diagnostic(
                code="P521",
                message=f"two rows of `{first.type.name}` have the {key} `{second.id}`",
                span=self.places.of((*second.pointer, key)),
                help="give each its own; references could mean either",
                labels=(Label(span=earlier, text="the first"),) if earlier else (),
                file=self.file,
            )
        )

    def say_dangling(self) -> None:
        """Report references that lead nowhere, the first ones each by itself."""
        for record, place, entity, wanted in self.dangling[:MOST_OF_A_KIND]:
            self.diagnostics.append(
                Diagnostic(
                    code="P520",
                    message=f"`{record.type.name}.{place[0]}` names {_shown(entity, wanted)}, "
                    "which is not in the document",
                    span=self.places.of(record.pointer + place),
                    help=self.suggestion(entity, wanted),
                    level=Level.WARNING,
                    file=self.file,
                )
            )
        more = len(self.dangling) - MOST_OF_A_KIND
        if more > 0:
            self.diagnostics.append(
                Diagnostic(
                    code="P520",
                    message=f"{more} more references name rows that are not in the document",
                    level=Level.WARNING,
                    file=self.file,
                )
            )

    def suggestion(self, entity: str, wanted: str) -> str:
        """Return what the reference may have meant, or an empty text."""
        if not wanted:
            return ""
        for other in self.schema.entities:
            if (other, wanted) in self.index:
                return f"`{wanted}` is the id of a row of `{other}`"
        known = self.rows[entity]
        if len(known) > _MOST_SUGGESTIONS_FROM:
            return ""
        return did_you_mean(wanted, (record.id for record in known))

    def say_future_dates(self) -> None:
        """Report done-dates after the day of the run, one diagnostic for each field."""
        for (entity, name), pointers in sorted(self.future.items()):
            more = f" in {len(pointers)} rows" if len(pointers) > 1 else ""
            self.diagnostics.append(
                Diagnostic(
                    code="P522",
                    message=f"`{entity}.{name}` is later than {self.as_at}{more}",
                    span=self.places.of(pointers[0]),
                    help="it says what was done, so it counts as not recorded yet; mend the date, "
                    "or judge the document as at a later day",
                    level=Level.WARNING,
                    file=self.file,
                )
            )

    def check_year(self, root: Record) -> None:
        """Report an academic year whose name and days do not fit together."""
        for name, message in _year_faults(root):
            self.diagnostics.append(
                Diagnostic(
                    code="P523",
                    message=message,
                    span=self.places.of((name,)),
                    help="a document holds one academic year: `2025/26` begins in 2025 and ends "
                    "by the end of 2026",
                    file=self.file,
                )
            )

    def document(self, root: Record) -> Document:
        """Return what was linked."""
        values = {name: root.value(name) for name in ("year_starts_on", "year_ends_on")}
        starts, ends = values["year_starts_on"], values["year_ends_on"]
        if not isinstance(starts, date) or not isinstance(ends, date):
            raise TypeError("the schema must require both ends of the academic year as dates")
        return Document(
            name=self.name,
            root=root,
            schema=self.schema,
            academic_year=str(root.value("academic_year")),
            year_starts_on=starts,
            year_ends_on=ends,
            index=self.index,
            rows={name: tuple(rows) for name, rows in self.rows.items()},
            absent={name: tuple(causes) for name, causes in self.absent.items()},
            assumptions=tuple(self.assumptions()),
        )

    def assumptions(self) -> Iterator[Assumption]:
        """Yield what defaults stood in for, by entity and field."""
        for (entity, name), count in sorted(self.assumed.items()):
            default = self.schema.entities[entity].fields[name].default
            yield Assumption(entity=entity, field=name, value=str(default), count=count)


def _shown(entity: str, wanted: str) -> str:
    return f"the {entity} `{wanted}`" if wanted else f"a row of `{entity}`"


def _year_faults(root: Record) -> Iterator[tuple[str, str]]:
    """Yield the field to point at and what is wrong with the academic year."""
    year = str(root.value("academic_year"))
    starts, ends = root.value("year_starts_on"), root.value("year_ends_on")
    if not isinstance(starts, date) or not isinstance(ends, date):
        return
    first = int(year[:4])
    if int(year[5:]) != (first + 1) % 100:
        yield "academic_year", f"`{year}` is not an academic year: its two years do not follow"
        return
    if starts.year != first:
        yield "year_starts_on", f"the academic year {year} cannot start on {starts}"
    if ends <= starts:
        yield "year_ends_on", f"the academic year ends on {ends}, before it starts on {starts}"
    elif ends.year not in (first, first + 1):
        yield "year_ends_on", f"the academic year {year} cannot end on {ends}"
