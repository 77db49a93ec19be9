"""Two practices in one database never meet, whoever is logged in."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg

from praxis_analytics.settings import Settings as AnalyticsSettings
from praxis_analytics.storage.practices import add_practice
from praxis_chassis.database import Connection, Database
from praxis_chassis.records import audit
from praxis_cli.stack.postgres import LOGINS
from praxis_cli.stack.services import Stack
from praxis_report.settings import Settings as ReportSettings

from .conftest import opened

Enter = Callable[..., Any]


@dataclass(frozen=True)
class Table:
    """A tenant table, and how a row of a practice comes into it."""

    name: str
    insert: str


AUDIT = Table(
    "audit_log",
    "insert into audit_log (practice_id, audit_id, at, actor, roles, action, object_type,"
    " object_id, outcome, request_id) values (%(practice)s, gen_random_uuid(), now(), 'x', '{}',"
    " 'x', 'x', 'x', 'ok', 'x')",
)
PRACTICE = Table(
    "practice",
    "insert into practice (practice_id, name, time_zone, created_at)"
    " values (%(practice)s, 'x', 'UTC', now())",
)
TABLES = {"audit_log": AUDIT, "practice": PRACTICE}


@pytest.fixture(params=["app", "worker"])
async def database(
    request: pytest.FixtureRequest, analytics_settings: AnalyticsSettings
) -> AsyncIterator[Database]:
    async with opened(analytics_settings.conninfo(request.param)) as made:
        yield made


@pytest.fixture
async def practices(database: Database, enter_caller: Enter) -> list[uuid.UUID]:
    """Two practices, each with a row in every table."""
    made = [uuid.uuid4(), uuid.uuid4()]
    for one in made:
        enter_caller(one)
        async with database.write(one) as connection:
            await add_practice(connection, one, "Clinic", "UTC")
    return made


async def _all(connection: Connection, query: str, *parameters: object) -> list[Any]:
    return await (await connection.execute(query.encode(), parameters)).fetchall()


@pytest.mark.parametrize("table", TABLES)
async def test_only_the_own_rows_are_seen(
    database: Database, practices: list[uuid.UUID], table: str
) -> None:
    for own in practices:
        async with database.read(own) as connection:
            assert await _all(connection, f"select distinct practice_id from {table}") == [(own,)]
    for nobody in (None, uuid.uuid4()):
        async with database.read(nobody) as connection:
            assert await _all(connection, f"select * from {table}") == []
            assert await _all(connection, f"select count(*) from {table}") == [(0,)]
            named = f"select * from {table} where practice_id = %s"
            assert await _all(connection, named, practices[0]) == []


@pytest.mark.parametrize("table", TABLES)
async def test_a_foreign_row_is_not_there_even_by_name(
    database: Database, practices: list[uuid.UUID], table: str
) -> None:
    own, other = practices
    async with database.write(own) as connection:
        named = f"from {table} where practice_id = %s"
        assert await _all(connection, f"select * {named}", other) == []
        assert (
            await _all(connection, f"select * from {table} where {table}::text ~ %s", str(other))
            == []
        )
        joined = f"select b.* from {table} a, {table} b where a.practice_id <> b.practice_id"
        assert await _all(connection, joined) == []
        if table == "practice":
            assert await _all(connection, f"select * {named} for update", other) == []


@pytest.mark.parametrize("table", TABLES)
async def test_no_row_comes_into_another_practice(
    database: Database, practices: list[uuid.UUID], table: str
) -> None:
    own, _ = practices
    for context, target in ((own, uuid.uuid4()), (None, uuid.uuid4()), (own, practices[1])):
        with pytest.raises(pg.InsufficientPrivilege, match="row-level security"):
            async with database.write(context) as connection:
                await connection.execute(TABLES[table].insert.encode(), {"practice": target})


async def test_no_row_of_another_practice_is_changed(
    database: Database, practices: list[uuid.UUID]
) -> None:
    own, other = practices
    async with database.write(own) as connection:
        everywhere = await connection.execute("update practice set name = 'mine'")
        assert everywhere.rowcount == 1
        named = "update practice set name = 'mine' where practice_id = %s"
        assert (await connection.execute(named, (other,))).rowcount == 0
    async with database.write(None) as connection:
        assert (await connection.execute("update practice set name = 'ours'")).rowcount == 0
    with pytest.raises(pg.InsufficientPrivilege, match="row-level security"):
        async with database.write(own) as connection:
            await connection.execute("update practice set practice_id = %s", (uuid.uuid4(),))
    async with database.read(other) as connection:
        assert await _all(connection, "select name from practice") == [("Clinic",)]


async def test_no_row_is_deleted_or_truncated(
    database: Database, practices: list[uuid.UUID]
) -> None:
    own, _ = practices
    for statement in (
        "delete from practice",
        "truncate practice",
        "delete from audit_log",
        "update audit_log set actor = 'someone else'",
        "truncate audit_log",
        "truncate event_log",
        "alter table practice disable row level security",
        "alter table practice no force row level security",
        "drop policy own_practice on practice",
        "create policy wide on practice using (true)",
        "drop table audit_log",
    ):
        with pytest.raises(pg.InsufficientPrivilege):
            async with database.write(own) as connection:
                await connection.execute(statement.encode())


async def test_row_security_cannot_be_switched_off(
    database: Database, practices: list[uuid.UUID]
) -> None:
    with pytest.raises(pg.InsufficientPrivilege):
        async with database.write(practices[0]) as connection:
            await connection.execute("set local row_security = off")
            await connection.execute("select * from practice")
    for role in ("analytics_owner", "analytics_migrate", "postgres"):
        with pytest.raises(pg.InsufficientPrivilege):
            async with database.write(practices[0]) as connection:
                await connection.execute(f"set local role {role}".encode())


async def test_a_unique_key_is_no_oracle(database: Database, practices: list[uuid.UUID]) -> None:
    """The same ids in two practices are two rows: nothing tells that the other has them."""
    import_id = uuid.uuid4()
    for one in practices:
        async with database.write(one) as connection:
            await connection.execute(
                "insert into import_run (practice_id, import_id, source, overlay, state,"
                " started_at) values (%s, %s, 'fhir', false, 'running', now())",
                (one, import_id),
            )
    for one in practices:
        async with database.read(one) as connection:
            assert await _all(connection, "select practice_id from import_run") == [(one,)]


async def test_forced_security_holds_for_the_owner_too(
    postgres: Stack, practices: list[uuid.UUID], enter_caller: Enter
) -> None:
    conninfo = postgres.postgres.conninfo("praxis_analytics", "analytics_migrate")
    async with await psycopg.AsyncConnection.connect(conninfo) as connection:
        assert await _all(connection, "select current_user::text") == [("analytics_owner",)]
        for table in TABLES:
            assert await _all(connection, f"select count(*) from {table}") == [(0,)]


async def test_the_audit_of_a_practice_holds_its_own_rows_only(
    database: Database, practices: list[uuid.UUID], enter_caller: Enter
) -> None:
    own, other = practices
    enter_caller(other)
    with pytest.raises(pg.InsufficientPrivilege):
        async with database.write(own) as connection:
            await audit(connection, "practice.update", "practice", own)


@pytest.mark.parametrize("login", LOGINS)
def test_a_role_opens_its_own_database_only(
    analytics_settings: AnalyticsSettings, report_settings: ReportSettings, login: str
) -> None:
    for settings, other in (
        (analytics_settings, report_settings),
        (report_settings, analytics_settings),
    ):
        with psycopg.connect(settings.conninfo(login)):
            pass
        conninfo = psycopg.conninfo.make_conninfo(
            settings.conninfo(login), dbname=other.database_name
        )
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(conninfo)
