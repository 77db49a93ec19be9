"""Questions from roll-ups against the same on facts, and against DuckDB on the same facts.

A generated set in 200 practices of skewed size; questions over a year of whole months, asked of
the largest. The facts are put in by SQL, as apply would leave them.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from conftest import RunningStack
from praxis_analytics.application.rollup import roll_up
from praxis_analytics.domain.periods import Range, previous
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries import rollups
from praxis_analytics.storage import balances
from tests.load.clinic import service_stack, superuser
from tests.load.row import Row

_PRACTICES, _FACTS, _FACTS_LONG, _ROUNDS = 200, 1_000_000, 10_000_000, 40
_YEAR = Range(date(2025, 1, 1), date(2025, 12, 31))
_MONEY = ("total_charges", "total_payments", "refunds", "total_adjustments", "total_revenue")
_VISITS = ("total_appointments", "completed_appointments", "cancelled_appointments")
_BASE = Question(
    metrics=(),
    period=_YEAR,
    today=date(2026, 1, 15),
    time_zone="America/New_York",
    accrual_basis=False,
)
_QUESTIONS = {
    "revenue by month and payer": replace(
        _BASE, metrics=("total_revenue",), dimensions=("payer",), grain="month"
    ),
    "no-shows by provider": replace(
        _BASE, metrics=("no_show_appointments",), dimensions=("provider",)
    ),
    "distinct patients": replace(_BASE, metrics=("unique_patients",)),
    "A/R aging": replace(_BASE, metrics=("outstanding_balance",), dimensions=("aging_bucket",)),
    "initial denials by payer": replace(
        _BASE, metrics=("initial_denial_rate",), dimensions=("payer",)
    ),
    "overview": replace(
        _BASE,
        metrics=(*_MONEY, *_VISITS, "no_show_appointments", "no_show_rate"),
        comparison=previous(_YEAR),
    ),
}
_RAGGED = Range(date(2025, 1, 9), date(2025, 12, 20))
# The same by hand in DuckDB; `mine` limits a table to the practice.
_IN_YEAR = "between date '2025-01-01' and date '2025-12-31'"
_STARTED = (
    "start_at >= timestamptz '2025-01-01 05:00Z' and start_at < timestamptz '2026-01-01 05:00Z'"
)
_DUCKDB = {
    "revenue by month and payer": "select date_trunc('month', posting_date), payer_id, sum(amount)"
    f" from fact_ledger where mine and posting_date {_IN_YEAR} group by 1, 2",
    "no-shows by provider": "select provider_id, count(*) filter (where status = 'noshow')"
    f" from fact_appointment where mine and {_STARTED} group by 1",
    "distinct patients": "select count(distinct patient_id) from fact_encounter"
    f" where mine and {_STARTED}",
    "A/R aging": "select least(date_diff('day', on_day, date '2025-12-31') // 30, 4), sum(b) from ("
    " select claim_id, min(d) as on_day, sum(amount) as b from (select claim_id, service_date as d,"
    " amount from fact_charge where mine and posting_date <= date '2025-12-31' union all select"
    " claim_id, null, -amount from fact_ledger where mine and posting_date <= date '2025-12-31')"
    " group by 1) where b > 0 group by 1",
    "initial denials by payer": "select payer_id, count(*), count(*) filter (where"
    " first_pass_outcome = 'denied') from fact_claim where mine and first_adjudicated_on"
    f" {_IN_YEAR} group by 1",
    "overview": "select * from (select sum(amount) filter (where year(posting_date) = 2025),"
    " sum(amount) from fact_ledger where mine and posting_date >= date '2024-01-01'"
    f" and posting_date <= date '2025-12-31'), (select sum(amount) from fact_charge where mine and"
    f" posting_date {_IN_YEAR}), (select count(*), count(*) filter (where status = 'noshow'),"
    " count(*) filter (where status = 'fulfilled') from fact_appointment"
    f" where mine and {_STARTED})",
}


def run(stack: RunningStack) -> list[Row]:
    """Rows for a million facts."""
    return asyncio.run(_measure(stack, _FACTS))


def run_long(stack: RunningStack) -> list[Row]:
    """Rows for ten million facts; takes long."""
    return asyncio.run(_measure(stack, _FACTS_LONG))


@dataclass(frozen=True)
class _Generated:
    """Which share of the facts a kind has, and its rows from `n` (a number) and `w` (practice)."""

    table: str
    share: float
    columns: str
    values: str
    date: str


_BOOK = (
    ", source_system, source_id, source_resource, source_version, voided, synthetic,"
    " recorded_at, rev_from"
)
_BOOKED = ", 'bench', n::text, n::text, 0, false, false, clock.at, 1"
_WHEN = "timestamptz '2023-01-01 12:00Z' + make_interval(secs => mod(n * 7919, 94608000))"


def _id(kind: str, number: str) -> str:
    return f"md5('{kind}' || w.i || '-' || ({number}))::uuid"


_WHO = ", ".join(
    (_id("patient", "mod(n * 31, w.patients)"), _id("provider", "mod(n, 20)"),
     _id("payer", "mod(n * 17, 12)"))
)  # fmt: skip
_KINDS = (
    _Generated(
        "fact_appointment", 0.3,
        "appointment_id, patient_id, provider_id, payer_id, start_at, status",
        f"{_id('a', 'n')}, {_WHO}, {_WHEN},"
        " (array['fulfilled','fulfilled','fulfilled','noshow','cancelled'])[1 + mod(n, 5)]",
        "start_at",
    ),
    _Generated(
        "fact_encounter", 0.1,
        "encounter_id, patient_id, provider_id, payer_id, start_at, status, class",
        f"{_id('e', 'n')}, {_WHO}, {_WHEN}, 'finished', 'AMB'",
        "start_at",
    ),
    _Generated(
        "fact_claim", 0.2,
        "claim_id, patient_id, provider_id, payer_id, created_on, billed, status,"
        " first_submitted_on, first_adjudicated_on, first_pass_outcome",
        f"{_id('c', 'n')}, {_WHO}, ({_WHEN})::date, 100, 'paid', ({_WHEN})::date + 1,"
        f" ({_WHEN})::date + 20, (array['paid','paid','paid','denied'])[1 + mod(n, 4)]",
        "created_on",
    ),
    _Generated(
        "fact_charge", 0.2,
        "charge_id, claim_id, patient_id, provider_id, payer_id, amount, posting_date,"
        " service_date",
        f"{_id('h', 'n')}, {_id('c', 'n')}, {_WHO}, 100, ({_WHEN})::date, ({_WHEN})::date",
        "posting_date",
    ),
    _Generated(
        "fact_ledger", 0.2,
        "entry_id, claim_id, patient_id, provider_id, payer_id, entry, reason, amount,"
        " posting_date",
        f"{_id('l', 'n')}, {_id('c', 'n')}, {_WHO}, 'payment', 'insurance',"
        # Nine of ten claims are paid in full.
        " case when mod(n, 10) = 0 then mod(n, 101) else 100 end,"
        f" ({_WHEN})::date + 25",
        "posting_date",
    ),
)  # fmt: skip


def _generate(conninfo: str, facts: int) -> uuid.UUID:
    """Makes practices whose sizes fall as 1 / rank, and their facts; returns the largest."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            "create temp table w as select i, md5('practice' || i || '-' || %(facts)s)::uuid as id,"
            " round(%(facts)s / i::numeric / (select sum(1.0 / k) from generate_series(1,"
            f" {_PRACTICES}) k))::int as facts, greatest(20, round(%(facts)s / i / 60.0)::int)"
            f" as patients from generate_series(1, {_PRACTICES}) i",
            {"facts": facts},
        )
        connection.execute(
            "insert into practice (practice_id, name, time_zone, created_at)"
            " select id, 'Bench ' || i, 'America/New_York', now() from w;"
            "insert into revision_head select id, 1, now() from w;"
            "insert into revision_log (practice_id, revision, recorded_at, changed, amounts)"
            " select id, 1, now(), '{}', '{}' from w"
        )
        for kind in _KINDS:
            connection.execute(_insert(kind).encode())
            connection.execute(_mark(kind).encode())
        for (practice_id,) in connection.execute("select id from w").fetchall():
            connection.execute(
                f"insert into account_balance {balances.FROM_FACTS}".encode(),
                {"practice": practice_id},
            )
        connection.execute("vacuum analyze")
        found = connection.execute("select id from w where i = 1").fetchone()
    assert found is not None
    return uuid.UUID(str(found[0]))


