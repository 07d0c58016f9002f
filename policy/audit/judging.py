"""From the bytes of a document to its verdicts: the one function that every engine maps.

The quick way answers for documents that are as they should be. What is odd in any way (no JSON,
against the schema, a name twice, a number of many digits, references to nobody, dates to come)
takes the careful way that `policy check` takes, and gets its words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policy.audit.documents import DocumentBytes
from policy.data.loader import Loader
from policy.data.readers.json_text import LONGEST_INTEGER
from policy.data.readers.raw import Format, RawDocument
from policy.data.readers.reading import parsed_json, read
from policy.document_judge import judge_document
from policy.dsl.compiling.linkers import release
from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic
from policy.model.entities import EntityType, Kind
from policy.model.findings import DocumentResult
from policy.model.records import Document
from policy.ready import ReadyPack

# A literal with more digits than the careful reader takes is at least this large.
_LARGE = 10 ** (LONGEST_INTEGER - 1)

# A colon that no quote stands before: in a text, or after a name and white space.
_LONE_COLON = re.compile(rb':(?<!":)')
_WHITE = b" \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A document and what came of it. `size` in bytes, `hash` the SHA-256 of its bytes."""

    given: DocumentBytes
    size: int
    hash: str
    region: str
    result: DocumentResult


class Judge:
    """A pack ready to judge documents as at a day."""

    def __init__(self, ready: ReadyPack, as_at: date) -> None:
        self._ready = ready
        self._as_at = as_at
        self._loader = Loader(schema=ready.pack.schema, as_at=as_at, quick=ready.linker)
        self._numbers = tuple(_numbers(ready.pack.schema.types.entities))

    def warm_up(self) -> None:
        """Make everything that documents will ask for, so that copies of this process share it."""
        self._loader.validation.is_valid({})
        for spec in self._ready.pack.specs:
            self._ready.compiled(spec)

    def judge(self, given: DocumentBytes) -> Judged:
        """Judge one document; one that cannot be judged is not readable, and says why."""
        content = given.content
        if content is None:
            return self._refused(given, b"", given.diagnostics)
        document = self._quickly(given, content)
        diagnostics: tuple[Diagnostic, ...] = ()
        if document is None:
            document, diagnostics = self._carefully(given, content)
        if document is None:
            return self._refused(given, content, diagnostics)
        result = judge_document(self._ready, document, self._as_at)
        region = document.root.value("region") if "region" in document.root.type.fields else ""
        release(document)
        return Judged(
            given=given,
            size=len(content),
            hash=hashlib.sha256(content).hexdigest(),
            region=region if isinstance(region, str) else "",
            result=replace(result, diagnostics=diagnostics),
        )

    def refused(self, given: DocumentBytes, why: Diagnostic) -> Judged:
        """Return what becomes of a document that nobody may judge again."""
        return self._refused(given, given.content or b"", (why,))

    def _refused(
        self, given: DocumentBytes, content: bytes, diagnostics: tuple[Diagnostic, ...]
    ) -> Judged:
        result = DocumentResult(name=given.name, readable=False, diagnostics=diagnostics)
        return Judged(
            given=given,
            size=len(content),
            hash=hashlib.sha256(content).hexdigest(),
            region="",
            result=result,
        )

    def _quickly(self, given: DocumentBytes, content: bytes) -> Document | None:
        """Return the document if everything about it is plain."""
        import orjson

        if given.format is Format.YAML:
            return None
        try:
            data: Any = orjson.loads(content)
        except ValueError:
            return None
        if not isinstance(data, Mapping) or not self._loader.validation.is_valid(data):
            return None
        linked = self._ready.linker.link(given.name, data, self._as_at)
        document = linked.document
        if not linked.is_plain or self._has_large_number(document):
            return None
        return document if has_names(content, linked.members) else None

    def _has_large_number(self, document: Document) -> bool:
        """Return whether a number is so large that its digits have to be counted."""
        rows: Mapping[str, Any] = document.rows
        return any(
            _is_large(row.raw.get(name))
            for entity, names in self._numbers
            for row in rows[entity]
            for name in names
        )

    def _carefully(
        self, given: DocumentBytes, content: bytes
    ) -> tuple[Document | None, tuple[Diagnostic, ...]]:
        try:
            raw = _raw(given, content)
        except DataUnreadable as error:
            return None, error.diagnostics
        loaded = self._loader.take(raw)
        return loaded.document, loaded.diagnostics


def has_names(content: bytes, members: int) -> bool:
    """Return whether a JSON text with at least `members` names has exactly that many.

    Of a name that stands twice in one object the quick reader keeps the last, so then there are
    more. Never True for such a text; False for some texts that look odd, too.
    """
    # Each name has one colon, and texts may have more: as many colons as members is exact.
    colons = content.count(b":")
    if colons == members:
        return True
    # Otherwise each name's colon must follow its quote, or it cannot be told from one in a text.
    lone = 0
    for found in _LONE_COLON.finditer(content):
        if content[found.start() - 1] in _WHITE:
            return False
        lone += 1
    return colons - lone == members


def _numbers(entities: Mapping[str, EntityType]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the entities that have numbers, with the names of the fields."""
    for entity in entities.values():
        names = tuple(
            name
            for name, item in sorted(entity.fields.items())
            if (item.type.item or item.type).kind in (Kind.INTEGER, Kind.NUMBER)
        )
        if names:
            yield entity.name, names


def _is_large(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_is_large, value))
    return value is not None and not -_LARGE < value < _LARGE


def _raw(given: DocumentBytes, content: bytes) -> RawDocument:
    if given.format is Format.YAML:
        (raw,) = read(given.file)
        return raw
    return parsed_json(given.name, given.file, content, given.format, given.line)
