"""The fact model: every kind of fact, its columns, and the row form that `apply` takes.

One declaration per kind; staging, upsert, history twin and the catalogue test are derived from it.
Ids of sourced facts are `uuid5(practice, kind | source system | source id)`, so the same source
number in two practices, or in two systems of one practice, never meets.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

Row = tuple[object, ...]
# What a fact may be dated: a calendar of any zone can hold it, and no typing error is among them.
FIRST_YEAR, LAST_YEAR = 1800, 2199

# What stands on every fact besides its own columns, in the order rows carry it.
SOURCE_COLUMNS: tuple[tuple[str, str], ...] = (
    ("source_system", "text"),
    ("source_id", "text"),
    ("source_resource", "text"),
    ("source_version", "bigint"),
    ("voided", "boolean"),
    ("synthetic", "boolean"),
)
# What apply adds. `void_reason`: 'source' when the source said so, 'gone' when a corrected source
# no longer yields the fact.
BOOK_COLUMNS: tuple[tuple[str, str], ...] = (
    ("void_reason", "text"),
    ("recorded_at", "timestamptz"),
    ("rev_from", "bigint"),
    ("import_batch_id", "uuid"),
)


@dataclass(frozen=True)
class Kind:
    """One kind of fact.

    `key` are the columns that identify it inside a practice, `columns` name and SQL type of all
    its own columns (key first), `computed` those that apply derives from other facts.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    computed: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(name for name, _ in self.columns))

    @property
    def version_at(self) -> int:
        """Where a row carries its source version; whether it is voided comes next."""
        return len(self.columns) + 3

    @property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """Every column after practice_id, in table order."""
        return (*self.columns, *self.computed, *SOURCE_COLUMNS, *BOOK_COLUMNS)

    def fact(
        self, source: Source, source_id: str, *, voided: bool = False, **values: object
    ) -> Row:
        """A row of this kind from `source`. Raises: KeyError for a column it does not have."""
        unknown = values.keys() - set(self.names)
        if unknown:
            raise KeyError(f"{self.table} has no {sorted(unknown)}")
        own = tuple(map(values.get, self.names))
        return (
            *own,
            source.system,
            source_id,
            source.resource,
            source.version,
            voided,
            source.synthetic,
        )


@dataclass(frozen=True)
class Source:
    """Where facts come from: system, resource (`Claim/abc`) and its version (0 = unknown)."""

    system: str
    resource: str
    version: int = 0
    synthetic: bool = False


def columns_of(text: str) -> Iterator[tuple[str, str]]:
    """The `name type` pairs of a text, comma separated; the type may be left out for text."""
    for item in re.split(r",(?![0-9])", text):
        name, _, kind = item.strip().partition(" ")
        yield name, kind or "text"


def _kind(table: str, key: str, columns: str, computed: str = "") -> Kind:
    keys = tuple(columns_of(key))
    return Kind(
        table,
        tuple(name for name, _ in keys),
        (*keys, *columns_of(columns)),
        tuple(columns_of(computed)) if computed else (),
    )


_MONEY = "numeric(14,2)"