def _insert(kind: _Generated) -> str:
    return (
        f"insert into {kind.table} (practice_id, {kind.columns}{_BOOK})"
        f" select w.id, {kind.values}{_BOOKED} from w, generate_series(1,"
        f" (w.facts * {kind.share})::int) n, (select now() as at) clock"
    )


def _mark(kind: _Generated) -> str:
    return (
        "insert into month_touched select practice_id,"
        f" '{kind.table}.{kind.date}', month, 1, now() - interval '1 hour' from w join"
        " (select generate_series(date '2022-12-01', date '2026-06-01', '1 month')::date as month)"
        " m on true cross join lateral (select w.id as practice_id) p on conflict do nothing"
    )


async def _measure(stack: RunningStack, facts: int) -> list[Row]:
    conninfo = superuser(stack)
    print(f"  making {facts:,} facts", file=sys.stderr, flush=True)
    largest = await asyncio.to_thread(_generate, conninfo, facts)
    begun = time.perf_counter()
    worker = service_stack(stack).postgres.conninfo("praxis_analytics", "analytics_worker")
    async with await psycopg.AsyncConnection.connect(
        worker, autocommit=True, prepare_threshold=None
    ) as connection:
        await roll_up(connection, largest)
    rolled_s = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/facts.db") as other:
        await asyncio.to_thread(_export, conninfo, Path(folder), other)
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
            rows = [
                await _row(connection, other, largest, name, question)
                for name, question in _QUESTIONS.items()
            ]
            ragged = replace(_QUESTIONS["overview"], period=_RAGGED, comparison=previous(_RAGGED))
            whole = rows[-1].value
            took = await _time(connection, largest, ragged, rolled=True)
    speed = math.exp(statistics.fmean(math.log(row.ratio) for row in rows if row.holds is not None))
    rolled = Row("rollups.roll largest", facts / rolled_s, "facts/s", 0, 0, "of all facts", None)
    mean = Row("rollups.faster", speed, "x facts", 1, speed, ">= 50 x, geometric mean", speed >= 50)
    edges = Row(
        "rollups.ragged", took, "ms p50", whole, took / whole, "<= 5 x whole", took <= 5 * whole
    )
    return [*rows, mean, edges, rolled]


