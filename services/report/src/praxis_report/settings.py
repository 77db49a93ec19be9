"""Settings of the report service."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from praxis_chassis.settings import DatabaseSettings


class Settings(DatabaseSettings):
    """Environment `PRAXIS_REPORT_*`."""

    model_config = SettingsConfigDict(env_prefix="PRAXIS_REPORT_", frozen=True, extra="ignore")

    analytics_target: str = Field(description="Address of the analytics service.")
    scheduler_target: str = Field(description="Address of the scheduler.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+)?$",
        description="Where people reach the page, no last slash; files then link to receipts.",
    )
    link_key_file: Path = Field(description="Key that signs download links, 32 random bytes.")
    master_key_file: Path = Field(
        description="Key that wraps the keys of practices, 32 random bytes; every file is lost "
        "with it. Older ones may follow it, to open what they wrapped."
    )
    files_dir: Path = Field(
        description="Folder where files are drawn and, with local storage, kept."
    )
    storage_backend: Literal["local", "s3", "azure"] = Field(
        "local", description="Where finished files are kept."
    )
    storage_bucket: str = Field("", description="S3 bucket or Azure container.")
    storage_endpoint: str = Field("", description="Address of the store, where not the vendor's.")
    storage_region: str = Field("us-east-1", description="Region of the S3 bucket.")
    storage_account: str = Field("", description="Azure storage account.")
    storage_key_id_file: Path | None = Field(
        None, description="S3 access key id; without the file, the machine's own identity is used."
    )
    storage_secret_file: Path | None = Field(
        None,
        description="S3 secret key or Azure account key; without the file, the machine's identity.",
    )
    retention_days: int = Field(30, ge=1, le=3650, description="How long a file is kept, days.")
    render_processes: int = Field(2, ge=1, le=32, description="Files drawn at once.")
    run_timeout_s: float = Field(
        900, ge=1, le=3600, description="How long one attempt of a run may take, seconds."
    )
    queue_most: int = Field(500, ge=1, le=100_000, description="Runs a practice may have waiting.")
