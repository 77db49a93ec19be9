"""The store that the settings name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from obstore.store import AzureStore, LocalStore, S3Store

from praxis_report.blobs.files import Files
from praxis_report.settings import Settings

_SCRATCH = "scratch"


def open_files(settings: Settings) -> Files:
    """The file store; its folders exist afterwards. Raises: ValueError without a bucket."""
    scratch = settings.files_dir / _SCRATCH
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.storage_backend == "local":
        folder = settings.files_dir.resolve()
        return Files("local", "", LocalStore(prefix=folder), scratch, folder)
    if not settings.storage_bucket:
        raise ValueError(f"storage in {settings.storage_backend} needs a bucket")
    kind = _s3 if settings.storage_backend == "s3" else _azure
    return Files(settings.storage_backend, settings.storage_bucket, kind(settings), scratch)


def _s3(settings: Settings) -> S3Store:
    named: dict[str, Any] = {"region": settings.storage_region}
    if settings.storage_endpoint:
        named["endpoint"] = settings.storage_endpoint
    key_id, secret = _secret(settings.storage_key_id_file), _secret(settings.storage_secret_file)
    if key_id and secret:
        named |= {"access_key_id": key_id, "secret_access_key": secret}
    return S3Store(settings.storage_bucket, **named, **_patience(settings))


def _azure(settings: Settings) -> AzureStore:
    named: dict[str, Any] = {"account_name": settings.storage_account}
    if settings.storage_endpoint:
        named["endpoint"] = settings.storage_endpoint
    account_key = _secret(settings.storage_secret_file)
    if account_key:
        named["account_key"] = account_key
    return AzureStore(settings.storage_bucket, **named, **_patience(settings))


def _patience(settings: Settings) -> dict[str, Any]:
    """Short waits: a run whose file cannot be stored is tried again as a whole."""
    plain = settings.storage_endpoint.startswith("http://")
    return {
        "client_options": {"allow_http": plain, "connect_timeout": "5s", "timeout": "60s"},
        "retry_config": {"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    }


def _secret(file: Path | None) -> str:
    """What stands in the file; nothing where there is none, as of a Secret that is optional."""
    return file.read_text().strip() if file and file.exists() else ""
