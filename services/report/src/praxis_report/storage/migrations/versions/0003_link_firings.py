"""Which firing of a schedule an execution comes of."""

from praxis_chassis.migrations import execute_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the firing to executions."""
    execute_script("alter table report_executions add column firing_id uuid")
