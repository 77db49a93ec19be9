"""Views without identifiers for custom SQL, and how a backend of its login knows its practice."""

from pathlib import Path

from praxis_chassis.migrations import execute_file, execute_script

revision = "0007"
down_revision = "0006"

_READ = (
    "practice", "dim_patient", "dim_provider", "dim_payer", "fact_encounter", "fact_appointment",
    "fact_claim", "fact_charge", "fact_ledger", "fact_task", "fact_condition", "fact_observation",
    "revision_head", "import_run",
)  # fmt: skip


def upgrade() -> None:
    """Creates them. The views read as their owner, to whom the tables show one practice only."""
    execute_file(Path(__file__).with_suffix(".sql"))
    for table in _READ:
        execute_script(
            f"create policy sql_session on {table} for select to analytics_owner using"
            " (practice_id = (select s.practice_id from sql_session s"
            " where s.pid = pg_backend_pid()))"
        )
