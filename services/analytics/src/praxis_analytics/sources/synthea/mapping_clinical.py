"""Conditions, observations, procedures, medications and immunizations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from praxis_analytics.domain.facts import (
    CONDITION,
    IMMUNIZATION,
    MEDICATION,
    OBSERVATION,
    PROCEDURE,
    Kind,
)
from praxis_analytics.sources.context import Fact
from praxis_analytics.sources.overlay_office import HBA1C
from praxis_analytics.sources.synthea.record import SNOMED, Record

_LOINC, _CVX = "http://loinc.org", "http://hl7.org/fhir/sid/cvx"
_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_TOBACCO_STATUS = "72166-2"
# Texts that stand for a code, as Synthea has worded them over its versions.
_TOBACCO_ANSWERS = {
    "never smoker": "266919005",
    "never smoked tobacco (finding)": "266919005",
    "former smoker": "8517006",
    "ex-smoker (finding)": "8517006",
    "current every day smoker": "449868002",
    "smokes tobacco daily (finding)": "449868002",
    "current some day smoker": "428041000124106",
    "occasional tobacco smoker (finding)": "428041000124106",
}


def condition(r: Record) -> Iterator[Fact]:
    """conditions → fact_condition."""
    onset, abated = r.day("START"), r.day("STOP")
    yield r.fact(
        CONDITION,
        condition_id=r.own_id("condition"),
        **_whose(r),
        **r.coded(SNOMED),
        display=r.text("DESCRIPTION"),
        clinical_status="resolved" if abated else "active",
        verification_status="confirmed",
        onset_on=onset,
        abated_on=abated,
        recorded_on=onset,
    )


def observation(r: Record) -> Iterator[Fact]:
    """observations → fact_observation. Of texts only that there is one is kept: they may hold
    what identifies people. Answers of the tobacco status become their codes."""
    kind = r.text("TYPE")
    number = r.number("VALUE") if kind == "numeric" else None
    unit = r.text("UNITS")
    if number is not None and unit is None:
        r.context.warn("missing_unit", r.source.resource)
    taken = r.instant("DATE")
    yield r.fact(
        OBSERVATION,
        observation_id=r.own_id("observation"),
        component_no=0,
        **_whose(r),
        **r.coded(_system(r)),
        status="final",
        category=r.text("CATEGORY"),
        value_type="quantity" if kind == "numeric" else "string",
        value_num=number,
        value_code=_answer(r),
        unit=unit,
        effective_at=taken,
    )
    on = r.day("DATE")
    if r.context.overlay and r.text("CODE") == HBA1C and on and on <= r.context.today:
        yield r.overlay_task("lab_followup", on)


def _answer(r: Record) -> str | None:
    if r.text("CODE") != _TOBACCO_STATUS:
        return None
    return _TOBACCO_ANSWERS.get((r.text("VALUE") or "").lower())


def _system(r: Record) -> str:
    """LOINC; Synthea's own measures of a life (QALY …) are of no system."""
    return _LOINC if re.fullmatch(r"\d+-\d", r.text("CODE") or "") else ""


def procedure(r: Record) -> Iterator[Fact]:
    """procedures → fact_procedure."""
    yield _clinical(r, PROCEDURE, SNOMED, status="completed", performed_on=r.day("START"))


def immunization(r: Record) -> Iterator[Fact]:
    """immunizations → fact_immunization."""
    yield _clinical(r, IMMUNIZATION, _CVX, status="completed", performed_on=r.day("DATE"))


def medication(r: Record) -> Iterator[Fact]:
    """medications → fact_medication."""
    ended = r.day("STOP")
    yield _clinical(
        r,
        MEDICATION,
        _RXNORM,
        status="stopped" if ended else "active",
        ordered_on=r.day("START"),
        ended_on=ended,
    )


def _clinical(r: Record, kind: Kind, system: str, **values: object) -> Fact:
    return r.fact(
        kind,
        **{kind.key[0]: r.own_id(kind.key[0].removesuffix("_id"))},
        **_whose(r),
        **r.coded(system),
        not_done=False,
        reason_code=r.text("REASONCODE"),
        **values,
    )


def _whose(r: Record) -> dict[str, object]:
    return {
        "patient_id": r.ref("patient", "PATIENT"),
        "encounter_id": r.ref("encounter", "ENCOUNTER"),
    }
