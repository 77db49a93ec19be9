"""The front of every service, called over a real connection."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import grpc
import pytest
import structlog
from grpc_health.v1 import health_pb2, health_pb2_grpc

from praxis.analytics.v1 import (
    analytics_service_pb2,
    answer_pb2,
    ingest_service_pb2,
    practice_pb2,
)
from praxis.platform.v1 import events_pb2
from praxis.report.v1 import report_service_pb2
from praxis_chassis import errors
from praxis_chassis.caller import current
from praxis_chassis.channels import MESSAGE_BYTES, open_channel
from praxis_chassis.database import Database

from .conftest import ANALYTICS, INGEST, REPORT, Scratch, Stand, serving

GET = analytics_service_pb2.GetPracticeRequest()
DOWNLOAD = report_service_pb2.DownloadReportExecutionRequest(
    execution_id=str(uuid.uuid4()), token="t" * 40
)


async def failure(call: Awaitable[Any]) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value


async def drained(stream: AsyncIterator[Any]) -> list[Any]:
    return [piece async for piece in stream]


async def practice(_request: Any, _context: Any) -> practice_pb2.Practice:
    return practice_pb2.Practice(id=str(current().caller.practice_id))


# Who may come in.


async def test_a_verified_caller_reaches_the_method(stand: Stand) -> None:
    seen: list[Any] = []

    async def answer(request: Any, context: Any) -> Any:
        seen.append(current())
        return await practice(request, context)

    stand.answers.unary = answer
    practice_id = uuid.uuid4()
    signed = stand.signed("billing", practice_id=practice_id, idempotency_key="k-1")
    found = await stand.analytics.GetPractice(GET, metadata=signed, timeout=5)
    assert found.id == str(practice_id)
    (call,) = seen
    assert (call.caller.user_id, call.caller.roles) == ("user-7", {"billing"})
    assert (call.caller.actor, call.request_id, call.idempotency_key) == ("gateway", "r-1", "k-1")
    assert 4 < call.remaining_s() < 5
    assert call.token


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Basic abc", "bearer x", "Bearer a.b.c"]
)
async def test_nobody_is_turned_away(stand: Stand, authorization: str | None) -> None:
    metadata = () if authorization is None else (("authorization", authorization),)
    for call in (
        stand.analytics.GetPractice(GET, metadata=metadata, timeout=5),
        drained(stand.report.DownloadReportExecution(DOWNLOAD, metadata=metadata, timeout=5)),
    ):
        failed = await failure(call)
        assert type(errors.from_rpc(failed)) is errors.NotAuthenticated
    assert stand.answers.refused == []


async def test_without_the_permission_the_refusal_is_told(stand: Stand) -> None:
    request = answer_pb2.DateRange(start_date="not even read")
    failed = await failure(
        stand.analytics.GetRevenueMetrics(request, metadata=stand.signed("front_desk"), timeout=5)
    )
    assert type(errors.from_rpc(failed)) is errors.Forbidden
    ((method, error),) = stand.answers.refused
    assert method == f"/{ANALYTICS}/GetRevenueMetrics"
    assert error.reason == "MISSING_PERMISSION"


async def test_a_refusal_inside_a_method_is_told_too(stand: Stand) -> None:
    async def refuse(_request: Any, _context: Any) -> Any:
        raise errors.Forbidden("this needs the permission read_financial")

    stand.answers.unary = refuse
    await failure(stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=5))
    assert [method for method, _ in stand.answers.refused] == [f"/{ANALYTICS}/GetPractice"]


async def test_roles_of_people_open_no_stream_of_services(stand: Stand) -> None:
    every_role = ("owner", "admin", "billing", "provider", "front_desk", "analyst", "auditor")
    stream = stand.report.DownloadReportExecution(DOWNLOAD, metadata=stand.signed(*every_role))
    assert type(errors.from_rpc(await failure(drained(stream)))) is errors.Forbidden
    assert len(stand.answers.refused) == 1


async def test_what_is_not_served_says_so(stand: Stand) -> None:
    for path in (
        f"/{ANALYTICS}/Drop",
        f"/{REPORT}/Nothing",
        "/praxis.other.v1.Other/Get",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    ):
        ask: Any = stand.channel.unary_unary(path)
        call = ask(b"", metadata=stand.signed(), timeout=5)
        assert (await failure(call)).code() is grpc.StatusCode.UNIMPLEMENTED


async def test_a_known_method_that_is_not_overridden(stand: Stand) -> None:
    call = stand.analytics.ResolvePeriod(answer_pb2.Period(), metadata=stand.signed(), timeout=5)
    assert type(errors.from_rpc(await failure(call))) in (errors.Error, errors.NotBuilt)


# What may come in.


def _paths(failed: grpc.aio.AioRpcError) -> list[str]:
    error = errors.from_rpc(failed)
    assert type(error) is errors.InvalidInput
    return [violation.field for violation in error.violations]


async def test_a_bad_date_range_names_its_fields(stand: Stand) -> None:
    request = answer_pb2.DateRange(
        start_date="2026-1-1", end_date="", comparison_end_date="yesterday"
    )
    failed = await failure(
        stand.analytics.GetRevenueMetrics(request, metadata=stand.signed(), timeout=5)
    )
    assert _paths(failed) == ["start_date", "end_date", "comparison_end_date"]
    assert failed.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert str(failed.details()).startswith("start_date: ")


async def test_nested_and_repeated_fields_are_named_with_their_place(stand: Stand) -> None:
    good = answer_pb2.Question(metrics=["total_charges"], period=answer_pb2.Period())
    bad = answer_pb2.Question(
        metrics=["total_charges", "no spaces"],
        period=answer_pb2.Period(start_date="soon"),
        filters=[answer_pb2.Filter(dimension="payer_class", values=["x", "y" * 101])],
    )
    request = analytics_service_pb2.AskRequest(questions=[good, bad])
    failed = await failure(stand.analytics.Ask(request, metadata=stand.signed(), timeout=5))
    assert _paths(failed) == [
        "questions[1].metrics[1]",
        "questions[1].period.start_date",
        "questions[1].filters[0].values[1]",
    ]


async def test_a_thousand_violations_are_still_bad_input(stand: Stand) -> None:
    question = answer_pb2.Question(metrics=[f"no spaces {n}" for n in range(50)])
    request = analytics_service_pb2.AskRequest(questions=[question] * 20)
    failed = await failure(stand.analytics.Ask(request, metadata=stand.signed(), timeout=5))
    assert len(_paths(failed)) == 10


async def test_bytes_that_are_no_request(stand: Stand) -> None:
    call: Any = stand.channel.unary_unary(f"/{ANALYTICS}/Ask")
    failed = await failure(call(b"\xff\xff\xff\xff", metadata=stand.signed(), timeout=5))
    assert type(errors.from_rpc(failed)) is errors.InvalidInput
    # Nobody's bytes are read at all.
    failed = await failure(call(b"\xff\xff\xff\xff", timeout=5))
    assert type(errors.from_rpc(failed)) is errors.NotAuthenticated


async def test_a_message_over_the_limit(stand: Stand) -> None:
    stand.answers.unary = practice
    call: Any = stand.channel.unary_unary(f"/{ANALYTICS}/Ask")
    failed = await failure(call(b"\x00" * 5 * 1024 * 1024, metadata=stand.signed(), timeout=10))
    assert failed.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert type(errors.from_rpc(failed)) is errors.TooLarge
    # Our own channels do not even send it.
    channel = open_channel(stand.target, ANALYTICS)
    ours: Any = channel.unary_unary(f"/{ANALYTICS}/Ask")
    failed = await failure(ours(b"\x00" * (MESSAGE_BYTES + 1), timeout=10))
    assert type(errors.from_rpc(failed)) is errors.TooLarge
    await channel.close()
    # The connection lives on.
    await stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=5)


# What comes back.


async def test_an_unknown_failure_says_nothing(
    stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    async def crash(_request: Any, _context: Any) -> Any:
        raise ValueError("Jane Doe, born 1970")

    async def crash_midway(_request: Any, _context: Any) -> AsyncIterator[Any]:
        yield report_service_pb2.DownloadReportExecutionResponse(data=b"1")
        raise ValueError("Jane Doe, born 1970")

    stand.answers.unary, stand.answers.stream = crash, crash_midway
    stream = stand.report.DownloadReportExecution(DOWNLOAD, metadata=stand.signed("service"))
    with structlog.testing.capture_logs() as lines:
        for call in (
            stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=5),
            drained(stream),
        ):
            failed = await failure(call)
            assert failed.code() is grpc.StatusCode.INTERNAL
            assert failed.details() == errors.INTERNAL_MESSAGE
            assert "Jane" not in str(failed.trailing_metadata())
    assert [line["event"] for line in lines] == ["call.crashed", "call.ended"] * 2
    assert lines[0]["error_type"] == "ValueError"
    assert re.search(r"test_server\.py:\d+$", lines[0]["where"])
    out, err = capsys.readouterr()
    assert "Jane" not in str(lines) + out + err


@pytest.mark.parametrize(
    "error", [errors.NotFound("no such thing"), errors.Conflict("again"), errors.NotBuilt("later")]
)
async def test_a_known_failure_keeps_its_kind(stand: Stand, error: errors.Error) -> None:
    async def fail(_request: Any, _context: Any) -> Any:
        raise error

    stand.answers.unary = fail
    with structlog.testing.capture_logs() as lines:
        got = errors.from_rpc(
            await failure(stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=5))
        )
    assert (type(got), got.message) == (type(error), error.message)
    ((line),) = lines
    assert (line["code"], line["reason"]) == (error.code.name, error.reason)


async def test_a_called_services_failure_is_passed_on(stand: Stand) -> None:
    async with serving(stand.processes) as behind:

        async def refuse(_request: Any, _context: Any) -> Any:
            raise errors.OutOfRange.of("revision", "is newer than the newest")

        async def ask(request: Any, _context: Any) -> Any:
            return await behind.analytics.GetPractice(request, metadata=behind.signed(), timeout=5)

        behind.answers.unary, stand.answers.unary = refuse, ask
        got = errors.from_rpc(
            await failure(stand.analytics.GetPractice(GET, metadata=stand.signed(), timeout=5))
        )
    assert type(got) is errors.OutOfRange
    assert got.violations[0].field == "revision"


async def test_a_stream_arrives_in_order(stand: Stand) -> None:
    async def pieces(_request: Any, _context: Any) -> AsyncIterator[Any]:
        for n in range(100):
            yield report_service_pb2.DownloadReportExecutionResponse(data=bytes([n]))

    stand.answers.stream = pieces
    stream = stand.report.DownloadReportExecution(DOWNLOAD, metadata=stand.signed("service"))
    assert b"".join(piece.data for piece in await drained(stream)) == bytes(range(100))


def _envelope(envelope_id: str = "") -> events_pb2.Envelope:
    """An envelope that holds, unless its id does not."""
    patient = events_pb2.Patient(id="p-1")
    event = events_pb2.Event(event_id=str(uuid.uuid4()), version=1, patient=patient)
    event.occurred_at.GetCurrentTime()
    return events_pb2.Envelope(
        envelope_id=envelope_id or str(uuid.uuid4()),
        practice_id=str(uuid.uuid4()),
        source_system="platform",
        events=[event],
    )


async def _each(requests: AsyncIterator[Any], _context: Any) -> AsyncIterator[Any]:
    async for request in requests:
        yield ingest_service_pb2.PublishEventsResponse(envelope_id=request.envelope_id)


async def test_requests_in_a_stream_are_checked_one_by_one(stand: Stand) -> None:
    stand.answers.both = _each
    good, bad = str(uuid.uuid4()), "no uuid"
    answered: list[str] = []
    stream = stand.ingest.StreamEvents(metadata=stand.signed(), timeout=5)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        for envelope_id in (good, bad):
            await stream.write(_envelope(envelope_id))
            answer = await stream.read()
            answered.append(answer.envelope_id)
    assert answered == [good]
    assert "envelope_id" in _paths(caught.value)


async def test_nobodys_stream_of_requests_is_not_read(stand: Stand) -> None:
    stand.answers.both = _each
    for metadata, kind in (
        ((), errors.NotAuthenticated),
        (stand.signed("auditor"), errors.Forbidden),
    ):
        stream = stand.ingest.StreamEvents(iter([_envelope("bad")]), metadata=metadata, timeout=5)
        assert type(errors.from_rpc(await failure(drained(stream)))) is kind
    assert [method for method, _ in stand.answers.refused] == [f"/{INGEST}/StreamEvents"]


async def test_a_stream_of_requests_that_does_not_end_is_ended(stand: Stand) -> None:
    stand.answers.both = _each
    stream = stand.ingest.StreamEvents(metadata=stand.signed(), timeout=0.3)
    assert type(errors.from_rpc(await failure(stream.read()))) is errors.TooSlow


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


def test_a_server_does_not_take_a_method_without_a_permission(processes: Any) -> None:
    from praxis_chassis.server import Server

    async def add() -> None:
        server = Server(processes.verifier)
        with pytest.raises(KeyError):
            server.add(lambda _servicer, _server: None, object(), "grpc.health.v1.Health")

    asyncio.run(add())


def test_retries_are_for_methods_without_effects_only() -> None:
    from praxis_chassis.channels import _service_config

    config = json.loads(_service_config(REPORT))
    (retried,) = config["methodConfig"]
    names = {method["method"] for method in retried["name"]}
    assert {"GetReport", "ListReports"} <= names
    assert not names & {"CreateReport", "ExecuteReport", "RerunReportExecution"}
    assert retried["retryPolicy"]["retryableStatusCodes"] == ["UNAVAILABLE"]


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
