"""The one place that decides how the process ends.

0 nothing at or above the threshold, 1 findings, 2 the run cannot be trusted, 3 our own mistake
(a report file is written, without centre data), 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from policy import __version__
from policy.cli.exit_codes import ExitCode
from policy.cli.terminal import prepare_streams, silence, write, write_diagnostics
from policy.errors import PolicyError

if TYPE_CHECKING:
    import click

__all__ = ["ExitCode", "guarded", "run"]


def run(command: click.Command, arguments: Sequence[str] | None) -> int:
    """Run the command and return the exit code; no exception leaves.

    A command returns an `ExitCode` (None counts as 0) or raises `PolicyError` with diagnostics.
    """
    import click

    def typed() -> int | None:
        try:
            code: int | None = command.main(
                list(arguments) if arguments is not None else None,
                prog_name="policy",
                standalone_mode=False,
            )
            return code
        except click.ClickException as mistake:
            mistake.show()
            return ExitCode.UNTRUSTED
        except click.Abort:
            raise KeyboardInterrupt from None

    return guarded(typed)


def guarded(action: Callable[[], int | None]) -> int:
    """Do something and return the exit code; no exception leaves."""
    prepare_streams()
    try:
        return int(action() or ExitCode.CLEAN)
    except PolicyError as mistake:
        write_diagnostics(mistake.diagnostics, tally=True)
        return ExitCode.UNTRUSTED
    except KeyboardInterrupt:
        write("policy: interrupted\n", error=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        silence(sys.stdout)
        return ExitCode.CLEAN
    except SystemExit as end:
        return _code_of(end)
    except Exception as bug:  # noqa: BLE001  the boundary: whatever is left is our mistake
        return _report_bug(bug)


def _code_of(end: SystemExit) -> int:
    """Return the code click ended with: after completion, or when the reader of help went away."""
    if type(sys.stdout).__name__.endswith("PacifyFlushWrapper"):  # put there by click
        return ExitCode.CLEAN
    return end.code if isinstance(end.code, int) else int(bool(end.code))


def _report_bug(bug: Exception) -> int:
    import tempfile

    try:
        handle, name = tempfile.mkstemp(prefix="policy-bug-", suffix=".txt", text=True)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write("\n".join(_bug_lines(bug)) + "\n")
        said = f"what happened is in {name} (no centre data): please send it to the maintainers"
    except OSError:
        said = f"{type(bug).__name__}, and no report file could be written"
    write(f"policy: this is a mistake in policy itself; {said}\n", error=True)
    return ExitCode.OUR_BUG


def _bug_lines(bug: BaseException) -> Iterator[str]:
    """Yield versions and where it happened.

    Neither arguments nor the texts of exceptions are written: they may quote a centre's data.
    """
    import platform
    import traceback

    yield f"policy {__version__}, Python {platform.python_version()}, {platform.platform()}"
    seen: BaseException | None = bug
    while seen is not None:
        yield ""
        yield f"{type(seen).__module__}.{type(seen).__qualname__}, raised at (innermost last):"
        for frame in traceback.extract_tb(seen.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
            yield f"    {frame.line}"
        yield from getattr(seen, "elsewhere", ())
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
