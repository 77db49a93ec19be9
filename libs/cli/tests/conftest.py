"""Servers for the tests, and small stand-ins for the services, so that only the stack is tested."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from praxis_cli.stack.broker import Nats
from praxis_cli.stack.cluster import Running, start_nats, start_postgres
from praxis_cli.stack.postgres import Postgres

# Take the settings and answer the questions that the real processes do.
_SERVICE = """
    import json, os, signal, sys
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    import grpc, psycopg
    from grpc_health.v1 import health, health_pb2, health_pb2_grpc

    def setting(name):
        return os.environ[f"PRAXIS_{NAME.upper()}_{name}"]

    def connect(login):
        return psycopg.connect(
            host=setting("DATABASE_HOST"), port=setting("DATABASE_PORT"),
            dbname=setting("DATABASE_NAME"), user=f"{NAME}_{login}",
            password=Path(setting(f"DATABASE_{login.upper()}_PASSWORD_FILE")).read_text(),
        )

    def serve():
        server = grpc.server(ThreadPoolExecutor(2))
        servicer = health.HealthServicer()
        servicer.set("", health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
        server.add_insecure_port(setting("LISTEN"))
        server.start()
        signal.signal(signal.SIGTERM, lambda *_: server.stop(1))
        server.wait_for_termination()

    match sys.argv[1:]:
        case ["serve"]:
            serve()
        case ["migrate"]:
            with connect("migrate") as db:
                db.execute("CREATE TABLE IF NOT EXISTS seen (argv text)")
                db.execute(f"GRANT INSERT, SELECT ON seen TO {NAME}_app")
        case ["import", _, path, *_] if path.endswith("bad"):
            sys.exit(2)
        case ["import", _, path, *_] if path.endswith("endless"):
            print("begun", flush=True)
            signal.pause()
        case argv:
            with connect("app") as db:
                db.execute("INSERT INTO seen VALUES (%s)", [json.dumps(argv)])
            print("progress", file=sys.stderr)
            print(json.dumps(argv))
"""
_GATEWAY = """
    import os
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    host, port = os.environ["PRAXIS_GATEWAY_LISTEN"].split(":")
    HTTPServer((host, int(port)), Handler).serve_forever()
"""


@pytest.fixture(scope="session")
def stand_ins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("stand-ins")
    sources = {name: f'NAME = "{name}"\n{textwrap.dedent(_SERVICE)}' for name in NAMES}
    for name, source in (sources | {"gateway": textwrap.dedent(_GATEWAY)}).items():
        package = root / f"praxis_{name}"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(source)
    return root


NAMES = ("analytics", "report")

Cli = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def cli(stand_ins: Path, tmp_path: Path) -> Iterator[Cli]:
    """Starts `./praxis` commands against the stand-ins, in a folder of the test."""
    env = {**os.environ, "PYTHONPATH": str(stand_ins)}
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        command = subprocess.Popen(
            [sys.executable, "-P", "-m", "praxis_cli", *arguments],
            env=env,
            cwd=tmp_path,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(command)
        return command

    yield run
    for command in started:
        if command.poll() is None:
            command.terminate()
        command.communicate(timeout=60)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running[Postgres]]:
    with start_postgres(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running[Nats]]:
    with start_nats(tmp_path_factory.mktemp("nats")) as running:
        yield running
