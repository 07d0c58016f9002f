"""Where each value of a document stands in its text.

Built only for documents that something is said about: reading forgets places, because keeping
them for every document would cost more than checking it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

from msgspec import Struct

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


_DECODER = json.JSONDecoder()
_BLANK = (" ", "\n", "\r", "\t")
FEW = 12
"""So many questions are answered faster one by one than by looking at every value."""


class Nowhere:
    """Places of data that have no text."""

    def of(self, pointer: Pointer) -> Span | None:
        """Return None."""
        return None

    of_name = of


class Positions(Struct, frozen=True, dict=True):
    """The places in one document, looked up by pointer; the map is made by the first question."""

    raw: RawDocument
    schema: Schema

    @cached_property
    def _places(self) -> Mapping[Pointer, tuple[Extent | None, Extent]]:
        if self.raw.format is not Format.YAML:
            return json_places(self.raw.text)
        from policy.data.readers.yaml_text import TextFeed, parse_yaml

        places: Extents = {}
        parse_yaml(TextFeed(self.raw.text), places)
        return places

    @cached_property
    def _asked(self) -> list[Pointer]:
        return []

    def _place(self, pointer: Pointer) -> tuple[Extent | None, Extent] | None:
        """Return the place of what is there. The map of all places pays from a few questions on."""
        if not self.raw.text:
            return None
        if self.raw.data is None or self.raw.format is Format.YAML or len(self._asked) >= FEW:
            return self._places.get(pointer)
        self._asked.append(pointer)
        return json_place(self.raw.text, pointer)

    def of(self, pointer: Pointer) -> Span | None:
        """Return where to point for a value: the value, or its name if it is personal.

        For what is not there, the place of the nearest row that encloses it; None without a text.
        """
        for end in range(len(pointer), -1, -1):
            found = self._place(pointer[:end])
            if found is not None:
                name, value = found
                personal = self._is_personal(pointer[:end])
                return self._span(name if name is not None and personal else value)
        return None

    def of_name(self, pointer: Pointer) -> Span | None:
        """Return where the name of a member stands; as `of` for what has no name."""
        found = self._place(pointer)
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


def json_place(text: str, pointer: Pointer) -> tuple[Extent | None, Extent] | None:
    """Return the place of one value of a JSON text that was read without diagnostics."""
    at = _blank(text, 0)
    name: Extent | None = None
    for key in pointer:
        found = _member(text, at, key)
        if found is None:
            return None
        name, at = found
    return name, (at, _end(text, at))


def _member(text: str, at: int, key: str | int) -> tuple[Extent | None, int] | None:
    """Return where the name and the value of a member begin; others are read over."""
    is_object = text[at] == "{"
    if text[at] not in "{[" or isinstance(key, str) is not is_object:
        return None
    number = 0
    at = _blank(text, at + 1)
    while text[at] not in "}]":
        name: Extent | None = None
        found: str | int = number
        if is_object:
            name = (at, _end(text, at))
            found = str(json.loads(text[at : name[1]]))
            at = _blank(text, _blank(text, name[1]) + 1)
        if found == key:
            return name, at
        number += 1
        at = _blank(text, _end(text, at))
        if text[at] == ",":
            at = _blank(text, at + 1)
    return None


def _end(text: str, at: int) -> int:
    return int(_DECODER.raw_decode(text, at)[1])


def _blank(text: str, at: int) -> int:
    while text[at : at + 1] in _BLANK and at < len(text):
        at += 1
    return at


def json_places(text: str) -> Extents:
    """Return the place of each value of a JSON text that was read without diagnostics."""
    from policy.data.json_tokens import tokens

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


class _Open(Struct):
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
