create table dashboards (
    practice_id  uuid        not null,
    id           uuid        not null,
    name         text        not null,
    description  text,
    dashboard_type text      not null,
    user_id      text,
    widgets      jsonb       not null,
    layout       jsonb       not null,
    theme        text        not null,
    refresh_interval text    not null,
    auto_refresh boolean     not null,
    is_public    boolean     not null,
    shared_with_users text[] not null,
    shared_with_roles text[] not null,
    is_default   boolean     not null,
    is_template  boolean     not null,
    view_count   bigint      not null default 0,
    last_viewed_at timestamptz,
    sort_order   integer     not null,
    metadata     jsonb       not null,
    version      bigint      not null default 1,
    request_hash bytea       not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    deleted_at   timestamptz,
    primary key (practice_id, id)
);
create index dashboards_dashboard_type on dashboards (practice_id, dashboard_type);
create index dashboards_user_id on dashboards (practice_id, user_id);
create index dashboards_is_public on dashboards (practice_id, is_public);
create index dashboards_sort_order on dashboards (practice_id, sort_order);
comment on table dashboards is 'distributed: dashboards with their widgets and layout';
