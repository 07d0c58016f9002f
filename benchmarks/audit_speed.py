"""How long an audit takes, against what parsing the same bytes takes.

    python benchmarks/audit_speed.py [--quick] [--centres 64] [--rounds 5]

Floors: read the lines; parse them with orjson and with msgspec into dictionaries; decode with
msgspec only what the five rules read, into classes written by hand. Then five rules, fifty rules
(the five, each with ten thresholds) and all shipped rules: from bytes to counts of breaches, and as
a worker of `policy audit` does it, with schema validation and files written. Then the whole command
with one worker and with two, less what it takes for one centre; and the reference evaluator against
generated code. Everything that is compared takes turns.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from measuring import Measured, Run, interleaved, machine, run, table, take_questions
from preparing import AS_AT, FIVE, HERE, centres, fifty, size_of

FLOOR = "orjson to dictionaries"

BARS = {
    "5 rules, bytes to counts": 0.8,
    "50 rules, bytes to counts": 1.5,
    "all shipped rules, audited": 4.0,
}
"""At most so many times the floor."""


def main() -> None:
    """Measure and print."""
    options = _options()
    packages = ("orjson", "msgspec", "jsonschema-rs", "pyarrow")
    print(f"{machine(packages)}\n\n{size_of(centres(options.centres))}\n")
    for name in options.questions or QUESTIONS:
        print(QUESTIONS[name](options))


def ask_stages(options: argparse.Namespace) -> str:
    """Ask how long each stage takes."""
    return one_process(interleaved(stages(centres(options.centres)), options.rounds))


def ask_command(options: argparse.Namespace) -> str:
    """Ask what two workers gain."""
    command(centres(1), 1)  # the first audit keeps its pack, which is no part of the others
    things = whole(centres(options.centres), centres(1))
    return commands(interleaved(things, options.rounds), options.centres)


def ask_evaluator(options: argparse.Namespace) -> str:
    """Ask what generated code gains."""
    few = centres(options.reference_centres, options.reference_learners)
    ended = interleaved({"all": partial(stage, "rules", few)}, options.rounds)
    return evaluator(ended["all"], size_of(few))


QUESTIONS = {"stages": ask_stages, "command": ask_command, "evaluator": ask_evaluator}


def stages(file: Path) -> dict[str, Callable[[], Run]]:
    """Return what is measured in one process, the floor first."""
    many = fifty()
    return {
        FLOOR: partial(stage, "orjson", file),
        "read the lines": partial(stage, "read", file),
        "msgspec, untyped": partial(stage, "msgspec", file),
        "msgspec, only what 5 rules read": partial(stage, "lean", file),
        "5 rules, bytes to counts": partial(stage, "counts", file, FIVE),
        "50 rules, bytes to counts": partial(stage, "counts", file, many),
        "all shipped rules, bytes to counts": partial(stage, "counts", file),
        "5 rules, audited": partial(stage, "audit", file, FIVE),
        "50 rules, audited": partial(stage, "audit", file, many),
        "all shipped rules, audited": partial(stage, "audit", file),
    }


def stage(name: str, file: Path, spec: Path | None = None) -> Run:
    """Run one stage in a process of its own."""
    words = [sys.executable, str(HERE / "stages.py"), name, str(file), "--as-at", AS_AT]
    return run([*words, "--spec", str(spec)] if spec else words)


def one_process(measured: dict[str, Measured]) -> str:
    """Return the table of stages."""
    floor = measured[FLOOR].seconds
    rows = []
    for name, each in measured.items():
        parts = each.said.get("stages", {})
        bar = BARS.get(name)
        rows.append(
            (
                name,
                each.seconds,
                each.seconds / floor,
                _verdict(each.seconds / floor, bar) if bar else None,
                _parts(parts, floor),
                each.spread,
                each.peak_mib,
                each.said.get("ready"),
            )
        )
    heads = (
        *("one process", "seconds", "x orjson", "bar", "of it, x orjson"),
        *("longest/shortest", "peak MiB", "start, s"),
    )
    return table("From bytes to counts, and to files", heads, rows)


def _parts(parts: dict[str, float], floor: float) -> str | None:
    if not parts:
        return None
    return ", ".join(f"{name} {seconds / floor:.2f}" for name, seconds in parts.items())


def _verdict(ratio: float, bar: float) -> str:
    return f"at most {bar:g}: {'met' if ratio <= bar else 'NOT MET'}"


def whole(file: Path, one: Path) -> dict[str, Callable[[], Run]]:
    """Return the command, with one worker and two, over one centre and over all."""
    return {
        "one centre, 1 worker": partial(command, one, 1),
        "all centres, 1 worker": partial(command, file, 1),
        "one centre, 2 workers": partial(command, one, 2),
        "all centres, 2 workers": partial(command, file, 2),
    }


def command(file: Path, workers: int) -> Run:
    """Run `policy audit` with all shipped rules."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    words = ("audit", str(file), "--as-at", AS_AT, "--out", str(folder / "out"))
    try:
        ended = run(
            [sys.executable, "-m", "policy", *words, "--workers", str(workers)], allowed=(0, 1)
        )
    finally:
        shutil.rmtree(folder)
    return ended


def commands(measured: dict[str, Measured], count: int) -> str:
    """Return the table of the whole command."""
    rows: list[tuple[object, ...]] = []
    judging = {}
    for workers, word in ((1, "1 worker"), (2, "2 workers")):
        start = measured[f"one centre, {word}"]
        everything = measured[f"all centres, {word}"]
        judging[workers] = (everything.wall - start.wall) * count / max(count - 1, 1)
        rows.append(
            (
                *(f"`policy audit`, {word}", everything.wall, start.wall, judging[workers]),
                *(judging[1] / judging[workers], everything.peak_mib),
            )
        )
    heads = (
        *("all shipped rules", "whole, s", "for one centre, s", "judging, s"),
        *("1 worker over it", "peak MiB of a process"),
    )
    gain = judging[1] / judging[2]
    bar = f"\nTwo workers at least 1.8 times one: {'met' if gain >= 1.8 else 'NOT MET'}.\n"
    return table("The whole command", heads, rows) + bar


def evaluator(measured: Measured, size: str) -> str:
    """Return how much longer the reference evaluator takes over the same documents."""
    ratios = sorted(each.said["reference"] / each.said["generated"] for each in measured.runs)
    ratio = ratios[len(ratios) // 2]
    said = measured.said
    rows = [
        ("generated code", said["generated"], 1.0),
        ("reference evaluator", said["reference"], ratio),
    ]
    title = f"Generated code and the reference evaluator, {said['judged']} rules, {size}"
    bar = f"\nAt least 20 times: {'met' if ratio >= 20 else 'NOT MET'}.\n"
    return table(title, ("rules only, same linked documents", "seconds", "ratio"), rows) + bar


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    take_questions(parser, QUESTIONS)
    parser.add_argument("--quick", action="store_true", help="small data, once: for trying out")
    parser.add_argument("--centres", type=int, default=64, help="how many centres are judged")
    parser.add_argument("--rounds", type=int, default=5, help="turns of everything")
    options = parser.parse_args()
    options.reference_centres, options.reference_learners = 2, 150
    if options.quick:
        options.centres, options.rounds = 8, 1
        options.reference_centres, options.reference_learners = 1, 50
    return options


if __name__ == "__main__":
    main()
