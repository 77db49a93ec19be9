"""Transactions of one practice on a bounded pool."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg
from psycopg.pq import TransactionStatus
from psycopg.sql import SQL

from praxis_chassis.database import Database, transaction
from praxis_chassis.errors import Conflict, DependencyDown, LimitExceeded, TooSlow

from .conftest import Scratch, add_thing, count_things, opened


async def _one(connection: Any, query: str, *parameters: object) -> Any:
    row = await (await connection.execute(query, parameters)).fetchone()
    return None if row is None else row[0]


@pytest.fixture
async def narrow(scratch: Scratch) -> AsyncIterator[Database]:
    """A pool of one connection, so that every borrower gets the same."""
    async with opened(scratch.settings.conninfo("app"), size=1) as database:
        yield database


async def test_a_transaction_knows_its_practice_and_bounds(app: Database) -> None:
    practice = uuid.uuid4()
    async with app.write(practice) as connection:
        assert await _one(connection, "show app.practice_id") == str(practice)
        assert await _one(connection, "show statement_timeout") == "5s"
        assert await _one(connection, "show lock_timeout") == "1s"
        assert await _one(connection, "show idle_in_transaction_session_timeout") == "10s"
        assert await _one(connection, "show transaction_isolation") == "read committed"
    async with app.read(practice) as connection:
        assert await _one(connection, "show statement_timeout") == "8s"
        assert await _one(connection, "show transaction_isolation") == "repeatable read"


async def test_a_first_query_goes_out_with_the_opening(narrow: Database) -> None:
    practice, other = uuid.uuid4(), uuid.uuid4()
    shown = SQL("select current_setting('app.practice_id'), {}").format(42)
    async with narrow.read_first(practice, shown) as (connection, row):
        assert row == (str(practice), 42)
        assert await _one(connection, "show transaction_isolation") == "repeatable read"
        with pytest.raises(pg.ReadOnlySqlTransaction):
            await connection.execute("create table t (n int)")
    # Left open, even failed, it is ended before the next borrower gets the connection.
    async with narrow.alone() as connection:
        assert connection.info.transaction_status == TransactionStatus.IDLE
        assert await _one(connection, "show app.practice_id") in ("", None)
    async with narrow.read_first(other, shown) as (_, row):
        assert row == (str(other), 42)


async def test_a_statement_gets_no_more_time_than_the_call(
    app: Database, enter_caller: Any
) -> None:
    call = enter_caller()
    object.__setattr__(call, "deadline", time.monotonic() + 1.5)
    for ours in (app.read(None), app.write(None), app.read(None, 30_000)):
        async with ours as connection:
            shown = await _one(connection, "show statement_timeout")
            assert 1000 < int(shown.removesuffix("ms")) <= 1400
    async with app.read(None, 200) as connection:
        assert await _one(connection, "show statement_timeout") == "200ms"
    object.__setattr__(call, "deadline", time.monotonic() - 5)
    async with app.read(None) as connection:
        assert await _one(connection, "show statement_timeout") == "50ms"


async def test_a_practice_id_is_a_value_not_sql(app: Database, scratch: Scratch) -> None:
    hostile: Any = "x'; drop table thing; --"
    async with app.read(hostile) as connection:
        assert await _one(connection, "show app.practice_id") == hostile
    assert await count_things(app, uuid.uuid4()) == 0


async def test_a_change_is_kept_and_a_read_changes_nothing(app: Database) -> None:
    practice = uuid.uuid4()
    async with app.write(practice) as connection:
        await add_thing(connection, practice)
    assert await count_things(app, practice) == 1
    with pytest.raises(pg.ReadOnlySqlTransaction):
        async with app.read(practice) as connection:
            await add_thing(connection, practice)


async def test_a_read_sees_one_state_throughout(app: Database) -> None:
    practice = uuid.uuid4()
    async with app.read(practice) as reading:
        assert await _one(reading, "select count(*) from thing") == 0
        async with app.write(practice) as writing:
            await add_thing(writing, practice)
        assert await _one(reading, "select count(*) from thing") == 0
    assert await count_things(app, practice) == 1


async def test_an_exception_takes_everything_back(app: Database) -> None:
    practice = uuid.uuid4()
    with pytest.raises(KeyError):
        async with app.write(practice) as connection:
            await add_thing(connection, practice)
            raise KeyError("anything")
    assert await count_things(app, practice) == 0


async def test_a_cancellation_takes_everything_back(app: Database) -> None:
    practice = uuid.uuid4()
    added = asyncio.Event()

    async def work(seconds: float) -> None:
        async with app.write(practice) as connection:
            await add_thing(connection, practice)
            added.set()
            await connection.execute("select pg_sleep(%s)", (seconds,))
            await asyncio.sleep(30)

    for seconds in (30.0, 0.0):
        added.clear()
        task = asyncio.create_task(work(seconds))
        await added.wait()
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 2)
    assert await count_things(app, practice) == 0


async def test_a_swallowed_failure_is_no_success(app: Database) -> None:
    """PostgreSQL answers COMMIT by ROLLBACK, and no error, when a statement had failed."""
    practice = uuid.uuid4()
    with pytest.raises(pg.InFailedSqlTransaction):
        async with app.write(practice) as connection:
            await add_thing(connection, practice)
            with pytest.raises(pg.DivisionByZero):
                await connection.execute("select 1/0")
    assert await count_things(app, practice) == 0


async def test_the_connection_is_usable_after_a_failed_beginning(scratch: Scratch) -> None:
    async with await psycopg.AsyncConnection.connect(
        scratch.settings.conninfo("app"), autocommit=True
    ) as connection:
        nul: Any = "\x00"
        for practice in (nul, None):
            try:
                async with transaction(connection, "BEGIN", practice, 1000):
                    assert practice is None
            except psycopg.Error:
                assert practice is nul
        with pytest.raises(pg.InvalidParameterValue):
            async with transaction(connection, "BEGIN", None, -5):
                pass
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


async def test_cancelled_twice_still_leaves_nothing_running(
    narrow: Database, scratch: Scratch
) -> None:
    mark = f"/* {uuid.uuid4()} */"

    async def work() -> None:
        async with narrow.read(None, 60_000) as connection:
            await connection.execute(f"select pg_sleep(30) {mark}".encode())

    task = asyncio.create_task(work())
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(1)
    with scratch.admin() as admin:
        left = admin.execute(
            "select count(*) from pg_stat_activity where query like %s and pid <> pg_backend_pid()"
            " and state = 'active'",
            (f"%{mark}%",),
        ).fetchone()
    assert left == (0,)
    assert await count_things(narrow, uuid.uuid4()) == 0


async def test_nothing_of_a_borrower_reaches_the_next(narrow: Database, scratch: Scratch) -> None:
    practice = uuid.uuid4()
    async with narrow.write(practice) as connection:
        pid = await _one(connection, "select pg_backend_pid()")
        await add_thing(connection, practice)
        # What no code of ours does.
        await connection.execute(f"set app.practice_id = '{practice}'".encode())
        await connection.execute("set statement_timeout = 0")
        await connection.execute("create temp table leak as select 1 as x")
        await connection.execute("select pg_advisory_lock(77)")
        await connection.execute("listen leak")
        await connection.execute("prepare leak as select 1")
        await connection.execute("declare leak cursor with hold for select 1")
    async with narrow.read(None) as connection:
        assert await _one(connection, "select pg_backend_pid()") == pid
        assert await _one(connection, "select current_setting('app.practice_id')") == ""
        assert await _one(connection, "select to_regclass('pg_temp.leak')") is None
        assert await _one(connection, "select count(*) from thing") == 0
        assert await _one(connection, "select count(*) from pg_listening_channels()") == 0
        assert await _one(connection, "select count(*) from pg_prepared_statements") == 0
        assert await _one(connection, "select count(*) from pg_cursors where is_holdable") == 0
        locks = "select count(*) from pg_locks where locktype = 'advisory' and pid = %s"
        assert await _one(connection, locks, pid) == 0
    # Outside of our transaction the session has its own time limit again.
    with scratch.admin() as admin:
        assert admin.execute("select pg_try_advisory_lock(77)").fetchone() == (True,)


async def test_a_full_pool_says_so_within_a_second(narrow: Database) -> None:
    async with narrow.read(None):
        started = time.monotonic()
        with pytest.raises(LimitExceeded):
            async with narrow.read(None):
                pytest.fail("there is only one connection")
        assert 0.8 < time.monotonic() - started < 1.6


async def test_a_full_queue_of_borrowers_says_so_at_once(narrow: Database) -> None:
    async def borrow() -> None:
        async with narrow.read(None):
            pass

    async with narrow.read(None):
        started = time.monotonic()
        results = await asyncio.gather(*(borrow() for _ in range(40)), return_exceptions=True)
        assert time.monotonic() - started < 2
    assert {type(one) for one in results} == {LimitExceeded}
    await borrow()


async def test_a_slow_statement(app: Database) -> None:
    with pytest.raises(TooSlow):
        async with app.read(None, 100) as connection:
            await connection.execute("select pg_sleep(5)")


async def test_an_idle_transaction_is_ended(scratch: Scratch, narrow: Database) -> None:
    with pytest.raises(TooSlow):
        async with narrow.read(None) as connection:
            await connection.execute("set local idle_in_transaction_session_timeout = 50")
            await asyncio.sleep(0.3)
            await connection.execute("select 1")
    assert await count_things(narrow, uuid.uuid4()) == 0


async def test_a_locked_row(app: Database) -> None:
    practice = uuid.uuid4()
    async with app.write(practice) as connection:
        await add_thing(connection, practice)
    async with app.write(practice) as connection:
        await connection.execute("update thing set name = 'b'")
        started = time.monotonic()
        with pytest.raises(Conflict):
            async with app.write(practice) as other:
                await other.execute("update thing set name = 'c'")
        assert 0.8 < time.monotonic() - started < 2


async def test_a_deadlock_and_a_lost_update_are_conflicts(app: Database) -> None:
    practice = uuid.uuid4()
    async with app.write(practice) as connection:
        ids = [await add_thing(connection, practice) for _ in range(2)]

    async def change(first: uuid.UUID, second: uuid.UUID) -> None:
        async with app.write(practice) as connection:
            # Waits longer for the lock than the server for a deadlock.
            await connection.execute("set local lock_timeout = '4s'")
            await connection.execute("update thing set name = 'b' where thing_id = %s", (first,))
            await asyncio.sleep(0.2)
            await connection.execute("update thing set name = 'b' where thing_id = %s", (second,))

    results = await asyncio.gather(change(*ids), change(*reversed(ids)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "NoneType"]


@pytest.mark.slow
async def test_a_server_that_does_not_answer_stops_the_start(scratch: Scratch) -> None:
    conninfo = psycopg.conninfo.make_conninfo(scratch.settings.conninfo("app"), password="wrong")
    database = Database(conninfo, 1)
    with pytest.raises(DependencyDown):
        await asyncio.wait_for(database.open(), 12)
