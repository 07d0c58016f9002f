"""What an earlier run found of a document, taken over instead of judging it again.

A document is known if its bytes are those of a document that the earlier run judged, by the same
pack as at the same day. That it would be judged alike is not taken on trust: some are judged all
the same, and must agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from policy.audit.documents import DocumentBytes
from policy.audit.job import Job
from policy.audit.manifest import differences
from policy.audit.past_run import PastRun, TableReader
from policy.audit.tables import JUDGED, TABLES, Rows, shown_name
from policy.audit.tally import Tally
from policy.data.readers.raw import Format
from policy.data.readers.reading import format_of
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic, Level
from policy.model.nouns import listed

if TYPE_CHECKING:
    import pyarrow as pa

ONE_IN = 50
"""Of so many known documents one is judged all the same; at least one by each process."""

_MOST_DOCUMENTS = 64
_MOST_BYTES = 4 << 20


class Kept(Struct, frozen=True, kw_only=True):
    """What the earlier run found of a document, under the name that it has now.

    `is_proof`: the document is to be judged all the same.
    """

    tables: Mapping[str, pa.Table]
    is_proof: bool = False

    def __repr__(self) -> str:
        return f"<kept, {'proof' if self.is_proof else 'no proof'}>"

    @property
    def tally(self) -> Tally:
        """What the document comes to in numbers."""
        outcomes = self.tables["outcomes"].select(["severity", "breached"])
        return Tally.of_rows(self.tables["documents"].to_pylist(), outcomes.to_pylist())

    def prove(self, rows: Rows) -> None:
        """Raise PolicyError unless `rows`, just found, are the same."""
        if all(same_rows(self.tables[table], rows.of(table)) for table in TABLES):
            return
        name = self.tables["documents"]["document"][0].as_py()
        raise PolicyError(
            Diagnostic(
                code="P832",
                message=f"`{name}` is judged otherwise now than in the run that --since names",
                help="look with `policy audit verify` at that run; without --since all is judged",
            )
        )


def same_rows(table: pa.Table, rows: Sequence[tuple[Any, ...]]) -> bool:
    """Return whether the rows of a table are `rows`."""
    return [tuple(row.values()) for row in table.to_pylist()] == list(rows)


class Earlier:
    """The tables of an earlier run, as far as they are asked for."""

    def __init__(self, run: PastRun) -> None:
        self._readers = {table: TableReader(run, table) for table in TABLES}
        self._has_proof = False

    @classmethod
    def of(cls, folder: Path | None) -> Earlier | None:
        """Open the run in a folder, if one is named."""
        return None if folder is None else cls(PastRun.of(folder))

    def among(
        self, documents: Iterable[DocumentBytes]
    ) -> Iterator[tuple[DocumentBytes, Kept | None]]:
        """Yield documents, each with what is known of it; see the function of that name."""
        for some in _gathered(documents):
            known = self._known({digest for given, digest in some if given.content is not None})
            for given, digest in some:
                found = known.get((digest, given.format is Format.YAML))
                if found is None:
                    yield given, None
                    continue
                is_proof = not self._has_proof or int(digest[:8], 16) % ONE_IN == 0
                self._has_proof = True
                yield given, Kept(tables=_renamed(found, given), is_proof=is_proof)

    def _known(self, hashes: set[str]) -> dict[tuple[str, bool], dict[str, pa.Table]]:
        """Return the rows of documents by hash and whether they were read as YAML.

        A document that was put aside says where in the file; one with an error may have been
        unlucky. Both are judged again.
        """
        documents = self._readers["documents"].rows("hash", hashes)
        names: dict[tuple[str, bool], tuple[str, pa.Table]] = {}
        for at, row in enumerate(documents.to_pylist()):
            if row["status"] == JUDGED and not row["error"]:
                is_yaml = format_of(row["file"]) is Format.YAML
                names.setdefault((row["hash"], is_yaml), (row["document"], documents.slice(at, 1)))
        wanted = {name for name, _ in names.values()}
        others = {
            table: _Grouped(self._readers[table].rows("document", wanted))
            for table in ("outcomes", "findings")
        }
        return {
            key: {
                "documents": row,
                **{table: grouped.of(name) for table, grouped in others.items()},
            }
            for key, (name, row) in names.items()
        }


def among(
    documents: Iterable[DocumentBytes], earlier: Earlier | None
) -> Iterator[tuple[DocumentBytes, Kept | None]]:
    """Yield the documents of a part, each with what an earlier run knows of it.

    Then some documents are read ahead, up to a few megabytes.
    """
    return earlier.among(documents) if earlier is not None else ((each, None) for each in documents)


class _Grouped:
    """The rows of a table by document; those of one lie together."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._places: dict[str, tuple[int, int]] = {}
        for at, name in enumerate(table["document"].to_pylist()):
            first, count = self._places.get(name, (at, 0))
            self._places[name] = (first, count + 1)

    def of(self, name: str) -> pa.Table:
        """Return the rows of a document, none if it has none."""
        first, count = self._places.get(name, (0, 0))
        return self._table.slice(first, count)


def _gathered(documents: Iterable[DocumentBytes]) -> Iterator[list[tuple[DocumentBytes, str]]]:
    """Yield some documents at a time, each with the hash of its bytes."""
    some: list[tuple[DocumentBytes, str]] = []
    size = 0
    for given in documents:
        content = given.content or b""
        some.append((given, hashlib.sha256(content).hexdigest()))
        size += len(content)
        if len(some) >= _MOST_DOCUMENTS or size >= _MOST_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _renamed(found: Mapping[str, pa.Table], given: DocumentBytes) -> dict[str, pa.Table]:
    """Return the rows with the place that the document has now."""
    import pyarrow as pa

    place = {"document": shown_name(given.name), "file": shown_name(given.file), "line": given.line}
    renamed = {}
    for table, rows in found.items():
        for at, column in enumerate(rows.schema):
            if column.name in place and (table == "documents" or column.name == "document"):
                values = pa.array([place[column.name]] * rows.num_rows, column.type)
                rows = rows.set_column(at, column, values)
        renamed[table] = rows
    return renamed


def taking_over(job: Job, made_of: Mapping[str, Any]) -> tuple[Job, tuple[Diagnostic, ...]]:
    """Return the job, without its earlier run if that was made of something else, and say so.

    Raises PolicyError if there is no finished run, or its tables were changed since.
    """
    if job.since is None:
        return job, ()
    run = PastRun.of(job.since)
    altered = run.altered()
    if altered:
        names = listed([f"`{table}.parquet`" for table in altered])
        raise PolicyError(
            Diagnostic(
                code="P831",
                message=f"{names} in `{job.since}` was changed since the run wrote it",
                help="bring the file back, or leave --since out",
                file=str(job.since),
            )
        )
    others = differences(run.manifest, made_of)
    if not others:
        return job, ()
    warning = Diagnostic(
        code="P833",
        level=Level.WARNING,
        message=f"nothing is taken over from `{job.since}`: it was made with {listed(others)}",
        help="all documents are judged again, as without --since",
        file=str(job.since),
    )
    return replace(job, since=None), (warning,)
