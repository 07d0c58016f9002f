"""Quantifiers and aggregates: `variable in source where condition`, and what is made of the rows.

A row whose condition is false is out; one whose condition is not decided is a *doubtful* row, and a
source that is known in part leaves a *gap*. Rows without a value of their own are left out before
anybody asks whether they are doubtful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from policy.dsl.evaluation.arithmetic import add
from policy.dsl.evaluation.comparison import before, ordered, units
from policy.dsl.evaluation.kleene import Truth, conjunction, disjunction, negation
from policy.dsl.evaluation.partial import (
    Gap,
    Interval,
    Listing,
    Ordered,
    Result,
    listing,
    members,
    merged,
    settled,
)
from policy.dsl.meaning import plan
from policy.model.records import Record
from policy.model.values import (
    Absent,
    Cause,
    CauseKind,
    Failure,
    Missing,
    Unknown,
    Value,
    causes_of,
    is_absent,
    worst,
)

if TYPE_CHECKING:
    from policy.dsl.evaluation.evaluator import Bindings, Evaluator

QUOTED = 80
"""Characters of the spec's text in the message of a failure, at most."""


class DrawnRow(Struct, frozen=True):
    """One member of the source, with its variable bound; `holds`: whether it is drawn."""

    member: Value
    bindings: Bindings
    holds: Truth


class Draw(Struct, frozen=True):
    """The rows that may be drawn, in the order of the source, and why there may be more."""

    rows: tuple[DrawnRow, ...]
    gap: Gap | None

    @property
    def certain(self) -> tuple[DrawnRow, ...]:
        """The rows drawn for certain."""
        return tuple(row for row in self.rows if row.holds is True)

    @property
    def doubt(self) -> Gap | None:
        """Why it is not known which rows are drawn; None when it is."""
        return merged((*(row.holds for row in self.rows), self.gap))


def draw(evaluator: Evaluator, drawn: plan.Drawn, bindings: Bindings) -> Draw | Absent:
    """Draw rows; a source that is absent altogether is returned as it is."""
    found = candidates(evaluator, drawn, bindings)
    if not isinstance(found, Draw):
        return found
    return Draw(tuple(row for row in found.rows if row.holds is not False), found.gap)


def candidates(evaluator: Evaluator, drawn: plan.Drawn, bindings: Bindings) -> Draw | Absent:
    """Return all rows of the source, those for which the condition is false too."""
    found = members(evaluator.value(drawn.source, bindings))
    if not isinstance(found, tuple):
        return found
    items, gap = found
    rows = []
    for member in items:
        inner = {**bindings, drawn.variable: member}
        holds = True if drawn.where is None else evaluator.truth(drawn.where, inner)
        rows.append(DrawnRow(member, inner, holds))
    return Draw(tuple(rows), gap)


def every(evaluator: Evaluator, op: plan.Every, bindings: Bindings) -> Truth:
    """False as soon as one row drawn for certain fails; true of an empty list."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return worst((found,))
    each = (
        disjunction((negation(row.holds), evaluator.truth(op.satisfies, row.bindings)))
        for row in found.rows
    )
    return conjunction([*each, *_listed(found.gap)])


def some(evaluator: Evaluator, op: plan.Some, bindings: Bindings) -> Truth:
    """True as soon as one row is drawn for certain."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return worst((found,))
    return disjunction([*(row.holds for row in found.rows), *_listed(found.gap)])


def count(evaluator: Evaluator, op: plan.Count, bindings: Bindings) -> Result:
    """Number of rows; between those certain and all while some are doubtful."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return found
    certain, doubt = len(found.certain), found.doubt
    if doubt is None:
        return certain
    return Interval(certain, None if found.gap else len(found.rows), doubt)


def total(evaluator: Evaluator, op: plan.Sum, bindings: Bindings) -> Result:
    """Sum of the results; of no row it is 0. A doubtful row stretches it by its result."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return found
    valued = _Valued.of(evaluator, found, op.result)
    if found.gap is not None or valued.lacking is not None:
        return worst((valued.lacking, found.doubt))
    certain = _sum(valued.certain)
    if valued.doubt is None:
        return certain
    low = _sum((certain, *(value for value in valued.doubtful if before(value, 0))))
    high = _sum((certain, *(value for value in valued.doubtful if before(0, value))))
    if is_absent(low) or is_absent(high):
        return worst((low, high))
    return Interval(ordered(low), ordered(high), valued.doubt)


def extreme(evaluator: Evaluator, op: plan.Extreme, bindings: Bindings) -> Result:
    """The smallest or greatest result. What is not known can only move it further out, so the
    certain rows give one bound; the doubtful ones the other, if all their results are known."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return found
    valued = _Valued.of(evaluator, found, op.result)
    if units((*valued.certain, *valued.doubtful)) > 1:
        return Failure("lengths of time in unlike units have no order")
    lacking = merged((valued.lacking, valued.doubt, found.gap))
    if not valued.certain:
        if lacking is not None:
            return lacking
        causes = causes_of(*valued.missing) or (_no_row(evaluator, op.drawn.source, bindings),)
        return Missing(causes)
    near = _outermost(valued.certain, op.greatest)
    if lacking is None:
        return near
    is_open = found.gap is not None or valued.lacking is not None
    far = None if is_open else _outermost((*valued.certain, *valued.doubtful), op.greatest)
    return Interval(near, far, lacking) if op.greatest else Interval(far, near, lacking)


def the(evaluator: Evaluator, op: plan.The, bindings: Bindings) -> Result:
    """The one row: two certain ones are a failure, any doubt beside fewer is unknown."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return found
    certain = found.certain
    if len(certain) > 1:
        return Failure(f"{_quoted(op)} found {len(certain)} rows")
    if found.doubt is not None:
        return found.doubt
    if certain:
        return certain[0].member
    return Missing((_no_row(evaluator, op.drawn.source, bindings),))


