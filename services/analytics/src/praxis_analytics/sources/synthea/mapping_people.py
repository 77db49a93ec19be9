"""People, places, payers, coverage and encounters."""

from __future__ import annotations

from collections.abc import Iterator

from praxis_analytics.domain.facts import COVERAGE, ENCOUNTER, LOCATION, PATIENT, PAYER, PROVIDER
from praxis_analytics.sources.context import Fact
from praxis_analytics.sources.payers import payer_class
from praxis_analytics.sources.synthea.record import SNOMED, Record

_SEX = {"M": "male", "F": "female"}
# Any other class of encounter keeps its own name.
_CLASSES = {
    "ambulatory": "AMB",
    "wellness": "AMB",
    "outpatient": "AMB",
    "urgentcare": "AMB",
    "virtual": "VR",
    "emergency": "EMER",
    "inpatient": "IMP",
}


def organization(r: Record) -> Iterator[Fact]:
    """organizations → dim_location."""
    yield r.fact(
        LOCATION,
        location_id=r.own_id("location"),
        name=r.text("NAME"),
        postal_code=r.text("ZIP"),
    )


def payer(r: Record) -> Iterator[Fact]:
    """payers → dim_payer; its class follows from its name."""
    name, payer_id = r.need("NAME"), r.own_id("payer")
    kind = r.context.classes[payer_id] = payer_class(name)
    if kind == "self_pay":
        r.payers.nobody = payer_id
    yield r.fact(PAYER, payer_id=payer_id, name=name, payer_class=kind)


def provider(r: Record) -> Iterator[Fact]:
    """providers → dim_provider."""
    yield r.fact(
        PROVIDER,
        provider_id=r.own_id("provider"),
        display_name=r.text("NAME"),
        specialty=r.text("SPECIALITY"),
        location_id=r.ref("location", "ORGANIZATION"),
    )


def patient(r: Record) -> Iterator[Fact]:
    """patients → dim_patient."""
    sex = r.text("GENDER")
    yield r.fact(
        PATIENT,
        patient_id=r.own_id("patient"),
        family_name=r.text("LAST"),
        given_name=r.text("FIRST"),
        birth_date=r.day("BIRTHDATE"),
        sex=_SEX.get(sex or "", sex),
        race=r.text("RACE"),
        ethnicity=r.text("ETHNICITY"),
        postal_code=r.text("ZIP"),
        deceased_at=r.instant("DEATHDATE"),
    )


def coverage(r: Record) -> Iterator[Fact]:
    """payer_transitions → coverage, one for the first payer and one for a second."""
    for order, column in enumerate(("PAYER", "SECONDARY_PAYER"), 1):
        payer_id = r.ref("payer", column)
        if payer_id is None:
            continue
        source_id = f"{r.id}|{order}"
        yield r.fact(
            COVERAGE,
            source_id,
            coverage_id=r.context.id("coverage", source_id),
            patient_id=r.ref("patient", "PATIENT"),
            payer_id=payer_id,
            coverage_order=order,
            valid_from=r.day("START_YEAR"),
            valid_to=r.day("END_YEAR"),
        )


def encounter(r: Record) -> Iterator[Fact]:
    """encounters → fact_encounter. What Synthea writes has taken place."""
    kind, code = r.need("ENCOUNTERCLASS"), r.text("CODE")
    yield r.fact(
        ENCOUNTER,
        encounter_id=r.own_id("encounter"),
        patient_id=r.ref("patient", "PATIENT"),
        provider_id=r.ref("provider", "PROVIDER"),
        location_id=r.ref("location", "ORGANIZATION"),
        **{"class": _CLASSES.get(kind, kind)},
        type_code=code,
        codings=[f"{SNOMED}|{code}"] if code else [],
        reason_code=r.text("REASONCODE"),
        status="finished",
        start_at=r.instant("START"),
        end_at=r.instant("STOP"),
        payer_id=r.ref("payer", "PAYER"),
    )
