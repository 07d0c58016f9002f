"""A spec whose names are resolved and whose types fit: the tree, plus what is known about it.

The tree is never changed. What the checker found out stands beside it, keyed by the identity of the
node: `types[id(node)]` and `meanings[id(node)]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from policy.dsl.meaning.types import Type
from policy.dsl.syntax import ast
from policy.model.entities import Schema
from policy.model.suite import Function
from policy.model.values import Value

# ---------------------------------------------------------------- what a name means


@dataclass(frozen=True, slots=True)
class VariableIs:
    """A variable of a scope, a generator or a definition."""

    name: str


@dataclass(frozen=True, slots=True)
class ParameterIs:
    """A parameter of the spec."""

    name: str


@dataclass(frozen=True, slots=True)
class TableIs:
    """A table of the spec."""

    name: str


@dataclass(frozen=True, slots=True)
class EnumeratorIs:
    """One of the words of an enumeration."""

    value: str


@dataclass(frozen=True, slots=True)
class ConstantIs:
    """`as_at`, `year` or `terms`."""

    name: str


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A field of the entity, or a column of the table."""

    name: str


@dataclass(frozen=True, slots=True)
class AncestorIs:
    """The enclosing row of that entity."""

    entity: str


@dataclass(frozen=True, slots=True)
class RowsAre:
    """The rows below, through these collections."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionIs:
    """A definition."""

    name: str


@dataclass(frozen=True, slots=True)
class BuiltInIs:
    """A function of the language."""

    name: str


@dataclass(frozen=True, slots=True)
class FunctionIs:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedParameter:
    """A parameter with its type and default."""

    node: ast.Parameter
    type: Type
    default: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTable:
    """A table with its typed rows; `rows` None when the pack is not loaded."""

    node: ast.Table
    columns: Mapping[str, Type]
    keys: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDefine:
    """A definition with the types of its parameters and of its body."""

    node: ast.Define
    parameters: tuple[tuple[str, Type], ...]
    result: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDemand:
    """A demand as this spec makes it: with its own modal and clauses where the rule was taken from
    another spec."""

    node: ast.Demand
    label: str
    modal: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRule:
    """A rule with the demands this spec makes of it; `origin` is the spec that wrote it."""

    node: ast.Rule
    origin: str
    demands: tuple[CheckedDemand, ...]


@dataclass(frozen=True, kw_only=True)
class CheckedSpec:
    """A whole spec. `text_hash` is over its text, those it uses and its tables."""

    node: ast.Spec
    suite: str
    text_hash: str
    parameters: Mapping[str, CheckedParameter]
    tables: Mapping[str, CheckedTable]
    defines: Mapping[str, CheckedDefine]
    rules: tuple[CheckedRule, ...]
    types: Mapping[int, Type] = field(repr=False)
    meanings: Mapping[int, Meaning] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class World:
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
