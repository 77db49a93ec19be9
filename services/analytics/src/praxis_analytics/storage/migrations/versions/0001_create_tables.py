"""Practices, revisions, questions, imports and the fact model with its history twins."""

from pathlib import Path

from alembic import op

from praxis_chassis.migrations import create_chassis_tables, execute_file, protect

revision = "0001"
down_revision = None

_SERVICE = "analytics"


def upgrade() -> None:
    """Creates every table, then puts each tenant table under row-level security."""
    create_chassis_tables(_SERVICE)
    execute_file(Path(__file__).with_suffix(".sql"))
    tables = op.get_bind().exec_driver_sql(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind = 'r' and not relrowsecurity"
        " and obj_description(oid) ~ '^(distributed|reference)'"
    )
    for (table,) in tables.fetchall():
        append_only = table == "revision_log" or table.endswith("_history")
        protect(_SERVICE, table, "select, insert" if append_only else "select, insert, update")
