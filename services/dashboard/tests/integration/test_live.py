"""Live figures: pushed when they change, and only then."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from conftest import enter_as
from praxis.dashboard.v1 import dashboard_service_pb2
from praxis.event.v1 import event_pb2
from praxis_chassis.database import Connection
from praxis_chassis.errors import Draining, LimitExceeded, NotFound
from praxis_chassis.tokens import InternalSigner
from praxis_dashboard.application.live import Live, Watchers, on_revision
from praxis_dashboard.bootstrap import Service
from praxis_dashboard.domain.overview import overview_id
from tests.e2e.seeding import Clinic

from .conftest import NewClient, failure_of
from .test_dashboards import Delete, create

Data = dashboard_service_pb2.GetDashboardDataRequest


async def _recorded(service: tuple[Service, int], practice_id: uuid.UUID) -> None:
    """What the consumer does with the event of a new revision."""
    event = event_pb2.Event(practice_id=str(practice_id))
    async with service[0].consumer._database.write(practice_id, 5_000) as connection:
        await on_revision(connection, event)


def _revenue(message: Any) -> Decimal:
    return Decimal(message.data.widgets[0].answer.rows[0].figures[0].value)


async def test_a_payment_changes_the_card_within_two_seconds(
    new_client: NewClient, clinic: Clinic, connection: Connection, service: tuple[Service, int]
) -> None:
    client = await new_client(clinic.practice_id)
    wanted = Data(dashboard_id=str(overview_id(clinic.practice_id)))
    async with client.watching(wanted) as following:
        before = await following()
        enter_as(clinic.practice_id)
        clinic.pay("late", 0, clinic.until - timedelta(days=1), Decimal("42.00"))
        await clinic.apply(connection)
        started = time.monotonic()
        await _recorded(service, clinic.practice_id)
        async with asyncio.timeout(5):
            after = await following()
        assert time.monotonic() - started < 2
        assert _revenue(after) - _revenue(before) == Decimal("42.00")
        assert after.data.as_of.revision == before.data.as_of.revision + 1


async def test_news_of_other_practices_and_news_that_change_nothing_are_quiet(
    new_client: NewClient, clinic: Clinic, service: tuple[Service, int]
) -> None:
    client = await new_client(clinic.practice_id)
    wanted = Data(dashboard_id=str(overview_id(clinic.practice_id)))
    async with client.watching(wanted) as following:
        assert (await following()).HasField("data")
        await _recorded(service, uuid.uuid4())
        await _recorded(service, clinic.practice_id)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2.5):
                await following()


async def test_a_deleted_dashboard_ends_its_stream(new_client: NewClient) -> None:
    client = await new_client()
    made = await create(client)
    async with client.watching(Data(dashboard_id=made.id)) as following:
        assert (await following()).HasField("data")
        await client.call("DeleteDashboard", Delete(dashboard_id=made.id))
        assert isinstance(await failure_of(following()), NotFound)


@pytest.fixture
def watchers() -> Watchers:
    return Watchers(most=2)


class Source:
    """Figures that count how often they were looked at."""

    def __init__(self) -> None:
        self.looks: list[float] = []
        self.steady = False

    async def look(self) -> dashboard_service_pb2.DashboardData:
        self.looks.append(time.monotonic())
        shown = 0 if self.steady else len(self.looks)
        return dashboard_service_pb2.DashboardData(practice_name=str(shown))


@pytest.fixture
def signer(postgres: Any) -> InternalSigner:
    from pathlib import Path

    from praxis_chassis.tokens import load_key

    path = postgres.environment("dashboard")["PRAXIS_DASHBOARD_SIGNING_KEY_FILE"]
    return InternalSigner("dashboard", load_key(Path(path)))


async def _next(stream: AsyncIterator[Any]) -> Any:
    async with asyncio.timeout(5):
        return await anext(stream)


async def test_many_revisions_are_few_pushes(watchers: Watchers, signer: InternalSigner) -> None:
    practice_id, source = uuid.uuid4(), Source()
    enter_as(practice_id)
    live = Live(watchers, signer, pause_s=0.2)
    async with aclosing(live.watch(source.look)) as stream:
        assert (await _next(stream)).data.practice_name == "1"
        busy = asyncio.create_task(_touch_often(watchers, practice_id))
        for _ in range(4):
            await _next(stream)
        busy.cancel()
    gaps = [b - a for a, b in zip(source.looks, source.looks[1:], strict=False)]
    assert min(gaps) > 0.19


async def _touch_often(watchers: Watchers, practice_id: uuid.UUID) -> None:
    while True:
        watchers.touch(practice_id)
        await asyncio.sleep(0.005)


async def test_silence_has_a_heartbeat(watchers: Watchers, signer: InternalSigner) -> None:
    practice_id, source = uuid.uuid4(), Source()
    enter_as(practice_id)
    source.steady = True
    live = Live(watchers, signer, pause_s=0, heartbeat_s=0.05)
    async with aclosing(live.watch(source.look)) as stream:
        assert (await _next(stream)).HasField("data")
        assert (await _next(stream)).heartbeat
        watchers.touch(practice_id)
        assert (await _next(stream)).heartbeat
        assert len(source.looks) == 2


async def test_a_drain_sends_everybody_away(watchers: Watchers, signer: InternalSigner) -> None:
    enter_as(uuid.uuid4())
    async with aclosing(Live(watchers, signer, pause_s=0).watch(Source().look)) as stream:
        await _next(stream)
        waiting = asyncio.create_task(_next(stream))
        await asyncio.sleep(0.05)
        watchers.close()
        assert isinstance(await failure_of(waiting), Draining)


async def test_live_pages_are_bounded(watchers: Watchers) -> None:
    practice_id = uuid.uuid4()
    with (
        watchers.join(practice_id),
        watchers.join(uuid.uuid4()),
        pytest.raises(LimitExceeded),
        watchers.join(practice_id),
    ):
        pass
    with watchers.join(practice_id) as news:
        watchers.touch(None)
        assert news.is_set()
