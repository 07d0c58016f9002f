"""How a report is to look: one value, decided by the command line, passed down.

Colour is a role here ("bad", "faint"), never a number: the numbers stand in one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

MASKED = "(personal)"
"""Stands for a value that identifies somebody, unless `show_personal` is set."""

_SGR: Mapping[str, str] = MappingProxyType(
    {
        "bad": "1;31",
        "warn": "1;33",
        "good": "32",
        "info": "1;36",
        "place": "34",
        "strong": "1",
        "faint": "2",
    }
)


class Style(Struct, frozen=True, kw_only=True):
    """`width` in columns; `verbose` leaves nothing folded; `list_unknown` names each undecided
    demand; `show_personal` shows values that are masked otherwise."""

    color: bool = False
    width: int = 80
    verbose: bool = False
    list_unknown: bool = False
    show_personal: bool = False

    def paint(self, role: str, text: str) -> str:
        """Return `text` in the colour of its role: bad, warn, good, info, place, strong, faint.

        Paint last: escapes have no width, and text is measured before it is painted.
        """
        if not self.color or not text or not role:
            return text
        return f"\x1b[{_SGR[role]}m{text}\x1b[0m"
