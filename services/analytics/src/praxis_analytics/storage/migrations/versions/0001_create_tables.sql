-- Practices, their revisions, stored questions and imports.

create table practice (
    practice_id  uuid        primary key,
    name         text        not null check (length(name) between 1 and 200),
    time_zone    text        not null,
    currency     text        not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
    fiscal_year_start_month smallint not null default 1
                 check (fiscal_year_start_month between 1 and 12),
    accrual_basis boolean    not null default false,
    business_date date,
    created_at   timestamptz not null
);
comment on table practice is 'reference: practices and their settings';

create table revision_head (
    practice_id  uuid        primary key,
    revision     bigint      not null default 0,
    recorded_at  timestamptz not null
);
comment on table revision_head is 'distributed: the newest revision of each practice, and its lock';

create table revision_log (
    practice_id  uuid        not null,
    revision     bigint      not null,
    recorded_at  timestamptz not null,
    import_batch_id uuid,
    -- Table → rows written; table → by how much its sum of amounts moved.
    changed      jsonb       not null,
    amounts      jsonb       not null,
    primary key (practice_id, revision)
);
comment on table revision_log is 'distributed: one row per applied batch, with its control totals';

create table resource_version (
    practice_id  uuid        not null,
    source_system text       not null,
    source_resource text     not null,
    source_version bigint    not null,
    primary key (practice_id, source_system, source_resource)
);
comment on table resource_version is
    'distributed: the newest version met of each source resource that has versions';

create table question (
    practice_id  uuid        not null,
    question_hash bytea      not null,
    canonical    jsonb       not null,
    first_seen   timestamptz not null,
    primary key (practice_id, question_hash)
);
comment on table question is 'distributed: canonical questions that receipts point to';

create table import_run (
    practice_id  uuid        not null,
    import_id    uuid        not null,
    source       text        not null,
    overlay      boolean     not null,
    as_of        date,
    state        text        not null check (state in ('running', 'completed', 'failed')),
    started_at   timestamptz not null,
    completed_at timestamptz,
    result       jsonb,
    primary key (practice_id, import_id)
);
comment on table import_run is 'distributed: imports, their counts and quality reports';

-- The fact model.

create table dim_patient (
    practice_id uuid not null,
    patient_id uuid not null,
    mrn text,
    family_name text,
    given_name text,
    birth_date date,
    sex text,
    race text,
    ethnicity text,
    language text,
    postal_code text,
    deceased_at timestamptz,
    primary_provider_id uuid,
    registered_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, patient_id)
);
create index dim_patient_resource on dim_patient (practice_id, source_resource);
create table dim_patient_history (
    practice_id uuid not null,
    patient_id uuid not null,
    mrn text,
    family_name text,
    given_name text,
    birth_date date,
    sex text,
    race text,
    ethnicity text,
    language text,
    postal_code text,
    deceased_at timestamptz,
    primary_provider_id uuid,
    registered_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, patient_id, rev_from)
);
comment on table dim_patient is 'distributed: facts';
comment on table dim_patient_history is 'distributed: facts';

create table dim_provider (
    practice_id uuid not null,
    provider_id uuid not null,
    npi text,
    display_name text,
    specialty text,
    credential text,
    location_id uuid,
    active_from date,
    active_to date,
    fte numeric,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, provider_id)
);
create index dim_provider_resource on dim_provider (practice_id, source_resource);
create table dim_provider_history (
    practice_id uuid not null,
    provider_id uuid not null,
    npi text,
    display_name text,
    specialty text,
    credential text,
    location_id uuid,
    active_from date,
    active_to date,
    fte numeric,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, provider_id, rev_from)
);
comment on table dim_provider is 'distributed: facts';
comment on table dim_provider_history is 'distributed: facts';

create table dim_staff_user (
    practice_id uuid not null,
    user_id uuid not null,
    display_name text,
    role text,
    department text,
    provider_id uuid,
    active boolean,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, user_id)
);
create index dim_staff_user_resource on dim_staff_user (practice_id, source_resource);
create table dim_staff_user_history (
    practice_id uuid not null,
    user_id uuid not null,
    display_name text,
    role text,
    department text,
    provider_id uuid,
    active boolean,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, user_id, rev_from)
);
comment on table dim_staff_user is 'distributed: facts';
comment on table dim_staff_user_history is 'distributed: facts';

create table dim_payer (
    practice_id uuid not null,
    payer_id uuid not null,
    name text,
    payer_class text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, payer_id)
);
create index dim_payer_resource on dim_payer (practice_id, source_resource);
create table dim_payer_history (
    practice_id uuid not null,
    payer_id uuid not null,
    name text,
    payer_class text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, payer_id, rev_from)
);
comment on table dim_payer is 'distributed: facts';
comment on table dim_payer_history is 'distributed: facts';

