"""`policy audit query` and `policy audit verify`: what was found, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.error_boundary import ExitCode
from policy.cli.options import no_cache_option
from policy.cli.terminal import write, write_diagnostics

if TYPE_CHECKING:
    from policy.audit.query import Questions
    from policy.audit.verify import Verified

_FOLDER = click.Path(file_okay=False, path_type=Path)
_SHOWN = 20
_SAMPLE = 100


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.argument("sql", metavar="[SQL]", required=False)
@click.option(
    "--against",
    "earlier",
    metavar="DIR",
    type=_FOLDER,
    help="An earlier run: what is new since then, fixed, or still there.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
    help="Text for the screen; JSON or CSV for other programs, with nothing cut.",
)
def query(folder: Path, sql: str | None, earlier: Path | None, form: str) -> ExitCode:
    """Ask the results of an audit a question in SQL.

    Without SQL it lists the tables and views that can be asked, with examples. The SQL is one
    SELECT as DuckDB knows it; it can read what is listed and nothing else.

    \b
    Examples:
      policy audit query july
      policy audit query july "SELECT rule, breached FROM by_rule LIMIT 10"
      policy audit query july "FROM findings" --format csv > findings.csv
      policy audit query august --against july "FROM new"

    \b
    Exit codes:
      0  answered
      2  no finished audit in DIR, or a query that cannot be run
    """
    from policy.audit.answers import FORMS
    from policy.audit.query import asking, made_otherwise

    with asking(folder, earlier) as questions:
        if sql is None and form == "text":
            lines = _contents(questions, folder, earlier)
        else:
            lines = FORMS[form](questions.ask(sql) if sql is not None else questions.columns())
        for line in lines:
            write(f"{line}\n")
    if earlier is not None:
        write_diagnostics(made_otherwise(folder, earlier))
    return ExitCode.CLEAN


def _contents(questions: Questions, folder: Path, earlier: Path | None) -> Iterator[str]:
    """Yield what can be asked, and how."""
    from policy.audit.views import EXAMPLES, EXAMPLES_AGAINST, WHAT
    from policy.report.layout import wrap

    listed: dict[str, list[str]] = {}
    for name, column, _ in questions.columns().rows:
        listed.setdefault(name, []).append(column)
    for name, columns in listed.items():
        yield from wrap(WHAT[name], width=80, first=f"{name:<12}  ", rest=" " * 14)
        yield from wrap(", ".join(columns), width=80, first=" " * 14)
        yield ""
    yield "Examples:"
    against = f" --against {earlier}" if earlier else ""
    for example in EXAMPLES_AGAINST if earlier else EXAMPLES:
        yield f'  policy audit query {folder}{against} "{example}"'


@click.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--all", "everything", is_flag=True, help="Judge all documents again.")
@click.option(
    "--sample",
    type=click.IntRange(min=1),
    help=f"Judge so many documents again; {_SAMPLE} otherwise.",
)
@click.option("--seed", type=int, help="Another number chooses another sample.")
@click.option(
    "--workers",
    type=click.IntRange(min=0),
    help="With --all: how many processes; one for each core otherwise.",
)
@no_cache_option
def verify(
    folder: Path,
    everything: bool,
    sample: int | None,
    seed: int | None,
    workers: int | None,
    no_cache: bool,
) -> ExitCode:
    """Judge documents of a finished audit again; the same must come out.

    The input is read from where it was, so verify in the folder where the audit was run. Nothing in
    DIR is changed.

    \b
    Examples:
      policy audit verify july
      policy audit verify july --sample 500 --seed 2
      policy audit verify july --all

    \b
    Exit codes:
      0  everything came out as it is in DIR
      1  something came out otherwise, or a table was changed
      2  it cannot be verified: the input, a spec or the program is not what it was
    """
    from policy.audit.verify import verify as verify_sample
    from policy.audit.verify import verify_all
    from policy.cli.audit_progress import watching
    from policy.cli.cache_folder import cache_folder

    if everything and (sample, seed) != (None, None):
        raise click.UsageError("--sample and --seed choose documents; --all takes every one")
    if workers is not None and not everything:
        raise click.UsageError("--workers is for --all; a sample is judged by one process")
    cache = "" if no_cache else cache_folder()
    if everything:
        with watching() as progress:
            found = verify_all(folder, workers=workers or 0, cache=cache, progress=progress)
    else:
        found = verify_sample(folder, sample=sample or _SAMPLE, seed=seed or 0, cache=cache)
    write("".join(f"{line}\n" for line in _verdict(found, everything)))
    return ExitCode.CLEAN if found.is_same else ExitCode.FINDINGS


def _verdict(found: Verified, everything: bool) -> Iterator[str]:
    from policy.model.nouns import listed
    from policy.report.layout import wrap

    for each in found.differences[:_SHOWN]:
        tables = f"other rows in {listed(each.tables)}"
        yield from wrap(tables, width=80, first=f"differs  {each.document}  ", rest=" " * 9)
    if len(found.differences) > _SHOWN:
        yield f"differs  and {len(found.differences) - _SHOWN:,} more documents"
    for table in found.altered:
        yield f"changed  {table}.parquet is not the file that the run wrote"
    for table in found.other_bytes:
        yield f"changed  {table}.parquet has the same rows in other bytes"
    if found.other_totals:
        yield "changed  manifest.json has other totals than the tables"
    how = f"{found.judged:,} of {found.documents:,} documents were judged again"
    if found.differences:
        yield f"{how}: {len(found.differences):,} came out otherwise"
    elif everything and found.is_same:
        yield f"{how}: the tables are the same, byte by byte"
    else:
        yield f"{how}: every row came out as it is in the tables"
