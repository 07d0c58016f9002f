"""From the JSON Schema of a centre's document, with what suites add, to entities as types.

`centre.schema.json` is the one definition of the data. Each entity stands in `$defs` with
`x-entity`, `x-collection` (the key its parent holds its rows under), `x-parent` and `x-id`; a
field may carry `x-ref` (the entity it names), `x-enum` (the name of its enumeration), `x-tense`,
`x-unit`, `x-personal`, `x-empty-means` and `x-also` (what colleges call it). A suite adds optional
fields to entities that exist; it can neither change nor remove any.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from policy.model.diagnostics import Diagnostic, did_you_mean
from policy.model.entities import EntityType, Field, Kind, Schema, Tense, ValueType

Properties: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Property name -> JSON Schema of its value."""

Extension: TypeAlias = Mapping[str, Properties]
"""Entity name -> the properties a suite adds to it."""


class JudgedSchema(Protocol):
    """What reading data needs of a schema."""

    @property
    def json(self) -> Mapping[str, Any]: ...
    @property
    def types(self) -> Schema: ...


_FILE = Path(__file__).with_name("centre.schema.json")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = "a field is text, an integer, a number, a boolean, a date, a choice, a reference or a list"
_SAID_BY_TYPE = ("type", "enum", "items", "default", "title", "description")
_OF_ENTITIES = {"type", "description", "properties", "required", "additionalProperties"}
"""All that is asked of a row as a whole; what makes rows straight from JSON knows no more."""
_DAY = ("format", "date")
_SCALARS = {
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
}


class CentreSchema(Struct, frozen=True, kw_only=True):
    """The schema in its two forms: `json` for validation, `types` for everything else.

    `diagnostics` says which additions of suites were left out, and why.
    """

    json: Mapping[str, Any]
    types: Schema
    diagnostics: tuple[Diagnostic, ...] = ()


def load_schema(extensions: Mapping[str, Extension] | None = None) -> CentreSchema:
    """Return the schema with the additions of suites: suite name -> entity -> properties.

    A property that cannot be added is left out with a diagnostic; the rest stands. Two suites may
    add the same property if they mean the same by it.
    """
    schema = json.loads(_FILE.read_text("utf-8"))
    diagnostics: list[Diagnostic] = []
    added: dict[tuple[str, str], str] = {}
    for suite, extension in sorted((extensions or {}).items()):
        for entity, properties in sorted(extension.items()):
            for name, prop in sorted(properties.items()):
                problem = _add(schema["$defs"], added, suite, entity, name, prop)
                if problem is not None:
                    diagnostics.append(problem)
    return CentreSchema(json=schema, types=_types(schema), diagnostics=tuple(diagnostics))


def _add(
    definitions: dict[str, Any],
    added: dict[tuple[str, str], str],
    suite: str,
    entity: str,
    name: str,
    prop: Mapping[str, Any],
) -> Diagnostic | None:
    """Add one property in place; return what is wrong with it, if it cannot be added."""
    where = f"suite `{suite}` adds `{entity}.{name}`"
    if entity not in definitions:
        return Diagnostic(
            code="P910",
            message=f"{where}, but there is no entity `{entity}`",
            help=did_you_mean(entity, definitions),
        )
    properties = definitions[entity]["properties"]
    if name in properties:
        if (entity, name) in added and properties[name] == prop:
            return None
        owner = added.get((entity, name))
        by = f"suite `{owner}` adds it too, and differently" if owner else "it is there already"
        return Diagnostic(code="P911", message=f"{where}, but {by}", help="choose another name")
    fault = _fault_in(definitions, name, prop)
    if fault:
        return Diagnostic(code="P912", message=f"{where}, but {fault}", help=_KINDS)
    properties[name] = dict(prop)
    added[entity, name] = suite
    return None