create table dim_location (
    practice_id uuid not null,
    location_id uuid not null,
    name text,
    time_zone text,
    postal_code text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, location_id)
);
create index dim_location_resource on dim_location (practice_id, source_resource);
create table dim_location_history (
    practice_id uuid not null,
    location_id uuid not null,
    name text,
    time_zone text,
    postal_code text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, location_id, rev_from)
);
comment on table dim_location is 'distributed: facts';
comment on table dim_location_history is 'distributed: facts';

create table coverage (
    practice_id uuid not null,
    coverage_id uuid not null,
    patient_id uuid,
    payer_id uuid,
    plan text,
    coverage_order integer,
    valid_from date,
    valid_to date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, coverage_id)
);
create index coverage_resource on coverage (practice_id, source_resource);
create table coverage_history (
    practice_id uuid not null,
    coverage_id uuid not null,
    patient_id uuid,
    payer_id uuid,
    plan text,
    coverage_order integer,
    valid_from date,
    valid_to date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, coverage_id, rev_from)
);
comment on table coverage is 'distributed: facts';
comment on table coverage_history is 'distributed: facts';

create table fact_slot (
    practice_id uuid not null,
    slot_id uuid not null,
    provider_id uuid,
    location_id uuid,
    visit_type text,
    start_at timestamptz,
    end_at timestamptz,
    status text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, slot_id)
);
create index fact_slot_resource on fact_slot (practice_id, source_resource);
create table fact_slot_history (
    practice_id uuid not null,
    slot_id uuid not null,
    provider_id uuid,
    location_id uuid,
    visit_type text,
    start_at timestamptz,
    end_at timestamptz,
    status text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, slot_id, rev_from)
);
comment on table fact_slot is 'distributed: facts';
comment on table fact_slot_history is 'distributed: facts';

create table fact_appointment (
    practice_id uuid not null,
    appointment_id uuid not null,
    patient_id uuid,
    provider_id uuid,
    location_id uuid,
    payer_id uuid,
    visit_type text,
    status text,
    start_at timestamptz,
    end_at timestamptz,
    booked_at timestamptz,
    cancelled_at timestamptz,
    cancelled_by text,
    cancel_reason text,
    checked_in_at timestamptz,
    roomed_at timestamptz,
    checked_out_at timestamptz,
    reminder_sent_at timestamptz,
    encounter_id uuid,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, appointment_id)
);
create index fact_appointment_resource on fact_appointment (practice_id, source_resource);
create table fact_appointment_history (
    practice_id uuid not null,
    appointment_id uuid not null,
    patient_id uuid,
    provider_id uuid,
    location_id uuid,
    payer_id uuid,
    visit_type text,
    status text,
    start_at timestamptz,
    end_at timestamptz,
    booked_at timestamptz,
    cancelled_at timestamptz,
    cancelled_by text,
    cancel_reason text,
    checked_in_at timestamptz,
    roomed_at timestamptz,
    checked_out_at timestamptz,
    reminder_sent_at timestamptz,
    encounter_id uuid,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, appointment_id, rev_from)
);
create index fact_appointment_start_at on fact_appointment (practice_id, start_at);
create index fact_appointment_history_start_at on fact_appointment_history (practice_id, start_at);
comment on table fact_appointment is 'distributed: facts';
comment on table fact_appointment_history is 'distributed: facts';

create table fact_encounter (
    practice_id uuid not null,
    encounter_id uuid not null,
    patient_id uuid,
    provider_id uuid,
    location_id uuid,
    class text,
    type_code text,
    codings text[],
    discharge_disposition text,
    reason_code text,
    status text,
    start_at timestamptz,
    end_at timestamptz,
    payer_id uuid,
    is_new_patient boolean,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, encounter_id)
);
create index fact_encounter_resource on fact_encounter (practice_id, source_resource);
create table fact_encounter_history (
    practice_id uuid not null,
    encounter_id uuid not null,
    patient_id uuid,
    provider_id uuid,
    location_id uuid,
    class text,
    type_code text,
    codings text[],
    discharge_disposition text,
    reason_code text,
    status text,
    start_at timestamptz,
    end_at timestamptz,
    payer_id uuid,
    is_new_patient boolean,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, encounter_id, rev_from)
);
create index fact_encounter_start_at on fact_encounter (practice_id, start_at);
create index fact_encounter_history_start_at on fact_encounter_history (practice_id, start_at);
create index fact_encounter_patient_id on fact_encounter (practice_id, patient_id);
create index fact_encounter_history_patient_id on fact_encounter_history (practice_id, patient_id);
comment on table fact_encounter is 'distributed: facts';
comment on table fact_encounter_history is 'distributed: facts';

