"""A spec whose names are resolved and whose types fit: the tree, plus what is known about it.

The tree is never changed. What the checker found out stands beside it, keyed by the identity of the
node: `types[id(node)]` and `meanings[id(node)]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from policy.dsl.meaning.types import Type
from policy.dsl.syntax import ast
from policy.model.entities import Schema
from policy.model.suite import Function
from policy.model.values import Value

# ---------------------------------------------------------------- what a name means


class VariableIs(Struct, frozen=True):
    """A variable of a scope, a generator or a definition."""

    name: str


class ParameterIs(Struct, frozen=True):
    """A parameter of the spec."""

    name: str


class TableIs(Struct, frozen=True):
    """A table of the spec."""

    name: str


class EnumeratorIs(Struct, frozen=True):
    """One of the words of an enumeration."""

    value: str


class ConstantIs(Struct, frozen=True):
    """`as_at`, `year` or `terms`."""

    name: str


class FieldIs(Struct, frozen=True):
    """A field of the entity, or a column of the table."""

    name: str


class AncestorIs(Struct, frozen=True):
    """The enclosing row of that entity."""

    entity: str


class RowsAre(Struct, frozen=True):
    """The rows below, through these collections."""

    path: tuple[str, ...]


class DefinitionIs(Struct, frozen=True):
    """A definition."""

    name: str


class BuiltInIs(Struct, frozen=True):
    """A function of the language."""

    name: str


class FunctionIs(Struct, frozen=True):
    """A plugin's function."""

    function: Function
    suite: str


Meaning: TypeAlias = (
    VariableIs
    | ParameterIs
    | TableIs
    | EnumeratorIs
    | ConstantIs
    | FieldIs
    | AncestorIs
    | RowsAre
    | DefinitionIs
    | BuiltInIs
    | FunctionIs
)

# ---------------------------------------------------------------- what a spec has


class CheckedParameter(Struct, frozen=True, kw_only=True):
    """A parameter with its type and default."""

    node: ast.Parameter
    type: Type
    default: Value


class CheckedTable(Struct, frozen=True, kw_only=True):
    """A table with its typed rows; `rows` None when the pack is not loaded."""

    node: ast.Table
    columns: Mapping[str, Type]
    keys: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...] | None


class CheckedDefine(Struct, frozen=True, kw_only=True):
    """A definition with the types of its parameters and of its body."""

    node: ast.Define
    parameters: tuple[tuple[str, Type], ...]
    result: Type


class CheckedDemand(Struct, frozen=True, kw_only=True):
    """A demand as this spec makes it: with its own modal and clauses where the rule was taken from
    another spec."""

    node: ast.Demand
    label: str
    modal: str
    cites: tuple[str, ...]


class CheckedRule(Struct, frozen=True, kw_only=True):
    """A rule with the demands this spec makes of it; `origin` is the spec that wrote it."""

    node: ast.Rule
    origin: str
    demands: tuple[CheckedDemand, ...]


class CheckedSpec(Struct, frozen=True, kw_only=True):
    """A whole spec. `text_hash` is over its text, those it uses and its tables."""

    node: ast.Spec
    suite: str
    text_hash: str
    parameters: Mapping[str, CheckedParameter]
    tables: Mapping[str, CheckedTable]
    defines: Mapping[str, CheckedDefine]
    rules: tuple[CheckedRule, ...]
    types: Mapping[int, Type]
    meanings: Mapping[int, Meaning]


class World(Struct, frozen=True, kw_only=True):
    """What a spec is checked against.

    `functions`: name -> suite and function, of all loaded plugins. `clauses`: ids of the register,
    None when there is none to check against. `read_table(spec name, path)`: the text of a table's
    file, None when it is not there. `checks`: suite -> names of its plugin's checks, which examples
    of the spec of that name may expect something of.
    """

    schema: Schema
    functions: Mapping[str, tuple[str, Function]]
    clauses: frozenset[str] | None
    read_table: Callable[[str, str], str | None]
    checks: Mapping[str, frozenset[str]] = field(default_factory=dict)
