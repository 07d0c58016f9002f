"""A case made smaller for as long as the evaluators differ on it.

Whatever may be left out is left out, and operations are replaced by others of their type: by a part
of them, by a variable, by a literal, a test by whether what it looks at is recorded. So every spec
on the way is well typed, as the first one was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from msgspec.structs import replace

from policy.dsl.compiling.operations import free, parts
from policy.dsl.meaning import plan
from policy.dsl.planning.expression_planner import _keys
from policy.model.values import Duration, DurationUnit
from tests.differential.any_operation import Scope, Typed
from tests.differential.cases import Case
from tests.differential.places import (
    Path,
    at_path,
    below,
    is_closed,
    is_named,
    is_there,
    places,
    smaller,
    walk,
    weight,
    without,
)
from tests.differential.plans import PlanMaker
from tests.differential.vocabulary import DATE, DAYS, LENGTH, NUMBER, SPAN, TEXT, YES_NO, Type

TRIES = 4000
"""Smaller cases that are tried before it has to do."""
_PLAIN: Mapping[Type, tuple[Any, ...]] = {
    YES_NO: (True, False),
    NUMBER: (0, 1),
    DATE: DAYS[:1],
    TEXT: ("x",),
    LENGTH: (Duration(3, DurationUnit.DAYS),),
    ("list", TEXT): ((), ("x",)),
}
Fails = Callable[[Case], bool]


def shrunk(case: Case, maker: PlanMaker, fails: Fails, tries: int = TRIES) -> Case:
    """Return the smallest case found on which `fails` still says yes.

    `maker` is what made the spec: it knows the types of the operations.
    """
    shrinking = _Shrinking(case=case, typed=dict(maker.typed), fails=fails, tries=tries)
    while shrinking.once():
        pass
    return shrinking.case


@dataclass(kw_only=True)
class _Shrinking:
    case: Case
    typed: Typed
    fails: Fails
    tries: int

    def once(self) -> bool:
        """Try everything once, and return whether anything became smaller."""
        done = False
        for step in (
            *(self._parts_of_spec, self._centre, self._operations, self._whens),
            self._unused,
        ):
            done |= step()
        return done

    def _take(self, case: Case) -> bool:
        """Go on with a case if the evaluators differ on it."""
        if self.tries <= 0 or not is_closed(case.spec):
            return False
        self.tries -= 1
        try:
            taken = self.fails(case)
        except Exception:  # noqa: BLE001 - what cannot be judged is no smaller case
            return False
        if taken:
            self.case = case
        return taken

    # ------------------------------------------------------------ the centre

    def _centre(self) -> bool:
        """Leave out rows and fields, the outermost first; set the day of the run to a plain one."""
        done = False
        plain = replace(self.case, as_at=date(2025, 12, 1))
        if plain != self.case:
            done |= self._take(plain)
        for place in list(places(self.case.data)):
            if not is_there(self.case.data, place):
                continue
            done |= self._take(replace(self.case, data=without(self.case.data, place)))
        return done

    # ------------------------------------------------------------ the spec

    def _parts_of_spec(self) -> bool:
        """Leave out rules, demands, conditions, exceptions and whatever has a default."""
        done, again = False, True
        while again:
            again = False
            for path, less in list(smaller(self.case.spec, ())):
                spec = self._put(self.case.spec, path, less)
                if self._take(replace(self.case, spec=spec)):
                    done = again = True
                    break
        return done

    def _operations(self) -> bool:
        """Replace operations by smaller ones of their type, the outermost first."""
        done, at = False, 0
        while True:
            paths = [path for path, item in walk(self.case.spec, ()) if id(item) in self.typed]
            if at >= len(paths):
                return done
            path = paths[at]
            item = at_path(self.case.spec, path)
            _, kind, scope = self.typed[id(item)]
            for candidate in self._candidates(item, kind, scope):
                spec = self._put(self.case.spec, path, candidate)
                if self._take(replace(self.case, spec=spec)):
                    done = True
                    break
            else:
                at += 1

    def _candidates(self, item: plan.Operation, kind: Type, scope: Scope) -> Iterator[Any]:
        """Yield what is simpler than an operation, the simplest first."""
        size = weight(item)
        simple: list[plan.Operation] = [
            plan.Constant(value=value, span=SPAN) for value in _PLAIN.get(kind, ())
        ]
        simple += [
            plan.Variable(name=name, span=SPAN) for name, its in scope.items() if its == kind
        ]
        if size > 1:
            for made in simple:
                self.typed[id(made)] = made, kind, scope
                yield made
        if kind == YES_NO:
            for part in parts(item):
                asked = plan.IsRecorded(item=part, span=SPAN)
                if not isinstance(part, plan.Drawn) and weight(asked) < size:
                    self.typed[id(asked)] = asked, kind, scope
                    yield asked
        if isinstance(item, plan.TheMost):
            one = plan.The(drawn=item.drawn, span=SPAN)
            self.typed[id(one)] = one, kind, scope
            yield one
        within = [each for each in below(item) if id(each) in self.typed]
        for part in sorted(within, key=weight):
            _, its, around = self.typed[id(part)]
            fits = all(scope.get(name) == around.get(name) for name in free(part))
            if its == kind and fits:
                yield part

    def _whens(self) -> bool:
        """Ask in a demand what `when` asks."""
        done = False
        for at, rule in enumerate(self.case.spec.rules):
            for item in rule.when if rule.demands[0].is_yes_no else ():
                demand = replace(rule.demands[0], condition=item)
                asked = replace(rule, when=(), demands=(demand, *rule.demands[1:]))
                rules = (*self.case.spec.rules[:at], asked, *self.case.spec.rules[at + 1 :])
                done |= self._take(replace(self.case, spec=replace(self.case.spec, rules=rules)))
        return done

    def _unused(self) -> bool:
        """Leave out definitions, tables and parameters that nothing names."""
        done = False
        for group in ("definitions", "tables", "parameters"):
            for name in getattr(self.case.spec, group):
                spec: Any = self.case.spec
                left = {key: item for key, item in getattr(spec, group).items() if key != name}
                if not is_named(spec, name):
                    done |= self._take(replace(self.case, spec=replace(spec, **{group: left})))
        return done

    def _put(self, top: Any, path: Path, new: Any) -> Any:
        """Return `top` with `new` at a path; what encloses it keeps its type."""
        if not path:
            return new
        step, rest = path[0], path[1:]
        if isinstance(top, tuple):
            assert isinstance(step, int)
            return (*top[:step], self._put(top[step], rest, new), *top[step + 1 :])
        if isinstance(top, Mapping):
            return {**top, step: self._put(top[step], rest, new)}
        made = replace(top, **{str(step): self._put(getattr(top, str(step)), rest, new)})
        if isinstance(made, plan.Drawn):
            keys = () if made.where is None else tuple(_keys(made.where, made.variable))
            made = replace(made, keys=keys)
        if id(top) in self.typed:
            _, kind, scope = self.typed[id(top)]
            self.typed[id(made)] = made, kind, scope
        return made
