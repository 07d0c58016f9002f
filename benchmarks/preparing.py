"""What the benchmarks need before a clock runs: centres, specs, places to keep them.

Everything lies in one folder of the user's cache and is made once for each set of arguments; delete
it to make all anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
FIVE = HERE / "specs" / "five.policy"

AS_AT = "2026-07-24"
"""The day on which the centres below are judged; see the table in README.md."""

_PARAMETER = re.compile(r"^parameter (\w+) = (\d+)", re.MULTILINE)
_RULE = re.compile(r"^rule (\w+)", re.MULTILINE)
_ITEM = re.compile(r"^(?=(?:--|parameter|rule)\b|-- )", re.MULTILINE)


def cache() -> Path:
    """Return the folder for what is made; XDG_CACHE_HOME moves it."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(base) / "btec-policy" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def centres(count: int, learners: int = 150, breaches: int = 5) -> Path:
    """Return a file with so many centres of one suite, made if it is not there."""
    file = cache() / f"aaq-{count}x{learners}-{breaches}.ndjson"
    if not file.exists():
        making = file.with_suffix(".making.ndjson")
        words = (
            *("--seed", 7, "--centres", count, "--learners", learners, "--mix", "aaq=1"),
            *("--breaches", breaches, "--out", making),
        )
        command = [sys.executable, HERE / "make_centres.py", *words]
        subprocess.run(list(map(str, command)), check=True)
        making.replace(file)
    return file


def size_of(file: Path) -> str:
    """Return what a table says of a file of centres."""
    size = centres_in = submissions = 0
    with file.open("rb") as lines:
        for line in lines:
            size += len(line)
            centres_in += 1
            submissions += line.count(b'"criterion_decisions"')  # one for each, and nowhere else
    return f"{centres_in:,} centres, {submissions:,} submissions, {size / 1e6:.1f} MB"


def fifty() -> Path:
    """Return a spec of fifty rules: the five, each with ten values of its threshold."""
    file = cache() / "fifty.policy"
    file.write_text(multiplied(FIVE.read_text(encoding="utf-8"), 10), encoding="utf-8")
    return file


def multiplied(text: str, times: int) -> str:
    """Return the spec with each rule and parameter so many times, every threshold one higher
    than the one before."""
    head, *items = _ITEM.split(text)
    items = [item for item in items if not item.startswith("--")]
    names = _PARAMETER.findall(text)
    rules = _RULE.findall(text)
    word = re.compile(rf"\b({'|'.join([*(name for name, _ in names), *rules])})\b")
    copies = [head.replace("spec five", "spec fifty", 1)]
    for number in range(times):
        for item in items:
            raised = _PARAMETER.sub(lambda m: f"parameter {m[1]} = {int(m[2]) + number}", item)  # noqa: B023
            copies.append(word.sub(rf"\1_{number}", raised))
    return "".join(copies)


def environment(name: str, packages: Sequence[str]) -> Path:
    """Return the Python of an environment of its own with packages from PyPI, made if it is not
    there."""
    folder = cache() / "environments" / name
    python, done = folder / "bin" / "python", folder / "done"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *packages]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        done.touch()
    return python


def version(python: Path, package: str) -> str:
    """Return the version of a package that an environment has."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    return subprocess.run(
        [str(python), "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()
