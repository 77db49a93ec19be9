"""Custom SQL: what it may read, what it may not, and that it never meets another practice."""

from __future__ import annotations

import asyncio
import csv
import io
import tracemalloc
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice, enter_as
from praxis_analytics.domain.facts import CHARGE, CONDITION, ENCOUNTER, PATIENT, PAYER, PROVIDER
from praxis_analytics.queries.custom_sql import CustomSql, Head
from praxis_analytics.settings import Settings
from praxis_analytics.storage.practices import add_practice
from praxis_chassis.database import Connection, Database, transaction
from praxis_chassis.errors import InvalidInput
from services.analytics.tests.book import Book


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def custom(analytics_settings: Settings) -> AsyncIterator[CustomSql]:
    databases = [
        Database(analytics_settings.conninfo(login), 2) for login in ("app", "worker", "sql")
    ]
    yield CustomSql(*databases)
    for one in databases:
        await one.close()


async def _clinic(connection: Connection, new_practice: NewPractice, amount: str) -> uuid.UUID:
    book = Book(connection, await new_practice())
    who = {"payer_id": book.id(PAYER, "m"), "provider_id": book.id(PROVIDER, "1")}
    at = datetime(2025, 6, 1, 3, 30, tzinfo=UTC)  # still May in New York
    await book.apply(
        book.entry(PAYER, "m", name="Medicare", payer_class="medicare"),
        book.entry(PROVIDER, "1", display_name="Dr Okafor", specialty="Family medicine"),
        *(
            book.entry(
                PATIENT,
                str(n),
                family_name=f"Secret{amount}",
                mrn=f"MRN{amount}",
                sex="female" if n else "male",
                birth_date=date(1930, 5, 4),
            )
            for n in range(3)
        ),
        *(
            book.entry(
                ENCOUNTER,
                str(n),
                status="finished",
                start_at=at,
                patient_id=book.id(PATIENT, str(n % 3)),
                **{"class": "AMB"},
                **who,
            )
            for n in range(5)
        ),
        book.entry(CHARGE, "c1", amount=Decimal(amount), posting_date=date(2025, 5, 12), **who),
        book.entry(CHARGE, "c2", amount=Decimal("0.10"), posting_date=date(2025, 5, 13), **who),
    )
    return book.practice_id


@pytest_asyncio.fixture
async def mine(connection: Connection, new_practice: NewPractice) -> uuid.UUID:
    theirs = await _clinic(connection, new_practice, "777777.77")
    assert theirs
    return await _clinic(connection, new_practice, "1234.50")


async def test_figures_of_one_practice(custom: CustomSql, mine: uuid.UUID) -> None:
    enter_as(mine, "analyst")
    sql = "select month, provider, charges from charges_by_month"
    found = await custom.run(mine, sql, 100)
    assert found.rows == (("2025-05-01", "Dr Okafor", "1234.60"),)
    assert [(one.name, one.type) for one in found.columns] == [
        ("month", "date"),
        ("provider", "text"),
        ("charges", "number"),
    ]
    assert found.revision == 1
    assert found.data_through == date(2025, 5, 31)
    assert not found.truncated
    assert not found.synthetic
    joined = await custom.run(
        mine,
        "select p.sex, p.age_band, v.year, count(*) as visits,"
        " count(distinct p.patient_key) as patients"
        " from patients p join visits v using (patient_key) group by 1, 2, 3 order by 1",
        100,
    )
    assert joined.rows == (("female", "90+", "2025", "3", "2"), ("male", "90+", "2025", "2", "1"))


async def test_all_rows_as_a_stream(custom: CustomSql, mine: uuid.UUID) -> None:
    enter_as(mine, "analyst")
    sql = "select year, new_patient, provider || ', \"x\"' as p, year > 1 as b from visits"
    head, *pieces = [piece async for piece in custom.stream(mine, sql, 4)]
    assert isinstance(head, Head)
    assert [column.type for column in head.columns] == ["number", "boolean", "text", "boolean"]
    assert pieces[-1] == 4
    lines = b"".join(piece for piece in pieces if isinstance(piece, bytes)).decode()
    rows = list(csv.reader(io.StringIO(lines)))
    assert len(rows) == 4
    assert rows[0][2:] == ['Dr Okafor, "x"', "true"]
    with pytest.raises(InvalidInput):
        [piece async for piece in custom.stream(mine, "select 1 / (1 - 1) from visits", 4)]


