"""The schema of centres' data as plain values, and back."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from policy.model.entities import EntityType, Field, Schema, Tense
from policy.pack_cache.kept_code import kept_kind, kind_of


def kept_schema(schema: Schema) -> tuple[Any, ...]:
    """Return the schema as plain values."""
    return (schema.root, schema.version, [_kept_entity(each) for each in schema.entities.values()])


def schema_of(kept: tuple[Any, ...]) -> Schema:
    """Return the schema again."""
    root, version, entities = kept
    made = {each[0]: _entity(*each) for each in entities}
    return Schema(root=root, entities=MappingProxyType(made), version=version)


def _kept_entity(entity: EntityType) -> tuple[Any, ...]:
    return (
        entity.name,
        entity.collection,
        entity.parent,
        entity.id_field,
        entity.description,
        [_kept_field(each) for each in entity.fields.values()],
        list(entity.children.items()),
    )


def _entity(
    name: str,
    collection: str,
    parent: str | None,
    id_field: str,
    description: str,
    fields: list[Any],
    children: list[tuple[str, str]],
) -> EntityType:
    return EntityType(
        name=name,
        collection=collection,
        parent=parent,
        id_field=id_field,
        description=description,
        fields=MappingProxyType({each[0]: _field(*each) for each in fields}),
        children=MappingProxyType(dict(children)),
    )


def _kept_field(item: Field) -> tuple[Any, ...]:
    return (
        item.name,
        kept_kind(item.type),
        item.required,
        item.description,
        item.unit,
        item.personal,
        item.default,
        item.empty_means,
        str(item.tense),
    )


def _field(
    name: str,
    kind: tuple[Any, ...],
    required: bool,
    description: str,
    unit: str,
    personal: bool,
    default: str | int | bool | None,
    empty_means: str,
    tense: str,
) -> Field:
    return Field(
        name=name,
        type=kind_of(kind),
        required=required,
        description=description,
        unit=unit,
        personal=personal,
        default=default,
        empty_means=empty_means,
        tense=Tense(tense),
    )
