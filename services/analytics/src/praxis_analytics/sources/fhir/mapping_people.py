"""People, places, payers and encounters."""

from __future__ import annotations

from collections.abc import Iterator

from praxis_analytics.domain.facts import COVERAGE, ENCOUNTER, LOCATION, PATIENT, PAYER, PROVIDER
from praxis_analytics.sources.context import Fact
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.reading import Resource
from praxis_analytics.sources.fhir.values import (
    Value,
    at,
    clean,
    code,
    codings,
    display,
    label,
    listed,
)
from praxis_analytics.sources.payers import payer_class
from praxis_analytics.sources.problems import Skipped

_NPI = "http://hl7.org/fhir/sid/us-npi"
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
_PAYER_TYPES = {"ins", "pay"}
_PLACE_TYPES = {"prov", "dept"}
# So many identifiers are kept for references by identifier; beyond it they stay unknown.
_IDENTIFIERS_MOST = 200_000


def _remember(e: Entry) -> None:
    """Keeps the identifiers for references of the form `Type?identifier=system|value`."""
    for one in listed(e.resource.get("identifier")):
        if len(e.context.identifiers) >= _IDENTIFIERS_MOST:
            return
        key = f"{e.kind}?identifier={one.get('system') or ''}|{one.get('value')}"
        e.context.identifiers[key] = e.id


def _name(e: Entry) -> Resource:
    """The official name, else the first."""
    names = listed(e.resource.get("name"))
    return next((n for n in names if n.get("use") == "official"), names[0] if names else {})


def _given(name: Resource) -> str | None:
    return clean(" ".join(listed(name.get("given"))))


def _identifier(e: Entry, system: str = "", type_code: str = "") -> str | None:
    for one in listed(e.resource.get("identifier")):
        if (system and one.get("system") == system) or (
            type_code and code(one.get("type")) == type_code
        ):
            return clean(one.get("value"))
    return None


def _us_core(e: Entry, name: str) -> str | None:
    """The text of race or ethnicity: that of the OMB category."""
    for extension in listed(e.resource.get("extension")):
        if extension.get("url") == _US_CORE + name:
            parts = listed(extension.get("extension"))
            found = {part.get("url"): part for part in reversed(parts)}
            category = at(found.get("ombCategory"), "valueCoding", "display")
            return clean(category) or clean(at(found.get("text"), "valueString"))
    return None


def patient(e: Entry) -> Iterator[Fact]:
    """Patient → dim_patient."""
    _remember(e)
    name = _name(e)
    yield e.fact(
        PATIENT,
        patient_id=e.own_id("patient"),
        mrn=_identifier(e, type_code="MR"),
        family_name=clean(name.get("family")),
        given_name=_given(name),
        birth_date=e.day("birthDate"),
        sex=e.text("gender"),
        race=_us_core(e, "race"),
        ethnicity=_us_core(e, "ethnicity"),
        language=label(e.get("communication", "language")),
        postal_code=e.text("address", "postalCode"),
        deceased_at=e.instant("deceasedDateTime"),
        primary_provider_id=e.ref(e.get("generalPractitioner"), "provider"),
    )


def practitioner(e: Entry) -> Iterator[Fact]:
    """Practitioner → dim_provider; specialty and location come from its role."""
    _remember(e)
    name = _name(e)
    parts = (*listed(name.get("prefix")), _given(name), clean(name.get("family")))
    shown = clean(" ".join(part for part in parts if part)) or clean(name.get("text"))
    yield e.fact(
        PROVIDER,
        provider_id=e.own_id("provider"),
        npi=_identifier(e, system=_NPI),
        display_name=shown,
        credential=label(e.get("qualification", "code")),
    )