def the_most(evaluator: Evaluator, op: plan.TheMost, bindings: Bindings) -> Result:
    """The row with the smallest or greatest `by`; rows without one are left out."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return found
    valued = _Valued.of(evaluator, found, op.by)
    lacking = merged((valued.lacking, valued.doubt, found.gap))
    if lacking is not None:
        return lacking
    if not valued.certain:
        causes = causes_of(*valued.missing) or (_no_row(evaluator, op.drawn.source, bindings),)
        return Missing(causes)
    if units(valued.certain) > 1:
        return Failure("lengths of time in unlike units have no order")
    best = _outermost(valued.certain, op.greatest)
    tied = [row for row, value in zip(valued.rows, valued.certain, strict=True) if value == best]
    if len(tied) > 1:
        return Failure(f"{_quoted(op)} found {len(tied)} rows that tie")
    return tied[0].member


def collect(evaluator: Evaluator, op: plan.Collect, bindings: Bindings) -> Result:
    """The rows or their results as a list, lists joined; what is missing or unknown, a result, a
    member or which rows are drawn, leaves a gap."""
    found = draw(evaluator, op.drawn, bindings)
    if not isinstance(found, Draw):
        return found
    items: list[Value] = []
    gaps: list[object] = [found.doubt]
    for row in found.certain:
        value: Result = row.member
        if op.result is not None:
            value = evaluator.value(op.result, row.bindings)
        if isinstance(value, Interval):
            value = value.gap
        if isinstance(value, Missing):
            # A list with a result nobody recorded is not known to be complete.
            gaps.append(Unknown(value.causes))
            continue
        gaps.append(value.gap if isinstance(value, Listing) else None)
        for item in _members(value):
            (gaps if is_absent(item) else items).append(item)
    return listing(dict.fromkeys(items) if op.distinct else items, merged(gaps))


class _Valued(Struct, frozen=True):
    """Drawn rows by their results. `rows` belong to `certain`, one to one; `lacking`: results
    nobody knows; `doubt`: why rows with a known result are doubtful."""

    rows: tuple[DrawnRow, ...]
    certain: tuple[Ordered, ...]
    doubtful: tuple[Ordered, ...]
    missing: tuple[Missing, ...]
    lacking: Gap | None
    doubt: Gap | None

    @classmethod
    def of(cls, evaluator: Evaluator, found: Draw, result: plan.Operation) -> _Valued:
        """Evaluate `result` for each row that may be drawn."""
        rows: list[DrawnRow] = []
        certain: list[Ordered] = []
        doubtful: list[Ordered] = []
        missing: list[Missing] = []
        lacking: list[object] = []
        doubts: list[object] = []
        for row in found.rows:
            value = settled(evaluator.value(result, row.bindings))
            if isinstance(value, Missing):
                missing.append(value)
            elif isinstance(value, Unknown | Failure):
                lacking.extend((value, row.holds))
            elif row.holds is True:
                rows.append(row)
                certain.append(ordered(value))
            else:
                doubtful.append(ordered(value))
                doubts.append(row.holds)
        return cls(
            rows=tuple(rows),
            certain=tuple(certain),
            doubtful=tuple(doubtful),
            missing=tuple(missing),
            lacking=merged(lacking),
            doubt=merged(doubts),
        )


def _sum(values: Iterable[Value]) -> Value:
    result: Value = 0
    for value in values:
        result = add(result, value)
    return result


def _outermost(values: Iterable[Ordered], greatest: bool) -> Ordered:
    remaining: Iterator[Ordered] = iter(values)
    best = next(remaining)
    for value in remaining:
        if before(best, value) if greatest else before(value, best):
            best = value
    return best


def _members(value: Value | Listing) -> tuple[Value, ...]:
    if isinstance(value, Listing):
        return value.items
    return value if isinstance(value, tuple) else (value,)


def _no_row(evaluator: Evaluator, source: plan.Operation, bindings: Bindings) -> Cause:
    """Return the cause that says in which list of which row there was nothing to draw."""
    root = evaluator.document.root
    match source:
        case plan.Rows(of=of, path=path):
            owner, name = evaluator.value(of, bindings), path[-1]
        case plan.FieldOf(of=of, field=name):
            owner = evaluator.value(of, bindings)
        case plan.DefinitionOf(name=name, arguments=(first, *_)):
            owner = evaluator.value(first, bindings)
        case plan.Collect(drawn=drawn):
            return _no_row(evaluator, drawn.source, bindings)
        case plan.TableRows(table=name):
            return Cause(CauseKind.NO_ROW, name, "", "")
        case _:
            owner, name = root, "rows"
    row = owner if isinstance(owner, Record) else root
    return row.cause(CauseKind.NO_ROW, name)


def _quoted(operation: plan.Operation) -> str:
    text = " ".join(operation.span.text.split())
    return f"`{text if len(text) <= QUOTED else text[: QUOTED - 3] + '...'}`"


def _listed(gap: Gap | None) -> tuple[Gap, ...]:
    return () if gap is None else (gap,)
