"""Numbers for this service's events, cursors and dead letters."""

from praxis_chassis.migrations import create_event_tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the tables of relay and consumers."""
    create_event_tables("analytics")
