"""Every kind of fact is found by the date that decides its period, checks and surveys by their
visit, and an import may refresh what the planner knows of the tables."""

from alembic import op

from praxis_chassis.migrations import execute_script

revision = "0008"
down_revision = "0007"

_INDEXES = (
    ("fact_claim_event", "occurred_on"),
    ("fact_condition", "onset_on"),
    ("fact_document", "received_at"),
    ("fact_message", "sent_at"),
    ("fact_observation", "effective_at"),
    ("fact_procedure", "performed_on"),
    ("fact_slot", "start_at"),
    ("fact_survey", "sent_at"),
    ("fact_verification", "requested_at"),
    ("fact_verification", "appointment_id"),
)


def upgrade() -> None:
    """Adds the indexes, on current rows and history, and the right to ANALYZE."""
    for table, column in _INDEXES:
        for name in (table, f"{table}_history"):
            execute_script(f"create index {name}_{column} on {name} (practice_id, {column})")
    connection = op.get_bind()
    (version,) = connection.exec_driver_sql("show server_version_num").one()
    if int(version) < 170_000:
        return  # Before PostgreSQL 17 only the owner may; autovacuum does it there, later.
    facts = connection.exec_driver_sql(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and obj_description(oid, 'pg_class') = 'distributed: facts'"
    )
    for (table,) in facts.fetchall():
        execute_script(f"grant maintain on {table} to analytics_app, analytics_worker")
