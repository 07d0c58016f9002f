"""What every peer's program shares: lines in, counts of breaches out, one line of JSON said.

    VENV/bin/python benchmarks/peers/regorus_runs.py centres.ndjson tables.json tuned

`tables.json` is what no peer has a calendar for: `days`, the number of each day, and `fifteen`, the
day 15 working days after it. Making the engine ready is said apart, as `ready`; the clock counts
processor time.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter, process_time

NAMES = (
    "first_was_in_time",
    "lead_iv_agreed",
    "soon_after_results",
    "few_attempts",
    "few_misses",
)

Judge = Callable[[bytes], Mapping[str, int]]


def main(prepare: Callable[[dict[str, dict[str, object]], str], Judge]) -> None:
    """Judge every line of the file on the command line by what `prepare` makes.

    `prepare` takes the tables and the word `idiomatic` or `tuned`.
    """
    file, tables, form = sys.argv[1:4]
    begun = perf_counter()
    judge = prepare(json.loads(Path(tables).read_text(encoding="utf-8")), form)
    ready = perf_counter() - begun
    totals = dict.fromkeys(NAMES, 0)
    with open(file, "rb", buffering=1 << 20) as lines:
        judge(lines.readline())
        lines.seek(0)
        gc.collect()
        gc.freeze()
        gc.disable()
        begun = process_time()
        for line in lines:
            for name, count in judge(line).items():
                totals[name] += count
        seconds = process_time() - begun
    said = {"seconds": seconds, "ready": ready, "peak_mib": _peak_mib(), "counts": totals}
    print(json.dumps(said))


def _peak_mib() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
