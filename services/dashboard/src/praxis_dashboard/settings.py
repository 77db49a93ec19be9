"""Settings of the dashboard service."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from praxis_chassis.settings import DatabaseSettings


class Settings(DatabaseSettings):
    """Environment `PRAXIS_DASHBOARD_*`."""

    model_config = SettingsConfigDict(env_prefix="PRAXIS_DASHBOARD_", frozen=True, extra="ignore")

    analytics_target: str = Field(description="Address of the analytics service.")
    watchers_most: int = Field(1000, ge=1, le=100_000, description="Live pages at once.")
