"""Audit rows and events: with the change or not at all, and never changed again."""

from __future__ import annotations

import asyncio
import contextvars
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from psycopg import errors as pg

from praxis.report.v1 import events_pb2
from praxis_chassis.database import Database
from praxis_chassis.errors import Forbidden, NotAuthenticated
from praxis_chassis.records import ReadAudit, audit, emit

from .conftest import Scratch, add_thing, count_things, opened, through_proxy

Enter = Callable[..., Any]
SUBJECT = "praxis.scratch.v1.thing.added"


async def _change(database: Database, practice: uuid.UUID, fail: bool = False) -> uuid.UUID:
    event = events_pb2.ExecutionQueued(practice_id=str(practice))
    async with database.write(practice) as connection:
        thing_id = await add_thing(connection, practice)
        await audit(connection, "thing.add", "thing", thing_id, fields=["name"])
        await emit(connection, practice, SUBJECT, event)
        if fail:
            raise KeyError("anything")
    return thing_id


def _left(scratch: Scratch, practice: uuid.UUID) -> tuple[list[Any], list[Any]]:
    """Audit rows and events of a practice, as the superuser sees them."""
    with scratch.admin() as admin:
        rows = admin.execute(
            "select actor, on_behalf_of, roles, purpose, action, object_type, object_id, outcome,"
            " address, request_id, fields from audit_log where practice_id = %s order by audit_id",
            (practice,),
        ).fetchall()
        events = admin.execute(
            "select subject, payload, request_id, seq, published_at from event_log"
            " where practice_id = %s",
            (practice,),
        ).fetchall()
    return rows, events


async def test_all_or_nothing(app: Database, scratch: Scratch, enter_caller: Enter) -> None:
    call = enter_caller(purpose="operations", address="10.0.0.9")
    practice = call.caller.practice_id
    with pytest.raises(KeyError):
        await _change(app, practice, fail=True)
    assert _left(scratch, practice) == ([], [])
    assert await count_things(app, practice) == 0
    thing_id = await _change(app, practice)
    ((*row,),), (event,) = _left(scratch, practice)
    told = ["user-7", "", ["owner"], "operations", "thing.add", "thing", str(thing_id), "ok"]
    assert row == [*told, "10.0.0.9", call.request_id, ["name"]]
    payload = events_pb2.ExecutionQueued(practice_id=str(practice)).SerializeToString()
    assert event == (SUBJECT, payload, call.request_id, None, None)
    assert await count_things(app, practice) == 1


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        # The gateway signs for the person who calls; a service acts by itself, in a name.
        ("gateway", ("user-7", "")),
        ("", ("user-7", "")),
        ("report", ("report", "user-7")),
    ],
)
async def test_who_acted_and_for_whom(
    app: Database, scratch: Scratch, enter_caller: Enter, actor: str, expected: tuple[str, str]
) -> None:
    practice = enter_caller(actor=actor).caller.practice_id
    await _change(app, practice)
    ((*row,),), _ = _left(scratch, practice)
    assert (row[0], row[1]) == expected


async def test_there_is_no_record_without_a_caller(app: Database) -> None:
    async def change() -> None:
        await _change(app, uuid.uuid4())

    task = asyncio.create_task(change(), context=contextvars.Context())
    with pytest.raises(NotAuthenticated):
        await task


@pytest.mark.parametrize("login", ["app", "worker"])
async def test_records_stay_as_they_are(
    app: Database, worker: Database, enter_caller: Enter, login: str
) -> None:
    practice = enter_caller().caller.practice_id
    await _change(app, practice)
    database = {"app": app, "worker": worker}[login]
    for statement in (
        "update audit_log set outcome = 'x'",
        "delete from audit_log",
        "truncate audit_log",
        "update event_log set payload = ''" if login == "app" else "truncate event_log",
        "delete from event_log" if login == "app" else "truncate audit_log",
    ):
        with pytest.raises(pg.InsufficientPrivilege):
            async with database.write(practice) as connection:
                await connection.execute(statement.encode())


# Reads, gathered.


