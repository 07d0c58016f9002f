"""The examples of one spec, ready to be run again and again with one thing changed.

In: a checked spec. Out: for each mutant whether an example noticed it. Only what the change can
reach is checked and planned anew, and only expectations about it are held against their document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache

from policy.authoring.examples import Given, Givens, checks_of
from policy.authoring.expectations import Failure
from policy.authoring.mutation.item_changes import Mutant
from policy.authoring.mutation.parts import part_of, reads_of
from policy.dsl.checking.checked import CheckedSpec, World
from policy.dsl.checking.checker import check
from policy.dsl.meaning.library import BUILT_INS
from policy.dsl.meaning.plan import SpecPlan
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax import ast
from policy.pack import Pack


class Verdict(StrEnum):
    """How a mutant ended: an example noticed it, none did, no rule here reads what was changed, or
    it is no mutant because it is no correct spec."""

    NOTICED = "noticed"
    SURVIVED = "survived"
    UNREAD = "unread"
    REFUSED = "refused"


class Bench:
    """Runs the examples of one spec with one thing changed."""

    def __init__(
        self, pack: Pack, spec: CheckedSpec, libraries: Mapping[str, ast.Spec], world: World
    ) -> None:
        self._pack, self._spec, self._world = pack, spec, world
        self._checks = checks_of(pack, spec)
        self._givens = Givens(pack)
        self._part = part_of(spec.node, libraries)
        self._reads = reads_of(spec)
        self._plan = plan_spec(spec)
        self._examples = spec.node.examples
        self._about: dict[str, list[int]] = {}
        for number, example in enumerate(self._examples):
            for rule in {expect.rule for expect in example.expects}:
                self._about.setdefault(rule, []).append(number)
        # What is taken over and has no example here was checked where it was written.
        self._asked = frozenset(self._about).union(
            rule.node.name for rule in spec.rules if rule.origin == spec.node.name
        )
        self._sound: dict[int, Given | None] = {}
        self._sharp: dict[int, list[int]] = {}

    def reads(self, item: ast.Node) -> bool:
        """Whether a rule here reads an item."""
        return bool(self._reads.readers(item))

    def failing(self) -> Iterator[ast.Example]:
        """Yield the examples that fail as things stand: they can notice nothing."""
        for number, example in enumerate(self._examples):
            if self._given(number) is None:
                yield example

    def verdict(self, mutant: Mutant) -> Verdict:
        """Run the examples that the change can reach until one fails."""
        readers = self._reads.readers(mutant.old)
        rules = readers & self._asked
        if readers and not rules:
            return Verdict.SURVIVED
        plan = self._changed(mutant, rules)
        if plan is None:
            return Verdict.REFUSED
        if not rules:
            return Verdict.UNREAD
        names = set(rules)
        if isinstance(mutant.old, ast.Parameter):
            names |= {each.name for each in self._checks}
        for number in self._order(mutant, names):
            if self._notices(number, plan, names):
                self._sharpen(mutant, number)
                return Verdict.NOTICED
        return Verdict.SURVIVED

    def _changed(self, mutant: Mutant, rules: frozenset[str]) -> SpecPlan | None:
        """Return the plan of what the change can reach; None if it does not check."""
        names = self._reads.needed(rules, mutant.old)
        node, libraries = self._part.of(rules, names, mutant.old, mutant.new)
        checked, _ = check(node, libraries, self._world, self._spec.suite)
        return None if checked is None else plan_spec(checked)

    def _order(self, mutant: Mutant, rules: set[str]) -> Sequence[int]:
        """Return the examples about the rules, those first that noticed changes of the item."""
        about = {number for rule in rules for number in self._about.get(rule, ())}
        first = [number for number in self._sharp.get(id(mutant.old), ()) if number in about]
        return [*first, *sorted(about - {*first})]

    def _sharpen(self, mutant: Mutant, number: int) -> None:
        known = self._sharp.setdefault(id(mutant.old), [])
        if number in known:
            known.remove(number)
        known.insert(0, number)

    def _notices(self, number: int, plan: SpecPlan, rules: set[str]) -> bool:
        given = self._given(number)
        if given is None:
            return False
        expectations = given.expectations(plan, self._checks)
        return any(
            next(expectations.failures(expect), None) is not None
            for expect in self._examples[number].expects
            if expect.rule in rules
        )

    def _given(self, number: int) -> Given | None:
        """Return what an example is judged on; None if it fails as things stand."""
        if number not in self._sound:
            example = self._examples[number]
            given = self._givens.of(self._spec, example)
            self._sound[number] = None
            if not isinstance(given, Failure):
                expectations = given.expectations(self._plan, self._checks)
                if not any(next(expectations.failures(each), None) for each in example.expects):
                    self._sound[number] = given
        return self._sound[number]


def quick_world(pack: Pack) -> World:
    """Return what to check mutants against: as the pack, but nobody asks for clauses again, and
    tables are read once."""
    functions = {
        function.name: (suite.name, function)
        for suite in pack.suites.values()
        for function in suite.functions
        if function.name not in BUILT_INS
    }
    return World(
        schema=pack.schema.types,
        functions=functions,
        clauses=None,
        read_table=cache(pack.catalogue.text_of),
    )