create table fact_charge (
    practice_id uuid not null,
    charge_id uuid not null,
    encounter_id uuid,
    claim_id uuid,
    line_no integer,
    patient_id uuid,
    provider_id uuid,
    payer_id uuid,
    code_system text,
    code text,
    modifiers text[],
    units numeric,
    amount numeric(14,2),
    expected_allowed numeric(14,2),
    wrvu numeric,
    service_date date,
    posting_date date,
    voided_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, charge_id)
);
create index fact_charge_resource on fact_charge (practice_id, source_resource);
create table fact_charge_history (
    practice_id uuid not null,
    charge_id uuid not null,
    encounter_id uuid,
    claim_id uuid,
    line_no integer,
    patient_id uuid,
    provider_id uuid,
    payer_id uuid,
    code_system text,
    code text,
    modifiers text[],
    units numeric,
    amount numeric(14,2),
    expected_allowed numeric(14,2),
    wrvu numeric,
    service_date date,
    posting_date date,
    voided_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, charge_id, rev_from)
);
create index fact_charge_posting_date on fact_charge (practice_id, posting_date);
create index fact_charge_history_posting_date on fact_charge_history (practice_id, posting_date);
create index fact_charge_claim_id on fact_charge (practice_id, claim_id);
create index fact_charge_history_claim_id on fact_charge_history (practice_id, claim_id);
comment on table fact_charge is 'distributed: facts';
comment on table fact_charge_history is 'distributed: facts';

create table fact_claim (
    practice_id uuid not null,
    claim_id uuid not null,
    encounter_id uuid,
    patient_id uuid,
    provider_id uuid,
    payer_id uuid,
    claim_order integer,
    kind text,
    frequency_code integer,
    service_from date,
    service_to date,
    created_on date,
    first_submitted_on date,
    billed numeric(14,2),
    allowed numeric(14,2),
    paid numeric(14,2),
    patient_resp numeric(14,2),
    status text,
    first_adjudicated_on date,
    first_pass_outcome text,
    closed_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, claim_id)
);
create index fact_claim_resource on fact_claim (practice_id, source_resource);
create table fact_claim_history (
    practice_id uuid not null,
    claim_id uuid not null,
    encounter_id uuid,
    patient_id uuid,
    provider_id uuid,
    payer_id uuid,
    claim_order integer,
    kind text,
    frequency_code integer,
    service_from date,
    service_to date,
    created_on date,
    first_submitted_on date,
    billed numeric(14,2),
    allowed numeric(14,2),
    paid numeric(14,2),
    patient_resp numeric(14,2),
    status text,
    first_adjudicated_on date,
    first_pass_outcome text,
    closed_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, claim_id, rev_from)
);
create index fact_claim_created_on on fact_claim (practice_id, created_on);
create index fact_claim_history_created_on on fact_claim_history (practice_id, created_on);
create index fact_claim_encounter_id on fact_claim (practice_id, encounter_id);
create index fact_claim_history_encounter_id on fact_claim_history (practice_id, encounter_id);
comment on table fact_claim is 'distributed: facts';
comment on table fact_claim_history is 'distributed: facts';

create table fact_claim_event (
    practice_id uuid not null,
    claim_id uuid not null,
    seq integer not null,
    event text,
    occurred_on date,
    x12_source text,
    status_category text,
    group_code text,
    carc text[],
    rarc text[],
    amount numeric(14,2),
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, claim_id, seq)
);
create index fact_claim_event_resource on fact_claim_event (practice_id, source_resource);
create table fact_claim_event_history (
    practice_id uuid not null,
    claim_id uuid not null,
    seq integer not null,
    event text,
    occurred_on date,
    x12_source text,
    status_category text,
    group_code text,
    carc text[],
    rarc text[],
    amount numeric(14,2),
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, claim_id, seq, rev_from)
);
comment on table fact_claim_event is 'distributed: facts';
comment on table fact_claim_event_history is 'distributed: facts';

