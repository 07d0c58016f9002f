"""Lines of Python while they are made: blocks, names, and what was computed already."""

from __future__ import annotations

import keyword
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from policy.dsl.compiling.shapes import Shape

GLOBAL = ("fact_", "key_of_", "find_", "plugin_", "kind_", "rule_", "applies_to_", "drawn_")
"""How names of the generated module begin, unless they are in capitals; no local name does."""


class Code(Struct, frozen=True, kw_only=True):
    """An expression. `is_atom`: cheap enough to be written down twice; `is_tight`: needs no
    brackets inside another expression. `if_true`: what has a value whenever this is
    true, `if_false`: whenever it is false."""

    text: str
    shape: Shape
    is_atom: bool = False
    is_tight: bool = False
    if_true: frozenset[str] = frozenset()
    if_false: frozenset[str] = frozenset()

    @property
    def inner(self) -> str:
        """The text for use inside another expression."""
        return self.text if self.is_atom or self.is_tight else f"({self.text})"


class Body:
    """The lines of one function."""

    def __init__(self, *taken: str) -> None:
        self.lines: list[tuple[int, str]] = []
        self._depth = 0
        self._taken = set(taken)
        self._known: list[dict[Hashable, Code]] = [{}]
        self._present: list[set[str]] = [set()]
        self.varying: list[str] = []
        """What is another from call to call, or from turn to turn of the loops that are open."""

    def add(self, line: str) -> None:
        """Add a line at the present depth."""
        self.lines.append((self._depth, line))

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Open a block; what is computed inside is known only there."""
        self.add(head)
        self._depth += 1
        self._known.append({})
        start = len(self.lines)
        yield
        if len(self.lines) == start:
            self.add("pass")
        self._known.pop()
        self._depth -= 1

    @contextmanager
    def turning(self, name: str) -> Iterator[None]:
        """Say that a variable is another each time."""
        self.varying.append(name)
        yield
        self.varying.pop()

    @contextmanager
    def aside(self) -> Iterator[list[tuple[int, str]]]:
        """Collect lines apart, to be put in later by `put`, or not at all."""
        outer, depth = self.lines, self._depth
        self.lines, self._depth = [], 0
        self._known.append({})
        yield self.lines
        self._known.pop()
        self.lines, self._depth = outer, depth

    def put(self, lines: list[tuple[int, str]]) -> None:
        """Add lines that were collected apart."""
        self.lines.extend((self._depth + depth, line) for depth, line in lines)

    @contextmanager
    def assuming(self, texts: Iterable[str] = ()) -> Iterator[set[str]]:
        """Hold some expressions for present; more may be added to what is yielded."""
        self._present.append(set(texts))
        yield self._present[-1]
        self._present.pop()

    def is_present(self, text: str) -> bool:
        """Whether an expression is known to have a value here."""
        return any(text in texts for texts in self._present)

    def name(self, wish: str) -> str:
        """Return a name nobody has yet in this function."""
        if wish.startswith(GLOBAL) or wish != wish.lower():
            wish = f"v_{wish}".lower()
        found, number = wish, 1
        while found in self._taken or keyword.iskeyword(found):
            number += 1
            found = f"{wish}_{number}"
        self._taken.add(found)
        return found

    def known(self, key: Hashable) -> Code | None:
        """Return what was computed already, where it can be seen from here."""
        for scope in reversed(self._known):
            if key in scope:
                return scope[key]
        return None

    def remember(self, key: Hashable, code: Code) -> None:
        """Say that something was computed here."""
        self._known[-1][key] = code

    def returning(self, result: str) -> str:
        """Return the body of a function that returns an expression; a name only made to be
        returned is left out."""
        if self.lines and self.lines[-1][1].startswith(f"{result} = ") and not self.lines[-1][0]:
            result = self.lines.pop()[1].removeprefix(f"{result} = ")
        lines = f"{self.text()}\n" if self.lines else ""
        return f"{lines}    return {result}\n"

    def text(self, indent: int = 1) -> str:
        """Return the lines as text."""
        return "\n".join("    " * (depth + indent) + line for depth, line in self.lines)
