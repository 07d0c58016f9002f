"""The words for a document that does not satisfy the schema: all of P4xx on one page.

In: a mistake, which is a place, a keyword of the schema, and what was found. Out: a diagnostic. The
message of the validating library is never used: it quotes the data, and the data may be personal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from policy.data.readers.nesting import DEEPEST
from policy.model.diagnostics import Diagnostic, did_you_mean, quoted_name
from policy.model.entities import EntityType, Field, Schema
from policy.model.values import Pointer

if TYPE_CHECKING:
    from policy.data.positions import Places

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_MOST_CHOICES = 15


class Mistake(Struct, frozen=True, kw_only=True):
    """`found` at `place` does not keep to `keyword`, which asks for `wanted`, of `schema`."""

    place: Pointer
    keyword: str
    wanted: Any
    found: Any
    schema: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"<{self.keyword} at {self.place}>"


class _Spot(Struct, frozen=True):
    """Where an error is in terms of the schema: the row's entity, and the field if it is in one."""

    entity: EntityType
    field: Field | None
    name: str

    @property
    def is_personal(self) -> bool:
        return self.field is not None and self.field.personal


class Wording(Struct, frozen=True, kw_only=True):
    """Words the mistakes of one document."""

    types: Schema
    places: Places
    file: str

    def members(self, mistake: Mistake) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each unknown, or each absent, member of an object."""
        place, row, properties = mistake.place, mistake.found, mistake.schema["properties"]
        spot = self._spot(place)
        if mistake.keyword == "required":
            for name in mistake.wanted:
                if name not in row:
                    yield self._absent(spot, place, name)
            return
        for name in row:
            if name not in properties:
                yield self._unknown(spot, (*place, name), name, properties)

    def _absent(self, spot: _Spot, place: Pointer, name: str) -> Diagnostic:
        item = spot.entity.fields.get(name)
        return Diagnostic(
            code="P402",
            message=f"`{spot.entity.name}` needs the field `{name}`",
            span=self.places.of(place),
            help=item.description[:1].lower() + item.description[1:] if item else "",
            file=self.file,
        )

    def _unknown(
        self, spot: _Spot, place: Pointer, name: str, properties: dict[str, Any]
    ) -> Diagnostic:
        also = {
            other.lower(): key
            for key, prop in properties.items()
            for other in prop.get("x-also", ())
        }
        meant = also.get(name.strip().lower().replace("_", " "))
        guess = f"`{name}` is called `{meant}` here" if meant else did_you_mean(name, properties)
        return Diagnostic(
            code="P401",
            message=f"`{spot.entity.name}` has no field `{name}`",
            span=self.places.of_name(place),
            help=guess,
            file=self.file,
            quotes=quoted_name(name),
        )

    def value(self, mistake: Mistake) -> Diagnostic:
        """Return the diagnostic for one value."""
        spot = self._spot(mistake.place)
        shown = "this value" if spot.is_personal else _shown(mistake.found)
        code, message, help_text = _said(mistake, spot.name, shown)
        return Diagnostic(
            code=code,
            message=message,
            span=self.places.of(mistake.place),
            help=help_text,
            file=self.file,
            quotes="" if spot.is_personal else shown[1:-1],
        )

    def too_deep(self, place: Pointer) -> Diagnostic:
        """Return the diagnostic for data that are nested too deeply to be looked at."""
        return Diagnostic(
            code="P510",
            message=f"the data are nested more than {DEEPEST} levels deep",
            span=self.places.of(place),
            file=self.file,
        )

    def disagreement(self) -> Diagnostic:
        """Return the diagnostic for a document refused without a mistake that can be named."""
        return Diagnostic(
            code="P409",
            message="the document does not satisfy the schema",
            help="this should have been said in more words: please report it",
            file=self.file,
        )

    def more(self, number: str) -> Diagnostic:
        """Return the diagnostic that counts those not listed."""
        return Diagnostic(
            code="P410", message=f"{number} more mistakes are not listed", file=self.file
        )

    def _spot(self, place: Pointer) -> _Spot:
        entity = self.types.entities[self.types.root]
        item: Field | None = None
        name = f"the {entity.name}"
        for key in place:
            if item is not None:
                name = f"member {int(key) + 1} of `{entity.name}.{item.name}`"
            elif isinstance(key, int):
                name = f"the {entity.name}"
            elif key in entity.children:
                name = f"`{entity.name}.{key}`"
                entity = self.types.entities[entity.children[key]]
            else:
                item = entity.fields[key]
                name = f"`{entity.name}.{key}`"
        return _Spot(entity, item, name)


_YEAR_LENGTH = len("2025/26")


def _said(mistake: Mistake, name: str, shown: str) -> tuple[str, str, str]:
    """Return code, message and help."""
    keyword, wanted, found = mistake.keyword, mistake.wanted, mistake.found
    if keyword == "type":
        return "P403", f"{name} is {_wanted(wanted)}, not {_kind(found)}", _quoting(wanted, found)
    if keyword == "enum":
        choices = [str(item) for item in wanted if item is not None]
        return "P404", f"{shown} is not one of the choices of {name}", _choices(found, choices)
    if keyword == "format":
        return "P405", f"{shown} is not a day: {name} is a date", _day_help(found)
    if keyword in ("minimum", "exclusiveMinimum"):
        return "P406", f"{name} is {wanted} or more, not {shown}", ""
    if keyword in ("maximum", "exclusiveMaximum"):
        return "P406", f"{name} is {wanted} or less, not {shown}", ""
    if keyword == "minLength" and found == "":
        return "P407", f"{name} is an empty text", "leave it out, or write `null`"
    if keyword in ("pattern", "minLength", "maxLength"):
        return _form(mistake, name, shown)
    return "P409", f"{name} does not keep to `{keyword}` of the schema", ""


def _form(mistake: Mistake, name: str, shown: str) -> tuple[str, str, str]:
    if mistake.schema.get("format") == "date":
        help_text = "the year lies between 1900 and 2099"
        return "P405", f"{shown} is no day to be expected: {name} is a date", help_text
    if mistake.schema.get("maxLength") == _YEAR_LENGTH:
        return "P408", f"{shown} is not an academic year", "write it like `2025/26`"
    if mistake.keyword == "pattern":
        return "P408", f"{name} is not in the form it should have", ""
    return "P408", f"{name} is too long or too short", ""


def _shown(value: Any) -> str:
    """Return a value as the user wrote it, cut to a line's part."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"


