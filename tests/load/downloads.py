"""Ten thousand detail rows as a file through the gateway, beside a bare fetch of the same rows."""

from __future__ import annotations

import asyncio
import csv
import io
import statistics
import time
from typing import Any

import psycopg

from conftest import RunningStack, wait_for_execution
from tests.load.clinic import Clinic
from tests.load.http import Http
from tests.load.row import Row

_ROWS, _ROUNDS = 10_000, 30
_RATIO = 2.0
_SQL = f"""
select row_number() over () as n, c.month, a.provider, b.payer_class, a.billed, b.billed as other,
       a.billed - b.billed as difference, a.year as year
from claims a cross join claims b cross join charges_by_month c limit {_ROWS}
"""


def measure(stack: RunningStack, clinic: Clinic) -> list[Row]:
    """Rows for CSV and JSON; the reports are made before."""
    return [asyncio.run(_measure(stack, clinic, form)) for form in ("csv", "json")]


async def _measure(stack: RunningStack, clinic: Clinic, form: str) -> Row:
    with psycopg.connect(clinic.conninfo) as connection:
        async with Http(stack.url, stack.token(str(clinic.practice_id))) as http:
            table = (await http.ask("GET", _made(stack, clinic, "csv"), None, {})).body
            _store(connection, table)
            path = _made(stack, clinic, form)
            fetched: list[float] = []
            loaded: list[float] = []
            for _ in range(_ROUNDS):
                begun = time.perf_counter()
                rows = connection.execute("select * from same_rows").fetchall()
                fetched.append((time.perf_counter() - begun) * 1000)
                assert len(rows) == _ROWS
                begun = time.perf_counter()
                reply = await http.ask("GET", path, None, {})
                loaded.append((time.perf_counter() - begun) * 1000)
                assert reply.status == 200, reply.body[:300]
    bare, file = statistics.median(fetched), statistics.median(loaded)
    goal = f"<= {_RATIO:g} x a bare fetch"
    return Row(
        f"rows.{form}.gateway", file, "ms p50", bare, file / bare, goal, file <= _RATIO * bare
    )


def _made(stack: RunningStack, clinic: Clinic, form: str) -> str:
    """The link of a finished report of the rows."""
    body = {
        **{"report_type": "custom", "name": "Rows", "format": form},
        "parameters": {"sql": _SQL},
    }
    with stack.client(str(clinic.practice_id)) as client:
        report: Any = client.post("/reports/", json=body).raise_for_status().json()
        path = f"/reports/{report['id']}/execute"
        queued: Any = client.post(path, json={}).raise_for_status().json()
        done = wait_for_execution(client, queued["id"], 120)
    assert done["status"] == "completed", done
    return str(done["download_url"])


def _store(connection: psycopg.Connection[Any], table: bytes) -> None:
    """Puts the rows into a table of their own, each column in its type."""
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))[1:]
    assert len(rows) == _ROWS
    connection.execute("drop table if exists same_rows")
    connection.execute(
        "create temporary table same_rows (n bigint, month date, provider text, payer_class text,"
        " billed numeric, other numeric, difference numeric, year int, notice text)"
    )
    with connection.cursor().copy("copy same_rows from stdin") as copy:
        for row in rows:
            copy.write_row(row)
