"""A database server or a broker alone, for tests: started, ready, and gone after `stop`.

    with start_postgres(tmp_path / "stack", services=("analytics",)) as running:
        psycopg.connect(running.server.conninfo("praxis_analytics", "analytics_app"))

Both may share a folder; nothing but the named server is started.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from praxis_cli.stack import broker, ports, postgres
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.processes import Child, start
from praxis_cli.stack.services import SERVICES, Stack

Server = TypeVar("Server")


@dataclass(frozen=True)
class Running(Generic[Server]):
    """A server that runs until `stop`.

    Attributes:
        server: what it is and how to reach it.
        stack: the folder's secrets, ports and process environments.
        child: its process.
    """

    server: Server
    stack: Stack
    child: Child

    def stop(self) -> None:
        """Stops it and waits until it is gone."""
        self.child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()


def start_postgres(root: Path, services: tuple[str, ...] = SERVICES) -> Running[postgres.Postgres]:
    """PostgreSQL under `root`, made on first use, with databases and roles of `services`."""
    stack = _stack(root, ("postgres",))
    postgres.end_left_over_server(stack.layout)
    server = postgres.Postgres(stack.layout, stack.ports["postgres"], services)
    server.initialise()
    return Running(server, stack, start(server.process(), stack.layout.logs))


def start_nats(root: Path) -> Running[broker.Nats]:
    """nats-server under `root` with JetStream and the users of a stack."""
    stack = _stack(root, ("nats", "nats_monitor"))
    broker.end_left_over_server(stack.layout)
    stack.nats.initialise()
    return Running(stack.nats, stack, start(stack.nats.process(), stack.layout.logs))


def _stack(root: Path, names: tuple[str, ...]) -> Stack:
    layout = Layout.at(root)
    layout.create()
    state = layout.load()
    # Ports of a server that runs already in this folder are kept as they are.
    state.ports |= ports.choose(names, {})
    layout.save(state)
    stack = Stack(layout, state.ports)
    stack.create_secrets()
    return stack
