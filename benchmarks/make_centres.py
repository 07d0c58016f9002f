"""Realistic centres of any size, with planted troubles and the list of what will be found.

    python benchmarks/make_centres.py --seed 7 --centres 20 --learners 150 \\
      --mix aaq=2,wbl=1 --breaches 5 --out centres.ndjson --expected expected.json

The same arguments give the same bytes. Centres are written one by one as they are made.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from centres.building import Centre, build, candidates
from centres.cloning import load
from centres.suites import SUITES


def main(arguments: list[str] | None = None) -> None:
    """Write the centres that the command line asks for."""
    options = _options().parse_args(arguments)
    mix = _mix(options.mix)
    with _output(options.out) as output, _listing(options.expected, options.seed, mix) as listing:
        for centre in centres(
            seed=options.seed,
            count=options.centres,
            learners=options.learners,
            mix=mix,
            breaches=options.breaches,
        ):
            name = output(centre)
            listing(entry(centre, name))


def centres(
    *,
    seed: int,
    count: int,
    learners: int,
    mix: Mapping[str, int],
    breaches: int,
    only: tuple[str, ...] = (),
) -> Iterator[Centre]:
    """Yield centres; the shares of the suites are exact in each round of the mix.

    `expected` of each is complete once its `pieces` are read.
    """
    templates = {name: load(SUITES[name]) for name in mix}
    suits = {name: candidates(template) for name, template in templates.items()}
    rota = [name for name, share in mix.items() for _ in range(share)]
    Random(f"{seed}/mix").shuffle(rota)
    serial = 0
    for index in range(count):
        name = rota[index % len(rota)]
        centre = build(
            templates[name],
            suits[name],
            seed=seed,
            index=index,
            learners=learners,
            breaches=breaches,
            first_serial=serial,
            only=only,
        )
        serial += centre.learners
        yield centre


def plants_in(suite: str) -> list[str]:
    """Return the names of the plants for which the template of a suite has a row."""
    return sorted(candidates(load(SUITES[suite])))


def entry(centre: Centre, document: str) -> dict[str, Any]:
    """Return what is expected of a centre that has been written."""
    suite = centre.template.suite
    number = centre.frame["number"]
    return {
        "document": document,
        "number": number,
        "suite": suite.name,
        "as_at": suite.as_at.isoformat(),
        "learners": centre.learners,
        "notes": [
            {"rule": rule, "outcome": outcome, "subject": subject.format(centre=number)}
            for rule, outcome, subject in suite.notes
        ],
        "plants": sorted(centre.expected, key=lambda each: (each["plant"], each["row"])),
    }


@contextmanager
def _output(path: Path) -> Iterator[Any]:
    """Give a function that writes a centre and returns the name of its document."""
    if path.suffix in (".ndjson", ".jsonl"):
        written = 0
        with path.open("w", encoding="utf-8", newline="\n") as lines:

            def line(centre: Centre) -> str:
                nonlocal written
                lines.writelines(centre.pieces())
                lines.write("\n")
                written += 1
                return f"{path.name}:{written}"

            yield line
        return

    path.mkdir(parents=True, exist_ok=True)

    def file(centre: Centre) -> str:
        name = f"{centre.frame['number']}.json"
        with (path / name).open("w", encoding="utf-8", newline="\n") as text:
            text.writelines(centre.pieces())
            text.write("\n")
        return name

    yield file


@contextmanager
def _listing(path: Path | None, seed: int, mix: Mapping[str, int]) -> Iterator[Any]:
    """Give a function that adds a centre to the list of what is expected."""
    if path is None:
        yield lambda entry: None
        return
    with path.open("w", encoding="utf-8", newline="\n") as text:
        days = {name: SUITES[name].as_at.isoformat() for name in mix}
        text.write(f'{{"seed": {seed}, "as_at": {json.dumps(days)}, "centres": [')
        first = True

        def add(entry: dict[str, Any]) -> None:
            nonlocal first
            text.write("\n" if first else ",\n")
            text.write(json.dumps(entry, ensure_ascii=False))
            first = False

        yield add
        text.write("\n]}\n")


def _mix(text: str) -> dict[str, int]:
    """Return how many centres of each suite there are in a round."""
    mix = {}
    for part in text.split(","):
        name, _, share = part.partition("=")
        if name not in SUITES:
            raise SystemExit(f"no such suite: `{name}`; there are {', '.join(sorted(SUITES))}")
        if not (share or "1").isdigit():
            raise SystemExit(f"`{part}`: write a suite and its share, like `{name}=2`")
        mix[name] = int(share or 1)
    if not sum(mix.values()):
        raise SystemExit("the mix is empty: give at least one suite a share")
    return mix


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same bytes")
    parser.add_argument("--centres", type=int, default=10, help="how many centres")
    parser.add_argument(
        "--learners",
        type=int,
        default=100,
        help="learners in each centre, and no fewer than its template has",
    )
    parser.add_argument(
        "--mix",
        default=",".join(SUITES),
        help="suites and their shares, like `aaq=2,wbl=1`; there are " + ", ".join(sorted(SUITES)),
    )
    parser.add_argument("--breaches", type=int, default=0, help="troubles planted in each centre")
    parser.add_argument(
        "--out", type=Path, required=True, help="a file .ndjson, or a folder for one file each"
    )
    parser.add_argument("--expected", type=Path, help="where to write what will be found")
    return parser


if __name__ == "__main__":
    main()
