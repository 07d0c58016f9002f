"""One centre: its frame, its learners one by one, and what will be found in it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from centres.cloning import Mould, Template
from centres.identity import REGIONS, centre_name, centre_number
from centres.planting import Plant, place_at
from centres.shape import Path_, Row, rows_below

_LEARNERS = re.compile(r'"learners": \["(\d+)"\]')
Who = tuple[str, int] | None
"""Whose row: the learner of the template and the number of the copy, or nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row of the template that a plant suits: in a learner, or in the frame (no mould)."""

    mould: Mould | None
    path: Path_


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """One centre, ready to be written.

    `order` says who is cloned, in turn; `planted` what is planted in whom.
    """

    template: Template
    seed: str
    frame: Row
    copies: int
    first_serial: int
    order: Sequence[Mould]
    planted: Mapping[Who, Sequence[tuple[Plant, Path_]]]
    expected: list[dict[str, Any]] = field(default_factory=list)

    @property
    def learners(self) -> int:
        """How many learners there are."""
        return len(self.template.moulds) + self.copies

    def pieces(self) -> Iterator[str]:
        """Yield the document as JSON on one line, learner by learner, and fill in `expected`.

        To be read once.
        """
        for plant, path in self.planted.get(None, ()):
            self._plant(plant, self.frame, path)
        for place, programme in enumerate(self.frame["programmes"]):
            if "learners" in programme:
                programme["learners"] = [str(place)]
        parts = _LEARNERS.split(json.dumps(self.frame, ensure_ascii=False))
        yield parts[0]
        for place, after in zip(parts[1::2], parts[2::2], strict=True):
            yield '"learners": ['
            for number, learner in enumerate(self._learners_of(int(place))):
                yield f", {learner}" if number else learner
            yield "]"
            yield after

    def _learners_of(self, programme: int) -> Iterator[str]:
        rng = Random(f"{self.seed}/{programme}")
        moulds = self.template.moulds
        for serial, mould in enumerate(moulds, self.first_serial):
            if mould.programme == programme:
                yield self._cast(mould, 0, serial, rng)
        for copy in range(1, self.copies + 1):
            mould = self.order[(copy - 1) % len(self.order)]
            if mould.programme == programme:
                yield self._cast(mould, copy, self.first_serial + len(moulds) + copy - 1, rng)

    def _cast(self, mould: Mould, copy: int, serial: int, rng: Random) -> str:
        text = mould.cast(copy, serial, rng)
        plants = self.planted.get((mould.id, copy))
        if not plants:
            return text
        learner = json.loads(text)
        programmes = list(self.frame["programmes"])
        programmes[mould.programme] = {**programmes[mould.programme], "learners": [learner]}
        document = {**self.frame, "programmes": programmes}
        for plant, path in plants:
            self._plant(plant, document, (*mould.path[:3], 0, *path[4:]))
        return json.dumps(learner, ensure_ascii=False)

    def _plant(self, plant: Plant, document: Row, path: Path_) -> None:
        place = place_at(self.template.document, document, path)
        findings = plant.plant(place)
        self.expected.append(
            {
                "plant": plant.name,
                "about": plant.about,
                "row": place.subject(place.entity),
                "findings": [
                    {"rule": rule, "outcome": outcome, "subject": subject}
                    for rule, outcome, subject in sorted(findings)
                ],
            }
        )


def candidates(template: Template) -> dict[str, list[Candidate]]:
    """Return for each plant of the suite, by name, the rows it suits."""
    moulds = {mould.path: mould for mould in template.moulds}
    found: dict[str, list[Candidate]] = defaultdict(list)
    plants = defaultdict(list)
    for plant in template.suite.plants:
        plants[plant.entity].append(plant)
    for entity, _, path in rows_below("centre", template.document):
        for plant in plants[entity]:
            mould = moulds.get(path[:4])
            if plant.copies and (mould is None or mould.id in template.suite.stays):
                continue
            if plant.suits(place_at(template.document, template.document, path)):
                found[plant.name].append(Candidate(mould=mould, path=path))
    return found


def build(
    template: Template,
    suits: Mapping[str, Sequence[Candidate]],
    *,
    seed: int,
    index: int,
    learners: int,
    breaches: int,
    first_serial: int,
    only: Sequence[str] = (),
) -> Centre:
    """Return centre number `index` of a batch.

    There are at least as many learners as in the template, and as many breaches as fit, all of
    them from `only` if given. No row has two plants; no learner, and no programme apart from its
    learners, has more than one.
    """
    rng = Random(f"{seed}/{index}")
    suite = template.suite
    frame = json.loads(template.frame)
    name = centre_name(rng.randrange(10**6), rng.choice(suite.ends))
    frame["number"] = centre_number(index, seed % 90_000)
    frame["name"] = name
    if suite.regions:
        frame["region"] = rng.choice(REGIONS)
    host = re.sub(r"[^a-z]+", "-", name.lower())
    for person in frame.get("staff") or ():
        if person.get("email"):
            person["email"] = f"{person['email'].partition('@')[0]}@{host}.example"
    order = list(template.castable)
    rng.shuffle(order)
    copies = max(0, learners - len(template.moulds))
    if not order:
        copies = 0
    planted: dict[Who, list[tuple[Plant, Path_]]] = defaultdict(list)
    for plant, who, path in _choose(template, suits, order, copies, breaches, only, rng):
        planted[who].append((plant, path))
    return Centre(
        template=template,
        seed=f"{seed}/{index}",
        frame=frame,
        copies=copies,
        first_serial=first_serial,
        order=order,
        planted=planted,
    )


def _choose(
    template: Template,
    suits: Mapping[str, Sequence[Candidate]],
    order: Sequence[Mould],
    copies: int,
    breaches: int,
    only: Sequence[str],
    rng: Random,
) -> Iterator[tuple[Plant, Who, Path_]]:
    """Yield what is planted where: every plant once, then those in learners again."""
    plants = [plant for plant in template.suite.plants if not only or plant.name in only]
    rng.shuffle(plants)
    taken: set[tuple[str, int] | Path_ | str] = set()
    left, again = breaches, True
    first = True
    while left and again:
        again = False
        for plant in plants:
            if not left or taken & plant.apart:
                continue
            spot = _spot(plant, suits.get(plant.name, ()), order, copies, taken, first, rng)
            if spot is None:
                continue
            who, path = spot
            taken |= {who or _ground(path), *plant.apart}
            left, again = left - 1, True
            yield plant, who, path
        first = False


def _ground(path: Path_) -> Path_:
    """Return what a plant outside learners has for itself: the row, or the whole programme, as what
    is wrong with a programme may show at the rows in it."""
    return path[:2]


def _spot(
    plant: Plant,
    rows: Sequence[Candidate],
    order: Sequence[Mould],
    copies: int,
    taken: set[Any],
    first: bool,
    rng: Random,
) -> tuple[Who, Path_] | None:
    """Return a free row for a plant, if there is one; the frame is only looked at once."""
    for row in rng.sample(rows, len(rows)):
        if row.mould is None:
            if first and _ground(row.path) not in taken:
                return None, row.path
            continue
        numbers = [] if plant.copies else [0]
        if row.mould in order:
            numbers += range(order.index(row.mould) + 1, copies + 1, len(order))
        free = [number for number in numbers if (row.mould.id, number) not in taken]
        if free:
            return (row.mould.id, rng.choice(free)), row.path
    return None
