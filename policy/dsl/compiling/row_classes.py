"""Classes of rows, one for each entity, that are made straight from JSON and checked on the way.

What the JSON Schema asks of a value becomes its type. What types cannot say (the century of a day,
characters of an id) is for the linking; what neither can is for a schema validator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import Annotated, Any, Literal

import msgspec
from msgspec.structs import replace

from policy.dsl.compiling.absent import MISSING, UNKNOWN
from policy.dsl.compiling.rows import LinkedRow
from policy.model.entities import EntityType, Field, Kind, Schema, Tense, ValueType

CENTURY = "^(19|20)"
NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f-\\u009f]+$"
_PATTERNS = {
    NO_CONTROLS: r"\A[^\x00-\x1f\x7f-\x9f]+\Z",
    "^20[0-9]{2}/[0-9]{2}$": r"\A20[0-9]{2}/[0-9]{2}\Z",
}
"""Patterns of JSON Schema, as Python writes them: there `$` may stand before a line break."""

_LENGTHS = {"minLength": "min_length", "maxLength": "max_length"}
_BOUNDS = {"minimum": "ge", "maximum": "le"}


class _NotSaid(Exception):
    """A limit that types have no words for."""


def class_names(*, with_nulls: bool) -> dict[str, Any]:
    """Return what the code of classes knows by name, besides the classes. `with_nulls`: where
    something may be absent, it may be null."""
    never = Annotated[str, msgspec.Meta(min_length=2, max_length=1)]
    return {
        **{"MISSING": MISSING, "UNKNOWN": UNKNOWN, "field": msgspec.field, "Meta": msgspec.Meta},
        **{"Literal": Literal, "Annotated": Annotated, "day": date, "never": never},
        "optional": (lambda kind: kind | None) if with_nulls else (lambda kind: kind),
    }


def class_maker(schema: Schema, is_part: bool) -> Any:
    """Return the function that the code of classes makes each with. `is_part`: the code has only a
    part of the schema."""

    def made(name: str, fields: list[Any]) -> Any:
        entity = schema.entities[name]
        slots = [slot for slot, *_ in fields if slot.endswith("_")]
        readers = {slot[:-1]: attrgetter(slot) for slot in slots}
        done = [item.name for item in own_fields(entity) if item.tense is Tense.DONE]
        namespace = {
            "type": entity,
            "readers": {**readers, entity.id_field: attrgetter("id")},
            "in_data": frozenset(done),
        }
        return msgspec.defstruct(
            name,
            fields,
            bases=(LinkedRow, msgspec.Struct),
            namespace=namespace,
            eq=False,
            forbid_unknown_fields=not is_part,
            kw_only=True,
            omit_defaults=True,
        )

    return made


def own_fields(entity: EntityType) -> list[Field]:
    """Return the fields that have a slot: all but the id, which every row has."""
    return [item for name, item in sorted(entity.fields.items()) if name != entity.id_field]


def says_all(schema: Schema) -> bool:
    """Whether classes and linking together ask all that the JSON Schema asks."""
    try:
        for entity in schema.entities.values():
            for item in entity.fields.values():
                _type_of(item.type, item.limits)
    except _NotSaid:
        return False
    return True


def class_lines(schema: Schema) -> list[str]:
    """Return the code that makes the classes, those of rows below before those above; in front of
    them the types of fields, each once: making a type takes longer than making a field."""
    types: dict[str, str] = {}
    entities = _from_below(schema, schema.root)
    lines = [line for entity in entities for line in _class(schema, entity, types)]
    return [*(f"{name} = {written}" for written, name in types.items()), *lines]


def _named(written: str, types: dict[str, str]) -> str:
    return types.setdefault(written, f"type_{len(types) + 1}")


def _from_below(schema: Schema, name: str) -> Iterator[EntityType]:
    entity = schema.entities[name]
    for child in entity.children.values():
        yield from _from_below(schema, child)
    yield entity


def _class(schema: Schema, entity: EntityType, types: dict[str, str]) -> Iterator[str]:
    id_field = entity.fields[entity.id_field]
    yield f"row_{entity.name} = made({entity.name!r}, ["
    for item in own_fields(entity):
        kind = _named(_type_or_any(item), types)
        if item.required:
            yield f"    ('{item.name}_', {kind}, field(name={item.name!r})),"
        else:
            if item.limits.get("null") is not False:
                kind = _named(f"optional({kind})", types)
            yield f"    ('{item.name}_', {kind}, field(default=MISSING, name={item.name!r})),"
    for name, child in entity.children.items():
        kind = f"optional(tuple[row_{child}, ...])"
        yield f"    ('{name}_', {kind}, field(default=UNKNOWN, name={name!r})),"
    without_controls = replace(id_field, limits=_without_controls(id_field.limits))
    kind = _named(_type_or_any(without_controls), types)
    yield f"    ('id', {kind}, field(name={entity.id_field!r})),"
    # No text of a document can be of the type `never`: these are for the linking alone.
    yield "    ('parent', never, field(default=None, name='~parent')),"
    if entity.name == schema.root:
        yield "    ('links', never, field(default=None, name='~links')),"
    yield "])"


def _without_controls(limits: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is quicker asked of all ids at once."""
    return {name: limit for name, limit in limits.items() if limit != NO_CONTROLS}


def _type_or_any(item: Field) -> str:
    try:
        return _type_of(item.type, item.limits)
    except _NotSaid:
        return _type_of(item.type, {})


def _type_of(of: ValueType, limits: Mapping[str, Any]) -> str:
    """Return the type of a value. Raises _NotSaid if something is asked that types cannot say."""
    asked = {name: limit for name, limit in limits.items() if name not in ("null", "items")}
    if limits.get("null") is True:
        raise _NotSaid
    match of.kind:
        case Kind.NUMBER:
            meta = _meta(asked, _BOUNDS)
            return f"{_with('int', meta)} | {_with('float', meta)}"
        case Kind.INTEGER:
            return _with("int", _meta(asked, _BOUNDS))
        case Kind.TEXT | Kind.REF:
            return _with("str", _meta(asked, _LENGTHS))
        case Kind.DATE if asked.get("pattern") == CENTURY:
            del asked["pattern"]
    if asked:
        raise _NotSaid
    match of.kind:
        case Kind.LIST:
            inner = _type_of(of.item or ValueType(kind=Kind.TEXT), limits.get("items", {}))
            return f"tuple[{inner}, ...]"
        case Kind.ENUM:
            return f"Literal[{', '.join(map(repr, of.values))}]"
        case _:
            return "day" if of.kind is Kind.DATE else "bool"


def _with(kind: str, meta: str) -> str:
    return f"Annotated[{kind}, Meta({meta})]" if meta else kind


def _meta(asked: Mapping[str, Any], words: Mapping[str, str]) -> str:
    said: list[str] = []
    for name, limit in asked.items():
        if name in words:
            said.append(f"{words[name]}={limit!r}")
        elif name == "pattern" and limit in _PATTERNS:
            said.append(f"pattern={_PATTERNS[limit]!r}")
        else:
            raise _NotSaid
    return ", ".join(said)
