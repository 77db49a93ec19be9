-- 45 CFR 164.514(b)(2)(i)(C): of those over 89, no year that tells such an age.
create function semantic.shown_year(year numeric, today date) returns integer
language sql stable as
$$ select case when year >= extract(year from coalesce(today, current_date)) - 89
          then year::integer end $$;

create or replace view semantic.patients as
select encode(substr(sha256(k.salt || uuid_send(p.patient_id)), 1, 9), 'hex') as patient_key,
       p.sex,
       case when p.age >= 90 then '90+' when p.age >= 85 then '85-89' when p.age >= 75 then '75-84'
            when p.age >= 65 then '65-74' when p.age >= 50 then '50-64' when p.age >= 40 then '40-49'
            when p.age >= 30 then '30-39' when p.age >= 18 then '18-29' when p.age >= 0 then '0-17'
       end as age_band,
       p.race, p.ethnicity, p.language,
       semantic.shown_year(extract(year from p.registered_on), p.today) as registered_year,
       p.deceased_at is not null as deceased
from (select f.*, c.business_date as today, extract(year from age(coalesce(c.business_date, current_date), f.birth_date)) as age
  from dim_patient f join practice c on c.practice_id = f.practice_id where not f.voided) p
cross join (select salt from sql_session where pid = pg_backend_pid()) k;

create or replace view semantic.visits as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       semantic.shown_year(extract(year from f.start_at at time zone c.time_zone), c.business_date) as year,
       f.class, f.type_code, f.status, f.is_new_patient as new_patient,
       d.display_name as provider, d.specialty, y.payer_class
from fact_encounter f
join practice c on c.practice_id = f.practice_id
left join dim_provider d on d.practice_id = f.practice_id and d.provider_id = f.provider_id
left join dim_payer y on y.practice_id = f.practice_id and y.payer_id = f.payer_id
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided;

create or replace view semantic.claims as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       semantic.shown_year(extract(year from f.created_on), c.business_date) as year,
       f.kind, f.status, f.billed, f.allowed, f.paid, f.patient_resp,
       f.first_adjudicated_on - f.first_submitted_on as days_to_adjudicate,
       d.display_name as provider, y.payer_class
from fact_claim f
join practice c on c.practice_id = f.practice_id
left join dim_provider d on d.practice_id = f.practice_id and d.provider_id = f.provider_id
left join dim_payer y on y.practice_id = f.practice_id and y.payer_id = f.payer_id
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided;

create or replace view semantic.conditions as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       f.code_system, f.code, f.display, f.clinical_status,
       semantic.shown_year(extract(year from f.onset_on), c.business_date) as onset_year,
       semantic.shown_year(extract(year from f.abated_on), c.business_date) as abated_year
from fact_condition f
join practice c on c.practice_id = f.practice_id
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided;

create or replace view semantic.observations as
select encode(substr(sha256(k.salt || uuid_send(f.patient_id)), 1, 9), 'hex') as patient_key,
       f.code_system, f.code, f.category, f.value_num as value, f.unit,
       semantic.shown_year(extract(year from f.effective_at at time zone c.time_zone), c.business_date) as year
from fact_observation f
join practice c on c.practice_id = f.practice_id
cross join (select salt from sql_session where pid = pg_backend_pid()) k
where not f.voided and f.value_num is not null;

create or replace view semantic.as_of as
select h.revision, h.recorded_at,
       exists (select from import_run i where i.practice_id = h.practice_id and i.overlay) as synthetic,
       coalesce(c.business_date, (now() at time zone c.time_zone)::date) as today
from revision_head h join practice c on c.practice_id = h.practice_id;
