"""The rows and columns of the registry's derived sources, in SQL.

A table's name in braces becomes its facts as of the revision. A bill is a claim or a self-pay
visit; it becomes the patient's with the first payment of a payer, or where nobody else pays with
its first charge.
"""

from __future__ import annotations

_ACCOUNT = "coalesce(claim_id, encounter_id, charge_id)"
_BILLS = f"""
    select {_ACCOUNT} as account, min(posting_date) as posted_on, min(service_date) as service_on,
        min(posting_date) - min(service_date) as lag_days,
        (min(patient_id::text))::uuid as patient_id, (min(payer_id::text))::uuid as payer_id,
        (min(provider_id::text))::uuid as provider_id,
        (min(encounter_id::text))::uuid as encounter_id, bool_or(synthetic) as synthetic
    from {{fact_charge}} c group by 1"""
# Every movement of a bill, and since when it is the patient's to pay. Bills are brought together
# by grouping and never by joining, which the planner would do row by row.
_MOVEMENTS = f"""
    select {_ACCOUNT} as account, patient_id, payer_id, provider_id, encounter_id, amount,
        service_date, posting_date, true as charged, false as own, synthetic, null::date as paid_on,
        case when payer_id in (select p.payer_id from {{dim_payer}} p
            where p.payer_class = 'self_pay') then posting_date end as due_on
    from {{fact_charge}} c where posting_date < %(tomorrow)s
    union all
    select coalesce(claim_id, encounter_id, charge_id, entry_id), patient_id, payer_id,
        provider_id, encounter_id, -amount, service_date, posting_date, false,
        entry = 'payment' and reason is not distinct from 'patient', synthetic, insured.day,
        insured.day
    from {{fact_ledger}} l cross join lateral (select case when entry = 'payment'
        and reason = 'insurance' and amount > 0 then posting_date end as day) insured
    where posting_date < %(tomorrow)s and entry is distinct from 'transfer'"""
_WHOSE = """
        (min(patient_id::text) filter (where charged))::uuid as patient_id,
        (min(payer_id::text) filter (where charged))::uuid as payer_id,
        (min(provider_id::text) filter (where charged))::uuid as provider_id,
        (min(encounter_id::text) filter (where charged))::uuid as encounter_id"""
_FIRST_PAYMENTS = f"""
    select {_WHOSE}, min(paid_on) as paid_on,
        min(paid_on) - min(service_date) filter (where charged) as lag_days,
        bool_or(synthetic) as synthetic
    from ({_MOVEMENTS}) m group by account
    having min(paid_on) is not null and bool_or(charged)"""
_RESPONSIBILITIES = f"""
    select {_WHOSE}, since as due_on, bool_or(synthetic) as synthetic,
        greatest(0, coalesce(sum(amount)
            filter (where not own and posting_date <= since), 0)) as asked,
        -coalesce(sum(amount) filter (where own), 0) as paid
    from (
        select m.*, min(due_on) over (partition by account) as since from ({_MOVEMENTS}) m) d
    where since is not null group by account, since"""
_LOCAL = "({} at time zone %(zone)s)::date"
_LEFT, _CAME = _LOCAL.format("e.end_at"), _LOCAL.format("n.start_at")
_DISCHARGES = f"""
    select e.patient_id, e.payer_id, e.provider_id, e.location_id, {_LEFT} as discharged_on,
        exists (select from {{fact_encounter}} n
            where n.patient_id = e.patient_id and n.class = 'IMP' and n.status = 'finished'
              and {_CAME} - {_LEFT} between 1 and 30) as readmitted, e.synthetic
    from {{fact_encounter}} e left join {{dim_patient}} p using (patient_id)
    where e.class = 'IMP' and e.status = 'finished' and {_LEFT} + 30 < %(tomorrow)s
      and (p.deceased_at is null or {_LOCAL.format("p.deceased_at")} > {_LEFT})"""
