"""Import of files, and apply of parsed facts, against binary COPY of the same rows."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from conftest import RunningStack, enter_as
from praxis_analytics.domain.facts import KINDS, SOURCE_COLUMNS, Batch
from praxis_analytics.storage.apply import BATCH_MOST, apply
from tests.load.clinic import Clinic, load_clinic, service_stack, superuser
from tests.load.row import Row


def run(stack: RunningStack) -> list[Row]:
    """Rows for the whole import and for apply alone."""
    begun = time.perf_counter()
    clinic = load_clinic(stack, patients=2000)
    import_s = time.perf_counter() - begun
    copied, copy_s = _copy_again(superuser(stack), clinic.practice_id)
    applied, new_s, corrected_s, same_s = asyncio.run(_apply_again(stack, clinic))
    bare = copied / copy_s
    return [
        _row("import.files", copied / import_s, bare, None),
        _row("import.apply", applied / new_s, bare, 0.4),
        _row("import.correct", applied / corrected_s, bare, 0.2),
        _row("import.unchanged", applied / same_s, bare, None),
    ]


def _row(name: str, value: float, bare: float, least: float | None) -> Row:
    ratio = value / bare
    goal = f">= {least:g} x binary COPY" if least else "binary COPY of the same rows"
    return Row(name, value, "facts/s", bare, ratio, goal, None if least is None else ratio >= least)


def _copy_again(conninfo: str, practice_id: uuid.UUID) -> tuple[int, float]:
    """Binary COPY of every fact of the practice into tables of the same shape and key."""
    rows, seconds = 0, 0.0
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for kind in KINDS:
            table = sql.Identifier(kind.table)
            connection.execute("drop table if exists bench_copy")
            connection.execute(sql.SQL("create table bench_copy (like {})").format(table))
            key = sql.SQL(", ").join(map(sql.Identifier, ("practice_id", *kind.key)))
            connection.execute(sql.SQL("alter table bench_copy add primary key ({})").format(key))
            out = sql.SQL(
                "copy (select * from {} where practice_id = {}) to stdout (format binary)"
            )
            with connection.cursor().copy(out.format(table, str(practice_id))) as copy:
                content = b"".join(bytes(piece) for piece in copy)
            begun = time.perf_counter()
            cursor = connection.cursor()
            with cursor.copy("copy bench_copy from stdin (format binary)") as copy:
                copy.write(content)
            seconds += time.perf_counter() - begun
            rows += cursor.rowcount
        connection.execute("drop table bench_copy")
    return rows, seconds


async def _apply_again(stack: RunningStack, clinic: Clinic) -> tuple[int, float, float, float]:
    """The same facts, parsed already, applied to a practice of their own; then each with one
    value changed, and that once more."""
    practice_id = uuid.UUID(stack.practice("Bench again"))
    batches = list(_batches(clinic))
    enter_as(practice_id, "service")
    settings = service_stack(stack).environment("analytics")
    from praxis_analytics.settings import Settings

    prefix = "PRAXIS_ANALYTICS_"
    values = {name.removeprefix(prefix).lower(): value for name, value in settings.items()}
    conninfo = Settings(**values).conninfo("app")  # type: ignore[arg-type]
    async with await psycopg.AsyncConnection.connect(
        conninfo, autocommit=True, prepare_threshold=None
    ) as connection:
        corrected = [_corrected(batch) for batch in batches]
        seconds = [
            await _apply(connection, practice_id, some) for some in (batches, corrected, corrected)
        ]
    return sum(batch.size for batch in batches), seconds[0], seconds[1], seconds[2]


async def _apply(
    connection: psycopg.AsyncConnection[Any], practice_id: uuid.UUID, batches: list[Batch]
) -> float:
    begun = time.perf_counter()
    for batch in batches:
        await apply(connection, practice_id, batch, uuid.uuid4())
    return time.perf_counter() - begun


def _corrected(batch: Batch) -> Batch:
    """Every row, the last of its columns (whether it is synthetic) the other way round."""
    other = Batch()
    for kind, rows in batch.rows.items():
        for row in rows.values():
            other.add(kind, (*row[:-1], not row[-1]))
    return other


def _batches(clinic: Clinic) -> Iterator[Batch]:
    batch = Batch()
    with psycopg.connect(clinic.conninfo) as connection:
        for kind in KINDS:
            names = [*kind.names, *(name for name, _ in SOURCE_COLUMNS)]
            select = sql.SQL("select {} from {} where practice_id = %s").format(
                sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier(kind.table)
            )
            for row in connection.execute(select, (clinic.practice_id,)):
                batch.add(kind, row)
                if batch.size == BATCH_MOST:
                    yield batch
                    batch = Batch()
    yield batch
