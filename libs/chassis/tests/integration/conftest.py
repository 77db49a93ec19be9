"""A service that is nothing but chassis, with a database of its own, and a server to call."""

from __future__ import annotations

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from praxis_chassis.database import Connection, Database
from praxis_chassis.migrations import migrate
from praxis_chassis.settings import DatabaseSettings
from praxis_cli.stack import postgres as cluster
from praxis_cli.stack.services import Stack

from .calls import Stand, serving
from .work import Serving

_FIRST_VERSION = '''"""What every service has, and one table of practices' rows."""

from praxis_chassis.migrations import create_chassis_tables, execute_script, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis_tables("{service}")
    execute_script("""
        create table thing (practice_id uuid not null, thing_id uuid not null, name text,
                            primary key (practice_id, thing_id));
        comment on table thing is 'distributed: 100% of what {service} keeps';
    """)
    protect("{service}", "thing")
'''


@dataclass(frozen=True)
class Scratch:
    """A service made for tests: its settings, its package, and who it may log in as."""

    name: str
    stack: Stack
    folder: Path

    @property
    def package(self) -> str:
        return f"praxis_{self.name}"

    @property
    def versions(self) -> Path:
        """Where its migrations stand; `NNNN.py` may be added."""
        return self.folder / self.package / "storage" / "migrations" / "versions"

    @property
    def settings(self) -> DatabaseSettings:
        secrets = self.stack.layout.secrets
        values: dict[str, Any] = {
            f"database_{login}_password_file": secrets / f"{self.name}_{login}.password"
            for login in cluster.LOGINS
        }
        values |= {
            "internal_jwks_file": secrets / "internal.jwks",
            "signing_key_file": secrets / "gateway.jwk",
            "database_port": self.stack.ports["postgres"],
            "database_name": f"praxis_{self.name}",
        }
        return DatabaseSettings(**values)

    def migrate(self) -> None:
        migrate(self.settings, self.package)

    def admin(self, **more: Any) -> psycopg.Connection:
        """A superuser's connection to its database."""
        conninfo = self.stack.postgres.conninfo(self.settings.database_name)
        return psycopg.connect(conninfo, autocommit=True, **more)


def make_scratch(stack: Stack, name: str, folder: Path) -> Scratch:
    """A service `name` with its database and logins, and one migration that has not run."""
    for login in cluster.logins(name):
        (stack.layout.secrets / f"{login}.password").write_text(f"secret of {login}")
    stack.postgres.create_databases((name,))
    scratch = Scratch(name, stack, folder)
    scratch.versions.mkdir(parents=True)
    (folder / scratch.package / "__init__.py").touch()
    (scratch.versions.parent / "env.py").write_text(
        "from praxis_chassis.migrations import run\n\nrun()\n"
    )
    (scratch.versions / "0001.py").write_text(_FIRST_VERSION.format(service=name))
    return scratch


MakeScratch = Callable[[str], Scratch]


@pytest.fixture(scope="session")
def new_scratch(postgres: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeScratch]:
    folder = tmp_path_factory.mktemp("scratch")
    sys.path.insert(0, str(folder))
    yield lambda name: make_scratch(postgres, name, folder)
    sys.path.remove(str(folder))


@pytest.fixture(scope="session")
def scratch(new_scratch: MakeScratch) -> Scratch:
    """A migrated service; tests keep apart by practice."""
    made = new_scratch("scratch")
    made.migrate()
    return made


@asynccontextmanager
async def opened(conninfo: str, size: int = 4) -> AsyncIterator[Database]:
    """A pool that is closed at the end."""
    database = Database(conninfo, size)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture(scope="session")
async def app(scratch: Scratch) -> AsyncIterator[Database]:
    async with opened(scratch.settings.conninfo("app")) as database:
        yield database


@pytest.fixture(scope="session")
async def worker(scratch: Scratch) -> AsyncIterator[Database]:
    async with opened(scratch.settings.conninfo("worker")) as database:
        yield database


class Proxy:
    """A way to the server that can be cut, or lose the answer to a commit."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._ways: set[asyncio.Task[None]] = set()
        self.through = True
        self.lose_commits = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Listens while the block runs; yields the port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await self.cut()

    async def cut(self) -> None:
        """Breaks what goes through now, and lets nothing through any more."""
        self.through = False
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = asyncio.current_task()
        assert way is not None
        self._ways.add(way)
        try:
            if self.through:
                await self._forward(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._ways.discard(way)
            writer.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._server_port)
        committing = False

        async def ask() -> None:
            nonlocal committing
            while data := await reader.read(65536):
                committing = self.lose_commits and b"COMMIT" in data
                back.write(data)
                await back.drain()

        async def answer() -> None:
            while data := await there.read(65536):
                if committing:
                    return
                writer.write(data)
                await writer.drain()

        pumps = [asyncio.create_task(ask()), asyncio.create_task(answer())]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            back.close()


@asynccontextmanager
async def through_proxy(conninfo: str, size: int = 4) -> AsyncIterator[tuple[Database, Proxy]]:
    """A pool whose way to the server can be disturbed."""
    proxy = Proxy(int(conninfo_to_dict(conninfo)["port"] or 0))
    async with (
        proxy.running() as port,
        opened(make_conninfo(conninfo, port=port), size) as database,
    ):
        yield database, proxy


async def add_thing(connection: Connection, practice_id: uuid.UUID, name: str = "a") -> uuid.UUID:
    """Adds a row to the scratch table."""
    thing_id = uuid.uuid4()
    await connection.execute(
        "insert into thing (practice_id, thing_id, name) values (%s, %s, %s)",
        (practice_id, thing_id, name),
    )
    return thing_id


async def count_things(database: Database, practice_id: uuid.UUID) -> int:
    """How many rows of the practice there are, seen by itself."""
    async with database.read(practice_id) as connection:
        row = await (await connection.execute("select count(*) from thing")).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
async def stand(processes: Any) -> AsyncIterator[Stand]:
    async with serving(processes) as made:
        yield made


@pytest.fixture
async def workers(scratch: Scratch) -> AsyncIterator[Serving]:
    """Workers over an empty queue; jobs are claimed across practices."""
    with scratch.admin() as admin:
        admin.execute("delete from job")
    made = Serving()
    yield made
    await made.stop()