PATIENT = _kind(
    "dim_patient",
    "patient_id uuid",
    "mrn, family_name, given_name, birth_date date, sex, race, ethnicity, language, postal_code,"
    "deceased_at timestamptz, primary_provider_id uuid",
    "registered_on date",
)
PROVIDER = _kind(
    "dim_provider",
    "provider_id uuid",
    "npi, display_name, specialty, credential, location_id uuid, active_from date,"
    "active_to date, fte numeric",
)
STAFF_USER = _kind(
    "dim_staff_user",
    "user_id uuid",
    "display_name, role, department, provider_id uuid, active boolean",
)
PAYER = _kind("dim_payer", "payer_id uuid", "name, payer_class")
PAYER_CLASSES = (
    "commercial", "medicare", "medicaid", "dual", "tricare", "workers_comp", "other", "self_pay",
)  # fmt: skip
LOCATION = _kind("dim_location", "location_id uuid", "name, time_zone, postal_code")
COVERAGE = _kind(
    "coverage",
    "coverage_id uuid",
    "patient_id uuid, payer_id uuid, plan, coverage_order integer, valid_from date, valid_to date",
)
SLOT = _kind(
    "fact_slot",
    "slot_id uuid",
    "provider_id uuid, location_id uuid, visit_type, start_at timestamptz, end_at timestamptz,"
    "status",
)
APPOINTMENT = _kind(
    "fact_appointment",
    "appointment_id uuid",
    "patient_id uuid, provider_id uuid, location_id uuid, payer_id uuid, visit_type, status,"
    "start_at timestamptz, end_at timestamptz, booked_at timestamptz, cancelled_at timestamptz,"
    "cancelled_by, cancel_reason, checked_in_at timestamptz, roomed_at timestamptz,"
    "checked_out_at timestamptz, reminder_sent_at timestamptz, encounter_id uuid",
)
ENCOUNTER = _kind(
    "fact_encounter",
    "encounter_id uuid",
    "patient_id uuid, provider_id uuid, location_id uuid, class, type_code, codings text[],"
    "discharge_disposition, reason_code, status, start_at timestamptz, end_at timestamptz,"
    "payer_id uuid",
    "is_new_patient boolean",
)
CHARGE = _kind(
    "fact_charge",
    "charge_id uuid",
    "encounter_id uuid, claim_id uuid, line_no integer, patient_id uuid, provider_id uuid,"
    f"payer_id uuid, code_system, code, modifiers text[], units numeric, amount {_MONEY},"
    f"expected_allowed {_MONEY}, wrvu numeric, service_date date, posting_date date,"
    "voided_at timestamptz",
)
CLAIM = _kind(
    "fact_claim",
    "claim_id uuid",
    "encounter_id uuid, patient_id uuid, provider_id uuid, payer_id uuid, claim_order integer,"
    "kind, frequency_code integer, service_from date, service_to date, created_on date,"
    f"first_submitted_on date, billed {_MONEY}, allowed {_MONEY}, paid {_MONEY},"
    f"patient_resp {_MONEY}, status, first_adjudicated_on date, first_pass_outcome,"
    "closed_on date",
)
CLAIM_EVENT = _kind(
    "fact_claim_event",
    "claim_id uuid, seq integer",
    f"event, occurred_on date, x12_source, status_category, group_code, carc text[], rarc text[],"
    f"amount {_MONEY}",
)
LEDGER = _kind(
    "fact_ledger",
    "entry_id uuid",
    "charge_id uuid, claim_id uuid, encounter_id uuid, patient_id uuid, provider_id uuid,"
    f"payer_id uuid, entry, reason, group_code, carc, method, amount {_MONEY}, service_date date,"
    "deposit_date date, posting_date date, posted_by uuid",
)
TASK = _kind(
    "fact_task",
    "task_id uuid",
    "type, status, priority, assignee_id uuid, patient_id uuid, created_at timestamptz,"
    "due_at timestamptz, started_at timestamptz, completed_at timestamptz,"
    "cancelled_at timestamptz",
)
DOCUMENT = _kind(
    "fact_document",
    "document_id uuid",
    "patient_id uuid, type, status, received_at timestamptz, reviewed_at timestamptz,"
    "reviewed_by uuid, finalised_at timestamptz, assignee_id uuid",
)
VERIFICATION = _kind(
    "fact_verification",
    "verification_id uuid",
    "patient_id uuid, payer_id uuid, appointment_id uuid, requested_at timestamptz,"
    f"responded_at timestamptz, result, method, copay {_MONEY}, deductible_left {_MONEY}",
)
MESSAGE = _kind(
    "fact_message",
    "message_id uuid",
    "thread_id, sender_id uuid, recipient_id uuid, patient_id uuid, sent_at timestamptz,"
    "read_at timestamptz",
)
SURVEY = _kind(
    "fact_survey",
    "response_id uuid",
    "patient_id uuid, encounter_id uuid, provider_id uuid, instrument, sent_at timestamptz,"
    "completed_at timestamptz",
)
SURVEY_ANSWER = _kind(
    "fact_survey_answer", "response_id uuid, item text", "value_num numeric, value_code"
)
CONDITION = _kind(
    "fact_condition",
    "condition_id uuid",
    "patient_id uuid, encounter_id uuid, code_system, code, codings text[], display, category,"
    "clinical_status, verification_status, body_site, onset_on date, abated_on date,"
    "recorded_on date",
)
OBSERVATION = _kind(
    "fact_observation",
    "observation_id uuid, component_no integer",
    "patient_id uuid, encounter_id uuid, code_system, code, codings text[], status, category,"
    "value_type, value_num numeric, unit, value_code, absent_reason, effective_at timestamptz,"
    "effective_end timestamptz, issued_at timestamptz",
)
_CLINICAL = (
    "patient_id uuid, encounter_id uuid, code_system, code, codings text[], status, intent,"
    "not_done boolean, reason_code, "
)
PROCEDURE = _kind("fact_procedure", "procedure_id uuid", _CLINICAL + "performed_on date")
MEDICATION = _kind(
    "fact_medication", "medication_id uuid", _CLINICAL + "ordered_on date, ended_on date"
)
IMMUNIZATION = _kind("fact_immunization", "immunization_id uuid", _CLINICAL + "performed_on date")
SERVICE_REQUEST = _kind(
    "fact_service_request", "service_request_id uuid", _CLINICAL + "ordered_on date"
)
DEVICE_REQUEST = _kind(
    "fact_device_request", "device_request_id uuid", _CLINICAL + "ordered_on date"
)

