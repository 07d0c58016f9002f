"""A country's year: what `policy audit` takes for millions of submissions, in one command.

    python benchmarks/national_year.py [--submissions 100000,1000000,10000000] [--workers 2]

Generated centres are written again and again, under numbers of their own, until there are so many
submissions; the files of the largest take some 28 GB, and go when they have been judged. Prints
time, the size of the largest process, and what was found.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import sys
import tempfile
from pathlib import Path

from measuring import machine, run, table
from preparing import AS_AT, centres

TEMPLATES = 64
CENTRES_IN_A_FILE = 400
_SUBMISSION = b'"criterion_decisions"'


def main() -> None:
    """Measure and print, smallest first."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--submissions", default="100000,1000000,10000000")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--folder", type=Path, help="where there is room for the files")
    chosen = options.parse_args()
    print(machine(("msgspec", "pyarrow")) + "\n")
    rows = []
    for size in map(int, chosen.submissions.split(",")):
        folder = Path(tempfile.mkdtemp(prefix="benchmark-", dir=chosen.folder))
        try:
            rows.append(measured(size, folder, chosen.workers))
        finally:
            shutil.rmtree(folder)
        print(rows[-1], file=sys.stderr, flush=True)
    heads = (
        *("submissions", "centres", "GB", "seconds", "MB/s", "peak MiB of a process"),
        *("judgements", "findings", "breached musts", "MB of results"),
    )
    print(table(f"A whole audit with {chosen.workers} workers", heads, rows))


def measured(submissions: int, folder: Path, workers: int) -> tuple[object, ...]:
    """Write so many submissions, audit them, and return a row of the table."""
    data, out = folder / "data", folder / "out"
    made, count = write(submissions, data)
    words = [sys.executable, "-m", "policy", "audit", str(data), "--as-at", AS_AT]
    ran = run([*words, "--out", str(out), "--workers", str(workers)], allowed=(0, 1))
    size = sum(each.stat().st_size for each in data.iterdir())
    totals = json.loads((out / "manifest.json").read_text("utf-8"))["totals"]
    results = sum(each.stat().st_size for each in out.rglob("*") if each.is_file())
    if totals["documents"] != count or totals["quarantined"] or totals["errors"]:
        raise SystemExit(f"{count:,} centres were written, but: {totals}")
    found = ("subjects", "findings", "breached_must")
    return (
        *(f"{made:,}", f"{count:,}", size / 1e9, ran.wall, size / 1e6 / ran.wall, ran.peak_mib),
        *(f"{totals[name]:,}" for name in found),
        results / 1e6,
    )


def write(submissions: int, folder: Path) -> tuple[int, int]:
    """Write at least so many submissions; return how many, and how many centres."""
    folder.mkdir()
    templates = [_parted(line) for line in centres(TEMPLATES).read_bytes().splitlines()]
    made = count = 0
    copies = itertools.cycle(templates)
    while made < submissions:
        with (folder / f"{count // CENTRES_IN_A_FILE:05}.ndjson").open("wb") as file:
            for _ in range(CENTRES_IN_A_FILE):
                before, after, has = next(copies)
                file.write(before + f"{count:07}".encode() + after + b"\n")
                made, count = made + has, count + 1
                if made >= submissions:
                    break
    return made, count


def _parted(line: bytes) -> tuple[bytes, bytes, int]:
    """Return what stands before and after a centre's number, and how many submissions it has."""
    number = json.loads(line)["number"].encode()
    before, found, after = line.partition(b'"' + number + b'"')
    if not found:
        raise SystemExit("a generated centre has no number")
    return before + b'"', b'"' + after, line.count(_SUBMISSION)


if __name__ == "__main__":
    main()
