"""The nats-server of a stack: configuration, users and what each of them may do."""

from __future__ import annotations

import json
import signal
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from praxis_cli.stack import keys, probes
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.processes import Process, end_left_over, mortal

NAME = "nats"
ADMIN = "admin"
# Who publishes under `praxis.<name>.>`, and whose streams it reads through its named consumer.
CONSUMES = {
    "analytics": ("platform",),
    "report": ("scheduler",),
    "scheduler": ("report",),
    "dashboard": ("analytics",),
    "gateway": (),
    "platform": (),
}
# Who hears what is published meanwhile, without a consumer: news that may be missed.
HEARS = {"gateway": ("praxis.analytics.v1.envelope",)}
USERS = (ADMIN, *CONSUMES)


def stream(producer: str) -> str:
    """The stream that keeps a producer's events."""
    return f"PRAXIS_{producer.upper()}"


def end_left_over_server(layout: Layout) -> None:
    """Stops the broker of this stack if a dead supervisor left it running."""
    signals = (signal.SIGTERM, signal.SIGKILL)
    end_left_over(_pid_file(layout), str(_config(layout)), signals)


@dataclass(frozen=True)
class Nats:
    """The broker of one stack on its loopback ports."""

    layout: Layout
    port: int
    monitor_port: int

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"nats://127.0.0.1:{self.port}"

    def seed_file(self, user: str) -> Path:
        """The file with a user's nkey seed."""
        return self.layout.secrets / f"nats-{user}.seed"

    def initialise(self) -> None:
        """Writes the configuration. Needs the secrets."""
        _config(self.layout).write_text(json.dumps(self._settings(), indent=1))

    def process(self) -> Process:
        """The server as a process."""
        server = Path(sysconfig.get_path("scripts")) / "nats-server"
        return Process(
            NAME,
            mortal(str(server), "-c", str(_config(self.layout))),
            ready=probes.http_ok(self.monitor_port, "/healthz"),
            stop_signals=((signal.SIGTERM, 8), (signal.SIGKILL, 2)),
        )

    def _settings(self) -> dict[str, object]:
        return {
            "listen": f"127.0.0.1:{self.port}",
            "http": f"127.0.0.1:{self.monitor_port}",
            "pid_file": str(_pid_file(self.layout)),
            # An acknowledged message survives a power cut, and so does a young stream.
            "jetstream": {"store_dir": str(self.layout.nats), "sync_interval": "always"},
            "authorization": {"users": [self._user(name) for name in USERS]},
        }

    def _user(self, name: str) -> dict[str, object]:
        nkey = keys.nats_public_key(self.layout, name)
        return {"nkey": nkey, "permissions": _permissions(name)}


def _config(layout: Layout) -> Path:
    return layout.run / "nats.conf"


def _pid_file(layout: Layout) -> Path:
    return layout.run / "nats.pid"


def _permissions(user: str) -> dict[str, object]:
    if user == ADMIN:
        return {"publish": ">", "subscribe": ">"}
    publish = [f"praxis.{user}.>"]
    for producer in CONSUMES[user]:
        # The durable consumer carries its reader's name; only it can be read and acknowledged.
        consumer = f"{stream(producer)}.{user}"
        publish += [
            f"$JS.API.CONSUMER.INFO.{consumer}",
            f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
            f"$JS.ACK.{consumer}.>",
        ]
    return {"publish": publish, "subscribe": [f"_INBOX_{user}.>", *HEARS.get(user, ())]}
