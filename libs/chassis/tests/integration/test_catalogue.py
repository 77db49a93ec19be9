"""A database that would let practices meet, or forget commits, is refused at the start."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from praxis_analytics.settings import Settings as AnalyticsSettings
from praxis_chassis.catalogue import check_catalogue
from praxis_chassis.settings import DatabaseSettings
from praxis_report.settings import Settings as ReportSettings

from .conftest import MakeScratch, Scratch, opened

OWN = "practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid)"


@pytest.fixture(scope="session")
def flawed(new_scratch: MakeScratch) -> Scratch:
    """A database to be spoilt, and mended again."""
    made = new_scratch("flawed")
    made.migrate()
    return made


async def _faults(settings: DatabaseSettings, login: str = "app") -> str:
    async with opened(settings.conninfo(login), size=1) as database:
        try:
            await check_catalogue(database)
        except RuntimeError as error:
            return str(error)
    return ""


@pytest.mark.parametrize("login", ["app", "worker"])
async def test_migrated_databases_are_without_fault(
    analytics_settings: AnalyticsSettings,
    report_settings: ReportSettings,
    scratch: Scratch,
    login: str,
) -> None:
    for settings in (analytics_settings, report_settings, scratch.settings):
        assert await _faults(settings, login) == ""


# What is done to the database, what undoes it, and what must be said.
FAULTS = {
    "no class": (
        "comment on table thing is 'some things'",
        "comment on table thing is 'distributed: things'",
        "thing says no class in its comment",
    ),
    "no comment": (
        "create table bare (x int)",
        "drop table bare",
        "bare says no class in its comment",
    ),
    "not in public": (
        "create schema other; create table other.bare (x int)",
        "drop schema other cascade",
        "other.bare says no class in its comment",
    ),
    "no practice": (
        "create table bare (x int); comment on table bare is 'reference: codes'",
        "drop table bare",
        "bare has no column practice_id that is uuid and not null",
    ),
    "a practice that may be null": (
        "create table bare (practice_id uuid); comment on table bare is 'distributed: x'",
        "drop table bare",
        "bare has no column practice_id that is uuid and not null",
    ),
    "not enabled": (
        "alter table thing disable row level security",
        "alter table thing enable row level security",
        "thing has no forced row-level security",
    ),
    "not forced": (
        "alter table thing no force row level security",
        "alter table thing force row level security",
        "thing has no forced row-level security",
    ),
    "no policy": (
        "drop policy own_practice on thing",
        f"create policy own_practice on thing using ({OWN}) with check ({OWN})",
        "thing has no policy",
    ),
    "a second policy that is wider": (
        "create policy wide on thing for select using (true)",
        "drop policy wide on thing",
        "thing has the policy wide that lets other practices in",
    ),
    "a policy with a way round": (
        f"create policy wide on thing using ({OWN} or name = 'x') with check ({OWN} or name = 'x')",
        "drop policy wide on thing",
        "thing has the policy wide that lets other practices in",
    ),
    "a policy that does not check what comes in": (
        f"create policy wide on thing using ({OWN}) with check (true)",
        "drop policy wide on thing",
        "thing has the policy wide that lets other practices in",
    ),
    "an index across practices": (
        "create index across on thing (name)",
        "drop index across",
        "thing has the index across that does not begin with practice_id",
    ),
    "an index on an expression": (
        "create unique index across on thing (lower(name))",
        "drop index across",
        "thing has the index across that does not begin with practice_id",
    ),
    "a practice that comes second": (
        "create unique index across on thing (thing_id, practice_id)",
        "drop index across",
        "thing has the index across that does not begin with practice_id",
    ),
    "a foreign key across practices": (
        "alter table thing add constraint across foreign key (thing_id, practice_id)"
        " references thing (thing_id, practice_id)",
        "alter table thing drop constraint across",
        "thing has the foreign key across that does not begin with practice_id",
    ),
    "truncate": (
        "grant truncate on thing to flawed_app",
        "revoke truncate on thing from flawed_app",
        "thing may be truncated by the role that serves",
    ),
    "ownership": (
        "alter table thing owner to flawed_app",
        "alter table thing owner to flawed_owner",
        "thing is owned by the role that serves from it",
    ),
    "ownership by membership": (
        "grant flawed_owner to flawed_app",
        "revoke flawed_owner from flawed_app",
        "thing is owned by the role that serves from it, or by one it belongs to",
    ),
    "unlogged": (
        "alter table thing set unlogged",
        "alter table thing set logged",
        "thing is not written ahead",
    ),
    "a view with its owner's rights": (
        "create view seen as select * from thing",
        "drop view seen",
        "seen is a view that passes by row-level security",
    ),
    "a materialized view": (
        "create materialized view seen as select * from thing",
        "drop materialized view seen",
        "seen is a view that passes by row-level security",
    ),
    "a function with its owner's rights": (
        "create function all_things() returns setof thing language sql security definer"
        " as 'select * from thing'",
        "drop function all_things",
        "all_things() runs with the rights of its owner",
    ),
    "bypass": (
        "alter role flawed_app bypassrls",
        "alter role flawed_app nobypassrls",
        "the role flawed_app may pass by row-level security",
    ),
    "bypass by membership": (
        "create role flawed_above bypassrls; grant flawed_above to flawed_app",
        "drop role flawed_above",
        "the role flawed_above may pass by row-level security",
    ),
    "commits that may be lost": (
        "alter role flawed_app set synchronous_commit = off",
        "alter role flawed_app reset synchronous_commit",
        "the server runs with synchronous_commit = off",
    ),
}


@pytest.fixture
def admin(flawed: Scratch) -> Iterator[psycopg.Connection[Any]]:
    with flawed.admin() as connection:
        # What a foreign key needs to point at; no fault of its own.
        yield connection


@pytest.mark.parametrize("fault", FAULTS)
async def test_each_fault_is_named(
    flawed: Scratch, admin: psycopg.Connection[Any], fault: str
) -> None:
    spoil, mend, told = FAULTS[fault]
    if "foreign key" in fault:
        admin.execute("alter table thing add constraint pointed unique (thing_id, practice_id)")
    admin.execute(spoil.encode())
    try:
        assert f"{told}" in await _faults(flawed.settings)
    finally:
        admin.execute(mend.encode())
        admin.execute("alter table thing drop constraint if exists pointed")
    assert await _faults(flawed.settings) == ""


async def test_what_is_no_fault(flawed: Scratch, admin: psycopg.Connection[Any]) -> None:
    admin.execute(
        "create view seen with (security_invoker=true) as select * from thing;"
        "create table queue (id uuid primary key); comment on table queue is 'local: ids only';"
        "create index on thing (practice_id, name)"
    )
    try:
        # Another session's staging belongs to nobody else.
        with psycopg.connect(flawed.settings.conninfo("app"), autocommit=True) as session:
            session.execute("create temp table stage (x int)")
            assert await _faults(flawed.settings) == ""
    finally:
        admin.execute("drop view seen; drop table queue")


async def test_a_superuser_is_refused(flawed: Scratch) -> None:
    secret = uuid.uuid4().hex
    with flawed.admin() as admin:
        admin.execute(sql.SQL("create role flawed_boss superuser login password {}").format(secret))
    try:
        conninfo = psycopg.conninfo.make_conninfo(
            flawed.settings.conninfo("app"), user="flawed_boss", password=secret
        )
        async with opened(conninfo, size=1) as database:
            with pytest.raises(RuntimeError, match="the role flawed_boss may pass by"):
                await check_catalogue(database)
    finally:
        with flawed.admin() as admin:
            admin.execute("drop role flawed_boss")