async def test_reads_are_written_within_a_second_by_practice(
    app: Database, scratch: Scratch, enter_caller: Enter
) -> None:
    reads = ReadAudit(app)
    reads.start()
    practices = [uuid.uuid4(), uuid.uuid4()]
    for practice in practices * 3:
        enter_caller(practice)
        reads.note("metrics.read", "receipt", "r", fields=["total_charges"])
    await asyncio.sleep(1)
    for practice in practices:
        rows, _ = _left(scratch, practice)
        assert [(row[4], row[10]) for row in rows] == [("metrics.read", ["total_charges"])] * 3
    enter_caller(practices[0])
    reads.note("metrics.read", "receipt", "last")
    await reads.stop()
    assert [row[6] for row in _left(scratch, practices[0])[0]] == ["r", "r", "r", "last"]


async def test_a_refusal_is_recorded(app: Database, scratch: Scratch, enter_caller: Enter) -> None:
    practice = enter_caller().caller.practice_id
    reads = ReadAudit(app)
    reads.refused("/praxis.report.v1.ReportService/GetReport", Forbidden("no"))
    await reads.flush()
    ((*row,),), _ = _left(scratch, practice)
    assert row[4:8] == [
        "call.refused",
        "method",
        "/praxis.report.v1.ReportService/GetReport",
        "missing_permission",
    ]


async def test_an_outage_loses_nothing_and_a_lost_answer_doubles_nothing(
    scratch: Scratch, enter_caller: Enter
) -> None:
    practices = [uuid.uuid4() for _ in range(3)]
    async with through_proxy(scratch.settings.conninfo("app")) as (database, proxy):
        await proxy.cut()
        reads = ReadAudit(database)
        reads.start()
        for number in range(30):
            enter_caller(practices[number % 3])
            reads.note("metrics.read", "receipt", number)
        await asyncio.sleep(1.2)
        assert [_left(scratch, one)[0] for one in practices] == [[], [], []]
        proxy.through = proxy.lose_commits = True
        await asyncio.sleep(1.2)
        # Written, and the writer cannot know.
        assert len(_left(scratch, practices[0])[0]) == 10
        assert len(reads._rows) == 30
        proxy.lose_commits = False
        await reads.stop()
    for start, practice in enumerate(practices):
        rows, _ = _left(scratch, practice)
        assert sorted(int(row[6]) for row in rows) == list(range(start, 30, 3))


async def test_stopping_in_the_middle_of_writing_loses_and_doubles_nothing(
    app: Database, scratch: Scratch, enter_caller: Enter
) -> None:
    practice = enter_caller().caller.practice_id
    reads = ReadAudit(app)
    reads.start()
    for number in range(2000):
        reads.note("metrics.read", "receipt", number)
    # Just when the first flush is under way.
    await asyncio.sleep(0.52)
    await reads.stop()
    assert len(_left(scratch, practice)[0]) == 2000


async def test_when_too_much_is_unwritten_it_says_full(
    app: Database, enter_caller: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadAudit, "_MOST", 3)
    enter_caller()
    reads = ReadAudit(app)
    for number in range(3):
        assert not reads.full
        reads.note("metrics.read", "receipt", number)
    assert reads.full
    # Refusals cannot make it grow.
    reads.refused("/x", Forbidden("no"))
    assert len(reads._rows) == 3
    await reads.flush()
    assert not reads.full


async def test_a_bad_row_does_not_end_the_writing(
    app: Database, scratch: Scratch, enter_caller: Enter
) -> None:
    reads = ReadAudit(app)
    reads.start()
    enter_caller()
    reads.note("metrics.read", "receipt", "nul\x00")
    await asyncio.sleep(0.7)
    assert reads._task is not None
    assert not reads._task.done()
    reads._rows.clear()
    practice = enter_caller().caller.practice_id
    reads.note("metrics.read", "receipt", "good")
    await reads.stop()
    assert len(_left(scratch, practice)[0]) == 1


async def test_a_slow_database_does_not_hold_up_the_reads(
    scratch: Scratch, enter_caller: Enter
) -> None:
    enter_caller()
    async with opened(scratch.settings.conninfo("app"), size=1) as narrow:
        reads = ReadAudit(narrow)
        async with narrow.read(None):
            started = time.monotonic()
            for number in range(1000):
                reads.note("metrics.read", "receipt", number)
            assert time.monotonic() - started < 0.5
        await reads.flush()
    assert not reads._rows
