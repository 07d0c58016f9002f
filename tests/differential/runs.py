"""Shipped specs over centres: the examples, those that are generated, and damaged ones."""

from __future__ import annotations

import importlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from policy.data.loader import Loader
from policy.data.readers.raw import Format, RawDocument
from policy.data.readers.reading import read
from policy.dsl.compiling.compiler import Compiled, compile_spec
from policy.dsl.compiling.linkers import Linker, linker_of
from policy.model.records import Document
from policy.pack import Pack, load_pack
from tests.differential.agreement import (
    Difference,
    Endings,
    by_generated_code,
    by_reference,
    counted,
    differences,
)
from tests.differential.damage import damaged, thinned
from tests.properties.documents import made_from

ROOT = Path(__file__).parents[2]
DAYS = (date(2026, 5, 1), date(2025, 11, 15), date(2024, 1, 1), date(2026, 7, 1), date(2027, 1, 1))


@dataclass(kw_only=True)
class Tally:
    """What a run came to."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    left: int = 0
    found: list[tuple[str, Difference]] = field(default_factory=list)

    def take(
        self, name: str, reference: Endings, compiled: Endings, left: Mapping[str, str]
    ) -> None:
        """Add a case."""
        self.cases += 1
        self.left += len(left)
        for endings in reference.values():
            for (outcome, *_), times in endings.items():
                self.outcomes[outcome] += times
        self.found += [(name, each) for each in differences(reference, compiled, left)]


# ---------------------------------------------------------------- shipped specs


@cache
def pack() -> Pack:
    """Return all shipped specs."""
    return load_pack()


@cache
def compiled_specs() -> tuple[tuple[Compiled, ...], Linker]:
    """Return the shipped specs compiled, every subject named, and what reads for them."""
    schema = pack().schema.types
    made = tuple(compile_spec(spec, schema, witnessed=True) for spec in pack().specs)
    return made, linker_of(schema)


@cache
def counting_specs() -> tuple[tuple[Compiled, ...], Linker]:
    """Return the shipped specs compiled as they are for a run."""
    schema = pack().schema.types
    made = tuple(compile_spec(spec, schema) for spec in pack().specs)
    return made, linker_of(schema)


@cache
def centres() -> Mapping[str, Mapping[str, Any]]:
    """Return the data of the example centres and of the documents beside the specs."""
    files = [*ROOT.glob("examples/centres/*.*"), *ROOT.glob("specs/*/examples/*.*")]
    found = {}
    for path in sorted(files):
        if path.suffix in (".json", ".yaml"):
            for raw in read(str(path)):
                if raw.data is not None:
                    found[str(path.relative_to(ROOT))] = raw.data
    return found


@cache
def _loader(as_at: date) -> Loader:
    return Loader(schema=pack().schema, as_at=as_at)


def document(data: Mapping[str, Any], as_at: date) -> Document:
    """Return the data linked for the reference evaluator; they must be valid."""
    raw = RawDocument(name="drawn", file="drawn", format=Format.JSON, data=dict(data))
    loaded = _loader(as_at).take(raw)
    assert loaded.document is not None, loaded.diagnostics
    return loaded.document


def judge_counting(tally: Tally, name: str, data: Mapping[str, Any], as_at: date) -> None:
    """Judge a document by every shipped spec the way a run does, where *met* is only counted."""
    specs, linker = counting_specs()
    linked = document(data, as_at)
    for each in specs:
        notes = {
            (rule.name, number)
            for rule in each.spec.rules
            for number, demand in enumerate(rule.demands)
            if demand.is_note
        }
        reference = counted(by_reference(each, linked, as_at), notes)
        answer = by_generated_code(each, linker, data, as_at)
        tally.take(f"{name} {each.spec.name}", reference, answer, each.left)


def judge_by_shipped(tally: Tally, name: str, data: Mapping[str, Any], as_at: date) -> None:
    """Judge a document by every shipped spec, both ways."""
    specs, linker = compiled_specs()
    linked = document(data, as_at)
    for each in specs:
        reference = by_reference(each, linked, as_at)
        answer = by_generated_code(each, linker, data, as_at)
        tally.take(f"{name} {each.spec.name}", reference, answer, each.left)


def generated_centres(
    suite: str, *, seed: int, count: int = 1, learners: int = 0, breaches: int = 3
) -> Iterator[tuple[Mapping[str, Any], date]]:
    """Yield centres as the benchmarks generate them, with planted breaches, and their day.

    `learners`: 0 for as many as the template of the suite has.
    """
    generator = _generator()
    for centre in generator.centres(
        seed=seed,
        count=count,
        learners=learners or LEARNERS[suite],
        mix={suite: 1},
        breaches=breaches,
    ):
        yield json.loads("".join(centre.pieces())), generator.SUITES[suite].as_at


LEARNERS = {"aaq": 32, "international": 56, "qa_cycle": 38, "wbl": 40}
"""Suites of which centres are generated -> a few learners more than the template has."""


@cache
def _generator() -> ModuleType:
    folder = str(ROOT / "benchmarks")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module("make_centres")
    finally:
        sys.path.remove(folder)


def shipped_case(seed: int) -> tuple[Mapping[str, Any], date]:
    """Return a centre for the shipped specs: an example or a generated one, mostly damaged."""
    if seed % 3:
        return damaged_centre(seed)
    random = Random(seed)
    suite = random.choice(sorted(LEARNERS))
    ((data, as_at),) = generated_centres(suite, seed=seed)
    share = random.choice((0, 0.02, 0.1))
    return damaged(thinned(data, random), random, share) if share else data, as_at


def damaged_centre(seed: int) -> tuple[Mapping[str, Any], date]:
    """Return a centre in which facts are lacking, and a day."""
    random = Random(seed)
    as_at = random.choice(DAYS)
    if random.random() < 0.15:
        return made_from(seed, everything=random.random() < 0.5), as_at
    base = random.choice(tuple(centres().values()))
    share = random.choice((0.02, 0.05, 0.1, 0.3))
    return damaged(thinned(base, random), random, share), as_at
