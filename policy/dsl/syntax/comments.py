"""The comments of a text: `-- ...` up to the end of the line, outside quotes.

Comments carry no meaning, so the grammar ignores them; the formatter must keep every one.
"""

from __future__ import annotations

import re

from policy.dsl.syntax import ast
from policy.model.source import SourceText

_TEXT_OR_COMMENT = re.compile(r'"[^"\n]*"|--[^\n]*')


def find_comments(source: SourceText) -> tuple[ast.Comment, ...]:
    """Return the comments of a text, in order, without blanks at their ends."""
    found = []
    for match in _TEXT_OR_COMMENT.finditer(source.text):
        text = match.group().rstrip()
        if text.startswith("--"):
            start = match.start()
            found.append(ast.Comment(span=source.span(start, start + len(text)), text=text))
    return tuple(found)


def without_tabs(text: str) -> str:
    """Return the text with a blank for each tab character outside quotes."""
    pieces, at = [], 0
    for match in _TEXT_OR_COMMENT.finditer(text):
        if match.group().startswith('"'):
            pieces += [text[at : match.start()].replace("\t", " "), match.group()]
            at = match.end()
    pieces.append(text[at:].replace("\t", " "))
    return "".join(pieces)
