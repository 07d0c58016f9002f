"""Fields whose emptiness has a meaning must be asked about it.

The data model says of some fields what a null stands for (`role.ends_on`: still in the role). A
rule that reads such a field without saying what holds then would end as unknown for the usual case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy.dsl.checking import mistakes
from policy.dsl.checking.checked import FieldIs, Meaning
from policy.dsl.meaning.types import Entity, Type
from policy.dsl.syntax import ast
from policy.dsl.syntax.walk import descend
from policy.model.diagnostics import Diagnostic
from policy.model.entities import Schema


def unasked(
    body: tuple[ast.Node, ...],
    types: Mapping[int, Type],
    meanings: Mapping[int, Meaning],
    schema: Schema,
) -> Iterator[Diagnostic]:
    """Yield a mistake for each such field that `body` reads and never tests; once per field."""
    nodes = [node for part in body for node in descend(part)]
    asked = set()
    for node in nodes:
        if isinstance(node, ast.IsState):
            asked.add(node.item)
        elif isinstance(node, ast.Otherwise):
            asked.add(node.first)
    for node in nodes:
        if isinstance(node, ast.Member) and node not in asked:
            meaning = _meaning_of_empty(node, types, meanings, schema)
            if meaning:
                asked.add(node)
                yield mistakes.meaning_of_empty(node.span, node.span.text, meaning)


def _meaning_of_empty(
    node: ast.Member,
    types: Mapping[int, Type],
    meanings: Mapping[int, Meaning],
    schema: Schema,
) -> str:
    owner = types.get(id(node.of))
    if not isinstance(owner, Entity) or not isinstance(meanings.get(id(node)), FieldIs):
        return ""
    field = schema.entities[owner.name].fields.get(node.name)
    return field.empty_means if field else ""
