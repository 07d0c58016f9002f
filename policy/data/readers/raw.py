"""A document as it was read, before anybody looked at what it says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from msgspec import Struct

from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText
from policy.model.values import Pointer

Extent: TypeAlias = tuple[int, int]
"""Offsets in the characters of a text, the end not included."""

Extents: TypeAlias = dict[Pointer, tuple[Extent | None, Extent]]
"""Pointer -> extent of the name (none for a member of a list) and of the value."""


class Format(StrEnum):
    """How a document is written down."""

    JSON = "json"
    YAML = "yaml"
    NDJSON = "ndjson"


class RawDocument(Struct, frozen=True, kw_only=True, dict=True):
    """One document. `data` is None if it cannot be read, and then a diagnostic is an error.

    `name` is the path as the user wrote it, `<stdin>`, or for NDJSON the path with the number of
    the line (`batch.ndjson:17`). `text` is what it was parsed from, `first_line` the number of the
    first line of `text` in `file`.
    """

    name: str
    file: str
    format: Format
    text: str = ""
    first_line: int = 1
    data: Mapping[str, Any] | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def __repr__(self) -> str:
        return f"<text of {self.name}>"

    @cached_property
    def source(self) -> SourceText:
        """The text with its name and line numbers."""
        return SourceText(self.file, self.text, self.first_line)
