"""Tasks and patients are looked up by the date that decides their cohort."""

from praxis_chassis.migrations import execute_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the indexes, on current rows and history."""
    for table, column in (("fact_task", "created_at"), ("dim_patient", "registered_on")):
        for name in (table, f"{table}_history"):
            execute_script(f"create index {name}_{column} on {name} (practice_id, {column})")
