"""Settings of the analytics service."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from praxis_chassis.settings import DatabaseSettings


class Settings(DatabaseSettings):
    """Environment `PRAXIS_ANALYTICS_*`."""

    model_config = SettingsConfigDict(env_prefix="PRAXIS_ANALYTICS_", frozen=True, extra="ignore")

    database_sql_password_file: Path = Field(description="Password of analytics_sql.")
    receipt_key_file: Path = Field(description="Key that signs receipts, 32 random bytes.")
