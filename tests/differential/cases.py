"""One case: a drawn spec, a toy centre and a day, judged in every way there is.

The reference evaluator is asked once, generated code three times: its version for any document,
its version for documents that lack nothing where the document is one, and the code of a run, in
which what is silent is only counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from random import Random
from typing import Any

from msgspec import Struct

from policy.data.linking import link
from policy.dsl.compiling.compiler import Compiled, compile_spec
from policy.dsl.compiling.linkers import Linker, linker_of
from policy.dsl.meaning import plan
from policy.model.calendars import calendar_of
from tests.differential.agreement import (
    Difference,
    Ending,
    Endings,
    by_reference,
    counted,
    differences,
    endings_of,
)
from tests.differential.centres import centre
from tests.differential.plans import PlanMaker
from tests.differential.schema import SCHEMA

BREAKS = "breaks"
"""What stands for an outcome where an evaluator raised something."""
FEW = 2
"""Rows above which generated code looks them up: toy centres have few."""


class Generating(Struct, frozen=True, kw_only=True):
    """What makes the code that is tried: the compiler, or a mutant of it."""

    compile_spec: Callable[..., Compiled] = compile_spec
    linker_of: Callable[..., Linker] = linker_of


THE_COMPILER = Generating()


@cache
def _linker(made_by: Callable[..., Linker]) -> Linker:
    return made_by(SCHEMA)


class Case(Struct, frozen=True, kw_only=True):
    """What is judged."""

    spec: plan.SpecPlan
    data: Mapping[str, Any]
    as_at: date


class Judged(Struct, frozen=True, kw_only=True):
    """How a case ended: by the reference evaluator, and where others differed from it.

    `compared` counts judgements, each as often as generated code came to it.
    """

    reference: Endings
    compared: int
    found: tuple[Difference, ...]
    is_whole: bool


class Trial:
    """A spec ready to judge centres in every way."""

    def __init__(self, spec: plan.SpecPlan, by: Generating = THE_COMPILER) -> None:
        self.spec = spec
        self._linker = _linker(by.linker_of)
        self._naming = by.compile_spec(spec, SCHEMA, witnessed=True, few=FEW)
        self._counting = by.compile_spec(spec, SCHEMA)
        self._notes = {
            (rule.name, number)
            for rule in spec.rules
            for number, demand in enumerate(rule.demands)
            if demand.is_note
        }

    def judge(self, data: Mapping[str, Any], as_at: date) -> Judged:
        """Judge a centre. Whatever breaks is a difference, and never raised."""
        document = link("drawn", data, SCHEMA, as_at).document
        assert document is not None
        try:
            reference = by_reference(self._naming, document, as_at)
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is told
            return _broken(reference=problem)
        silent = counted(reference, self._notes)
        found: list[Difference] = []
        compared, is_whole = 0, False
        try:
            linked = self._linker.link_valid("drawn", data, as_at).document
            calendar = calendar_of(linked.root)
            for code, wanted in ((self._naming, reference), (self._counting, silent)):
                judging = code.over(linked, calendar, as_at)
                is_whole = judging._is_whole
                found += differences(wanted, endings_of(code, judging), {})
                compared += _judgements(wanted)
                if is_whole and code is self._naming:
                    judging = code.over(linked, calendar, as_at)
                    judging._is_whole = False
                    found += differences(wanted, endings_of(code, judging), {})
                    compared += _judgements(wanted)
            found += [_left(rule, why) for rule, why in sorted(self._naming.left.items())]
        except Exception as problem:  # noqa: BLE001 - as above
            return _broken(generated=problem)
        return Judged(reference=reference, compared=compared, found=tuple(found), is_whole=is_whole)


def judged(case: Case, by: Generating = THE_COMPILER) -> Judged:
    """Judge one case."""
    return Trial(case.spec, by).judge(case.data, case.as_at)


def _judgements(endings: Endings) -> int:
    return sum(each.total() for each in endings.values())


def _left(rule: str, why: str) -> Difference:
    return Difference(rule=rule, demand=0, reference=(), compiled=(("not compiled", why, "", ""),))


def _broken(*, reference: Exception | None = None, generated: Exception | None = None) -> Judged:
    difference = Difference(
        rule="", demand=0, reference=_breaking(reference), compiled=_breaking(generated)
    )
    return Judged(reference={}, compared=0, found=(difference,), is_whole=False)


def _breaking(problem: Exception | None) -> tuple[Ending, ...]:
    if problem is None:
        return ()
    return ((BREAKS, f"{type(problem).__name__}: {problem}", "", ""),)


# ---------------------------------------------------------------- drawing


def maker_of(seed: int, number: int) -> PlanMaker:
    """Return what makes the spec of that number."""
    return PlanMaker(random=Random(f"{seed} spec {number}"))


def drawn_centres(seed: int, number: int, times: int) -> Iterator[tuple[Mapping[str, Any], date]]:
    """Yield the centres that the spec of that number is tried on, and days."""
    for at in range(times):
        yield centre(Random(f"{seed} spec {number} centre {at}"))


def outcomes(reference: Endings) -> Counter[str]:
    """Return how often each outcome was come to."""
    found: Counter[str] = Counter()
    for endings in reference.values():
        for (outcome, *_), times in endings.items():
            found[outcome] += times
    return found
