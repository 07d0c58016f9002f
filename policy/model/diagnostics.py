"""What is wrong with a text or a document, said to the person who can mend it.

A diagnostic is data: it is collected, never raised, and rendered only by `policy.report`. It is
about something *written wrongly* (a spec, a file, a plugin's manifest); data that is well formed
and breaks a rule is a `Finding`.

Wording: lower case, no full stop, what the user wrote in backticks, no names of Python types;
what to do goes into `help`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from policy.model.source import Position, Span


class Level(StrEnum):
    """How bad: an error stops what depends on it, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Label(Struct, frozen=True, kw_only=True):
    """A second place that explains the first, with what it has to say."""

    span: Span
    text: str


class Diagnostic(Struct, frozen=True, kw_only=True):
    """One mistake. `code` is a key of `CODES` in `model.codes`; `file`: where no span can be."""

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    labels: tuple[Label, ...] = ()
    level: Level = Level.ERROR
    file: str = ""
    personal: bool = False
    """The underlined text of `span` identifies somebody: it is masked where the text is shown."""
    quotes: str = ""
    """What the message has in backticks that is of the data, and so may be anything."""

    @property
    def kept_message(self) -> str:
        """The message as results that are kept have it: without what it quotes of the data."""
        quoted = f"`{self.quotes}`"
        return self.message.replace(quoted, "`...`") if self.quotes else self.message

    @property
    def file_name(self) -> str:
        """The file it is about, empty when it is about no file."""
        return self.span.source.name if self.span else self.file

    @property
    def position(self) -> Position | None:
        """Line and column, if it has a place."""
        return self.span.position if self.span else None


class Diagnostics:
    """A bag of diagnostics, in the order in which they should be read."""

    def __init__(self, items: Iterable[Diagnostic] = ()) -> None:
        self._items: list[Diagnostic] = list(items)

    def add(self, diagnostic: Diagnostic) -> None:
        """Take one in."""
        self._items.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take several in."""
        self._items.extend(diagnostics)

    @property
    def has_errors(self) -> bool:
        """Whether anything depends on mending these first."""
        return any(item.level is Level.ERROR for item in self._items)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield by file, then place, then code: the same order whatever order they came in."""
        return iter(sorted(dict.fromkeys(self._items), key=_reading_order))

    def __len__(self) -> int:
        return len(dict.fromkeys(self._items))


def _reading_order(item: Diagnostic) -> tuple[str, int, str, str]:
    return (item.file_name, item.span.start if item.span else -1, item.code, item.message)


def quoted_name(name: str) -> str:
    """Return what a message quotes of the data that names a field so: nothing if it looks like one.

    >>> quoted_name("colour"), quoted_name("A. Learner")
    ('', 'A. Learner')
    """
    return "" if name.isascii() and name.isidentifier() and name == name.lower() else name


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "did you mean `x`?" for the nearest known word, or an empty text.

    >>> did_you_mean("resubmision", ["submission", "resubmission"])
    'did you mean `resubmission`?'
    """
    from difflib import get_close_matches

    candidates = sorted(known)
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    near = get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return f"did you mean `{by_lower[near[0]]}`?" if near else ""
