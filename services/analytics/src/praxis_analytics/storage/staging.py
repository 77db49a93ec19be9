"""Batches on their way in: binary COPY into temporary tables, before any lock is taken."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

import psycopg

from praxis_analytics.domain.facts import SOURCE_COLUMNS, Batch, Kind, Row
from praxis_chassis.database import Connection

Columns = Sequence[tuple[str, str]]
_ACCOUNT = (("account", "uuid"),)
_RESOURCE = (("source_system", "text"), ("source_resource", "text"), ("source_version", "bigint"))


async def stage(connection: Connection, batch: Batch, kinds: Iterable[Kind]) -> None:
    """Copies a batch into one `stage_…` table for each of `kinds`, and one for its resources;
    `stage_account` is for the accounts that they touch.

    They are empty again once the transaction in hand has ended.
    """
    columns: dict[str, Columns] = {"account": _ACCOUNT}
    columns |= {kind.table: (*kind.columns, *SOURCE_COLUMNS) for kind in kinds}
    rows = {kind.table: list(rows.values()) for kind, rows in batch.rows.items()}
    if batch.resources:
        columns["resource"] = _RESOURCE
        names = batch.resources.items()
        rows["resource"] = [(*name, version) for name, (version, _) in names]
    await connection.execute("; ".join(_ddl(*table) for table in columns.items()).encode())
    for name, some in rows.items():
        await _fill(connection, name, columns[name], some)


async def _fill(connection: Connection, name: str, columns: Columns, rows: list[Row]) -> None:
    if not rows:
        return
    try:
        async with connection.transaction():  # a savepoint: what was copied may be taken back
            await _copy(connection, name, columns, rows)
    except (UnicodeEncodeError, psycopg.DataError) as error:
        if isinstance(error, psycopg.Error) and error.sqlstate is not None:
            raise
        await _copy(connection, name, columns, [_storable(row) for row in rows])


async def _copy(connection: Connection, name: str, columns: Columns, rows: Iterable[Row]) -> None:
    cursor = connection.cursor()
    async with cursor.copy(f"copy stage_{name} from stdin (format binary)".encode()) as copy:
        copy.set_types([of.partition("(")[0] for _, of in columns])
        for row in rows:
            await copy.write_row(row)


def _storable(row: Row) -> Row:
    """The row without what JSON text may hold and PostgreSQL's does not: the character zero, and
    half of a surrogate pair."""
    return tuple(_text(value) for value in row)


def _text(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="replace").decode()
    if isinstance(value, list | tuple):
        return [_text(item) for item in value]
    return value


@functools.cache
def _ddl(name: str, columns: Columns) -> str:
    stated = ", ".join(f"{column} {of}" for column, of in columns)
    return f"create temp table if not exists stage_{name} ({stated}) on commit delete rows"