create table fact_ledger (
    practice_id uuid not null,
    entry_id uuid not null,
    charge_id uuid,
    claim_id uuid,
    encounter_id uuid,
    patient_id uuid,
    provider_id uuid,
    payer_id uuid,
    entry text,
    reason text,
    group_code text,
    carc text,
    method text,
    amount numeric(14,2),
    service_date date,
    deposit_date date,
    posting_date date,
    posted_by uuid,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, entry_id)
);
create index fact_ledger_resource on fact_ledger (practice_id, source_resource);
create table fact_ledger_history (
    practice_id uuid not null,
    entry_id uuid not null,
    charge_id uuid,
    claim_id uuid,
    encounter_id uuid,
    patient_id uuid,
    provider_id uuid,
    payer_id uuid,
    entry text,
    reason text,
    group_code text,
    carc text,
    method text,
    amount numeric(14,2),
    service_date date,
    deposit_date date,
    posting_date date,
    posted_by uuid,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, entry_id, rev_from)
);
create index fact_ledger_posting_date on fact_ledger (practice_id, posting_date);
create index fact_ledger_history_posting_date on fact_ledger_history (practice_id, posting_date);
create index fact_ledger_claim_id on fact_ledger (practice_id, claim_id);
create index fact_ledger_history_claim_id on fact_ledger_history (practice_id, claim_id);
comment on table fact_ledger is 'distributed: facts';
comment on table fact_ledger_history is 'distributed: facts';

create table fact_task (
    practice_id uuid not null,
    task_id uuid not null,
    type text,
    status text,
    priority text,
    assignee_id uuid,
    patient_id uuid,
    created_at timestamptz,
    due_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, task_id)
);
create index fact_task_resource on fact_task (practice_id, source_resource);
create table fact_task_history (
    practice_id uuid not null,
    task_id uuid not null,
    type text,
    status text,
    priority text,
    assignee_id uuid,
    patient_id uuid,
    created_at timestamptz,
    due_at timestamptz,
    started_at timestamptz,
    completed_at timestamptz,
    cancelled_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, task_id, rev_from)
);
comment on table fact_task is 'distributed: facts';
comment on table fact_task_history is 'distributed: facts';

create table fact_document (
    practice_id uuid not null,
    document_id uuid not null,
    patient_id uuid,
    type text,
    status text,
    received_at timestamptz,
    reviewed_at timestamptz,
    reviewed_by uuid,
    finalised_at timestamptz,
    assignee_id uuid,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, document_id)
);
create index fact_document_resource on fact_document (practice_id, source_resource);
create table fact_document_history (
    practice_id uuid not null,
    document_id uuid not null,
    patient_id uuid,
    type text,
    status text,
    received_at timestamptz,
    reviewed_at timestamptz,
    reviewed_by uuid,
    finalised_at timestamptz,
    assignee_id uuid,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, document_id, rev_from)
);
comment on table fact_document is 'distributed: facts';
comment on table fact_document_history is 'distributed: facts';

create table fact_verification (
    practice_id uuid not null,
    verification_id uuid not null,
    patient_id uuid,
    payer_id uuid,
    appointment_id uuid,
    requested_at timestamptz,
    responded_at timestamptz,
    result text,
    method text,
    copay numeric(14,2),
    deductible_left numeric(14,2),
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, verification_id)
);
create index fact_verification_resource on fact_verification (practice_id, source_resource);
create table fact_verification_history (
    practice_id uuid not null,
    verification_id uuid not null,
    patient_id uuid,
    payer_id uuid,
    appointment_id uuid,
    requested_at timestamptz,
    responded_at timestamptz,
    result text,
    method text,
    copay numeric(14,2),
    deductible_left numeric(14,2),
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, verification_id, rev_from)
);
comment on table fact_verification is 'distributed: facts';
comment on table fact_verification_history is 'distributed: facts';

create table fact_message (
    practice_id uuid not null,
    message_id uuid not null,
    thread_id text,
    sender_id uuid,
    recipient_id uuid,
    patient_id uuid,
    sent_at timestamptz,
    read_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, message_id)
);
create index fact_message_resource on fact_message (practice_id, source_resource);
create table fact_message_history (
    practice_id uuid not null,
    message_id uuid not null,
    thread_id text,
    sender_id uuid,
    recipient_id uuid,
    patient_id uuid,
    sent_at timestamptz,
    read_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, message_id, rev_from)
);
comment on table fact_message is 'distributed: facts';
comment on table fact_message_history is 'distributed: facts';

create table fact_survey (
    practice_id uuid not null,
    response_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    provider_id uuid,
    instrument text,
    sent_at timestamptz,
    completed_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, response_id)
);
create index fact_survey_resource on fact_survey (practice_id, source_resource);
create table fact_survey_history (
    practice_id uuid not null,
    response_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    provider_id uuid,
    instrument text,
    sent_at timestamptz,
    completed_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, response_id, rev_from)
);
comment on table fact_survey is 'distributed: facts';
comment on table fact_survey_history is 'distributed: facts';

