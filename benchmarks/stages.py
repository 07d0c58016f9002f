"""One stage of an audit over the documents of one NDJSON file, measured in a process of its own.

    python benchmarks/stages.py orjson centres.ndjson
    python benchmarks/stages.py counts centres.ndjson --spec benchmarks/specs/five.policy

Other benchmarks run this, each stage in turn; it prints one line of JSON. Its clock counts the
time of the processor, which a busy machine hardly changes, from the first byte read to the last
outcome; making the pack ready is said apart, as `ready`. Rules run over one document before the
clock does: the first of the file, or that of another one, `--warm`. Several files take turns.
`--profile` adds where the time went, and some time.
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from measuring import peak_mib
from profiling import Profile

Counted = Counter[str]


def main() -> None:
    """Measure one stage and print what it took."""
    options = _options().parse_args()
    begun = perf_counter()
    stage: Callable[[Path], Any] = _STAGES[options.stage](options)
    ready = perf_counter() - begun
    gc.collect()
    gc.freeze()
    gc.disable()  # as workers of an audit do, who collect between documents
    each: dict[Path, dict[str, Any]] = {}
    parts: dict[Path, list[dict[str, float]]] = {}
    if options.profile:
        with Profile() as profile:
            stage(options.files[0])
        print(json.dumps({"profile": profile.shares(), "profiled_seconds": profile.seconds}))
        return
    for _ in range(options.rounds):
        for file in options.files:
            wall, begun = perf_counter(), process_time()
            said = stage(file) or {}
            seconds = process_time() - begun
            parts.setdefault(file, []).append(said.get("stages", {}))
            first = each.setdefault(file, {"turns": [], "peak_mib": peak_mib(), **said})
            first["turns"].append(seconds)
            first["wall"] = perf_counter() - wall
    for file, one in each.items():
        one["seconds"] = median(one["turns"])
        one["stages"] = {
            name: median(turn[name] for turn in parts[file]) for name in parts[file][0]
        }
    told = each[options.files[0]] if len(each) == 1 else {"each": list(each.values())}
    print(json.dumps({"ready": ready, **told}))


def lines_of(file: Path) -> Iterator[bytes]:
    """Yield the lines of a file, one at a time."""
    with file.open("rb", buffering=1 << 20) as stream:
        yield from stream


# ---------------------------------------------------------------- floors


def _read(options: argparse.Namespace) -> Callable[[Path], Any]:
    def stage(file: Path) -> None:
        for _ in lines_of(file):
            pass

    return stage


def _orjson(options: argparse.Namespace) -> Callable[[Path], Any]:
    import orjson

    return _each(orjson.loads)


def _msgspec(options: argparse.Namespace) -> Callable[[Path], Any]:
    import msgspec

    return _each(msgspec.json.Decoder().decode)


def _lean(options: argparse.Namespace) -> Callable[[Path], Any]:
    import msgspec
    from lean_centres import Centre

    return _each(msgspec.json.Decoder(Centre).decode)


def _each(decode: Callable[[bytes], Any]) -> Callable[[Path], Any]:
    def stage(file: Path) -> None:
        for line in lines_of(file):
            decode(line)

    return stage


# ---------------------------------------------------------------- ours


def _counts(options: argparse.Namespace) -> Callable[[Path], Any]:
    """From bytes to the number of breaches of each rule: linked rows, generated code."""
    from policy.dsl.compiling.linkers import release

    judge = _Generated(options)
    judge.over(judge.linked(_first(options)))

    def stage(file: Path) -> dict[str, Any]:
        clock = process_time
        link = rules = 0.0
        counted = Counted()
        for line in lines_of(file):
            begun = clock()
            document = judge.linked(line)
            linked = clock()
            counted += judge.over(document)
            release(document)
            ended = clock()
            link += linked - begun
            rules += ended - linked
            del document
        stages = {"rows": link, "rules": rules}
        return {"counts": dict(sorted(counted.items())), "stages": stages}

    return stage


def _rules(options: argparse.Namespace) -> Callable[[Path], Any]:
    """Generated code and the reference evaluator over the same linked documents, rules only."""
    judge = _Generated(options)
    documents = [judge.linked(line) for line in lines_of(options.files[0])]
    judge.over(documents[0])

    def stage(file: Path) -> dict[str, Any]:
        begun = process_time()
        counted = sum((judge.over(document) for document in documents), Counted())
        middle = process_time()
        reference = sum((judge.slowly(document) for document in documents), Counted())
        ended = process_time()
        if counted != reference:
            raise SystemExit("generated code and the reference evaluator disagree")
        return {"generated": middle - begun, "reference": ended - middle, "judged": judge.judged}

    return stage


def _audit(options: argparse.Namespace) -> Callable[[Path], Any]:
    """What a worker of `policy audit` does with a part, files written."""
    from policy.audit.inputs import survey
    from policy.audit.job import Job
    from policy.audit.judging import Judge
    from policy.audit.part_judging import Assignment, judge_part
    from policy.audit.tally import Tally

    trusting = options.trust_schema
    job = Job(as_at=options.as_at, files=tuple(options.spec), seconds=None, trusting=trusting)
    judge = Judge(job.ready(), options.as_at, trusting=trusting)
    scratch = Path(tempfile.mkdtemp(prefix="benchmark-"))
    first = scratch / "first.ndjson"
    first.write_bytes(_first(options))

    numbers = count()

    def part(file: Path) -> Any:
        total = Tally()
        for each in survey([str(file)]).parts:
            work = Assignment(part=each, folder=scratch / f"{next(numbers)}")
            total += judge_part(judge, work)
        return total

    part(first)

    def stage(file: Path) -> dict[str, Any]:
        return {"tally": part(file).as_json()}

    return stage


class _Generated:
    """A pack whose rules count breaches."""

    def __init__(self, options: argparse.Namespace) -> None:
        from policy.audit.job import Job

        self.as_at: date = options.as_at
        self._ready = Job(as_at=self.as_at, files=tuple(options.spec)).ready()
        if self._ready.pack.has_errors:
            messages = [each.message for each in self._ready.pack.diagnostics]
            raise SystemExit("\n".join(messages))
        self._compiled = [self._ready.compiled(spec) for spec in self._ready.pack.specs]
        # Of few rules only what they read is made into rows: `policy audit --trust-schema`.
        self._linker = self._ready.part_linker

    @property
    def judged(self) -> int:
        """How many rules take part."""
        return sum(len(spec.rules) for spec in self._ready.pack.specs)

    def linked(self, line: bytes) -> Any:
        """Return the document that generated code reads."""
        found = self._linker.read("centre", line, self.as_at)
        if found is None or not found.is_plain:
            raise SystemExit("the data is odd: it would take the careful way")
        return found.document

    def over(self, document: Any) -> Counted:
        """Return the breaches of each rule, by generated code."""
        from policy.model.calendars import calendar_of

        calendar = calendar_of(document.root)
        counted = Counted()
        for compiled in self._compiled:
            judging = compiled.over(document, calendar, self.as_at)
            for rule in compiled.spec.rules:
                ended = judging.ended(rule)
                if ended is None:
                    raise SystemExit(f"`{rule.name}` is no generated code")
                for witness in ended.witnesses:
                    if witness.outcome.value == "breached":
                        counted[rule.name] += 1
        return counted

    def slowly(self, document: Any) -> Counted:
        """Return the same by the reference evaluator."""
        from policy.dsl.evaluation.belonging import Belonging
        from policy.dsl.evaluation.evaluator import Evaluator
        from policy.dsl.evaluation.judgement import judge
        from policy.model.calendars import calendar_of

        calendar = calendar_of(document.root)
        counted = Counted()
        for compiled in self._compiled:
            evaluator = Evaluator(compiled.spec, document, calendar, self.as_at)
            belonging = Belonging(evaluator)
            for rule in compiled.spec.rules:
                for item in judge(evaluator, rule, belonging):
                    if item.outcome.value == "breached":
                        counted[rule.name] += 1
        return counted


def _first(options: argparse.Namespace) -> bytes:
    return next(lines_of(options.warm or options.files[0]))


_STAGES = {
    "read": _read,
    "orjson": _orjson,
    "msgspec": _msgspec,
    "lean": _lean,
    "counts": _counts,
    "rules": _rules,
    "audit": _audit,
}


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stage", choices=sorted(_STAGES))
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=1, help="turns of each file")
    parser.add_argument("--profile", action="store_true", help="where the time went, once")
    parser.add_argument("--warm", type=Path, help="where the document before the clock comes from")
    parser.add_argument("--spec", action="append", default=[], help="a spec file; all otherwise")
    parser.add_argument("--trust-schema", action="store_true", help="as `policy audit` takes it")
    parser.add_argument("--as-at", type=date.fromisoformat, default=date(2026, 7, 24))
    return parser


if __name__ == "__main__":
    main()
