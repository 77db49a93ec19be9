"""Settings of the report service."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from praxis_chassis.settings import DatabaseSettings


class Settings(DatabaseSettings):
    """Environment `PRAXIS_REPORT_*`."""

    model_config = SettingsConfigDict(env_prefix="PRAXIS_REPORT_", frozen=True, extra="ignore")

    analytics_target: str = Field(description="Address of the analytics service.")
    scheduler_target: str = Field(description="Address of the scheduler.")
    link_key_file: Path = Field(description="Key that signs download links, 32 random bytes.")
    files_dir: Path = Field(description="Folder that report files are kept in.")
    retention_days: int = Field(30, ge=1, le=3650, description="How long a file is kept, days.")
    render_processes: int = Field(2, ge=1, le=32, description="Files drawn at once.")
    queue_most: int = Field(500, ge=1, le=100_000, description="Runs a practice may have waiting.")
