"""Schedules, their firings and deliveries."""

from pathlib import Path

from praxis_chassis.migrations import (
    create_chassis_tables,
    create_event_tables,
    execute_file,
    execute_script,
    protect,
)

revision = "0001"
down_revision = None

_SERVICE = "scheduler"


def upgrade() -> None:
    """Creates the tables and puts them under row-level security."""
    create_chassis_tables(_SERVICE)
    create_event_tables(_SERVICE)
    execute_file(Path(__file__).with_suffix(".sql"))
    for table in ("report_schedules", "firing", "delivery"):
        protect(_SERVICE, table, "select, insert, update")
    execute_script(
        "grant select, insert, update, delete on schedule_due to scheduler_app, scheduler_worker"
    )
