"""What every part of tree -> ast needs: places in the text, tokens, and the dispatch by rule name.

In: the parser's tree of one text. A subclass has one method per grammar rule, named after it with
an underscore in front. Mistakes that only show here (a date that does not exist, a message with a
broken `{hole}`) are collected in `diagnostics`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

from lark import Token, Tree

from policy.dsl.syntax import ast
from policy.dsl.syntax.vocabulary import RESERVED
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText, Span

Branch: TypeAlias = "Tree[Token]"
TemplateReader: TypeAlias = Callable[[SourceText, int, int], "ast.Expr | Diagnostic"]

# Far beyond any rule a person can read; keeps every later stage, which is recursive, off the
# interpreter's own limit.
MAX_DEPTH = 100
_COMMENT = re.compile("--[^\n]*")


class NestedTooDeeply(Exception):
    """The text nests deeper than `MAX_DEPTH`; the parser turns this into a diagnostic."""

    def __init__(self, span: Span) -> None:
        super().__init__(span.position)
        self.span = span


class TreeReader:
    """Reads the trees of one text; `offset` is where that text begins in `source`."""

    def __init__(
        self, source: SourceText, read_template: TemplateReader, *, offset: int = 0
    ) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self._read_template = read_template
        self._offset = offset
        self._depth = 0

    def expression(self, tree: Any) -> ast.Expr:
        """Build an expression."""
        return self._build(tree)  # type: ignore[no-any-return]

    def _build(self, tree: Any) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise NestedTooDeeply(self._span(tree))
        built = getattr(self, "_" + tree.data)(tree, tree.children)
        self._depth -= 1
        return built

    def _maybe(self, tree: Any) -> Any:
        return None if tree is None else self._build(tree)

    def _span(self, tree: Branch) -> Span:
        start, end = tree.meta.start_pos, tree.meta.end_pos
        return Span(self.source, start + self._offset, end + self._offset)

    def _token_span(self, token: Any) -> Span:
        start, end = token.start_pos, token.end_pos
        return Span(self.source, start + self._offset, end + self._offset)

    def _name_node(self, token: Any) -> ast.Name:
        return ast.Name(span=self._token_span(token), name=str(token))

    def _declared(self, token: Any) -> str:
        """Return a name that the author gives to something, which no word of expressions can be."""
        if str(token) in RESERVED:
            self.diagnostics.append(
                Diagnostic(
                    code="P134",
                    message=f"`{token}` is a word of the language",
                    span=self._token_span(token),
                    help="choose another name",
                )
            )
        return str(token)

    def _date(self, token: Token) -> date:
        try:
            return date.fromisoformat(str(token))
        except ValueError:
            self.diagnostics.append(
                Diagnostic(
                    code="P103",
                    message=f"`{token}` is not a day of the calendar",
                    span=self._token_span(token),
                    help="write dates as year-month-day, for example 2025-10-28",
                )
            )
            return date(2000, 1, 1)


def text_of(token: Any) -> str:
    """Return what stands between the quotes of a string token."""
    return str(token)[1:-1]


def is_token(token: Any, kind: str) -> bool:
    """Whether a child of a tree is a token of that kind."""
    return isinstance(token, Token) and token.type == kind


def words_of(token: Any) -> str:
    """Return the words of a token such as `must   not`, one blank between them."""
    return " ".join(_COMMENT.sub(" ", str(token)).split())
