"""Pages that can be played: what a page shows is what happens.

From top to bottom, in a folder of its own that holds a copy of `examples/`:

- A fenced block whose info string names a file (```` ```yaml house/clauses/house.yaml ````) is
  written to that file. If it is a spec without the line `language 1`, its rules, parameters and
  examples are put into the file that is there: each in the place of the one of its name, or, if
  there is none, after those of its kind.
- In a `console` block, a line after `$ ` is a command and the lines below it are what it prints, on
  either stream. A line `...` stands for any number of lines. Only `policy` and `cat` can be run. A
  last line `# exit code 1` says how the command ends if not with 0.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from io import StringIO
from pathlib import Path

from policy.cli import main

DOTS = "..."
_BLOCK = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_EXIT = re.compile(r"^# exit code (\d+)$")
_ITEM = re.compile(r"^(?:parameter|table|define|rule|example|use|applies to) ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, the file it is written to (or nothing), its text, where it
    stands in the page. `kind` is another word after the language: what part of a spec it is."""

    language: str
    file: str
    text: str
    kind: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of a console block: its words, the lines said to come out, the exit code."""

    typed: str
    shown: tuple[str, ...]
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: what it printed on both streams, and its exit code."""

    printed: tuple[str, ...]
    exit_code: int


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    found = []
    for match in _BLOCK.finditer(page):
        language, _, more = match[2].strip().partition(" ")
        kind, file = ("", more) if "." in more else (more, "")
        found.append(
            Block(language=language, kind=kind, file=file, text=match[3], start=match.start(3))
        )
    return found


def commands(text: str) -> Iterator[Command]:
    """Yield the commands of a console block, each with what it is said to print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        typed, *shown = part.splitlines()
        stated = _EXIT.match(shown[-1]) if shown else None
        code = int(stated[1]) if stated else 0
        yield Command(typed=typed, shown=tuple(shown[:-1] if stated else shown), exit_code=code)


def matches(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether `printed` is what a page shows, lines of three dots standing for any lines."""
    parts: list[str] = []
    for line in shown:
        dots = line.strip() == DOTS
        parts.append(r"(?:.*\n)*?" if dots else re.escape(line) + r"\n")
    text = "".join(f"{line}\n" for line in printed)
    return re.fullmatch("".join(parts), text) is not None


def put(block: Block, folder: Path) -> None:
    """Write a block to the file it names; a part of a spec goes into the spec that is there."""
    file = folder / block.file
    text = block.text
    if block.language == "policy" and not text.startswith("language "):
        text = with_items(file.read_text("utf-8"), text)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def with_items(spec: str, part: str) -> str:
    """Return the spec with the items of `part` in it, replaced by name or put after their kind."""
    head, *items = _items(spec)
    for item in _items(part)[1:]:
        names = [_name(each) for each in items]
        kinds = [name.split()[0] for name in names]
        kind = _name(item).split()[0]
        if _name(item) in names:
            items[names.index(_name(item))] = item
        elif kind in kinds:
            items.insert(len(kinds) - kinds[::-1].index(kind), item)
        else:
            items.insert(0 if kind != "example" else len(items), item)
    return "\n\n".join(text.strip("\n") for text in (head, *items)) + "\n"


def _items(spec: str) -> list[str]:
    starts = [match.start() for match in _ITEM.finditer(spec)]
    return [spec[start:end] for start, end in zip([0, *starts], [*starts, len(spec)], strict=True)]


def _name(item: str) -> str:
    """Return `rule r` of a rule, `example "e"` of an example."""
    found = re.match(r'\w+ (?:"[^"]*"|\w+)', item)
    assert found, item
    return found[0]


def run(command: Command, folder: Path) -> Ended:
    """Run a command of a page in `folder`: the real command, but for the start of a process."""
    words = shlex.split(command.typed)
    if words[0] == "cat":
        text = (folder / words[1]).read_text("utf-8")
        return Ended(printed=tuple(text.splitlines()), exit_code=0)
    assert words[0] == "policy", f"a page may run `policy` and `cat`, not `{words[0]}`"
    both = StringIO()
    with chdir(folder), redirect_stdout(both), redirect_stderr(both):
        try:
            main(words[1:])
        except SystemExit as end:
            code = end.code
    return Ended(printed=tuple(both.getvalue().rstrip().splitlines()), exit_code=int(code or 0))


def play(page: str, folder: Path) -> Iterator[tuple[Command, Ended]]:
    """Do what a page says, from top to bottom; yield each command with how it ended."""
    for block in blocks(page):
        if block.file:
            put(block, folder)
        if block.language == "console":
            for command in commands(block.text):
                yield command, run(command, folder)


def problem(command: Command, ended: Ended) -> str:
    """Return what a page says wrongly of a command, empty if it is right."""
    printed = "\n".join(ended.printed)
    if ended.exit_code != command.exit_code:
        said = f"exit code {ended.exit_code}, the page says {command.exit_code}"
        return f"$ {command.typed}\n{printed}\n# {said}"
    if not matches(command.shown, ended.printed):
        return f"$ {command.typed}\n{printed}\n# the page shows:\n" + "\n".join(command.shown)
    return ""


def refreshed(page: str, folder: Path) -> str:
    """Return the page with what its commands print now; what was left out stays left out."""
    parts: list[str] = []
    end = 0
    for block in blocks(page):
        if block.file:
            put(block, folder)
        if block.language == "console":
            text = block.text
            own = list(commands(text))
            if own:
                text = "".join(_refreshed(command, run(command, folder)) for command in own)
            parts += (page[end : block.start], text)
            end = block.start + len(block.text)
    return "".join((*parts, page[end:]))


def _refreshed(command: Command, ended: Ended) -> str:
    """Return the lines of a command in a page, brought up to date."""
    lines = command.shown
    if not matches(lines, ended.printed):
        lines = _shortened_alike(lines, ended.printed)
    code = [f"# exit code {ended.exit_code}"] if ended.exit_code else []
    return "".join(f"{line}\n" for line in (f"$ {command.typed}", *lines, *code))


def _shortened_alike(shown: tuple[str, ...], printed: tuple[str, ...]) -> tuple[str, ...]:
    """Return `printed` without the lines that `shown` leaves out, as far as that can be told."""
    lines: list[str] = []
    matcher = SequenceMatcher(None, shown, printed, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        old, new = shown[start:end], printed[new_start:new_end]
        if kind in ("equal", "insert") or not any(line.strip() == DOTS for line in old):
            lines += new
            continue
        for line in old:
            near = get_close_matches(line, new, n=1, cutoff=0.5)
            lines += [line] if line.strip() == DOTS else near
    short = tuple(lines)
    says_something = any(line.strip() != DOTS for line in short)
    return short if says_something and matches(short, printed) else printed