KINDS: tuple[Kind, ...] = (
    PATIENT, PROVIDER, STAFF_USER, PAYER, LOCATION, COVERAGE, SLOT, APPOINTMENT, ENCOUNTER,
    CHARGE, CLAIM, CLAIM_EVENT, LEDGER, TASK, DOCUMENT, VERIFICATION, MESSAGE, SURVEY,
    SURVEY_ANSWER, CONDITION, OBSERVATION, PROCEDURE, MEDICATION, IMMUNIZATION, SERVICE_REQUEST,
    DEVICE_REQUEST,
)  # fmt: skip


@dataclass(frozen=True)
class Ids:
    """Makes the ids of one practice's facts from one source system."""

    practice_id: uuid.UUID
    system: str

    def of(self, kind: str, source_id: str) -> uuid.UUID:
        """The id of the `kind` (`patient`, `claim` …) that the source calls `source_id`."""
        return uuid.uuid5(self.practice_id, f"{kind}|{self.system}|{source_id}")


@dataclass
class Batch:
    """Facts to apply together: rows by kind and key, and the resources they are the complete
    yield of.

    `resources` maps source system and resource to the version and the kinds it may yield; apply
    voids what such a resource yielded before and does not yield now.
    """

    rows: dict[Kind, dict[Row, Row]] = field(default_factory=dict)
    resources: dict[tuple[str, str], tuple[int, tuple[Kind, ...]]] = field(default_factory=dict)

    def add(self, kind: Kind, row: Row) -> bool:
        """Adds a row. Of two with one key the newer version stands, of one version the voided
        one, else the last. Returns True when it replaces one with different content."""
        rows = self.rows.setdefault(kind, {})
        key = row[: len(kind.key)]
        before, at = rows.get(key), kind.version_at
        if before is not None and before[at : at + 2] > row[at : at + 2]:
            return False
        rows[key] = row
        return before is not None and before != row

    def yields(self, source: Source, kinds: tuple[Kind, ...]) -> None:
        """States that this batch holds all facts of `source`, which may be of `kinds`."""
        name = (source.system, source.resource)
        if name not in self.resources or self.resources[name][0] <= source.version:
            self.resources[name] = (source.version, kinds)

    @property
    def size(self) -> int:
        """How many rows it holds."""
        return sum(len(rows) for rows in self.rows.values())
