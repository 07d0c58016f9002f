"""A document as it was read, before anybody looked at what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

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


@dataclass(frozen=True, kw_only=True)
class RawDocument:
    """One document. `data` is None if it cannot be read, and then a diagnostic is an error.

    `name` is the path as the user wrote it, `<stdin>`, or for NDJSON the path with the number of
    the line (`batch.ndjson:17`). `text` is what it was parsed from, `first_line` the number of the
    first line of `text` in `file`.
    """

    name: str
    file: str
    format: Format
    text: str = field(default="", repr=False)
    first_line: int = 1
    data: Mapping[str, Any] | None = field(default=None, repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()

    @cached_property
    def source(self) -> SourceText:
        """The text with its name and line numbers."""
        return SourceText(self.file, self.text, self.first_line)
