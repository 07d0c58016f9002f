"""A trouble as data: which row, what is changed in it, and which findings follow.

The findings are written down beside the change, by whoever read the rules; nothing here asks the
rules themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from centres.shape import Path_, Row, chain_to

GONE = object()
"""As the new value of a field: the field is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row with all that is above it, the centre first, and the centre as the template has it."""

    chain: Sequence[tuple[str, Row]]
    template: Row

    @property
    def row(self) -> Row:
        """The row itself."""
        return self.chain[-1][1]

    @property
    def entity(self) -> str:
        """What the row is."""
        return self.chain[-1][0]

    def above(self, entity: str) -> Row:
        """Return the row itself or the nearest one above it of that entity."""
        for name, row in reversed(self.chain):
            if name == entity:
                return row
        raise LookupError(f"no {entity} above {self.entity} {self.row['id']}")

    def subject(self, named: str) -> str:
        """Return a subject: `learner` is the nearest learner, text with a blank stands as it is,
        `{learner}` in it being the id of the nearest learner."""
        if " " not in named:
            return f"{named} {_id_of(self.above(named))}"
        ids = {entity: _id_of(row) for entity, row in self.chain}
        return named.format_map(ids)


Test = Callable[[Place], bool]
Value = Any
Expected = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One trouble.

    `where` holds what fields of a suitable row are (a tuple: one of these; True: recorded), `when`
    what else must hold. `change` holds new values; a function gets the place as it was. `expects`
    holds rule, outcome and subject (see `Place.subject`), or a function from the changed place to
    those. `apart` names what two plants must not share: of two plants with one name in common only
    one gets into a centre. `copies`: only in learners made by cloning, of whom nothing outside
    speaks.
    """

    name: str
    about: str
    entity: str
    where: Mapping[str, Value] = field(default_factory=dict)
    when: Test | None = None
    change: Mapping[str, Value]
    expects: Iterable[Expected] | Callable[[Place], Iterable[Expected]]
    apart: frozenset[str] = frozenset()
    copies: bool = False

    def suits(self, place: Place) -> bool:
        """Return whether the row may be changed so."""
        if place.entity != self.entity:
            return False
        if not all(_is(place.row.get(name), wanted) for name, wanted in self.where.items()):
            return False
        return self.when is None or self.when(place)

    def plant(self, place: Place) -> list[Expected]:
        """Change the row and return the findings that follow: rule, outcome, subject."""
        new = {
            name: value(place) if callable(value) else value for name, value in self.change.items()
        }
        for name, value in new.items():
            if value is GONE:
                place.row.pop(name, None)
            else:
                place.row[name] = value
        expected = self.expects(place) if callable(self.expects) else self.expects
        return [(rule, outcome, place.subject(about)) for rule, outcome, about in expected]


def place_at(template: Row, document: Row, path: Path_) -> Place:
    """Return the place of a document at a path."""
    return Place(chain=chain_to("centre", document, path), template=template)


def days_after(name: str, days: int) -> Callable[[Place], str]:
    """Return a function to the day so many days after a field of the row."""

    def later(place: Place) -> str:
        return shifted(place.row[name], days)

    return later


def shifted(day: str, days: int) -> str:
    """Return another day.

    >>> shifted("2025-02-27", 2)
    '2025-03-01'
    """
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def without(name: str, *items: str) -> Callable[[Place], list[str]]:
    """Return a function to the list in a field of the row, less some items."""
    return lambda place: [item for item in place.row[name] if item not in items]


def _is(value: Value, wanted: Value) -> bool:
    if wanted is True and not isinstance(value, bool):
        return value is not None
    return value in wanted if isinstance(wanted, tuple) else value == wanted


def _id_of(row: Row) -> str:
    return row.get("id") or row["number"]
