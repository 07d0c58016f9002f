"""How time and memory grow: with documents, with the size of one, and in the worst of documents.

    python benchmarks/growth.py [--quick] [--full] [--rounds 3]

Sizes double. The slope is that of the straight line through the logarithms of size and time, and
once more that of the last doubling alone, where what is constant hides least. Time is that of a
worker: parse, validate, link, all shipped rules, explain what was found, write; and that of the
generated code alone. `--full` goes as far as the project promises: a college of 50 MB, 10,000
submissions of one learner, 1,000 attempts, 500 versions.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from growing import WORST
from measuring import Said, machine, run, table, take_questions
from preparing import AS_AT, HERE, centres

LEARNERS_OF_50_MB = 6_400
MOST_MIB = 200


def main() -> None:
    """Measure and print."""
    options = _options()
    print(machine(("orjson", "jsonschema-rs", "pyarrow")) + "\n")
    for name in options.questions or QUESTIONS:
        QUESTIONS[name](options)


def documents(options: argparse.Namespace) -> None:
    """Ask about more and more centres."""
    files = {n: centres(n) for n in doublings(options.smallest, options.centres)}
    audited = measured(files, "audit", options.rounds)
    print(growth("Documents", "centres", files, {"a worker": audited}, 1.05))
    print(memory(audited))


def size(options: argparse.Namespace) -> None:
    """Ask about one larger and larger centre."""
    files = {n: centres(1, n) for n in _halvings(options.learners, options.steps)}
    print(growth("Size of one document", "learners", files, both(files, options.rounds), 1.1))


def worst(options: argparse.Namespace) -> None:
    """Ask about the worst of centres."""
    for name, (make, most) in WORST.items():
        files = {n: make(n) for n in _ladder(most, options)}
        print(growth(f"Worst: {name}", "n", files, both(files, options.rounds), None))


QUESTIONS = {"documents": documents, "size": size, "worst": worst}


def both(files: Mapping[int, Path], rounds: int) -> dict[str, dict[int, Said]]:
    """Return what is said of all that a worker does, and of the generated code alone."""
    return {
        "a worker": measured(files, "audit", rounds),
        "generated code": measured(files, "counts", rounds),
    }


def doublings(first: int, last: int) -> list[int]:
    """Return first, twice that, and so on, up to last."""
    sizes = [first]
    while sizes[-1] * 2 <= last:
        sizes.append(sizes[-1] * 2)
    return sizes


def _ladder(most: int, options: argparse.Namespace) -> list[int]:
    return _halvings(most // options.share, options.steps)


def _halvings(top: int, steps: int) -> list[int]:
    return [top // 2**step for step in reversed(range(steps))]


def measured(files: Mapping[int, Path], stage: str, rounds: int) -> dict[int, Said]:
    """Return what a stage says of each file. One process takes all of them, the small ones first,
    so that the largest size it ever had, after each, is that file's."""
    words = [sys.executable, str(HERE / "stages.py"), stage, *map(str, files.values())]
    words += ["--as-at", AS_AT, "--warm", str(centres(1)), "--rounds", str(rounds)]
    each: Sequence[Said] = run(words).said["each"]
    return dict(zip(files, each, strict=True))


def growth(
    title: str,
    unit: str,
    files: Mapping[int, Path],
    series: Mapping[str, Mapping[int, Said]],
    bar: float | None,
) -> str:
    """Return a table of times, and the slopes below it."""
    rows = []
    for n, file in files.items():
        cells: list[object] = [f"{n:,}", file.stat().st_size / 1e6]
        for each in series.values():
            cells += [_seconds(each[n]), each[n]["peak_mib"]]
        rows.append((*cells, _findings(series["a worker"][n])))
    heads = [unit, "MB"]
    for name in series:
        heads += [f"{name}, s", "peak MiB"]
    lines = [table(title, (*heads, "findings"), rows)]
    for name, each in series.items():
        seconds = {n: _seconds(one) for n, one in each.items()}
        lines.append(_judged(name, seconds, bar))
    return "\n".join(lines)


def _seconds(one: Said) -> float:
    """Return the seconds of the rules, or of all if a stage does not part them."""
    seconds: float = one["stages"]["rules"] if one["stages"] else one["seconds"]
    return seconds


def _findings(one: Said) -> str:
    return f"{one['tally']['findings']:,}"


def _judged(name: str, seconds: Mapping[int, float], bar: float | None) -> str:
    sizes = list(seconds)
    allowed = bar
    word = f"at most {bar}"
    if allowed is None:
        # What n log n itself would show on these sizes.
        allowed = slope(sizes, [n * math.log(n) for n in sizes])
        word = f"n log n is {allowed:.2f} here"
    whole = slope(sizes, list(seconds.values()))
    last = slope(sizes[-2:], list(seconds.values())[-2:])
    verdict = "met" if max(whole, last) <= allowed else "met by the line, NOT by the last doubling"
    if whole > allowed:
        verdict = "NOT MET"
    return f"{name}: slope {whole:.2f}, last doubling {last:.2f}; {word}: {verdict}.\n"


def slope(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Return the slope of the straight line through the logarithms, by least squares."""
    xs, ys = [math.log(x) for x in sizes], [math.log(y) for y in times]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    across = sum((x - middle_x) ** 2 for x in xs)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True)) / across


def memory(audited: Mapping[int, Said]) -> str:
    """Say how memory grew from few centres to many."""
    peaks = {n: one["peak_mib"] for n, one in audited.items()}
    first, last = min(peaks), max(peaks)
    share = peaks[last] / peaks[first] - 1
    flat = "met" if share <= 0.1 else "NOT MET"
    small = "met" if max(peaks.values()) <= MOST_MIB else "NOT MET"
    return (
        f"memory of a worker: {peaks[first]:.0f} MiB over {first:,} centres, {peaks[last]:.0f} MiB "
        f"over {last:,}: {share:+.0%}; at most +10%: {flat}; at most {MOST_MIB} MiB: {small}.\n"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    take_questions(parser, QUESTIONS)
    parser.add_argument("--quick", action="store_true", help="small data, once: for trying out")
    parser.add_argument("--full", action="store_true", help="as far as the project promises")
    parser.add_argument("--rounds", type=int, default=3, help="turns of everything")
    options = parser.parse_args()
    options.smallest, options.centres, options.learners = 4, 64, 1_200
    options.share, options.steps = 5, 4
    if options.full:
        options.share = 1
        options.centres, options.learners, options.steps = 128, LEARNERS_OF_50_MB, 5
    if options.quick:
        options.rounds, options.smallest, options.centres, options.learners = 1, 2, 8, 600
        options.share, options.steps = 10, 3
    return options


if __name__ == "__main__":
    main()
