"""Report definitions and their executions."""

from pathlib import Path

from praxis_chassis.migrations import create_chassis_tables, execute_file, protect

revision = "0001"
down_revision = None

_SERVICE = "report"


def upgrade() -> None:
    """Creates the tables and puts them under row-level security."""
    create_chassis_tables(_SERVICE)
    execute_file(Path(__file__).with_suffix(".sql"))
    for table in ("reports", "report_executions"):
        protect(_SERVICE, table, "select, insert, update")
