from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import ValidationError

from praxis_chassis.settings import DatabaseSettings


def _settings(folder: Path, **changes: Any) -> DatabaseSettings:
    for login in ("app", "worker"):
        (folder / login).write_text(f"it's \\ a pass {login}\n")
    values: dict[str, Any] = {
        "internal_jwks_file": folder / "keys",
        "signing_key_file": folder / "key",
        "database_name": "praxis_report",
        "database_app_password_file": folder / "app",
        "database_worker_password_file": folder / "worker",
    }
    return DatabaseSettings(**(values | changes))


def test_any_password_gets_through(tmp_path: Path) -> None:
    parsed = conninfo_to_dict(_settings(tmp_path).conninfo("worker"))
    assert parsed["password"] == "it's \\ a pass worker"
    assert parsed["user"] == "report_worker"
    assert parsed["dbname"] == "praxis_report"


def test_no_login_without_its_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="migrate"):
        _settings(tmp_path).conninfo("migrate")


@pytest.mark.parametrize(
    "changes",
    [
        {"log_level": "loud"},
        {"database_port": 0},
        {"database_pool": 0},
        {"database_pool": 101},
        {"drain_s": -1},
        {"database_name": None},
    ],
    ids=str,
)
def test_bad_settings_stop_the_start(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(changes))):
        _settings(tmp_path, **changes)


def test_settings_do_not_change_and_hold_no_secret(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    with pytest.raises(ValidationError):
        settings.database_port = 1
    assert "pass" not in settings.model_dump_json().replace("password_file", "")
