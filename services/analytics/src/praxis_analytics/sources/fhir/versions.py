"""Other FHIR versions, by what their resources hold that R4 does not."""

from __future__ import annotations

import re
from typing import Any

# Every resource type of R4 (4.0.1).
_R4 = """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
    AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement
    CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse
    ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition
    Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
    CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest
    DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference
    EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest EnrollmentResponse
    EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit
    FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService
    ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation
    ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure
    MeasureReport Media Medication MedicationAdministration MedicationDispense
    MedicationKnowledge MedicationRequest MedicationStatement MedicinalProduct
    MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured
    MedicinalProductPackaged MedicinalProductPharmaceutical MedicinalProductUndesirableEffect
    MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder Observation
    ObservationDefinition OperationDefinition OperationOutcome Organization
    OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person
    PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire
    QuestionnaireResponse RelatedPerson RequestGroup ResearchDefinition
    ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis
    Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition
    StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein
    SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyDelivery
    SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet VerificationResult
    VisionPrescription
"""
R4_TYPES = frozenset(_R4.split())
# Resource types that R4 does not have.
FOREIGN_TYPES = {
    "STU3": (
        "BodySite DataElement DeviceComponent EligibilityRequest EligibilityResponse"
        " ExpansionProfile ImagingManifest ProcedureRequest ProcessRequest ProcessResponse"
        " ReferralRequest Sequence ServiceDefinition"
    ),
    "DSTU2": "Conformance DeviceUseRequest DiagnosticOrder ImagingObjectSelection MedicationOrder"
    " OrderResponse",
    "R5": (
        "ActorDefinition Citation DeviceAssociation DeviceDispense FormularyItem GenomicStudy"
        " InventoryItem InventoryReport NutritionIntake Permission Requirements SubscriptionTopic"
        " TestPlan Transport"
    ),
}
_VERSION_OF_TYPE = {
    name: version for version, names in FOREIGN_TYPES.items() for name in names.split()
}

