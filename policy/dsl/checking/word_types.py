"""Types of literals and bare words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.dsl.checking import mistakes
from policy.dsl.checking.names import STRETCHES, Variables
from policy.dsl.meaning.types import (
    ANYTHING,
    BOOLEAN,
    DATE,
    DURATION,
    INTEGER,
    NUMBER,
    TEXT,
    Enum,
    List,
    Type,
)
from policy.dsl.syntax import ast

if TYPE_CHECKING:
    from policy.dsl.checking.expression_checker import Expressions


_LITERALS: tuple[tuple[type, Type], ...] = ((bool, BOOLEAN), (int, INTEGER), (str, TEXT))


def literal(run: Expressions, node: ast.Literal, variables: Variables, wanted: Type | None) -> Type:
    """Of a text, number, date or yes/no."""
    for python, kind in _LITERALS:
        if isinstance(node.value, python):
            return kind
    return DATE if hasattr(node.value, "isoformat") else NUMBER


def day_month(
    run: Expressions, node: ast.DayMonth, variables: Variables, wanted: Type | None
) -> Type:
    """`28 October` is a date."""
    return DATE


def length(run: Expressions, node: ast.Length, variables: Variables, wanted: Type | None) -> Type:
    """`12 weeks` is a length of time."""
    run.amount(node.amount, variables)
    return DURATION


def name(run: Expressions, node: ast.Name, variables: Variables, wanted: Type | None) -> Type:
    """Of a bare word: what it names, or a word of the enumeration that is wanted."""
    name = node.name
    found = run.known_word(name, variables)
    if found is not None:
        run.meanings[id(node)], kind = found
        if name in STRETCHES:
            help = "`terms` stands right after `in`: `s.submitted_on in terms`"
            run.report(mistakes.wrong_type(node.span, kind, "single value", help))
            return ANYTHING
        return kind
    if isinstance(wanted, List) and isinstance(wanted.item, Enum):
        wanted = wanted.item
    if isinstance(wanted, Enum):
        return run.enumerator(node, wanted)
    if wanted == ANYTHING:
        return ANYTHING  # what would say which words are meant is wrong itself
    if wanted == TEXT:
        run.report(mistakes.needs_quotes(node.span, name))
    else:
        known = run.names.plain_words(variables, wanted)
        run.report(mistakes.unknown_name(node.span, name, known, _call_hint(run, name)))
    return ANYTHING


def _call_hint(run: Expressions, name: str) -> str:
    if name in run.names.declared_defines:
        parameters = run.names.declared_defines[name].parameters
        words = ", ".join(parameter.name for parameter in parameters)
        return f"it is a definition: write `{name}({words})`"
    return "a bare word is a variable, a parameter, a table or a word of an enumeration"
