-- Which practice a backend of the SQL login works for. A setting would not do: SQL can change it.
create table sql_session (
    pid          integer     primary key,
    practice_id  uuid        not null,
    -- Makes the keys of one run; another run has others.
    salt         bytea       not null,
    opened_at    timestamptz not null default clock_timestamp()
);
comment on table sql_session is 'local: the practice of each backend that runs custom SQL';
grant select, insert, update, delete on sql_session to analytics_worker;

create table sql_text (
    practice_id  uuid        not null,
    sql_hash     bytea       not null,
    sql          text        not null,
    first_seen   timestamptz not null,
    primary key (practice_id, sql_hash)
);
comment on table sql_text is 'distributed: every custom SQL that was run, named by its audit rows';
alter table sql_text enable row level security;
alter table sql_text force row level security;
create policy own_practice on sql_text to analytics_app, analytics_worker
    using (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid))
    with check (practice_id = (select nullif(current_setting('app.practice_id', true), '')::uuid));
grant select, insert on sql_text to analytics_app;

create schema semantic;
grant usage on schema semantic to analytics_sql;

create view semantic.patients as
select encode(substr(sha256(k.salt || uuid_send(p.patient_id)), 1, 9), 'hex') as patient_key,
       p.sex,
       case when p.age >= 90 then '90+' when p.age >= 85 then '85-89' when p.age >= 75 then '75-84'
            when p.age >= 65 then '65-74' when p.age >= 50 then '50-64' when p.age >= 40 then '40-49'
            when p.age >= 30 then '30-39' when p.age >= 18 then '18-29' when p.age >= 0 then '0-17'
       end as age_band,
       p.race, p.ethnicity, p.language,
       extract(year from p.registered_on)::integer as registered_year,
       p.deceased_at is not null as deceased
from (select f.*, extract(year from age(coalesce(c.business_date, current_date), f.birth_date)) as age
      from dim_patient f join practice c on c.practice_id = f.practice_id where not f.voided) p
cross join (select salt from sql_session where pid = pg_backend_pid()) k;
comment on view semantic.patients is 'One row per patient, without anything that names a person.';
comment on column semantic.patients.patient_key is 'Joins the views of one run; every run has other keys.';
comment on column semantic.patients.sex is 'Administrative sex.';
comment on column semantic.patients.age_band is 'Band of completed years today; 90+ is one band.';
comment on column semantic.patients.race is 'Race as recorded.';
comment on column semantic.patients.ethnicity is 'Ethnicity as recorded.';
comment on column semantic.patients.language is 'Preferred language.';
comment on column semantic.patients.registered_year is 'Year of the first encounter.';
comment on column semantic.patients.deceased is 'Whether a death is recorded.';

create view semantic.visits as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       extract(year from f.start_at at time zone c.time_zone)::integer as year,
       f.class, f.type_code, f.status, f.is_new_patient as new_patient,
       d.display_name as provider, d.specialty, y.payer_class
from fact_encounter f
join practice c on c.practice_id = f.practice_id
left join dim_provider d on d.practice_id = f.practice_id and d.provider_id = f.provider_id
left join dim_payer y on y.practice_id = f.practice_id and y.payer_id = f.payer_id
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided;
comment on view semantic.visits is 'One row per encounter of any class; dates as years.';
comment on column semantic.visits.patient_key is 'Joins the views of one run.';
comment on column semantic.visits.year is 'Local year of its start.';
comment on column semantic.visits.class is 'AMB office, VR virtual, HH home, EMER, IMP and others.';
comment on column semantic.visits.type_code is 'Code of the kind of visit.';
comment on column semantic.visits.status is 'FHIR encounter status.';
comment on column semantic.visits.new_patient is 'None in the three years before; null where it is no visit.';
comment on column semantic.visits.provider is 'Name of the provider.';
comment on column semantic.visits.specialty is 'Specialty of the provider.';
comment on column semantic.visits.payer_class is 'Class of the payer.';

create view semantic.claims as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       extract(year from f.created_on)::integer as year,
       f.kind, f.status, f.billed, f.allowed, f.paid, f.patient_resp,
       f.first_adjudicated_on - f.first_submitted_on as days_to_adjudicate,
       d.display_name as provider, y.payer_class
from fact_claim f
left join dim_provider d on d.practice_id = f.practice_id and d.provider_id = f.provider_id
left join dim_payer y on y.practice_id = f.practice_id and y.payer_id = f.payer_id
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided;
comment on view semantic.claims is 'One row per claim; dates as years.';
comment on column semantic.claims.patient_key is 'Joins the views of one run.';
comment on column semantic.claims.year is 'Year it was created.';
comment on column semantic.claims.kind is 'professional, institutional, pharmacy, oral or vision.';
comment on column semantic.claims.status is 'Status of the claim.';
comment on column semantic.claims.billed is 'Amount billed.';
comment on column semantic.claims.allowed is 'Amount allowed.';
comment on column semantic.claims.paid is 'Amount paid by the payer.';
comment on column semantic.claims.patient_resp is 'What the patient owes of it.';
comment on column semantic.claims.days_to_adjudicate is 'Days from first submission to first answer.';
comment on column semantic.claims.provider is 'Name of the provider.';
comment on column semantic.claims.payer_class is 'Class of the payer.';

create view semantic.conditions as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       f.code_system, f.code, f.display, f.clinical_status,
       extract(year from f.onset_on)::integer as onset_year,
       extract(year from f.abated_on)::integer as abated_year