def _export(conninfo: str, folder: Path, other: duckdb.DuckDBPyConnection) -> None:
    """The same facts in a DuckDB file."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for kind in _KINDS:
            path = folder / f"{kind.table}.csv"
            columns = f"practice_id, {kind.columns}"
            with (
                path.open("wb") as file,
                connection.cursor().copy(
                    f"copy (select {columns} from {kind.table} where source_system = 'bench'"
                    " order by practice_id) to stdout (format csv, header)".encode()
                ) as copy,
            ):
                for piece in copy:
                    file.write(piece)
            other.execute(f"create table {kind.table} as select * from read_csv('{path}')")
            path.unlink()


async def _time(
    connection: psycopg.AsyncConnection[Any],
    practice_id: uuid.UUID,
    question: Question,
    *,
    rolled: bool,
    rounds: int = _ROUNDS,
) -> float:
    """Median milliseconds of a question's SQL, from roll-ups or from facts."""
    scope = {"practice": practice_id, "revision": 1}
    dirty = await rollups.dirty_months(connection, question, scope) if rolled else {}
    spans = [question.period, *([question.comparison] if question.comparison else [])]
    compiled = [
        statement
        for span in spans
        for statement in rollups.statements(question, span, scope, newest=True, dirty=dirty)
    ]
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        async with connection.pipeline():
            cursors = [
                await connection.execute(one.sql.encode(), one.parameters) for one in compiled
            ]
        for cursor in cursors:
            await cursor.fetchall()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took)


async def _row(
    connection: psycopg.AsyncConnection[Any],
    other: duckdb.DuckDBPyConnection,
    practice_id: uuid.UUID,
    name: str,
    question: Question,
) -> Row:
    """A question from roll-ups, against facts; its goal says what DuckDB took."""
    raw = await _time(connection, practice_id, question, rolled=False, rounds=_ROUNDS // 4)
    fast = await _time(connection, practice_id, question, rolled=True)
    sql = _DUCKDB[name].replace("mine", f"practice_id = '{practice_id}'")
    duck = []
    for _ in range(_ROUNDS // 2):
        begun = time.perf_counter()
        other.execute(sql).fetchall()
        duck.append((time.perf_counter() - begun) * 1000)
    slowest = statistics.median(duck)
    goal = f"<= DuckDB, {slowest:.2f} ms"
    return Row(f"rollups.{name}", fast, "ms p50", raw, raw / fast, goal, fast <= slowest)
