"""One change of a spec, in the words of its author."""

from __future__ import annotations

from msgspec import Struct

from policy.dsl.syntax import ast
from policy.dsl.syntax.print_expressions import print_expression
from policy.model.source import Span

_SHOWN = 72
"""Characters of an expression that a sentence shows."""


class Change(Struct, frozen=True, kw_only=True):
    """What was changed: its kind, the place, and "`15` became `16`"."""

    kind: str
    span: Span
    words: str


def became(
    kind: str, place: ast.Node, old: str, new: str, within: ast.Expr | None = None
) -> Change:
    """Return the change of `old` into `new`; `within` is what it stands in, where that helps."""
    where = f" in `{shown(within)}`" if within is not None else ""
    return Change(kind=kind, span=place.span, words=f"`{old}` became `{new}`{where}")


def left_out(kind: str, place: ast.Node, what: str) -> Change:
    """Return the change that leaves `what` out."""
    return Change(kind=kind, span=place.span, words=f"`{what}` was left out")


def shown(expr: ast.Expr) -> str:
    """Return an expression on one line, without its middle if it is long."""
    text = print_expression(expr)
    if len(text) <= _SHOWN:
        return text
    half = (_SHOWN - 5) // 2
    return f"{text[:half].rstrip()} ... {text[-half:].lstrip()}"
