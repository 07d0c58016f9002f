"""From the bytes of a document to its verdicts: the one function that every engine maps.

The quick way answers for documents that are as they should be. What is odd in any way (no JSON,
against the schema, a name twice, a number of many digits, references to nobody, dates to come)
takes the careful way that `policy check` takes, and gets its words.
"""

from __future__ import annotations

import hashlib
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from policy.audit.documents import DocumentBytes
from policy.data.loader import Loader
from policy.data.readers.raw import Format, RawDocument
from policy.data.readers.reading import parsed_json, read
from policy.document_judge import judge_document
from policy.dsl.compiling.linkers import release
from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic
from policy.model.findings import DocumentResult
from policy.model.records import Document
from policy.pack_cache.kept import KeptReady
from policy.ready import Ready, ReadyPack


class Judged(Struct, frozen=True, kw_only=True):
    """A document and what came of it. `size` in bytes, `hash` the SHA-256 of its bytes."""

    given: DocumentBytes
    size: int
    hash: str
    region: str
    result: DocumentResult


class Judge:
    """A pack ready to judge documents as at a day. `trusting`: they satisfy the schema."""

    def __init__(self, ready: Ready, as_at: date, *, trusting: bool = False) -> None:
        self._ready = ready
        self._as_at = as_at
        self._linker = ready.linker
        if trusting and isinstance(ready, ReadyPack):
            self._linker = ready.part_linker
        self._loader = Loader(schema=ready.pack.schema, as_at=as_at, quick=self._linker)

    def warm_up(self) -> None:
        """Make what documents will ask for, so that copies of this process share it.

        What is generated only now waits for documents: nobody knows yet which specs they are for.
        """
        import policy.making_findings  # noqa: F401 - and the evaluator that it asks

        self._loader.validation.is_valid({})
        if isinstance(self._ready, KeptReady):
            self._ready.make_all()

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
        if given.format is Format.YAML:
            return None
        linked = self._linker.read(given.name, content, self._as_at)
        return linked.document if linked is not None and linked.is_plain else None

    def _carefully(
        self, given: DocumentBytes, content: bytes
    ) -> tuple[Document | None, tuple[Diagnostic, ...]]:
        try:
            raw = _raw(given, content)
        except DataUnreadable as error:
            return None, error.diagnostics
        loaded = self._loader.take(raw)
        return loaded.document, loaded.diagnostics


def _raw(given: DocumentBytes, content: bytes) -> RawDocument:
    if given.format is Format.YAML:
        (raw,) = read(given.file)
        return raw
    return parsed_json(given.name, given.file, content, given.format, given.line)
