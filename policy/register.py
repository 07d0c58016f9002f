"""The register of clauses: what the guides say, clause by clause, as far as it was written down.

In: `clauses/*.yaml` below the roots of specs, one file per guide:

    guide: ABC-2023
    title: A guide for centres
    clauses:
      - {id: ABC-137, where: "Handing in again (p.11)", strength: must, says: "..."}

Out: clauses by id. Only ids are needed to check specs; the rest is shown to people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any

FOLDER = "clauses"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredClause:
    """One clause. `strength`: must, must_not, should, may, info or scope. `says` is a paraphrase,
    empty where nobody has written one yet."""

    id: str
    guide: str
    guide_title: str
    where: str = ""
    strength: str = ""
    checkable: str = ""
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Register:
    """All clauses by id; None-like when there is no register at all (`is_empty`)."""

    clauses: Mapping[str, RegisteredClause] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to check citations against."""
        return not self.clauses

    def __contains__(self, id: object) -> bool:
        return id in self.clauses

    def get(self, id: str) -> RegisteredClause | None:
        """Return the clause with that id, or None."""
        return self.clauses.get(id)


def read_register(roots: Iterable[Traversable]) -> Register:
    """Return the clauses below all `roots`; a later root replaces clauses of an earlier one."""
    found: dict[str, RegisteredClause] = {}
    for root in roots:
        for entry in _files(root):
            for clause in _clauses(_read_yaml(entry)):
                found[clause.id] = clause
    return Register(clauses=found)


def _files(root: Traversable) -> list[Traversable]:
    folder = root.joinpath(FOLDER)
    if not folder.is_dir():
        return []
    entries = [each for each in folder.iterdir() if each.name.endswith(".yaml")]
    return sorted(entries, key=lambda each: each.name)


def _read_yaml(entry: Traversable) -> Any:
    import yaml  # only needed where clauses are: a check of clean data reads none

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(entry.read_text(encoding="utf-8"), Loader=loader)


def _clauses(data: Any) -> Iterator[RegisteredClause]:
    for clause in data["clauses"]:
        yield RegisteredClause(
            id=clause["id"],
            guide=data["guide"],
            guide_title=data["title"],
            where=clause.get("where", ""),
            strength=clause.get("strength", ""),
            checkable=str(clause.get("checkable", "")),
            says=clause.get("says", ""),
        )
