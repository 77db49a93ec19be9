"""The FHIR R4 shape of the synthetic clinic: one function per resource, plain dictionaries."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Any, Final

from praxis_analytics.sources.generator_tables import Coding, Panel, Provider

Resource = dict[str, Any]

KINDS: Final = (
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Patient",
    "Encounter",
    "Claim",
    "ExplanationOfBenefit",
    "Condition",
    "Observation",
    "DiagnosticReport",
    "Procedure",
    "MedicationRequest",
    "Immunization",
    "ServiceRequest",
    "DeviceRequest",
    "Coverage",
    "Communication",
    "Schedule",
    "Slot",
)
SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
CVX: Final = "http://hl7.org/fhir/sid/cvx"
HL7: Final = "http://terminology.hl7.org/CodeSystem/"
US_CORE: Final = "http://hl7.org/fhir/us/core/StructureDefinition/"
META: Final = {"tag": [{"system": "https://praxis.example/tags", "code": "synthetic"}]}


def resource(kind: str, resource_id: str, **fields: object) -> Resource:
    """A resource of the clinic, marked as synthetic."""
    return {"resourceType": kind, "id": resource_id, "meta": META, **fields}


def reference(kind: str, resource_id: str) -> dict[str, str]:
    """A reference to a resource."""
    return {"reference": f"{kind}/{resource_id}"}


@cache
def concept(system: str, code: str, display: str) -> Resource:
    """A concept; cached because the same few dozen are written many thousand times."""
    return {"coding": [{"system": system, "code": code, "display": display}]}


@cache
def hl7(table: str, code: str) -> Resource:
    """A concept of one of HL7's own code systems."""
    return {"coding": [{"system": HL7 + table, "code": code}]}


@lru_cache(maxsize=8)
def instant(at: datetime) -> str:
    """Write an aware date and time as a UTC instant with its offset.

    Cached because the resources of one visit share its two instants.
    """
    return at.astimezone(UTC).isoformat()


def _usd(cents: int) -> dict[str, object]:
    # The double nearest to whole cents prints as exactly those cents.
    return {"value": cents / 100, "currency": "USD"}


def organization(resource_id: str) -> Resource:
    """The clinic."""
    return resource(
        "Organization",
        resource_id,
        active=True,
        type=[concept(HL7 + "organization-type", "prov", "Healthcare Provider")],
        name="Marigold Street Primary Care",
        telecom=[{"system": "phone", "value": "555-0100"}],
        address=[_address("1 Marigold Street", "Somerville", "02143")],
    )


def _address(line: str, city: str, postal_code: str) -> Resource:
    return {
        "line": [line],
        "city": city,
        "state": "MA",
        "postalCode": postal_code,
        "country": "US",
    }


def practitioner(resource_id: str, provider: Provider) -> Resource:
    """A clinician."""
    return resource(
        "Practitioner",
        resource_id,
        identifier=[{"system": "http://hl7.org/fhir/sid/us-npi", "value": provider.npi}],
        active=True,
        name=[{"family": provider.family, "given": [provider.given]}],
        gender=provider.sex,
        qualification=[{"code": hl7("v2-0360", provider.credential)}],
    )


def practitioner_role(
    resource_id: str, provider: Provider, provider_id: str, clinic_id: str
) -> Resource:
    """What a clinician does at the clinic."""
    return resource(
        "PractitionerRole",
        resource_id,
        active=True,
        practitioner=reference("Practitioner", provider_id),
        organization=reference("Organization", clinic_id),
        specialty=[concept("http://nucc.org/provider-taxonomy", *provider.specialty)],
    )


def _us_core(name: str, category: Coding) -> Resource:
    coding = {
        "system": "urn:oid:2.16.840.1.113883.6.238",
        "code": category.code,
        "display": category.display,
    }
    return {
        "url": US_CORE + name,
        "extension": [
            {"url": "ombCategory", "valueCoding": coding},
            {"url": "text", "valueString": category.display},
        ],
    }


def patient(
    resource_id: str,
    *,
    number: int,
    name: tuple[str, str],
    sex: str,
    birth: date,
    race: Coding,
    ethnicity: Coding,
    language: Coding,
    place: tuple[str, str],
    provider_id: str,
    clinic_id: str,
) -> Resource:
    """A person; `name` is family and given name, `place` city and postal code."""
    record_number = {
        "type": concept(HL7 + "v2-0203", "MR", "Medical Record Number"),
        "system": "https://praxis.example/mrn",
        "value": f"MRN{number:06d}",
    }
    return resource(
        "Patient",
        resource_id,
        extension=[_us_core("us-core-race", race), _us_core("us-core-ethnicity", ethnicity)],
        identifier=[record_number],
        active=True,
        name=[{"use": "official", "family": name[0], "given": [name[1]]}],
        telecom=[{"system": "phone", "value": f"555-01{number % 100:02d}", "use": "home"}],
        gender=sex,
        birthDate=birth.isoformat(),
        address=[_address(f"{1 + number % 180} Example Street", *place)],
        communication=[{"language": concept("urn:ietf:bcp:47", *language)}],
        generalPractitioner=[reference("Practitioner", provider_id)],
        managingOrganization=reference("Organization", clinic_id),
    )


