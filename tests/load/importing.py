"""Import of files, and apply of parsed facts, against binary COPY of the same rows.

The reference is the bare floor: per kind of fact one COPY, of bytes that stand ready, of every
column into a logged table with the fact table's primary key and no other index. `import.indexed`
is the same COPY where the fact table's other indexes are kept too, which apply has to.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from conftest import RunningStack, enter_as
from praxis_analytics.domain.facts import KINDS, SOURCE_COLUMNS, Batch
from praxis_analytics.sources.generator import generate
from praxis_analytics.storage.apply import BATCH_MOST, apply
from tests.load.clinic import Clinic, load_clinic, service_stack, superuser
from tests.load.row import Row


def run(stack: RunningStack) -> list[Row]:
    """Rows for the whole import and for apply alone."""
    # First: a child is said to be as large as its parent was when it was forked.
    memory = _memory(stack)
    begun = time.perf_counter()
    clinic = load_clinic(stack, patients=2000)
    import_s = time.perf_counter() - begun
    copied, copy_s = _copy_again(superuser(stack), clinic.practice_id, indexed=False)
    _, indexed_s = _copy_again(superuser(stack), clinic.practice_id, indexed=True)
    applied, new_s, corrected_s, same_s = asyncio.run(_apply_again(stack, clinic))
    bare = copied / copy_s
    return [
        _row("import.indexed", copied / indexed_s, bare, None),
        _row("import.files", copied / import_s, bare, None),
        _row("import.apply", applied / new_s, bare, 0.4),
        _row("import.correct", applied / corrected_s, bare, 0.2),
        _row("import.unchanged", applied / same_s, bare, None),
        memory,
    ]


def _row(name: str, value: float, bare: float, least: float | None) -> Row:
    ratio = value / bare
    goal = f">= {least:g} x binary COPY" if least else "binary COPY of the same rows"
    return Row(name, value, "facts/s", bare, ratio, goal, None if least is None else ratio >= least)


def _memory(stack: RunningStack) -> Row:
    """The most that an import holds in memory, beside that of one an eighth of its size."""
    small, large = (_peak_mb(stack, patients) for patients in (500, 4000))
    goal = "<= 300 MB resident"
    return Row("import.memory", large, "MB", small, large / small, goal, large <= 300)


def _peak_mb(stack: RunningStack, patients: int) -> float:
    """The largest resident size of any process of an import, in MB."""
    files = stack.directory / f"memory-{patients}"
    generate(files, until=date.today(), patients=patients)  # noqa: DTZ011
    practice_id = stack.practice("Bench memory")
    command = ["import", "fhir", str(files), "--practice", practice_id, "--demo-overlay"]
    process = subprocess.Popen(
        [sys.executable, "-m", "praxis_cli", *command, "--dir", str(stack.directory)],
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, "import")
    return used.ru_maxrss / 1024  # of the process and of those that it waited for, in KB


def _copy_again(conninfo: str, practice_id: uuid.UUID, *, indexed: bool) -> tuple[int, float]:
    """Binary COPY of every fact of the practice into tables of the same shape and key, with the
    other indexes of the fact tables or without."""
    rows, seconds = 0, 0.0
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for kind in KINDS:
            table = sql.Identifier(kind.table)
            connection.execute("drop table if exists bench_copy")
            like = "create table bench_copy (like {} including indexes)"
            connection.execute(sql.SQL(like).format(table))
            if not indexed:
                _drop_indexes(connection)
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


def _drop_indexes(connection: psycopg.Connection[Any]) -> None:
    """Leaves the table of the copy its primary key only."""
    found = connection.execute(
        "select indexrelid::regclass::text from pg_index"
        " where indrelid = 'bench_copy'::regclass and not indisprimary"
    )
    for (name,) in found.fetchall():
        connection.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))


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
