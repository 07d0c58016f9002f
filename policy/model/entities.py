"""The data schema as types: which entities there are, what fields they have, how they nest.

Made from a JSON Schema by `policy.data.schema`; read by the checker, the planner and the linker.
Nothing here knows a suite: a suite's own fields arrive as fields like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field


class Kind(StrEnum):
    """Kinds of values a field can hold."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    ENUM = "enum"
    REF = "ref"
    LIST = "list"


class Tense(StrEnum):
    """Whether a date says what was done (never later than the run's day) or what is planned."""

    NONE = ""
    DONE = "done"
    PLANNED = "planned"


class ValueType(Struct, frozen=True, kw_only=True):
    """The type of a field.

    kind ENUM: `enum` names the enumeration (`submission.kind`, or a shared name such as `suite`),
    `values` lists it. kind REF: `entity` is the entity named. kind LIST: `item` is a member's type.
    """

    kind: Kind
    enum: str = ""
    values: tuple[str, ...] = ()
    entity: str = ""
    item: ValueType | None = None


class Field(Struct, frozen=True, kw_only=True):
    """One field of an entity. `default` is None when there is none; `empty_means` says what a null
    stands for when it has a meaning of its own ("still in the role"). `limits`: what the JSON
    Schema asks of a value besides its type, keyword -> what it says; of a list's members under
    `items`; `null` is False for what may be absent but not null."""

    name: str
    type: ValueType
    required: bool = False
    description: str = ""
    unit: str = ""
    personal: bool = False
    default: str | int | bool | None = None
    empty_means: str = ""
    tense: Tense = Tense.NONE
    limits: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __hash__(self) -> int:
        return hash((self.name, self.type))


class EntityType(Struct, frozen=True, kw_only=True):
    """One kind of row. `collection` is the key its parent holds its rows under."""

    name: str
    collection: str
    parent: str | None
    id_field: str = "id"
    description: str = ""
    fields: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    children: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Collection name -> entity name, in the order of the schema."""


class Schema(Struct, frozen=True, kw_only=True, dict=True):
    """All entities, by name; `root` is the entity a document holds one of."""

    root: str
    entities: Mapping[str, EntityType]
    version: str = ""

    def ancestors(self, entity: str) -> Iterator[str]:
        """Yield the names of the entities that enclose `entity`, nearest first."""
        parent = self.entities[entity].parent
        while parent is not None:
            yield parent
            parent = self.entities[parent].parent

    @cached_property
    def _descendants(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        return {name: MappingProxyType(self._paths_below(name)) for name in self.entities}

    def _paths_below(self, entity: str) -> dict[str, tuple[str, ...]]:
        paths: dict[str, tuple[str, ...]] = {}
        level: list[tuple[tuple[str, ...], str]] = [((), entity)]
        while level:
            following: list[tuple[tuple[str, ...], str]] = []
            for path, name in level:
                for collection, child in self.entities[name].children.items():
                    paths.setdefault(collection, (*path, collection))
                    following.append(((*path, collection), child))
            level = following
        return paths

    def descendants(self, entity: str) -> Mapping[str, tuple[str, ...]]:
        """Return collection name -> path of collections from `entity`, at any depth below it."""
        return self._descendants[entity]

    def entity_of_collection(self, collection: str) -> str | None:
        """Return the entity whose rows stand in `collection`, or None if there is no such name."""
        for entity in self.entities.values():
            if entity.collection == collection and entity.parent is not None:
                return entity.name
        return None
