"""Which function makes which facts of which resource type, and in which phase.

A phase may look up what earlier phases loaded, never what its own does; so neither the order of
files nor of lines matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    CLAIM_EVENT,
    CONDITION,
    COVERAGE,
    DEVICE_REQUEST,
    DOCUMENT,
    ENCOUNTER,
    IMMUNIZATION,
    LEDGER,
    LOCATION,
    MEDICATION,
    MESSAGE,
    OBSERVATION,
    PATIENT,
    PAYER,
    PROCEDURE,
    PROVIDER,
    SERVICE_REQUEST,
    SLOT,
    SURVEY,
    SURVEY_ANSWER,
    TASK,
    VERIFICATION,
    Kind,
)
from praxis_analytics.sources.fhir import (
    mapping_clinical,
    mapping_money,
    mapping_office,
    mapping_people,
)
from praxis_analytics.sources.fhir.values import Entry, Fact

PHASES = ("places", "people", "visits", "care and claims", "adjudications")


@dataclass(frozen=True)
class Mapping:
    """What a resource type becomes. `kinds` are all kinds of fact it may yield; a `patch` fills
    columns of facts that another resource owns."""

    phase: str
    to_facts: Callable[[Entry], Iterator[Fact]]
    kinds: tuple[Kind, ...] = ()
    patch: bool = False


_PLACES, _PEOPLE, _VISITS, _CARE, _ANSWERS = PHASES

MAPPINGS: dict[str, Mapping] = {
    "Organization": Mapping(_PLACES, mapping_people.organization, (LOCATION, PAYER)),
    "Location": Mapping(_PLACES, mapping_people.location, (LOCATION,)),
    "Practitioner": Mapping(_PLACES, mapping_people.practitioner, (PROVIDER,)),
    "PractitionerRole": Mapping(_PEOPLE, mapping_people.practitioner_role, patch=True),
    "Patient": Mapping(_PEOPLE, mapping_people.patient, (PATIENT,)),
    "Schedule": Mapping(_PEOPLE, mapping_office.schedule),
    "Coverage": Mapping(_VISITS, mapping_people.coverage, (COVERAGE,)),
    "Encounter": Mapping(_VISITS, mapping_people.encounter, (ENCOUNTER,)),
    "Slot": Mapping(_VISITS, mapping_office.slot, (SLOT,)),
    "CoverageEligibilityRequest": Mapping(
        _VISITS, mapping_office.eligibility_request, (VERIFICATION,)
    ),
    "Claim": Mapping(_CARE, mapping_money.claim, (CHARGE, CLAIM, CLAIM_EVENT, LEDGER)),
    "CoverageEligibilityResponse": Mapping(_CARE, mapping_office.eligibility_response, patch=True),
    "Appointment": Mapping(_CARE, mapping_office.appointment, (APPOINTMENT,)),
    "Task": Mapping(_CARE, mapping_office.task, (TASK,)),
    "DocumentReference": Mapping(_CARE, mapping_office.document_reference, (DOCUMENT,)),
    "Communication": Mapping(_CARE, mapping_office.communication, (MESSAGE,)),
    "QuestionnaireResponse": Mapping(
        _CARE, mapping_office.questionnaire_response, (SURVEY, SURVEY_ANSWER)
    ),
    "Condition": Mapping(_CARE, mapping_clinical.condition, (CONDITION,)),
    "Observation": Mapping(_CARE, mapping_clinical.observation, (OBSERVATION,)),
    "Procedure": Mapping(_CARE, mapping_clinical.procedure, (PROCEDURE,)),
    "MedicationRequest": Mapping(_CARE, mapping_clinical.medication_request, (MEDICATION,)),
    "Immunization": Mapping(_CARE, mapping_clinical.immunization, (IMMUNIZATION,)),
    "ServiceRequest": Mapping(_CARE, mapping_clinical.service_request, (SERVICE_REQUEST,)),
    "DeviceRequest": Mapping(_CARE, mapping_clinical.device_request, (DEVICE_REQUEST,)),
    "ClaimResponse": Mapping(_ANSWERS, mapping_money.claim_response, (CLAIM_EVENT,)),
    "ExplanationOfBenefit": Mapping(
        _ANSWERS, mapping_money.explanation_of_benefit, (LEDGER, CLAIM_EVENT)
    ),
    "PaymentReconciliation": Mapping(_ANSWERS, mapping_money.payment_reconciliation, (LEDGER,)),
}

# Columns of a fact that other resources fill: the owner's own copy, which lacks them, keeps what
# is stored.
FILLED_BY_OTHERS: dict[Kind, tuple[str, ...]] = {
    PROVIDER: ("specialty", "location_id", "active_from", "active_to"),
    SLOT: ("provider_id", "location_id"),
    VERIFICATION: ("payer_id", "responded_at", "result", "copay", "deductible_left"),
    ENCOUNTER: ("payer_id",),
}


def types_of(phase: str) -> frozenset[str]:
    """The resource types that a phase loads."""
    return frozenset(name for name, mapping in MAPPINGS.items() if mapping.phase == phase)
