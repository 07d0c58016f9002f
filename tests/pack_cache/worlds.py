"""A small world for the cache: one spec of a user's, one that is installed, one centre."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "fixtures" / "tiny.json"
AS_AT = ("--as-at", "2026-07-24")
WORDS = ("check", str(TINY), "--spec", "house.policy", *AS_AT, "--format", "json")
"""What every run of these tests says."""

SPEC = """\
language 1
spec house "House rules" for 2025/26

table limits (key group, most: integer) from "tables/limits.csv" cites HOUSE-001
parameter fewest = 0 "at least so many" setting cites HOUSE-001

rule named "Learners have names" cites HOUSE-001
  for each learner l
  must l.name is recorded
  breach "no name"

rule few "Learners hand in little" cites HOUSE-001
  for each learner l
  must upper: (count of s in l.submissions) <= limits["all"].most
    breach "too many"
  must lower: (count of s in l.submissions) >= fewest
    breach "too few"
"""
REGISTER = """\
guide: HOUSE
title: "House rules"
clauses:
  - {id: HOUSE-001, where: "page 1", strength: must, says: "Names are known."}
"""
PACKAGE = "installed_specs_of_a_test"
INSTALLED = 'language 1\nspec other "Installed rules" for 2025/26\n'


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended, and how often it loaded a pack instead of using what was kept."""

    code: int
    out: str
    err: str
    loads: int = 0


@dataclass(frozen=True, kw_only=True)
class World:
    """A folder to run in; `check` runs `policy check` on one centre, with further words."""

    root: Path
    check: Callable[..., Ended]
    package: str

    @property
    def work(self) -> Path:
        """Where the user works."""
        return self.root / "work"

    @property
    def installed(self) -> Path:
        """The package of installed specs."""
        return self.root / "place" / self.package

    @property
    def folder(self) -> Path:
        """The cache."""
        return self.root / "home" / "btec-policy"

    @property
    def entries(self) -> list[Path]:
        """What the cache holds."""
        return sorted(self.folder.glob("*.pack"))

    def kept(self) -> Path:
        """Fill the cache, and return the entry."""
        assert self.check().loads == 1
        (entry,) = self.entries
        return entry

    def lay_out(self) -> None:
        """Write the files."""
        work, other = self.work, self.installed / "other"
        for each in (work / "tables", work / "clauses", self.folder.parent, other):
            each.mkdir(parents=True)
        (work / "house.policy").write_text(SPEC, "utf-8")
        (work / "clauses" / "house.yaml").write_text(REGISTER, "utf-8")
        (work / "tables" / "limits.csv").write_text("group,most\nall,5\n", "utf-8")
        (self.installed / "__init__.py").touch()
        (other / "other.policy").write_text(INSTALLED, "utf-8")


def settle() -> None:
    """Wait until what was just written is old enough that a process keeps what is made of it."""
    time.sleep(0.4)
