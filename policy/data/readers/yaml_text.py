"""From the text of a YAML document to its data, or to diagnostics with places.

Of YAML only what JSON can say is read: texts, numbers, `true`, `false`, `null`, lists and
mappings. `no`, `yes` and `on` are texts; so are days (2025-09-01) and digits that begin with 0,
which are codes. Anchors, aliases, tags and merge keys are refused, a name twice is refused, and
the parser is fed piece by piece, so that nesting without end stops it after the first piece.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from policy.data.readers.json_text import LONGEST_INTEGER, not_a_number, too_deep, twice
from policy.data.readers.nesting import DEEPEST
from policy.data.readers.raw import Extent, Extents
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText
from policy.model.values import Pointer

if TYPE_CHECKING:
    import yaml

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
)


class Feed(Protocol):
    """What the parser reads from; `text` is what it has read so far."""

    @property
    def text(self) -> str:
        """What was read so far."""

    def read(self, size: int = -1) -> str:
        """Return the next piece, empty at the end."""


class TextFeed:
    """A text as a feed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._at = 0

    def read(self, size: int = -1) -> str:
        """Return the next piece, empty at the end."""
        start = self._at
        self._at = len(self.text) if size < 0 else min(len(self.text), start + size)
        return self.text[start : self._at]


class _Open(Struct):
    """A mapping or list whose end was not met yet."""

    value: dict[str, Any] | list[Any]
    place: Pointer
    name: str | None = None
    name_extent: Extent | None = None
    names: dict[str, Extent] = field(default_factory=dict)


class Fault(Struct):
    """A diagnostic to be: the source is known only when all was read."""

    code: str
    extent: Extent
    message: str
    help: str = ""
    name: str = ""
    first: Extent | None = None

    def diagnostic(self, source: SourceText) -> Diagnostic:
        """Return it with its place in `source`."""
        span = source.span(*self.extent)
        if self.first is not None:
            return twice(self.name, span, source.span(*self.first))
        if self.code == "P509":
            return not_a_number(span, self.message)
        if self.code == "P510":
            return too_deep(span)
        return Diagnostic(code=self.code, message=self.message, span=span, help=self.help)


class _Stop(Exception):
    """Reading on is of no use; the faults say why."""


def parse_yaml(feed: Feed, places: Extents | None = None) -> tuple[Any, list[Fault]]:
    """Return the data and the faults; with faults the data are of no use.

    `places`, if given, is filled with the place of each value.
    """
    import yaml

    builder = _Builder(places)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(feed, Loader=loader):
            builder.take(event)
    except _Stop:
        pass
    except yaml.MarkedYAMLError as error:
        builder.faults.append(_syntax(error, feed.text))
    except yaml.reader.ReaderError:
        found = _FORBIDDEN.search(feed.text)
        at = found.start() if found else 0
        builder.faults.append(
            Fault("P507", (at, at + 1), "this character may not stand in a YAML text")
        )
    return builder.root, builder.faults


def _syntax(error: yaml.MarkedYAMLError, text: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    at = mark.index if mark else 0
    if not text[at:].strip():
        at = max(0, len(text.rstrip()) - 1)
    context = f" {error.context}" if error.context else ""
    return Fault(
        "P507",
        (at, at + 1),
        f"this is not YAML: {error.problem or 'it cannot be parsed'}{context}",
        "check quotes, colons and indentation; texts with a colon in them go into quotes",
    )


def _extent(event: yaml.Event) -> Extent:
    start, end = event.start_mark, event.end_mark
    return (start.index if start else 0, end.index if end else 0)


class _Builder:
    """Takes the parser's events in order; no recursion, so no depth can break it."""

    def __init__(self, places: Extents | None) -> None:
        self.root: Any = None
        self.faults: list[Fault] = []
        self._places = places
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take one event in."""
        import yaml

        extent = _extent(event)
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_devices(event, extent)
            self._scalar(event, extent)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._refuse_devices(event, extent)
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], extent)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._stop(Fault("P512", extent, "this alias is not read", "write the value out"))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                help_text = "one file holds one document; several go into NDJSON"
                self._stop(Fault("P515", extent, "a second document begins here", help_text))

    def _stop(self, fault: Fault) -> None:
        self.faults.append(fault)
        raise _Stop

    def _refuse_devices(self, event: yaml.NodeEvent, extent: Extent) -> None:
        head = (extent[0], extent[0] + 1)
        if event.anchor is not None:
            self._stop(Fault("P512", head, "anchors are not read", "write the value out"))
        if getattr(event, "tag", None) is not None:
            self._stop(Fault("P512", head, "tags are not read", "leave the tag out"))

    def _scalar(self, event: yaml.ScalarEvent, extent: Extent) -> None:
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and top.name is None:
            self._begin_member(top, event.value, extent)
            return
        plain = event.implicit[0]
        self._put(self._plain(event.value, extent) if plain else event.value, extent)

    def _begin_member(self, top: _Open, name: str, extent: Extent) -> None:
        if name == "<<":
            self._stop(Fault("P512", extent, "merge keys are not read", "write the members out"))
        if name in top.names:
            self.faults.append(Fault("P508", extent, "", name=name, first=top.names[name]))
        elif not top.names and self._places is not None and top.place in self._places:
            # A mapping without brackets is pointed at by its first name.
            self._places[top.place] = (self._places[top.place][0], extent)
        top.names.setdefault(name, extent)
        top.name, top.name_extent = name, extent

    def _plain(self, text: str, extent: Extent) -> Any:
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _INTEGER.fullmatch(text):
            if len(text) <= LONGEST_INTEGER:
                return int(text)
            self.faults.append(Fault("P509", extent, "the number is too large"))
        elif _NUMBER.fullmatch(text):
            number = float(text)
            if not math.isinf(number):
                return number
            self.faults.append(Fault("P509", extent, "the number is too large"))
        elif _NO_NUMBER.fullmatch(text):
            self.faults.append(Fault("P509", extent, f"`{text}` is not a number that JSON knows"))
        return text

    def _begin(self, value: dict[str, Any] | list[Any], extent: Extent) -> None:
        if len(self._open) >= DEEPEST:
            self._stop(Fault("P510", (extent[0], extent[0] + 1), ""))
        place = self._put(value, (extent[0], extent[0] + 1))
        self._open.append(_Open(value, place))

    def _put(self, value: Any, extent: Extent) -> Pointer:
        """Put a value where it belongs and return its pointer."""
        if not self._open:
            self.root = value
            return self._note((), None, extent)
        top = self._open[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            return self._note((*top.place, len(top.value) - 1), None, extent)
        if top.name is None:
            self._stop(Fault("P507", extent, "a name must be a text"))
        name, top.name = top.name or "", None
        top.value[name] = value
        return self._note((*top.place, name), top.name_extent, extent)

    def _note(self, place: Pointer, name: Extent | None, extent: Extent) -> Pointer:
        if self._places is not None:
            self._places[place] = (name, extent)
        return place
