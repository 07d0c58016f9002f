"""From a template to learners without number: each learner is text with gaps, filled in anew.

Putting text together is what makes the generator fast; only a learner in whom something is planted
becomes a row again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from centres.identity import learner_name, learner_number, registration_number
from centres.shape import ROOT, Path_, Row, entities, rows_below
from centres.suite import Suite

# Characters that occur in no document mark the gaps.
_OPEN, _CLOSE = "\ue000", "\ue001"
_GAP = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mould:
    """A learner of the template, from whom others are cast.

    `original` and `copy` are text with gaps `%(name)s`; `days` are the days that may move, each
    with all it may become.
    """

    id: str
    programme: int
    path: Path_
    original: str
    copy: str
    days: Mapping[str, Sequence[str]]

    def cast(self, copy: int, serial: int, rng: Random) -> str:
        """Return the learner as JSON: copy number `copy`, 0 for the original itself."""
        values: dict[str, Any] = {
            "copy": copy,
            "code": 500_000 + copy,
            "registration": registration_number(serial),
            "uln": learner_number(serial),
            "name": learner_name(serial),
        }
        if not copy:
            return self.original % values
        for day, options in self.days.items():
            values[day] = options[int(rng.random() * len(options))]
        return self.copy % values


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A clean centre: the document, what stands around its learners, and moulds of those."""

    suite: Suite
    document: Row
    frame: str
    moulds: Sequence[Mould]

    @property
    def castable(self) -> list[Mould]:
        """The learners who may occur more than once."""
        return [mould for mould in self.moulds if mould.id not in self.suite.stays]


def load(suite: Suite) -> Template:
    """Return the template of a suite."""
    path = ROOT / "examples/centres" / suite.template
    document = _read(path)
    moulds = []
    for place, programme in enumerate(document["programmes"]):
        for row in range(len(programme.get("learners") or ())):
            moulds.append(_mould_of(suite, document, place, row))
    frame = json.loads(json.dumps(document))
    for programme in frame["programmes"]:
        if programme.get("learners"):
            programme["learners"] = []
    return Template(
        suite=suite, document=document, frame=json.dumps(frame, ensure_ascii=False), moulds=moulds
    )


def _read(path: Path) -> Row:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return json.loads(text)
    return json.loads(json.dumps(yaml.load(text, Loader=_PlainLoader)))


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Days stay as they are written; in C where that is there, which is ten times as fast."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mould_of(suite: Suite, document: Row, programme: int, place: int) -> Mould:
    row = document["programmes"][programme]["learners"][place]
    days: dict[str, Sequence[str]] = {}
    copy = json.loads(json.dumps(row))
    own = {(entity, each["id"]) for entity, each, _ in rows_below("learner", row)}
    for entity, each, _ in rows_below("learner", copy):
        _mark_ids(entity, each, own)
        for name in each:
            if (entity, name) in suite.jitter and each[name]:
                around = suite.jitter[entity, name]
                key = f"{each[name]} {around[0]} {around[1]}"
                days[key] = _near(document, each[name], around)
                each[name] = _gap(key)
    original = json.loads(json.dumps(row))
    for learner in (original, copy):
        learner["registration_number"] = _gap("registration")
        learner["uln"] = _gap("uln")
        if learner.get("name"):
            learner["name"] = _gap("name")
    copy["person_code"] = f"{row.get('person_code', 'A')[0]}{_gap('code')}"
    return Mould(
        id=row["id"],
        programme=programme,
        path=("programmes", programme, "learners", place),
        original=_text(original),
        copy=_text(copy),
        days=days,
    )


def _mark_ids(entity: str, row: Row, own: set[tuple[str, str]]) -> None:
    """Put a gap behind the id of a row, and behind each reference to a row of the same learner."""
    row["id"] += f"-{_gap('copy')}"
    for name, target in entities()[entity].references.items():
        value = row.get(name)
        if isinstance(value, str) and (target, value) in own:
            row[name] += f"-{_gap('copy')}"
        elif isinstance(value, list):
            row[name] = [
                f"{each}-{_gap('copy')}" if (target, each) in own else each for each in value
            ]
    if row.get("assessment_record_ref"):
        row["assessment_record_ref"] += f"-{_gap('copy')}"


def _gap(name: str) -> str:
    return f"{_OPEN}{name}{_CLOSE}"


def _text(row: Row) -> str:
    text = json.dumps(row, ensure_ascii=False).replace("%", "%%")
    return _GAP.sub(r"%(\1)s", text)


def _near(document: Row, day: str, around: tuple[int, int]) -> Sequence[str]:
    """Return the days around a day on which the centre works, or the day alone."""
    base = date.fromisoformat(day)
    options = [base + timedelta(days=step) for step in range(around[0], around[1] + 1)]
    return [each.isoformat() for each in options if _works(document, each)] or [day]


def _works(document: Row, day: date) -> bool:
    weekend = document.get("weekend_days") or ["sat", "sun"]
    if day.strftime("%a").lower() in weekend:
        return False
    periods = [
        period["kind"]
        for period in document.get("calendar_periods") or ()
        if period["starts_on"] <= day.isoformat() <= period["ends_on"]
    ]
    return "term" in periods and len(periods) == 1
