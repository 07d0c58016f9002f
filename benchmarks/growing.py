"""Centres that are large in one way: a learner with very many submissions, an assignment attempted
very often, a plan with very many versions.

Each is one centre of `make_centres.py` with rows copied under ids of their own. Copies break rules
of the guides, and are found to: that is part of what is measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from preparing import cache, centres

Row = dict[str, Any]


def many_submissions(count: int) -> Path:
    """Return a centre where one learner has so many submissions, each group of them on an
    assignment of its own."""

    def grow(centre: Row) -> None:
        programme = centre["programmes"][0]
        learner, group = _busiest(programme)
        unit, assignment = _home(programme, group[0]["assignment"])
        for number in range(1, count // len(group)):
            copy = _copied([assignment], number)
            unit["assignments"] += copy
            for each in _copied(group, number):
                each["assignment"] = copy[0]["id"]
                learner["submissions"].append(each)

    return _grown(f"submissions-{count}", grow)


def many_attempts(count: int) -> Path:
    """Return a centre where one learner has made one assignment so many times: once first, then
    again and again as a resubmission, each of them a surplus one."""

    def grow(centre: Row) -> None:
        learner, group = _busiest(centre["programmes"][0])
        for number in range(1, count - len(group) + 1):
            learner["submissions"] += _copied(group[1:2], number)

    return _grown(f"attempts-{count}", grow)


def many_versions(count: int) -> Path:
    """Return a centre where a programme has so many versions of its assessment plan."""

    def grow(centre: Row) -> None:
        plans = centre["programmes"][0]["assessment_plans"]
        last = plans[-1]
        for number in range(1, count - len(plans) + 1):
            (copy,) = _copied([last], number)
            copy["sequence"] = last["sequence"] + number
            copy["version"] = f"1.{copy['sequence'] - 1}"
            plans.append(copy)

    return _grown(f"versions-{count}", grow)


WORST: dict[str, tuple[Callable[[int], Path], int]] = {
    "one learner with n submissions": (many_submissions, 10_000),
    "n attempts at one assignment": (many_attempts, 1_000),
    "n versions of one plan": (many_versions, 500),
}
"""What grows -> what makes it, and how far the project promises to go."""


def _grown(name: str, grow: Callable[[Row], None]) -> Path:
    file = cache() / f"grown-{name}.ndjson"
    if not file.exists():
        centre = json.loads(centres(1, 0, 0).read_text(encoding="utf-8"))
        grow(centre)
        file.write_text(json.dumps(centre, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def _busiest(programme: Row) -> tuple[Row, list[Row]]:
    """Return a learner and his or her submissions of one assignment, as many as anybody has."""
    groups: list[tuple[Row, list[Row]]] = []
    for learner in programme["learners"]:
        by_assignment: dict[str, list[Row]] = {}
        for submission in learner["submissions"]:
            by_assignment.setdefault(submission["assignment"], []).append(submission)
        groups += [(learner, group) for group in by_assignment.values()]
    return max(groups, key=lambda each: len(each[1]))


def _home(programme: Row, name: str) -> tuple[Row, Row]:
    """Return the unit that has an assignment, and the assignment."""
    for unit in programme["units"]:
        for assignment in unit["assignments"]:
            if assignment["id"] == name:
                return unit, assignment
    raise SystemExit(f"no unit has assignment `{name}`")


def _copied(rows: list[Row], number: int) -> list[Row]:
    """Return copies under ids of their own; what refers to a copied row refers to its copy."""
    renamed = {each["id"]: f"{each['id']}~{number}" for row in rows for each in _below(row)}
    return [_renamed(row, renamed) for row in rows]


def _below(row: Row) -> Iterator[Row]:
    """Yield a row and all rows in it."""
    yield row
    for value in row.values():
        for each in value if isinstance(value, list) else ():
            if isinstance(each, dict):
                yield from _below(each)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value