def _wanted(types: str | list[str]) -> str:
    names = [types] if isinstance(types, str) else [item for item in types if item != "null"]
    return " or ".join(_TYPES.get(item, item) for item in names)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, float) and not value.is_integer():
        return "a number with a fraction"
    kinds = {str: "text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), "what it is")


def _quoting(wanted: str | list[str], found: Any) -> str:
    types = [wanted] if isinstance(wanted, str) else wanted
    if "string" in types and isinstance(found, int | float):
        return "put it in quotes"
    if isinstance(found, str) and "boolean" in types:
        return "write `true` or `false`, without quotes"
    if isinstance(found, str) and {"integer", "number"} & set(types):
        return "write it without quotes"
    if "array" in types and not isinstance(found, dict | list):
        return "put it in square brackets, even if it is the only one"
    if found is None:
        return "it is required: a row without it can be judged by no rule"
    return ""


def _choices(found: Any, choices: list[str]) -> str:
    guess = did_you_mean(found, choices) if isinstance(found, str) else ""
    if guess:
        return guess
    listed = ", ".join(choices[:_MOST_CHOICES])
    more = len(choices) - _MOST_CHOICES
    return f"one of: {listed}" + (f" and {more} more" if more > 0 else "")


def _day_help(found: Any) -> str:
    text = str(found)
    if len(text) == 10 and text[4] == text[7] == "-" and text.replace("-", "").isdigit():
        return "there is no such day in the calendar"
    return "write it as year-month-day, like 2025-09-01"
