"""Types as a plugin's manifest writes them.

In: `text`, `date`, `list of staff`, `one of (P, M, D)`. Out: the same as data, or None if it is no
type. A word that is no simple type is taken for the name of an entity; whether there is such an
entity only a schema knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from policy.model.entities import Kind, ValueType

SIMPLE: Mapping[str, Kind] = MappingProxyType(
    {
        "text": Kind.TEXT,
        "integer": Kind.INTEGER,
        "number": Kind.NUMBER,
        "boolean": Kind.BOOLEAN,
        "date": Kind.DATE,
    }
)

NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_ENUMERATOR = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_LIST = re.compile(r"list\s+of\s+(.+)")
_ONE_OF = re.compile(r"one\s+of\s*\(([^()]*)\)")
_NOT_ENTITIES = frozenset({"list", "one", "of", "duration", "enum", "ref"})


@lru_cache(maxsize=1024)
def parse_type(words: str) -> ValueType | None:
    """Return the type that `words` write, or None.

    >>> parse_type("list of date").item.kind
    <Kind.DATE: 'date'>
    >>> parse_type("one of (P, M, D)").values
    ('P', 'M', 'D')
    """
    words = words.strip()
    if words in SIMPLE:
        return ValueType(kind=SIMPLE[words])
    if members := _LIST.fullmatch(words):
        item = parse_type(members[1])
        return None if item is None or item.kind is Kind.LIST else _list_of(item)
    if choices := _ONE_OF.fullmatch(words):
        return _one_of(tuple(value.strip() for value in choices[1].split(",")))
    if NAME.fullmatch(words) and words not in _NOT_ENTITIES:
        return ValueType(kind=Kind.REF, entity=words)
    return None


def _list_of(item: ValueType) -> ValueType:
    return ValueType(kind=Kind.LIST, item=item)


def _one_of(values: tuple[str, ...]) -> ValueType | None:
    if len(set(values)) < len(values) or not all(map(_ENUMERATOR.fullmatch, values)):
        return None
    return ValueType(kind=Kind.ENUM, values=values)
