"""The front of every service, called over a real connection."""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import structlog

from praxis.analytics.v1 import (
    analytics_service_pb2,
    answer_pb2,
    ingest_service_pb2,
)
from praxis.platform.v1 import events_pb2
from praxis.report.v1 import report_service_pb2
from praxis_chassis import errors
from praxis_chassis.caller import current
from praxis_chassis.channels import MESSAGE_BYTES, open_channel

from .calls import (
    ANALYTICS,
    DOWNLOAD,
    GET,
    INGEST,
    REPORT,
    Stand,
    drained,
    failure,
    practice,
    serving,
)

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
