"""What lets the same schema and SQL run distributed by practice, read from the catalogue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest

import praxis_analytics

Superuser = psycopg.Connection[Any]
SOURCES = Path(praxis_analytics.__file__).parent

_OURS = "c.relnamespace = 'public'::regnamespace and c.relname <> 'alembic_version'"
_OF_PRACTICES = f"{_OURS} and obj_description(c.oid, 'pg_class') ~ '^(distributed|reference)'"

BROKEN = {
    "a table of no class": f"""
        select c.relname from pg_class c where {_OURS} and c.relkind in ('r', 'p')
        and coalesce(obj_description(c.oid, 'pg_class'), '') !~ '^(distributed|reference|local): .'
        """,
    "a key or unique index that does not begin with the practice": f"""
        select i.indexrelid::regclass::text from pg_class c join pg_index i on i.indrelid = c.oid
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'practice_id'
        where {_OF_PRACTICES} and i.indkey[0] <> a.attnum
        """,
    "a table of practices without primary key": f"""
        select c.relname from pg_class c where {_OF_PRACTICES} and c.relkind in ('r', 'p')
        and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)
        """,
    "a trigger": f"""
        select t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
        where {_OURS} and not t.tgisinternal
        """,
    "a foreign key that sets null or crosses practices": f"""
        select k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid
        where {_OURS} and k.contype = 'f' and (k.confdeltype in ('n', 'd')
        or (select attname from pg_attribute where attrelid = c.oid and attnum = k.conkey[1])
           <> 'practice_id')
        """,
    "a volatile or random default": f"""
        select c.relname || '.' || a.attname from pg_attrdef d
        join pg_class c on c.oid = d.adrelid
        join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
        where {_OF_PRACTICES} and pg_get_expr(d.adbin, d.adrelid) ~ '\\('
          and pg_get_expr(d.adbin, d.adrelid) !~ '^''.*''::'
        """,
    "partitioned facts": f"""
        select c.relname from pg_class c where {_OF_PRACTICES} and c.relkind = 'p'
        """,
    "an extension that is not always there": """
        select extname from pg_extension where extname not in ('plpgsql', 'vector')
        """,
}


@pytest.mark.parametrize("query", BROKEN.values(), ids=BROKEN)
def test_the_schema_can_be_distributed(superuser: Superuser, query: str) -> None:
    assert [name for (name,) in superuser.execute(query.encode()).fetchall()] == []


def test_there_are_tables_to_look_at(superuser: Superuser) -> None:
    found = superuser.execute(f"select c.relname from pg_class c where {_OF_PRACTICES}".encode())
    names = {name for (name,) in found}
    assert {"fact_ledger", "revision_head", "month_touched", "rollup_month"} <= names


FORBIDDEN = {
    "merge": r"\bmerge\s+into\b",
    "a session setting that workers do not see": r"\bset_config\s*\(|set\s+time\s*zone\b",
    "a random value": r"\bgen_random_uuid\s*\(|\brandom\s*\(\s*\)",
}


@pytest.mark.parametrize("pattern", FORBIDDEN.values(), ids=FORBIDDEN)
def test_no_statement_uses_what_cannot_be_distributed(pattern: str) -> None:
    places = [*(SOURCES / "storage").rglob("*.py"), *(SOURCES / "queries").rglob("*.py")]
    assert len(places) > 10
    found = [p.name for p in places if re.search(pattern, p.read_text(), re.IGNORECASE)]
    assert found == []
