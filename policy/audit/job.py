"""What the verdicts of an audit depend on besides the data, in a form that any process can load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from policy.pack import Pack, load_pack
from policy.pack_cache.cache import Request, begin, find
from policy.ready import Ready, ReadyPack


class Job(Struct, frozen=True, kw_only=True):
    """Names and files of specs, settings, rules (see `load_pack`), and the day of the run.

    `since`: folder of an earlier run whose findings are taken over; verdicts do not depend on it.
    `trusting`: the data are known to satisfy the schema; only what the rules read is looked at.
    `seconds`: how long one document may take, and a plugin within it; None for no limit.
    `cache`: folder of this machine where packs are kept; empty for none.
    """

    as_at: date
    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    trusting: bool = False
    seconds: float | None = None
    since: Path | None = None
    cache: str = ""

    def ready(self) -> Ready:
        """Take the pack that was kept, otherwise load it, and keep it: then its code is there for
        all processes. What is wrong with it is in its diagnostics."""
        # Which part of the data rules read is only known of a pack that was loaded.
        request = self._request() if self.cache and not self.trusting else None
        if request is None:
            return ReadyPack(pack=self._load())
        return self._kept(request) or self._keep(request)

    def _load(self) -> Pack:
        files = [Path(file) for file in self.files]
        return load_pack(self.names or None, files, self.settings, self.rules)

    def _request(self) -> Request | None:
        try:
            return Request(self.names or None, self.files, self.settings, self.rules)
        except OSError:  # the current folder is gone
            return None

    def _kept(self, request: Request) -> Ready | None:
        """Return what was kept, None unless it is there to the last byte: it is used for long."""
        found = find(self.cache, request, at_once=True)
        return found if found is not None and found.is_whole() else None

    def _keep(self, request: Request) -> Ready:
        begun = begin(self.cache, request)
        if begun is None:
            return ReadyPack(pack=self._load())
        try:
            pack = self._load()
            is_kept = begun.keep(pack, self.files)
        finally:
            begun.drop()
        return (self._kept(request) if is_kept else None) or ReadyPack(pack=pack)