def encounter(
    resource_id: str,
    *,
    kind: Coding,
    class_code: str,
    start: datetime,
    end: datetime,
    reason: Coding | None,
    patient_id: str,
    provider_id: str,
    clinic_id: str,
) -> Resource:
    """A finished visit."""
    fields: dict[str, object] = {
        "status": "finished",
        "class": {"system": HL7 + "v3-ActCode", "code": class_code},
        "type": [concept(SNOMED, *kind)],
        "subject": reference("Patient", patient_id),
        "participant": [
            {
                "type": [hl7("v3-ParticipationType", "PPRF")],
                "individual": reference("Practitioner", provider_id),
            }
        ],
        "period": {"start": instant(start), "end": instant(end)},
        "serviceProvider": reference("Organization", clinic_id),
    }
    if reason:
        fields["reasonCode"] = [concept(SNOMED, *reason)]
    return resource("Encounter", resource_id, **fields)


def claim(
    resource_id: str,
    *,
    kind: Coding,
    lines: Sequence[tuple[str, str, str, int]],
    total_cents: int,
    payer: str,
    start: datetime,
    end: datetime,
    created: datetime,
    encounter_id: str,
    patient_id: str,
    clinic_id: str,
) -> Resource:
    """A professional claim: the visit first, without `net`, then lines (system, code, text, net).

    The fee of the visit itself is the total less the sum of the lines' `net`.
    """
    items: list[Resource] = [
        {
            "sequence": 1,
            "productOrService": concept(SNOMED, *kind),
            "encounter": [reference("Encounter", encounter_id)],
        }
    ]
    for sequence, (system, code, text, cents) in enumerate(lines, 2):
        service = concept(system, code, text)
        items.append({"sequence": sequence, "productOrService": service, "net": _usd(cents)})
    return resource(
        "Claim",
        resource_id,
        status="active",
        type=hl7("claim-type", "professional"),
        use="claim",
        patient=reference("Patient", patient_id),
        billablePeriod={"start": instant(start), "end": instant(end)},
        created=instant(created),
        provider=reference("Organization", clinic_id),
        priority=hl7("processpriority", "normal"),
        insurance=[{"sequence": 1, "focal": True, "coverage": {"display": payer}}],
        item=items,
        total=_usd(total_cents),
    )


def explanation_of_benefit(
    resource_id: str,
    *,
    claim: Resource,
    payer: str,
    created: datetime,
    paid_cents: int,
) -> Resource:
    """The insurer's answer to a claim, with its payment on the (local) day it was made."""
    submitted = {
        "category": hl7("adjudication", "submitted"),
        "amount": claim["total"],
    }
    return resource(
        "ExplanationOfBenefit",
        resource_id,
        status="active",
        type=claim["type"],
        use="claim",
        patient=claim["patient"],
        billablePeriod=claim["billablePeriod"],
        created=instant(created),
        insurer={"display": payer},
        provider=claim["provider"],
        claim=reference("Claim", claim["id"]),
        outcome="complete",
        insurance=[{"focal": True, "coverage": {"display": payer}}],
        total=[submitted],
        payment={"amount": _usd(paid_cents), "date": created.date().isoformat()},
    )


def condition(
    resource_id: str,
    *,
    coding: Coding,
    category: str,
    onset: date,
    abated: date | None,
    recorded: datetime,
    encounter_id: str,
    patient_id: str,
) -> Resource:
    """A confirmed condition, resolved if it has an end."""
    fields: dict[str, object] = {
        "clinicalStatus": hl7("condition-clinical", "resolved" if abated else "active"),
        "verificationStatus": hl7("condition-ver-status", "confirmed"),
        "category": [hl7("condition-category", category)],
        "code": concept(SNOMED, *coding),
        "subject": reference("Patient", patient_id),
        "encounter": reference("Encounter", encounter_id),
        "onsetDateTime": onset.isoformat(),
        "recordedDate": instant(recorded),
    }
    if abated:
        fields["abatementDateTime"] = abated.isoformat()
    return resource("Condition", resource_id, **fields)


def observation(
    resource_id: str,
    *,
    coding: Coding,
    category: str,
    at: datetime,
    value: Resource,
    encounter_id: str,
    patient_id: str,
) -> Resource:
    """A final result; `value` holds its value element or its components."""
    taken = instant(at)
    return resource(
        "Observation",
        resource_id,
        status="final",
        category=[hl7("observation-category", category)],
        code=concept(LOINC, *coding),
        subject=reference("Patient", patient_id),
        encounter=reference("Encounter", encounter_id),
        effectiveDateTime=taken,
        issued=taken,
        **value,
    )


def quantity(value: float, unit: str) -> Resource:
    """The value element of a measured number, in UCUM units."""
    ucum = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return {"valueQuantity": ucum}


def coded(answer: Coding) -> Resource:
    """The value element of a coded answer."""
    return {"valueCodeableConcept": concept(SNOMED, *answer)}


def components(parts: Sequence[tuple[Coding, Resource]]) -> Resource:
    """The components of a panel kept in one observation."""
    return {"component": [{"code": concept(LOINC, *coding), **value} for coding, value in parts]}


def diagnostic_report(
    resource_id: str,
    *,
    panel: Panel,
    at: datetime,
    result_ids: Sequence[str],
    encounter_id: str,
    patient_id: str,
) -> Resource:
    """A final laboratory report over its results."""
    taken = instant(at)
    return resource(
        "DiagnosticReport",
        resource_id,
        status="final",
        category=[hl7("v2-0074", "LAB")],
        code=concept(LOINC, panel.code, panel.display),
        subject=reference("Patient", patient_id),
        encounter=reference("Encounter", encounter_id),
        effectiveDateTime=taken,
        issued=taken,
        result=[reference("Observation", result_id) for result_id in result_ids],
    )
