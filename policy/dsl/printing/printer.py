"""ast -> text: the one layout of a spec, and the formatter that keeps comments.

`print_spec` and `print_expression` need no parser; `format_text` reads its own result again and
compares, so that formatting can never change a meaning unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, starmap

from policy.dsl.printing.comment_placing import Margin, with_comments
from policy.dsl.printing.print_items import head_lines, item_lines
from policy.dsl.syntax import ast
from policy.dsl.syntax.line_breaking import Line
from policy.dsl.syntax.print_expressions import print_expression
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText

__all__ = ["FormattingChangedTheSpec", "format_text", "print_expression", "print_spec"]

# Items of one kind that may follow each other without a blank line; definitions of one line too.
_MAY_BE_GROUPED = (ast.Parameter, ast.Table, ast.Drop, ast.ChangeModal)


class FormattingChangedTheSpec(Exception):
    """Our bug: the formatted text would not read as the same spec with the same comments."""


def print_spec(spec: ast.Spec) -> str:
    """Return the text of a spec, with the comments it was read with."""
    return "\n".join(_lines(spec)) + "\n"


def format_text(source: SourceText) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """Return the text of a file laid out anew, None with diagnostics when it cannot be read.

    Tab characters outside quotes are replaced by blanks first.
    Raises `FormattingChangedTheSpec` rather than give a text with another meaning.
    """
    # Imported here: printing needs no grammar, and explanations print without one.
    from policy.dsl.syntax.comments import without_tabs
    from policy.dsl.syntax.parser import parse

    spec, diagnostics = parse(SourceText(source.name, without_tabs(source.text)))
    if spec is None:
        return None, diagnostics
    text = print_spec(spec)
    again, _ = parse(SourceText(source.name, text))
    if again != spec:
        raise FormattingChangedTheSpec(f"{source.name}: the formatted text reads differently")
    if _comments(again) != _comments(spec):
        raise FormattingChangedTheSpec(f"{source.name}: a comment was lost or altered")
    return text, diagnostics


def _comments(spec: ast.Spec | None) -> list[str]:
    return sorted(comment.text for comment in spec.comments) if spec else []


def _lines(spec: ast.Spec) -> Iterator[str]:
    groups = [item_lines(item) for item in spec.items]
    pairs = pairwise(zip(spec.items, groups, strict=True))
    lines = [(line, False) for line in head_lines(spec)]
    for group, is_apart in zip(groups, [True, *starmap(_stand_apart, pairs)], strict=False):
        lines += [(line, is_apart and line.first_of_item) for line in group]
    return with_comments(lines, Margin(spec.span.source, spec.comments))


def _stand_apart(one: tuple[ast.Item, list[Line]], other: tuple[ast.Item, list[Line]]) -> bool:
    """Whether a blank line has to stand between two items, even if the author put none."""
    (item, lines), (next_item, next_lines) = one, other
    if type(item) is not type(next_item):
        return True
    are_short = isinstance(item, ast.Define) and len(lines) == len(next_lines) == 1
    return not (isinstance(item, _MAY_BE_GROUPED) or are_short)
