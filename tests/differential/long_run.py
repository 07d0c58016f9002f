"""A long differential run: `python -m tests.differential.long_run --cases 100000 --seed 0`.

A case is one drawn spec over one drawn centre, judged by the reference evaluator and by every
version of the generated code. Each spec is tried on ten centres: to compile takes as long as to
judge five. Differences are shrunk and kept in the corpus; then the run ends with 1. The same seed
draws the same cases, however many processes share them. Last come the shipped specs, over centres
of the examples and generated ones, most of them damaged.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Any

from policy.dsl.compiling.operations import parts
from policy.dsl.meaning import plan
from tests.differential.cases import (
    THE_COMPILER,
    Generating,
    Trial,
    drawn_centres,
    maker_of,
    outcomes,
)
from tests.differential.keeping import Kept, kept
from tests.differential.runs import Tally, judge_by_shipped, shipped_case
from tests.differential.written import CORPUS

SPECS = 50
"""Specs that a process is given at a time."""
MOST = 3
"""Differences that are shrunk out of so many specs; one mistake may show a thousand times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Some specs of a run: from number `first` on, `count` of them, each on `centres` centres."""

    seed: int
    first: int
    count: int
    centres: int
    folder: Path


@dataclass(kw_only=True)
class Sum:
    """What judging came to."""

    cases: int = 0
    specs: int = 0
    whole: int = 0
    judgements: int = 0
    shipped: int = 0
    differences: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)

    def add(self, other: Sum) -> None:
        """Take in what another share came to."""
        self.cases += other.cases
        self.specs += other.specs
        self.whole += other.whole
        self.judgements += other.judgements
        self.differences += other.differences
        self.outcomes += other.outcomes
        self.operations += other.operations
        self.kept += other.kept


def judge(share: Share, by: Generating = THE_COMPILER) -> Sum:
    """Judge some specs, every way."""
    total = Sum()
    for number in range(share.first, share.first + share.count):
        spec = maker_of(share.seed, number).spec()
        total.specs += 1
        total.operations.update(type(each).__name__ for each in operations(spec))
        trial = Trial(spec, by)
        for data, as_at in drawn_centres(share.seed, number, share.centres):
            found = trial.judge(data, as_at)
            total.cases += 1
            total.whole += found.is_whole
            total.judgements += found.compared
            total.outcomes += outcomes(found.reference)
            total.differences += bool(found.found)
            if found.found and len(total.kept) < MOST:
                where = share.seed, number, data, as_at
                total.kept.append(kept(*where, by=by, folder=share.folder))
    return total


def judge_shipped(seed: int) -> Tally:
    """Judge one centre by all shipped specs, both ways."""
    tally = Tally()
    data, as_at = shipped_case(seed)
    judge_by_shipped(tally, f"shipped specs, seed {seed}", data, as_at)
    return tally


def operations(top: Any) -> Iterator[plan.Operation]:
    """Yield every operation of a spec, or of a part of it."""
    stack: list[Any] = [top]
    while stack:
        item = stack.pop()
        if isinstance(item, plan.Operation):
            yield item
            stack += parts(item)
        elif isinstance(item, tuple):
            stack += item
        elif isinstance(item, dict):
            stack += item.values()
        elif type(item).__module__ == plan.__name__:
            stack += [getattr(item, name) for name in item.__struct_fields__]


def shares(options: argparse.Namespace) -> Iterator[Share]:
    """Yield the shares of a run."""
    specs = -(-options.cases // options.centres)
    for first in range(0, specs, SPECS):
        yield Share(
            seed=options.seed,
            first=first,
            count=min(SPECS, specs - first),
            centres=options.centres,
            folder=options.corpus,
        )


def run(options: argparse.Namespace) -> Sum:
    """Judge all cases, and print how far it is about every twentieth of the way."""
    total, started, shown = Sum(), monotonic(), 0
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        for found in pool.map(judge, shares(options)):
            total.add(found)
            for each in found.kept:
                _say(f"{each.place}: {each.file}", *(f"  {line}" for line in each.differed))
            if total.cases * 20 // options.cases > shown:
                shown = total.cases * 20 // options.cases
                took = round(monotonic() - started)
                _say(f"{total.cases} cases, {total.differences} with a difference, {took} s")
        seeds = range(options.seed, options.seed + options.shipped)
        for tally in pool.map(judge_shipped, seeds, chunksize=10):
            total.shipped += tally.outcomes.total()
            total.differences += bool(tally.found)
            _say(*(f"{name}: {difference}" for name, difference in tally.found))
    return total


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    made = argparse.ArgumentParser(prog="long_run", description=__doc__.partition("\n")[0])
    made.add_argument("--cases", type=int, default=100_000, help="how many, at least")
    made.add_argument("--centres", type=int, default=10, help="centres for each spec")
    made.add_argument("--seed", type=int, default=0, help="another seed draws other cases")
    made.add_argument("--shipped", type=int, default=300, help="centres for the shipped specs")
    made.add_argument("--processes", type=int, default=2)
    made.add_argument("--corpus", type=Path, default=CORPUS, help="where differences are kept")
    return made


def main(arguments: list[str] | None = None) -> int:
    """Run, and return 1 if the evaluators differ anywhere."""
    options = parser().parse_args(arguments)
    total = run(options)
    listed = ", ".join(f"{times} {name}" for name, times in sorted(total.operations.items()))
    ended = ", ".join(f"{times} {name}" for name, times in sorted(total.outcomes.items()))
    _say(
        f"operations: {listed}",
        f"outcomes: {ended}",
        f"shipped specs: {options.shipped} centres, {total.shipped} judgements compared",
        f"seed {options.seed}: {total.cases} cases of {total.specs} specs, {total.whole} of them "
        f"by all versions of the code; {total.judgements} judgements compared; "
        f"{len(total.operations)} kinds of operations seen; "
        f"{total.differences} cases with a difference",
    )
    return 1 if total.differences else 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
