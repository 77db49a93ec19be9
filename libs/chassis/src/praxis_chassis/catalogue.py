"""What a database must look like before a service dares to serve from it."""

from __future__ import annotations

from praxis_chassis.database import Connection, Database

# Tables whose rows belong to practices but are named so only by id; see each table's comment.
_FAULTS = """
with tables as (
    select c.oid, c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
           coalesce(split_part(obj_description(c.oid), ':', 1), '') as class
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and c.relname <> 'alembic_version'
)
select name || ' says no class in its comment' from tables
where class not in ('local', 'distributed', 'reference')
union all
select name || ' has no forced row-level security' from tables
where class <> 'local' and not forced
union all
select name || ' has no policy' from tables t
where class <> 'local' and not exists (select from pg_policy p where p.polrelid = t.oid)
union all
select t.name || ' has the index ' || i.indexrelid::regclass
       || ' that does not begin with practice_id'
from tables t join pg_index i on i.indrelid = t.oid
join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
where t.class <> 'local' and a.attname <> 'practice_id'
union all
select 'the role ' || rolname || ' may pass by row-level security' from pg_roles
where rolname = current_user and (rolsuper or rolbypassrls)
union all
select name || ' is owned by the role that serves from it' from tables t
join pg_class c on c.oid = t.oid where pg_get_userbyid(c.relowner) = current_user
union all
select 'the server runs with ' || name || ' = ' || setting from pg_settings
where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting <> 'on'
"""


async def faults(connection: Connection) -> list[str]:
    """What is wrong with the catalogue, one sentence each."""
    rows = await (await connection.execute(_FAULTS)).fetchall()
    return [str(row[0]) for row in rows]


async def check_catalogue(database: Database) -> None:
    """Raises: RuntimeError naming what would break isolation or durability."""
    async with database.read(None, 5_000) as connection:
        found = await faults(connection)
    if found:
        raise RuntimeError("refusing to serve: " + "; ".join(found))
