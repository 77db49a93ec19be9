"""Any process may die at any moment: nothing is lost, nothing doubled, nothing stuck."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import nats
import pytest

from conftest import RunningStack, start_stack, stop_stack
from praxis.platform.v1 import events_pb2
from praxis_chassis import nkeys
from praxis_cli.live import SUBJECT, USER, envelope
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import Stack

VICTIMS = ("analytics", "report", "scheduler", "dashboard", "gateway", "postgres", "nats")


@dataclass
class Ledger:
    """What was promised: envelopes the broker took, runs the gateway answered for."""

    sent: list[bytes] = field(default_factory=list)
    runs: set[str] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def paid(self) -> Decimal:
        """The money of every payment told."""
        total = Decimal(0)
        for content in self.sent:
            for event in events_pb2.Envelope.FromString(content).events:
                if event.HasField("ledger_entry"):
                    total += Decimal(event.ledger_entry.amount)
        return total


async def _send(stack: Stack, contents: list[bytes]) -> None:
    """Publishes until the broker has acknowledged each."""
    for content in contents:
        while True:
            try:
                client = await nkeys.connect(
                    stack.nats.url,
                    stack.nats.seed_file(USER),
                    inbox_prefix=f"_INBOX_{USER}",
                    allow_reconnect=False,
                )
                try:
                    await client.jetstream(timeout=2).publish(SUBJECT, content)
                finally:
                    await client.close()
                break
            except (nats.errors.Error, TimeoutError, OSError):
                await asyncio.sleep(0.2)


def _publish(stack: Stack, practice: str, ledger: Ledger) -> None:
    chance = random.Random(1)
    while not ledger.stop.is_set():
        content = envelope(uuid.UUID(practice), "UTC", datetime.now(UTC), chance)
        asyncio.run(_send(stack, [content]))
        ledger.sent.append(content)
        time.sleep(0.2)


def _execute(running: RunningStack, practice: str, report: str, ledger: Ledger) -> None:
    """Starts runs; an unanswered start is repeated with its key until it is answered."""
    with running.client(practice) as client:
        while not ledger.stop.is_set():
            key = uuid.uuid4().hex
            while True:
                with contextlib.suppress(httpx.TransportError):
                    answer = client.post(
                        f"/reports/{report}/execute",
                        json={"format": "csv"},
                        headers={"Idempotency-Key": key},
                        timeout=15,
                    )
                    if answer.status_code == 202:
                        ledger.runs.add(answer.json()["id"])
                        break
                    assert answer.status_code in (409, 429, 499, 500, 503, 504), answer.text
                time.sleep(0.3)
            time.sleep(1)


def _kill(stack: Stack, victim: str) -> None:
    pid = stack.layout.load().pids.get(victim)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _wait_for_work(ledger: Ledger, seconds: float = 60) -> None:
    """Gives a slow machine the time to take up a run between kills."""
    before, deadline = len(ledger.runs), time.monotonic() + seconds
    while len(ledger.runs) == before:
        assert time.monotonic() < deadline, "no run was taken up between kills"
        time.sleep(0.1)


def _settled(client: httpx.Client, ledger: Ledger, seconds: float = 240) -> None:
    """Waits until every run has ended and every payment counts."""
    deadline = time.monotonic() + seconds
    found: object = None
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError, KeyError):
            today = datetime.now(UTC).date().isoformat()
            period = {"start_date": "2026-01-01", "end_date": today}
            revenue = client.post("/reports/analytics/revenue", json=period).json()
            runs = [client.get(f"/reports/executions/{run}").json() for run in ledger.runs]
            states = {run["status"] for run in runs}
            found = (revenue["total_payments"], ledger.paid, states)
            if Decimal(str(revenue["total_payments"])) == ledger.paid and states == {"completed"}:
                return
        time.sleep(1)
    raise AssertionError(f"not settled: {found}")


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(10, marks=pytest.mark.slow),
        pytest.param(50, marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
    ],
)
def test_random_kills_lose_and_double_nothing(tmp_path: Path, kills: int) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    running = start_stack(tmp_path / "stack")
    try:
        layout = Layout.existing(running.directory)
        stack = Stack(layout, layout.load().ports)
        practice = running.practice("Kills", "UTC")
        ledger = Ledger()
        with running.client(practice) as client:
            body = {
                "report_type": "revenue",
                "name": "Kills",
                "parameters": {"relative_range": "month_to_date"},
            }
            report = client.post("/reports/", json=body).json()["id"]
        workers = [
            threading.Thread(target=_publish, args=(stack, practice, ledger)),
            threading.Thread(target=_execute, args=(running, practice, report, ledger)),
        ]
        for worker in workers:
            worker.start()
        for number in range(kills):
            time.sleep(chance.uniform(0.5, 2.5))
            victim = VICTIMS[number % len(VICTIMS)] if number < 7 else chance.choice(VICTIMS)
            if number == 6 or chance.random() < 0.05:
                # The broker dies and forgets everything.
                _kill(stack, "nats")
                shutil.rmtree(layout.nats / "jetstream", ignore_errors=True)
            else:
                _kill(stack, victim)
            if number % 5 == 4:
                _wait_for_work(ledger)
        ledger.stop.set()
        for worker in workers:
            worker.join(timeout=120)
            assert not worker.is_alive()
        # A producer with a log of its own tells everything again: it doubles nothing.
        asyncio.run(_send(stack, ledger.sent))
        assert len(ledger.sent) > kills and len(ledger.runs) >= kills // 5
        with running.client(practice) as client:
            _settled(client, ledger)
            total = client.get("/reports/executions/", params={"limit": 1}).json()["total"]
        assert total == len(ledger.runs)
        stored = [path for path in (layout.files / practice).iterdir() if path.suffix != ".tmp"]
        assert len(stored) >= len(ledger.runs)
        assert running.command("verify", "--practice", practice).returncode == 0
    finally:
        assert stop_stack(running) == 0
