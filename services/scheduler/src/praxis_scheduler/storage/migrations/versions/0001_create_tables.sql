create table report_schedules (
    practice_id  uuid        not null,
    id           uuid        not null,
    name         text        not null,
    description  text,
    report_type  text        not null,
    report_id    uuid,
    report_format text       not null,
    report_parameters jsonb  not null,
    frequency    text        not null,
    cron_expression text,
    day_of_week  smallint,
    day_of_month smallint,
    month_of_year smallint,
    time_of_day  text        not null,
    timezone     text        not null,
    status       text        not null,
    is_enabled   boolean     not null,
    catch_up     text        not null,
    overlap      text        not null,
    created_by_user_id text  not null,
    owner_roles  text[]      not null,
    delivery_method text     not null,
    email_recipients text[]  not null,
    email_subject text,
    email_body   text,
    last_run_at  timestamptz,
    last_run_status text,
    last_run_error text,
    next_run_at  timestamptz,
    total_runs   bigint      not null default 0,
    successful_runs bigint   not null default 0,
    failed_runs  bigint      not null default 0,
    retention_days integer,
    auto_delete_old_reports boolean not null,
    metadata     jsonb       not null,
    version      bigint      not null default 1,
    request_hash bytea       not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    deleted_at   timestamptz,
    primary key (practice_id, id)
);
create index report_schedules_frequency on report_schedules (practice_id, frequency);
create index report_schedules_status on report_schedules (practice_id, status);
create index report_schedules_next_run on report_schedules (practice_id, next_run_at);
create index report_schedules_created_by on report_schedules (practice_id, created_by_user_id);
create index report_schedules_created_at
    on report_schedules (practice_id, created_at desc, id desc);
comment on table report_schedules is 'distributed: what is made when, and who is told';

-- One row as long as a schedule lives; whoever changes or fires it locks this row first.
create table schedule_due (
    schedule_id  uuid        primary key,
    practice_id  uuid        not null,
    next_fire_at timestamptz,
    local_label  text,
    zone_data    text        not null
);
create index schedule_due_next on schedule_due (next_fire_at);
create index schedule_due_practice on schedule_due (practice_id, next_fire_at);
comment on table schedule_due is 'local: when each schedule fires next';

create table firing (
    practice_id  uuid        not null,
    id           uuid        not null,
    schedule_id  uuid        not null,
    fire_time    timestamptz not null,
    local_label  text        not null,
    outcome      text        not null check (outcome in ('ran', 'coalesced', 'skipped')),
    reason       text,
    fired_at     timestamptz not null,
    status       text,
    execution_id uuid,
    error        text,
    ended_at     timestamptz,
    primary key (practice_id, id),
    -- None runs twice: not an instant, and not a local time that a new zone moved to another one.
    unique (practice_id, schedule_id, fire_time),
    unique (practice_id, schedule_id, local_label),
    foreign key (practice_id, schedule_id) references report_schedules (practice_id, id)
);
comment on table firing is 'distributed: fire times that have come, each with its one outcome';

create table delivery (
    practice_id  uuid        not null,
    id           uuid        not null,
    schedule_id  uuid        not null,
    firing_id    uuid        not null,
    execution_id uuid        not null,
    recipient    text        not null,
    status       text        not null default 'pending'
                 check (status in ('pending', 'sending', 'sent', 'failed', 'maybe_duplicate')),
    -- An attempt was broken off after the server may have taken the mail.
    is_uncertain boolean     not null default false,
    attempts     integer     not null default 0,
    error        text,
    sent_at      timestamptz,
    created_at   timestamptz not null,
    primary key (practice_id, id),
    unique (practice_id, execution_id, recipient),
    foreign key (practice_id, firing_id) references firing (practice_id, id)
);
create index delivery_firing on delivery (practice_id, firing_id);
comment on table delivery is 'distributed: the mail to each recipient about an execution';
