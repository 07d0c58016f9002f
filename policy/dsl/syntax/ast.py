"""The syntax tree of a spec, as its author wrote it.

Frozen; compared by meaning: the span of a node takes no part in equality, so a text and its
formatted form parse to equal trees. Names are not resolved here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

from policy.model.source import Span, Written


class Node(Written, frozen=True, kw_only=True):
    """Anything with a place in the text."""


# ---------------------------------------------------------------- expressions


class Literal(Node, frozen=True, kw_only=True):
    """`"text"`, `15`, `0.8`, `2025-10-28`, `true`."""

    value: str | int | Decimal | date | bool


class DayMonth(Node, frozen=True, kw_only=True):
    """`28 October`: placed in the academic year of the document."""

    day: int
    month: int


class Length(Node, frozen=True, kw_only=True):
    """`12 weeks`, `resubmission_days working days`. `unit` is plural: days, weeks, months, years,
    working days."""

    amount: int | Name
    unit: str


class Name(Node, frozen=True, kw_only=True):
    """A bare word: a variable, parameter, table, enumerator or built-in."""

    name: str


class Member(Node, frozen=True, kw_only=True):
    """`of.name`."""

    of: Expr
    name: str


class Call(Node, frozen=True, kw_only=True):
    """`name(arguments)`."""

    name: str
    arguments: tuple[Expr, ...]


class Lookup(Node, frozen=True, kw_only=True):
    """`table[key, key]`."""

    table: Expr
    keys: tuple[Expr, ...]


class Not(Node, frozen=True, kw_only=True):
    """`not item`."""

    item: Expr


class And(Node, frozen=True, kw_only=True):
    """`a and b and c`."""

    items: tuple[Expr, ...]


class Or(Node, frozen=True, kw_only=True):
    """`a or b or c`."""

    items: tuple[Expr, ...]


class Compare(Node, frozen=True, kw_only=True):
    """`left op right`, op one of = != < <= > >=."""

    op: str
    left: Expr
    right: Expr


class IsState(Node, frozen=True, kw_only=True):
    """`item is recorded | missing | empty`, perhaps negated."""

    item: Expr
    state: str
    negated: bool = False


class IsOneOf(Node, frozen=True, kw_only=True):
    """`item is NAME`, `item is one of (a, b)`, perhaps negated; one name for the first form."""

    item: Expr
    names: tuple[Name, ...]
    negated: bool = False
    listed: bool = False


class In(Node, frozen=True, kw_only=True):
    """`item in container`, perhaps negated; the container is a list, `year`, `terms` or a range."""

    item: Expr
    container: Expr
    negated: bool = False


class Has(Node, frozen=True, kw_only=True):
    """`list has X`, `has all of`, `has any of`, `has only`; mode one, all, any or only."""

    list: Expr
    mode: str
    members: tuple[Expr, ...]
    negated: bool = False


class If(Node, frozen=True, kw_only=True):
    """`if condition then then else orelse`."""

    condition: Expr
    then: Expr
    orelse: Expr


class Otherwise(Node, frozen=True, kw_only=True):
    """`first otherwise second`: second where first is missing."""

    first: Expr
    second: Expr


class Binary(Node, frozen=True, kw_only=True):
    """`left op right`, op one of + - * /."""

    op: str
    left: Expr
    right: Expr


class Shift(Node, frozen=True, kw_only=True):
    """`length after base`, `length before base`."""

    length: Expr
    direction: str
    base: Expr


class StudyDays(Node, frozen=True, kw_only=True):
    """`amount study days of learner after base` (or before)."""

    amount: int | Name
    learner: Expr
    direction: str
    base: Expr


class Generator(Node, frozen=True, kw_only=True):
    """`variable in source`."""

    variable: str
    source: Expr


class Quantifier(Node, frozen=True, kw_only=True):
    """`every x in C where P satisfies Q`; kind every, some, no, at least, at most or exactly."""

    kind: str
    generator: Generator
    where: Expr | None = None
    satisfies: Expr | None = None
    amount: int | Name | None = None


class Aggregate(Node, frozen=True, kw_only=True):
    """`count of`, `sum of E for`, `earliest E for`, `all`, `distinct`, `the`.

    `result` is E; None for `count of`, `the` and the filtering `all x in C`. `pick` and `by` are
    the tail of `the .. with latest E`.
    """

    kind: str
    generator: Generator
    result: Expr | None = None
    where: Expr | None = None
    pick: str = ""
    by: Expr | None = None


Expr: TypeAlias = (
    Literal
    | DayMonth
    | Length
    | Name
    | Member
    | Call
    | Lookup
    | Not
    | And
    | Or
    | Compare
    | IsState
    | IsOneOf
    | In
    | Has
    | If
    | Otherwise
    | Binary
    | Shift
    | StudyDays
    | Quantifier
    | Aggregate
)

# ---------------------------------------------------------------- types


class NamedType(Node, frozen=True, kw_only=True):
    """`submission`, `date`, `list of text` (`is_list`)."""

    name: str
    is_list: bool = False


class FieldType(Node, frozen=True, kw_only=True):
    """`policy.topics`: the enumerators of that field."""

    entity: str
    field: str


class ChoiceType(Node, frozen=True, kw_only=True):
    """`one of (a, b)`."""

    names: tuple[str, ...]


TypeExpr: TypeAlias = NamedType | FieldType | ChoiceType

# ---------------------------------------------------------------- clauses of rules


class Clause(Node, frozen=True, kw_only=True):
    """A clause id such as `IA-137`."""

    id: str


class Template(Node, frozen=True, kw_only=True):
    """A message with `{expression}` holes: texts and holes alternate, texts first and last."""

    texts: tuple[str, ...]
    holes: tuple[Expr, ...] = ()


class Exception_(Node, frozen=True, kw_only=True):
    """`except name "why" cites ... when condition`."""

    name: str
    why: str
    cites: tuple[Clause, ...]
    when: Expr


class Terms(Node, frozen=True, kw_only=True):
    """What may stand before the first demand (for all) or after a demand (for that one)."""

    cites: tuple[Clause, ...] = ()
    breach: Template | None = None
    remedy: Template | None = None
    owner: str = ""
    exceptions: tuple[Exception_, ...] = ()
    when: tuple[Expr, ...] = ()
    owner_span: Span | None = None
    apart = Node.apart | {"owner_span"}


class Demand(Node, frozen=True, kw_only=True):
    """`must LABEL: condition by D`.

    modal: must, must not, should, should not or note; `text` is the sentence of a note.
    """

    modal: str
    label: str = ""
    condition: Expr
    by: Expr | None = None
    text: Template | None = None
    terms: Terms


class Scope(Node, frozen=True, kw_only=True):
    """`for each E x`, or `for each E x, each y in COLLECTION where P`."""

    entity: str
    variable: str
    pair: Generator | None = None
    where: Expr | None = None


class Rule(Node, frozen=True, kw_only=True):
    """One rule of the guide. `of_year`: the edition that wrote it, once another one keeps it."""

    name: str
    title: str
    this_year_only: bool = False
    of_year: str = ""
    scope: Scope
    terms: Terms
    demands: tuple[Demand, ...]
    name_span: Span
    apart = Node.apart | {"name_span"}


# ---------------------------------------------------------------- other items


class Parameter(Node, frozen=True, kw_only=True):
    """`parameter name: type = default "meaning" setting cites ...`."""

    name: str
    type: TypeExpr | None
    default: Expr
    meaning: str
    is_setting: bool = False
    cites: tuple[Clause, ...] = ()


class Column(Node, frozen=True, kw_only=True):
    """A column of a table; text when no type is given."""

    name: str
    is_key: bool = False
    type: TypeExpr | None = None


class Table(Node, frozen=True, kw_only=True):
    """`table name (key column: type, ...) from "file.csv"`."""

    name: str
    columns: tuple[Column, ...]
    path: str
    cites: tuple[Clause, ...] = ()


class DefineParameter(Node, frozen=True, kw_only=True):
    """`name: type` of a definition."""

    name: str
    type: TypeExpr


class Define(Node, frozen=True, kw_only=True):
    """`define name(parameter: type, ...) = body`."""

    name: str
    parameters: tuple[DefineParameter, ...]
    body: Expr
    cites: tuple[Clause, ...] = ()
    name_span: Span
    apart = Node.apart | {"name_span"}


class Replace(Node, frozen=True, kw_only=True):
    """`replace rule ...` in an amending file."""

    rule: Rule


class Drop(Node, frozen=True, kw_only=True):
    """`drop rule name because "why"` in an amending file."""

    rule: str
    because: str


class ChangeModal(Node, frozen=True, kw_only=True):
    """`change rule name to should cites ...` in an amending file."""

    rule: str
    label: str
    modal: str
    cites: tuple[Clause, ...] = ()


class Taken(Node, frozen=True, kw_only=True):
    """One line of a `use`: `rule as should cites ...`; `rule.label ...` for one of its demands."""

    rule: str
    label: str = ""
    modal: str = ""
    cites: tuple[Clause, ...] = ()


class Use(Node, frozen=True, kw_only=True):
    """`use SPEC (rule as should cites ...; ...)`."""

    spec: str
    rules: tuple[Taken, ...] = ()


class AppliesTo(Node, frozen=True, kw_only=True):
    """`applies to ENTITY x where P`."""

    entity: str
    variable: str
    where: Expr


# ---------------------------------------------------------------- examples


class Change(Node, frozen=True, kw_only=True):
    """`change ENTITY id field to value`; value None for `missing`, an empty tuple for `empty`."""

    entity: str
    id: str
    field: str
    value: ExampleValue


class Remove(Node, frozen=True, kw_only=True):
    """`remove ENTITY id`."""

    entity: str
    id: str


class Copy(Node, frozen=True, kw_only=True):
    """`copy ENTITY id as id`."""

    entity: str
    id: str
    new_id: str


class SetParameter(Node, frozen=True, kw_only=True):
    """`set PARAMETER to value`."""

    name: str
    value: Expr


ExampleValue: TypeAlias = "str | int | Decimal | date | bool | tuple[ExampleValue, ...] | None"
Step: TypeAlias = Change | Remove | Copy | SetParameter


class Expect(Node, frozen=True, kw_only=True):
    """`expect rule.label OUTCOME for ENTITY id with ENTITY id`; `negated` for `not breached`."""

    rule: str
    label: str = ""
    outcome: str
    negated: bool = False
    entity: str = ""
    id: str = ""
    with_entity: str = ""
    with_id: str = ""


class Example(Node, frozen=True, kw_only=True):
    """A test the author wrote: given a file, after some changes, these outcomes."""

    title: str
    cites: tuple[Clause, ...] = ()
    given: str
    as_at: date | None = None
    steps: tuple[Step, ...] = ()
    expects: tuple[Expect, ...] = ()
    given_span: Span | None = None
    apart = Node.apart | {"given_span"}


Item: TypeAlias = Parameter | Table | Define | Rule | Replace | Drop | ChangeModal | Example


class Spec(Node, frozen=True, kw_only=True):
    """A whole file. kind: spec (judged by itself), library (rules for others to use), amends.

    `anew`: parameters, tables and definitions that an edition gives in place of a library's.
    """

    language: int
    kind: str
    name: str
    title: str = ""
    edition: str = ""
    uses: tuple[Use, ...] = ()
    applies: tuple[AppliesTo, ...] = ()
    items: tuple[Item, ...] = ()
    anew: frozenset[str] = frozenset()
    comments: tuple[Comment, ...] = ()
    name_span: Span
    apart = Node.apart | {"comments", "name_span"}

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples among the items."""
        return tuple(item for item in self.items if isinstance(item, Example))


class Comment(Node, frozen=True, kw_only=True):
    """`-- text`, for the formatter."""

    text: str
