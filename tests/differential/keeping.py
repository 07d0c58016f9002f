"""Differences made small and written down: what a run leaves behind for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.differential.agreement import Difference, Ending
from tests.differential.cases import (
    BREAKS,
    THE_COMPILER,
    Case,
    Generating,
    Judged,
    judged,
    maker_of,
)
from tests.differential.shrinking import TRIES, shrunk
from tests.differential.written import CORPUS, as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A difference: where it was drawn, the file it is kept in, and what each evaluator said."""

    place: str
    file: Path
    differed: tuple[str, ...]


def kept(
    seed: int,
    number: int,
    data: Mapping[str, Any],
    as_at: date,
    *,
    by: Generating = THE_COMPILER,
    about: str = "",
    name: str = "",
    folder: Path = CORPUS,
    tries: int = TRIES,
) -> Kept:
    """Shrink the case on which the evaluators differ and write it to a file of the folder.

    Breaking and disagreeing are told apart, so that the one is not found in place of the other; a
    mutant's case is judged alike without it. The file is named after its content unless there is a
    `name`.
    """
    maker = maker_of(seed, number)
    case = Case(spec=maker.spec(), data=data, as_at=as_at)
    is_broken = _is_broken(judged(case, by))

    def fails(smaller: Case) -> bool:
        found = judged(smaller, by)
        if not found.found or _is_broken(found) != is_broken:
            return False
        return by is THE_COMPILER or not judged(smaller).found

    small = shrunk(case, maker, fails, tries)
    differed = told(judged(small, by).found)
    place = f"seed {seed}, spec {number}"
    text = as_text(small, about or f"found by {place}", differed)
    digest = sha256(as_text(small, "").encode()).hexdigest()[:12]
    file = folder / f"{name or f'difference-{digest}'}.json"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="\n")
    return Kept(place=place, file=file, differed=differed)


def told(found: tuple[Difference, ...]) -> tuple[str, ...]:
    """Return differences in words, each once."""
    return tuple(
        dict.fromkeys(
            f"{each.rule or 'all'}, demand {each.demand + 1}: reference: "
            f"{_said(each.reference)}; generated: {_said(each.compiled)}"
            for each in found
        )
    )


def _said(endings: tuple[Ending, ...]) -> str:
    return ", ".join(" ".join(filter(None, each)) for each in endings) or "nothing"


def _is_broken(found: Judged) -> bool:
    return any(
        ending[0] == BREAKS for each in found.found for ending in (*each.reference, *each.compiled)
    )
