"""WBL-009, WBL-037: sector groups, as `214 - ADMINISTRATION (NVQ)`, and the sectors they are in."""

from __future__ import annotations

import re

from msgspec import Struct

from policy.model.suite import Context
from policy_wbl.wording import words_of

_CODE = re.compile(r"\s*(\d+)\b")
_ASIDE = re.compile(r"\([^)]*\)")
_BETWEEN = re.compile(r"\s[-\u2013\u2014]\s|[/,;:]|&|\band\b", re.IGNORECASE)


class SectorGroup(Struct, frozen=True, kw_only=True):
    """A sector group: its code, empty if none is given, and the words of its name."""

    code: str
    name: tuple[str, ...]


def sector_group(text: str) -> SectorGroup:
    """Read a sector group. What stands in brackets is no part of the name.

    >>> sector_group("214 - ADMINISTRATION (NVQ)")
    SectorGroup(code='214', name=('administration',))
    """
    found = _CODE.match(text)
    code = found[1] if found else ""
    rest = text[found.end() :] if found else text
    return SectorGroup(code=code, name=words_of(_ASIDE.sub(" ", rest)))


def same_sector(context: Context, one: str, other: str) -> bool:
    """Return whether both texts name one group: by code where both have one, else by name."""
    first, second = sector_group(one), sector_group(other)
    if first.code and second.code:
        return first.code == second.code
    return bool(first.name) and first.name == second.name


def in_sector(context: Context, named: str, sector: str) -> bool:
    """Return whether a group or subject area is in `sector`, which stands for all that begins so.

    Each part of a list counts (`Building and Construction`). What comes before the sector makes it
    another one: cyber security is no security guarding.
    """
    wanted = words_of(sector)
    parts = _BETWEEN.split(_ASIDE.sub(" ", named))
    return bool(wanted) and any(words_of(part)[: len(wanted)] == wanted for part in parts)