create table fact_survey_answer (
    practice_id uuid not null,
    response_id uuid not null,
    item text not null,
    value_num numeric,
    value_code text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, response_id, item)
);
create index fact_survey_answer_resource on fact_survey_answer (practice_id, source_resource);
create table fact_survey_answer_history (
    practice_id uuid not null,
    response_id uuid not null,
    item text not null,
    value_num numeric,
    value_code text,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, response_id, item, rev_from)
);
comment on table fact_survey_answer is 'distributed: facts';
comment on table fact_survey_answer_history is 'distributed: facts';

create table fact_condition (
    practice_id uuid not null,
    condition_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    display text,
    category text,
    clinical_status text,
    verification_status text,
    body_site text,
    onset_on date,
    abated_on date,
    recorded_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, condition_id)
);
create index fact_condition_resource on fact_condition (practice_id, source_resource);
create table fact_condition_history (
    practice_id uuid not null,
    condition_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    display text,
    category text,
    clinical_status text,
    verification_status text,
    body_site text,
    onset_on date,
    abated_on date,
    recorded_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, condition_id, rev_from)
);
comment on table fact_condition is 'distributed: facts';
comment on table fact_condition_history is 'distributed: facts';

create table fact_observation (
    practice_id uuid not null,
    observation_id uuid not null,
    component_no integer not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    category text,
    value_type text,
    value_num numeric,
    unit text,
    value_code text,
    absent_reason text,
    effective_at timestamptz,
    effective_end timestamptz,
    issued_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, observation_id, component_no)
);
create index fact_observation_resource on fact_observation (practice_id, source_resource);
create table fact_observation_history (
    practice_id uuid not null,
    observation_id uuid not null,
    component_no integer not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    category text,
    value_type text,
    value_num numeric,
    unit text,
    value_code text,
    absent_reason text,
    effective_at timestamptz,
    effective_end timestamptz,
    issued_at timestamptz,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, observation_id, component_no, rev_from)
);
comment on table fact_observation is 'distributed: facts';
comment on table fact_observation_history is 'distributed: facts';

create table fact_procedure (
    practice_id uuid not null,
    procedure_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    performed_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, procedure_id)
);
create index fact_procedure_resource on fact_procedure (practice_id, source_resource);
create table fact_procedure_history (
    practice_id uuid not null,
    procedure_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    performed_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, procedure_id, rev_from)
);
comment on table fact_procedure is 'distributed: facts';
comment on table fact_procedure_history is 'distributed: facts';

create table fact_medication (
    practice_id uuid not null,
    medication_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    ordered_on date,
    ended_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, medication_id)
);
create index fact_medication_resource on fact_medication (practice_id, source_resource);
create table fact_medication_history (
    practice_id uuid not null,
    medication_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    ordered_on date,
    ended_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, medication_id, rev_from)
);
comment on table fact_medication is 'distributed: facts';
comment on table fact_medication_history is 'distributed: facts';

create table fact_immunization (
    practice_id uuid not null,
    immunization_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    performed_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, immunization_id)
);
create index fact_immunization_resource on fact_immunization (practice_id, source_resource);
create table fact_immunization_history (
    practice_id uuid not null,
    immunization_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    performed_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, immunization_id, rev_from)
);
comment on table fact_immunization is 'distributed: facts';
comment on table fact_immunization_history is 'distributed: facts';

create table fact_service_request (
    practice_id uuid not null,
    service_request_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    ordered_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, service_request_id)
);
create index fact_service_request_resource on fact_service_request (practice_id, source_resource);
create table fact_service_request_history (
    practice_id uuid not null,
    service_request_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    ordered_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, service_request_id, rev_from)
);
comment on table fact_service_request is 'distributed: facts';
comment on table fact_service_request_history is 'distributed: facts';

create table fact_device_request (
    practice_id uuid not null,
    device_request_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    ordered_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    primary key (practice_id, device_request_id)
);
create index fact_device_request_resource on fact_device_request (practice_id, source_resource);
create table fact_device_request_history (
    practice_id uuid not null,
    device_request_id uuid not null,
    patient_id uuid,
    encounter_id uuid,
    code_system text,
    code text,
    codings text[],
    status text,
    intent text,
    not_done boolean,
    reason_code text,
    ordered_on date,
    source_system text not null,
    source_id text not null,
    source_resource text not null,
    source_version bigint not null,
    voided boolean not null,
    synthetic boolean not null,
    void_reason text,
    recorded_at timestamptz not null,
    rev_from bigint not null,
    import_batch_id uuid,
    rev_to bigint not null,
    primary key (practice_id, device_request_id, rev_from)
);
comment on table fact_device_request is 'distributed: facts';
comment on table fact_device_request_history is 'distributed: facts';
