"""A long differential run: `python -m tests.differential.long_run --cases 100000 --seed 0`.

Prints how many cases were judged and every difference, with the seed that shows it again.
"""

from __future__ import annotations

import argparse
import sys

from tests.differential.runs import Tally, damaged_centre, judge_by_shipped, judge_drawn


def main() -> int:
    """Run, and return 1 if the evaluators differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shipped", type=int, default=20, help="every so many seeds: real specs")
    options = parser.parse_args()
    tally, seed = Tally(), options.seed
    while tally.cases < options.cases:
        judge_drawn(tally, seed)
        if seed % options.shipped == 0:
            data, as_at = damaged_centre(seed)
            judge_by_shipped(tally, f"seed {seed}", data, as_at)
        seed += 1
    for name, difference in tally.found:
        sys.stdout.write(f"{name}: {difference}\n")
    counts = ", ".join(f"{times} {outcome}" for outcome, times in sorted(tally.outcomes.items()))
    sys.stdout.write(
        f"{tally.cases} cases, seeds {options.seed} to {seed - 1}, {len(tally.found)} differences, "
        f"{tally.left} rules left; {counts}\n"
    )
    return 1 if tally.found else 0


if __name__ == "__main__":
    sys.exit(main())