async def test_rows_are_bounded_and_every_view_can_be_read(
    custom: CustomSql, mine: uuid.UUID
) -> None:
    enter_as(mine, "analyst")
    first = await custom.run(mine, "select year from visits", 2)
    assert (len(first.rows), first.truncated) == (2, True)
    views = await custom.views()
    assert {"patients", "visits", "claims", "charges_by_month"} <= {view.name for view in views}
    hidden = {"practice_id", "patient_id", "birth_date", "family_name", "mrn", "postal_code"}
    for view in views:
        assert view.description
        assert all(column.description for column in view.columns), view.name
        assert not hidden & {column.name for column in view.columns}
        checked = await custom.check(mine, f"select * from {view.name}")
        assert [one.name for one in checked.columns] == [one.name for one in view.columns]
        assert checked.cost > 0
        await custom.run(mine, f"select * from {view.name}", 10)


async def test_values_are_the_databases_own_text(custom: CustomSql, mine: uuid.UUID) -> None:
    enter_as(mine, "analyst")
    texts = {
        "cast('infinity' as date)": "infinity",
        "avg(0)": "0.00000000000000000000",
        "0.0000000001": "0.0000000001",
        "interval '1 month'": "1 mon",
        "1 = 1": "true",
        "null": None,
        "123456789012345678901234567890.10": "123456789012345678901234567890.10",
    }
    found = await custom.run(mine, "select " + ", ".join(texts), 1)
    assert found.rows == (tuple(texts.values()),)


