"""Audits of made-up centres by the toy specs, with a plugin that misbehaves when a name says so.

Run as a program it is one audit in a process of its own, for tests that end processes:
python -m tests.audit.toy_job OUT INPUT [WORKERS [resume]]
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from policy.audit.documents import DocumentBytes, documents_of
from policy.audit.inputs import survey
from policy.audit.job import Job
from policy.audit.judging import Judge, Judged
from policy.data.readers.raw import Format
from policy.model.outcomes import Outcome, Severity
from policy.model.records import Record
from policy.model.suite import Check, Context, Decision, Suite
from policy.model.values import Value
from policy.pack import load_pack
from policy.plugins import LoadedSuites
from policy.ready import ReadyPack
from tests import toy, toy_suite

TINY: Mapping[str, Any] = json.loads(toy.TINY.read_text("utf-8"))
COMPACT = (",", ":")


def decide_as_named(context: Context, centre: Record) -> Decision:
    """Do what the name of the centre says."""
    match centre.value("name"):
        case "Deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        case "Leaving":
            os._exit(7)
        case "Hanging":
            time.sleep(600)
        case "Slow":
            time.sleep(0.01)
        case "Stubborn":
            while True:
                try:
                    time.sleep(600)
                except Exception:  # noqa: BLE001 - this plugin does not let itself be ended
                    continue
    return Decision(outcome=Outcome.MET)


def days_since_review(context: Context, policy: Record) -> Value:
    """Answer as the toy suite does, unless the title of the policy says otherwise."""
    if policy.value("title") == "Hanging":
        time.sleep(600)
    return toy_suite.days_since_review(context, policy)


def suite() -> Suite:
    """The toy suite without the check that always fails, with a check and a function that do as
    they are told, and with a field for numbers of any size."""
    usual = toy_suite.policy_suite()
    named = Check(
        name="as_named",
        title="A centre behaves as its name says",
        scope="centre",
        severity=Severity.MUST,
        clauses=("TOY-001",),
        decide=decide_as_named,
        reads=("centre.name",),
    )
    checks = (*(each for each in usual.checks if each.name != "never_decided"), named)
    functions = [replace(each, call=days_since_review) for each in usual.functions]
    added = {"unit": {"credits": {"type": ["integer", "null"], "description": "Without a largest"}}}
    return replace(usual, checks=checks, functions=tuple(functions), schema_extensions=added)


class ToyJob(Job, frozen=True, kw_only=True):
    """A job whose pack is made of the toy specs, whatever is installed."""

    def ready(self) -> ReadyPack:
        """Load the toy specs."""
        return ReadyPack(
            pack=load_pack(
                self.names or None,
                [Path(file) for file in self.files],
                self.settings,
                self.rules,
                suites=LoadedSuites(suites=(suite(),)),
                roots=[toy.ROOT],
            )
        )


def job(**changes: Any) -> ToyJob:
    """Return a job as at the day of the toy tests, as the command makes it."""
    return ToyJob(**{"as_at": toy.AS_AT, "seconds": 60.0, **changes})


def judge() -> Judge:
    """Return a judge by the toy specs."""
    return Judge(job().ready(), toy.AS_AT)


def centre(number: int = 90001, **changes: Any) -> dict[str, Any]:
    """Return a small centre; a change to None leaves the member out."""
    made = {**json.loads(json.dumps(TINY)), "number": str(number), **changes}
    return {name: value for name, value in made.items() if value is not None}


def line(data: Any) -> bytes:
    """Return a document as one line."""
    return json.dumps(data, separators=COMPACT).encode() + b"\n"


def lines(*names: str) -> bytes:
    """Return one centre a line, called as given."""
    return b"".join(line(centre(90001 + at, name=name)) for at, name in enumerate(names))


def given(content: bytes, form: Format = Format.NDJSON) -> DocumentBytes:
    """Return a document as it comes out of a file."""
    return DocumentBytes(name="x.ndjson:1", file="x.ndjson", line=1, format=form, content=content)


def judged(file: Path, by: Judge) -> list[Judged]:
    """Judge all documents of a file in this process."""
    parts = survey([str(file)]).parts
    return [by.judge(each) for part in parts for each in documents_of(part)]


def main(out: str, source: str, workers: str = "2", how: str = "") -> None:
    """Run one audit, in parts of one document each."""
    from policy.audit.run import audit

    audit(
        job(),
        [source],
        Path(out),
        workers=int(workers),
        resume=how == "resume",
        part_size=1,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
