alter table reports
    add column retention_days integer,
    add column template_version integer,
    add column made_from_template_id uuid;
create unique index reports_template on reports (practice_id, template_name, template_version)
    where template_version is not null;

alter table report_executions
    add column retention_days integer,
    add column retry_of_id uuid,
    add column data_key    bytea,
    add column deleted_at  timestamptz,
    add column hold_reason text,
    add column held_by_user_id text,
    add column held_at     timestamptz,
    add column download_count bigint not null default 0,
    add column last_downloaded_at timestamptz;

create table practice_keys (
    practice_id  uuid        not null,
    version      integer     not null,
    wrapped      bytea       not null,
    created_at   timestamptz not null,
    primary key (practice_id, version)
);
comment on table practice_keys is 'distributed: keys that wrap the keys of files, wrapped';

create table report_downloads (
    practice_id  uuid        not null,
    id           uuid        not null,
    execution_id uuid        not null,
    user_id      text        not null,
    bytes        bigint      not null,
    downloaded_at timestamptz not null,
    primary key (practice_id, id),
    foreign key (practice_id, execution_id) references report_executions (practice_id, id)
);
create index report_downloads_execution on report_downloads (practice_id, execution_id);
comment on table report_downloads is 'distributed: who fetched which file when';

create table report_shares (
    practice_id  uuid        not null,
    id           uuid        not null,
    report_id    uuid        not null,
    user_id      text,
    role         text,
    created_by_user_id text  not null,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    revoked_by_user_id text,
    request_hash bytea       not null,
    primary key (practice_id, id),
    check (num_nonnulls(user_id, role) = 1),
    foreign key (practice_id, report_id) references reports (practice_id, id)
);
create index report_shares_report on report_shares (practice_id, report_id);
comment on table report_shares is 'distributed: whom a report was given to';

create table file_due (
    practice_id  uuid        not null,
    execution_id uuid        primary key,
    due_at       timestamptz not null
);
create index file_due_at on file_due (due_at);
comment on table file_due is 'local: when files of runs are due for deletion';
