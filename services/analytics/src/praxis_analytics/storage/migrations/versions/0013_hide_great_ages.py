"""Custom SQL is told no year that only somebody over 89 can have, and the practice's today."""

from pathlib import Path

from praxis_chassis.migrations import execute_file

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Replaces the views that have years, and adds today to the state."""
    execute_file(Path(__file__).with_suffix(".sql"))
