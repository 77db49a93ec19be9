"""Whether a run's rows ended at their limit; which practices have keys, to wrap them anew."""

from praxis_chassis.migrations import execute_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds both; the owner looks past row-level security to fill in what is there."""
    execute_script(
        """
        alter table report_executions add column is_cut_short boolean not null default false;

        create table key_owner (practice_id uuid primary key);
        comment on table key_owner is 'local: practices that have a key';
        alter table practice_keys no force row level security;
        insert into key_owner select distinct practice_id from practice_keys;
        alter table practice_keys force row level security;
        grant select, insert on key_owner to report_app, report_worker;
        """
    )
