"""The syntax tree of a spec, as its author wrote it.

Frozen; compared by meaning: the span of a node takes no part in equality, so a text and its
formatted form parse to equal trees. Names are not resolved here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from policy.model.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything with a place in the text."""

    span: Span = field(compare=False, repr=False)


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Node):
    """`"text"`, `15`, `0.8`, `2025-10-28`, `true`."""

    value: str | int | Decimal | date | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMonth(Node):
    """`28 October`: placed in the academic year of the document."""

    day: int
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(Node):
    """`12 weeks`, `resubmission_days working days`. `unit` is plural: days, weeks, months, years,
    working days."""

    amount: int | Name
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Node):
    """A bare word: a variable, parameter, table, enumerator or built-in."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Node):
    """`of.name`."""

    of: Expr
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """`name(arguments)`."""

    name: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Node):
    """`table[key, key]`."""

    table: Expr
    keys: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Node):
    """`not item`."""

    item: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class And(Node):
    """`a and b and c`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or(Node):
    """`a or b or c`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Node):
    """`left op right`, op one of = != < <= > >=."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class IsState(Node):
    """`item is recorded | missing | empty`, perhaps negated."""

    item: Expr
    state: str
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IsOneOf(Node):
    """`item is NAME`, `item is one of (a, b)`, perhaps negated; one name for the first form."""

    item: Expr
    names: tuple[Name, ...]
    negated: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class In(Node):
    """`item in container`, perhaps negated; the container is a list, `year`, `terms` or a range."""

    item: Expr
    container: Expr
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Has(Node):
    """`list has X`, `has all of`, `has any of`, `has only`; mode one, all, any or only."""

    list: Expr
    mode: str
    members: tuple[Expr, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Node):
    """`if condition then then else orelse`."""

    condition: Expr
    then: Expr
    orelse: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise(Node):
    """`first otherwise second`: second where first is missing."""

    first: Expr
    second: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary(Node):
    """`left op right`, op one of + - * /."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift(Node):
    """`length after base`, `length before base`."""

    length: Expr
    direction: str
    base: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDays(Node):
    """`amount study days of learner after base` (or before)."""

    amount: int | Name
    learner: Expr
    direction: str
    base: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator(Node):
    """`variable in source`."""

    variable: str
    source: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantifier(Node):
    """`every x in C where P satisfies Q`; kind every, some, no, at least, at most or exactly."""

    kind: str
    generator: Generator
    where: Expr | None = None
    satisfies: Expr | None = None
    amount: int | Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Node):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedType(Node):
    """`submission`, `date`, `list of text` (`is_list`)."""

    name: str
    is_list: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldType(Node):
    """`policy.topics`: the enumerators of that field."""

    entity: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceType(Node):
    """`one of (a, b)`."""

    names: tuple[str, ...]


TypeExpr: TypeAlias = NamedType | FieldType | ChoiceType

# ---------------------------------------------------------------- clauses of rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Node):
    """A clause id such as `IA-137`."""

    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template(Node):
    """A message with `{expression}` holes: texts and holes alternate, texts first and last."""

    texts: tuple[str, ...]
    holes: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exception_(Node):
    """`except name "why" cites ... when condition`."""

    name: str
    why: str
    cites: tuple[Clause, ...]
    when: Expr


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Node):
    """What may stand before the first demand (for all) or after a demand (for that one)."""

    cites: tuple[Clause, ...] = ()
    breach: Template | None = None
    remedy: Template | None = None
    owner: str = ""
    exceptions: tuple[Exception_, ...] = ()
    when: tuple[Expr, ...] = ()
    owner_span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(Node):
    """`must LABEL: condition by D`.

    modal: must, must not, should, should not or note; `text` is the sentence of a note.
    """

    modal: str
    label: str = ""
    condition: Expr
    by: Expr | None = None
    text: Template | None = None
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Node):
    """`for each E x`, or `for each E x, each y in COLLECTION where P`."""

    entity: str
    variable: str
    pair: Generator | None = None
    where: Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Node):
    """One rule of the guide. `of_year`: the edition that wrote it, once another one keeps it."""

    name: str
    title: str
    this_year_only: bool = False
    of_year: str = ""
    scope: Scope
    terms: Terms
    demands: tuple[Demand, ...]
    name_span: Span = field(compare=False, repr=False)


# ---------------------------------------------------------------- other items


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Node):
    """`parameter name: type = default "meaning" setting cites ...`."""

    name: str
    type: TypeExpr | None
    default: Expr
    meaning: str
    is_setting: bool = False
    cites: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Node):
    """A column of a table; text when no type is given."""

    name: str
    is_key: bool = False
    type: TypeExpr | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Node):
    """`table name (key column: type, ...) from "file.csv"`."""

    name: str
    columns: tuple[Column, ...]
    path: str
    cites: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineParameter(Node):
    """`name: type` of a definition."""

    name: str
    type: TypeExpr


@dataclass(frozen=True, slots=True, kw_only=True)
class Define(Node):
    """`define name(parameter: type, ...) = body`."""

    name: str
    parameters: tuple[DefineParameter, ...]
    body: Expr
    cites: tuple[Clause, ...] = ()
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace(Node):
    """`replace rule ...` in an amending file."""

    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(Node):
    """`drop rule name because "why"` in an amending file."""

    rule: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeModal(Node):
    """`change rule name to should cites ...` in an amending file."""

    rule: str
    label: str
    modal: str
    cites: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Node):
    """One line of a `use`: `rule as should cites ...`; `rule.label ...` for one of its demands."""

    rule: str
    label: str = ""
    modal: str = ""
    cites: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Use(Node):
    """`use SPEC (rule as should cites ...; ...)`."""

    spec: str
    rules: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliesTo(Node):
    """`applies to ENTITY x where P`."""

    entity: str
    variable: str
    where: Expr


# ---------------------------------------------------------------- examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Node):
    """`change ENTITY id field to value`; value None for `missing`, an empty tuple for `empty`."""

    entity: str
    id: str
    field: str
    value: ExampleValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(Node):
    """`remove ENTITY id`."""

    entity: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy(Node):
    """`copy ENTITY id as id`."""

    entity: str
    id: str
    new_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetParameter(Node):
    """`set PARAMETER to value`."""

    name: str
    value: Expr


ExampleValue: TypeAlias = "str | int | Decimal | date | bool | tuple[ExampleValue, ...] | None"
Step: TypeAlias = Change | Remove | Copy | SetParameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect(Node):
    """`expect rule.label OUTCOME for ENTITY id with ENTITY id`; `negated` for `not breached`."""

    rule: str
    label: str = ""
    outcome: str
    negated: bool = False
    entity: str = ""
    id: str = ""
    with_entity: str = ""
    with_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Node):
    """A test the author wrote: given a file, after some changes, these outcomes."""

    title: str
    cites: tuple[Clause, ...] = ()
    given: str
    as_at: date | None = None
    steps: tuple[Step, ...] = ()
    expects: tuple[Expect, ...] = ()
    given_span: Span | None = field(default=None, compare=False, repr=False)


Item: TypeAlias = Parameter | Table | Define | Rule | Replace | Drop | ChangeModal | Example


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec(Node):
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
    comments: tuple[Comment, ...] = field(default=(), compare=False, repr=False)
    name_span: Span = field(compare=False, repr=False)

    @property
    def examples(self) -> tuple[Example, ...]:
        """The examples among the items."""
        return tuple(item for item in self.items if isinstance(item, Example))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Node):
    """`-- text`, for the formatter."""

    text: str
