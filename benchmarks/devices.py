"""What each device of generated code is worth: the same compiler without it, in the same run.

    python benchmarks/make_centres.py --seed 7 --centres 8 --learners 150 --mix aaq=1 \
        --breaches 5 --out centres.ndjson --expected expected.json
    python benchmarks/devices.py centres.ndjson 2026-07-24

Figures are the time of judging (processor time, the least of several turns) without the device,
divided by the time with all of them. The first line says how long judging takes in terms of
parsing the same bytes, the second how long linking does.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

import orjson

from policy.document_judge import editions_for
from policy.dsl.compiling import compiler, expressions, quantifiers
from policy.dsl.compiling.linkers import linker_of
from policy.dsl.compiling.runs import Run
from policy.model.calendars import calendar_of
from policy.model.records import Document
from policy.pack import load_pack

TURNS = 5
PACK = load_pack()


class _Forgetful:
    """Asks a function anew each time."""

    def __init__(self, run: Run, function: Callable[..., Any], arguments: int) -> None:
        self._asked = run, function, arguments

    def __getitem__(self, key: Any) -> Any:
        run, function, arguments = self._asked
        return function(run, key) if arguments == 1 else function(run, *key)


@contextmanager
def forgetting(*words: str) -> Iterator[None]:
    """Remember no answers of functions whose names have one of these words in them."""
    remembering = Run.__getattr__

    def without(run: Run, name: str) -> Any:
        found = run._remembered.get(name)
        if found is None or not any(word in name for word in words):
            return remembering(run, name)
        made = _Forgetful(run, *found)
        setattr(run, name, made)
        return made

    with patch.object(Run, "__getattr__", without):
        yield


@contextmanager
def only_general() -> Iterator[None]:
    """Judge every document by the code that is for any document."""
    chosen = compiler.Judging.__init__

    def made(self: Any, *given: Any) -> None:
        chosen(self, *given)
        self._is_whole = False

    with patch.object(compiler.Judging, "__init__", made):
        yield


WITHOUT: dict[str, Callable[[], Any]] = {
    "with all of them": ExitStack,
    "code of its own for documents that lack no reference and no collection": only_general,
    "answers of definitions remembered": lambda: forgetting("fact_"),
    "answers of plugins remembered": lambda: forgetting("plugin_"),
    "counted days remembered": lambda: forgetting("_after", "_before"),
    "answers of built-in functions remembered": lambda: forgetting("built_in_"),
    "drawings remembered by what they ask for": lambda: patch.object(
        quantifiers, "apart", lambda *given: None
    ),
    "definitions that are asked once called straight away": lambda: patch.object(
        expressions.Expressions, "_is_asked_once", lambda *given: False
    ),
    "small definitions part of the expression": lambda: patch.object(
        expressions.Expressions, "_is_light", lambda *given: False
    ),
    "texts and dates told from marks by their class": lambda: patch.object(
        expressions, "_CLASSES", {}
    ),
    "any index of rows": lambda: _few(1 << 60),
    "patience: an index from 9 rows and not from 25": lambda: _few(8),
}


def _few(number: int) -> Any:
    made = compiler.Compiled.__init__

    def init(self: Any, *given: Any, **named: Any) -> None:
        made(self, *given, **{**named, "few": number})

    return patch.object(compiler.Compiled, "__init__", init)


def compiled() -> dict[tuple[str, str], compiler.Compiled]:
    """Return every spec of the pack, compiled."""
    types = PACK.schema.types
    return {(spec.name, spec.edition): compiler.compile_spec(spec, types) for spec in PACK.specs}


def judging(specs: dict[tuple[str, str], compiler.Compiled], document: Document, day: date) -> None:
    """Judge a document."""
    calendar = calendar_of(document.root)
    for spec in editions_for(PACK.specs, document.academic_year):
        over = specs[spec.name, spec.edition].over(document, calendar, day)
        for rule in spec.rules:
            over.ended(rule)


def timed(act: Callable[[], Any]) -> float:
    """Return the processor time of something."""
    begun = process_time()
    act()
    return process_time() - begun


def main() -> None:
    """Measure and print."""
    lines = Path(sys.argv[1]).read_bytes().splitlines()
    day = date.fromisoformat(sys.argv[2])
    linker = linker_of(PACK.schema.types)
    raw = lines
    documents = [linker.link("one", data, day).document for data in raw]
    made = {}
    for name, without in WITHOUT.items():
        with without():
            made[name] = compiled()
            judging(made[name], documents[0], day)
    gc.collect()
    gc.freeze()
    gc.disable()
    least = dict.fromkeys([*WITHOUT, "parse", "link"], 1e9)
    for _ in range(TURNS):
        least["parse"] = min(least["parse"], timed(lambda: [*map(orjson.loads, lines)]))
        link = timed(lambda: [linker.link("one", data, day) for data in raw])
        least["link"] = min(least["link"], link)
        for name, without in WITHOUT.items():
            with without():
                took = timed(lambda n=name: [judging(made[n], each, day) for each in documents])
            least[name] = min(least[name], took)
    whole = least["with all of them"]
    print(f"judging {whole / least['parse']:.1f} x parsing with orjson")
    print(f"linking {least['link'] / least['parse']:.1f} x")
    for name in list(WITHOUT)[1:]:
        print(f"{least[name] / whole:5.2f}  without: {name}")


if __name__ == "__main__":
    main()
