"""Marks of what apply touched, and the roll-ups of months that follow them."""

from pathlib import Path

from praxis_chassis.migrations import execute_file, execute_script, protect

revision = "0004"
down_revision = "0003"

# Deciding dates as they are marked; later ones need a version of their own that marks their past.
_MARKED = {
    "fact_charge": ("posting_date", "service_date"),
    "fact_ledger": ("posting_date", "deposit_date", "service_date"),
    "fact_claim": ("created_on", "first_submitted_on", "first_adjudicated_on"),
    "fact_encounter": ("start_at",),
    "fact_appointment": ("start_at",),
}
_ROLLED = ("month_rolled", "rollup_month", "rollup_day", "rollup_patients", "patient_number")


def upgrade() -> None:
    """Creates the tables, and marks the months of the facts that are there."""
    execute_file(Path(__file__).with_suffix(".sql"))
    for table, dates in _MARKED.items():
        # The owner reads past its own policy while it is not forced.
        execute_script(f"alter table {table} no force row level security")
        for date in dates:
            execute_script(_mark(table, date))
        execute_script(f"alter table {table} force row level security")
    execute_script(
        "insert into rollup_due (practice_id, touched_at)"
        " select practice_id, max(touched_at) from month_touched group by practice_id"
    )
    protect("analytics", "month_touched", "select, insert, update")
    for table in _ROLLED:
        protect("analytics", table)
        execute_script(f"revoke insert, update, delete on {table} from analytics_app")
    execute_script("grant select, insert, update on rollup_due to analytics_app, analytics_worker")


def _mark(table: str, date: str) -> str:
    days = f"f.{date}"
    if date.endswith("_at"):
        days = ", ".join(
            f"(f.{date} at time zone 'UTC' {sign} interval '14 hours')" for sign in "+-"
        )
    return f"""
        insert into month_touched (practice_id, fact, month, touched_rev, touched_at)
        select f.practice_id, '{table}.{date}', date_trunc('month', day)::date,
               max(f.rev_from), max(f.recorded_at)
        from {table} f cross join unnest(array[{days}]::timestamp[]) day
        where day is not null group by 1, 3
    """
