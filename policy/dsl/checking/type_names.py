"""Types as authors and plugins write them -> types."""

from __future__ import annotations

from collections.abc import Callable

from policy.dsl.checking import mistakes
from policy.dsl.meaning.types import ANYTHING, SIMPLE_BY_WORD, Entity, Enum, List, Type, of_field
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic
from policy.model.entities import Schema
from policy.model.type_words import parse_type


def read_type(node: ast.TypeExpr, schema: Schema, report: Callable[[Diagnostic], None]) -> Type:
    """Return the type an author wrote; ANYTHING, and a diagnostic, if there is no such type."""
    if isinstance(node, ast.ChoiceType):
        return Enum(frozenset(node.names))
    if isinstance(node, ast.FieldType):
        return _of_field(node, schema, report)
    item: Type | None = SIMPLE_BY_WORD.get(node.name)
    if item is None and node.name in schema.entities:
        item = Entity(node.name)
    if item is None:
        report(mistakes.unknown_type(node.span, node.name, [*SIMPLE_BY_WORD, *schema.entities]))
        return ANYTHING
    return List(item) if node.is_list else item


def _of_field(node: ast.FieldType, schema: Schema, report: Callable[[Diagnostic], None]) -> Type:
    entity = schema.entities.get(node.entity)
    if entity is None:
        report(mistakes.unknown_entity(node.span, node.entity, schema.entities))
        return ANYTHING
    if node.field not in entity.fields:
        report(mistakes.unknown_member(node.span, node.entity, node.field, entity.fields))
        return ANYTHING
    kind = of_field(entity.fields[node.field].type)
    return kind.item if isinstance(kind, List) else kind


def read_type_words(words: str, schema: Schema) -> Type | None:
    """Return the type a plugin wrote in words, None if there is no such type."""
    kind = parse_type(words)
    if kind is None:
        return None
    item = kind.item or kind
    return None if item.entity and item.entity not in schema.entities else of_field(kind)
