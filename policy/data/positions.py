"""Where each value of a document stands in its text.

Built only for documents that something is said about: reading forgets places, because keeping
them for every document would cost more than checking it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from policy.data.json_tokens import tokens
from policy.data.readers.raw import Extent, Extents, Format, RawDocument
from policy.model.entities import Schema
from policy.model.source import Span
from policy.model.values import Pointer


class Places(Protocol):
    """Where to point at."""

    def of(self, pointer: Pointer) -> Span | None:
        """Return the place of a value, or of the row that lacks it."""

    def of_name(self, pointer: Pointer) -> Span | None:
        """Return the place of the name of a member."""


class Nowhere:
    """Places of data that have no text."""

    def of(self, pointer: Pointer) -> Span | None:
        """Return None."""
        return None

    of_name = of


@dataclass(frozen=True)
class Positions:
    """The places in one document, looked up by pointer; the map is made by the first question."""

    raw: RawDocument
    schema: Schema = field(repr=False)

    @cached_property
    def _places(self) -> Mapping[Pointer, tuple[Extent | None, Extent]]:
        if self.raw.format is not Format.YAML:
            return json_places(self.raw.text)
        from policy.data.readers.yaml_text import TextFeed, parse_yaml

        places: Extents = {}
        parse_yaml(TextFeed(self.raw.text), places)
        return places

    def of(self, pointer: Pointer) -> Span | None:
        """Return where to point for a value: the value, or its name if it is personal.

        For what is not there, the place of the nearest row that encloses it; None without a text.
        """
        for end in range(len(pointer), -1, -1):
            found = self._places.get(pointer[:end])
            if found is not None:
                name, value = found
                personal = self._is_personal(pointer[:end])
                return self._span(name if name is not None and personal else value)
        return None

    def of_name(self, pointer: Pointer) -> Span | None:
        """Return where the name of a member stands; as `of` for what has no name."""
        found = self._places.get(pointer)
        if found is None or found[0] is None:
            return self.of(pointer)
        return self._span(found[0])

    def _span(self, extent: Extent) -> Span:
        return self.raw.source.span(*extent)

    def _is_personal(self, pointer: Pointer) -> bool:
        entity = self.schema.entities[self.schema.root]
        for key in pointer:
            if key in entity.children:
                entity = self.schema.entities[entity.children[str(key)]]
            elif key in entity.fields:
                return entity.fields[str(key)].personal
        return False


def json_places(text: str) -> Extents:
    """Return the place of each value of a JSON text that was read without diagnostics."""
    places: Extents = {}
    open_rows: list[_Open] = []
    at: Pointer = ()
    name: Extent | None = None
    for token in tokens(text):
        top = open_rows[-1] if open_rows else None
        mark = text[token.start] if token.kind == "mark" else ""
        if mark in (":", ","):
            if mark == "," and top is not None:
                at, name = top.next_member(), None
        elif mark in ("]", "}"):
            closed = open_rows.pop()
            places[closed.place] = (closed.name, (closed.start, token.end))
        elif top is not None and top.is_object and name is None:
            key = str(json.loads(text[token.start : token.end]))
            at, name = (*top.place, key), (token.start, token.end)
        elif mark:
            opened = _Open(at, name, token.start, is_object=mark == "{")
            open_rows.append(opened)
            at, name = opened.next_member(), None
        else:
            places[at] = (name, (token.start, token.end))
    return places


@dataclass(slots=True)
class _Open:
    """An object or list whose end was not met yet."""

    place: Pointer
    name: Extent | None
    start: int
    is_object: bool
    _members: int = 0

    def next_member(self) -> Pointer:
        """Return the pointer of the next member of a list; an object's member names itself."""
        if self.is_object:
            return self.place
        self._members += 1
        return (*self.place, self._members - 1)