# HbA1c in mmol/mol is told in per cent; of several results of one instant the lowest counts.
_RESULT_SPANS = f"""
    select r.*, r.patient_id in ({{has}} and c.code = '44054006') as diabetic,
        r.patient_id in ({{has}} and c.code in ('38341003', '59621000')) as hypertensive
    from (
        select patient_id, code, count(distinct effective_at) as moments,
            (array_agg(value order by effective_at, value))[1] as first_value,
            (array_agg(value order by effective_at desc, value))[1] as last_value,
            bool_or(synthetic) as synthetic
        from (
            select patient_id, code, effective_at, synthetic,
                case when code = '4548-4' and unit = 'mmol/mol' then value_num * 0.0915 + 2.15
                     else value_num end as value
            from {{fact_observation}} o
            where code in ('4548-4', '8480-6', '18262-6', '39156-5') and value_num is not null
              and effective_at < %(end_at)s
              and {_LOCAL.format("effective_at")} >= %(start_on)s) v
        group by patient_id, code) r""".replace(
    "{has}",
    "select c.patient_id from {fact_condition} c where c.patient_id is not null"
    " and coalesce(c.verification_status, 'confirmed') = 'confirmed'"
    " and c.onset_on <= %(end_on)s and (c.abated_on is null or c.abated_on >= %(start_on)s)",
)
# What limits rows to a time, where they have a date of their own fact.
WITHIN = {"insured_appointments": " and a.start_at >= %(start)s and a.start_at < %(after)s"}
# Appointments that somebody else pays, with the last check answered before their start.
_INSURED_APPOINTMENTS = """
    select (min(patient_id::text))::uuid as patient_id, (min(payer_id::text))::uuid as payer_id,
        (min(provider_id::text))::uuid as provider_id,
        (min(location_id::text))::uuid as location_id, min(visit_type) as visit_type,
        min(status) as status, min(start_at) as start_at, bool_or(synthetic) as synthetic,
        max(verified_at) as verified_at,
        (array_agg(result order by verified_at desc nulls last, verification_id))[1]
            as verified_result
    from (
        select appointment_id, patient_id, payer_id, provider_id, location_id, visit_type, status,
            start_at, synthetic, null::timestamptz as verified_at, null as result,
            null::uuid as verification_id
        from {fact_appointment} a where status <> 'entered-in-error' and payer_id in (
            select p.payer_id from {dim_payer} p where p.payer_class <> 'self_pay'){within}
        union all
        select c.appointment_id, null, null, null, null, null, null, null, c.synthetic,
            c.responded_at, c.result, c.verification_id
        from {fact_verification} c join {fact_appointment} a
            on a.appointment_id = c.appointment_id and c.responded_at < a.start_at{within}) checked
    group by appointment_id having min(start_at) is not null"""
_MISSING_PATIENTS = f"""
    select patient_id, count(*) as missed, bool_or(synthetic) as synthetic
    from {{fact_appointment}} a
    where status = 'noshow' and start_at < %(end_at)s
      and {_LOCAL.format("start_at")} > %(end_on)s::date - interval '12 months'
    group by patient_id"""
_WORK_ITEMS = """
    select assignee_id as user_id, patient_id, created_at as done_at, synthetic
    from {fact_task} t where assignee_id is not null
    union all select reviewed_by, patient_id, reviewed_at, synthetic
    from {fact_document} d where reviewed_by is not null
    union all select sender_id, patient_id, sent_at, synthetic
    from {fact_message} m where sender_id is not null"""
_ANSWERS = """
    select s.patient_id, s.provider_id, a.item, a.value_num, a.value_code,
        coalesce(v.start_at, s.sent_at) as visit_at, s.completed_at, a.synthetic
    from {fact_survey_answer} a join {fact_survey} s using (response_id)
    left join {fact_encounter} v on v.encounter_id = s.encounter_id
    where s.completed_at < %(now_at)s"""
# On a day that is over, as it was known when that day ended: nobody can tell what was free from
# what was booked since.
_THIRD_SLOTS = f"""
    select provider_id, location_id, visit_type, synthetic,
        {_LOCAL.format("start_at")} - %(end_on)s::date as days_ahead
    from (
        select s.*, row_number() over (partition by provider_id order by start_at, slot_id) as n
        from {{fact_slot then}} s
        where status = 'free' and {_LOCAL.format("start_at")} >= %(end_on)s) free
    where n = 3"""
ROWS = {
    "bills": _BILLS,
    "first_payments": _FIRST_PAYMENTS,
    "responsibilities": _RESPONSIBILITIES,
    "discharges": _DISCHARGES,
    "result_spans": _RESULT_SPANS,
    "insured_appointments": _INSURED_APPOINTMENTS,
    "missing_patients": _MISSING_PATIENTS,
    "work_items": _WORK_ITEMS,
    "answers": _ANSWERS,
    "third_slots": _THIRD_SLOTS,
}
JOINS = {
    # The appointment that a check was made for, or without one the day of the check.
    "check_appointment": (
        "coalesce(checked.start_at, f.requested_at) as appointment_at",
        "left join {fact_appointment} checked on checked.appointment_id = f.appointment_id",
    ),
}
# Membership in a set that does not depend on the row is looked up in a hash of it, made once.
COLUMNS = {
    "payer_self": """
    select f.payer_id in (select p.payer_id from {dim_payer} p
        where p.payer_class = 'self_pay') is true as self_pay""",
    "charge_visit": """
    select f.encounter_id in (select v.encounter_id from {fact_encounter} v
        where v.is_new_patient is not null) is true as of_visit""",
    "visit_work": """
    select f.encounter_id in (select c.encounter_id from {fact_charge} c
        where c.wrvu is not null and c.encounter_id is not null) as has_work""",
}
