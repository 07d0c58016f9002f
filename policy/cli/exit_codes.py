"""What the process says to whoever started it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    CLEAN = 0
    FINDINGS = 1
    UNTRUSTED = 2
    OUR_BUG = 3
    INTERRUPTED = 130
