"""Settings of the scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from praxis_chassis.settings import DatabaseSettings

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(DatabaseSettings):
    """Environment `PRAXIS_SCHEDULER_*`."""

    model_config = SettingsConfigDict(env_prefix="PRAXIS_SCHEDULER_", frozen=True, extra="ignore")

    analytics_target: str = Field(description="Address of the analytics service.")
    report_target: str = Field(description="Address of the report service.")
    public_url: str = Field(
        pattern=r"^https?://[^\s/?#]+$", description="Where people reach the page, no last slash."
    )
    smtp_host: str = Field("127.0.0.1", description="Mail server.")
    smtp_port: int = Field(25, ge=1, le=65535, description="Its port.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the talk is encrypted; none only to a loopback address."
    )
    smtp_ca_file: Path | None = Field(None, description="Authority of its certificate (PEM).")
    smtp_user: str = Field("", description="Login at the mail server; empty: none.")
    smtp_password_file: Path | None = Field(None, description="Password of that login.")
    smtp_timeout_s: float = Field(20, gt=0, le=300, description="Longest wait for it, seconds.")
    mail_from: str = Field(
        "reports@praxis.local",
        pattern=r"^[^\s@<>]+@[^\s@<>]+$",
        description="Sender's address of every mail.",
    )
    mail_domains: list[str] = Field([], description="Domains mail may go to; empty: any.")
    poll_s: float = Field(0.5, gt=0, le=60, description="Seconds between looks for due schedules.")
    delivery_workers: int = Field(2, ge=1, le=32, description="Mails sent at once.")

    @model_validator(mode="after")
    def _plain_text_stays_here(self) -> Self:
        if self.smtp_tls == "none" and self.smtp_host not in _LOOPBACK:
            raise ValueError("smtp_tls is none, and smtp_host is not a loopback address")
        return self

    @property
    def smtp_password(self) -> str:
        """The password from its file; empty without one."""
        file = self.smtp_password_file
        return file.read_text().strip() if file else ""
