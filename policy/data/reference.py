"""From the schema to the page `docs/reference/data-model.md`.

The page is generated, never edited, and the same schema gives the same page:

    python -m policy.data.reference > docs/reference/data-model.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from policy.data.schema import CentreSchema, load_schema
from policy.model.entities import EntityType, Field, Kind, Schema, Tense, ValueType

_INTRODUCTION = """\
<!-- Generated from policy/data/centre.schema.json by policy.data.reference: do not edit. -->
# Data model

A document holds one centre for one academic year. It is one object, written in JSON or YAML; many
documents go into NDJSON, one on each line. Rows stand inside the row they belong to, in the
collection named in the tree below.

- **Files** end in `.json`, `.yaml`, `.yml`, `.ndjson` or `.jsonl`, packed ones also in `.gz` or
  `.zst`, and are in UTF-8. YAML is read as if it were JSON: only `true` and `false` are yes and no,
  days stay as they are written, digits that begin with 0 are text; anchors, aliases and tags are
  refused. A number that is an identifier (`number: "90001"`) stands in quotes.
- **Not recorded**: a field that is absent or `null`. A collection that is absent or `null` is
  unknown; an empty one, `[]`, is known to be empty.
- **Names**: days end in `_on`, yes/no fields begin with `is_` or `has_`, counts end in `_count`. A
  reference has the name of the role or of the entity, and holds the id of the row it names.
- **Days** are written `2025-09-01`, academic years `2025/26`. *Done* marks a day that says what was
  done: later than the day of the run it counts as not recorded. *Planned* marks any other day.
- **Bold** fields are required. **†** marks a personal field: its value is never printed.
- *Default*: what is assumed where nothing is recorded; the report says how often. *Empty*: what
  `null` stands for where it has a meaning of its own.
"""

_KINDS = {
    Kind.TEXT: "text",
    Kind.INTEGER: "whole number",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "yes or no",
}


def page(schema: CentreSchema) -> str:
    """Return the whole page."""
    types = schema.types
    shared = _shared(types)
    parts = [f"{_INTRODUCTION}\nVersion of the schema: {types.version}.\n"]
    parts.append("## Tree\n\n```text\n" + "\n".join(_tree(types, types.root, 0)) + "\n```\n")
    parts.append("## Entities\n")
    for name in _in_tree_order(types, types.root):
        properties = schema.json["$defs"][name]["properties"]
        parts.append("\n".join(_entity(types.entities[name], properties, shared)) + "\n")
    parts.append("## Choices used by several fields\n")
    parts.append("\n".join(f"- `{name}`: {_coded(values)}" for name, values in shared.items()))
    return "\n".join(parts) + "\n"


def _tree(types: Schema, name: str, depth: int) -> Iterator[str]:
    entity = types.entities[name]
    indent = "  " * depth
    yield f"{indent}{name if entity.parent is None else f'{entity.collection}: {name}'}"
    for child in entity.children.values():
        yield from _tree(types, child, depth + 1)


def _in_tree_order(types: Schema, name: str) -> Iterator[str]:
    yield name
    for child in types.entities[name].children.values():
        yield from _in_tree_order(types, child)


def _shared(types: Schema) -> dict[str, tuple[str, ...]]:
    """Return the enumerations that more than one field uses."""
    users: dict[str, list[tuple[str, ...]]] = {}
    for entity in types.entities.values():
        for item in entity.fields.values():
            choice = item.type.item or item.type
            if choice.enum:
                users.setdefault(choice.enum, []).append(choice.values)
    return {name: values[0] for name, values in sorted(users.items()) if len(values) > 1}


def _entity(
    entity: EntityType, properties: Mapping[str, Any], shared: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    yield f"### {entity.name}"
    yield ""
    place = f" In `{entity.parent}.{entity.collection}`." if entity.parent else ""
    yield f"{entity.description}{place}"
    yield ""
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    for item in entity.fields.values():
        name = f"**`{item.name}`**" if item.required else f"`{item.name}`"
        mark = " †" if item.personal else ""
        also = properties[item.name].get("x-also", ())
        yield f"| {name}{mark} | {_type(item, shared)} | {_meaning(item, also)} |"


def _type(item: Field, shared: Mapping[str, tuple[str, ...]]) -> str:
    if item.type.item is not None:
        return f"list of {_value_type(item.type.item, shared)}"
    written = _value_type(item.type, shared)
    if item.type.kind is Kind.DATE:
        written = "day, done" if item.tense is Tense.DONE else "day, planned"
    return f"{written} ({item.unit})" if item.unit else written


def _value_type(of: ValueType, shared: Mapping[str, tuple[str, ...]]) -> str:
    if of.kind is Kind.REF:
        return f"→ [{of.entity}](#{of.entity})"
    if of.kind is Kind.ENUM:
        return f"choice `{of.enum}`" if of.enum in shared else _coded(of.values)
    return _KINDS.get(of.kind, str(of.kind))


def _coded(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _meaning(item: Field, also: list[str]) -> str:
    parts = [item.description.rstrip(".")]
    if item.default is not None:
        parts.append(f"Default: `{item.default}`")
    if item.empty_means:
        parts.append(f"Empty: {item.empty_means}")
    if also:
        parts.append(f"Also called {', '.join(also)}")
    return ". ".join(parts).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page(load_schema()))
