"""Answers from roll-ups, against the same from facts and against DuckDB on the same facts.

Generated sets in 200 practices of skewed size; a year of whole months, asked of the largest.
What is timed is SQL: all that the code of an answer sends, sent again in one pipeline.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import psycopg
import sqlglot

from conftest import RunningStack, enter_as
from praxis_analytics.application.rollup import roll_up
from praxis_analytics.queries import gather, sources
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.database import transaction
from tests.load import rollup_set
from tests.load.clinic import service_stack, superuser
from tests.load.rollup_asked import BY_HAND, OTHERS, RAGGED, SIX, TODAY, Ask, Recorder
from tests.load.rollup_stream import streaming
from tests.load.row import Row

_FACTS, _FACTS_LONG, _ROUNDS, _FEW = 1_000_000, 10_000_000, 20, 3
Sent = list[tuple[str, Any]]
_ROLLED = re.compile(r"\b(month_touched|rollup_month)\b")


@dataclass(frozen=True)
class Access:
    """How a database is reached by each login, and a folder for what is only needed meanwhile."""

    superuser: str
    application: str
    worker: str
    folder: Path


def run(stack: RunningStack) -> list[Row]:
    """Rows for a million facts."""
    return asyncio.run(measure(_access(stack), _FACTS))


def run_long(stack: RunningStack) -> list[Row]:
    """Rows for ten million facts, with a million beside them; takes minutes."""
    return asyncio.run(measure(_access(stack), _FACTS, _FACTS_LONG))


def _access(stack: RunningStack) -> Access:
    postgres = service_stack(stack).postgres
    application, worker = [
        postgres.conninfo("praxis_analytics", f"analytics_{login}") for login in ("app", "worker")
    ]
    return Access(superuser(stack), application, worker, stack.directory)


async def measure(access: Access, *sizes: int) -> list[Row]:
    """Rows of the last size; with several, how much slower it is than the one before."""
    rows: list[Row] = []
    for facts in sizes:
        before = {row.name: row.value for row in rows}
        print(f"  making {facts:,} facts", file=sys.stderr, flush=True)
        largest = await asyncio.to_thread(rollup_set.generate, access.superuser, facts)
        rows = await measured(access, largest)
        if before:
            slower = [row.value / before[row.name] for row in rows if row.name in _SIX]
            rows.append(_most("growth", slower, 1.3, "x a tenth of the facts"))
    return rows


async def measured(access: Access, largest: uuid.UUID) -> list[Row]:
    """Rows of one practice whose facts are there."""
    rolled = await _roll(access.worker, largest)
    enter_as(largest)
    async with (
        await Recorder.connect(
            access.superuser, autocommit=True, prepare_threshold=None
        ) as connection,
        await Recorder.connect(
            access.application, autocommit=True, prepare_threshold=None
        ) as limited,
    ):
        practice = replace(await get_practice(connection, largest), business_date=TODAY)
        path = access.folder / f"{largest}.duckdb"
        with duckdb.connect(str(path)) as other:
            await asyncio.to_thread(rollup_set.export, access.superuser, other)
            asked = {**SIX, **OTHERS}
            rows = [await _row(connection, other, practice, *one) for one in asked.items()]
        path.unlink()
        rows.append(_least("faster", [row.ratio for row in rows], 50))
        rows.append(await _ragged(connection, practice))
        rows.append(await _secured(connection, limited, practice))
        async with streaming(access.application, access.worker, practice, TODAY) as rate:
            rows.append(await _streamed(connection, practice))
        rows.append(Row("rollups.streamed", rate(), "facts/s", 0, 0, "meanwhile", None))
        rows.append(Row("rollups.roll", rolled, "s", 0, 0, "all months of the largest", None))
    return rows


_SIX = {f"rollups.{name}" for name in SIX}


def _least(name: str, ratios: Iterable[float], goal: float) -> Row:
    mean = statistics.geometric_mean(ratios)
    return Row(f"rollups.{name}", mean, "x facts", 1, mean, f">= {goal:g} x", mean >= goal)


def _most(name: str, ratios: Iterable[float], goal: float, of: str) -> Row:
    mean = statistics.geometric_mean(ratios)
    return Row(f"rollups.{name}", mean, of, 1, mean, f"<= {goal:g} x", mean <= goal)


async def _roll(conninfo: str, practice_id: uuid.UUID) -> float:
    """Seconds in which the worker's code brings a practice up to date."""
    begun = time.perf_counter()
    async with await psycopg.AsyncConnection.connect(
        conninfo, autocommit=True, prepare_threshold=None
    ) as connection:
        assert await roll_up(connection, practice_id)
    return time.perf_counter() - begun


