"""What the verdicts of an audit depend on besides the data, in a form that any process can load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from policy.pack import load_pack
from policy.ready import ReadyPack


class Job(Struct, frozen=True, kw_only=True):
    """Names and files of specs, settings, rules (see `load_pack`), and the day of the run.

    `since`: folder of an earlier run whose findings are taken over; verdicts do not depend on it.
    `trusting`: the data are known to satisfy the schema; only what the rules read is looked at.
    `seconds`: how long one document may take, and a plugin within it; None for no limit.
    """

    as_at: date
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    trusting: bool = False
    seconds: float | None = None
    since: Path | None = None

    def ready(self) -> ReadyPack:
        """Load the pack; what is wrong with it is in its diagnostics."""
        pack = load_pack(
            self.names or None, [Path(file) for file in self.files], self.settings, self.rules
        )
        return ReadyPack(pack=pack)
