"""The arrow from a file to linked documents: read, validate, link.

In: the name of a file, the schema, the day of the run. Out: `Loaded` values, one for each document
in the file, as they are asked for. A document that cannot be used is yielded too, with the
diagnostics that say why; the next one is not affected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from msgspec import Struct

from policy.data.positions import Positions
from policy.data.readers.gathering import LARGEST
from policy.data.readers.raw import RawDocument
from policy.data.readers.reading import read
from policy.model.diagnostics import Diagnostic
from policy.model.records import Document
from policy.model.source import SourceText, Span
from policy.model.values import Pointer

if TYPE_CHECKING:
    from policy.data.schema import JudgedSchema
    from policy.data.validation import Validation


class Loaded(Struct, frozen=True, kw_only=True):
    """One document as far as it came: `document` is None if it cannot be judged."""

    name: str
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]
    raw: RawDocument
    places: Positions

    def __repr__(self) -> str:
        return f"<loaded {self.name}>"

    @property
    def source(self) -> SourceText:
        """The text the document was read from."""
        return self.raw.source

    @property
    def data(self) -> Mapping[str, Any] | None:
        """What was read, before linking; None if it could not be read."""
        return self.raw.data

    def locate(self, pointer: Pointer) -> Span | None:
        """Return where to point for a value: its name if it is personal, and for one that is not
        there the nearest row that encloses it. The first question costs a second reading."""
        return self.places.of(pointer)


class Quick(Protocol):
    """A document linked quickly; unless it is plain, only the careful reading can tell whether
    it may be judged and what people must be told of."""

    @property
    def document(self) -> Document:
        """The document."""
        ...

    @property
    def is_plain(self) -> bool:
        """Whether it is as the schema wants it, and there is nothing to tell."""
        ...


class QuickLinker(Protocol):
    """Links data without looking for words."""

    def link(self, name: str, data: Mapping[str, Any], as_at: date) -> Quick | None:
        """Link one document; None if it does not satisfy the schema word by word."""

    def link_valid(self, name: str, data: Mapping[str, Any], as_at: date) -> Quick:
        """Link one document that satisfies the schema."""


class Loader(Struct, frozen=True, kw_only=True, dict=True):
    """A schema made ready for any number of files; `limit` is in bytes for one document.

    `quick` links what is judged by generated code, which reads rows of its own making.
    """

    schema: JudgedSchema
    as_at: date
    limit: int = LARGEST
    quick: QuickLinker | None = None

    @cached_property
    def validation(self) -> Validation:
        """What says whether data satisfy the schema, and where not."""
        from policy.data.validation import Validation

        return Validation(self.schema)

    def load(self, path: str, *, stdin: BinaryIO | None = None) -> Iterator[Loaded]:
        """Yield the documents of a file, or of standard input for `-`."""
        for raw in read(path, stdin=stdin, limit=self.limit):
            yield self.take(raw)

    def take(self, raw: RawDocument) -> Loaded:
        """Validate and link what was read."""
        places = Positions(raw, self.schema.types)
        diagnostics = raw.diagnostics
        document = None
        if raw.data is not None:
            document, found = self._linked(raw, raw.data, places)
            diagnostics += found
        return Loaded(
            name=raw.name, document=document, diagnostics=diagnostics, raw=raw, places=places
        )

    def _linked(
        self, raw: RawDocument, data: Mapping[str, Any], places: Positions
    ) -> tuple[Document | None, tuple[Diagnostic, ...]]:
        quick = self.quick.link(raw.name, data, self.as_at) if self.quick else None
        if quick is not None and quick.is_plain:
            return quick.document, ()
        from policy.data.linking import link

        mistakes = self.validation.check(data, places, raw.file)
        if mistakes:
            return None, mistakes
        linked = link(raw.name, data, self.schema.types, self.as_at, places, raw.file)
        if self.quick is None or linked.document is None:
            return linked.document, linked.diagnostics
        quick = quick or self.quick.link_valid(raw.name, data, self.as_at)
        return quick.document, linked.diagnostics


def load(
    path: str,
    schema: JudgedSchema,
    as_at: date,
    *,
    stdin: BinaryIO | None = None,
    limit: int = LARGEST,
) -> Iterator[Loaded]:
    """Yield the documents of one file; for many files keep a `Loader`."""
    return Loader(schema=schema, as_at=as_at, limit=limit).load(path, stdin=stdin)
