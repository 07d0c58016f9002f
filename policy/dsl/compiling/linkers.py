"""From valid data to linked rows, in one pass of code generated for the schema.

Each entity gets a class of row whose slots are its fields. What people have to be told of (ids that
occur twice, references to nobody, days still to come) is only noticed here, and worded elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import CodeType
from typing import Any

from policy.dsl.compiling.absent import MISSING, UNKNOWN
from policy.dsl.compiling.rows import LinkedRow, Links
from policy.model.entities import EntityType, Field, Kind, Schema, Tense, ValueType
from policy.model.records import Assumption, Document, Record
from policy.model.values import Cause, CauseKind


class _Days(dict[str, "Any"]):
    """Text -> day, each text read once; `last`: later days are not recorded yet, and `has_later`
    says that there are some."""

    def __init__(self, last: date = date.max) -> None:
        self.last = last
        self.has_later = False

    def __missing__(self, text: str) -> Any:
        day = date.fromisoformat(text)
        if day > self.last:
            self.has_later = True
            self[text] = MISSING
            return MISSING
        self[text] = day
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class QuicklyLinked:
    """`is_plain`: there is nothing that people must be told of; otherwise the document may even
    contradict itself, and only the careful linking knows. `members`: of all its rows."""

    document: Document
    is_plain: bool
    members: int


@dataclass(frozen=True, kw_only=True)
class Linker:
    """Makes documents of data that satisfied the schema; `source` is the code that does."""

    schema: Schema
    source: str
    _make: Callable[..., Any]

    def link(self, name: str, data: Mapping[str, Any], as_at: date) -> QuicklyLinked:
        """Link one document."""
        by_entity: dict[str, list[Any]] = {entity: [] for entity in self.schema.entities}
        index: dict[str, dict[str, Any]] = {entity: {} for entity in self.schema.entities}
        absent: list[tuple[Any, str]] = []
        assumed: dict[tuple[str, str], int] = {}
        done = _Days(as_at)
        links = Links(index=index, as_at=as_at)
        root, is_dangling = self._make(
            data, links, by_entity, index, absent, assumed, _Days(), done
        )
        links.is_dangling = is_dangling
        year, starts, ends = root.academic_year_, root.year_starts_on_, root.year_ends_on_
        document = Document(
            name=name,
            root=root,
            schema=self.schema,
            academic_year=year,
            year_starts_on=starts,
            year_ends_on=ends,
            index=_Index(index),
            rows={entity: tuple(rows) for entity, rows in by_entity.items()},
            absent=_absences(self.schema, absent),
            assumptions=tuple(self._assumptions(assumed)),
        )
        is_plain = (
            not is_dangling
            and not done.has_later
            and _is_one_year(year, starts, ends)
            and all(len(rows) == len(index[entity]) for entity, rows in by_entity.items())
        )
        members = sum([len(row.raw) for rows in by_entity.values() for row in rows])
        return QuicklyLinked(document=document, is_plain=is_plain, members=members)

    def _assumptions(self, assumed: Mapping[tuple[str, str], int]) -> Iterator[Assumption]:
        for (entity, name), count in sorted(assumed.items()):
            value = str(self.schema.entities[entity].fields[name].default)
            yield Assumption(entity=entity, field=name, value=value, count=count)


def release(document: Document) -> None:
    """Let go of a document that nobody needs any more: rows no longer know what encloses them.

    Rows know those below and above, so only a collection of garbage would find them otherwise; that
    takes longer than judging most rules.
    """
    for rows in document.rows.values():
        for row in rows:
            row.parent = None
    if isinstance(document.root, LinkedRow):
        del document.root.links


def _is_one_year(year: str, starts: date, ends: date) -> bool:
    """Whether the name of an academic year and its days agree."""
    first = int(year[:4])
    follows = int(year[5:]) == (first + 1) % 100
    return follows and starts.year == first and starts < ends and ends.year <= first + 1


class _Index(Mapping[tuple[str, str], Record]):
    """(entity, id) -> row, over one index for each entity."""

    def __init__(self, index: Mapping[str, Mapping[str, Record]]) -> None:
        self._index = index

    def __getitem__(self, key: tuple[str, str]) -> Record:
        return self._index[key[0]][key[1]]

    def __iter__(self) -> Any:
        return ((entity, id) for entity, rows in self._index.items() for id in rows)

    def __len__(self) -> int:
        return sum(map(len, self._index.values()))


def _absences(schema: Schema, absent: list[tuple[Record, str]]) -> dict[str, tuple[Cause, ...]]:
    found: dict[str, list[Cause]] = {}

    def note(cause: Cause, entity: str) -> None:
        found.setdefault(entity, []).append(cause)
        for child in schema.entities[entity].children.values():
            note(cause, child)

    for row, collection in absent:
        cause = row.cause(CauseKind.ABSENT_COLLECTION, collection)
        note(cause, row.type.children[collection])
    return {entity: tuple(causes) for entity, causes in found.items()}


# ---------------------------------------------------------------- generated


def linker_of(schema: Schema) -> Linker:
    """Return the linker of a schema."""
    source = linker_source(schema)
    return linker_from(schema, source, compile(source, "<linking>", "exec"))


def linker_from(schema: Schema, source: str, code: CodeType) -> Linker:
    """Return the linker of a schema whose source was compiled before."""
    namespace: dict[str, Any] = {"MISSING": MISSING, "UNKNOWN": UNKNOWN, "Decimal": Decimal}
    for entity in schema.entities.values():
        own = _own_fields(entity)
        names = [item.name for item in own if _is_kept(item)]
        kept = {name: attrgetter(f"{name}_") for name in (*names, *entity.children)}
        slots = tuple(f"{name}_" for name in (*(item.name for item in own), *entity.children))
        namespace[f"row_{entity.name}"] = type(
            entity.name, (LinkedRow,), {"__slots__": slots, "type": entity, "kept": kept}
        )
    exec(code, namespace)
    return Linker(schema=schema, source=source, _make=namespace["link"])


def _is_kept(item: Field) -> bool:
    """Whether what its slot has is its value, unless the slot has a mark: of lists, members may be
    absent too."""
    inner = item.type.item
    return inner is None or inner.kind in (Kind.TEXT, Kind.ENUM, Kind.INTEGER, Kind.BOOLEAN)


def linker_source(schema: Schema) -> str:
    """Return the code that links documents of this schema."""
    lines: list[str] = []
    for entity in schema.entities.values():
        lines += _adder(entity)
    lines += [f"root = add_{schema.root}(data, None, 0)", "root.links = links", "dangling = False"]
    for entity in schema.entities.values():
        lines += _references(entity)
    head = "def link(data, links, rows, index, absent, assumed, days, done):"
    body = [*lines, "return root, dangling"]
    return "\n".join((head, *(f"    {line}".rstrip() for line in body))) + "\n"


def _own_fields(entity: EntityType) -> list[Field]:
    """Return the fields that have a slot: all but the id, which every row has."""
    return [item for name, item in sorted(entity.fields.items()) if name != entity.id_field]


def _adder(entity: EntityType) -> list[str]:
    """Return the function that makes a row and those below it, references still open."""
    name = entity.name
    lines = [
        f"keep_{name} = rows[{name!r}].append",
        f"index_{name} = index[{name!r}]",
        f"new_{name} = row_{name}.__new__",
        "",
        f"def add_{name}(raw, parent, at):",
        f"    row = new_{name}(row_{name})",
        "    row.raw = raw",
        "    row.parent = parent",
        "    row.at = at",
        f"    row.id = id = raw[{entity.id_field!r}]",
        f"    index_{name}.setdefault(id, row)",
        f"    keep_{name}(row)",
        "    get = raw.get",
    ]
    for item in _own_fields(entity):
        if _target(item) is None:
            lines += _field(entity, item)
    for collection, child in entity.children.items():
        lines += [
            f"    x = get({collection!r})",
            "    if x is None:",
            f"        row.{collection}_ = UNKNOWN",
            f"        absent.append((row, {collection!r}))",
            "    else:",
            f"        row.{collection}_ = tuple("
            f"[add_{child}(one, row, n) for n, one in enumerate(x)])",
        ]
    return [*lines, "    return row", ""]


def _field(entity: EntityType, item: Field) -> list[str]:
    slot = f"row.{item.name}_"
    read = _reading(item, item.type, "x")
    if item.required and read == "x":
        return [f"    {slot} = raw[{item.name!r}]"]
    if item.default is None:
        return [
            f"    x = get({item.name!r})",
            f"    {slot} = MISSING if x is None else {read}",
        ]
    key = (entity.name, item.name)
    return [
        f"    x = get({item.name!r})",
        "    if x is None:",
        f"        {slot} = {item.default!r}",
        f"        assumed[{key!r}] = assumed.get({key!r}, 0) + 1",
        "    else:",
        f"        {slot} = {read}",
    ]


def _reading(item: Field, kind: ValueType, raw: str) -> str:
    """Return the expression that makes a value of what JSON has."""
    if kind.kind is Kind.LIST:
        inner = _reading(item, kind.item or ValueType(kind=Kind.TEXT), "y")
        return f"tuple({raw})" if inner == "y" else f"tuple([{inner} for y in {raw}])"
    if kind.kind is Kind.DATE:
        return f"done[{raw}]" if item.tense is Tense.DONE else f"days[{raw}]"
    if kind.kind is Kind.INTEGER:
        return f"int({raw})"
    if kind.kind is Kind.NUMBER:
        return f"Decimal(repr({raw}))"
    return raw


def _target(item: Field) -> str | None:
    """Return the entity that a field names rows of."""
    kind = item.type.item if item.type.item is not None else item.type
    return kind.entity if kind.kind is Kind.REF else None


def _references(entity: EntityType) -> list[str]:
    """Return the loop that follows the references of an entity's rows."""
    fields = [item for item in _own_fields(entity) if _target(item) is not None]
    if not fields:
        return []
    targets = sorted({str(_target(item)) for item in fields})
    lines = [f"find_{target} = index[{target!r}].get" for target in targets]
    lines += [f"for row in rows[{entity.name!r}]:", "    get = row.raw.get"]
    for item in fields:
        find = f"find_{_target(item)}"
        slot = f"row.{item.name}_"
        lines += [f"    x = get({item.name!r})", "    if x is None:", f"        {slot} = MISSING"]
        if item.type.kind is Kind.LIST:
            lines += [
                "    else:",
                f"        {slot} = found = tuple([{find}(y, UNKNOWN) for y in x])",
                "        if UNKNOWN in found:",
                "            dangling = True",
            ]
        else:
            lines += [
                "    else:",
                f"        {slot} = found = {find}(x, UNKNOWN)",
                "        if found is UNKNOWN:",
                "            dangling = True",
            ]
    return lines
