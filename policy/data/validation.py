"""Whether a document satisfies the JSON Schema, and if not, where and why, in words.

Two libraries: the quick one says yes or no; only after a no the slow one finds the mistakes, which
`wording` puts into words. A test holds their verdicts together. If they should disagree all the
same, the no stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from policy.data.readers.nesting import DEEPEST
from policy.model.diagnostics import Diagnostic
from policy.model.values import Pointer

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    from policy.data.positions import Places
    from policy.data.schema import JudgedSchema
    from policy.data.wording import Mistake, Wording

MOST_LISTED = 50
"""Mistakes of one document that are worded one by one; the others are counted."""

_MOST_COUNTED = 1000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# What a value is first of all wrong by, if it is wrong by several keywords at once.
_FIRST = ("type", "enum", "format", "minLength", "maxLength", "pattern")


class Validation:
    """One schema, made ready once, for any number of documents."""

    def __init__(self, schema: JudgedSchema) -> None:
        self._schema = schema

    @cached_property
    def _quick(self) -> jsonschema_rs.Validator:
        import jsonschema_rs

        return jsonschema_rs.validator_for(dict(self._schema.json), validate_formats=True)

    @cached_property
    def _slow(self) -> Validator:
        from jsonschema import Draft202012Validator, FormatChecker
        from jsonschema.validators import extend

        checker = FormatChecker(formats=())
        checker.checks("date")(is_day)
        made = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
        validator: Validator = made(self._schema.json, format_checker=checker)
        return validator

    def is_valid(self, data: Any) -> bool:
        """Return the quick verdict."""
        try:
            return self._quick.is_valid(data)
        except ValueError:  # a text with half a character, which no reader lets through
            return False

    def is_valid_slowly(self, data: Any) -> bool:
        """Return the verdict of the library that words the mistakes."""
        return not _deep_place(data) and bool(self._slow.is_valid(data))

    def check(self, data: Any, places: Places, file: str) -> tuple[Diagnostic, ...]:
        """Return nothing for a valid document, and what is wrong with any other."""
        if self.is_valid(data):
            return ()
        from policy.data.wording import Wording

        wording = Wording(types=self._schema.types, places=places, file=file)
        deep = _deep_place(data)
        if deep:
            return (wording.too_deep(deep),)
        found = list(islice(self._slow.iter_errors(data), _MOST_COUNTED))
        items = sorted(dict.fromkeys(self._worded(found, wording)), key=_place_of)
        if not items:
            return (wording.disagreement(),)
        if len(items) > MOST_LISTED:
            more = len(items) - MOST_LISTED
            at_least = "at least " if len(found) == _MOST_COUNTED else ""
            return (*items[:MOST_LISTED], wording.more(f"{at_least}{more}"))
        return tuple(items)

    def _worded(self, found: list[ValidationError], wording: Wording) -> Iterator[Diagnostic]:
        from jsonschema.exceptions import best_match

        first: dict[Pointer, Mistake] = {}
        for error in found:
            mistake = _mistake(best_match([error]) or error)
            if mistake.keyword in ("additionalProperties", "required"):
                yield from wording.members(mistake)
                continue
            known = first.get(mistake.place)
            if known is None or _rank(mistake) < _rank(known):
                first[mistake.place] = mistake
        for mistake in first.values():
            yield wording.value(mistake)


def _mistake(error: ValidationError) -> Mistake:
    from policy.data.wording import Mistake

    schema = error.schema
    return Mistake(
        place=tuple(error.absolute_path),
        keyword=str(error.validator),
        wanted=error.validator_value,
        found=error.instance,
        schema=schema if isinstance(schema, Mapping) else {},
    )


def _place_of(item: Diagnostic) -> int:
    return item.span.start if item.span else -1


def _rank(mistake: Mistake) -> int:
    return _FIRST.index(mistake.keyword) if mistake.keyword in _FIRST else len(_FIRST)


def is_day(value: object) -> bool:
    """Whether a text is a day that exists, written year-month-day; what is no text passes."""
    if not isinstance(value, str):
        return True
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _pattern(
    validator: Validator, pattern: str, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Check `pattern` as JSON Schema means it: `$` is the end, never before a last line break."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str):
        strict = f"{pattern[:-1]}\\Z" if pattern.endswith("$") else pattern
        if not re.search(strict, instance):
            yield ValidationError("the text does not match the pattern")


def _deep_place(data: Any) -> Pointer:
    """Return the place of something nested too deeply in an object, empty if there is none."""
    level: list[tuple[Pointer, Any]] = [((), data)]
    for _ in range(DEEPEST):
        below: list[tuple[Pointer, Any]] = []
        for place, value in level:
            if isinstance(value, dict):
                below.extend(((*place, name), item) for name, item in value.items())
            else:
                below.extend(((*place, at), item) for at, item in enumerate(value))
        level = [item for item in below if isinstance(item[1], dict | list)]
        if not level:
            return ()
    return level[0][0]
