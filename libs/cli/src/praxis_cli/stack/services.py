"""The services and the gateway as processes: their order, environment and readiness."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass

from praxis_cli.stack import broker, keys, postgres, probes, streams
from praxis_cli.stack.broker import Nats
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.mail import Mail
from praxis_cli.stack.postgres import Postgres
from praxis_cli.stack.processes import Process, mortal

# Services with a database of their own.
SERVICES = ("analytics", "report", "scheduler", "dashboard")
GATEWAY = "gateway"
SIGNERS = (GATEWAY, *SERVICES)
PORTS = ("postgres", "nats", "nats_monitor", "mail", *SERVICES, GATEWAY)
# Whom each process calls; its settings name their addresses.
_CALLS = {
    "analytics": (),
    "report": ("analytics", "scheduler"),
    "scheduler": ("analytics", "report"),
    "dashboard": ("analytics",),
    GATEWAY: SERVICES,
}


@dataclass(frozen=True)
class Stack:
    """A stack with its ports chosen; what it names need not be running."""

    layout: Layout
    ports: dict[str, int]

    @property
    def url(self) -> str:
        """The address of the gateway."""
        return f"http://{self.address(GATEWAY)}"

    @property
    def postgres(self) -> Postgres:
        """The database server."""
        return Postgres(self.layout, self.ports["postgres"], SERVICES)

    @property
    def mail(self) -> Mail:
        """The mail server."""
        return Mail(self.layout, self.ports["mail"])

    @property
    def nats(self) -> Nats:
        """The message broker."""
        return Nats(self.layout, self.ports["nats"], self.ports["nats_monitor"])

    def address(self, name: str) -> str:
        """Host and port of a process."""
        return f"127.0.0.1:{self.ports[name]}"

    def create_secrets(self) -> None:
        """Makes the secrets that are not there yet."""
        logins = [login for service in SERVICES for login in postgres.logins(service)]
        keys.create_secrets(
            self.layout,
            signers=SIGNERS,
            passwords=[postgres.NAME, *logins],
            nats_users=broker.USERS,
        )

    def environment(self, name: str) -> dict[str, str]:
        """The settings of a service or of the gateway, as environment variables."""
        secrets = self.layout.secrets
        settings = {
            "LISTEN": self.address(name),
            "NATS_URL": self.nats.url,
            "NATS_SEED_FILE": str(self.nats.seed_file(name)),
            "SIGNING_KEY_FILE": str(secrets / f"{name}.jwk"),
            "INTERNAL_JWKS_FILE": str(secrets / "internal.jwks"),
            "DRAIN_S": "0",
            **(self._database(name) if name in SERVICES else {}),
            **{f"{other.upper()}_TARGET": self.address(other) for other in _CALLS[name]},
            **self._own(name),
        }
        return {f"PRAXIS_{name.upper()}_{key}": value for key, value in settings.items()}

    def command(self, name: str, *arguments: str) -> tuple[str, ...]:
        """A sub-command of a service; it ends when the process that started it dies."""
        return mortal(sys.executable, "-P", "-m", f"praxis_{name}", *arguments)

    def run(self, name: str, *arguments: str) -> int:
        """Runs a sub-command of a service here, in and out as ours; returns its exit code."""
        env = {**os.environ, **self.environment(name)}
        code = subprocess.run(self.command(name, *arguments), env=env, check=False).returncode
        return code if code >= 0 else 128 - code

    def processes(self) -> list[Process]:
        """Everything that `up` runs."""
        return [
            self.postgres.process(),
            self.nats.process(),
            self._streams(),
            self.mail.process(),
            *self.migrations(),
            *(self._service(name) for name in SERVICES),
            self._gateway(),
        ]

    def migrations(self) -> list[Process]:
        """The tasks that bring each database to the version of the code."""
        return [
            Process(
                f"{name}-migrate",
                self.command(name, "migrate"),
                self.environment(name),
                needs=(postgres.NAME,),
                ready_s=600,
            )
            for name in SERVICES
        ]

    def _streams(self) -> Process:
        """What keeps the broker's streams there."""
        file = streams.ready_file(self.layout)
        file.unlink(missing_ok=True)
        return Process(
            "streams",
            mortal(
                *(sys.executable, "-P", "-m", "praxis_cli.stack.streams"),
                *(str(self.layout.root), self.nats.url),
            ),
            ready=file.exists,
            needs=(broker.NAME,),
        )

    def _service(self, name: str) -> Process:
        return Process(
            name,
            self.command(name, "serve"),
            self.environment(name),
            ready=probes.grpc_serving(self.ports[name]),
            needs=(postgres.NAME, broker.NAME, f"{name}-migrate"),
        )

    def _gateway(self) -> Process:
        return Process(
            GATEWAY,
            self.command(GATEWAY, "serve"),
            self.environment(GATEWAY),
            ready=probes.http_ok(self.ports[GATEWAY], "/healthz"),
            needs=(broker.NAME,),
            uses=SERVICES,
            stop_signals=((signal.SIGTERM, 8), (signal.SIGKILL, 1)),
        )

    def _database(self, name: str) -> dict[str, str]:
        passwords = {
            f"DATABASE_{login.upper()}_PASSWORD_FILE": str(
                self.layout.secrets / f"{name}_{login}.password"
            )
            for login in postgres.LOGINS
        }
        return {
            "DATABASE_HOST": "127.0.0.1",
            "DATABASE_PORT": str(self.ports["postgres"]),
            "DATABASE_NAME": postgres.database(name),
            **passwords,
        }

    def _own(self, name: str) -> dict[str, str]:
        """What only this process has."""
        secrets = self.layout.secrets
        own = {
            "analytics": {
                "RECEIPT_KEY_FILE": str(secrets / "receipt.key"),
                "DATABASE_SQL_PASSWORD_FILE": str(secrets / "analytics_sql.password"),
            },
            "report": {
                "LINK_KEY_FILE": str(secrets / "link.key"),
                "MASTER_KEY_FILE": str(secrets / "master.key"),
                "FILES_DIR": str(self.layout.files),
            },
            "scheduler": {
                "PUBLIC_URL": self.url,
                "SMTP_PORT": str(self.ports["mail"]),
                "SMTP_TLS": "none",
            },
            GATEWAY: {
                "ISSUER_JWKS_FILE": str(secrets / "issuer.jwks"),
                "ISSUER": keys.ISSUER,
                "AUDIENCE": keys.AUDIENCE,
            },
        }
        return own.get(name, {})
