"""Report runs while processes die, stop and come back: each ends once, with one file."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from conftest import RunningStack, service_settings, start_stack, stop_stack
from praxis_cli.stack import ports, probes
from praxis_report.bootstrap import assembled
from praxis_report.settings import Settings

from .conftest import Practice, parts_of, practice_on

pytestmark = pytest.mark.slow

RUNS = 20
LEASE_S = 30
FORMATS = ("csv", "json", "pdf")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack whose processes may be harmed."""
    running = start_stack(tmp_path_factory.mktemp("faults") / "dir")
    yield running
    assert stop_stack(running) == 0


@pytest.fixture
def practice(own: RunningStack) -> Practice:
    return practice_on(own)


def pid_of(own: RunningStack, name: str) -> int:
    return parts_of(own).layout.load().pids[name]


def rows(own: RunningStack, sql: str, *parameters: object) -> list[dict[str, Any]]:
    """What the superuser sees in the report service's database."""
    conninfo = parts_of(own).postgres.conninfo("praxis_report")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return connection.cursor(row_factory=dict_row).execute(sql.encode(), parameters).fetchall()


def wait_until(check: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def queue_runs(practice: Practice, count: int = RUNS) -> list[str]:
    """Starts so many runs in turn of every form; returns their ids."""
    with practice.client() as client:
        body = {"report_type": "revenue", "name": "Faults"}
        report = client.post("/reports/", json=body).json()["id"]
        ids = []
        for index in range(count):
            form = {"format": FORMATS[index % len(FORMATS)]}
            queued = client.post(f"/reports/{report}/execute", json=form)
            assert queued.status_code == 202, queued.text
            ids.append(queued.json()["id"])
        return ids


def states(own: RunningStack, practice: Practice) -> Counter[str]:
    found = rows(
        own,
        "select status, count(*) as n from report_executions where practice_id = %s group by 1",
        practice.id,
    )
    return Counter({row["status"]: row["n"] for row in found})


def all_ended(own: RunningStack, practice: Practice) -> bool:
    return not {"pending", "running"} & states(own, practice).keys()


async def collect(own: RunningStack) -> None:
    """What the collector does an hour later."""
    settings: Settings = service_settings(parts_of(own), Settings, "report")
    async with assembled(settings) as service:
        await service.runner.collect_orphans(0)


def check_ledger(own: RunningStack, practice: Practice, ids: list[str]) -> None:
    """Every run completed once: one event, one audit row, one file, and nothing beside them."""
    assert states(own, practice) == {"completed": len(ids)}
    ended = rows(
        own,
        "select subject, count(*) as n from event_log where practice_id = %s"
        " and subject like '%%.execution.completed' group by 1",
        practice.id,
    )
    assert [row["n"] for row in ended] == [len(ids)]
    audits = rows(
        own,
        "select object_id from audit_log where practice_id = %s and action = 'report.completed'",
        practice.id,
    )
    assert sorted(row["object_id"] for row in audits) == sorted(ids)
    asyncio.run(collect(own))
    kept = rows(
        own, "select storage_key from report_executions where practice_id = %s", practice.id
    )
    folder: Path = parts_of(own).layout.files / practice.id
    files = {f"{practice.id}/{path.name}" for path in folder.iterdir()}
    assert files == {row["storage_key"] for row in kept}
    with practice.client() as client:
        for run_id in ids:
            link = client.get(f"/reports/executions/{run_id}").json()["download_url"]
            assert httpx.get(f"{own.url}{link}", timeout=30).status_code == 200


def test_killed_at_random_every_run_completes_once(own: RunningStack, practice: Practice) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    dice = random.Random(seed)
    ids = queue_runs(practice)
    killed = 0
    # Fewer kills than a run may have attempts.
    for victim in ("report", "analytics", "report", "report"):
        time.sleep(dice.uniform(0.2, 2.5))
        before = pid_of(own, victim)
        os.kill(before, signal.SIGKILL)
        killed += 1
        wait_until(lambda b=before, v=victim: pid_of(own, v) != b, 30, "not restarted")  # type: ignore[misc]
    wait_until(lambda: all_ended(own, practice), 180, f"seed {seed}: {states(own, practice)}")
    restarts = parts_of(own).layout.load().restarts
    assert restarts["report"] + restarts["analytics"] >= killed
    wait_until(lambda: reachable(practice), 30, "the gateway does not reach its services")
    check_ledger(own, practice, ids)


def reachable(practice: Practice) -> bool:
    with practice.client() as client:
        return client.get("/reports/").status_code == 200


@contextmanager
def second_worker(own: RunningStack) -> Iterator[None]:
    """Another process of the report service on the same database and files."""
    stack = parts_of(own)
    port = ports.choose(("second",), {})["second"]
    environment = {**os.environ, **stack.environment("report")}
    environment["PRAXIS_REPORT_LISTEN"] = f"127.0.0.1:{port}"
    process = subprocess.Popen(
        stack.command("report", "serve"),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(probes.grpc_serving(port), 60, "the second worker did not start")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def test_a_worker_that_slept_past_its_lease_publishes_nothing(
    own: RunningStack, practice: Practice
) -> None:
    ids = queue_runs(practice)
    sleeper = pid_of(own, "report")
    os.kill(sleeper, signal.SIGSTOP)
    try:
        held = rows(
            own,
            "select count(*) as n from job where practice_id = %s and state = 'running'",
            practice.id,
        )
        with second_worker(own):
            wait_until(lambda: all_ended(own, practice), LEASE_S + 120, "the lease was kept")
            stored = {
                row["id"]: (row["storage_key"], row["sha256"])
                for row in rows(
                    own,
                    "select id, storage_key, sha256 from report_executions where practice_id = %s",
                    practice.id,
                )
            }
            os.kill(sleeper, signal.SIGCONT)
            wait_until(lambda: reachable(practice), 60, "the sleeper did not wake")
            time.sleep(3)  # long enough for it to end what it had in hand
    finally:
        os.kill(sleeper, signal.SIGCONT)
    assert held[0]["n"] > 0, "it slept between runs, and proved nothing"
    taken_over = [key for key, _ in stored.values() if not key.endswith(".1")]
    assert len(taken_over) == held[0]["n"]
    after = rows(
        own,
        "select id, storage_key, sha256 from report_executions where practice_id = %s",
        practice.id,
    )
    assert {row["id"]: (row["storage_key"], row["sha256"]) for row in after} == stored
    check_ledger(own, practice, ids)


def test_a_run_stopped_gently_is_taken_up_at_once(own: RunningStack, practice: Practice) -> None:
    ids = queue_runs(practice, 9)
    before = pid_of(own, "report")
    os.kill(before, signal.SIGTERM)
    wait_until(lambda: pid_of(own, "report") != before, 40, "not restarted")
    wait_until(lambda: all_ended(own, practice), 60, "not taken up")
    # Given back, which takes the attempt back too, and not left to its lease.
    tries = rows(own, "select attempts from job where practice_id = %s", practice.id)
    assert [row["attempts"] for row in tries] == [1] * len(ids)
    wait_until(lambda: reachable(practice), 30, "the gateway does not reach its services")
    check_ledger(own, practice, ids)
