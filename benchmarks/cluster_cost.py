"""What an audit costs as it grows, and what it would cost on a cluster: measured, then fitted.

    python benchmarks/cluster_cost.py --centres 3,23,230

Each size is audited by one worker. Counted is the time of processors, which other work on the
machine disturbs least: of the first process, which reads everything once and puts the tables
together, and of the worker, which judges. Both are fitted by a straight line over the bytes (least
squares of relative errors, so that small sizes count). The forecast for W cores is

    a + c * bytes + b * bytes / W        (a: both constants, c: first process, b: workers)
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring import machine

HERE = Path(__file__).parent
AS_AT = "2026-07-24"
LEARNERS = 150
FORECAST = ((40_000_000, 16), (1_000_000_000, 32), (1_000_000_000, 256))

ONE = """
import json, resource, sys
from datetime import date
from pathlib import Path
from policy.audit.job import Job
from policy.audit.run import audit
source, out, as_at = sys.argv[1:]
audit(Job(as_at=date.fromisoformat(as_at), names=("aaq",), seconds=60.0), [source], Path(out),
      workers=1)
spent = []
for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    used = resource.getrusage(who)
    spent.append(used.ru_utime + used.ru_stime)
print(json.dumps(spent))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One size: seconds of processors, of the first process and of the worker."""

    submissions: int
    bytes: int
    first: float
    worker: float


def main() -> None:
    """Measure, fit, forecast, and print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--centres", default="3,23,230", help="sizes, as many centres each")
    sizes = [int(each) for each in options.parse_args().centres.split(",")]
    print(machine(("orjson", "jsonschema-rs", "pyarrow")) + "\n")
    print("| submissions | MB | first process, s | worker, s |\n|---:|---:|---:|---:|")
    found = []
    with tempfile.TemporaryDirectory() as folder:
        measured(1, Path(folder))  # so that nothing is read from a cold disk
        for count in sizes:
            found.append(measured(count, Path(folder)))
            print(row(found[-1]), flush=True)
    report(found)


def measured(centres: int, folder: Path) -> Measured:
    """Make so many centres, audit them, and say what that took."""
    source = folder / f"{centres}.ndjson"
    program = [sys.executable, str(HERE / "make_centres.py"), "--seed", "7", "--mix", "aaq=1"]
    shape = ["--centres", str(centres), "--learners", str(LEARNERS), "--breaches", "5"]
    files = ["--out", str(source), "--expected", str(folder / "expected.json")]
    subprocess.run([*program, *shape, *files], check=True)
    words = [sys.executable, "-c", ONE, str(source), str(folder / f"out{centres}"), AS_AT]
    ran = subprocess.run(words, check=True, capture_output=True, text=True)
    first, worker = json.loads(ran.stdout.splitlines()[-1])
    with source.open("rb") as lines:
        submissions = sum(_submissions(json.loads(line)) for line in lines)
    found = Measured(
        submissions=submissions, bytes=source.stat().st_size, first=first, worker=worker
    )
    source.unlink()
    return found


def row(found: Measured) -> str:
    """Return a size as a line of a table."""
    megabytes = found.bytes / 1e6
    return f"| {found.submissions:,} | {megabytes:,.1f} | {found.first:.2f} | {found.worker:.2f} |"


def _submissions(value: object) -> int:
    if isinstance(value, dict):
        return len(value.get("submissions", ())) + sum(map(_submissions, value.values()))
    return sum(map(_submissions, value)) if isinstance(value, list) else 0


def report(found: Sequence[Measured]) -> None:
    """Print the two lines, and what they say of sizes that nobody measured."""
    sizes = [each.bytes for each in found]
    constant, reading = line(sizes, [each.first for each in found])
    starting, judging = line(sizes, [each.worker for each in found])
    print(f"\na = {constant + starting:.2f} s")
    print(f"b = {judging * 1e6:.4f} s/MB, or {1 / judging / 1e6:,.1f} MB/s for each core")
    print(f"c = {reading * 1e6:.4f} s/MB, or {1 / reading / 1e6:,.0f} MB/s")
    each = found[-1].bytes / found[-1].submissions
    print("\n| submissions | TB | cores | hours | of them not shared |\n|---:|---:|---:|---:|---:|")
    for submissions, cores in FORECAST:
        size = submissions * each
        alone = constant + starting + reading * size
        whole = alone + judging * size / cores
        print(
            f"| {submissions:,} | {size / 1e12:.2f} | {cores} | {whole / 3600:.2f} "
            f"| {alone / 3600:.2f} |"
        )


def line(sizes: Sequence[int], times: Sequence[float]) -> tuple[float, float]:
    """Return constant and slope of the straight line with the least squares of relative errors."""
    weights = [1 / time**2 for time in times]
    total = sum(weights)
    x = sum(w * size for w, size in zip(weights, sizes, strict=True)) / total
    y = sum(w * time for w, time in zip(weights, times, strict=True)) / total
    pairs = list(zip(weights, sizes, times, strict=True))
    slope = sum(w * (size - x) * (time - y) for w, size, time in pairs) / sum(
        w * (size - x) ** 2 for w, size, _ in pairs
    )
    return y - slope * x, slope


if __name__ == "__main__":
    main()
