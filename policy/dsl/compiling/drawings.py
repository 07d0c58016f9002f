"""Drawings of rows that depend on little of what is around them, so that they need not be repeated.

`count e in s.learner.submissions where e.kind = s.kind` comes to the same for all submissions of a
learner that are of one kind. Asked of each of a thousand it would go through a million.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from policy.dsl.compiling.needs import all_parts
from policy.dsl.compiling.operations import drawn_by, draws, free, substituted
from policy.dsl.meaning import plan

OWNER = "the owner"
"""Name of the row whose rows are drawn; no spec can write it."""

DRAWING = (
    *(plan.Every, plan.Some, plan.Count, plan.Sum, plan.Extreme, plan.The, plan.TheMost),
    plan.Collect,
)


class Apart(Struct, frozen=True, kw_only=True):
    """An operation that names nothing around it but `arguments`: variable -> what it stands for."""

    op: Any
    arguments: Mapping[str, plan.Operation]


class _Rows(Exception):
    """A row itself is asked for, and not only what it has."""


def apart(op: Any, definitions: Mapping[str, plan.DefinitionPlan]) -> Apart | None:
    """Return a drawing as a function of its owner and of the values it compares rows with.

    None if it draws from a row that is at hand: then nothing is repeated; or if it asks for a row
    around it as such: then there is an answer for each.
    """
    source = op.drawn.source
    if not isinstance(source, plan.Rows) or isinstance(source.of, plan.Variable):
        return None
    bound = drawn_by(op)
    if bound & free(op) or bound & free(source.of):
        return None
    taking = _Taking(bound=bound, definitions=definitions)
    owner = plan.Variable(name=OWNER, span=source.span)
    try:
        drawn = replace(
            op.drawn,
            source=replace(source, of=owner),
            where=taking.out_of(op.drawn.where),
            keys=(),
        )
        others = [name for name in ("satisfies", "result", "by") if hasattr(op, name)]
        parts = {name: taking.out_of(getattr(op, name)) for name in others}
    except _Rows:
        return None
    return Apart(
        op=replace(op, drawn=drawn, **parts), arguments={OWNER: source.of, **taking.named()}
    )


def at_hand(op: Any) -> Apart | None:
    """Return a drawing from the rows of a variable, and of nothing else, as a function of it."""
    of = getattr(op.drawn.source, "of", None)
    if not isinstance(of, plan.Variable) or of.name == OWNER:
        return None
    if free(op) != {of.name} or of.name in drawn_by(op):
        return None
    owner = plan.Variable(name=OWNER, span=of.span)
    return Apart(op=substituted(op, {of.name: owner}), arguments={OWNER: of})


def repeated_drawings(spec: plan.SpecPlan) -> frozenset[plan.Operation]:
    """Return the drawings, as `at_hand` has them, that a spec has more than once."""
    times: Counter[plan.Operation] = Counter()
    for item in all_parts(spec):
        if isinstance(item, DRAWING):
            found = at_hand(item)
            if found is not None:
                times[found.op] += 1
    return frozenset(op for op, number in times.items() if number > 1)


class _Taking(Struct, kw_only=True):
    """Takes what does not depend on `bound` variables out of operations, and gives it names."""

    bound: frozenset[str]
    definitions: Mapping[str, plan.DefinitionPlan]
    _found: dict[plan.Operation, str] = field(default_factory=dict)

    def out_of(self, item: Any) -> Any:
        """Return the operation with variables in place of what was taken out."""
        if isinstance(item, tuple):
            return tuple(self.out_of(each) for each in item)
        if not isinstance(item, plan.Operation):
            return item
        names = free(item)
        # A drawing within is no value: its rows may be, and are taken out in its place.
        if names and not names & self.bound and not isinstance(item, plan.Drawn):
            return self._taken(item)
        if isinstance(item, plan.DefinitionOf) and self._has_row_around(item):
            definition = self.definitions[item.name]
            if draws(definition.body):
                raise _Rows
            arguments = dict(zip(definition.parameters, item.arguments, strict=True))
            return self.out_of(substituted(definition.body, arguments))
        left = ("span", "keys") if isinstance(item, plan.Drawn) else ("span",)
        fields = [name for name in item.__struct_fields__ if name not in left]
        parts = {name: self.out_of(getattr(item, name)) for name in fields}
        if isinstance(item, plan.Drawn):
            parts["keys"] = ()
        return replace(item, **parts)

    def named(self) -> Mapping[str, plan.Operation]:
        """Return what was taken out, by its variable."""
        return {name: item for item, name in self._found.items()}

    def _taken(self, item: plan.Operation) -> plan.Operation:
        if isinstance(item, plan.Variable):
            raise _Rows
        name = self._found.setdefault(item, f"the value {len(self._found) + 1}")
        return plan.Variable(name=name, span=item.span)

    def _has_row_around(self, item: plan.DefinitionOf) -> bool:
        given = [each for each in item.arguments if isinstance(each, plan.Variable)]
        return any(each.name not in self.bound for each in given)
