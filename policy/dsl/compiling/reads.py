"""Which part of a centre's data some rules read: the rest need not be made into rows."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from policy.dsl.meaning import plan
from policy.model.entities import EntityType, Kind, Schema

CALENDAR = "calendar_period"
_STUDY = ("study_mode", "study_days")
"""What counting study days reads of a learner, besides what a rule names."""

_PARTS = (
    *(plan.Operation, plan.RulePlan, plan.DemandPlan, plan.ExceptionPlan, plan.ScopePlan),
    *(plan.MembershipPlan, plan.MessagePlan),
)


def read_part(schema: Schema, specs: Iterable[plan.SpecPlan]) -> Schema | None:
    """Return the schema without what no rule of the specs can read; None if nobody can tell.

    Fields are gathered by name alone, so there may be some too many. A function of a plugin may
    read what it likes.
    """
    reads = _Reads()
    for spec in specs:
        if not reads.look(spec):
            return None
    return _Part(schema, reads).schema()


class _Reads:
    """Names that plans mention."""

    def __init__(self) -> None:
        self.fields = set(_STUDY)
        self.collections: set[str] = set()
        self.entities = {CALENDAR}

    def look(self, spec: plan.SpecPlan) -> bool:
        """Gather the names that the rules of a spec mention; False if they call a plugin."""
        stack: list[Any] = [spec.rules, spec.membership]
        seen: set[str] = set()
        while stack:
            item = stack.pop()
            if isinstance(item, tuple):
                stack.extend(item)
            elif isinstance(item, plan.PluginCall):
                return False
            elif isinstance(item, _PARTS):
                self._note(item)
                if isinstance(item, plan.DefinitionOf) and item.name not in seen:
                    seen.add(item.name)
                    stack.append(spec.definitions[item.name].body)
                stack.extend(getattr(item, name) for name in item.__struct_fields__)
        return True

    def _note(self, item: Any) -> None:
        match item:
            case plan.FieldOf():
                self.fields.add(item.field)
            case plan.Rows():
                self.collections.update(item.path)
            case plan.Ancestor() | plan.ScopePlan() | plan.MembershipPlan():
                self.entities.add(item.entity)


class _Part:
    def __init__(self, schema: Schema, reads: _Reads) -> None:
        self._schema = schema
        self._reads = reads

    def schema(self) -> Schema:
        """Return what is read."""
        wanted = {self._schema.root, *self._reads.entities}
        for entity in self._schema.entities.values():
            if entity.collection in self._reads.collections:
                wanted.add(entity.name)
        before: set[str] = set()
        while wanted != before:
            before = set(wanted)
            for name in before & self._schema.entities.keys():
                wanted.update(self._schema.ancestors(name), self._referred(name))
        made = {
            name: self._entity(entity, wanted)
            for name, entity in self._schema.entities.items()
            if name in wanted
        }
        return replace(self._schema, entities=MappingProxyType(made))

    def _referred(self, name: str) -> set[str]:
        """Return the entities that the fields read of an entity refer to."""
        found = set()
        for item in self._schema.entities[name].fields.values():
            target = item.type.item or item.type
            if target.kind is Kind.REF and self._is_read(name, item.name):
                found.add(target.entity)
        return found

    def _is_read(self, entity: str, field: str) -> bool:
        kind = self._schema.entities[entity]
        whole = entity in (self._schema.root, CALENDAR)
        return whole or field == kind.id_field or field in self._reads.fields

    def _entity(self, entity: EntityType, wanted: set[str]) -> EntityType:
        fields = {
            name: item for name, item in entity.fields.items() if self._is_read(entity.name, name)
        }
        children = {name: child for name, child in entity.children.items() if child in wanted}
        return replace(entity, fields=MappingProxyType(fields), children=MappingProxyType(children))
