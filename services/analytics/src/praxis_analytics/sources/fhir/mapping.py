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
from praxis_analytics.sources.context import Fact, Need
from praxis_analytics.sources.fhir import (
    mapping_answers,
    mapping_claims,
    mapping_clinical,
    mapping_office,
    mapping_people,
)
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.problems import shaped

PHASES = ("places", "people", "visits", "care and claims", "adjudications")


def no_needs(_: Entry) -> Iterator[Need]:
    """For resources that need nothing else."""
    return iter(())


@dataclass(frozen=True)
class Mapping:
    """What a resource type becomes. `kinds` are all kinds of fact it may yield; `needs` names the
    facts that it looks up; a `patch` fills columns of facts that another resource owns."""

    phase: str
    to_facts: Callable[[Entry], Iterator[Fact]]
    kinds: tuple[Kind, ...] = ()
    needs: Callable[[Entry], Iterator[Need]] = no_needs
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
    "Claim": Mapping(
        _CARE,
        mapping_claims.claim,
        (CHARGE, CLAIM, CLAIM_EVENT, LEDGER, TASK),
        mapping_claims.claim_needs,
    ),
    "CoverageEligibilityResponse": Mapping(_CARE, mapping_office.eligibility_response, patch=True),
    "Appointment": Mapping(_CARE, mapping_office.appointment, (APPOINTMENT,)),
    "Task": Mapping(_CARE, mapping_office.task, (TASK,)),
    "DocumentReference": Mapping(_CARE, mapping_office.document_reference, (DOCUMENT,)),
    "Communication": Mapping(_CARE, mapping_office.communication, (MESSAGE,)),
    "QuestionnaireResponse": Mapping(
        _CARE, mapping_office.questionnaire_response, (SURVEY, SURVEY_ANSWER)
    ),
    "Condition": Mapping(_CARE, mapping_clinical.condition, (CONDITION,)),
    "Observation": Mapping(_CARE, mapping_clinical.observation, (OBSERVATION, TASK)),
    "DiagnosticReport": Mapping(_CARE, mapping_office.diagnostic_report, (DOCUMENT,)),
    "Procedure": Mapping(_CARE, mapping_clinical.procedure, (PROCEDURE,)),
    "MedicationRequest": Mapping(_CARE, mapping_clinical.medication_request, (MEDICATION,)),
    "Immunization": Mapping(_CARE, mapping_clinical.immunization, (IMMUNIZATION,)),
    "ServiceRequest": Mapping(_CARE, mapping_clinical.service_request, (SERVICE_REQUEST,)),
    "DeviceRequest": Mapping(_CARE, mapping_clinical.device_request, (DEVICE_REQUEST,)),
    "ClaimResponse": Mapping(
        _ANSWERS, mapping_answers.claim_response, (CLAIM_EVENT,), mapping_answers.response_needs
    ),
    "ExplanationOfBenefit": Mapping(
        _ANSWERS,
        mapping_answers.explanation_of_benefit,
        (LEDGER, CLAIM_EVENT),
        mapping_answers.explanation_needs,
    ),
    "PaymentReconciliation": Mapping(
        _ANSWERS,
        mapping_answers.payment_reconciliation,
        (LEDGER,),
        mapping_answers.reconciliation_needs,
    ),
}

# Columns of a fact that other resources fill: the owner's own copy, which lacks them, keeps what
# is stored.
FILLED_BY_OTHERS: dict[Kind, tuple[str, ...]] = {
    PROVIDER: ("specialty", "location_id", "active_from", "active_to"),
    SLOT: ("provider_id", "location_id"),
    VERIFICATION: ("payer_id", "responded_at", "result", "copay", "deductible_left"),
    ENCOUNTER: ("payer_id",),
}


def to_facts(entry: Entry) -> list[Fact]:
    """The facts of a resource. Raises: Rejected, Skipped."""
    with shaped():
        return list(MAPPINGS[entry.kind].to_facts(entry))


def types_of(phase: str) -> frozenset[str]:
    """The resource types that a phase loads."""
    return frozenset(name for name, mapping in MAPPINGS.items() if mapping.phase == phase)
