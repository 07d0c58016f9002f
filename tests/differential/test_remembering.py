"""The evaluator that remembers drawings comes to the same as the one that does not."""

from __future__ import annotations

from datetime import date
from typing import Any

from policy.dsl.compiling.linkers import linker_of
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import judge
from policy.dsl.explaining.remembering import Remembering
from policy.dsl.meaning import plan
from policy.model.calendars import calendar_of
from policy.model.records import Document
from tests.differential.cases import drawn_centres, maker_of
from tests.differential.schema import SCHEMA
from tests.differential.test_drawings import counted
from tests.differential.test_generated_source import AS_AT, DATA
from tests.dsl import builders as b

SPECS = 150
CENTRES = 3


def judged(
    kind: type[Evaluator], spec: plan.SpecPlan, document: Document, as_at: date
) -> list[Any]:
    """Return how every demand ended, why, and which rows failed."""
    evaluator = kind(spec, document, calendar_of(document.root), as_at)
    return [
        (item.demand.label, item.record.id, repr(item.second), item.verdict, repr(item.failing))
        for rule in spec.rules
        for item in judge(evaluator, rule)
    ]


def test_drawn_specs_are_judged_alike() -> None:
    """Outcomes, and the causes of those that are open, are the same for every subject."""
    linker = linker_of(SCHEMA)
    for number in range(SPECS):
        spec = maker_of(0, number).spec()
        for data, as_at in drawn_centres(0, number, CENTRES):
            document = linker.link_valid("drawn", data, as_at).document
            alike = judged(Remembering, spec, document, as_at)
            assert alike == judged(Evaluator, spec, document, as_at), number


def test_the_same_is_drawn_once() -> None:
    """Forty submissions of two kinds are counted twice, and not forty times."""
    same_kind = b.compare(b.v("e.kind"), "=", b.v("s.kind"))
    spec = counted(same_kind).spec
    rows = [{"id": f"S{number}", "kind": "ab"[number % 2]} for number in range(40)]
    programme = {"id": "P1", "learners": [{"id": "L1", "submissions": rows}]}
    data = {**DATA, "programmes": [programme]}
    document = linker_of(b.SCHEMA).link("toy", data, AS_AT).document
    evaluator = Remembering(spec, document, calendar_of(document.root), AS_AT)
    assert len(list(judge(evaluator, spec.rules[0]))) == len(rows)
    assert len(evaluator.drawn) == 2
