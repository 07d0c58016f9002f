"""A run that is finished, for those who come after it: its manifest, its tables, single rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from policy.audit.libraries import refuse_without
from policy.audit.manifest import MANIFEST, file_hash, read_manifest
from policy.audit.store import schema_of
from policy.audit.tables import TABLES
from policy.audit.tally import Tally
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet


class PastRun(Struct, frozen=True, kw_only=True):
    """A folder with three tables, and what they were made of."""

    folder: Path
    manifest: Mapping[str, Any]

    @classmethod
    def of(cls, folder: Path) -> PastRun:
        """Find the run in a folder. Raises PolicyError if there is none, or none we can read."""
        refuse_without("pyarrow")
        if not (folder / MANIFEST).is_file():
            raise PolicyError(
                Diagnostic(
                    code="P812",
                    message=f"`{folder}` holds no finished audit",
                    help="name the folder that was given to --out; "
                    "if the run was ended, go on with it by --resume",
                    file=str(folder),
                )
            )
        return cls(folder=folder, manifest=read_manifest(folder))

    def path(self, table: str) -> Path:
        """Return the file of a table."""
        return self.folder / f"{table}.parquet"

    def opened(self, table: str) -> parquet.ParquetFile:
        """Open a table. Raises PolicyError if it is not there, or damaged."""
        import pyarrow as pa
        from pyarrow import parquet

        try:
            return parquet.ParquetFile(self.path(table))
        except (OSError, pa.ArrowException) as error:
            raise PolicyError(self.damaged(table)) from error

    def damaged(self, table: str) -> Diagnostic:
        """Return what to say of a table that cannot be read."""
        return Diagnostic(
            code="P808",
            message=f"the table `{table}.parquet` in `{self.folder}` is missing or damaged",
            help="bring the file back, or audit again into another folder",
            file=str(self.path(table)),
        )

    def altered(self) -> tuple[str, ...]:
        """Return the tables whose files are not, byte by byte, what the run wrote."""
        hashes = self.manifest["files"]
        return tuple(name for name in TABLES if hashes.get(f"{name}.parquet") != self._hash(name))

    def tally(self) -> Tally:
        """Return what the tables come to in numbers."""
        from pyarrow import compute

        tally = Tally()
        wanted = ["status", "findings", "subjects", "unknown", "error"]
        for batch in self.opened("documents").iter_batches(columns=wanted, use_threads=False):
            tally += Tally.of_rows(batch.to_pylist(), ())
        wanted = ["severity", "breached"]
        for batch in self.opened("outcomes").iter_batches(columns=wanted, use_threads=False):
            breached = batch.filter(compute.greater(batch["breached"], 0))
            tally += Tally.of_rows((), breached.to_pylist())
        return tally

    def _hash(self, table: str) -> str:
        try:
            return file_hash(self.path(table))
        except OSError as error:
            raise PolicyError(self.damaged(table)) from error


class TableReader:
    """Looks rows up in a table, by the values of one column, a row group at a time.

    Rows of a document lie together and documents in the order of the input, so that few row groups
    hold what a part asks for; the one that was read last is kept.
    """

    def __init__(self, run: PastRun, table: str) -> None:
        self._file = run.opened(table)
        self._table = table
        self._columns = [column.name for column in TABLES[table]]
        if self._file.schema_arrow.names != self._columns:
            raise PolicyError(run.damaged(table))
        self._last: tuple[int, pa.Table] | None = None

    def rows(self, column: str, values: Collection[str]) -> pa.Table:
        """Return the rows whose `column` is one of `values`, in the order of the table."""
        import pyarrow as pa
        from pyarrow import compute

        wanted = pa.array(sorted(values), pa.string())
        found = []
        for group in self._groups(column, wanted):
            table = self._read(group)
            found.append(table.filter(compute.is_in(table[column], value_set=wanted)))
        if not found:
            return schema_of(self._table).empty_table()
        return pa.concat_tables(found).cast(schema_of(self._table))

    def _groups(self, column: str, wanted: pa.Array) -> Iterator[int]:
        """Yield the row groups that hold any of the values."""
        from pyarrow import compute

        at = self._columns.index(column)
        values = wanted.to_pylist()
        for group in range(self._file.num_row_groups):
            known = self._file.metadata.row_group(group).column(at).statistics
            if known is not None and known.has_min_max:
                lowest, highest = known.min, known.max
                if not any(lowest <= value <= highest for value in values):
                    continue
            if self._last is None or self._last[0] != group:
                only = self._file.read_row_group(group, columns=[column], use_threads=False)
                if not compute.any(compute.is_in(only[column], value_set=wanted)).as_py():
                    continue
            yield group

    def _read(self, group: int) -> pa.Table:
        if self._last is None or self._last[0] != group:
            self._last = (group, self._file.read_row_group(group, use_threads=False))
        return self._last[1]
