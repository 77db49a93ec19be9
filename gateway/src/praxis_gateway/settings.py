"""What the gateway is told at start (environment PRAXIS_GATEWAY_*)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from praxis_chassis.settings import ProcessSettings


class Settings(ProcessSettings):
    """Where the services are, whose tokens hold, how often one may call."""

    model_config = SettingsConfigDict(env_prefix="PRAXIS_GATEWAY_")

    analytics_target: str = Field(description="Address of the analytics service, host:port.")
    report_target: str = Field(description="Address of the report service, host:port.")
    scheduler_target: str = Field("", description="Address of the scheduler; empty: not served.")
    dashboard_target: str = Field("", description="Address of the dashboards; empty: not served.")
    issuer_jwks_file: Path = Field(description="Public keys of the identity provider (JWKS).")
    issuer: str = Field("praxis-local", description="Required `iss` of a caller's token.")
    audience: str = Field("praxis", description="Required `aud` of a caller's token.")
    practice_rate: float = Field(200, gt=0, description="Requests per second of one practice.")
    practice_burst: float = Field(400, ge=1, description="Requests of one practice at once.")
    user_rate: float = Field(100, gt=0, description="Requests per second of one user.")
    user_burst: float = Field(200, ge=1, description="Requests of one user at once.")

    def target(self, package: str) -> str:
        """Address of the service whose contract is `package` (praxis.report.v1), or empty."""
        address: str = getattr(self, f"{package.split('.')[1]}_target")
        return address
