"""More settings of a practice, who changed them when, and targets of its figures."""

from praxis_chassis.migrations import execute_script, protect

revision = "0006"
down_revision = "0004"

_SCRIPT = """
alter table practice
    add column week_start smallint not null default 0 check (week_start between 0 and 6),
    add column holidays date[] not null default '{}',
    add column active_patient_months smallint not null default 24
        check (active_patient_months in (12, 18, 24, 36)),
    add column small_cell_limit smallint not null default 11
        check (small_cell_limit between 5 and 100),
    add column minimum_survey_answers smallint not null default 11
        check (minimum_survey_answers between 1 and 1000),
    add column minimum_ranking_answers smallint not null default 30
        check (minimum_ranking_answers between 1 and 1000),
    add column variants jsonb not null default '{}',
    add column version bigint not null default 1;

create table practice_history (
    practice_id  uuid        not null,
    version      bigint      not null,
    revision     bigint      not null,
    changed_at   timestamptz not null,
    changed_by   text        not null,
    fields       text[]      not null,
    -- All settings as they were from then on.
    settings     jsonb       not null,
    primary key (practice_id, version)
);
comment on table practice_history is 'distributed: every form that the settings have had';

create table metric_target (
    practice_id  uuid        not null,
    metric_id    text        not null,
    version      bigint      not null,
    revision     bigint      not null,
    effective_from date      not null,
    -- Without limits: the practice has no target of its own from that date on.
    lower_is_better boolean  not null,
    good_limit   numeric,
    warning_limit numeric,
    changed_at   timestamptz not null,
    changed_by   text        not null,
    primary key (practice_id, metric_id, version),
    check ((good_limit is null) = (warning_limit is null))
);
comment on table metric_target is 'distributed: what a practice aims at, every form it has had';
"""


def upgrade() -> None:
    """Adds columns with defaults, and two tables that only grow."""
    execute_script(_SCRIPT)
    for table in ("practice_history", "metric_target"):
        protect("analytics", table, "select, insert")
