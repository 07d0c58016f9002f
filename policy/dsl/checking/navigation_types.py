"""Types of what is reached from a row, a table or a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.dsl.checking import mistakes
from policy.dsl.checking.checked import (
    AncestorIs,
    BuiltInIs,
    DefinitionIs,
    FieldIs,
    FunctionIs,
    RowsAre,
)
from policy.dsl.checking.names import Variables
from policy.dsl.checking.type_names import read_type_words
from policy.dsl.meaning.library import BUILT_INS
from policy.dsl.meaning.types import (
    ANYTHING,
    TEXT,
    Entity,
    List,
    TableRow,
    Type,
)
from policy.dsl.syntax import ast
from policy.model.source import Span

if TYPE_CHECKING:
    from policy.dsl.checking.expression_checker import Expressions


def member(run: Expressions, node: ast.Member, variables: Variables, wanted: Type | None) -> Type:
    """Of what stands after a dot."""
    owner = run.infer(node.of, variables)
    if isinstance(owner, Entity):
        return _of_entity(run, node, owner.name)
    if isinstance(owner, TableRow):
        return _of_table(run, node, owner.table)
    if isinstance(owner, List):
        run.report(mistakes.list_has_no_fields(_last_word(node), node.name))
    elif owner != ANYTHING:
        run.report(mistakes.unknown_member(_last_word(node), str(owner), node.name, ()))
    return ANYTHING


def _of_entity(run: Expressions, node: ast.Member, entity: str) -> Type:
    names = run.names
    field = names.field_type(entity, node.name)
    if field is None and node.name == names.world.schema.entities[entity].id_field:
        field = TEXT
    if field is not None:
        run.meanings[id(node)] = FieldIs(node.name)
        return field
    if node.name in names.world.schema.ancestors(entity):
        run.meanings[id(node)] = AncestorIs(node.name)
        return Entity(node.name)
    below = names.rows_below(entity, node.name)
    if below is not None:
        run.meanings[id(node)] = RowsAre(below[0])
        return below[1]
    if node.name in names.defines_for(entity):
        return _definition(run, node, node.name)
    known = names.members(entity)
    run.report(mistakes.unknown_member(_last_word(node), entity, node.name, known))
    return ANYTHING


def _definition(run: Expressions, node: ast.Member | ast.Call, name: str) -> Type:
    run.names.note(name)
    run.meanings[id(node)] = DefinitionIs(name)
    define = run.names.define(name)
    return define.result if define else ANYTHING


def _of_table(run: Expressions, node: ast.Member, table: str) -> Type:
    columns = run.names.tables[table].columns
    if node.name in columns:
        run.meanings[id(node)] = FieldIs(node.name)
        return columns[node.name]
    run.report(mistakes.unknown_member(_last_word(node), f"row of {table}", node.name, columns))
    return ANYTHING


def lookup(run: Expressions, node: ast.Lookup, variables: Variables, wanted: Type | None) -> Type:
    """Of a row of a table, picked by its keys."""
    kind = run.infer(node.table, variables)
    if not (isinstance(kind, List) and isinstance(kind.item, TableRow)):
        if kind != ANYTHING:
            run.report(mistakes.wrong_type(node.table.span, kind, "table", "only tables have keys"))
        for key in node.keys:
            run.infer(key, variables)
        return ANYTHING
    table = run.names.tables[kind.item.table]
    if len(table.keys) != len(node.keys):
        name = kind.item.table
        run.report(mistakes.wrong_number(node.span, name, len(node.keys), len(table.keys)))
    for key, column in zip(node.keys, table.keys, strict=False):
        run.expect(key, variables, table.columns[column])
    return kind.item


def call(run: Expressions, node: ast.Call, variables: Variables, wanted: Type | None) -> Type:
    """Of a definition, a built-in or a plugin's function with its values."""
    signature = _signature(run, node)
    if signature is None:
        for argument in node.arguments:
            run.infer(argument, variables)
        return ANYTHING
    parameters, result = signature
    if len(parameters) != len(node.arguments):
        run.report(
            mistakes.wrong_number(node.span, node.name, len(node.arguments), len(parameters))
        )
    for argument, kind in zip(node.arguments, parameters, strict=False):
        run.expect(argument, variables, kind)
    for argument in node.arguments[len(parameters) :]:
        run.infer(argument, variables)
    return result


def _signature(run: Expressions, node: ast.Call) -> tuple[list[Type], Type] | None:
    name, names = node.name, run.names
    if name in names.declared_defines:
        result = _definition(run, node, name)
        define = names.define(name)
        return ([kind for _, kind in define.parameters], result) if define else None
    if name in BUILT_INS:
        run.meanings[id(node)] = BuiltInIs(name)
        return list(BUILT_INS[name].parameters), BUILT_INS[name].returns
    if name in names.world.functions:
        suite, function = names.world.functions[name]
        run.meanings[id(node)] = FunctionIs(function, suite)
        schema = names.world.schema
        kinds = [read_type_words(item.type, schema) or ANYTHING for item in function.parameters]
        return kinds, read_type_words(function.returns, schema) or ANYTHING
    known = names.callable_words()
    run.report(mistakes.unknown_function(node.span, name, known))
    return None


def _last_word(node: ast.Member) -> Span:
    """The name after the dot."""
    return Span(node.span.source, node.span.end - len(node.name), node.span.end)
