"""Custom SQL of many rows: every row arrives, no process grows with them, and a run can be stopped.

Over 20,000 rows a workbook is streamed; PDF and HTML say that they do not take so many.
"""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import psycopg
import pytest

from conftest import RunningStack, start_stack, stop_stack, wait_for_execution

from .conftest import Practice, parts_of, practice_on

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
GROWTH_MOST = 64 * MIB
SQL = """
select row_number() over () as n, c.month, a.provider, b.payer_class, a.billed, b.billed as other,
       a.billed - b.billed as difference, a.year > 2024 as recent
from claims a cross join claims b cross join charges_by_month c limit {}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack of its own: nothing else works in the processes that are measured."""
    running = start_stack(tmp_path_factory.mktemp("sql") / "dir")
    yield running
    assert stop_stack(running) == 0


@pytest.fixture(scope="module")
def practice(own: RunningStack) -> Practice:
    return practice_on(own)


def run(client: httpx.Client, rows: int, form: str, seconds: float = 120) -> Any:
    """The ended run of so many rows."""
    return wait_for_execution(client, queue(client, rows, form), seconds)


def queue(client: httpx.Client, rows: int, form: str) -> str:
    parameters = {"sql": SQL.format(rows)}
    body = {"report_type": "custom", "name": "Rows", "format": form, "parameters": parameters}
    report = client.post("/reports/", json=body)
    assert report.status_code == 201, report.text
    queued = client.post(f"/reports/{report.json()['id']}/execute", json={})
    assert queued.status_code == 202, queued.text
    return str(queued.json()["id"])


def file_of(practice: Practice, done: Any) -> bytes:
    assert done["status"] == "completed", done
    return httpx.get(f"{practice.stack.url}{done['download_url']}", timeout=60).content


def processes(own: RunningStack) -> dict[str, int]:
    """Name → process id of the services that rows go through, and of those that draw."""
    pids = parts_of(own).layout.load().pids
    report = pids["report"]
    children = Path(f"/proc/{report}/task/{report}/children").read_text().split()
    drawing = {f"render {place}": int(pid) for place, pid in enumerate(children)}
    return {"report": report, "analytics": pids["analytics"], **drawing}


def memory(pid: int, mark: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(mark):
            return int(line.split()[1]) * 1024
    raise AssertionError(mark)


@contextmanager
def flat(own: RunningStack) -> Iterator[None]:
    """No process grows by more than GROWTH_MOST inside the block."""
    before = {}
    for name, pid in processes(own).items():
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the most so far is now
        before[name] = pid, memory(pid, "VmRSS")
    yield
    grown = {name: memory(pid, "VmHWM") - rss for name, (pid, rss) in before.items()}
    print({name: f"{size / MIB:.0f} MiB" for name, size in grown.items()})
    assert max(grown.values()) <= GROWTH_MOST, grown


def lines_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def through(own: RunningStack, practice: Practice, rows: int, seconds: float) -> None:
    """So many rows in the three forms that take them; the figures are the same in each."""
    with practice.client("analyst") as client:
        for form in ("csv", "json", "excel"):  # what only long tables need is loaded
            run(client, 20_001, form)
        with flat(own):
            done = {form: run(client, rows, form, seconds) for form in ("csv", "json", "excel")}
        took = {form: one["execution_time_ms"] for form, one in done.items()}
        print(took)
        assert {one["result_count"] for one in done.values()} == {rows}
        assert {one["is_cut_short"] for one in done.values()} == {rows == 1_000_000}
    head, *lines = lines_of(file_of(practice, done["csv"]))
    assert head == [
        "n",
        "month",
        "provider",
        "payer_class",
        "billed",
        "other",
        "difference",
        "recent",
    ]
    assert len(lines) == rows
    assert all(Decimal(line[4]) - Decimal(line[5]) == Decimal(line[6]) for line in lines[::97])
    said = json.loads(file_of(practice, done["json"]), parse_float=Decimal)
    (table,) = [one for one in said["sections"] if one["type"] == "table"]
    assert ("there may be more" in table["remark"]) == (rows == 1_000_000)
    for line, row in zip(lines, table["rows"], strict=True):
        assert line == ["" if cell is None else str(cell) for cell in row.values()]
    book = openpyxl.load_workbook(io.BytesIO(file_of(practice, done["excel"])), read_only=True)
    assert sum(sheet.max_row - 1 for sheet in book if sheet.title.startswith("Rows")) == rows
    cells = next(book["Rows"].iter_rows(min_row=2, values_only=True))
    assert cells[0] == 1
    assert f"{cells[1]:%Y-%m-%d}" == lines[0][1]
    assert Decimal(str(cells[4])) == Decimal(lines[0][4])
    drafts = parts_of(own).layout.files / "scratch"
    assert list(drafts.iterdir()) == []


def test_sixty_thousand_rows_go_through_flat(own: RunningStack, practice: Practice) -> None:
    through(own, practice, 60_000, 120)


@pytest.mark.long
def test_a_million_rows_go_through_flat(own: RunningStack, practice: Practice) -> None:
    through(own, practice, 1_000_000, 600)


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_form_that_cannot_take_so_many_says_which_can(practice: Practice, form: str) -> None:
    with practice.client("analyst") as client:
        failed = run(client, 50_001, form)
    assert (failed["status"], failed["error"]["code"]) == ("failed", "too_large")
    assert "50001 rows" in failed["error"]["message"]
    assert "CSV" in failed["error"]["hint"]


def test_a_run_is_stopped_while_its_rows_come(own: RunningStack, practice: Practice) -> None:
    running = (
        "select count(*) from pg_stat_activity where usename = 'analytics_sql' and state = 'active'"
    )
    conninfo = parts_of(own).postgres.conninfo("postgres")
    with practice.client("analyst") as client, psycopg.connect(conninfo, autocommit=True) as look:

        def asking() -> int:
            (count,) = look.execute(running.encode()).fetchone() or (0,)
            return int(count)

        execution = queue(client, 1_000_000, "csv")
        deadline = time.monotonic() + 30
        while not asking():
            assert time.monotonic() < deadline, client.get(f"/reports/executions/{execution}").text
            time.sleep(0.02)
        stopped = client.post(f"/reports/executions/{execution}/cancel", json={})
        assert stopped.json()["status"] == "cancelled"
        deadline = time.monotonic() + 10  # within a second on a machine that is not busy
        while asking():
            assert time.monotonic() < deadline, "the query went on"
            time.sleep(0.02)
        # What it had in hand is gone, and the next run is served.
        assert run(client, 10, "csv")["status"] == "completed"
