"""The tables on disk: each part in a folder of its own, in the end one Parquet file for each table.

A folder or a file appears under its name only when all of it is written: a run that is killed
leaves whole parts and nothing that looks like one.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from policy.audit.tables import TABLES, Row, Rows
from policy.model.diagnostics import Diagnostic

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

_ROWS_AT_ONCE = 20_000
"""Rows of a table, in its file together, and rows of all tables that are held in memory."""

_COMPRESSION = "zstd"
DRAFT = ".draft"


def schema_of(table: str) -> pa.Schema:
    """Return the types of a table's columns."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "yes_no": pa.bool_(),
        "day": pa.date32(),
        "texts": pa.list_(pa.string()),
    }
    return pa.schema([pa.field(column.name, types[column.kind]) for column in TABLES[table]])


class PartWriter(Struct, kw_only=True):
    """Writes the tables of one part, some documents at a time, into the folder `folder`."""

    folder: Path
    _rows: dict[str, list[Row]] = field(default_factory=lambda: {table: [] for table in TABLES})
    _kept: dict[str, list[pa.Table]] = field(
        default_factory=lambda: {table: [] for table in TABLES}
    )
    _writers: dict[str, parquet.ParquetWriter] = field(default_factory=dict)

    def add(self, rows: Rows) -> None:
        """Take the rows of a document."""
        for table, kept in self._rows.items():
            kept.extend(rows.of(table))
        self._flush_if_many()

    def take(self, tables: Mapping[str, pa.Table]) -> None:
        """Take the rows of a document as another run kept them."""
        self._to_tables()
        for table, rows in tables.items():
            self._kept[table].append(rows)
        self._flush_if_many()

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write what is left and give the folder its name; `about` goes beside the tables."""
        self._flush()
        for writer in self._writers.values():
            writer.close()
        (self._draft / "part.json").write_text(json.dumps(about, sort_keys=True), "utf-8")
        _keep(self._draft, self.folder)

    @property
    def _draft(self) -> Path:
        return self.folder.with_suffix(DRAFT)

    def _flush(self) -> None:
        from pyarrow import parquet

        if not self._writers:
            shutil.rmtree(self._draft, ignore_errors=True)
            self._draft.mkdir(parents=True)
            for table in TABLES:
                path = self._draft / f"{table}.parquet"
                self._writers[table] = parquet.ParquetWriter(
                    path, schema_of(table), compression=_COMPRESSION
                )
        self._to_tables()
        for table, kept in self._kept.items():
            for rows in kept:
                self._writers[table].write_table(rows)
            kept.clear()

    def _flush_if_many(self) -> None:
        held = (*self._rows.values(), *(rows for kept in self._kept.values() for rows in kept))
        if sum(map(len, held)) >= _ROWS_AT_ONCE:
            self._flush()

    def _to_tables(self) -> None:
        for table, rows in self._rows.items():
            if rows:
                self._kept[table].append(_table(table, rows))
                rows.clear()


def _table(table: str, rows: list[Row]) -> pa.Table:
    import pyarrow as pa

    schema = schema_of(table)
    columns = zip(*rows, strict=True)
    arrays = [pa.array(values, item.type) for values, item in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def keep_part(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a part that was judged elsewhere, all of them or none."""
    draft = folder.with_suffix(DRAFT)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, content in files.items():
        (draft / name).write_bytes(content)
    _keep(draft, folder)


def _keep(draft: Path, folder: Path) -> None:
    """Give a folder its name, once all in it is on the disk."""
    for path in sorted(draft.iterdir()):
        _sync(path)
    _sync(draft)
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)
    _sync(folder.parent)


def merge(parts: Iterable[Path], folder: Path) -> None:
    """Put the tables of parts one behind the other, each into one file in `folder`."""
    from pyarrow import parquet

    known = list(parts)
    with _sparing():
        for table in TABLES:
            draft = folder / f"{table}.parquet{DRAFT}"
            with parquet.ParquetWriter(draft, schema_of(table), compression=_COMPRESSION) as writer:
                for batch in _batches(known, table):
                    writer.write_table(batch)
            _sync(draft)
            draft.rename(folder / f"{table}.parquet")
    _sync(folder)


@contextmanager
def _sparing() -> Iterator[None]:
    """Let Arrow take its memory from the system: what it keeps by itself is more than it needs."""
    import pyarrow as pa

    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def _batches(parts: Iterable[Path], table: str) -> Iterator[pa.Table]:
    """Yield the rows of a table in order, always as many at once and in one piece, so that how the
    input was parted does not show."""
    held: list[pa.RecordBatch] = []
    lacking = _ROWS_AT_ONCE
    for batch in _read(parts, table):
        while batch.num_rows >= lacking:
            held.append(batch.slice(0, lacking))
            batch = batch.slice(lacking)
            lacking = _ROWS_AT_ONCE
            yield _in_one_piece(held)
        held.append(batch)
        lacking -= batch.num_rows
    if lacking < _ROWS_AT_ONCE:
        yield _in_one_piece(held)


def _read(parts: Iterable[Path], table: str) -> Iterator[pa.RecordBatch]:
    from pyarrow import parquet

    for part in parts:
        with parquet.ParquetFile(part / f"{table}.parquet") as file:
            # Threads would read ahead: all of it would be held at once.
            yield from file.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False)


def _in_one_piece(held: list[pa.RecordBatch]) -> pa.Table:
    """Return the rows as a table, and let go of what they were made of."""
    import pyarrow as pa

    whole = pa.Table.from_batches(held).combine_chunks()
    held.clear()
    return whole


def write_json(path: Path, value: Any) -> None:
    """Write a file at once or not at all."""
    draft = path.with_name(f"{path.name}{DRAFT}")
    draft.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", "utf-8")
    _sync(draft)
    draft.rename(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def no_room(folder: str) -> Diagnostic:
    """Say that the disk is full; the run can go on when it is not."""
    return Diagnostic(
        code="P804",
        message="there is no room left on the disk",
        help="make room, then go on with --resume: what is done is kept",
        file=folder,
    )


def cannot_write(folder: Path, error: OSError) -> Diagnostic:
    """Say why results cannot be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_room(str(folder))
    why = (error.strerror or "writing failed").lower()
    return Diagnostic(
        code="P814",
        message=f"the results cannot be written to `{folder}`: {why}",
        help="check the path and the permissions, then go on with --resume",
        file=str(folder),
    )
