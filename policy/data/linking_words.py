"""The words for valid data that lead nowhere or contradict themselves: P520 to P523."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from policy.data.field_values import Dangling
from policy.model.diagnostics import Diagnostic, Label, Level, did_you_mean
from policy.model.records import Record
from policy.model.values import Pointer

if TYPE_CHECKING:
    from policy.data.positions import Places

MOST_OF_A_KIND = 50
"""How many dangling references of a document are worded one by one."""

_MOST_SUGGESTIONS_FROM = 2000


class LinkingWords(Struct, frozen=True, kw_only=True):
    """Words what linking one document found; `rows` are all its rows by entity."""

    places: Places
    file: str
    rows: Mapping[str, Sequence[Record]]
    index: Mapping[tuple[str, str], Record]

    def twice(self, first: Record, second: Record) -> Diagnostic:
        """Return the diagnostic for an id that two rows of one kind have."""
        key = first.type.id_field
        earlier = self.places.of((*first.pointer, key))
        return Diagnostic(
            code="P521",
            message=f"two rows of `{first.type.name}` have the {key} `{second.id}`",
            span=self.places.of((*second.pointer, key)),
            help="give each its own; references could mean either",
            labels=(Label(span=earlier, text="the first"),) if earlier else (),
            file=self.file,
        )

    def dangling(self, found: Sequence[Dangling]) -> Iterator[Diagnostic]:
        """Yield the diagnostics for references that lead nowhere, the first ones each by itself."""
        for item in found[:MOST_OF_A_KIND]:
            named = (
                f"the {item.entity} `{item.wanted}`" if item.wanted else f"a row of `{item.entity}`"
            )
            yield Diagnostic(
                code="P520",
                message=f"`{item.record.type.name}.{item.place[0]}` names {named}, "
                "which is not in the document",
                span=self.places.of(item.record.pointer + item.place),
                help=self._meant(item),
                level=Level.WARNING,
                file=self.file,
            )
        more = len(found) - MOST_OF_A_KIND
        if more > 0:
            yield Diagnostic(
                code="P520",
                message=f"{more} more references name rows that are not in the document",
                level=Level.WARNING,
                file=self.file,
            )

    def _meant(self, item: Dangling) -> str:
        if not item.wanted:
            return ""
        for other in self.rows:
            if (other, item.wanted) in self.index:
                return f"`{item.wanted}` is the id of a row of `{other}`"
        known = self.rows[item.entity]
        if len(known) > _MOST_SUGGESTIONS_FROM:
            return ""
        return did_you_mean(item.wanted, (record.id for record in known))

    def future(
        self, found: Mapping[tuple[str, str], Sequence[Pointer]], as_at: date
    ) -> Iterator[Diagnostic]:
        """Yield the diagnostics for done-dates after the day of the run, one for each field."""
        for (entity, name), pointers in sorted(found.items()):
            more = f" in {len(pointers)} rows" if len(pointers) > 1 else ""
            yield Diagnostic(
                code="P522",
                message=f"`{entity}.{name}` is later than {as_at}{more}",
                span=self.places.of(pointers[0]),
                help="it says what was done, so it counts as not recorded yet; mend the date, "
                "or judge the document as at a later day",
                level=Level.WARNING,
                file=self.file,
            )

    def year(self, year: str, starts: date, ends: date) -> Iterator[Diagnostic]:
        """Yield the diagnostics for an academic year whose name and days do not fit together."""
        for name, message in _year_faults(year, starts, ends):
            yield Diagnostic(
                code="P523",
                message=message,
                span=self.places.of((name,)),
                help="a document holds one academic year: `2025/26` begins in 2025 and ends "
                "by the end of 2026",
                file=self.file,
            )


def _year_faults(year: str, starts: date, ends: date) -> Iterator[tuple[str, str]]:
    """Yield the field to point at and what is wrong with it."""
    first = int(year[:4])
    if int(year[5:]) != (first + 1) % 100:
        yield "academic_year", f"`{year}` is not an academic year: its two years do not follow"
        return
    if starts.year != first:
        yield "year_starts_on", f"the academic year {year} cannot start on {starts}"
    if ends <= starts:
        yield "year_ends_on", f"the academic year ends on {ends}, before it starts on {starts}"
    elif ends.year not in (first, first + 1):
        yield "year_ends_on", f"the academic year {year} cannot end on {ends}"