from fact_condition f
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided;
comment on view semantic.conditions is 'One row per condition; dates as years.';
comment on column semantic.conditions.patient_key is 'Joins the views of one run.';
comment on column semantic.conditions.code_system is 'System of the code.';
comment on column semantic.conditions.code is 'Code of the condition.';
comment on column semantic.conditions.display is 'Text of the code.';
comment on column semantic.conditions.clinical_status is 'active, resolved and others.';
comment on column semantic.conditions.onset_year is 'Year it began.';
comment on column semantic.conditions.abated_year is 'Year it ended.';

create view semantic.observations as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       f.code_system, f.code, f.category, f.value_num as value, f.unit,
       extract(year from f.effective_at at time zone c.time_zone)::integer as year
from fact_observation f
join practice c on c.practice_id = f.practice_id
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided and f.value_num is not null;
comment on view semantic.observations is 'One row per measured number; dates as years.';
comment on column semantic.observations.patient_key is 'Joins the views of one run.';
comment on column semantic.observations.code_system is 'System of the code.';
comment on column semantic.observations.code is 'What was measured.';
comment on column semantic.observations.category is 'vital-signs, laboratory and others.';
comment on column semantic.observations.value is 'The number.';
comment on column semantic.observations.unit is 'Its unit.';
comment on column semantic.observations.year is 'Local year it was measured.';

create view semantic.charges_by_month as
select date_trunc('month', f.posting_date::timestamp)::date as month,
       d.display_name as provider, d.specialty, y.payer_class,
       sum(f.amount) as charges, sum(f.wrvu) as wrvu
from fact_charge f
left join dim_provider d on d.practice_id = f.practice_id and d.provider_id = f.provider_id
left join dim_payer y on y.practice_id = f.practice_id and y.payer_id = f.payer_id
where not f.voided group by 1, 2, 3, 4;
comment on view semantic.charges_by_month is 'Charges of a month by provider and payer class.';
comment on column semantic.charges_by_month.month is 'First day of the month they were posted in.';
comment on column semantic.charges_by_month.provider is 'Name of the provider.';
comment on column semantic.charges_by_month.specialty is 'Specialty of the provider.';
comment on column semantic.charges_by_month.payer_class is 'Class of the payer.';
comment on column semantic.charges_by_month.charges is 'Sum of the charges.';
comment on column semantic.charges_by_month.wrvu is 'Sum of the work relative value units.';

create view semantic.ledger_by_month as
select date_trunc('month', f.posting_date::timestamp)::date as month,
       f.entry, f.reason, f.method, d.display_name as provider, y.payer_class,
       sum(f.amount) as amount
from fact_ledger f
left join dim_provider d on d.practice_id = f.practice_id and d.provider_id = f.provider_id
left join dim_payer y on y.practice_id = f.practice_id and y.payer_id = f.payer_id
where not f.voided group by 1, 2, 3, 4, 5, 6;
comment on view semantic.ledger_by_month is 'Payments, adjustments and refunds of a month.';
comment on column semantic.ledger_by_month.month is 'First day of the month they were posted in.';
comment on column semantic.ledger_by_month.entry is 'payment, adjustment, refund or transfer.';
comment on column semantic.ledger_by_month.reason is 'insurance, patient, contractual and others.';
comment on column semantic.ledger_by_month.method is 'eft, check, card, cash, portal, copay or other.';
comment on column semantic.ledger_by_month.provider is 'Name of the provider.';
comment on column semantic.ledger_by_month.payer_class is 'Class of the payer.';
comment on column semantic.ledger_by_month.amount is 'Their sum; positive lowers the balance.';

create view semantic.appointments_by_month as
select date_trunc('month', f.start_at at time zone c.time_zone)::date as month,
       f.status, f.visit_type, d.display_name as provider, y.payer_class,
       extract(isodow from f.start_at at time zone c.time_zone)::integer as weekday,
       count(*) as appointments
from fact_appointment f
join practice c on c.practice_id = f.practice_id
left join dim_provider d on d.practice_id = f.practice_id and d.provider_id = f.provider_id
left join dim_payer y on y.practice_id = f.practice_id and y.payer_id = f.payer_id
where not f.voided group by 1, 2, 3, 4, 5, 6;
comment on view semantic.appointments_by_month is 'Appointments of a month by scheduled start.';
comment on column semantic.appointments_by_month.month is 'First day of the local month.';
comment on column semantic.appointments_by_month.status is 'FHIR appointment status.';
comment on column semantic.appointments_by_month.visit_type is 'Kind of visit.';
comment on column semantic.appointments_by_month.provider is 'Name of the provider.';
comment on column semantic.appointments_by_month.payer_class is 'Class of the payer.';
comment on column semantic.appointments_by_month.weekday is '1 Monday to 7 Sunday.';
comment on column semantic.appointments_by_month.appointments is 'How many.';

create view semantic.tasks_by_month as
select date_trunc('month', f.created_at at time zone c.time_zone)::date as month,
       f.type, f.priority, f.status, count(*) as tasks
from fact_task f join practice c on c.practice_id = f.practice_id
where not f.voided group by 1, 2, 3, 4;
comment on view semantic.tasks_by_month is 'Tasks of a month by creation.';
comment on column semantic.tasks_by_month.month is 'First day of the local month.';
comment on column semantic.tasks_by_month.type is 'Kind of task.';
comment on column semantic.tasks_by_month.priority is 'low, normal, high or urgent.';
comment on column semantic.tasks_by_month.status is 'Its state.';
comment on column semantic.tasks_by_month.tasks is 'How many.';

-- Not for queries: the state of the facts that they read.
create view semantic.as_of as
select h.revision, h.recorded_at,
       exists (select from import_run i where i.practice_id = h.practice_id and i.overlay) as synthetic
from revision_head h;

grant select on all tables in schema semantic to analytics_sql;
