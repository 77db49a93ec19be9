"""Migrations: each service's own folder of Alembic versions, run under one lock, as the owner.

A version is SQL. Tenant tables are protected by `protect`, so that no service spells out a policy.
"""

from __future__ import annotations

import importlib.resources
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import create_engine, pool, text
from sqlalchemy.engine import make_url

from praxis_chassis.settings import DatabaseSettings

# One lock per database; the number only has to be ours.
_LOCK = 7_238_114


def migrate(settings: DatabaseSettings, package: str) -> None:
    """Brings the database to the newest version of `package`'s migrations."""
    config = Config()
    folder = importlib.resources.files(package) / "storage" / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["settings"] = settings
    command.upgrade(config, "head")


def run() -> None:
    """The body of every service's `env.py`."""
    settings: DatabaseSettings = context.config.attributes["settings"]
    service = settings.database_name.removeprefix("praxis_")
    if settings.database_migrate_password_file is None:
        raise ValueError("migrate needs the password file of the migrate login")
    url = make_url("postgresql+psycopg://").set(
        username=f"{service}_migrate",
        password=settings.database_migrate_password_file.read_text().strip(),
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database_name,
    )
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"select pg_advisory_lock({_LOCK})"))
        connection.execute(text(f"set role {service}_owner"))
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def execute_file(path: Path) -> None:
    """Runs a file of SQL statements as part of a version."""
    execute_script(path.read_text())


def execute_script(script: str) -> None:
    """Runs SQL statements, as one text, without parameters."""
    # The driver takes many statements at once, and % as it is, when nothing is to be filled in.
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def create_chassis_tables(service: str) -> None:
    """Event log, audit log and jobs, with what each login may do there."""
    script = importlib.resources.files("praxis_chassis") / "storage" / "tables.sql"
    execute_script(script.read_text())
    app, worker = f"{service}_app", f"{service}_worker"
    execute_script(
        f"""
        grant insert on event_log to {app}, {worker};
        grant select, update, delete on event_log to {worker};
        grant insert, select on job to {app};
        grant select, insert, update, delete on job to {worker};
        """
    )
    protect(service, "audit_log", rights="select, insert")


def create_event_tables(service: str) -> None:
    """Relay counter, cursors and dead letters; only the worker login touches them."""
    script = importlib.resources.files("praxis_chassis") / "storage" / "events.sql"
    execute_script(script.read_text())
    execute_script(
        f"grant select, insert, update, delete on relay, cursor, dead_letter to {service}_worker"
    )


def protect(service: str, table: str, rights: str = "select, insert, update, delete") -> None:
    """Puts `table` under forced row-level security and grants both logins `rights`.

    The scalar subselect makes PostgreSQL read the setting once a statement, not once a row.
    """
    app, worker = f"{service}_app", f"{service}_worker"
    own = "practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid)"
    execute_script(
        f"""
        alter table {table} enable row level security;
        alter table {table} force row level security;
        create policy own_practice on {table} to {app}, {worker} using ({own}) with check ({own});
        grant {rights} on {table} to {app}, {worker};
        """
    )
