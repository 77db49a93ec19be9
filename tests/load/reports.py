"""Reports through the whole stack: ten at once against ten in turn, questions beside them, and
ten thousand rows against a bare fetch."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
import psycopg

from conftest import RunningStack, wait_for_execution
from tests.load.clinic import Clinic, load_clinic
from tests.load.row import Row

_PATIENTS, _ROUNDS = 200, 3
_FORMS = ("pdf", "excel", "csv", "json", "html") * 2
_P95_MS, _DETAILS = 200.0, 10_000
_SQL = """
select a.year, a.provider, b.payer_class, a.billed, b.billed as other, a.kind
from claims a cross join claims b limit {}
"""
# The same rows past the views' own work: what the database itself hands out.
_BARE = """
select extract(year from a.created_on)::integer, d.display_name, y.payer_class, a.billed,
       b.billed, a.kind
from fact_claim a
cross join fact_claim b
left join dim_provider d on d.practice_id = a.practice_id and d.provider_id = a.provider_id
left join dim_payer y on y.practice_id = b.practice_id and y.payer_id = b.payer_id
where a.practice_id = %(practice)s and b.practice_id = %(practice)s
  and not a.voided and not b.voided limit %(rows)s
"""


def run(stack: RunningStack) -> list[Row]:
    """Rows for the queue of runs and for downloads; takes about a minute."""
    clinic = load_clinic(stack, _PATIENTS)
    with stack.client(str(clinic.practice_id)) as client:
        reports = _define(client, clinic)
        _in_turn(client, reports)  # warm
        return [*_queue(client, clinic, reports), *_details(client, clinic)]


def _define(client: httpx.Client, clinic: Clinic) -> list[str]:
    parameters = {
        "start_date": str(clinic.until - timedelta(365)),
        "end_date": str(clinic.until),
    }
    body = {"report_type": "revenue", "name": "Bench", "parameters": parameters}
    made = (client.post("/reports/", json=body | {"format": form}) for form in _FORMS)
    return [report.json()["id"] for report in made]


def _start(client: httpx.Client, report: str) -> str:
    return str(client.post(f"/reports/{report}/execute", json={}).json()["id"])


def _in_turn(client: httpx.Client, reports: list[str]) -> float:
    """Seconds that the runs take one after the other, without what lies between them."""
    runs = (wait_for_execution(client, _start(client, report)) for report in reports)
    return float(sum(run["execution_time_ms"] for run in runs)) / 1000


def _at_once(client: httpx.Client, reports: list[str]) -> float:
    """Seconds from the first one's being asked for to the last one's end."""
    queued = [_start(client, report) for report in reports]
    runs = [wait_for_execution(client, one) for one in queued]
    first = min(datetime.fromisoformat(run["queued_at"]) for run in runs)
    last = max(datetime.fromisoformat(run["completed_at"]) for run in runs)
    return (last - first).total_seconds()


def _queue(client: httpx.Client, clinic: Clinic, reports: list[str]) -> Iterator[Row]:
    # Side by side, so that both meet the same machine; the middle one of the rounds counts.
    rounds = [(_at_once(client, reports), _in_turn(client, reports)) for _ in range(_ROUNDS)]
    once, turn = sorted(rounds, key=lambda each: each[0] / each[1])[_ROUNDS // 2]
    alone: list[float] = []
    with _asking(client, clinic, alone):
        time.sleep(once)
    beside: list[float] = []
    with _asking(client, clinic, beside):
        for _ in range(_ROUNDS):
            _at_once(client, reports)
    ratio = once / turn
    yield Row("reports.ten.at_once", once, "s", turn, ratio, "<= 1.2 x in turn", ratio <= 1.2)
    slow, calm = (statistics.quantiles(each, n=20)[-1] for each in (beside, alone))
    goal = f"p95 < {_P95_MS:.0f} ms beside ten reports"
    yield Row("reports.ten.question", slow, "ms", calm, slow / calm, goal, slow < _P95_MS)


@contextmanager
def _asking(client: httpx.Client, clinic: Clinic, took_ms: list[float]) -> Iterator[None]:
    """Asks one question after the other inside the block, none of them twice."""
    over = threading.Event()

    def ask() -> None:
        # A connection of its own: the reports' requests are not to wait for it, nor it for them.
        with httpx.Client(base_url=client.base_url, headers=client.headers, timeout=30) as own:
            while not over.wait(0.02):
                period = {
                    "start_date": str(clinic.until - timedelta(60 + len(took_ms) % 900)),
                    "end_date": str(clinic.until),
                }
                question = {
                    "metrics": ["total_charges", "total_payments"],
                    "dimensions": ["payer_class"],
                    "period": period,
                }
                begun = time.perf_counter()
                answer = own.post("/reports/analytics/query", json={"questions": [question]})
                took_ms.append((time.perf_counter() - begun) * 1000)
                answer.raise_for_status()

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        yield
    finally:
        over.set()
        asker.join()


def _details(client: httpx.Client, clinic: Clinic) -> Iterator[Row]:
    """Ten thousand rows as JSON and as a file, against a cursor's fetch of them."""
    parameters = {"sql": _SQL.format(_DETAILS)}
    body = {"report_type": "custom", "name": "Rows", "format": "csv", "parameters": parameters}
    report = client.post("/reports/", json=body).json()["id"]
    done = wait_for_execution(client, _start(client, report))
    origin = str(client.base_url.copy_with(path="/"))
    wanted = {"sql": _SQL.format(_DETAILS), "limit": _DETAILS}
    with psycopg.connect(clinic.conninfo, autocommit=True) as connection:

        def bare() -> object:
            given = {"practice": clinic.practice_id, "rows": _DETAILS}
            return connection.execute(_BARE, given).fetchall()

        ways: dict[str, Callable[[], Any]] = {
            "csv": lambda: client.get(f"{origin}{done['download_url'][1:]}").raise_for_status(),
            "json": lambda: client.post("/reports/sql/run", json=wanted).raise_for_status(),
        }
        fetched = _median_ms(bare)
        for name, way in ways.items():
            took = _median_ms(way)
            ratio, goal = took / fetched, "<= 2 x a bare fetch"
            yield Row(f"reports.details.{name}", took, "ms", fetched, ratio, goal, ratio <= 2)


def _median_ms(way: Callable[[], Any]) -> float:
    took = []
    for _ in range(10):
        begun = time.perf_counter()
        way()
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took[1:])
