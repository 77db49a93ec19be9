"""What a database must look like before a service dares to serve from it."""

from __future__ import annotations

from praxis_chassis.database import Connection, Database

# The class of a table stands in its comment. `local` tables hold ids and times only and are read
# across practices by the worker; every other table holds rows of practices.
# The views of custom SQL read as the owner of the tables, whom nobody can log in as and to whom a
# policy shows the practice that the worker noted for the backend.
_FAULTS = """
with tables as (
    select c.oid, c.oid::regclass::text as name, c.relowner as owner, c.relpersistence as kept,
           c.relrowsecurity and c.relforcerowsecurity as forced,
           coalesce(split_part(obj_description(c.oid, 'pg_class'), ':', 1), '') as class
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname !~ '^(pg_|information_schema$)' and c.relkind in ('r', 'p', 'f')
      and c.relname <> 'alembic_version'
), guarded as (
    select *, (select attnum from pg_attribute where attrelid = t.oid and attname = 'practice_id'
               and attnotnull and atttypid = 'uuid'::regtype) as practice
    from tables t where class <> 'local'
)
select name || ' says no class in its comment' from tables
where class not in ('local', 'distributed', 'reference')
union all
select name || ' has no column practice_id that is uuid and not null' from guarded
where practice is null
union all
select name || ' has no forced row-level security' from guarded where not forced
union all
select name || ' has no policy' from guarded g
where not exists (select from pg_policy p where p.polrelid = g.oid)
union all
select name || ' has the policy ' || polname || ' that lets other practices in'
from guarded g join pg_policy p on p.polrelid = g.oid
where not {sql_session}
   and (pg_get_expr(polqual, g.oid) is distinct from pg_get_expr(polwithcheck, g.oid)
   or pg_get_expr(polqual, g.oid) not like '(practice_id = ( SELECT (NULLIF(current_setting('
      || '''app.practice_id''::text, true), ''''::text))::uuid%'
   or pg_get_expr(polqual, g.oid) ~* ' or ')
union all
select name || ' has the index ' || i.indexrelid::regclass
       || ' that does not begin with practice_id'
from guarded g join pg_index i on i.indrelid = g.oid
where i.indkey[0] is distinct from g.practice
union all
select name || ' has the foreign key ' || conname || ' that does not begin with practice_id'
from guarded g join pg_constraint k on k.conrelid = g.oid
where k.contype = 'f' and k.conkey[1] is distinct from g.practice
union all
select name || ' may be truncated by the role that serves, past every policy' from guarded g
where has_table_privilege(current_user, g.oid, 'truncate')
union all
select name || ' is owned by the role that serves from it, or by one it belongs to' from tables
where pg_has_role(current_user, owner, 'member')
union all
select name || ' is not written ahead: a crash would empty it' from tables where kept = 'u'
union all
select c.oid::regclass || ' is a view that passes by row-level security'
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^(pg_|information_schema$)' and (c.relkind = 'm' or c.relkind = 'v'
      and not 'security_invoker=true' = any(coalesce(c.reloptions, '{{}}'))
      and (n.nspname <> 'semantic' or exists (select from pg_roles r where r.oid = c.relowner
           and (r.rolsuper or r.rolbypassrls or r.rolcanlogin))))
union all
select p.oid::regprocedure || ' runs with the rights of its owner'
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname !~ '^(pg_|information_schema$)' and p.prosecdef
union all
select 'the role ' || rolname || ' may pass by row-level security' from pg_roles
where pg_has_role(current_user, oid, 'member') and (rolsuper or rolbypassrls)
union all
select 'the server runs with ' || name || ' = ' || setting from pg_settings
where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting <> 'on'
""".format(
    sql_session="(p.polcmd = 'r' and p.polroles = array[g.owner] and pg_get_expr(polqual, g.oid)"
    " ~ '^\\(practice_id = \\( SELECT s.practice_id\\s+FROM sql_session s"
    "\\s+WHERE \\(s.pid = pg_backend_pid\\(\\)\\)\\)\\)$')"
)


async def faults(connection: Connection) -> list[str]:
    """What is wrong with the catalogue, one sentence each."""
    rows = await (await connection.execute(_FAULTS)).fetchall()
    return [str(row[0]) for row in rows]


async def check_catalogue(database: Database) -> None:
    """Raises: RuntimeError naming what would break isolation or durability."""
    async with database.read(None, 30_000) as connection:
        found = await faults(connection)
    if found:
        raise RuntimeError("refusing to serve: " + "; ".join(found))
