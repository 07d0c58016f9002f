"""Going through a syntax tree without knowing its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from policy.dsl.ast import Node


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind) if not item.name.endswith("span"))


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below, in the order of the text."""
    for name in _names(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Node):
                    yield item


def descend(node: Node) -> Iterator[Node]:
    """Yield the node and everything below it."""
    yield node
    for child in children(node):
        yield from descend(child)
