"""The rows of a custom report's SQL: the first ones for a look, all of them in a file for a run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from praxis.analytics.v1 import answer_pb2, sql_service_pb2
from praxis_chassis.caller import Caller
from praxis_chassis.errors import DependencyDown
from praxis_report.application.analytics import Analytics
from praxis_report.application.failures import TooLong
from praxis_report.domain.document import Cell, Column, Notes, Rows, Table, Unit
from praxis_report.rendering.rows import SYNTHETIC, RowFile, day, figure

SQL_ROWS = 1_000_000
_LOOK_ROWS = 10_000
_BYTES_MOST = 2 * 1024**3
_UNITS: Mapping[str, Unit] = {"number": "number", "date": "date"}


@dataclass(frozen=True)
class Spool:
    """Where a run may keep the rows of its query until they are drawn.

    `ready`: they are for CSV, which takes them as they come.
    """

    path: Path
    ready: bool = False


@dataclass(frozen=True)
class SqlRows:
    """The result of a query; `is_cut_short` when it ends where no more rows are taken."""

    columns: tuple[Column, ...]
    rows: Rows
    is_cut_short: bool
    as_of: answer_pb2.AsOf
    synthetic: bool
    sql: str

    @property
    def table(self) -> Table:
        """The rows as the main table of a document."""
        count = len(self.rows)
        remark = f"The first {count:,} rows; there may be more." if self.is_cut_short else ""
        return Table("main", "Rows", self.columns, self.rows, main=True, remark=remark)

    @property
    def notes(self) -> Notes:
        """What was run."""
        return Notes("Query", (("SQL", self.sql),))


async def first_rows(analytics: Analytics, sql: str, behalf: Caller) -> SqlRows:
    """As many rows as a look needs, in memory. Raises: what analytics answers."""
    found = await analytics.run_sql(sql, _LOOK_ROWS, behalf)
    types = [column.type for column in found.columns]
    rows = tuple(
        tuple(_cell(v, kind) for v, kind in zip(row.values, types, strict=True))
        for row in found.rows
    )
    columns = _columns(found.columns)
    return SqlRows(columns, rows, found.truncated, found.as_of, found.synthetic, found.sql)


async def all_rows(analytics: Analytics, sql: str, behalf: Caller, spool: Spool) -> SqlRows:
    """Every row up to SQL_ROWS, in the spool's file; memory does not grow with them.

    Raises: OSError when the disk does not take them; TooLong; what analytics answers.
    """
    head, count, size = sql_service_pb2.SqlPiece(), None, 0
    with open(spool.path, "wb", buffering=0, opener=_private) as file:
        async for piece in analytics.stream_sql(sql, SQL_ROWS, behalf, plain=spool.ready):
            if piece.HasField("as_of"):
                head = piece
            if piece.HasField("rows"):
                count = piece.rows
            lines = _noticed(piece.lines, head) if spool.ready else piece.lines
            size += len(lines)
            if size > _BYTES_MOST:
                raise TooLong("the rows take more than 2 GiB: choose fewer columns or rows")
            await asyncio.to_thread(_write, file.fileno(), lines)
    if count is None:
        raise DependencyDown("the rows broke off")
    columns = _columns(head.columns)
    rows = RowFile(spool.path, count, tuple(column.unit for column in columns), spool.ready)
    return SqlRows(columns, rows, count >= SQL_ROWS, head.as_of, head.synthetic, head.sql)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _noticed(lines: bytes, head: sql_service_pb2.SqlPiece) -> bytes:
    """Lines as a CSV file of ours ends them; plain ones have no other line ends than these."""
    notice = f",{SYNTHETIC}".encode() if head.synthetic else b""
    return lines.replace(b"\n", notice + b"\r\n")


def _columns(found: Sequence[sql_service_pb2.SqlColumn]) -> tuple[Column, ...]:
    """The columns of a result; those of one name are told apart by their place."""
    names: list[str] = []
    for place, column in enumerate(found, 1):
        name = "".join(c if c.isalnum() else "_" for c in column.name.lower()) or "column"
        names.append(name if name not in names else f"{name}_{place}")
    return tuple(
        Column(name, column.name, _UNITS.get(column.type, "text"))
        for name, column in zip(names, found, strict=True)
    )


def _cell(value: sql_service_pb2.SqlValue, kind: str) -> Cell:
    if not value.HasField("text"):
        return None
    if kind == "number":
        return figure(value.text)
    return day(value.text) if kind == "date" else value.text
