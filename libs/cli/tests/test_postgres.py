"""The database server: each role opens its own database only; crashes and left-overs."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest

from praxis_cli.stack.cluster import Running, start_postgres
from praxis_cli.stack.postgres import LOGINS, Postgres

Cluster = Running[Postgres]


def _connect(cluster: Cluster, dbname: str, user: str) -> psycopg.Connection:
    return psycopg.connect(cluster.server.conninfo(dbname, user))


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize(("service", "other"), [("analytics", "report"), ("report", "analytics")])
def test_role_opens_only_its_own_database(
    postgres: Cluster, service: str, other: str, login: str
) -> None:
    user = f"{service}_{login}"
    with _connect(postgres, f"praxis_{service}", user) as own:
        assert own.execute("SELECT session_user::text").fetchone() == (user,)
        own.execute("CREATE TEMPORARY TABLE mine (x int)")
    for foreign in (f"praxis_{other}", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            _connect(postgres, foreign, user)


def test_roles_are_plain_and_owners_cannot_log_in(postgres: Cluster) -> None:
    with _connect(postgres, "postgres", "postgres") as admin:
        rows = admin.execute(
            "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname ~ '^(analytics|report)_'"
            " AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
        ).fetchall()
    assert len(rows) == 9  # an owner and three logins each, and one for custom SQL
    assert {name for name, can_log_in in rows if not can_log_in} == {
        "analytics_owner",
        "report_owner",
    }


def test_only_migrations_make_tables_and_the_owner_owns_them(postgres: Cluster) -> None:
    with _connect(postgres, "praxis_report", "report_migrate") as migrate:
        migrate.execute("CREATE TABLE kept (x int)")
        owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'"
        assert migrate.execute(owner).fetchone() == ("report_owner",)
    for login in ("app", "worker"):
        with (
            _connect(postgres, "praxis_report", f"report_{login}") as plain,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            plain.execute("CREATE TABLE stray (x int)")


def test_app_cannot_become_the_owner(postgres: Cluster) -> None:
    with (
        _connect(postgres, "praxis_report", "report_app") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("SET ROLE report_owner")


def test_a_wrong_password_is_refused(postgres: Cluster) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.server.conninfo("praxis_report", "report_app"), password="no")


def test_server_is_durable_18_on_loopback_without_sockets(postgres: Cluster) -> None:
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "jit": "off",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
    }
    with _connect(postgres, "praxis_report", "postgres") as admin:
        assert admin.info.server_version // 10_000 == 18
        for name, value in expected.items():
            assert admin.execute(f"SHOW {name}").fetchone() == (value,)
        provider = (
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'praxis_report'"
        )
        assert admin.execute(provider).fetchone() == ("b", "C.UTF-8")


def test_failed_statements_leave_no_values_in_the_log(postgres: Cluster) -> None:
    with _connect(postgres, "praxis_report", "report_app") as app:
        app.execute("CREATE TEMPORARY TABLE patient (name text PRIMARY KEY)")
        app.execute("INSERT INTO patient VALUES ('Zebulon')")
        with pytest.raises(psycopg.errors.UniqueViolation, match="Zebulon"):
            app.execute("INSERT INTO patient VALUES ('Zebulon')")
    log = (postgres.stack.layout.logs / "postgres.log").read_text()
    assert "duplicate key value" in log
    assert "Zebulon" not in log


@pytest.mark.slow
def test_a_left_over_server_is_stopped_first_and_its_data_stay(tmp_path: Path) -> None:
    with start_postgres(tmp_path / "stack") as left_over:
        with _connect(left_over, "praxis_report", "report_migrate") as migrate:
            migrate.execute("CREATE TABLE kept AS SELECT 7 AS x")
        with start_postgres(tmp_path / "stack") as current:
            assert left_over.child.exit_code() == 0
            with _connect(current, "praxis_report", "report_migrate") as migrate:
                assert migrate.execute("SELECT x FROM kept").fetchone() == (7,)


@pytest.mark.slow
def test_a_stranger_with_the_left_over_number_is_spared(tmp_path: Path) -> None:
    with start_postgres(tmp_path / "stack") as first:
        first.child.stop()
    # What a crash leaves, with a number that now belongs to this test.
    (tmp_path / "stack/pg/postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path / 'stack/pg'}\n")
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with start_postgres(tmp_path / "stack") as again:
            assert again.child.exit_code() is None
    finally:
        signal.signal(signal.SIGINT, previous)
