"""What it costs to be ready to judge, as ratios of medians of interleaved runs.

    python benchmarks/cold_load.py [--rules 300] [--runs 15]

Two questions: how many times longer does `policy --help` take than an idle interpreter,
and how many times longer does it take to load a pack (parse, check, plan) than to parse the same
text with the bare grammar, as Lark generates it, and throw the tree away? The pack is the shipped
spec with the most rules, its rules repeated under new names until there are as many as asked for.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.resources import files
from statistics import median
from time import perf_counter

from lark import Lark

from policy.catalogue import Catalogue, read_catalogue
from policy.data.schema import load_schema
from policy.dsl.checking.checked import World
from policy.dsl.checking.checker import check
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax.parser import grammar, parse
from policy.model.source import SourceText
from policy.plugins import discover

ITEM = re.compile(
    r"^(?=(?:rule|define|example|parameter|table|replace|drop|change)\b)", re.MULTILINE
)
RULE = re.compile(r"^rule (\w+)")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description="cold load, as ratios")
    arguments.add_argument("--rules", type=int, default=300, help="rules in the pack")
    arguments.add_argument("--runs", type=int, default=15, help="interleaved runs of each thing")
    options = arguments.parse_args()
    report("start-up", interleaved(startup(), options.runs))
    report(f"{options.rules} rules", interleaved(loading(options.rules), options.runs))


def startup() -> Mapping[str, Callable[[], object]]:
    """Return the interpreter and what is compared with it."""

    def start(*words: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

    return {
        "python -c pass": start("-c", "pass"),
        "policy --help": start("-m", "policy", "--help"),
        "policy check --help": start("-m", "policy", "check", "--help"),
    }


def loading(rules: int) -> Mapping[str, Callable[[], object]]:
    """Return the bare grammar and what is compared with it, on a pack of so many rules.

    The grammar is built before the clock runs. "With positions" is the parser as the project builds
    it, which notes for each node where it stands; the difference to "parse" is our own work.
    """
    catalogue = read_catalogue()
    source, suite = pack(catalogue, rules)
    text = files("policy.dsl.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")
    bare = Lark(text, parser="lalr", start="start")
    libraries = {node.name: node for _, node in catalogue.trees() if node.kind == "library"}
    suites = discover().suites
    world = World(
        schema=load_schema({each.name: each.schema_extensions for each in suites}).types,
        functions={f.name: (each.name, f) for each in suites for f in each.functions},
        clauses=frozenset(catalogue.register.clauses),
        read_table=catalogue.text_of,
    )

    def load() -> None:
        node, syntax = parse(source)
        if node is None:
            raise SystemExit(f"the pack cannot be read: {syntax[0].message}")
        checked, found = check(node, libraries, world, suite)
        if checked is None:
            raise SystemExit(f"the pack cannot be used: {found[0].message}")
        plan_spec(checked)

    return {
        "bare grammar": lambda: bare.parse(source.text),
        "grammar with positions": lambda: grammar().parse(source.text, start="start"),
        "parse": lambda: parse(source),
        "parse, check, plan": load,
    }


def pack(catalogue: Catalogue, rules: int) -> tuple[SourceText, str]:
    """Return a spec of so many rules, made of the largest one shipped, and its suite."""
    largest = max(
        (file for file, node in catalogue.trees() if node.kind != "amends"),
        key=lambda file: len(rules_of(file.source.text)),
    )
    kept = [item for item in ITEM.split(largest.source.text) if not item.startswith("example")]
    originals = rules_of(largest.source.text)
    items = [item for item in kept if not item.startswith("rule")]
    for number in range(rules):
        turn, place = divmod(number, len(originals))
        items.append(RULE.sub(rf"rule \1_{turn}", originals[place]))
    # The texts that the spec refers to are found by the spec's name, which stays.
    return SourceText(largest.source.name, "".join(items)), largest.suite


def rules_of(text: str) -> list[str]:
    """Return the rules of a formatted spec, as texts."""
    return [item for item in ITEM.split(text) if RULE.match(item)]


def interleaved(things: Mapping[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return the median seconds of each thing; one round runs all of them once."""
    seconds: dict[str, list[float]] = {name: [] for name in things}
    for thing in things.values():
        thing()
    for _ in range(runs):
        for name, thing in things.items():
            begun = perf_counter()
            thing()
            seconds[name].append(perf_counter() - begun)
    return {name: median(each) for name, each in seconds.items()}


def report(title: str, medians: Mapping[str, float]) -> None:
    """Print a table: what, median milliseconds, and how many times the first one."""
    base = next(iter(medians.values()))
    print(f"{title:<24}{'median ms':>12}{'ratio':>9}")
    for name, seconds in medians.items():
        print(f"  {name:<22}{seconds * 1000:>12.1f}{seconds / base:>9.2f}")


if __name__ == "__main__":
    main()
