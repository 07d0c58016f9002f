"""What is to be done, with every name resolved: the small closed set of operations.

The planner makes it, both evaluators read it, nobody else computes anything. Operations are frozen
and compared by meaning; `span` says which words of the spec an operation stands for.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from policy.model.outcomes import Severity
from policy.model.source import Written
from policy.model.suite import Function
from policy.model.values import DurationUnit, Value

APPLIES_TO = "applies_to"
"""Name of the rule under which unknown membership is reported."""


class Operation(Written, frozen=True, kw_only=True):
    """Anything that comes to a value."""


class Constant(Operation, frozen=True, kw_only=True):
    """A literal, an enumerator."""

    value: Value


class ParameterValue(Operation, frozen=True, kw_only=True):
    """The value a parameter has in this run."""

    name: str


class Variable(Operation, frozen=True, kw_only=True):
    """The row or value bound to a name."""

    name: str


class AsAt(Operation, frozen=True, kw_only=True):
    """The day of the run."""


class Year(Operation, frozen=True, kw_only=True):
    """The academic year of the document, as a stretch of days."""


class DayOfYear(Operation, frozen=True, kw_only=True):
    """That day of that month, placed in the academic year of the document."""

    day: int
    month: int


class FieldOf(Operation, frozen=True, kw_only=True):
    """A field of a row. Of a missing row it is missing, of an unknown one unknown."""

    of: Operation
    field: str


class Ancestor(Operation, frozen=True, kw_only=True):
    """The enclosing row of that entity."""

    of: Operation
    entity: str


class Rows(Operation, frozen=True, kw_only=True):
    """Rows below: `path` is the collections to go through. Partly absent lists have a gap."""

    of: Operation
    path: tuple[str, ...]


class TableRows(Operation, frozen=True, kw_only=True):
    """All rows of a table; unknown where no pack is loaded."""

    table: str


class TableRow(Operation, frozen=True, kw_only=True):
    """The row with these keys (column -> value); missing if there is none."""

    table: str
    keys: tuple[tuple[str, Operation], ...]


class DefinitionOf(Operation, frozen=True, kw_only=True):
    """A definition applied to arguments (absent arguments are passed on as they are)."""

    name: str
    arguments: tuple[Operation, ...]


class BuiltIn(Operation, frozen=True, kw_only=True):
    """A function of `policy.dsl.meaning.library`."""

    name: str
    arguments: tuple[Operation, ...]


class PluginCall(Operation, frozen=True, kw_only=True):
    """A plugin's function; not called while an argument is absent."""

    function: Function
    suite: str
    arguments: tuple[Operation, ...]


class Not(Operation, frozen=True, kw_only=True):
    """Kleene not."""

    item: Operation


class All(Operation, frozen=True, kw_only=True):
    """Kleene and, over the items in order."""

    items: tuple[Operation, ...]


class Any(Operation, frozen=True, kw_only=True):
    """Kleene or."""

    items: tuple[Operation, ...]


class Compare(Operation, frozen=True, kw_only=True):
    """`op` one of = != < <= > >=. Equality of lists is equality as lists."""

    op: str
    left: Operation
    right: Operation


class IsRecorded(Operation, frozen=True, kw_only=True):
    """True for a value, false for missing, unknown for unknown."""

    item: Operation


class IsEmpty(Operation, frozen=True, kw_only=True):
    """Whether a list has no member."""

    item: Operation


class Contains(Operation, frozen=True, kw_only=True):
    """Whether `container` (a list, or a stretch of days) holds `item`."""

    item: Operation
    container: Operation


class InTerms(Operation, frozen=True, kw_only=True):
    """Whether a day lies in a term and in no closure."""

    day: Operation


class HasOnly(Operation, frozen=True, kw_only=True):
    """Whether every member of `list` is one of `members`."""

    list: Operation
    members: tuple[Operation, ...]


class If(Operation, frozen=True, kw_only=True):
    """An unknown condition makes it unknown, unless both branches come to the same value."""

    condition: Operation
    then: Operation
    orelse: Operation


class Otherwise(Operation, frozen=True, kw_only=True):
    """`second` where `first` is missing; an unknown `first` stays unknown."""

    first: Operation
    second: Operation


class Arithmetic(Operation, frozen=True, kw_only=True):
    """Numbers: + - * /. Dates: date - date in days is not offered; lists: + joins."""

    op: str
    left: Operation
    right: Operation


class Joined(Operation, frozen=True, kw_only=True):
    """`A + B` of lists."""

    left: Operation
    right: Operation


class LengthOf(Operation, frozen=True, kw_only=True):
    """A number of units of time, where no date is moved by it."""

    amount: Operation
    unit: DurationUnit


