"""Marks the months that claims stand in by any of their dates, so that their stages roll up; days
are rolled up by payer and provider too. All that was rolled up is taken anew."""

from praxis_chassis.migrations import execute_script, protect

revision = "0011"
down_revision = "0009"

# Dates as they are marked, and the facts whose months they mark.
_MARKED = {
    "fact_claim": ("created_on", "first_submitted_on", "first_adjudicated_on"),
    "fact_claim_event": ("occurred_on",),
}
_STAGES = ("created_on", "first_sent_on", "first_answered_on")
_READ = (
    *(f"{table}{twin}" for table in _MARKED for twin in ("", "_history")),
    "revision_head",
    "month_touched",
)
# What a day's facts come to, by the same axes as a month's.
_DAYS = """
create table rollup_day (
    practice_id  uuid        not null,
    fact         text        not null,
    axis         text        not null,
    month        date        not null,
    day          date        not null,
    key          text        not null,
    synthetic    boolean     not null,
    sums         numeric[]   not null,
    primary key (practice_id, fact, axis, month, day, key)
);
comment on table rollup_day is 'distributed: sums of a day''s facts, by one axis';
"""


def upgrade() -> None:
    """Marks every month of a date that there is or was, as touched by the newest revision; adds
    indexes; makes the days anew."""
    days = " union ".join(
        f"select practice_id, date_trunc('month', {date})::date as month from {table}{twin}"
        for table, dates in _MARKED.items()
        for date in dates
        for twin in ("", "_history")
    )
    # The owner reads past its own policy while it is not forced.
    for table in _READ:
        execute_script(f"alter table {table} no force row level security")
    execute_script(f"""
        insert into month_touched (practice_id, fact, month, touched_rev, touched_at)
        select practice_id, 'fact_claim.' || stage, month, h.revision, h.recorded_at
        from ({days}) d join revision_head h using (practice_id),
             unnest(array{list(_STAGES)}) stage
        where month is not null
        on conflict (practice_id, fact, month) do update
        set touched_rev = excluded.touched_rev, touched_at = excluded.touched_at
    """)
    for table in _READ:
        execute_script(f"alter table {table} force row level security")
    for date in ("first_submitted_on", "first_adjudicated_on"):
        for table in ("fact_claim", "fact_claim_history"):
            execute_script(f"create index {table}_{date} on {table} (practice_id, {date})")
    execute_script("""
        drop index account_balance_stands_from;
        create index account_balance_stands_from on account_balance (practice_id, stands_from)
            include (account, posted_on)
    """)
    execute_script("drop table rollup_day; truncate month_rolled, rollup_month, rollup_patients")
    execute_script(_DAYS)
    protect("analytics", "rollup_day")
    execute_script("revoke insert, update, delete on rollup_day from analytics_app")
    execute_script("update rollup_due set rolled_at = '-infinity'")
