"""The gateway with a real broker: what it keeps, what it tells, and when it asks anew."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import eventually
from praxis.analytics.v1 import metrics_pb2, practice_pb2, read_pb2
from praxis.event.v1 import event_pb2
from praxis_chassis import nkeys
from praxis_chassis.errors import DependencyDown
from praxis_cli.stack.broker import Nats
from praxis_cli.stack.cluster import Running, start_nats

from .conftest import PRACTICE, USER, Stand, running

PATH = "/api/v1/reports/analytics/revenue"
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
SHOWN = read_pb2.Shown(answers=[read_pb2.ShownAnswer(receipt="abc", fields=["total_revenue"])])


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running[Nats]]:
    with start_nats(tmp_path_factory.mktemp("nats")) as server:
        yield server


class Desk:
    """A gateway that hears the broker, before services that count what they are asked."""

    def __init__(self, stand: Stand, client: httpx.AsyncClient) -> None:
        self.stand = stand
        self.client = client
        self.asked = 0
        self.told: list[tuple[str, Any]] = []
        replies = stand.canned.replies
        replies["GetRevenueMetrics"] = self._revenue
        replies["RecordReads"] = self._reads

    async def _revenue(self, request: Any, context: Any) -> metrics_pb2.RevenueMetrics:
        self.asked += 1
        trailer = (("praxis-shown-bin", SHOWN.SerializeToString()),)
        context.set_trailing_metadata(trailer)
        return metrics_pb2.RevenueMetrics(total_revenue=self.asked)

    async def _reads(self, request: Any, context: Any) -> read_pb2.RecordReadsResponse:
        who = self.stand.last.call.caller.user_id
        self.told += [(who, read) for read in request.reads]
        return read_pb2.RecordReadsResponse()

    async def ask(self, **headers: str) -> httpx.Response:
        found = await self.client.post(PATH, json=YEAR, headers=headers)
        assert found.status_code == 200, found.text
        return found

    async def keeps(self) -> bool:
        return "age" in (await self.ask()).headers


@pytest.fixture
async def desk(stand: Stand, broker: Running[Nats]) -> AsyncIterator[Desk]:
    settings = stand.keys.settings(
        stand.target, nats_url=broker.server.url, nats_seed_file=broker.server.seed_file("gateway")
    )
    async with (
        running(settings) as (url, _),
        httpx.AsyncClient(base_url=url, headers=dict(stand.client.headers), timeout=20) as client,
    ):
        desk = Desk(stand, client)
        await eventually(desk.keeps)
        yield desk


async def publish(broker: Running[Nats], practice_id: uuid.UUID) -> None:
    seed: Path = broker.server.seed_file("analytics")
    client = await nkeys.connect(broker.server.url, seed, inbox_prefix=b"_INBOX_analytics")
    event = event_pb2.Event(seq=1, practice_id=str(practice_id))
    envelope = event_pb2.Envelope(producer="analytics", events=[event])
    await client.publish("praxis.analytics.v1.envelope", envelope.SerializeToString())
    await client.close()


async def test_a_kept_answer_is_the_same_and_every_read_is_told(desk: Desk) -> None:
    before, asked = len(desk.told), desk.asked
    fresh = await desk.ask(**{"cache-control": "no-cache"})
    again = [await desk.ask(**{"x-request-id": f"again-{n}"}) for n in range(3)]
    assert desk.asked == asked + 1
    assert {one.content for one in again} == {fresh.content}
    assert ("age" in fresh.headers, [one.headers["age"] for one in again]) == (False, ["0"] * 3)
    assert again[0].headers["content-type"] == fresh.headers["content-type"]
    assert again[0].headers["cache-control"] == "no-store"

    async def told() -> bool:
        return {f"again-{n}" for n in range(3)} <= {read.request_id for _, read in desk.told}

    await eventually(told)
    who, read = next(one for one in desk.told[before:] if one[1].request_id == "again-1")
    assert (who, read.shown) == (USER, SHOWN)


async def test_an_event_of_the_practice_makes_it_ask_anew(
    desk: Desk, broker: Running[Nats]
) -> None:
    first = (await desk.ask()).json()["total_revenue"]
    await publish(broker, uuid.uuid4())
    assert (await desk.ask()).json()["total_revenue"] == first
    await publish(broker, PRACTICE)

    async def new() -> bool:
        return bool((await desk.ask()).json()["total_revenue"] > first)

    await eventually(new)
    assert await desk.keeps()


async def test_others_get_their_own_answer(desk: Desk) -> None:
    seen = [(await desk.ask()).json()["total_revenue"]]
    for claims in (
        {"sub": "user-8"},
        {"roles": ["owner", "billing"]},
        {"practice_id": str(uuid.uuid4())},
    ):
        token = desk.stand.keys.token(**claims)
        found = await desk.ask(authorization=f"Bearer {token}")
        assert "age" not in found.headers
        seen.append(found.json()["total_revenue"])
    assert len(set(seen)) == 4
    assert await desk.keeps()
    wrong = desk.stand.keys.token(desk.stand.keys.other)
    refused = await desk.client.post(PATH, json=YEAR, headers={"authorization": f"Bearer {wrong}"})
    assert refused.status_code == 401


async def test_a_command_of_the_practice_ends_what_is_kept(desk: Desk) -> None:
    desk.stand.canned.replies["UpdatePractice"] = practice_pb2.Practice(name="New")
    first = (await desk.ask()).json()["total_revenue"]
    changed = await desk.client.patch("/api/v1/practice", json={"name": "New"})
    assert changed.status_code == 200, changed.text
    assert (await desk.ask()).json()["total_revenue"] > first


async def test_what_the_service_does_not_call_keepable_is_asked_each_time(desk: Desk) -> None:
    desk.stand.canned.replies["GetPractice"] = practice_pb2.Practice(name="Ours")
    asked = len(desk.stand.canned.seen)
    for _ in range(2):
        assert "age" not in (await desk.client.get("/api/v1/practice")).headers
    names = [seen.name for seen in desk.stand.canned.seen[asked:]]
    assert names.count("GetPractice") == 2


async def test_reads_that_could_not_be_told_are_told_later(desk: Desk) -> None:
    desk.stand.canned.replies["RecordReads"] = DependencyDown("not now")
    await desk.ask(**{"x-request-id": "told-late"})
    await asyncio.sleep(0.7)
    desk.stand.canned.replies["RecordReads"] = desk._reads

    async def told() -> bool:
        return [read.request_id for _, read in desk.told].count("told-late") == 1

    await eventually(told)


async def test_nothing_is_kept_without_the_broker(stand: Stand, tmp_path: Path) -> None:
    with start_nats(tmp_path) as own:
        settings = stand.keys.settings(
            stand.target, nats_url=own.server.url, nats_seed_file=own.server.seed_file("gateway")
        )
        async with (
            running(settings) as (url, _),
            httpx.AsyncClient(base_url=url, headers=dict(stand.client.headers)) as client,
        ):
            desk = Desk(stand, client)
            await eventually(desk.keeps)
            own.stop()

            async def asks() -> bool:
                return not await desk.keeps()

            await eventually(asks, 5)
            assert not await desk.keeps()


async def test_nothing_is_kept_by_a_user_who_may_not_hear(stand: Stand, tmp_path: Path) -> None:
    with start_nats(tmp_path) as own:
        settings = stand.keys.settings(
            stand.target, nats_url=own.server.url, nats_seed_file=own.server.seed_file("report")
        )
        async with (
            running(settings) as (url, _),
            httpx.AsyncClient(base_url=url, headers=dict(stand.client.headers)) as client,
        ):
            desk = Desk(stand, client)
            await asyncio.sleep(1.0)
            assert [await desk.keeps() for _ in range(3)] == [False] * 3
