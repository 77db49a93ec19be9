"""Settings of a process: environment first, validated at start, secrets from files."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from psycopg.conninfo import make_conninfo
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ProcessSettings(BaseSettings):
    """What every process of Praxis is told. A subclass sets its own `env_prefix`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    listen: str = Field("127.0.0.1:0", description="Address and port to serve on.")
    internal_jwks_file: Path = Field(description="Public keys that sign internal tokens (JWKS).")
    signing_key_file: Path = Field(description="This process's private key (JWK, Ed25519).")
    nats_url: str = Field("", description="Broker address, nats://host:port.")
    nats_seed_file: Path | None = Field(None, description="This process's nkey seed.")
    drain_s: float = Field(5.0, ge=0, le=60, description="Seconds served on after SIGTERM.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="From which level on to log."
    )


class DatabaseSettings(ProcessSettings):
    """What a service that owns a database is told besides."""

    database_host: str = Field("127.0.0.1", description="PostgreSQL host.")
    database_port: int = Field(5432, ge=1, le=65535, description="PostgreSQL port.")
    database_name: str = Field(description="This service's own database.")
    database_app_password_file: Path = Field(description="Password of <service>_app.")
    database_worker_password_file: Path = Field(description="Password of <service>_worker.")
    database_migrate_password_file: Path | None = Field(
        None, description="Password of <service>_migrate; only `migrate` reads it."
    )
    database_pool: int = Field(10, ge=1, le=100, description="Connections per pool.")

    def conninfo(self, login: str) -> str:
        """A libpq connection string for the login `app`, `worker` or `migrate`."""
        service = self.database_name.removeprefix("praxis_")
        file: Path | None = getattr(self, f"database_{login}_password_file")
        if file is None:
            raise ValueError(f"no password file for {login}")
        return make_conninfo(
            host=self.database_host,
            port=self.database_port,
            dbname=self.database_name,
            user=f"{service}_{login}",
            password=file.read_text().strip(),
            application_name=f"praxis-{service}",
            connect_timeout=5,
        )
