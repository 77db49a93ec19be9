-- `fact` is a table and one of its deciding dates: fact_ledger.posting_date.
create table month_touched (
    practice_id  uuid        not null,
    fact         text        not null,
    month        date        not null,
    touched_rev  bigint      not null,
    touched_at   timestamptz not null,
    primary key (practice_id, fact, month)
);
comment on table month_touched is 'distributed: the newest revision that changed a month''s facts';

create table month_rolled (
    practice_id  uuid        not null,
    fact         text        not null,
    month        date        not null,
    -- What was summed, and in which time zone; a roll-up of another definition is none.
    definition   text        not null,
    computed_rev bigint      not null,
    primary key (practice_id, fact, month)
);
comment on table month_rolled is 'distributed: the revision that a month''s roll-ups were taken at';

-- `axis` is a column of the fact, or empty for all facts together; `key` its value as text.
create table rollup_month (
    practice_id  uuid        not null,
    fact         text        not null,
    axis         text        not null,
    month        date        not null,
    key          text        not null,
    synthetic    boolean     not null,
    sums         numeric[]   not null,
    primary key (practice_id, fact, axis, month, key)
);
comment on table rollup_month is 'distributed: sums of a month''s facts, by one axis';

create table rollup_day (
    practice_id  uuid        not null,
    fact         text        not null,
    month        date        not null,
    day          date        not null,
    synthetic    boolean     not null,
    sums         numeric[]   not null,
    primary key (practice_id, fact, month, day)
);
comment on table rollup_day is 'distributed: sums of a day''s facts';

create table patient_number (
    practice_id  uuid        not null,
    patient_id   uuid        not null,
    number       integer     not null,
    primary key (practice_id, patient_id)
);
create unique index patient_number_number on patient_number (practice_id, number);
comment on table patient_number is 'distributed: patients numbered without gaps, for bit strings';

-- A chunk holds 4,096 patients; bit n of chunk c is patient number 4096 × c + n.
create table rollup_patients (
    practice_id  uuid        not null,
    fact         text        not null,
    axis         text        not null,
    month        date        not null,
    part         text        not null,
    key          text        not null,
    chunk        integer     not null,
    bits         bit(4096)   not null,
    primary key (practice_id, fact, axis, part, month, key, chunk)
);
comment on table rollup_patients is 'distributed: which patients a month''s facts have, by one axis';

-- When to look at which practice; a lost row costs speed only, never truth.
create table rollup_due (
    practice_id  uuid        primary key,
    touched_at   timestamptz not null,
    rolled_at    timestamptz not null default '-infinity',
    looked_at    timestamptz not null default '-infinity'
);
comment on table rollup_due is 'local: practices whose months the worker has to look at';
