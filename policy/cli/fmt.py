"""`policy fmt`: lay specs out in the one agreed way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from policy.cli.error_boundary import ExitCode
from policy.cli.terminal import write, write_diagnostics
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a file would change.")
def fmt(paths: Sequence[str], check: bool) -> ExitCode:
    """Lay specs out in the one agreed way.

    PATH is a spec, a folder of specs, or - for standard input, which is printed laid out. Only
    blanks and line breaks change, never what a spec says. A spec with a mistake stays as it is.

    \b
    Examples:
      policy fmt specs/
      policy fmt --check specs/
      policy fmt - < draft.policy

    \b
    Exit codes:
      0  laid out; with --check: nothing to do
      1  with --check: files would change
      2  a file cannot be read or has a mistake in it
    """
    problems: list[Diagnostic] = []
    changed: list[str] = []
    for path in _files(paths, problems):
        if _format(path, check=check, problems=problems):
            changed.append(path)
    for path in changed:
        write(f"{'would change' if check else 'laid out'} {path}\n", error=True)
    write_diagnostics(problems, tally=True)
    if problems:
        return ExitCode.UNTRUSTED
    return ExitCode.FINDINGS if check and changed else ExitCode.CLEAN


def _files(paths: Sequence[str], problems: list[Diagnostic]) -> Iterator[str]:
    for path in dict.fromkeys(paths):
        if not Path(path).is_dir():
            yield path
            continue
        found = sorted(Path(path).rglob("*.policy"))
        if not found:
            problems.append(
                Diagnostic(
                    code="P794", message="there is no spec", file=path, help="specs end in .policy"
                )
            )
        yield from map(str, found)


def _format(path: str, *, check: bool, problems: list[Diagnostic]) -> bool:
    """Lay one text out; return whether that changed it. Standard input is always printed."""
    from policy.dsl.printing.printer import format_text

    source = _read(path, problems)
    if source is None:
        return False
    text, mistakes = format_text(source)
    problems.extend(mistakes)
    if text is None:
        return False
    if path == "-" and not check:
        write(text)
        return False
    if text == source.text:
        return False
    return check or _replace(path, text, problems)


def _read(path: str, problems: list[Diagnostic]) -> SourceText | None:
    try:
        if path == "-":
            return SourceText("<stdin>", sys.stdin.buffer.read().decode())
        return SourceText(path, Path(path).read_bytes().decode())
    except UnicodeDecodeError:
        problems.append(
            Diagnostic(
                code="P794", message="the spec is not UTF-8", file=path, help="save it as UTF-8"
            )
        )
    except OSError as error:
        problems.append(_fault(path, error, "read"))
    return None


def _replace(path: str, text: str, problems: list[Diagnostic]) -> bool:
    """Put `text` in the place of the file: completely or not at all."""
    target = Path(path).resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        draft.write_bytes(text.encode())
        draft.chmod(target.stat().st_mode)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        problems.append(_fault(path, error, "written"))
        return False
    return True


def _fault(path: str, error: OSError, verb: str) -> Diagnostic:
    reason = (error.strerror or "unknown reason").lower()
    return Diagnostic(
        code="P794",
        message=f"the spec cannot be {verb}: {reason}",
        file=path,
        help="check the path and the permissions",
    )
