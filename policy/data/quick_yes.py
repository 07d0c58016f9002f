"""Code that says yes: from a JSON Schema to Python that knows valid data when it sees it.

A yes is always right; where the code does not say yes (an odd character in an id, `1.0` for a
whole number, a mistake) the library has to be asked. So the library need not even be imported for
data without mistakes. A schema that uses what is not known here gets no code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import CodeType, FunctionType
from typing import Any

_SILENT_KEYS = ("description", "default", "title")
_YEAR = "^20[0-9]{2}/[0-9]{2}$"
_CENTURY = "^(19|20)"
_NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"
_SIMPLE = {
    "boolean": "x is True or x is False",
    "integer": "x.__class__ is int",
    "number": "x.__class__ is int or x.__class__ is float",
    "string": "x.__class__ is str",
}
_PATTERNS = {
    _YEAR: "is_year(x)",
    _CENTURY: "x[:2] in CENTURIES",
    _NO_CONTROLS: "x and x.isprintable()",
}


class _NotKnown(Exception):
    """The schema says something that this module does not understand."""


def is_year(text: str) -> bool:
    """Whether a text is written as `2025/26`."""
    digits = text[:4] + text[5:]
    return (
        len(text) == 7
        and text[:2] == "20"
        and text[4] == "/"
        and digits.isascii()
        and digits.isdigit()
    )


class _Days(dict["Any", bool]):
    """Text -> whether it is a day, each text looked at once."""

    def __missing__(self, text: Any) -> bool:
        found = self[text] = _is_day(text)
        return found


def _is_day(text: Any) -> bool:
    if text.__class__ is not str or len(text) != 10 or not text.isascii():
        return False
    if text[4] != "-" or text[7] != "-":
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def yes_source(schema: Mapping[str, Any]) -> str:
    """Return the code, empty if there is something in the schema that is not known here."""
    root = str(schema["$ref"]).rpartition("/")[2]
    try:
        parts = [part for name, each in schema["$defs"].items() for part in _entity(name, each)]
    except _NotKnown:
        return ""
    return "\n".join((*parts, "def says_yes(data):", f"    return is_{root}(data)", ""))


def yes_from(code: CodeType) -> Any:
    """Return the function that the code defines; it takes data and says yes, or not."""
    namespace: dict[str, Any] = {
        "DAYS": _Days(),
        "CENTURIES": ("19", "20"),
        "is_year": is_year,
    }
    exec(code, namespace)
    function = namespace["says_yes"]
    assert isinstance(function, FunctionType)

    def says_yes(data: Any) -> bool:
        try:
            return bool(function(data))
        except (TypeError, RecursionError):  # a list where a word should be
            return False

    return says_yes


def _entity(name: str, definition: Mapping[str, Any]) -> Iterator[str]:
    if definition["type"] != "object" or definition.get("additionalProperties") is not False:
        raise _NotKnown
    _only(definition, "type", "properties", "required", "additionalProperties")
    properties: Mapping[str, Any] = definition["properties"]
    required = frozenset(definition["required"])
    yield f"NAMES_{name} = frozenset({sorted(properties)!r})"
    yield f"NEEDED_{name} = frozenset({sorted(required)!r})"
    yield f"def is_{name}(row):"
    yield "    if row.__class__ is not dict:"
    yield "        return False"
    yield "    names = row.keys()"
    yield f"    if not (names <= NAMES_{name} and names >= NEEDED_{name}):"
    yield "        return False"
    yield "    get = row.get"
    for key, prop in properties.items():
        kinds = _kinds(prop)
        if "null" not in kinds and key not in required:
            raise _NotKnown  # `get` does not tell null from absent
        yield f"    x = get({key!r})"
        test = _test(prop)
        guard = f"x is not None and not ({test})" if "null" in kinds else f"not ({test})"
        yield f"    if {guard}:"
        yield "        return False"
    yield "    return True"


def _kinds(prop: Mapping[str, Any]) -> list[str]:
    kinds = prop.get("type")
    return [kinds] if isinstance(kinds, str) else list(kinds or ())


def _only(schema: Mapping[str, Any], *known: str) -> None:
    for key in schema:
        if not key.startswith("x-") and key not in _SILENT_KEYS and key not in known:
            raise _NotKnown


def _test(prop: Mapping[str, Any]) -> str:
    """Return the expression that is true of a value `x` that is not null."""
    if set(prop) <= {"$ref"}:
        return f"is_{str(prop['$ref']).rpartition('/')[2]}(x)"
    (kind,) = [each for each in _kinds(prop) if each != "null"] or [""]
    if kind == "array":
        _only(prop, "type", "items")
        inner = _test(prop["items"])
        if "null" in _kinds(prop["items"]):
            raise _NotKnown
        if inner.startswith("is_") and inner.endswith("(x)") and inner != "is_year(x)":
            return f"x.__class__ is list and all(map({inner[:-3]}, x))"
        return f"x.__class__ is list and all([{inner} for x in x])"
    if kind == "string" and "enum" in prop:
        _only(prop, "type", "enum")
        words = [each for each in prop["enum"] if each is not None]
        if not all(isinstance(each, str) for each in words):
            raise _NotKnown
        return f"x in {{{', '.join(map(repr, words))}}}"
    if kind not in _SIMPLE:
        raise _NotKnown
    return " and ".join(_limits(prop, kind))


def _limits(prop: Mapping[str, Any], kind: str) -> Iterator[str]:
    if prop.get("format") == "date":
        _only(prop, "type", "format", "pattern")
        yield "DAYS[x]"
    else:
        yield f"({_SIMPLE[kind]})"
    if kind == "string":
        _only(prop, "type", "format", "pattern", "minLength", "maxLength")
        if "minLength" in prop:
            yield f"len(x) >= {int(prop['minLength'])}"
        if "maxLength" in prop:
            yield f"len(x) <= {int(prop['maxLength'])}"
        if "pattern" in prop:
            if prop["pattern"] not in _PATTERNS:
                raise _NotKnown
            yield _PATTERNS[prop["pattern"]]
    else:
        _only(prop, "type", "minimum", "maximum")
        if "minimum" in prop:
            yield f"x >= {prop['minimum']!r}"
        if "maximum" in prop:
            yield f"x <= {prop['maximum']!r}"
