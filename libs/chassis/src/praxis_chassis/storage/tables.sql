-- Tables that every service has besides its own. The class of a table stands in its comment:
-- `distributed` holds rows of practices under row-level security; `local` holds ids and times only.

create table event_log (
    day          date        not null,
    event_id     uuid        not null,
    ord          bigint      generated always as identity,
    practice_id  uuid        not null,
    subject      text        not null,
    payload      bytea       not null,
    request_id   text        not null,
    occurred_at  timestamptz not null,
    seq          bigint,
    published_at timestamptz,
    primary key (day, event_id)
);
create index event_log_unnumbered on event_log (ord) where seq is null;
create unique index event_log_seq on event_log (seq) where seq is not null;
comment on table event_log is 'local: events of this service, numbered and published by its relay';

create table audit_log (
    practice_id  uuid        not null,
    audit_id     uuid        not null,
    at           timestamptz not null,
    actor        text        not null,
    on_behalf_of text        not null default '',
    roles        text[]      not null,
    purpose      text        not null default '',
    action       text        not null,
    object_type  text        not null,
    object_id    text        not null,
    outcome      text        not null,
    address      text        not null default '',
    request_id   text        not null,
    fields       text[]      not null default '{}',
    primary key (practice_id, audit_id)
);
create index audit_log_at on audit_log (practice_id, at);
comment on table audit_log is 'distributed: who did and saw what; insert only';

create table job (
    job_id       uuid        primary key,
    practice_id  uuid        not null,
    kind         text        not null,
    subject_id   uuid        not null,
    priority     smallint    not null default 2,
    state        text        not null default 'queued'
                 check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    created_at   timestamptz not null default clock_timestamp(),
    run_after    timestamptz not null default clock_timestamp(),
    attempts     integer     not null default 0,
    lease_owner  text,
    lease_until  timestamptz,
    fence        bigint      not null default 0
);
create index job_due on job (priority desc, created_at) where state in ('queued', 'running');
create index job_practice on job (practice_id, state);
comment on table job is 'local: slow work under lease and fence';