def _fault_in(definitions: Mapping[str, Any], name: str, prop: Mapping[str, Any]) -> str:
    """Return why the property cannot be a field, or an empty text."""
    if not _NAME.fullmatch(name):
        return "a name is written in small letters, digits and underscores"
    if _value_type("", name, prop) is None:
        return "its type is not one that a field can have"
    if prop.get("format", "date") != "date":
        return "of formats only `date` is checked"
    target = prop.get("x-ref", prop.get("items", {}).get("x-ref"))
    if target is not None and target not in definitions:
        return f"it refers to `{target}`, which is no entity"
    import jsonschema_rs

    if not jsonschema_rs.meta.is_valid(dict(prop)):
        return "its definition is not valid JSON Schema"
    return ""


def _types(schema: Mapping[str, Any]) -> Schema:
    definitions: Mapping[str, Any] = schema["$defs"]
    entities = {name: _entity(definition, definitions) for name, definition in definitions.items()}
    root = next(name for name, entity in entities.items() if entity.parent is None)
    return Schema(root=root, entities=MappingProxyType(entities), version=schema["x-version"])


def _entity(definition: Mapping[str, Any], definitions: Mapping[str, Any]) -> EntityType:
    name = definition["x-entity"]
    required = frozenset(definition["required"])
    asked = {key for key in definition if not key.startswith("x-")}
    if asked != _OF_ENTITIES or definition["additionalProperties"] is not False:
        raise ValueError(f"the schema asks of {name} what nobody looks at")
    fields: dict[str, Field] = {}
    children: dict[str, str] = {}
    for key, prop in definition["properties"].items():
        reference = prop.get("items", {}).get("$ref")
        if reference is not None:
            children[key] = definitions[reference.rpartition("/")[2]]["x-entity"]
        else:
            fields[key] = _field(name, key, prop, required=key in required)
    return EntityType(
        name=name,
        collection=definition.get("x-collection", name),
        parent=definition["x-parent"],
        id_field=definition["x-id"],
        description=definition["description"],
        fields=MappingProxyType(fields),
        children=MappingProxyType(children),
    )


def _field(entity: str, name: str, prop: Mapping[str, Any], *, required: bool) -> Field:
    value_type = _value_type(entity, name, prop)
    if value_type is None:
        raise ValueError(f"the schema gives {entity}.{name} no type that a field can have")
    return Field(
        name=name,
        type=value_type,
        required=required,
        description=prop.get("description", ""),
        unit=prop.get("x-unit", ""),
        personal=prop.get("x-personal", False),
        default=prop.get("default"),
        empty_means=prop.get("x-empty-means", ""),
        tense=Tense(prop.get("x-tense", "")),
        limits=_limits(prop, required=required),
    )


def _limits(prop: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    """Return what a property asks of its values that its type does not say."""
    found = {
        key: value
        for key, value in prop.items()
        if not (key in _SAID_BY_TYPE or key.startswith("x-") or (key, value) == _DAY)
    }
    if "items" in prop:
        found["items"] = _limits(prop["items"])
        if "null" in prop["items"]["type"]:
            found["items"]["null"] = True
    if not required and "null" not in prop["type"]:
        found["null"] = False
    return found


def _value_type(entity: str, name: str, prop: Mapping[str, Any]) -> ValueType | None:
    """Return the type of a value, or None for a schema that says nothing a field can be."""
    kind = json_type(prop)
    if kind == "array":
        item = _value_type(entity, name, prop.get("items", {}))
        if item is None or item.kind is Kind.LIST:
            return None
        return ValueType(kind=Kind.LIST, item=item)
    if kind == "string" and "x-ref" in prop:
        return ValueType(kind=Kind.REF, entity=prop["x-ref"])
    if kind == "string" and "enum" in prop:
        values = tuple(value for value in prop["enum"] if value is not None)
        return ValueType(kind=Kind.ENUM, enum=prop.get("x-enum", f"{entity}.{name}"), values=values)
    if kind == "string" and prop.get("format") == "date":
        return ValueType(kind=Kind.DATE)
    return ValueType(kind=_SCALARS[kind]) if kind in _SCALARS else None


def json_type(prop: Mapping[str, Any]) -> str:
    """Return the one JSON type of a property besides null, empty if there is not exactly one."""
    types = prop.get("type", ())
    names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
    return names[0] if len(names) == 1 else ""
