"""Sources that stand for no single kind of fact: bills, first payments, spans of results …

How their rows and columns are computed stands in `queries/derived.py` under the same name.
"""

from __future__ import annotations

from praxis_analytics.domain import facts
from praxis_analytics.domain.registry.model import Source

_WHOSE = "patient_id uuid, payer_id uuid, provider_id uuid, "
_PLACE = ("visit_place", "location_id uuid")

# Every claim and self-pay visit once, when its first charge was posted.
BILLS = Source(
    "bills",
    "money",
    facts.CHARGE,
    rows="bills",
    columns=_WHOSE + "encounter_id uuid, posted_on date, lag_days integer, synthetic boolean",
    derived=(_PLACE,),
)
# A bill's first payment by a payer.
FIRST_PAYMENTS = Source(
    "first_payments",
    "money",
    facts.LEDGER,
    rows="first_payments",
    columns=_WHOSE + "encounter_id uuid, paid_on date, lag_days integer, synthetic boolean",
    derived=(_PLACE,),
    tables=("fact_charge", "fact_ledger"),
)
# What patients were asked for on the day a bill became theirs, and what they paid of it to date.
RESPONSIBILITIES = Source(
    "responsibilities",
    "money",
    facts.LEDGER,
    rows="responsibilities",
    columns=_WHOSE + "due_on date, asked numeric, paid numeric, synthetic boolean",
    tables=("fact_charge", "fact_ledger"),
)
VISIT_CHARGES = Source(
    "visit_charges",
    "money",
    facts.CHARGE,
    derived=(_PLACE, ("charge_visit", "of_visit boolean")),
    named=(("procedure_code", "code"),),
)
# Money by whether it is that of patients whom nobody insures.
OWN_CHARGES = Source(
    "own_charges",
    "money",
    facts.CHARGE,
    derived=(_PLACE, ("payer_self", "self_pay boolean")),
)
OWN_LEDGER = Source(
    "own_ledger",
    "money",
    facts.LEDGER,
    derived=(("entry_place", "location_id uuid"), ("payer_self", "self_pay boolean")),
)
WORKED_VISITS = Source(
    "worked_visits",
    "visits",
    facts.ENCOUNTER,
    derived=(("visit_work", "has_work boolean"),),
    named=(("visit_type", "type_code"),),
)
# Inpatient discharges of living patients that lie 30 days back or more.
DISCHARGES = Source(
    "discharges",
    "visits",
    facts.ENCOUNTER,
    rows="discharges",
    columns=_WHOSE + "location_id uuid, discharged_on date, readmitted boolean, synthetic boolean",
)
PROVIDERS = Source(
    "providers", "visits", facts.PROVIDER, tables=("fact_encounter",), moment=True
)  # fmt: skip
# Per patient and kind of result: the first and last one of the period.
RESULT_SPANS = Source(
    "result_spans",
    "observations",
    facts.OBSERVATION,
    rows="result_spans",
    columns="patient_id uuid, code, first_value numeric, last_value numeric, moments bigint,"
    "diabetic boolean, hypertensive boolean, synthetic boolean",
    moment=True,
)
# Patients by their no-shows of the last twelve months.
MISSING_PATIENTS = Source(
    "missing_patients",
    "appointments",
    facts.APPOINTMENT,
    rows="missing_patients",
    columns="patient_id uuid, missed bigint, synthetic boolean",
    moment=True,
)
INSURED_APPOINTMENTS = Source(
    "insured_appointments",
    "appointments",
    facts.APPOINTMENT,
    rows="insured_appointments",
    columns=_WHOSE + "location_id uuid, visit_type, status, start_at timestamptz,"
    "verified_at timestamptz, verified_result, synthetic boolean",
    tables=("fact_appointment", "fact_verification"),
    ahead=True,
)
CHECKS = Source(
    "checks",
    "verifications",
    facts.VERIFICATION,
    derived=(("check_appointment", "appointment_at timestamptz"),),
    named=(("verification_result", "result"),),
)
# What users did that a patient was part of.
WORK_ITEMS = Source(
    "work_items",
    "tasks",
    facts.TASK,
    rows="work_items",
    columns="user_id uuid, patient_id uuid, done_at timestamptz, synthetic boolean",
)
ANSWERS = Source(
    "answers",
    "surveys",
    facts.SURVEY,
    rows="answers",
    columns="patient_id uuid, provider_id uuid, item, value_num numeric, value_code,"
    "visit_at timestamptz, completed_at timestamptz, synthetic boolean",
)
# The third free slot of each provider, from today on.
THIRD_SLOTS = Source(
    "third_slots",
    "slots",
    facts.SLOT,
    rows="third_slots",
    columns="provider_id uuid, location_id uuid, visit_type, days_ahead integer,synthetic boolean",
    moment=True,
)
