"""A server that goes away and comes back, and connections that break at the worst moment."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import pytest

from praxis_chassis.database import Database
from praxis_chassis.errors import DependencyDown, LimitExceeded
from praxis_cli.stack.cluster import Running, start_postgres
from praxis_cli.stack.postgres import Postgres
from praxis_cli.stack.processes import start

from .conftest import Scratch, add_thing, count_things, opened, through_proxy


async def test_a_broken_connection_at_the_commit_is_reported_whatever_became_of_it(
    scratch: Scratch,
) -> None:
    practice = uuid.uuid4()
    async with through_proxy(scratch.settings.conninfo("app")) as (database, proxy):
        proxy.lose_commits = True
        with pytest.raises(DependencyDown):
            async with database.write(practice) as connection:
                await add_thing(connection, practice)
        proxy.lose_commits = False
        # It was kept, and only a key could tell.
        assert await count_things(database, practice) == 1


async def test_a_broken_connection_before_the_commit_keeps_nothing(scratch: Scratch) -> None:
    practice = uuid.uuid4()
    async with through_proxy(scratch.settings.conninfo("app")) as (database, proxy):
        with pytest.raises(DependencyDown):
            async with database.write(practice) as connection:
                await add_thing(connection, practice)
                await proxy.cut()
        proxy.through = True
        assert await count_things(database, practice) == 0


async def test_connections_that_broke_while_idle_fail_nobody(
    scratch: Scratch, app: Database
) -> None:
    async with opened(scratch.settings.conninfo("app"), size=4) as database:

        async def hold() -> None:
            async with database.read(None) as connection:
                await connection.execute("select pg_sleep(0.1)")

        await asyncio.gather(*(hold() for _ in range(4)))
        with scratch.admin() as admin:
            ended = admin.execute(
                "select count(pg_terminate_backend(pid, 2000)) from pg_stat_activity"
                " where datname = 'praxis_scratch' and pid <> pg_backend_pid()"
            ).fetchone()
        assert ended is not None
        assert ended[0] >= 4
        started = time.monotonic()
        for _ in range(8):
            await count_things(database, uuid.uuid4())
        assert time.monotonic() - started < 1
    # The shared pool was hit as well, and does not mind either.
    await count_things(app, uuid.uuid4())


async def test_a_long_outage_with_many_callers_heals_at_once(scratch: Scratch) -> None:
    async with through_proxy(scratch.settings.conninfo("app"), size=2) as (database, proxy):
        await proxy.cut()

        async def ask() -> type[BaseException] | None:
            try:
                await count_things(database, uuid.uuid4())
            except (DependencyDown, LimitExceeded) as error:
                return type(error)
            return None

        for _ in range(5):
            started = time.monotonic()
            found = await asyncio.gather(*(ask() for _ in range(60)))
            assert set(found) <= {DependencyDown, LimitExceeded}
            assert DependencyDown in found
            assert time.monotonic() - started < 3
        proxy.through = True
        assert await ask() is None


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running[Postgres]]:
    """A server that may be stopped and killed."""
    with start_postgres(tmp_path_factory.mktemp("own"), services=("report",)) as running:
        yield running


def _start_again(own: Running[Postgres]) -> Running[Postgres]:
    child = start(own.server.process(), own.stack.layout.logs)
    return Running(own.server, own.stack, child)


@pytest.mark.slow
async def test_the_server_goes_away_and_comes_back(own: Running[Postgres]) -> None:
    conninfo = own.server.conninfo("praxis_report", "report_app")
    async with opened(conninfo) as database:
        with pytest.raises(DependencyDown):
            async with database.read(None) as connection:
                own.stop()
                await connection.execute("select 1")
        for _ in range(20):
            started = time.monotonic()
            with pytest.raises(DependencyDown):
                async with database.write(None):
                    pass
            assert time.monotonic() - started < 1.5
        again = await asyncio.to_thread(_start_again, own)
        try:
            async with database.read(None) as connection:
                await connection.execute("select 1")
        finally:
            again.stop()
