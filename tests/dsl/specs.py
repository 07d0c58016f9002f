"""Specs for tests: a fragment put into the smallest file that can hold it."""

from __future__ import annotations

from collections.abc import Mapping

from policy.data.schema import load_schema
from policy.dsl.checking.checked import CheckedSpec, World
from policy.dsl.checking.checker import check
from policy.dsl.syntax import ast
from policy.dsl.syntax.parser import parse
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText
from policy.model.suite import Function, Parameter

CLAUSES = frozenset({"TOY-1", "TOY-2", "TOY-3"})
HEAD = 'language 1\nspec toy "Toy rules" for 2025/26\n'
RULE = 'rule r "A rule" cites TOY-1 for each submission s must '


def grade_of(context: object, criterion: str) -> str:
    """A plugin's function for tests: the grade a criterion counts for."""
    return criterion[-2]


FUNCTIONS: Mapping[str, tuple[str, Function]] = {
    "grade_of": (
        "toy",
        Function(
            name="grade_of",
            parameters=(Parameter(name="criterion", type="text"),),
            returns="one of (P, M, D)",
            call=grade_of,
            description="Grade a criterion counts for.",
        ),
    )
}


def tree(text: str, name: str = "toy.policy") -> ast.Spec:
    """Parse a whole file that has no syntax error."""
    spec, diagnostics = parse(SourceText(name, text))
    assert spec is not None, [item.message for item in diagnostics]
    return spec


def world(tables: Mapping[str, str] | None = None) -> World:
    """The world of tests: the real data model, one function, three clauses, tables as texts."""
    return World(
        schema=load_schema().types,
        functions=FUNCTIONS,
        clauses=CLAUSES,
        read_table=lambda spec, path: (tables or {}).get(path),
        checks={"toy": frozenset({"toy_check"})},
    )


def checked(
    text: str,
    *libraries: str,
    tables: Mapping[str, str] | None = None,
) -> tuple[CheckedSpec | None, tuple[Diagnostic, ...]]:
    """Check a whole file against libraries given as texts."""
    others = {
        node.name: node for node in (tree(library, "library.policy") for library in libraries)
    }
    return check(tree(text), others, world(tables), "toy")


def found_in(text: str, *libraries: str, tables: Mapping[str, str] | None = None) -> list[str]:
    """Return what is wrong as `CODE underlined text`, in reading order."""
    _, diagnostics = checked(text, *libraries, tables=tables)
    return [f"{item.code} {item.span.text if item.span else ''}" for item in diagnostics]
