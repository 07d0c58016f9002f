"""Drawings that do not name the row they are asked for: one answer for all that agree."""

from __future__ import annotations

from collections import Counter
from typing import Any

from policy.dsl.compiling.compiler import Compiled, compile_spec
from policy.dsl.compiling.linkers import linker_of
from policy.dsl.meaning import plan
from policy.model.calendars import calendar_of
from policy.model.outcomes import Outcome
from tests.differential.test_generated_source import AS_AT, DATA
from tests.dsl import builders as b

KINDS = "abbcccccccccc"


def counted(where: plan.Operation) -> Compiled:
    """Return `must not at least 11 e in s.learner.submissions where ...`, compiled."""
    learner = plan.Ancestor(of=b.v("s"), entity="learner", span=b.at("learner"))
    rows = plan.Rows(of=learner, path=("submissions",), span=b.at("rows"))
    number = b.count(b.drawn("e", rows, where))
    rule = b.rule("submission", "s", b.demand(b.compare(number, "<", b.c(10))))
    return compile_spec(b.spec(rule), b.SCHEMA)


def judged(made: Compiled) -> tuple[Counter[Outcome], int]:
    """Return how many subjects ended how, and how often rows were counted."""
    submissions = [{"id": f"S{at}", "kind": kind} for at, kind in enumerate(KINDS)]
    learner = {"id": "L1", "submissions": submissions}
    data: dict[str, Any] = {**DATA, "programmes": [{"id": "P1", "learners": [learner]}]}
    document = linker_of(b.SCHEMA).link("toy", data, AS_AT).document
    judging = made.over(document, calendar_of(document.root), AS_AT)
    ended = judging.ended(made.spec.rules[0])
    assert ended is not None
    found = Counter({outcome: times for (_, outcome, _), times in ended.counts.items()})
    found.update(item.outcome for item in ended.witnesses)
    kept = [name for name in made.whole.remembered if name.startswith("drawn_")]
    return found, sum(len(getattr(judging._whole, name)) for name in kept)


def test_equal_questions_are_asked_once() -> None:
    """Rows of the same kind are counted once for each kind, not once for each row."""
    same_kind = b.compare(b.v("e.kind"), "=", b.v("s.kind"))
    found, asked = judged(counted(same_kind))
    assert found == {Outcome.MET: 3, Outcome.BREACHED: 10}
    assert asked == len(set(KINDS))


def test_a_drawing_that_names_its_row_is_left_as_it_is() -> None:
    """With `e != s` the answer is another for each row: nothing is remembered."""
    others = b.both(
        b.compare(b.v("e.kind"), "=", b.v("s.kind")), b.compare(b.v("e"), "!=", b.v("s"))
    )
    found, asked = judged(counted(others))
    assert found == {Outcome.MET: 13}
    assert asked == 0
