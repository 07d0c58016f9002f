"""What is to be done, with every name resolved: the small closed set of operations.

The planner makes it, both evaluators read it, nobody else computes anything. Operations are frozen
and compared by meaning; `span` says which words of the spec an operation stands for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policy.model.outcomes import Severity
from policy.model.source import Span
from policy.model.suite import Function
from policy.model.values import DurationUnit, Value

APPLIES_TO = "applies_to"
"""Name of the rule under which unknown membership is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Anything that comes to a value."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Operation):
    """A literal, an enumerator."""

    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValue(Operation):
    """The value a parameter has in this run."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable(Operation):
    """The row or value bound to a name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsAt(Operation):
    """The day of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year(Operation):
    """The academic year of the document, as a stretch of days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfYear(Operation):
    """That day of that month, placed in the academic year of the document."""

    day: int
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOf(Operation):
    """A field of a row. Of a missing row it is missing, of an unknown one unknown."""

    of: Operation
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor(Operation):
    """The enclosing row of that entity."""

    of: Operation
    entity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Operation):
    """Rows below: `path` is the collections to go through. Partly absent lists have a gap."""

    of: Operation
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows(Operation):
    """All rows of a table; unknown where no pack is loaded."""

    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow(Operation):
    """The row with these keys (column -> value); missing if there is none."""

    table: str
    keys: tuple[tuple[str, Operation], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionOf(Operation):
    """A definition applied to arguments (absent arguments are passed on as they are)."""

    name: str
    arguments: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn(Operation):
    """A function of `policy.dsl.meaning.library`."""

    name: str
    arguments: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginCall(Operation):
    """A plugin's function; not called while an argument is absent."""

    function: Function
    suite: str
    arguments: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Operation):
    """Kleene not."""

    item: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class All(Operation):
    """Kleene and, over the items in order."""

    items: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Any(Operation):
    """Kleene or."""

    items: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Operation):
    """`op` one of = != < <= > >=. Equality of lists is equality as lists."""

    op: str
    left: Operation
    right: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class IsRecorded(Operation):
    """True for a value, false for missing, unknown for unknown."""

    item: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class IsEmpty(Operation):
    """Whether a list has no member."""

    item: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains(Operation):
    """Whether `container` (a list, or a stretch of days) holds `item`."""

    item: Operation
    container: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class InTerms(Operation):
    """Whether a day lies in a term and in no closure."""

    day: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class HasOnly(Operation):
    """Whether every member of `list` is one of `members`."""

    list: Operation
    members: tuple[Operation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Operation):
    """An unknown condition makes it unknown, unless both branches come to the same value."""

    condition: Operation
    then: Operation
    orelse: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise(Operation):
    """`second` where `first` is missing; an unknown `first` stays unknown."""

    first: Operation
    second: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Operation):
    """Numbers: + - * /. Dates: date - date in days is not offered; lists: + joins."""

    op: str
    left: Operation
    right: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Operation):
    """`A + B` of lists."""

    left: Operation
    right: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthOf(Operation):
    """A number of units of time, where no date is moved by it."""

    amount: Operation
    unit: DurationUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Operation):
    """A date moved by a number of units. sign +1 for `after`, -1 for `before`. Working days are
    teaching days of the centre; the first day counted is the next one."""

    amount: Operation
    unit: DurationUnit
    sign: int
    base: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedBy(Operation):
    """A date moved by a length of time that is itself a value (a parameter of type duration)."""

    length: Operation
    sign: int
    base: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedByStudyDays(Operation):
    """A date moved by working days on which the learner studies."""

    amount: Operation
    learner: Operation
    sign: int
    base: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualityKey(Operation):
    """An equality `member = probe` inside a `where`: `member` depends only on the variable of the
    list, `probe` not at all on it, so rows can be found by an index on `member`."""

    member: Operation
    probe: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn(Operation):
    """`variable in source where condition`. `keys` are equalities that `where` implies; an
    evaluator may use them to skip rows for which they are false, and for nothing else."""

    variable: str
    source: Operation
    where: Operation | None = None
    keys: tuple[EqualityKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Every(Operation):
    """False as soon as one drawn row fails `satisfies`."""

    drawn: Drawn
    satisfies: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Some(Operation):
    """Whether a row is drawn for certain. `no` is the Not of it."""

    drawn: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Operation):
    """How many rows are drawn; a range where some are unknown, decided by the comparison it feeds.
    `at least N` and its kin are comparisons of it."""

    drawn: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Operation):
    """Sum of `result` over drawn rows; rows with a missing result are left out."""

    drawn: Drawn
    result: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme(Operation):
    """The smallest (`earliest`, `least`) or greatest result over drawn rows; rows with a missing
    result are left out; missing when there is none."""

    drawn: Drawn
    result: Operation
    greatest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class The(Operation):
    """The one drawn row: missing when there is none, an error when there are two."""

    drawn: Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class TheMost(Operation):
    """The drawn row with the smallest or greatest `by`; a tie is an error."""

    drawn: Drawn
    by: Operation
    greatest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect(Operation):
    """The list of the drawn rows (`result` None) or of their results; results that are lists are
    joined into one. A missing result leaves a gap: the list is not known to be complete. `distinct`
    keeps the first of equal members."""

    drawn: Drawn
    result: Operation | None = None
    distinct: bool = False


