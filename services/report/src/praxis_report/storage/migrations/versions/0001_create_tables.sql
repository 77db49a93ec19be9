create table reports (
    practice_id  uuid        not null,
    id           uuid        not null,
    report_type  text        not null,
    name         text        not null,
    description  text,
    parameters   jsonb       not null,
    columns      text[]      not null,
    sort_by      text,
    sort_order   text,
    format       text        not null,
    status       text        not null,
    latest_execution_id uuid,
    created_by_user_id text  not null,
    is_template  boolean     not null,
    template_name text,
    metadata     jsonb       not null,
    download_count bigint    not null default 0,
    last_downloaded_at timestamptz,
    request_hash bytea       not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    deleted_at   timestamptz,
    primary key (practice_id, id)
);
create index reports_report_type on reports (practice_id, report_type);
create index reports_status on reports (practice_id, status);
create index reports_created_by on reports (practice_id, created_by_user_id);
create index reports_created_at on reports (practice_id, created_at desc, id desc);
comment on table reports is 'distributed: report definitions';

create table report_executions (
    practice_id  uuid        not null,
    id           uuid        not null,
    report_id    uuid        not null,
    schedule_id  uuid,
    report_type  text        not null,
    definition   jsonb       not null,
    format       text        not null,
    status       text        not null,
    stage        text        not null,
    progress_percent integer not null default 0,
    priority     smallint    not null,
    parameters   jsonb       not null,
    requested_by_user_id text not null,
    requested_roles text[]   not null,
    queued_at    timestamptz not null,
    started_at   timestamptz,
    completed_at timestamptz,
    result_count bigint,
    file_name    text,
    file_size    bigint,
    sha256       text,
    storage_key  text,
    expires_at   timestamptz,
    revision     bigint,
    recorded_at  timestamptz,
    data_through date,
    error_code   text,
    error_message text,
    error_hint   text,
    request_hash bytea       not null,
    primary key (practice_id, id),
    foreign key (practice_id, report_id) references reports (practice_id, id)
);
create index report_executions_report on report_executions (practice_id, report_id, queued_at desc);
create index report_executions_queued on report_executions (practice_id, queued_at desc, id desc);
create index report_executions_status on report_executions (practice_id, status);
comment on table report_executions is 'distributed: runs of reports, and their files';
