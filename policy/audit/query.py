"""Questions to the results of an audit: SQL over its tables, with views ready made.

The tables are handed to DuckDB as streams of rows, and DuckDB itself may open no file at all: a
query can neither read nor change anything but its own answer. One thread, so that rows come in the
same order every time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from policy.audit.libraries import refuse_without
from policy.audit.manifest import differences
from policy.audit.past_run import PastRun
from policy.audit.tables import TABLES
from policy.audit.views import COMPARED, EARLIER, VIEWS
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic, Level, did_you_mean
from policy.model.nouns import listed

if TYPE_CHECKING:
    import duckdb


_MISNAMED = re.compile(r'column named "(\w+)"|column "(\w+)" not|Table with name (\w+)')
_KIND = re.compile(r"^[A-Z][A-Za-z ]* Error: ")


class Answer(Struct, frozen=True, kw_only=True):
    """Names and DuckDB types of the columns, and the rows as they come. Names differ."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def asking(folder: Path, earlier: Path | None = None, memory: str = "") -> Iterator[Questions]:
    """Open the results in `folder`, and those of an earlier run to compare them with.

    `memory`: how much a query may take, such as 2GB; most of what there is unless given.
    Raises PolicyError if a folder holds no finished run.
    """
    refuse_without("duckdb", "pyarrow")
    import duckdb

    run = PastRun.of(folder)
    before = PastRun.of(earlier) if earlier is not None else None
    alone: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "enable_external_access": "false",
        "python_enable_replacements": "false",
        "temp_directory": "",
        "threads": "1",
    }
    if memory:
        alone["memory_limit"] = memory
    with duckdb.connect(":memory:", config=alone) as connection:
        names = [*_register(connection, run, "", VIEWS)]
        if before is not None:
            names += _register(connection, before, EARLIER, COMPARED)
        connection.execute("SET lock_configuration = true")
        yield Questions(connection, tuple(names))


def _register(
    connection: duckdb.DuckDBPyConnection, run: PastRun, prefix: str, views: Mapping[str, str]
) -> Iterator[str]:
    """Make the tables and views of a run known; yield their names."""
    import pyarrow as pa
    from pyarrow import dataset

    for table in TABLES:
        try:
            rows = dataset.dataset(run.path(table), format="parquet")
        except (OSError, pa.ArrowException) as error:
            raise PolicyError(run.damaged(table)) from error
        if rows.schema.names != [column.name for column in TABLES[table]]:
            raise PolicyError(run.damaged(table))
        connection.register(f"{prefix}{table}", rows)
        yield f"{prefix}{table}"
    for name, sql in views.items():
        connection.execute(f"CREATE VIEW {name} AS {sql}")
        yield name


class Questions:
    """Answers SQL over the tables and views of a run."""

    _AT_ONCE = 1000

    def __init__(self, connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
        self._connection = connection
        self.names = names
        """The tables, and then the views."""

    def columns(self) -> Answer:
        """Return the columns of every table and view, with their types."""
        rows = (
            (name, column, str(kind))
            for name in self.names
            for column, kind, *_ in self._connection.execute(f"DESCRIBE {name}").fetchall()
        )
        return Answer(columns=("name", "column", "type"), types=("VARCHAR",) * 3, rows=rows)

    def ask(self, sql: str) -> Answer:
        """Run one SELECT. Raises PolicyError, also while rows are read, if it cannot be run."""
        import duckdb

        try:
            statements = self._connection.extract_statements(sql)
            if [each.type for each in statements] != [duckdb.StatementType.SELECT]:
                raise PolicyError(self._refusal("a query is one SELECT, and changes nothing"))
            self._connection.execute(statements[0])
        except duckdb.Error as error:
            raise PolicyError(self._refusal(_words(error), self._meant(error))) from None
        about = self._connection.description or []
        return Answer(
            columns=tuple(_distinct([item[0] for item in about])),
            types=tuple(str(item[1]) for item in about),
            rows=self._rows(),
        )

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        import duckdb

        try:
            while rows := self._connection.fetchmany(self._AT_ONCE):
                yield from rows
        except duckdb.Error as error:
            raise PolicyError(self._refusal(_words(error))) from None

    def _meant(self, error: duckdb.Error) -> str:
        """Return a question whether another table or column was meant, if one is near."""
        found = _MISNAMED.search(str(error))
        if found is None:
            return ""
        columns = (column for _, column, _ in self.columns().rows)
        return did_you_mean(found[found.lastindex or 0], {*self.names, *columns})

    def _refusal(self, why: str, meant: str = "") -> Diagnostic:
        listed = f"there are {', '.join(self.names)}; without a query their columns are listed"
        return Diagnostic(
            code="P813", message=f"the query cannot be run: {why}", help=meant or listed
        )


def made_otherwise(folder: Path, earlier: Path) -> tuple[Diagnostic, ...]:
    """Return a warning if two runs were made with other specs or settings.

    What one of them did not look for cannot be new or fixed. Another day is as it should be.
    """
    others = differences(
        {**PastRun.of(earlier).manifest, "as_at": ""}, {**PastRun.of(folder).manifest, "as_at": ""}
    )
    if not others:
        return ()
    return (
        Diagnostic(
            code="P834",
            level=Level.WARNING,
            message=f"`{folder}` and `{earlier}` were made with {listed(others)}",
            help="some findings may be new or fixed for that reason alone",
        ),
    )


def _distinct(names: list[str]) -> Iterator[str]:
    """Yield the names, those that were there before with a number."""
    seen: set[str] = set()
    for name in names:
        again, number = name, 1
        while again in seen:
            number += 1
            again = f"{name}_{number}"
        seen.add(again)
        yield again


def _words(error: duckdb.Error) -> str:
    """Return what DuckDB says of a query, without the names of files."""
    import duckdb

    if isinstance(error, duckdb.PermissionException | duckdb.IOException):
        return "it may read the tables and views below, and no file or setting"
    if isinstance(error, duckdb.OutOfMemoryException):
        return "it needs more memory than there is"
    first = str(error).strip().splitlines()[0]
    words = _KIND.sub("", first).rstrip("!. ")
    return words[:1].lower() + words[1:]
