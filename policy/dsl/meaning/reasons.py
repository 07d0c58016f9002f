"""Why a demand is *not applicable*, in the words that reports and counts go by."""

from __future__ import annotations

WHEN_IS_FALSE = "`when` is false"
ANOTHER_EDITION = "another edition"
THIS_YEAR_ONLY = "this year only"
NOTHING_TO_NOTE = "nothing to note"


def excepted(name: str) -> str:
    """Return the reason of *not applicable* for a named exception."""
    return f"excepted: {name}"
