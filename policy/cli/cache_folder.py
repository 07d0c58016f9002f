"""Where packs are kept: in the user's cache folder, as the platform has it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from policy.pack_cache.cache import Request

_NAME = "btec-policy"


def cache_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str:
    """Return the folder, empty if the user has none."""
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # the standard says to pass over what is not
        base = _base(environment, platform)
    return os.path.join(base, _NAME) if os.path.isabs(base) else ""


def _base(environment: Mapping[str, str], platform: str) -> str:
    if platform == "win32":
        return environment.get("LOCALAPPDATA", "")
    home = environment.get("HOME", "")
    parts = ("Library", "Caches") if platform == "darwin" else (".cache",)
    return os.path.join(home, *parts) if home else ""


def request_of(
    names: Sequence[str] | None,
    files: Sequence[Path],
    settings: Mapping[str, str],
    rules: Sequence[str],
) -> Request | None:
    """Return what is asked of the cache, None if nobody knows where we are."""
    from policy.pack_cache.cache import Request

    try:
        return Request(names, [str(file) for file in files], settings, rules)
    except OSError:  # the current folder is gone
        return None
