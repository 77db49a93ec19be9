"""Batches on their way in: COPY into temporary tables, before any lock is taken."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from praxis_analytics.domain.facts import SOURCE_COLUMNS, Batch, Kind, Row
from praxis_chassis.database import Connection

_LINES = 1000
_RESOURCE_DDL = (
    "create temp table if not exists stage_resource"
    " (source_system text, source_resource text, source_version bigint) on commit delete rows"
)


async def stage(connection: Connection, batch: Batch, kinds: Iterable[Kind]) -> None:
    """Copies a batch into one `stage_…` table for each of `kinds`, and one for its resources.

    They are empty again once the transaction in hand has ended.
    """
    for kind in kinds:
        await connection.execute(_stage_ddl(kind).encode())
        if rows := batch.rows.get(kind):
            await _copy(connection, f"stage_{kind.table}", rows.values())
    if batch.resources:
        await connection.execute(_RESOURCE_DDL.encode())
        versions = ((*name, version) for name, (version, _) in batch.resources.items())
        await _copy(connection, "stage_resource", versions)


async def _copy(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    cursor = connection.cursor()
    async with cursor.copy(f"copy {table} from stdin".encode()) as copy:
        lines: list[str] = []
        for row in rows:
            lines.append(copy_line(row))
            if len(lines) == _LINES:
                await copy.write(_encode(lines))
                lines.clear()
        await copy.write(_encode(lines))


def _encode(lines: list[str]) -> bytes:
    # Half of a surrogate pair is no character; JSON may hold one, PostgreSQL does not.
    return "".join(lines).encode(errors="replace")


@functools.cache
def _stage_ddl(kind: Kind) -> str:
    columns = ", ".join(f"{name} {t}" for name, t in (*kind.columns, *SOURCE_COLUMNS))
    return f"create temp table if not exists stage_{kind.table} ({columns}) on commit delete rows"


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})


def _escaped(value: str) -> str:
    if value.isprintable() and "\\" not in value:
        return value
    return value.translate(_ESCAPES)


def _array(value: Iterable[object]) -> str:
    items = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in value)
    return ("{" + ",".join(f'"{item}"' for item in items) + "}").translate(_ESCAPES)


class _Writers(dict[type, Callable[[Any], str]]):
    """What writes values of a type; a type not named here is written as one it derives from."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = next((self[base] for base in kind.__mro__ if base in self), str)
        return self[kind]


# A table, because asking every value for its type one by one took a sixth of an import.
_WRITERS = _Writers(
    {
        type(None): lambda _: "\\N",
        str: _escaped,
        bool: lambda value: "t" if value else "f",
        list: _array,
        tuple: _array,
        Decimal: lambda value: format(value, "f"),
        datetime: datetime.isoformat,
    }
)


def copy_line(row: Row) -> str:
    """One line of COPY's text form."""
    return "\t".join([_WRITERS[value.__class__](value) for value in row]) + "\n"
