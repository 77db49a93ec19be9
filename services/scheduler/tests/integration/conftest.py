"""A database with the scheduler's schema, a time that tests drive, and stand-ins of neighbours."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from praxis.analytics.v1 import practice_pb2
from praxis.report.v1 import report_pb2
from praxis.scheduler.v1 import schedule_pb2, schedule_service_pb2
from praxis_chassis.caller import Call, Caller, enter
from praxis_chassis.database import Database
from praxis_chassis.errors import InvalidInput, NotFound
from praxis_chassis.migrations import migrate
from praxis_chassis.records import ReadAudit
from praxis_cli.stack import keys, postgres
from praxis_cli.stack.cluster import start_postgres
from praxis_cli.stack.layout import Layout
from praxis_scheduler.api.servicer import ScheduleServicer
from praxis_scheduler.application.firing import Firer
from praxis_scheduler.application.schedules import Schedules
from praxis_scheduler.settings import Settings

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


def enter_as(practice_id: uuid.UUID, *roles: str, user: str = "tester", key: str = "") -> Caller:
    """Makes a caller of the practice the current one."""
    caller = Caller(practice_id, user, frozenset(roles or ("owner",)))
    enter(Call(caller, uuid.uuid4().hex, "", time.monotonic() + 600, key))
    return caller


@dataclass
class Clock:
    """A time that moves only when told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class StandIns:
    """What analytics and the report service would answer."""

    zone: str = "America/New_York"
    reports: dict[str, report_pb2.Report] = field(default_factory=dict)

    async def report(self, report_id: str) -> report_pb2.Report:
        if report_id not in self.reports:
            raise NotFound("no such report")
        return self.reports[report_id]

    async def check_period(self, parameters: report_pb2.ReportParameters) -> None:
        if parameters.relative_range == "someday":
            raise InvalidInput.of("report_parameters.relative_range", "is not known")

    async def practice(self) -> practice_pb2.Practice:
        return practice_pb2.Practice(name="Riverside", time_zone=self.zone)

    async def practice_name(self, behalf: Caller) -> str:
        assert behalf.actor == "scheduler"
        return "Riverside"


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of the scheduler on a migrated database of its own."""
    root = tmp_path_factory.mktemp("scheduler")
    layout = Layout.at(root)
    layout.create()
    logins = postgres.logins("scheduler")
    keys.create_secrets(layout, signers=("scheduler",), passwords=logins, nats_users=())
    passwords: dict[str, Any] = {
        f"database_{login}_password_file": layout.secrets / f"scheduler_{login}.password"
        for login in postgres.LOGINS
    }
    with start_postgres(root, services=("scheduler",)) as running:
        made = Settings(
            internal_jwks_file=layout.secrets / "internal.jwks",
            signing_key_file=layout.secrets / "scheduler.jwk",
            database_port=running.server.port,
            database_name="praxis_scheduler",
            **passwords,
            analytics_target="127.0.0.1:1",
            report_target="127.0.0.1:1",
            public_url="http://127.0.0.1:8080",
            smtp_tls="none",
        )
        migrate(made, "praxis_scheduler")
        yield made


@pytest_asyncio.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[Database]:
    """The application login."""
    database = Database(settings.conninfo("app"), 5)
    await database.open()
    yield database
    await database.close()


@pytest_asyncio.fixture(scope="session")
async def worker(settings: Settings) -> AsyncIterator[Database]:
    """The worker login."""
    database = Database(settings.conninfo("worker"), 5)
    await database.open()
    yield database
    await database.close()


@dataclass
class World:
    """One practice, its caller, its time, and the scheduler's parts around it."""

    practice_id: uuid.UUID
    app: Database
    worker: Database
    clock: Clock
    neighbours: StandIns
    servicer: ScheduleServicer
    firer: Firer

    async def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of the practice, as the worker sees them."""
        async with self.worker.read(self.practice_id) as connection:
            cursor = await connection.execute(sql.encode(), parameters)
            return await cursor.fetchall()

    async def fire(self) -> None:
        """Fires this practice's due schedules at the time of the world."""
        await self.firer._fire_practice(self.practice_id)


@pytest.fixture
def world(app: Database, worker: Database) -> World:
    """A practice of its own; its owner is the caller."""
    practice_id = uuid.uuid4()
    enter_as(practice_id)
    clock, neighbours = Clock(), StandIns()
    schedules = Schedules(app, neighbours, clock)  # type: ignore[arg-type]
    servicer = ScheduleServicer(app, schedules, ReadAudit(app), clock)
    return World(practice_id, app, worker, clock, neighbours, servicer, Firer(worker, clock))


def request(**fields: Any) -> schedule_service_pb2.CreateScheduleRequest:
    """A daily schedule at 08:00 with some fields changed; None takes one away."""
    usual: dict[str, Any] = {
        "name": "Morning",
        "report_type": report_pb2.REPORT_TYPE_REVENUE,
        "frequency": schedule_pb2.SCHEDULE_FREQUENCY_DAILY,
        "time_of_day": "08:00",
    }
    metadata = fields.pop("metadata", {})
    chosen = {name: value for name, value in (usual | fields).items() if value is not None}
    message = schedule_service_pb2.CreateScheduleRequest(**chosen)
    message.metadata.update(metadata)
    return message
