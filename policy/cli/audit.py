"""`policy audit`: judge many centres, keep what was found in files, ask questions of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.audit_questions import query, verify
from policy.cli.error_boundary import ExitCode
from policy.cli.group import EXIT_CODES
from policy.cli.options import (
    given_as_at_option,
    names_and_paths,
    no_cache_option,
    rule_option,
    set_option,
    spec_option,
)
from policy.cli.terminal import write, write_diagnostics
from policy.model.diagnostics import Diagnostic
from policy.model.nouns import plural

if TYPE_CHECKING:
    from policy.audit.run import Engine
    from policy.audit.tally import Tally

RUN = "run"


class AuditGroup(click.Group):
    """`policy audit INPUT...` runs; `policy audit verify` and `query` look at what a run left."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the command in that a run leaves out."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = [RUN, *args]
        return super().parse_args(ctx, args)


@click.group(cls=AuditGroup, epilog=EXIT_CODES)
def audit() -> None:
    """Judge many centres at once, and ask questions of what was found.

    `policy audit INPUT... --out DIR --as-at DATE` is short for `policy audit run`.

    \b
    Examples:
      policy audit centres.ndjson --as-at 2026-07-24 --out july
      policy audit centres.ndjson --as-at 2026-07-24 --out july --resume
      policy audit verify july
      policy audit query july "FROM by_rule LIMIT 10"
    """


@audit.command(name=RUN, epilog=EXIT_CODES)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "--out",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for the results; it is made, or empty, or (with --resume) a run's own.",
)
@given_as_at_option
@spec_option
@rule_option
@set_option
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    default=0,
    help="How many processes; one for each core otherwise.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Judge on this machine, or on a cluster with Apache Spark.",
)
@click.option(
    "--master",
    metavar="URL",
    default="",
    help="The cluster, as Spark names it; otherwise the one that Spark is set up for.",
)
@click.option(
    "--trust-schema",
    "trusting",
    is_flag=True,
    help="Take it that the data satisfy the schema, as an earlier audit found, and look only at "
    "what the rules read: quicker where few are asked.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was ended in the middle.")
@click.option(
    "--since",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="An earlier run with the same specs and day: documents that are the same since are not "
    "judged again, but for a few to prove it.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    help="How long a plugin may take over one answer; more than that counts as an error of it.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["must", "should", "unknown"]),
    default="must",
    show_default=True,
    help="Exit 1 if a must is breached; or also a should; or also if anything is undecided.",
)
@no_cache_option
def run(
    inputs: Sequence[str],
    folder: Path,
    as_at: date,
    specs: Sequence[str],
    rules: Sequence[str],
    parameters: dict[str, str],
    workers: int,
    engine: str,
    master: str,
    trusting: bool,
    resume: bool,
    since: Path | None,
    seconds: float,
    fail_on: str,
    no_cache: bool,
) -> ExitCode:
    """Judge every document in INPUT... and keep what was found in DIR.

    INPUT is a file or a folder of them: NDJSON with a centre on each line (.gz and .zst too), JSON,
    YAML, or Parquet with a centre in each row. A document that cannot be judged is put aside, with
    the reason, and the others go on.
    """
    from policy.audit.job import Job
    from policy.audit.run import audit as judge_all
    from policy.cli.audit_progress import watching
    from policy.cli.cache_folder import cache_folder

    names, files = names_and_paths(specs)
    job = Job(
        as_at=as_at,
        names=tuple(names),
        files=tuple(map(str, files)),
        settings=parameters,
        rules=tuple(rules),
        trusting=trusting,
        seconds=seconds,
        since=since,
        cache="" if no_cache else cache_folder(),
    )
    if since is not None and engine == "spark":
        raise click.UsageError("--since is for the local engine; a cluster judges everything")
    with _resumable(folder), watching() as progress:
        done = judge_all(
            job,
            inputs,
            folder,
            workers=workers,
            engine=_cluster(master) if engine == "spark" else None,
            resume=resume,
            progress=progress,
        )
    write_diagnostics((*done.diagnostics, *_nothing_judged(done.tally)))
    write(_summary(done.tally, folder))
    return exit_code(done.tally, fail_on)


@contextmanager
def _resumable(folder: Path) -> Iterator[None]:
    """Say to whoever interrupts a run that it is not lost."""
    from policy.audit.manifest import BEGUN

    try:
        yield
    except KeyboardInterrupt:
        if (folder / BEGUN).exists():
            kept = f"what is done is kept in {folder}"
            write(f"{kept}: the same again with --resume goes on\n", error=True)
        raise


def _cluster(master: str) -> Engine:
    from policy.audit.spark import Cluster

    # What Spark starts on a node where nothing else is said: the Python that runs this.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return Cluster(master=master).run


def exit_code(tally: Tally, fail_on: str) -> ExitCode:
    """Return 2 if a document or a judgement is missing or nothing was judged, 1 if there is what
    `fail_on` names, otherwise 0: as `policy check` ends."""
    if tally.quarantined or tally.errors or not tally.subjects:
        return ExitCode.UNTRUSTED
    breached = tally.breached_must + (tally.breached_should if fail_on != "must" else 0)
    if breached or (fail_on == "unknown" and tally.undecided):
        return ExitCode.FINDINGS
    return ExitCode.CLEAN


def _nothing_judged(tally: Tally) -> Iterator[Diagnostic]:
    """Yield what to say of an empty run, which must not look like a clean one."""
    if tally.documents > tally.quarantined and not tally.subjects:
        yield Diagnostic(
            code="P791",
            message="nothing was checked: no rule applied to anything in the data",
            help="`policy specs` lists the specs there are, and the years they are for",
        )


def _summary(tally: Tally, folder: Path) -> str:
    lines = [
        f"{_many(tally.documents, 'document')}, {_many(tally.subjects, 'judgement')}, "
        f"{_many(tally.findings, 'finding')}",
        f"breached: {tally.breached_must:,} must, {tally.breached_should:,} should; "
        f"undecided: {tally.undecided:,}; errors: {tally.errors:,}",
    ]
    if tally.quarantined:
        query = "SELECT document, problem FROM quarantined"
        lines.append(f"{_many(tally.quarantined, 'document')} could not be judged; the reasons:")
        lines.append(f'  policy audit query {folder} "{query}"')
    lines.append(f"results in {folder}")
    return "\n".join(lines) + "\n"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else plural(noun)}"


audit.add_command(verify)
audit.add_command(query)