def practitioner_role(e: Entry) -> Iterator[Fact]:
    """PractitionerRole → specialty, location and time of a dim_provider.

    A patch: the loader puts these columns into the stored row of the practitioner.
    """
    found = e.target(e.get("practitioner"))
    provider_id = e.ref(e.get("practitioner"), "provider")
    if found is None or provider_id is None:
        raise Skipped("names no practitioner")
    e.context.roles[e.id] = found[1]
    place = e.ref(e.get("location"), "location") or e.ref(e.get("organization"), "organization")
    yield e.fact(
        PROVIDER,
        provider_id=provider_id,
        specialty=display(e.get("specialty")),
        location_id=place,
        active_from=e.day("period", "start"),
        active_to=e.day("period", "end"),
    )


def organization(e: Entry) -> Iterator[Fact]:
    """Organization → dim_payer for insurers, dim_location for providers."""
    _remember(e)
    types = {one.rpartition("|")[2] for one in codings(e.resource.get("type"))}
    name = e.text("name")
    if types & _PAYER_TYPES and name:
        payer_id = e.context.id("payer", e.source.resource)
        kind = e.context.classes[payer_id] = payer_class(name)
        yield e.fact(PAYER, payer_id=payer_id, name=name, payer_class=kind)
    if types & _PLACE_TYPES or not types:
        yield e.fact(
            LOCATION,
            location_id=e.own_id("organization"),
            name=name,
            postal_code=e.text("address", "postalCode"),
        )
    elif not types & _PAYER_TYPES:
        raise Skipped("is neither a provider nor a payer")


def location(e: Entry) -> Iterator[Fact]:
    """Location → dim_location."""
    _remember(e)
    yield e.fact(
        LOCATION,
        location_id=e.own_id("location"),
        name=e.text("name"),
        postal_code=e.text("address", "postalCode"),
    )


def coverage(e: Entry) -> Iterator[Fact]:
    """Coverage → coverage."""
    plans = [one for one in listed(e.resource.get("class")) if code(one.get("type")) == "plan"]
    yield e.fact(
        COVERAGE,
        coverage_id=e.own_id("coverage"),
        patient_id=e.ref(e.get("beneficiary"), "patient"),
        payer_id=payer_of_coverage(e, e.resource),
        plan=clean(at(plans, "name")) or clean(at(plans, "value")),
        coverage_order=e.get("order"),
        valid_from=e.day("period", "start"),
        valid_to=e.day("period", "end"),
    )


def payer_of_coverage(e: Entry, cover: Resource) -> object:
    """The payer of a Coverage: an organization, a name, or the patient."""
    payor = at(cover, "payor")
    kind, source_id = e.target(payor) or (None, "")
    if kind in ("Patient", "RelatedPerson") or code(cover.get("type")) == "pay":
        return e.context.payer("self_pay")
    if kind == "Organization":
        return e.context.id("payer", f"Organization/{source_id}")
    name = clean(at(payor, "display")) or display(cover.get("type"))
    return e.context.payer(name) if name else None


def _practitioner(e: Entry) -> Value:
    """The primary performer, else the first participant that is somebody."""
    found = [p for p in listed(e.resource.get("participant")) if p.get("individual")]
    primary = [p for p in found if any(one.endswith("|PPRF") for one in codings(p.get("type")))]
    return at(primary or found, "individual")


def encounter(e: Entry) -> Iterator[Fact]:
    """Encounter → fact_encounter; its payer comes from its claim."""
    kinds = e.need("class")
    place = e.ref(e.get("location", "location"), "location")
    yield e.fact(
        ENCOUNTER,
        encounter_id=e.own_id("encounter"),
        patient_id=e.patient_id,
        provider_id=e.ref(_practitioner(e), "provider"),
        location_id=place or e.ref(e.get("serviceProvider"), "organization"),
        **{"class": clean(at(kinds, "code"))},
        type_code=code(e.get("type")),
        codings=codings(e.resource.get("type")),
        discharge_disposition=label(e.get("hospitalization", "dischargeDisposition")),
        reason_code=code(e.get("reasonCode")),
        status=e.need("status"),
        start_at=e.instant("period", "start"),
        end_at=e.instant("period", "end"),
    )