# Per resource type: element, the JSON type it has there (None: any), version. An element listed
# with a type exists in R4 too, with another type.
_TOP: dict[str, tuple[tuple[str, type | None, str], ...]] = {
    "Appointment": (
        ("indication", None, "STU3"),
        ("incomingReferral", None, "STU3"),
        ("class", None, "R5"),
        ("cancellationReason", None, "R5"),
        ("cancellationDate", None, "R5"),
        ("subject", None, "R5"),
    ),
    "Claim": (
        ("type", str, "DSTU2"),
        ("information", None, "STU3"),
        ("hospitalization", None, "STU3"),
        ("employmentImpacted", None, "STU3"),
        ("organization", None, "STU3"),
        ("traceNumber", None, "R5"),
        ("diagnosisRelatedGroup", None, "R5"),
    ),
    "ClaimResponse": (
        ("totalCost", None, "STU3"),
        ("totalBenefit", None, "STU3"),
        ("requestProvider", None, "STU3"),
        ("traceNumber", None, "R5"),
        ("decision", None, "R5"),
    ),
    "Communication": (
        ("notDone", None, "STU3"),
        ("definition", None, "STU3"),
        ("context", None, "STU3"),
    ),
    "Condition": (
        ("clinicalStatus", str, "STU3"),
        ("assertedDate", None, "STU3"),
        ("context", None, "STU3"),
        ("dateRecorded", None, "DSTU2"),
        ("participant", None, "R5"),
    ),
    "Coverage": (
        ("grouping", None, "STU3"),
        ("issuer", None, "DSTU2"),
        ("paymentBy", None, "R5"),
        ("kind", None, "R5"),
        ("insurer", None, "R5"),
    ),
    "DiagnosticReport": (
        ("context", None, "STU3"),
        ("codedDiagnosis", None, "STU3"),
        ("composition", None, "R5"),
    ),
    "DocumentReference": (
        ("indexed", None, "STU3"),
        ("context", list, "R5"),
        ("attester", None, "R5"),
    ),
    "Encounter": (
        ("class", str, "DSTU2"),
        ("class", list, "R5"),
        ("reason", None, "STU3"),
        ("incomingReferral", None, "STU3"),
        ("patient", None, "DSTU2"),
        ("actualPeriod", None, "R5"),
        ("admission", None, "R5"),
        ("subjectStatus", None, "R5"),
    ),
    "ExplanationOfBenefit": (
        ("information", None, "STU3"),
        ("totalCost", None, "STU3"),
        ("totalBenefit", None, "STU3"),
        ("organization", None, "STU3"),
        ("hospitalization", None, "STU3"),
        ("traceNumber", None, "R5"),
        ("decision", None, "R5"),
    ),
    "Immunization": (
        ("notGiven", None, "STU3"),
        ("date", None, "STU3"),
        ("wasNotGiven", None, "DSTU2"),
        ("administeredProduct", None, "R5"),
        ("informationSource", None, "R5"),
    ),
    "MedicationRequest": (
        ("context", None, "STU3"),
        ("definition", None, "STU3"),
        ("medication", None, "R5"),
        ("reason", None, "R5"),
    ),
    "Observation": (
        ("context", None, "STU3"),
        ("comment", None, "STU3"),
        ("related", None, "STU3"),
        ("comments", None, "DSTU2"),
        ("triggeredBy", None, "R5"),
        ("bodyStructure", None, "R5"),
    ),
    "Patient": (("animal", None, "STU3"), ("careProvider", None, "DSTU2")),
    "Practitioner": (("practitionerRole", None, "DSTU2"), ("role", None, "STU3")),
    "Procedure": (
        ("context", None, "STU3"),
        ("notDone", None, "STU3"),
        ("notPerformed", None, "DSTU2"),
        ("occurrenceDateTime", None, "R5"),
        ("occurrencePeriod", None, "R5"),
        ("reason", None, "R5"),
    ),
    "QuestionnaireResponse": (
        ("context", None, "STU3"),
        ("parent", None, "STU3"),
        ("group", None, "DSTU2"),
    ),
    "Task": (("definitionReference", None, "STU3"), ("context", None, "STU3")),
}
_ITEM = (("service", "STU3"), ("careTeamLinkId", "STU3"), ("traceNumber", "R5"))
_PROFILE = re.compile(r"hl7\.org/fhir/(DSTU2|STU3|R5|[135]\.0(?:\.\d)?)/")
_BY_NUMBER = {"1": "DSTU2", "0": "DSTU2", "3": "STU3", "5": "R5", "6": "R6"}


def foreign_version(resource: dict[str, Any]) -> str | None:
    """The FHIR version that `resource` is of, when that is not R4; None when it may be R4."""
    kind = resource.get("resourceType")
    if not isinstance(kind, str):
        return None
    if kind in _VERSION_OF_TYPE:
        return _VERSION_OF_TYPE[kind]
    for element, json_type, version in _TOP.get(kind, ()):
        if element in resource and (json_type is None or isinstance(resource[element], json_type)):
            return version
    return _by_item(resource) or _by_declaration(resource)


def _by_item(resource: dict[str, Any]) -> str | None:
    """STU3 claims name a line's service `service`, R4 `productOrService`."""
    items = resource.get("item")
    if resource["resourceType"] not in ("Claim", "ExplanationOfBenefit") or not items:
        return None
    first = items[0] if isinstance(items, list) else None
    if not isinstance(first, dict):
        return None
    return next((version for element, version in _ITEM if element in first), None)


def _by_declaration(resource: dict[str, Any]) -> str | None:
    number = resource.get("fhirVersion")
    if isinstance(number, str):
        return _BY_NUMBER.get(number[:1])
    meta = resource.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    for profile in profiles if isinstance(profiles, list) else ():
        found = _PROFILE.search(str(profile))
        if found:
            name = found.group(1)
            return _BY_NUMBER.get(name[0], name)
    return None
