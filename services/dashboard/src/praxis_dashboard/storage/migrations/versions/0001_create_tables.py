"""Dashboards."""

from pathlib import Path

from praxis_chassis.migrations import (
    create_chassis_tables,
    create_event_tables,
    execute_file,
    protect,
)

revision = "0001"
down_revision = None

_SERVICE = "dashboard"


def upgrade() -> None:
    """Creates the tables and puts them under row-level security."""
    create_chassis_tables(_SERVICE)
    create_event_tables(_SERVICE)
    execute_file(Path(__file__).with_suffix(".sql"))
    protect(_SERVICE, "dashboards", "select, insert, update")
