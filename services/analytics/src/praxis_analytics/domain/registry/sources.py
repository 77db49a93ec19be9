"""The sources that parts count: kinds of fact, and what queries derive from several of them.

How a derived column or row is computed stands in `queries/sources.py` under the same name.
"""

from __future__ import annotations

from praxis_analytics.domain import facts
from praxis_analytics.domain.registry.model import Source

_OF_VISIT = ("visit_place", "location_id uuid")

CHARGES = Source(
    "charges",
    "money",
    facts.CHARGE,
    derived=(_OF_VISIT, ("charge_lag", "lag_days integer")),
    named=(("procedure_code", "code"),),
)
LEDGER = Source(
    "ledger",
    "money",
    facts.LEDGER,
    derived=(("entry_place", "location_id uuid"),),
    named=(("adjustment_reason", "reason"), ("user_id", "posted_by")),
)
# Balances of claims and self-pay visits. `balance_age` counts days from the service date.
ACCOUNTS = Source(
    "accounts",
    "money",
    facts.CHARGE,
    rows="accounts",
    columns="account uuid, claim_id uuid, encounter_id uuid, patient_id uuid, payer_id uuid,"
    "provider_id uuid, balance numeric, service_on date, balance_age integer,"
    "patient_due boolean, due_age integer, synthetic boolean",
    derived=(
        _OF_VISIT,
        ("account_sent", "first_submitted_on date, days_since_submission integer"),
    ),
    tables=("fact_charge", "fact_ledger"),
    moment=True,
)
CLAIMS = Source(
    "claims",
    "claims",
    facts.CLAIM,
    derived=(
        _OF_VISIT,
        ("claim_state", "state"),
        (
            "claim_life",
            "first_sent_on date, first_rejected_on date, first_answered_on date, first_answer,"
            "first_carc, first_group_code, held boolean",
        ),
        ("claim_resolution", "resolved_on date, resolution"),
    ),
    named=(("carc", "first_carc"), ("group_code", "first_group_code")),
)
PATIENTS = Source(
    "patients",
    "patients",
    facts.PATIENT,
    derived=(
        ("last_payer", "payer_id uuid"),
        ("patient_active", "active boolean"),
        ("patient_active_before", "active_before boolean"),
    ),
    named=(("provider_id", "primary_provider_id"),),
)
ENCOUNTERS = Source(
    "encounters",
    "visits",
    facts.ENCOUNTER,
    named=(("visit_type", "type_code"),),
)
APPOINTMENTS = Source(
    "appointments",
    "appointments",
    facts.APPOINTMENT,
    derived=(
        ("appointment_times", "lead_days integer, late_cancelled boolean"),
        ("appointment_new", "is_new_patient boolean"),
        ("appointment_verified", "insured boolean, verified_at timestamptz, verified_result"),
        ("appointment_refilled", "refilled boolean"),
    ),
    ahead=True,
)
TASKS = Source(
    "tasks",
    "tasks",
    facts.TASK,
    named=(("task_type", "type"), ("task_priority", "priority"), ("user_id", "assignee_id")),
)
DOCUMENTS = Source(
    "documents",
    "documents",
    facts.DOCUMENT,
    named=(("document_type", "type"), ("user_id", "reviewed_by")),
)
VERIFICATIONS = Source(
    "verifications",
    "verifications",
    facts.VERIFICATION,
    named=(("verification_result", "result"),),
)
MESSAGES = Source("messages", "messages", facts.MESSAGE, named=(("user_id", "sender_id"),))
SLOTS = Source("slots", "slots", facts.SLOT, ahead=True)
SURVEYS = Source(
    "surveys", "surveys", facts.SURVEY, derived=(("survey_visit", "visit_at timestamptz"),)
)
CONDITIONS = Source(
    "conditions", "conditions", facts.CONDITION, named=(("diagnosis_code", "code"),)
)
OBSERVATIONS = Source("observations", "observations", facts.OBSERVATION)
PROCEDURES = Source(
    "procedures", "procedures", facts.PROCEDURE, named=(("procedure_code", "code"),)
)
# People, whatever they did: with them, those who did nothing are listed as well.
STAFF = Source("staff", "", facts.STAFF_USER, moment=True)
PROVIDER_LIST = Source("provider_list", "", facts.PROVIDER, moment=True)