class Moved(Operation, frozen=True, kw_only=True):
    """A date moved by a number of units. sign +1 for `after`, -1 for `before`. Working days are
    teaching days of the centre; the first day counted is the next one."""

    amount: Operation
    unit: DurationUnit
    sign: int
    base: Operation


class MovedBy(Operation, frozen=True, kw_only=True):
    """A date moved by a length of time that is itself a value (a parameter of type duration)."""

    length: Operation
    sign: int
    base: Operation


class MovedByStudyDays(Operation, frozen=True, kw_only=True):
    """A date moved by working days on which the learner studies."""

    amount: Operation
    learner: Operation
    sign: int
    base: Operation


class EqualityKey(Operation, frozen=True, kw_only=True):
    """An equality `member = probe` inside a `where`: `member` depends only on the variable of the
    list, `probe` not at all on it, so rows can be found by an index on `member`."""

    member: Operation
    probe: Operation


class Drawn(Operation, frozen=True, kw_only=True):
    """`variable in source where condition`. `keys` are equalities that `where` implies; an
    evaluator may use them to skip rows for which they are false, and for nothing else."""

    variable: str
    source: Operation
    where: Operation | None = None
    keys: tuple[EqualityKey, ...] = ()


class Every(Operation, frozen=True, kw_only=True):
    """False as soon as one drawn row fails `satisfies`."""

    drawn: Drawn
    satisfies: Operation


class Some(Operation, frozen=True, kw_only=True):
    """Whether a row is drawn for certain. `no` is the Not of it."""

    drawn: Drawn


class Count(Operation, frozen=True, kw_only=True):
    """How many rows are drawn; a range where some are unknown, decided by the comparison it feeds.
    `at least N` and its kin are comparisons of it."""

    drawn: Drawn


class Sum(Operation, frozen=True, kw_only=True):
    """Sum of `result` over drawn rows; rows with a missing result are left out."""

    drawn: Drawn
    result: Operation


class Extreme(Operation, frozen=True, kw_only=True):
    """The smallest (`earliest`, `least`) or greatest result over drawn rows; rows with a missing
    result are left out; missing when there is none."""

    drawn: Drawn
    result: Operation
    greatest: bool


class The(Operation, frozen=True, kw_only=True):
    """The one drawn row: missing when there is none, an error when there are two."""

    drawn: Drawn


class TheMost(Operation, frozen=True, kw_only=True):
    """The drawn row with the smallest or greatest `by`; a tie is an error."""

    drawn: Drawn
    by: Operation
    greatest: bool


class Collect(Operation, frozen=True, kw_only=True):
    """The list of the drawn rows (`result` None) or of their results; results that are lists are
    joined into one. A missing result leaves a gap: the list is not known to be complete. `distinct`
    keeps the first of equal members."""

    drawn: Drawn
    result: Operation | None = None
    distinct: bool = False


# ---------------------------------------------------------------- rules


class MessagePlan(Struct, frozen=True, kw_only=True):
    """Texts and values alternating, text first and last."""

    texts: tuple[str, ...]
    values: tuple[Operation, ...] = ()


class ExceptionPlan(Struct, frozen=True, kw_only=True):
    """A named exception; true takes the subject out of the demand."""

    name: str
    why: str
    clauses: tuple[str, ...]
    when: Operation


class DemandPlan(Written, frozen=True, kw_only=True):
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

    @property
    def is_note(self) -> bool:
        """Whether it only says something when its condition is true."""
        return self.note is not None


class ScopePlan(Struct, frozen=True, kw_only=True):
    """Rows of `entity`, each bound to `variable`; with `pair`, each with each row drawn for it."""

    entity: str
    variable: str
    pair: Drawn | None = None


class RulePlan(Written, frozen=True, kw_only=True):
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

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause the rule cites, those of exceptions included, in order of appearance."""
        own = [clause for demand in self.demands for clause in demand.clauses]
        let_through = [item for demand in self.demands for item in demand.exceptions]
        return tuple(
            dict.fromkeys([*own, *(each for item in let_through for each in item.clauses)])
        )


class DefinitionPlan(Struct, frozen=True, kw_only=True):
    """A definition: parameters by name, then the body."""

    name: str
    parameters: tuple[str, ...]
    body: Operation


class MembershipPlan(Struct, frozen=True, kw_only=True):
    """`applies to entity variable where condition`."""

    entity: str
    variable: str
    condition: Operation


class TablePlan(Struct, frozen=True, kw_only=True):
    """A table's rows. `rows` None: the pack is not loaded."""

    name: str
    keys: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...] | None


class SpecPlan(Struct, frozen=True, kw_only=True):
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
