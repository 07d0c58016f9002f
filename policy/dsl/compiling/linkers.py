"""From a document to linked rows, by code generated for the schema.

Each entity gets a class of row whose slots are its fields; JSON becomes such rows in one pass,
which also sees whether it is as the schema wants it. What people have to be told of (ids that occur
twice, references to nobody, days still to come, a name twice) is only noticed here, and worded
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import CodeType
from typing import Any

import msgspec
from msgspec import Struct

from policy.dsl.compiling.link_code import FIRST_DAY, LARGE, LAST_DAY, link_lines
from policy.dsl.compiling.row_classes import class_lines, class_maker, class_names, says_all
from policy.dsl.compiling.rows import LinkedRow, Links
from policy.model.entities import Schema
from policy.model.records import Assumption, Document, Record


class QuicklyLinked(Struct, frozen=True, kw_only=True):
    """`is_plain`: the document is as the schema wants it, and there is nothing that people must be
    told of; otherwise only the careful reading knows whether it may be judged."""

    document: Document
    is_plain: bool


class _Made:
    """What the code of a linker made. `fill` puts marks where there are nulls."""

    def __init__(self, namespace: Mapping[str, Any], root: str, *, with_nulls: bool) -> None:
        self.root: type[LinkedRow] = namespace[f"row_{root}"]
        self.decode: Callable[[bytes], Any] = msgspec.json.Decoder(self.root).decode
        self.may_have_nulls = with_nulls
        self.fill: Callable[[Any], None] = namespace["fill"]
        self.link: Callable[..., bool] = namespace["link"]


class Linker(Struct, frozen=True, kw_only=True, dict=True):
    """Makes documents of what satisfies the schema; `source` is the code that does.

    `asks_all`: what becomes a plain document satisfies the schema; otherwise the schema asks for
    something that is not known here, and no document is plain.
    """

    schema: Schema
    source: str
    asks_all: bool
    is_part: bool
    _run: Callable[[bool], Mapping[str, Any]]
    """Runs the code: classes whose optional fields may be null, or not."""

    @cached_property
    def _nullable(self) -> _Made:
        return _Made(self._run(True), self.schema.root, with_nulls=True)

    @cached_property
    def _plain(self) -> _Made:
        return _Made(self._run(False), self.schema.root, with_nulls=False)

    @cached_property
    def _encode(self) -> Callable[[Any], bytes]:
        return msgspec.json.Encoder().encode

    def read(self, name: str, content: bytes, as_at: date) -> QuicklyLinked | None:
        """Link a document as JSON; None if only the careful reading knows what to think of it."""
        try:
            # Nulls are looked for by trying without: searching the text for them takes longer.
            made = self._plain
            root = made.decode(content)
        except msgspec.ValidationError:
            try:
                made = self._nullable
                root = made.decode(content)
            except (ValueError, RecursionError):
                return None
        except (ValueError, RecursionError):
            return None
        if not (self.is_part or self._has_each_name_once(root, content)):
            return None
        return self._linked(name, root, content, as_at, made)

    def link(self, name: str, data: Mapping[str, Any], as_at: date) -> QuicklyLinked | None:
        """Link a document as data; None if it does not satisfy the schema word by word."""
        try:
            root = msgspec.convert(data, self._nullable.root)
        except (ValueError, RecursionError):
            return None
        return self._linked(name, root, data, as_at, self._nullable)

    def link_valid(self, name: str, data: Mapping[str, Any], as_at: date) -> QuicklyLinked:
        """Link data that satisfies the schema, such as 1.0 where a whole number is wanted."""
        root = msgspec.convert(data, self._nullable.root, strict=False)
        return self._linked(name, root, data, as_at, self._nullable)

    def _has_each_name_once(self, root: Any, content: bytes) -> bool:
        """Return whether no name stands twice in one object; False for some odd texts, too.

        Of such a name only the last is kept, so what is written again has fewer colons. A colon in
        a text is written as it is, unless by its number.
        """
        return content.count(b":") == self._encode(root).count(b":") and b"\\u003" not in content

    def _linked(
        self,
        name: str,
        root: Any,
        given: bytes | Mapping[str, Any],
        as_at: date,
        made: _Made,
    ) -> QuicklyLinked:
        rows: dict[str, list[Any]] = {}
        index: dict[str, dict[str, Any]] = {}
        assumed: dict[tuple[str, str], int] = {}
        lacking: dict[str, list[Record]] = {}
        root.links = Links(index=index, as_at=as_at, given=given)
        if made.may_have_nulls:
            made.fill(root)
        is_plain = made.link(root, rows, index, lacking, assumed, as_at)
        root.links.is_plain = is_plain
        year, starts, ends = root.academic_year_, root.year_starts_on_, root.year_ends_on_
        document = Document(
            name=name,
            root=root,
            schema=self.schema,
            academic_year=year,
            year_starts_on=starts,
            year_ends_on=ends,
            index=_Index(index, rows),
            rows={entity: tuple(rows.get(entity, ())) for entity in self.schema.entities},
            lacking=lacking,
            assumptions=tuple(self._assumptions(assumed)),
        )
        is_plain = is_plain and self.asks_all and _is_one_year(year, starts, ends)
        return QuicklyLinked(document=document, is_plain=is_plain)

    def _assumptions(self, assumed: Mapping[tuple[str, str], int]) -> Iterator[Assumption]:
        for (entity, name), count in sorted(assumed.items()):
            value = str(self.schema.entities[entity].fields[name].default)
            yield Assumption(entity=entity, field=name, value=value, count=count)


def release(document: Document) -> None:
    """Let go of a document that nobody needs any more: rows no longer know what encloses them.

    Rows know those below and above, so only a collection of garbage would find them otherwise; that
    takes longer than judging most rules.
    """
    made: Mapping[str, Any] = document.rows
    for rows in made.values():
        for row in rows:
            row.parent = None
    if isinstance(document.root, LinkedRow):
        (root,) = made[document.schema.root]
        root.links = None


def _is_one_year(year: str, starts: date, ends: date) -> bool:
    """Whether the name of an academic year and its days agree."""
    first = int(year[:4])
    follows = int(year[5:]) == (first + 1) % 100
    return follows and starts.year == first and starts < ends and ends.year <= first + 1


class _Index(Mapping[tuple[str, str], Record]):
    """(entity, id) -> row, over one index for each entity; some are made when asked for."""

    def __init__(
        self, index: dict[str, dict[str, Record]], rows: Mapping[str, Sequence[Record]]
    ) -> None:
        self._index = index
        self._rows = rows

    def __getitem__(self, key: tuple[str, str]) -> Record:
        entity, id = key
        if entity not in self._index:
            self._index[entity] = {row.id: row for row in reversed(self._rows[entity])}
        return self._index[entity][id]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter({(entity, row.id): row for entity, rows in self._rows.items() for row in rows})

    def __len__(self) -> int:
        return sum(1 for _ in self)


# ---------------------------------------------------------------- generated


def linker_of(schema: Schema, part: Schema | None = None) -> Linker:
    """Return the linker of a schema. With a `part`, rows have what that has, and of the rest
    nothing is asked, not even whether it is as the schema wants it."""
    source = linker_source(part or schema, is_part=part is not None)
    code = compile(source, "<linking>", "exec")
    return linker_from(schema, source, code, says_all(part or schema), is_part=part is not None)


def linker_source(schema: Schema, *, is_part: bool = False) -> str:
    """Return the code that links documents of this schema."""
    return "\n".join((*class_lines(schema), *link_lines(schema, is_part=is_part))) + "\n"


def linker_from(
    schema: Schema, source: str, code: CodeType, asks_all: bool, *, is_part: bool = False
) -> Linker:
    """Return the linker of a schema whose source was compiled before."""

    def run(with_nulls: bool) -> Mapping[str, Any]:
        namespace: dict[str, Any] = {
            **class_names(with_nulls=with_nulls),
            "made": class_maker(schema, is_part),
            "Decimal": Decimal,
            **{"FIRST_DAY": FIRST_DAY, "LAST_DAY": LAST_DAY, "LARGE": LARGE},
        }
        exec(code, namespace)
        return namespace

    return Linker(schema=schema, source=source, asks_all=asks_all, is_part=is_part, _run=run)
