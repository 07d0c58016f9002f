"""text -> ast, or diagnostics that say what to mend.

In: a `SourceText` of a `.policy` file. Out: `(Spec, diagnostics)`; the spec is None when there is a
syntax error. Mistakes in different items are reported in one go, none the echo of another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from lark import Lark
from lark.exceptions import UnexpectedInput
from lark.lexer import PatternRE, PatternStr, TerminalDef
from msgspec.structs import replace

from policy.dsl.syntax import ast, syntax_errors
from policy.dsl.syntax.character_errors import TAB, character_errors, piece_errors
from policy.dsl.syntax.comments import find_comments
from policy.dsl.syntax.scanning import Piece, scan
from policy.dsl.syntax.tree_reader import NestedTooDeeply
from policy.dsl.syntax.tree_to_items import Builder
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText

MAX_ERRORS = 20
_BYTE_ORDER_MARK = "\ufeff"


@lru_cache(maxsize=1)
def grammar() -> Lark:
    """Return the parser generated from `grammar.lark` (built once in a process)."""
    return build_grammar()


def build_grammar(*, strict: bool = False) -> Lark:
    """Return a new parser; `strict` makes any ambiguity of the grammar an exception."""
    text = files("policy.dsl.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        text,
        parser="lalr",
        start=["start", "placed", "items", "template"],
        propagate_positions=True,
        maybe_placeholders=True,
        edit_terminals=_whole_words,
        strict=strict,
    )


def parse(source: SourceText) -> tuple[ast.Spec | None, tuple[Diagnostic, ...]]:
    """Read a whole file."""
    text = _readable(source.text)
    pieces = list(scan(text))
    language = syntax_errors.language_error(source, pieces)
    if language is not None:
        return None, (language,)
    found = character_errors(source, pieces)

    def read(rule: str, start: int, end: int) -> UnexpectedInput | list[Diagnostic]:
        return _mistakes(source, text[start:end], rule, start)

    try:
        tree = grammar().parse(text, start="start") if all(e.code == TAB for e in found) else None
    except UnexpectedInput:
        tree = None
    if tree is None:
        return None, tuple(syntax_errors.all_errors(source, text, found, read)[:MAX_ERRORS])
    builder = Builder(source, parse_template)
    try:
        spec = builder.spec(tree)
    except NestedTooDeeply as error:
        return None, (syntax_errors.nested_too_deeply(error.span),)
    if found or builder.diagnostics:
        return None, tuple(found + builder.diagnostics)[:MAX_ERRORS]
    return replace(spec, comments=find_comments(source)), ()


_EXAMPLE = re.compile(r'^example ".*\n(?:(?: .*)?\n)*', re.MULTILINE)
_OTHER_ITEM = re.compile(
    r"^ +(?:rule|define|parameter|table|replace|drop|use|applies|change rule)\b"
)


def parse_without_examples(source: SourceText) -> ast.Spec | None:
    """Read a file whose examples nobody asked for; None when `parse` has something to say.

    Most of a spec is examples, and judging needs none of them. Left out are those that are laid out
    as `policy fmt` does it: `example` at the beginning of a line, and the indented lines below it.
    An item that is indented by mistake is no line of an example: then nothing is left out.
    """

    def blank(found: re.Match[str]) -> str:
        lines = found[0].split("\n")
        return found[0] if any(map(_OTHER_ITEM.match, lines)) else _blank(found[0])

    text = _EXAMPLE.sub(blank, source.text)
    try:
        tree = grammar().parse(_readable(text), start="start")
        builder = Builder(source, parse_template)
        spec = builder.spec(tree)
    except (UnexpectedInput, NestedTooDeeply):
        return None
    return None if builder.diagnostics else spec


def _blank(text: str) -> str:
    """Return blanks in the same lines, so that every place in the file stays where it is."""
    return re.sub(r"[^\n]", " ", text)


def parse_template(source: SourceText, start: int, end: int) -> ast.Expr | Diagnostic:
    """Read the expression in a message's braces, the characters from `start` to `end`."""
    text = source.text[start:end]
    try:
        tree = grammar().parse(text, start="template")
    except UnexpectedInput as error:
        pieces = list(scan(text))
        found = piece_errors(source, [Piece(p.kind, p.text, p.start + start) for p in pieces])
        if found:
            return found[0]
        return syntax_errors.word(source, error, pieces, kind="template", base=start)
    return Builder(source, parse_template, offset=start).expression(tree.children[0])


def _readable(text: str) -> str:
    """Return a text of the same length without what the grammar need not know."""
    if text.startswith(_BYTE_ORDER_MARK):
        text = " " + text[1:]
    return text.replace("\t", " ")


def _mistakes(
    source: SourceText, text: str, rule: str, offset: int
) -> UnexpectedInput | list[Diagnostic]:
    """Return where reading a part of a file stopped, or the mistakes that building it finds."""
    try:
        tree = grammar().parse(text, start=rule)
    except UnexpectedInput as error:
        return error
    builder = Builder(source, parse_template, offset=offset)
    try:
        builder.parts(tree)
    except NestedTooDeeply as error:
        return [syntax_errors.nested_too_deeply(error.span)]
    return builder.diagnostics


def _whole_words(terminal: TerminalDef) -> TerminalDef:
    """Let a word of the grammar match no beginning of a longer word, and win over a name."""
    if isinstance(terminal.pattern, PatternStr) and terminal.pattern.value.isalpha():
        terminal.pattern = PatternRE(terminal.pattern.value + "(?![A-Za-z0-9_])")
        terminal.priority = 2
    return terminal
