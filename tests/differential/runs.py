"""Cases for both evaluators: shipped specs over damaged centres, drawn specs over toy centres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from policy.data.linking import link
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
from tests.differential.plans import PlanMaker, centre
from tests.dsl.builders import SCHEMA
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


def damaged_centre(seed: int) -> tuple[Mapping[str, Any], date]:
    """Return a centre in which facts are lacking, and a day."""
    random = Random(seed)
    as_at = random.choice(DAYS)
    if random.random() < 0.15:
        return made_from(seed, everything=random.random() < 0.5), as_at
    base = random.choice(tuple(centres().values()))
    share = random.choice((0.02, 0.05, 0.1, 0.3))
    return damaged(thinned(base, random), random, share), as_at


# ---------------------------------------------------------------- drawn specs


@dataclass(frozen=True, kw_only=True)
class Generating:
    """What makes the code that is tried: the compiler, or a mutant of it."""

    compile_spec: Callable[..., Compiled] = compile_spec
    linker_of: Callable[..., Linker] = linker_of


def judge_drawn(tally: Tally, seed: int, by: Generating = Generating()) -> None:
    """Judge toy centres by a drawn spec, both ways."""
    spec = PlanMaker(random=Random(seed)).spec()
    made = by.compile_spec(spec, SCHEMA, witnessed=True, few=2)
    linker = by.linker_of(SCHEMA)
    for number, (data, as_at) in enumerate(toy_centres(seed)):
        linked = link("drawn", data, SCHEMA, as_at).document
        assert linked is not None
        reference = by_reference(made, linked, as_at)
        answer = by_generated_code(made, linker, data, as_at)
        tally.take(f"seed {seed}, centre {number}", reference, answer, made.left)


def toy_centres(seed: int) -> Iterator[tuple[Mapping[str, Any], date]]:
    """Yield centres for a drawn spec."""
    for number in range(3):
        random = Random(seed * 10 + number)
        yield centre(random), random.choice((date(2025, 12, 1), date(2026, 3, 1), date(2027, 1, 1)))
