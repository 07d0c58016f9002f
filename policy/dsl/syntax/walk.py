"""Going through a syntax tree without knowing its nodes."""

from __future__ import annotations

from collections.abc import Iterator

from policy.dsl.syntax.ast import Node


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below, in the order of the text."""
    for name in node.__struct_fields__:
        value = None if name.endswith("span") else getattr(node, name)
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
