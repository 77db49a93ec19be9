"""The migrated catalogue: what the fact model declares, under row-level security, and no more."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from praxis_analytics.domain.facts import KINDS, Kind
from praxis_analytics.storage.ddl import INDEXES, model_ddl
from praxis_chassis.catalogue import faults
from praxis_chassis.database import Connection

Superuser = psycopg.Connection[Any]
TYPES = {"timestamptz": "timestamp with time zone"}
ALWAYS = {
    "source_system", "source_id", "source_resource", "source_version", "voided", "synthetic",
    "recorded_at", "rev_from",
}  # fmt: skip

_COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
from pg_attribute a
where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
_INDEXES = """
select i.indisprimary, i.indisunique,
       array(select a.attname::text from unnest(i.indkey) with ordinality k(num, place)
             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.num order by place)
from pg_index i where i.indrelid = %s::regclass and i.indexprs is null
"""
_TABLES = """
select relname::text from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
"""


def declared(kind: Kind, *more: tuple[str, str]) -> list[tuple[str, str, bool]]:
    columns = (("practice_id", "uuid"), *kind.stored, *more)
    required = {"practice_id", "rev_to", *kind.key, *ALWAYS}
    return [(name, TYPES.get(of, of), name in required) for name, of in columns]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
def test_a_kind_and_its_twin_are_as_declared(superuser: Superuser, kind: Kind) -> None:
    def columns(table: str) -> list[tuple[str, str, bool]]:
        return superuser.execute(_COLUMNS, (table,)).fetchall()

    def primary(table: str) -> list[str]:
        found = superuser.execute(_INDEXES, (table,)).fetchall()
        (key,) = [names for is_primary, _, names in found if is_primary]
        return list(key)

    twin = f"{kind.table}_history"
    assert columns(kind.table) == declared(kind)
    assert columns(twin) == declared(kind, ("rev_to", "bigint"))
    assert primary(kind.table) == ["practice_id", *kind.key]
    assert primary(twin) == ["practice_id", *kind.key, "rev_from"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table)
def test_facts_are_found_by_what_questions_look_for(superuser: Superuser, kind: Kind) -> None:
    def indexes(table: str) -> list[list[str]]:
        found = superuser.execute(_INDEXES, (table,)).fetchall()
        return [names for is_primary, _, names in found if not is_primary]

    wanted = [["practice_id", column] for column in INDEXES.get(kind.table, ())]
    assert sorted(indexes(f"{kind.table}_history")) == sorted(wanted)
    assert sorted(indexes(kind.table)) == sorted([*wanted, ["practice_id", "source_resource"]])


def test_the_migration_holds_the_whole_model_as_drafted(superuser: Superuser) -> None:
    """Running the draft once more beside it makes the same tables."""
    with superuser.transaction(force_rollback=True):
        superuser.execute("create schema draft; set local search_path to draft")
        superuser.execute(model_ddl().encode())
        for kind in KINDS:
            for table in (kind.table, f"{kind.table}_history"):
                for query in (_COLUMNS, _INDEXES):
                    drafted, migrated = (
                        sorted(superuser.execute(query, (f"{schema}.{table}",)).fetchall(), key=str)
                        for schema in ("draft", "public")
                    )
                    assert drafted == migrated, table


def test_every_fact_table_belongs_to_a_kind(superuser: Superuser) -> None:
    tables = {name for (name,) in superuser.execute(_TABLES).fetchall()}
    declared_ones = {k.table for k in KINDS} | {f"{k.table}_history" for k in KINDS}
    assert declared_ones <= tables
    rest = {name for name in tables - declared_ones if name.startswith(("fact_", "dim_"))}
    assert rest == set()


async def test_the_service_finds_nothing_wrong_with_it(connection: Connection) -> None:
    assert await faults(connection) == []


def test_every_table_of_practices_is_under_forced_row_security(superuser: Superuser) -> None:
    rows = superuser.execute(
        """
        select c.relname::text, c.relrowsecurity and c.relforcerowsecurity,
               array(select pg_get_expr(polqual, polrelid) || ' / '
                            || pg_get_expr(polwithcheck, polrelid)
                     from pg_policy where polrelid = c.oid and polname <> 'sql_session')
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'practice_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and obj_description(c.oid) !~ '^local'
        """
    ).fetchall()
    assert len(rows) > 2 * len(KINDS)
    for table, forced, policies in rows:
        assert forced, table
        (policy,) = policies
        using, check = policy.split(" / ")
        assert using == check
        assert "app.practice_id" in using


@pytest.mark.parametrize("login", ["analytics_app", "analytics_worker"])
def test_logins_cannot_remove_facts_or_rewrite_history(superuser: Superuser, login: str) -> None:
    def may(table: str, right: str) -> bool:
        found = superuser.execute(
            "select has_table_privilege(%s, %s, %s)", (login, table, right)
        ).fetchone()
        return bool(found and found[0])

    for kind in KINDS:
        for table in (kind.table, f"{kind.table}_history"):
            assert may(table, "select")
            assert may(table, "insert")
            assert not may(table, "delete")
            assert not may(table, "truncate")
        assert not may(f"{kind.table}_history", "update")
    assert may("revision_log", "insert")
    assert not may("revision_log", "update")
    assert not may("revision_log", "delete")
    assert not may("audit_log", "update")
    assert not may("audit_log", "delete")
