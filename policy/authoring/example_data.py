"""The steps of an example, applied to a document as it was read (before linking).

In: nested objects and lists, and `change`, `remove`, `copy` steps. Out: the document changed, or a
sentence that says why a step could not be done. A step that changes nothing is such a case: an
example must not seem to test what it does not touch.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from policy.dsl.syntax import ast
from policy.model.entities import EntityType, Schema

Data: TypeAlias = dict[str, Any]


class _Found(Struct, frozen=True):
    """A row, and the list it stands in (None for the root)."""

    row: Data
    rows: list[Data] | None


def apply(step: ast.Step, data: Data, schema: Schema) -> str:
    """Apply a step to `data` in place; return why it could not be done, empty if it was."""
    if isinstance(step, ast.SetParameter):
        return ""
    found = _find(data, schema, step.entity, step.id)
    if found is None:
        return f"there is no {step.entity} {step.id}"
    if isinstance(step, ast.Change):
        return _change(found.row, step)
    if found.rows is None:
        return f"the {step.entity} is the whole document; only its fields can be changed"
    if isinstance(step, ast.Remove):
        found.rows[:] = [row for row in found.rows if row is not found.row]
        return ""
    return _copy(found, found.rows, step, data, schema)


def _change(row: Data, step: ast.Change) -> str:
    value = _plain(step.value)
    if row.get(step.field) == value and (value is not None or step.field not in row):
        return f"`{step.field}` of {step.entity} {step.id} is that already"
    if value is None:
        row.pop(step.field, None)
    else:
        row[step.field] = value
    return ""


def _copy(found: _Found, rows: list[Data], step: ast.Copy, data: Data, schema: Schema) -> str:
    if _find(data, schema, step.entity, step.new_id) is not None:
        return f"there is a {step.entity} {step.new_id} already"
    entity = schema.entities[step.entity]
    row = copy.deepcopy(found.row)
    renamed: dict[tuple[str, str], str] = {(step.entity, step.id): step.new_id}
    row[entity.id_field] = step.new_id
    for kind, below in _below(row, entity, schema):
        old = below[kind.id_field]
        below[kind.id_field] = renamed[kind.name, old] = f"{step.new_id}-{old}"
    for kind, inside in ((entity, row), *_below(row, entity, schema)):
        _follow_names(inside, kind, renamed)
    rows.insert(rows.index(found.row) + 1, row)
    return ""


def _follow_names(row: Data, kind: EntityType, renamed: Mapping[tuple[str, str], str]) -> None:
    """Let references between copied rows lead to the copies."""
    for name, field in kind.fields.items():
        target = field.type.entity or (field.type.item.entity if field.type.item else "")
        value = row.get(name)
        if not target or value is None:
            continue
        if isinstance(value, list):
            row[name] = [renamed.get((target, each), each) for each in value]
        else:
            row[name] = renamed.get((target, value), value)


def _find(data: Data, schema: Schema, entity: str, id: str) -> _Found | None:
    kind = schema.entities[entity]
    if entity == schema.root:
        return _Found(data, None) if str(data.get(kind.id_field)) == id else None
    for owner_kind, owner in ((schema.entities[schema.root], data), *_below(data, None, schema)):
        if (
            kind.collection in owner_kind.children
            and owner_kind.children[kind.collection] == entity
        ):
            rows = owner.get(kind.collection) or []
            for row in rows:
                if row.get(kind.id_field) == id:
                    return _Found(row, rows)
    return None


def _below(row: Data, kind: EntityType | None, schema: Schema) -> Iterator[tuple[EntityType, Data]]:
    """Yield every row below `row`, with its entity, in document order."""
    kind = kind or schema.entities[schema.root]
    for collection, entity in kind.children.items():
        for child in row.get(collection) or ():
            below = schema.entities[entity]
            yield below, child
            yield from _below(child, below, schema)


def _plain(value: ast.ExampleValue) -> Any:
    """Return a value of an example as a document writes it."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
