"""The reference evaluator for documents of which very much has to be explained.

A thousand attempts at one assignment are a thousand findings, and each of them counts a thousand
attempts: the same ones each time. Drawings that depend on little of what is around them are
therefore made once for each of the values that they depend on. Where one of these is absent, what
comes of it is worked out each time unless it is settled all the same: it says what lacks.
"""

from __future__ import annotations

from functools import cached_property

from policy.dsl.compiling.drawings import DRAWING, Apart, apart, at_hand
from policy.dsl.evaluation.evaluator import Bindings, Evaluator
from policy.dsl.evaluation.partial import Result, settled
from policy.dsl.meaning import plan
from policy.model.values import is_absent


class Remembering(Evaluator):
    """Comes to the same as the evaluator, only sooner where the same is asked again and again."""

    @cached_property
    def drawn(self) -> dict[tuple[object, ...], Result]:
        """Results of drawings, by operation and what they depend on."""
        return {}

    @cached_property
    def _found(self) -> dict[int, Apart | None]:
        return {}

    def value(self, operation: plan.Operation, bindings: Bindings) -> Result:
        """Return what `operation` comes to."""
        found = self._apart(operation) if isinstance(operation, DRAWING) else None
        if found is None:
            return super().value(operation, bindings)
        values = {name: self.value(op, bindings) for name, op in found.arguments.items()}
        key = (id(operation), *map(_without_causes, values.values()))
        if key in self.drawn:
            return self.drawn[key]
        result = super().value(found.op, values)
        if _is_settled(result) or not any(map(is_absent, values.values())):
            self.drawn[key] = result
        return result

    def _apart(self, operation: plan.Operation) -> Apart | None:
        """Return a drawing as a function of what it depends on; operations live as long as specs,
        and those made here as long as this."""
        key = id(operation)
        if key not in self._found:
            self._found[key] = apart(operation, self.plan.definitions) or at_hand(operation)
        return self._found[key]


def _without_causes(value: Result) -> object:
    """Return what of a value may decide what follows from it: why it is absent does not."""
    return type(value) if is_absent(value) else value


def _is_settled(value: Result) -> bool:
    """Whether a value tells nothing of what is absent, and why."""
    if isinstance(value, tuple):
        return all(map(_is_settled, value))
    return not is_absent(value) and settled(value) is value
