"""Layer 5: what people type. One file a command, imported when that command is run.

Reads the environment, the clock and the terminal, so that nothing below has to; turns what the
engine found into text on the screen and an exit code. `error_boundary` owns every exit.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

__all__ = ["main"]

_GARBAGE = (100_000, 5, 2)
"""How many objects more than were let go of make it worth looking for garbage (`gc.set_threshold`);
starting makes many, and all of them stay."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command `policy` with `arguments` (those of the process unless given), and exit."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] == ["check"]:
        from policy.cli.plain import read_check

        given = read_check(words[1:])
        if given is not None:
            from policy.cli.checking import run_check
            from policy.cli.error_boundary import guarded

            with _little_collecting(is_own=arguments is None):
                sys.exit(guarded(lambda: run_check(**given)))
    from policy.cli.error_boundary import run
    from policy.cli.group import policy

    sys.exit(run(policy, arguments))


@contextmanager
def _little_collecting(*, is_own: bool) -> Iterator[None]:
    """Look for garbage less often, and not at all when the process ends, if it is our own.

    Not for other commands: libraries that they use look for what was never let go of.
    """
    if not is_own:
        yield
        return
    gc.set_threshold(*_GARBAGE)
    try:
        yield
    finally:
        gc.freeze()