async def _sent(connection: Recorder, practice: Practice, ask: Ask, facts: bool = False) -> Sent:
    """The statements of an answer; with `facts`, as if nothing had been rolled up or kept."""
    with _past_what_is_kept() if facts else nullcontext():
        async with connection.transaction(force_rollback=True):
            if facts:
                await connection.execute(
                    "delete from month_rolled where practice_id = %s", (practice.practice_id,)
                )
            await ask(connection, practice)
            sent = list(connection.sent)
    connection.sent.clear()
    return [one for one in sent if not (facts and _ROLLED.search(one[0]))]


@contextmanager
def _past_what_is_kept() -> Iterator[None]:
    """Has accounts summed from all their facts."""
    with (
        patch.dict(sources._UNSETTLED, clear=True),
        patch.object(gather, "_compiled", gather._compiled.__wrapped__),
    ):
        yield


async def _time(connection: psycopg.AsyncConnection[Any], sent: Sent) -> float:
    """Milliseconds of all statements in one go."""
    begun = time.perf_counter()
    async with connection.pipeline():
        cursors = [
            await connection.cursor().execute(text.encode(), values) for text, values in sent
        ]
    for cursor in cursors:
        await cursor.fetchall()
    return (time.perf_counter() - begun) * 1000


async def _row(
    connection: Recorder, other: duckdb.DuckDBPyConnection, practice: Practice, name: str, ask: Ask
) -> Row:
    """An answer from roll-ups, against facts; its goal says what DuckDB took."""
    by_facts = await _sent(connection, practice, ask, facts=True)
    sent = await _sent(connection, practice, ask)
    texts = [_in_duckdb(connection, one) for one in by_facts]
    if name in BY_HAND:
        texts = [BY_HAND[name].replace("mine", f"practice_id = '{practice.practice_id}'")]
    raw = statistics.median([await _time(connection, by_facts) for _ in range(_FEW)])
    fast = statistics.median([await _time(connection, sent) for _ in range(_ROUNDS)])
    duck = statistics.median([_time_duckdb(other, texts) for _ in range(_FEW)])
    goal = f"<= DuckDB, {duck:.2f} ms"
    print(f"  {name}: {fast:.2f} of {raw:.2f} ms, {goal}", file=sys.stderr, flush=True)
    return Row(f"rollups.{name}", fast, "ms p50", raw, raw / fast, goal, fast <= duck)


def _in_duckdb(connection: Recorder, statement: tuple[str, Any]) -> str:
    """A statement on facts in the words of DuckDB."""
    sql = statement[0].replace("(select from ", "(select 1 from ")
    text = psycopg.AsyncClientCursor(connection).mogrify(sql.encode(), statement[1])
    return sqlglot.transpile(text, read="postgres", write="duckdb")[0]


def _time_duckdb(other: duckdb.DuckDBPyConnection, texts: Iterable[str]) -> float:
    begun = time.perf_counter()
    for text in texts:
        other.execute(text).fetchall()
    return (time.perf_counter() - begun) * 1000


async def _ragged(connection: Recorder, practice: Practice) -> Row:
    """Ranges that begin and end within months, against whole ones."""
    ratios = []
    for name in SIX:
        whole, edges = [await _sent(connection, practice, one[name]) for one in (SIX, RAGGED)]
        pairs = [
            (await _time(connection, whole), await _time(connection, edges)) for _ in range(_ROUNDS)
        ]
        once, other = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"  ragged {name}: {other:.2f} of {once:.2f} ms", file=sys.stderr)
        ratios.append(other / once)
    return _most("ragged", ratios, 5, "x whole")


async def _secured(connection: Recorder, limited: Recorder, practice: Practice) -> Row:
    """Under row-level security, against past it."""
    ratios = []
    for name, ask in SIX.items():
        sent = await _sent(connection, practice, ask)
        async with transaction(limited, "BEGIN", practice.practice_id, 60_000):
            pairs = [
                (await _time(connection, sent), await _time(limited, sent)) for _ in range(_ROUNDS)
            ]
        free, secured = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"  secured {name}: {secured:.2f} of {free:.2f} ms", file=sys.stderr)
        ratios.append(secured / free)
    return _most("row security", ratios, 1.15, "x without")


async def _streamed(connection: Recorder, practice: Practice) -> Row:
    """From roll-ups against from facts while events come in."""
    ratios = []
    for name, ask in SIX.items():
        by_facts = await _sent(connection, practice, ask, facts=True)
        pairs = []
        for _ in range(_ROUNDS):
            now = await get_practice(connection, practice.practice_id)
            sent = await _sent(connection, replace(now, business_date=TODAY), ask)
            pairs.append((await _time(connection, by_facts), await _time(connection, sent)))
        raw, fast = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"  streaming {name}: {fast:.2f} of {raw:.2f} ms", file=sys.stderr)
        ratios.append(raw / fast)
    return _least("faster while events stream in", ratios, 10)
