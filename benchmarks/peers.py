"""The same five rules on the same bytes by other engines, each counting the same breaches.

    python benchmarks/peers.py [--quick] [--centres 32] [--rounds 5]

Each engine comes from PyPI into an environment of its own in the cache folder; its policies lie in
`benchmarks/peers`, in the form one would write first and in a tuned one. `opa` takes part where it
is on PATH. The run ends with an error if two engines count differently.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter

from measuring import Measured, Run, interleaved, machine, run, table
from preparing import AS_AT, FIVE, HERE, cache, centres, environment, size_of, version

PROGRAMS = HERE / "peers"
OURS = "btec-policy"
FLOOR = "orjson to dictionaries"
FORMS = ("idiomatic", "tuned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An engine from PyPI: `packages` it needs, the `program` that runs it, and for each form
    what the host does for it."""

    name: str
    packages: tuple[str, ...]
    program: str
    host: tuple[str, str]


PEERS = (
    Peer(
        name="Regorus (Rego)",
        packages=("gordon-to-regorus",),
        program="regorus_runs.py",
        host=("calendar", "calendar"),
    ),
    Peer(
        name="common-expression-language (CEL)",
        packages=("common-expression-language", "orjson"),
        program="cel_runs.py",
        host=(
            "parsing, calendar, walk to the learners",
            "parsing, calendar, walk, joins, counting",
        ),
    ),
    Peer(
        name="cedarpy (Cedar)",
        packages=("cedarpy", "orjson"),
        program="cedar_runs.py",
        host=(
            "parsing, calendar, walk, joins, counting",
            "the same, and two rules for firsts",
        ),
    ),
)


def main() -> None:
    """Measure, hold the counts against each other, print."""
    options = _options()
    file = centres(options.centres)
    tables = cache() / "tables.json"
    tables.write_text(json.dumps(calendar_tables(file)), encoding="utf-8")
    things: dict[str, Callable[[], Run]] = {
        FLOOR: partial(ours, "orjson", file),
        OURS: partial(ours, "counts", file, "--spec", str(FIVE)),
    }
    host = {OURS: "nothing"}
    versions = []
    for peer in PEERS:
        python = environment(Path(peer.program).stem, peer.packages)
        versions.append(f"{peer.packages[0]} {version(python, peer.packages[0])}")
        for form, what in zip(FORMS, peer.host, strict=True):
            name = f"{peer.name}, {form}"
            words = (str(python), str(PROGRAMS / peer.program), str(file), str(tables), form)
            things[name] = partial(run, words)
            host[name] = what
    opa = shutil.which("opa")
    if opa:
        for form in FORMS:
            name = f"OPA (`opa exec`), {form}"
            things[name] = partial(opa_runs, opa, file, tables, form)
            host[name] = "calendar, a file for each centre"
    measured = interleaved(things, options.rounds)
    counts = agreed(measured)
    print(f"{machine(('orjson',))}; {', '.join(versions)}\n\n{size_of(file)}\n")
    print(compared(measured, host))
    print("Breaches, the same by all: " + ", ".join(f"{k} {n:,}" for k, n in counts.items()) + ".")
    if not opa:
        print("There is no `opa` on PATH, so OPA itself did not take part.")


def ours(stage: str, file: Path, *words: str) -> Run:
    """Run one of our own stages."""
    return run(
        [sys.executable, str(HERE / "stages.py"), stage, str(file), "--as-at", AS_AT, *words]
    )


def calendar_tables(file: Path) -> dict[str, dict[str, object]]:
    """Return what no peer has a calendar for, in the form that is quickest for them: `days`, the
    number of each day, and `fifteen`, the day 15 working days after it. All centres of the file
    have the same calendar, and the run ends if they do not."""
    import orjson

    from policy.audit.job import Job
    from policy.model.calendars import DayCount, calendar_of

    with file.open("rb") as lines:
        first = orjson.loads(lines.readline())
        told = (first["calendar_periods"], first["country"], first["weekend_days"])
        for line in lines:
            other = orjson.loads(line)
            if told != (other["calendar_periods"], other["country"], other["weekend_days"]):
                raise SystemExit("the centres have different calendars")
    as_at = date.fromisoformat(AS_AT)
    linker = Job(as_at=as_at, files=(str(FIVE),)).ready().linker
    calendar = calendar_of(linker.link("first", first, as_at).document.root)
    days: dict[str, object] = {}
    fifteen: dict[str, object] = {}
    start = date.fromisoformat(first["year_starts_on"]) - timedelta(days=365)
    for number in range(3 * 365):
        day = start + timedelta(days=number)
        days[day.isoformat()] = day.toordinal()
        later = calendar.add_working_days(15, day)
        if isinstance(later, DayCount):
            fifteen[day.isoformat()] = later.date.isoformat()
    return {"days": days, "fifteen": fifteen}


def opa_runs(opa: str, file: Path, tables: Path, form: str) -> Run:
    """Run `opa exec` once over a file for each centre; its start is part of what is measured."""
    bundle = cache() / f"opa-{form}"
    inputs = cache() / f"{file.stem}-each"
    bundle.mkdir(exist_ok=True)
    shutil.copy(PROGRAMS / ("five_tuned.rego" if form == "tuned" else "five.rego"), bundle)
    shutil.copy(tables, bundle / "data.json")
    if not inputs.exists():
        inputs.mkdir()
        for number, line in enumerate(file.read_bytes().splitlines()):
            (inputs / f"{number:05}.json").write_bytes(line)
    begun = perf_counter()
    words = ("exec", "--decision", "five/counts", "--bundle", str(bundle), str(inputs))
    ended = subprocess.run([opa, *words], check=True, capture_output=True)
    seconds = perf_counter() - begun
    counts: dict[str, int] = {}
    for each in json.loads(ended.stdout)["result"]:
        for name, count in each["result"].items():
            counts[name] = counts.get(name, 0) + count
    return Run(seconds=seconds, wall=seconds, peak_mib=0.0, said={"counts": counts})


def agreed(measured: Mapping[str, Measured]) -> dict[str, int]:
    """Return what everybody counted; end the run if somebody counted something else."""
    counts: dict[str, int] = measured[OURS].said["counts"]
    for name, each in measured.items():
        for one in each.runs:
            if name != FLOOR and one.said["counts"] != counts:
                raise SystemExit(f"{name} counts {one.said['counts']}, we count {counts}")
    return counts


def compared(measured: Mapping[str, Measured], host: Mapping[str, str]) -> str:
    """Return the table."""
    floor, own = measured[FLOOR].seconds, measured[OURS].seconds
    rows = [
        (
            *(name, each.seconds, each.seconds / floor, each.seconds / own),
            *(host.get(name, ""), each.spread, each.peak_mib or None),
        )
        for name, each in measured.items()
    ]
    heads = (
        *("five rules, one process", "seconds", "x orjson", "x us"),
        *("left to the host", "longest/shortest", "peak MiB"),
    )
    regorus = min(measured[f"{PEERS[0].name}, {form}"].seconds / own for form in FORMS)
    bar = f"\nAt least 10 times Regorus: {'met' if regorus >= 10 else 'NOT MET'} ({regorus:.2f}).\n"
    return table("The same five rules by others", heads, rows) + bar


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small data, once: for trying out")
    parser.add_argument("--centres", type=int, default=32, help="how many centres are judged")
    parser.add_argument("--rounds", type=int, default=5, help="turns of everything")
    options = parser.parse_args()
    if options.quick:
        options.centres, options.rounds = 8, 1
    return options


if __name__ == "__main__":
    main()
