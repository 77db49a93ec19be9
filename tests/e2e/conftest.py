"""Practices with facts on a running stack, and their people."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import psycopg

from conftest import RunningStack, enter_as, service_settings, wait_for_execution
from praxis_analytics.settings import Settings as AnalyticsSettings
from praxis_chassis.database import Connection
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import Stack
from tests.e2e.seeding import Clinic, open_practice, seed


def parts_of(running: RunningStack) -> Stack:
    """The stack's ports, databases and secrets."""
    layout = Layout.existing(running.directory)
    return Stack(layout, layout.load().ports)


@dataclass(frozen=True)
class Practice:
    """A practice with two years of facts on a running stack."""

    stack: RunningStack
    id: str
    clinic: Clinic

    def client(self, role: str = "owner") -> httpx.Client:
        """A REST client of one of its people."""
        return self.stack.client(self.id, role)

    def change(self, work: Callable[[Connection], Awaitable[Any]]) -> None:
        """Works on the practice's facts as analytics' own login."""
        asyncio.run(_on_facts(self.stack, uuid.UUID(self.id), work))


async def _on_facts(
    running: RunningStack, practice_id: uuid.UUID, work: Callable[[Connection], Awaitable[Any]]
) -> None:
    settings = service_settings(parts_of(running), AnalyticsSettings, "analytics")
    async with await psycopg.AsyncConnection.connect(
        settings.conninfo("app"), autocommit=True, prepare_threshold=None
    ) as connection:
        enter_as(practice_id)
        await work(connection)


def practice_on(running: RunningStack, **options: Any) -> Practice:
    """A new practice; `scale` and `synthetic` as for `seed`."""
    practice_id = uuid.uuid4()
    made: list[Clinic] = []

    async def open_and_seed(connection: Connection) -> None:
        await open_practice(connection, practice_id)
        made.append(await seed(connection, practice_id, **options))

    asyncio.run(_on_facts(running, practice_id, open_and_seed))
    return Practice(running, str(practice_id), made[0])


def run_report(client: httpx.Client, format: str = "csv", **parameters: Any) -> Any:
    """Defines a revenue report, runs it and returns the completed execution."""
    given = parameters or {"relative_range": "year_to_date"}
    body = {"report_type": "revenue", "name": "Revenue", "format": format, "parameters": given}
    report = client.post("/reports/", json=body)
    assert report.status_code == 201, report.text
    queued = client.post(f"/reports/{report.json()['id']}/execute", json={})
    assert queued.status_code == 202, queued.text
    done = wait_for_execution(client, queued.json()["id"])
    assert done["status"] == "completed", done
    return done
