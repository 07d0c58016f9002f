"""What one check costs whose pack is kept, as ratios of medians of interleaved runs.

    python benchmarks/startup.py [--runs 15] [--peers]

Against the bare interpreter: a clean centre, a clean centre of 412 KB, and one with fifty planted
troubles. With `--peers`, fetched from PyPI into environments of their own: `check-jsonschema` on
the same 412 KB, which only looks at the schema; `sqlfluff` and `cfn-lint` on the smallest file that
each takes, which is their start. Packs are kept in a folder that goes away.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from preparing import environment, version

CHECK_JSONSCHEMA = "check-jsonschema"
ROOT = Path(__file__).parents[1]
CLEAN = ROOT / "examples" / "centres" / "clean.json"
AS_AT = "2026-07-24"
SETTLED = 0.5
"""Seconds after which what was just installed is old enough for a pack to be kept."""


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description="start-up with a pack that is kept")
    arguments.add_argument("--runs", type=int, default=15, help="interleaved runs of each thing")
    arguments.add_argument("--peers", action="store_true", help="fetch and measure others too")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report(interleaved(commands(Path(folder), peers=options.peers), Path(folder), options.runs))


def commands(folder: Path, *, peers: bool) -> dict[str, list[str]]:
    """Return what is compared, the bare interpreter first."""

    def check(path: Path) -> list[str]:
        return [sys.executable, str(folder / "policy"), "check", str(path), "--as-at", AS_AT]

    # What pip writes as the command: `-m` would import more to find it.
    (folder / "policy").write_text("from policy.cli import main\nmain()\n", "utf-8")
    large, troubled = centre(folder, "large", 0), centre(folder, "troubled", 50)
    found = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "clean.json": check(CLEAN),
        "clean, 412 KB": check(large),
        "50 troubles": check(troubled),
    }
    if peers:
        found |= others(folder, large)
    return found


def others(folder: Path, large: Path) -> dict[str, list[str]]:
    """Return the commands of the peers, by name and version."""
    schema, query, template = (folder / name for name in ("schema.json", "q.sql", "t.json"))
    said = subprocess.run(
        [sys.executable, "-m", "policy", "schema"], check=True, capture_output=True, cwd=ROOT
    )
    schema.write_bytes(said.stdout)
    query.write_text("SELECT 1 AS one\n", "utf-8")
    topic = {"Type": "AWS::SNS::Topic"}
    template.write_text(json.dumps({"Resources": {"Topic": topic}}), "utf-8")
    words = {
        CHECK_JSONSCHEMA: ["--schemafile", str(schema), str(large)],
        "sqlfluff": ["lint", "--dialect", "ansi", str(query)],
        "cfn-lint": [str(template)],
    }
    found = {}
    for name, given in words.items():
        python = environment(name, [name])
        found[f"{name} {version(python, name)}"] = [str(python.parent / name), *given]
    return found


def centre(folder: Path, name: str, breaches: int) -> Path:
    """Make a centre of about 412 KB."""
    path = folder / f"{name}.ndjson"
    subprocess.run(
        [
            *(sys.executable, str(ROOT / "benchmarks" / "make_centres.py"), "--seed", "7"),
            *("--centres", "1", "--learners", "44", "--mix", "aaq=1"),
            *("--breaches", str(breaches), "--out", str(path)),
        ],
        check=True,
        capture_output=True,
        cwd=ROOT,
    )
    plain = folder / f"{name}.json"
    plain.write_text(json.dumps(json.loads(path.read_text("utf-8"))), "utf-8")
    return plain


def interleaved(
    things: Mapping[str, list[str]], folder: Path, runs: int
) -> dict[str, tuple[float, float]]:
    """Return the median seconds on the clock and of the processor for each thing."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody's command compiles itself each time
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in things}
    for number in range(-2, runs):
        for name, command in things.items():
            took = once(command, environment)
            if number >= 0:
                measured[name].append(took)
        if number < 0:
            time.sleep(SETTLED)
    return {
        name: (median(wall for wall, _ in each), median(cpu for _, cpu in each))
        for name, each in measured.items()
    }


def once(command: list[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Run a command; return its seconds on the clock and of the processor."""
    before, begun = os.times(), time.perf_counter()
    subprocess.run(command, env=dict(environment), stdout=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - begun, os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system


def report(medians: Mapping[str, tuple[float, float]]) -> None:
    """Print a table: what, median milliseconds, and how many times the interpreter."""
    base = next(iter(medians.values()))
    print(f"{'':<26}{'wall ms':>9}{'ratio':>7}{'cpu ms':>9}{'ratio':>7}")
    for name, (wall, cpu) in medians.items():
        print(
            f"{name:<26}{wall * 1000:>9.1f}{wall / base[0]:>7.2f}"
            f"{cpu * 1000:>9.1f}{cpu / base[1]:>7.2f}"
        )
    for name, (wall, _) in medians.items():
        if name.startswith(CHECK_JSONSCHEMA):
            print(f"clean, 412 KB to {name}: {medians['clean, 412 KB'][0] / wall:.2f}")
    ratio = medians["50 troubles"][0] / medians["clean, 412 KB"][0]
    print(f"50 troubles to clean: {ratio:.2f}")


if __name__ == "__main__":
    main()
