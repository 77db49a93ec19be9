-- What a service needs to number and publish its events, and to follow others'.

create table relay (
    only_one     boolean     primary key default true check (only_one),
    last_seq     bigint      not null default 0,
    lease_owner  text        not null default '',
    lease_until  timestamptz not null default '-infinity',
    fence        bigint      not null default 0
);
insert into relay default values;
comment on table relay is 'local: the counter of this service''s log and who may raise it';

create index event_log_unpublished on event_log (seq)
    where seq is not null and published_at is null;

create table cursor (
    consumer     text        not null,
    producer     text        not null,
    seq          bigint      not null,
    moved_at     timestamptz not null,
    primary key (consumer, producer)
);
comment on table cursor is 'local: how far each producer''s log was applied';

create table dead_letter (
    producer     text        not null,
    event_id     uuid        not null,
    seq          bigint,
    practice_id  uuid        not null,
    subject      text        not null,
    payload      bytea       not null,
    reason       text        not null,
    at           timestamptz not null,
    primary key (producer, event_id)
);
comment on table dead_letter is 'local: events that could not be applied, and why';
