"""How long a call may take, how many there may be, and how a server comes and goes."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc

from praxis.report.v1 import report_service_pb2
from praxis_chassis import errors
from praxis_chassis.caller import current
from praxis_chassis.database import Database

from .calls import (
    ANALYTICS,
    DOWNLOAD,
    GET,
    REPORT,
    Stand,
    drained,
    failure,
    practice,
    serving,
)
from .conftest import Scratch

# How long it takes.


async def test_a_passed_deadline(stand: Stand) -> None:
    ended = asyncio.Event()

    async def sleep(_request: Any, _context: Any) -> Any:
        try:
            await asyncio.sleep(30)
        finally:
            ended.set()

    async def sleep_midway(request: Any, context: Any) -> AsyncIterator[Any]:
        yield report_service_pb2.DownloadReportExecutionResponse(data=b"1")
        await sleep(request, context)

    stand.answers.unary, stand.answers.stream = sleep, sleep_midway
    signed = stand.signed("service")
    stream = stand.report.DownloadReportExecution(DOWNLOAD, metadata=signed, timeout=0.3)
    assert type(errors.from_rpc(await failure(drained(stream)))) is errors.TooSlow
    await asyncio.wait_for(ended.wait(), 1)
    ended.clear()
    call = stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=0.3)
    assert type(errors.from_rpc(await failure(call))) is errors.TooSlow
    await asyncio.wait_for(ended.wait(), 1)


async def test_a_caller_without_a_deadline_gets_one(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("praxis_chassis.server.DEFAULT_DEADLINE_S", 0.2)

    async def sleep(_request: Any, _context: Any) -> Any:
        await asyncio.sleep(30)

    async def sleep_first(_request: Any, _context: Any) -> AsyncIterator[Any]:
        await asyncio.sleep(30)
        yield None

    stand.answers.unary, stand.answers.stream = sleep, sleep_first
    for call in (
        stand.analytics.GetPractice(GET, metadata=stand.signed()),
        drained(stand.report.DownloadReportExecution(DOWNLOAD, metadata=stand.signed("service"))),
    ):
        failed = await failure(asyncio.wait_for(call, 5))
        assert failed.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        assert type(errors.from_rpc(failed)) is errors.TooSlow


def _running(scratch: Scratch, mark: str) -> int:
    with scratch.admin() as admin:
        row = admin.execute(
            "select count(*) from pg_stat_activity where state = 'active' and query like %s"
            " and pid <> pg_backend_pid()",
            (f"%{mark}%",),
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("kind", ["unary", "stream"])
@pytest.mark.parametrize("how", ["cancel", "deadline"])
async def test_a_client_that_leaves_ends_its_statement(
    stand: Stand, scratch: Scratch, app: Database, kind: str, how: str
) -> None:
    mark = f"/* {uuid.uuid4()} */"
    started, ended = asyncio.Event(), asyncio.Event()

    async def query(_request: Any, _context: Any) -> Any:
        try:
            async with app.read(current().caller.practice_id, 60_000) as connection:
                started.set()
                await connection.execute(f"select pg_sleep(30) {mark}".encode())
        finally:
            ended.set()

    async def query_midway(request: Any, context: Any) -> AsyncIterator[Any]:
        yield report_service_pb2.DownloadReportExecutionResponse(data=b"1")
        await query(request, context)

    stand.answers.unary, stand.answers.stream = query, query_midway
    seconds = 1.0 if how == "deadline" else 30
    if kind == "unary":
        call: Any = stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=seconds)
        waiting = asyncio.ensure_future(call.code())
    else:
        signed = stand.signed("service")
        call = stand.report.DownloadReportExecution(DOWNLOAD, metadata=signed, timeout=seconds)
        waiting = asyncio.ensure_future(drained(call))
    await asyncio.wait_for(started.wait(), 5)
    await asyncio.sleep(0.1)
    assert _running(scratch, mark) == 1
    with structlog.testing.capture_logs() as lines:
        if how == "cancel":
            call.cancel()
        await asyncio.wait([waiting], timeout=5)
        await asyncio.wait_for(ended.wait(), 1)
        await asyncio.sleep(0.05)
    assert _running(scratch, mark) == 0
    (line,) = [line for line in lines if line["event"] == "call.ended"]
    assert line["code"] in (
        ("CANCELLED",) if how == "cancel" else ("CANCELLED", "DEADLINE_EXCEEDED")
    )
    if waiting.done() and not waiting.cancelled():
        waiting.exception()


# Health, drain, limits.


async def _health(stand: Stand, service: str) -> Any:
    stub = health_pb2_grpc.HealthStub(stand.channel)
    return (await stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=5)).status


async def test_health_is_told_to_anyone_by_service(stand: Stand) -> None:
    for name in ("", ANALYTICS, REPORT):
        assert await _health(stand, name) == health_pb2.HealthCheckResponse.SERVING
    failed = await failure(_health(stand, "praxis.other.v1.Other"))
    assert failed.code() is grpc.StatusCode.NOT_FOUND


async def test_drain_ends_what_has_begun(processes: Any) -> None:
    async with serving(processes) as stand:
        go_on, begun = asyncio.Event(), asyncio.Event()

        async def wait(request: Any, context: Any) -> Any:
            begun.set()
            await go_on.wait()
            return await practice(request, context)

        stand.answers.unary = wait
        first = stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=20)
        in_flight = asyncio.ensure_future(first)
        await begun.wait()
        draining = asyncio.create_task(stand.server.drain(0.5))
        await asyncio.sleep(0.1)
        for name in ("", ANALYTICS, REPORT):
            assert await _health(stand, name) == health_pb2.HealthCheckResponse.NOT_SERVING
        # Still served while others learn of it.
        begun.clear()
        late = asyncio.ensure_future(
            stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=20)
        )
        await asyncio.wait_for(begun.wait(), 5)
        await asyncio.sleep(0.6)
        # Not let in any more.
        failed = await failure(stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=2))
        assert type(errors.from_rpc(failed)) is errors.DependencyDown
        assert not draining.done()
        go_on.set()
        assert (await in_flight).id
        assert (await late).id
        await asyncio.wait_for(draining, 5)


async def test_a_call_cut_off_by_a_dying_server_may_be_tried_again(processes: Any) -> None:
    async with serving(processes) as stand:
        begun = asyncio.Event()

        async def wait(_request: Any, _context: Any) -> Any:
            begun.set()
            await asyncio.sleep(30)

        stand.answers.unary = wait
        call = stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=20)
        waiting = asyncio.ensure_future(failure(call))
        await begun.wait()
        await stand.server._server.stop(0)
        assert type(errors.from_rpc(await waiting)) is errors.DependencyDown


async def test_more_calls_than_allowed_at_once(processes: Any) -> None:
    async with serving(processes, concurrent=2) as stand:
        go_on = asyncio.Event()

        async def wait(request: Any, context: Any) -> Any:
            await go_on.wait()
            return await practice(request, context)

        stand.answers.unary = wait
        calls = [
            asyncio.ensure_future(
                stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=20)
            )
            for _ in range(2)
        ]
        await asyncio.sleep(0.3)
        failed = await failure(stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=5))
        assert failed.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert type(errors.from_rpc(failed)) is errors.LimitExceeded
        go_on.set()
        assert all([(await call).id for call in calls])
        assert await stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=5)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("r-1_A", True),
        ("x" * 64, True),
        ("", False),
        ("x" * 65, False),
        ("a b", False),
        ("{}", False),
    ],
)
async def test_request_ids(stand: Stand, given: str, kept: bool) -> None:
    seen: list[str] = []

    async def note(request: Any, context: Any) -> Any:
        seen.append(current().request_id)
        return await practice(request, context)

    stand.answers.unary = note
    signed = stand.signed(request_id=given)
    await stand.analytics.GetPractice(GET, metadata=signed, timeout=5)
    assert (seen[0] == given) is kept
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", seen[0])


async def test_calls_do_not_see_each_other(stand: Stand) -> None:
    async def slow(request: Any, context: Any) -> Any:
        before = current()
        await asyncio.sleep(0.05)
        assert current() is before
        return await practice(request, context)

    stand.answers.unary = slow
    practices = [uuid.uuid4() for _ in range(50)]
    found = await asyncio.gather(
        *(
            stand.analytics.GetPractice(GET, metadata=stand.signed(practice_id=one), timeout=10)
            for one in practices
        )
    )
    assert [one.id for one in found] == [str(one) for one in practices]


@pytest.mark.long
async def test_an_idle_connection_is_kept(processes: Any) -> None:
    """Clients look after idle connections every 30 s; a server that minds closes them."""
    async with serving(processes) as stand:
        stand.answers.unary = practice
        options = [
            ("grpc.keepalive_time_ms", 25_000),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.http2.max_pings_without_data", 0),
        ]
        async with grpc.aio.insecure_channel(stand.target, options=options) as channel:
            await channel.channel_ready()
            lost = asyncio.create_task(
                channel.wait_for_state_change(grpc.ChannelConnectivity.READY)
            )
            await asyncio.wait([lost], timeout=120)
            assert not lost.done()
            lost.cancel()