async def test_wide_rows_do_not_fill_the_memory(custom: CustomSql, mine: uuid.UUID) -> None:
    enter_as(mine, "analyst")
    longer = "concat(" + ", ".join(["t"] * 20) + ")"
    wide = (
        f"with a as (select '{'x' * 10_000}' as t), b as (select {longer} as t from a)"
        f" select {longer} as t from b"  # four million characters
    )
    tracemalloc.start()
    held = await custom.run(mine, f"{wide}, visits", 10_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (held.rows, held.truncated) == ((), True)
    assert peak < 40_000_000
    with pytest.raises(InvalidInput):
        [piece async for piece in custom.stream(mine, wide, 10)]


async def test_today_is_the_practices(custom: CustomSql, connection: Connection) -> None:
    # Fourteen hours ahead and eleven behind: never the same day.
    days = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        practice_id = uuid.uuid4()
        enter_as(practice_id, "analyst")
        async with transaction(connection, "BEGIN", practice_id, 10_000):
            await add_practice(connection, practice_id, "Edge", zone)
        found = await custom.run(practice_id, "select current_date", 1)
        days.append(date.fromisoformat(str(found.rows[0][0])))
    assert days[0] > days[1]


async def test_no_year_tells_an_age_over_89(
    custom: CustomSql, connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice())
    this_year = datetime.now(UTC).year
    years = [this_year - 30, this_year - 95]
    await book.apply(
        *(
            book.entry(CONDITION, str(n), patient_id=uuid.uuid4(), onset_on=date(year, 6, 1))
            for n, year in enumerate(years)
        )
    )
    enter_as(book.practice_id, "analyst")
    found = await custom.run(book.practice_id, "select onset_year from conditions order by 1", 9)
    assert found.rows == ((str(years[0]),), (None,))


async def test_keys_of_patients_differ_from_run_to_run(custom: CustomSql, mine: uuid.UUID) -> None:
    enter_as(mine, "analyst")
    runs = [await custom.run(mine, "select patient_key from patients", 9) for _ in range(2)]
    one, other = ({row[0] for row in run.rows} for run in runs)
    assert len(one) == len(other) == 3
    assert not one & other


async def test_a_run_is_recorded_with_its_text(
    custom: CustomSql, mine: uuid.UUID, superuser: psycopg.Connection[Any]
) -> None:
    enter_as(mine, "analyst", user="ana")
    await custom.run(mine, "select count(*) from visits -- a comment", 1)
    found = superuser.execute(
        "select t.sql, a.actor, a.action from audit_log a join sql_text t"
        " on t.practice_id = a.practice_id and encode(t.sql_hash, 'hex') = a.object_id"
        " where a.practice_id = %s",
        (mine,),
    ).fetchall()
    assert found == [("SELECT COUNT(*) FROM semantic.visits", "ana", "sql.run")]


REFUSED = [
    "select * from dim_patient",
    "select * from public.dim_patient",
    "select * from pg_stat_activity",
    "select * from pg_catalog.pg_authid",
    "select * from information_schema.tables",
    "select * from sql_session",
    "select * from semantic.as_of",
    "select set_config('app.practice_id', 'x', true)",
    "select pg_catalog.set_config('app.practice_id', 'x', false)",
    "select current_setting('app.practice_id')",
    "select current_user",
    "select version()",
    "select pg_sleep(60)",
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select pg_terminate_backend(1)",
    "select query_to_xml('select 1', true, true, '')",
    "select nextval('x')",
    "select repeat('a', 1000000000)",
    "select lpad('a', 1000000000)",
    "select * from generate_series(1, 1000000000)",
    "select * from visits, lateral generate_series(1, 3)",
    "select 1; select 2",
    "select 1; set app.practice_id = 'x'",
    "select 1 -- \n; drop table claims",
    "set role analytics_owner",
    "reset all",
    "begin",
    "delete from claims",
    "insert into claims values (1)",
    "update claims set paid = 0",
    "with x as (delete from claims returning *) select * from x",
    "with x as (insert into claims values (1) returning *) select * from x",
    "create table x (a int)",
    "drop view visits",
    "truncate claims",
    "copy claims to '/tmp/x'",
    "copy (select 1) to program 'id'",
    "do $$ begin end $$",
    "call x()",
    "explain analyze select 1",
    "select * into x from claims",
    "select * from claims for update",
    "with recursive t as (select 1 as n union all select n + 1 from t) select * from t",
    "with pg_class as (select 1) select * from pg_class",
    "with visits as (select 1) select * from visits",
    "select 'dim_patient'::regclass",
    "select cast('<a/>' as xml)",
    "select '{}'::json",
    "select $1",
    "select array[1]",
    "select (p).sex from patients p",
    "select * from patients tablesample system (10)",
    "select 1 from dblink('x', 'y')",
    "select v.row_to_json from visits v",
    "select v.pg_typeof from visits v",
    'select v."json_agg" from visits v',
    "select user",
    "select 1 as user, user from visits",
    "select localtimestamp",
    "select 1_000",
    "select 0x1F",
    "select * from (with revision_head as (select 1) select 1) z, revision_head",
    'with "DIM_PATIENT" as (select 1) select * from DIM_PATIENT',
    "select " + ", ".join(["1"] * 2000),
    "table dim_patient",
    "values (1)",
    "listen x",
    "vacuum",
    "load 'x'",
    "select \x00",
    "",
    ";",
    "not sql at all",
    "select " + "(" * 3000 + "1" + ")" * 3000,
    "select " + " and ".join(["1 = 1"] * 3000),
]


@pytest.mark.parametrize("sql", REFUSED, ids=lambda text: text[:40])
async def test_what_is_refused(custom: CustomSql, mine: uuid.UUID, sql: str) -> None:
    enter_as(mine, "analyst")
    for attempt in (custom.check(mine, sql), custom.run(mine, sql, 10)):
        with pytest.raises(InvalidInput) as refused:
            await attempt
        assert refused.value.violations[0].field == "sql"


@pytest.mark.parametrize(
    "sql",
    [
        "select no_such_column from visits",
        "select 1 / (count(*) - count(*)) from visits",
        "select sum(provider) from visits",
        "select cast(provider as integer) from visits",
    ],
)
async def test_what_the_database_refuses_is_told(
    custom: CustomSql, mine: uuid.UUID, sql: str
) -> None:
    enter_as(mine, "analyst")
    with pytest.raises(InvalidInput) as refused:
        await custom.run(mine, sql, 10)
    assert refused.value.violations[0].field == "sql"


async def test_the_login_itself_can_read_nothing_else(
    analytics_settings: Settings, mine: uuid.UUID, superuser: psycopg.Connection[Any]
) -> None:
    """Were the parser fooled, these are what would stand behind it."""
    async with await psycopg.AsyncConnection.connect(
        analytics_settings.conninfo("sql"), autocommit=True
    ) as login:
        await login.execute("select set_config('app.practice_id', %s, false)", (str(mine),))
        # Nobody has noted a practice for this backend, and the setting does not count.
        assert await (await login.execute("select * from semantic.visits")).fetchall() == []
        superuser.execute(
            "insert into sql_session (pid, practice_id, salt) values (%s, %s, 'x')",
            (login.info.backend_pid, mine),
        )
        rows = await (await login.execute("select count(*) from semantic.visits")).fetchone()
        assert rows == (5,)
        for other in ("public.fact_encounter", "public.sql_session", "public.practice"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await login.execute(f"select * from {other}")
        for write in (
            "create table public.x (a int)",
            "create table semantic.x (a int)",
            "set role analytics_owner",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await login.execute(write)
    superuser.execute("delete from sql_session")


async def test_runs_of_two_practices_at_once_do_not_meet(
    custom: CustomSql, connection: Connection, new_practice: NewPractice
) -> None:
    amounts = {"10.00": "", "20.00": "", "30.00": ""}
    ids = {amount: await _clinic(connection, new_practice, amount) for amount in amounts}

    async def total(amount: str) -> None:
        enter_as(ids[amount], "analyst")
        for _ in range(5):
            found = await custom.run(ids[amount], "select sum(charges) from charges_by_month", 1)
            assert found.rows == ((str(Decimal(amount) + Decimal("0.10")),),)

    # As many as there are connections: more would wait for one.
    await asyncio.gather(total("10.00"), total("20.00"))
    await total("30.00")