# ---------------------------------------------------------------- rules


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePlan:
    """Texts and values alternating, text first and last."""

    texts: tuple[str, ...]
    values: tuple[Operation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionPlan:
    """A named exception; true takes the subject out of the demand."""

    name: str
    why: str
    clauses: tuple[str, ...]
    when: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandPlan:
    """One demand. `is_negative` for must not and should not; for a note, `note` is its sentence.

    `failing` is the variable of the outermost `every` or `no`: a breach message may use it and then
    lists the rows that failed. `settings` names the parameters it rests on that the guides give no
    figure for, through definitions too. `is_yes_no`: the condition is a yes/no and not a date;
    then what is missing `by` a day is unknown once the day has passed, not a breach.
    """

    label: str
    severity: Severity
    is_negative: bool = False
    condition: Operation
    by: Operation | None = None
    is_yes_no: bool = False
    when: tuple[Operation, ...] = ()
    exceptions: tuple[ExceptionPlan, ...] = ()
    clauses: tuple[str, ...]
    message: MessagePlan | None = None
    note: MessagePlan | None = None
    remedy: MessagePlan | None = None
    owner: str = ""
    failing: str = ""
    settings: tuple[str, ...] = ()
    span: Span = field(compare=False, repr=False)

    @property
    def is_note(self) -> bool:
        """Whether it only says something when its condition is true."""
        return self.note is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopePlan:
    """Rows of `entity`, each bound to `variable`; with `pair`, each with each row drawn for it."""

    entity: str
    variable: str
    pair: Drawn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePlan:
    """One rule of one spec. `when` is in front of every demand; `span` is of the whole rule.

    `only_year`: the academic year it is marked `this year only` for, empty for every year.
    """

    name: str
    title: str
    spec: str
    only_year: str = ""
    cost: str = ""
    """Class of what judging one subject costs: row, lists, nested lists or join."""
    scope: ScopePlan
    when: tuple[Operation, ...] = ()
    demands: tuple[DemandPlan, ...]
    span: Span = field(compare=False, repr=False)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause the rule cites, those of exceptions included, in order of appearance."""
        own = [clause for demand in self.demands for clause in demand.clauses]
        let_through = [item for demand in self.demands for item in demand.exceptions]
        return tuple(
            dict.fromkeys([*own, *(each for item in let_through for each in item.clauses)])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionPlan:
    """A definition: parameters by name, then the body."""

    name: str
    parameters: tuple[str, ...]
    body: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipPlan:
    """`applies to entity variable where condition`."""

    entity: str
    variable: str
    condition: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """A table's rows. `rows` None: the pack is not loaded."""

    name: str
    keys: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecPlan:
    """A spec ready to run: everything its rules need, by name.

    `edition` is the academic year it is written for, empty for a library. `suite` is the folder it
    lies in. `membership` is empty for a library: then every row belongs.
    """

    name: str
    title: str
    edition: str
    suite: str
    hash: str
    rules: tuple[RulePlan, ...]
    membership: tuple[MembershipPlan, ...]
    definitions: Mapping[str, DefinitionPlan]
    tables: Mapping[str, TablePlan]
    parameters: Mapping[str, Value]
