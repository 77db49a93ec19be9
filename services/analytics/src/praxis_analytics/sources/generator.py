"""A lively primary-care clinic as synthetic FHIR R4 files, the data of a first look at Praxis.

Every draw is a pure function of seed, purpose and key, so the same arguments write the same bytes
on every machine. Work and time grow with the number of patients, memory with the calendar only.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from praxis_analytics.sources import generator_fhir as fhir
from praxis_analytics.sources import generator_tables as tables
from praxis_analytics.sources.generator_care import care
from praxis_analytics.sources.generator_clinic import (
    Clinic,
    Dice,
    Person,
    Visit,
    done,
    payer_of,
    register,
    visits,
)
from praxis_analytics.sources.generator_fhir import Resource
from praxis_analytics.sources.generator_office import coverage, messages, slots
from praxis_analytics.sources.generator_tables import Coding, Measure, Panel


def generate(
    out: Path,
    *,
    until: date,
    patients: int = 200,
    months: int = 24,
    time_zone: str = "America/New_York",
    seed: str = "praxis",
) -> dict[str, int]:
    """Write the clinic's life as `<ResourceType>.ndjson` files into the folder `out`.

    Args:
        out: folder to write into; made if absent, files of the same names are replaced.
        until: last local day with data. It always has visits, by telemedicine if it is closed.
        patients: people who ever register, at least 1.
        months: calendar months with visits, the one of `until` included, at least 1.
        time_zone: IANA name of the clinic's zone.
        seed: another seed gives another clinic.

    Returns:
        Resources written per type.

    Raises:
        ValueError: `patients` or `months` below 1.
        zoneinfo.ZoneInfoNotFoundError: unknown time zone.
    """
    if patients < 1 or months < 1:
        raise ValueError("patients and months must be at least 1")
    dice = Dice(seed)
    clinic = Clinic(dice, until, months, ZoneInfo(time_zone))
    encode = json.JSONEncoder(
        ensure_ascii=False, check_circular=False, separators=(",", ":")
    ).encode
    counts = dict.fromkeys(fhir.KINDS, 0)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        files = {
            kind: stack.enter_context(
                (out / f"{kind}.ndjson").open("w", encoding="utf-8", newline="\n")
            )
            for kind in fhir.KINDS
        }
        for resource in _resources(dice, clinic, patients):
            kind = resource["resourceType"]
            files[kind].write(encode(resource) + "\n")
            counts[kind] += 1
    return counts


def _resources(dice: Dice, clinic: Clinic, patients: int) -> Iterator[Resource]:
    yield from _staff(dice, clinic)
    for number in range(1, patients + 1):
        person = register(dice, clinic, number)
        yield _patient(dice, clinic, person)
        payers: dict[str, date] = {}
        for visit in visits(dice, clinic, person):
            payers.setdefault(payer_of(dice, visit), visit.start.date())
            yield from _visit(dice, clinic, visit)
            yield from messages(dice, clinic, visit)
        yield from coverage(dice, person, payers)
    # Last, when it is known which slots are taken.
    yield from slots(dice, clinic)


def _staff(dice: Dice, clinic: Clinic) -> Iterator[Resource]:
    yield fhir.organization(clinic.id)
    for provider, provider_id in zip(tables.PROVIDERS, clinic.provider_ids, strict=True):
        role_id = dice.id("PractitionerRole", provider.npi)
        yield fhir.practitioner(provider_id, provider)
        yield fhir.practitioner_role(role_id, provider, provider_id, clinic.id)


def _patient(dice: Dice, clinic: Clinic, person: Person) -> Resource:
    key = person.key
    families, given = tables.FAMILY_NAMES, tables.GIVEN_NAMES[person.sex]
    ethnicity = dice.pick(tables.ETHNICITIES, "ethnicity", key)
    hispanic = ethnicity == tables.HISPANIC
    languages = tables.HISPANIC_LANGUAGES if hispanic else tables.LANGUAGES
    return fhir.patient(
        person.id,
        number=person.number,
        name=(
            families[dice.below(len(families), "family", key)],
            given[dice.below(len(given), "given", key)],
        ),
        sex=person.sex,
        birth=person.birth,
        race=dice.pick(tables.RACES, "race", key),
        ethnicity=ethnicity,
        language=dice.pick(languages, "language", key),
        place=dice.pick(tables.PLACES, "place", key),
        provider_id=clinic.provider_ids[person.provider],
        clinic_id=clinic.id,
    )


def _visit(dice: Dice, clinic: Clinic, visit: Visit) -> Iterator[Resource]:
    encounter_id = dice.id("Encounter", visit.key)
    yield fhir.encounter(
        encounter_id,
        kind=visit.kind.coding,
        class_code=visit.kind.class_code,
        start=visit.start,
        end=visit.end,
        reason=visit.reason,
        patient_id=visit.person.id,
        provider_id=clinic.provider_ids[visit.provider],
        clinic_id=clinic.id,
    )
    labs = [panel for panel in tables.LABS if done(dice, visit, panel.when, panel.code)]
    yield from _billing(dice, clinic, visit, labs, encounter_id)
    yield from _conditions(dice, clinic, visit, encounter_id)
    yield from _vitals(dice, visit, encounter_id)
    yield from care(dice, visit, encounter_id)
    for panel in labs:
        yield from _lab(dice, visit, panel, encounter_id)


def _billing(
    dice: Dice, clinic: Clinic, visit: Visit, labs: list[Panel], encounter_id: str
) -> Iterator[Resource]:
    """Yield the claim, and the insurer's payment if it falls into the clinic's time."""
    lines = [
        (service.system, service.code, service.display, service.cents)
        for service in tables.SERVICES
        if done(dice, visit, service.when, service.code)
    ] + [(fhir.LOINC, panel.code, panel.display, panel.cents) for panel in labs]
    base = visit.kind.cents * dice.pick(tables.EFFORTS, "effort", visit.key) // 100
    total = base + sum(cents for *_, cents in lines)
    payer = payer_of(dice, visit)
    created = visit.end + timedelta(dice.pick(tables.CLAIM_LAG_DAYS, "lag", visit.key))
    if created.date() > clinic.until:
        created = visit.end
    claim = fhir.claim(
        dice.id("Claim", visit.key),
        kind=visit.kind.coding,
        lines=lines,
        total_cents=total,
        payer=payer,
        start=visit.start,
        end=visit.end,
        created=created,
        encounter_id=encounter_id,
        patient_id=visit.person.id,
        clinic_id=clinic.id,
    )
    yield claim
    if payer != tables.SELF_PAY:
        yield from _payment(dice, clinic, visit, claim, payer, created, total)


def _payment(
    dice: Dice,
    clinic: Clinic,
    visit: Visit,
    claim: Resource,
    payer: str,
    created: datetime,
    total: int,
) -> Iterator[Resource]:
    terms = tables.PAYERS[payer]
    earliest, latest = terms.days
    wait = earliest + dice.below(latest - earliest + 1, "payment", visit.key)
    paid_on = created.date() + timedelta(wait)
    if paid_on <= clinic.until:
        yield fhir.explanation_of_benefit(
            dice.id("ExplanationOfBenefit", visit.key),
            claim=claim,
            payer=payer,
            created=datetime.combine(paid_on, time(9), clinic.zone),
            paid_cents=(total * terms.permille + 500) // 1000,
        )


def _conditions(dice: Dice, clinic: Clinic, visit: Visit, encounter_id: str) -> Iterator[Resource]:
    """Yield what the person brings along at the first visit, and what is new at this one."""
    person, today = visit.person, visit.start.date()
    known = person.chronic if visit.is_first else ()
    for coding in known:
        lived = min((today - person.birth).days, 3650)
        key = f"{person.key}.{coding.code}"
        yield fhir.condition(
            dice.id("Condition", key),
            coding=coding,
            category="problem-list-item",
            onset=today - timedelta(dice.below(lived + 1, "onset", key)),
            abated=None,
            recorded=visit.start,
            encounter_id=encounter_id,
            patient_id=person.id,
        )
    if visit.reason and visit.reason not in person.chronic:
        abated = today + timedelta(5 + dice.below(16, "abated", visit.key))
        yield fhir.condition(
            dice.id("Condition", visit.key),
            coding=visit.reason,
            category="encounter-diagnosis",
            onset=today - timedelta(dice.below(5, "onset", visit.key)),
            abated=abated if abated <= clinic.until else None,
            recorded=visit.start,
            encounter_id=encounter_id,
            patient_id=person.id,
        )


def _vitals(dice: Dice, visit: Visit, encounter_id: str) -> Iterator[Resource]:
    for panel in tables.VITALS:
        if done(dice, visit, panel.when, panel.code):
            values = [
                (Coding(measure.code, measure.display), _measure(dice, visit, panel, measure))
                for measure in panel.measures
            ]
            value = values[0][1] if len(values) == 1 else fhir.components(values)
            coding = Coding(panel.code, panel.display)
            yield _observation(dice, visit, coding, "vital-signs", value, encounter_id)
    if done(dice, visit, tables.SMOKING_ASKED, "smoking"):
        value = fhir.coded(visit.person.smoking)
        coding = tables.SMOKING_STATUS
        yield _observation(dice, visit, coding, "social-history", value, encounter_id)


def _lab(dice: Dice, visit: Visit, panel: Panel, encounter_id: str) -> Iterator[Resource]:
    results = []
    for measure in panel.measures:
        value = _measure(dice, visit, panel, measure)
        coding = Coding(measure.code, measure.display)
        results.append(_observation(dice, visit, coding, "laboratory", value, encounter_id))
    yield from results
    yield fhir.diagnostic_report(
        dice.id("DiagnosticReport", f"{visit.key}.{panel.code}"),
        panel=panel,
        at=visit.end,
        result_ids=[result["id"] for result in results],
        encounter_id=encounter_id,
        patient_id=visit.person.id,
    )


def _observation(
    dice: Dice, visit: Visit, coding: Coding, category: str, value: Resource, encounter_id: str
) -> Resource:
    return fhir.observation(
        dice.id("Observation", f"{visit.key}.{coding.code}"),
        coding=coding,
        category=category,
        at=visit.end if category == "laboratory" else visit.start,
        value=value,
        encounter_id=encounter_id,
        patient_id=visit.person.id,
    )


def _measure(dice: Dice, visit: Visit, panel: Panel, measure: Measure) -> Resource:
    """Draw a value: three parts the person's own level, one part the day's."""
    person = visit.person
    is_ill = measure.ill is not None and panel.condition in person.chronic
    best, worst = measure.ill if is_ill and measure.ill else measure.usual
    level = dice.share(panel.code, person.key)
    today = dice.share(f"{panel.code} today", visit.key)
    value = best + (worst - best) * (0.75 * level + 0.25 * today)
    return fhir.quantity(round(value, measure.digits or None), measure.unit)
