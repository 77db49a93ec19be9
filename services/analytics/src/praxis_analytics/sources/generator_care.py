"""What is screened, prescribed, given and ordered at the synthetic clinic's visits."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from praxis_analytics.sources import generator_fhir as fhir
from praxis_analytics.sources import generator_tables as tables
from praxis_analytics.sources.generator_clinic import Dice, Visit, done
from praxis_analytics.sources.generator_fhir import Resource
from praxis_analytics.sources.generator_tables import Coding, When


class Drug(NamedTuple):
    """What a condition is treated with, renewed for 90 days at a time."""

    condition: Coding
    coding: Coding  # RxNorm


class Screening(NamedTuple):
    """A test or service, and when it is done."""

    coding: Coding
    when: When


DRUGS: Final = (
    Drug(tables.DIABETES, Coding("860975", "Metformin hydrochloride 500 MG Oral Tablet")),
    Drug(tables.HYPERTENSION, Coding("314076", "Lisinopril 10 MG Oral Tablet")),
    Drug(tables.LIPIDS, Coding("617310", "Atorvastatin 20 MG Oral Tablet")),
    Drug(tables.ASTHMA, Coding("745679", "Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler")),
    Drug(tables.DEPRESSION, Coding("312938", "Sertraline 100 MG Oral Tablet")),
)
SUPPLY_DAYS: Final = 90
COLONOSCOPY: Final = Screening(
    Coding("73761001", "Colonoscopy"), When(0.5, kinds=frozenset({tables.NEW}), min_age=46)
)
PROCEDURES: Final = (
    Screening(
        Coding("24623002", "Screening mammography"),
        When(0.3, kinds=tables.PREVENTIVE, min_age=42, max_age=74, sex="female"),
    ),
    Screening(
        Coding("90226004", "Cytopathology procedure, cervical or vaginal"),
        When(0.28, kinds=tables.PREVENTIVE, min_age=21, max_age=64, sex="female"),
    ),
)
FIT: Final = Screening(
    Coding("57905-2", "Hemoglobin.gastrointestinal.lower [Presence] in Stool by Immunoassay"),
    When(0.18, kinds=tables.PREVENTIVE, min_age=46, max_age=75),
)
STOOL_RESULTS: Final = (
    (Coding("260385009", "Negative"), 0.94), (Coding("10828004", "Positive"), 0.06),
)  # fmt: skip
MOOD: Final = {
    False: Coding("73831-0", "Adolescent depression screening assessment"),
    True: Coding("73832-8", "Adult depression screening assessment"),
}
MOOD_CODE: Final = "171207006"
MOOD_LOW: Final = Coding("428181000124104", "Depression screening positive")
MOOD_RESULTS: Final = (
    (Coding("428171000124102", "Depression screening negative"), 0.87), (MOOD_LOW, 0.13),
)  # fmt: skip
COUNSELLING: Final = Coding("225323000", "Smoking cessation education")
COUNSELLED: Final = When(0.6, kinds=tables.PREVENTIVE, min_age=12)
DIETETICS: Final = Coding("103699006", "Referral to dietetics service")
REFERRED: Final = When(0.55, kinds=tables.PREVENTIVE, condition=tables.OBESITY, min_age=18)
PSYCHIATRY: Final = Coding("183524004", "Referral to psychiatry service")
METER: Final = Coding("337414009", "Blood glucose meter")
TETANUS: Final = Screening(Coding("115", "Tdap"), When(0.08, kinds=tables.PREVENTIVE, min_age=11))


def care(dice: Dice, visit: Visit, encounter_id: str) -> Iterator[Resource]:
    """Yield everything done, given and ordered at a visit besides its results."""
    at = _Place(dice, visit, encounter_id)
    yield from _procedures(at)
    yield from _mood(at)
    yield from _medications(at)
    yield from _vaccines(at)
    if done(dice, visit, FIT.when, FIT.coding.code):
        yield at.finding(FIT.coding, dice.pick(STOOL_RESULTS, "stool", visit.key), "laboratory")
    if done(dice, visit, REFERRED, DIETETICS.code):
        yield at.referral(DIETETICS, tables.OBESITY)
    if visit.is_first and tables.DIABETES in visit.person.chronic:
        concept = fhir.concept(fhir.SNOMED, *METER)
        yield at.resource(
            "DeviceRequest", METER, status="active", intent="order", codeCodeableConcept=concept,
            authoredOn=fhir.instant(visit.start),
        )  # fmt: skip


class _Place(NamedTuple):
    """The visit that things happen at."""

    dice: Dice
    visit: Visit
    encounter_id: str

    def resource(self, kind: str, coding: Coding, **fields: object) -> Resource:
        """A resource about the visit's patient."""
        return fhir.resource(
            kind,
            self.dice.id(kind, f"{self.visit.key}.{coding.code}"),
            subject=fhir.reference("Patient", self.visit.person.id),
            encounter=fhir.reference("Encounter", self.encounter_id),
            **fields,
        )

    def procedure(self, coding: Coding, on: date | None = None) -> Resource:
        """Something done at the visit, or long before it."""
        performed = fhir.instant(self.visit.start) if on is None else on.isoformat()
        code = fhir.concept(fhir.SNOMED, *coding)
        return self.resource(
            "Procedure", coding, status="completed", code=code, performedDateTime=performed
        )

    def referral(self, coding: Coding, reason: Coding) -> Resource:
        """An order for another clinic's service."""
        return self.resource(
            "ServiceRequest",
            coding,
            status="active",
            intent="order",
            code=fhir.concept(fhir.SNOMED, *coding),
            reasonCode=[fhir.concept(fhir.SNOMED, *reason)],
            authoredOn=fhir.instant(self.visit.start),
        )

    def finding(self, coding: Coding, answer: Coding, category: str) -> Resource:
        """An observation with a coded answer."""
        return fhir.observation(
            self.dice.id("Observation", f"{self.visit.key}.{coding.code}"),
            coding=coding,
            category=category,
            at=self.visit.start,
            value=fhir.coded(answer),
            encounter_id=self.encounter_id,
            patient_id=self.visit.person.id,
        )


def _procedures(at: _Place) -> Iterator[Resource]:
    """Yield services of the visit, and the colonoscopy that somebody new brings along."""
    dice, visit, _ = at
    for service in tables.SERVICES:
        if service.system == fhir.SNOMED and done(dice, visit, service.when, service.code):
            yield at.procedure(Coding(service.code, service.display))
    for one in PROCEDURES:
        if done(dice, visit, one.when, one.coding.code):
            yield at.procedure(one.coding)
    if done(dice, visit, COLONOSCOPY.when, COLONOSCOPY.coding.code):
        years = min(visit.age - 45, 9)
        before = timedelta(1 + dice.below(365 * years, "colonoscopy day", visit.key))
        yield at.procedure(COLONOSCOPY.coding, visit.start.date() - before)
    smokes = visit.person.smoking.display.startswith("Current")
    if smokes and done(dice, visit, COUNSELLED, COUNSELLING.code):
        yield at.procedure(COUNSELLING)


def _mood(at: _Place) -> Iterator[Resource]:
    """Yield the result of a depression screening, and what follows from it."""
    dice, visit, _ = at
    service = next(one for one in tables.SERVICES if one.code == MOOD_CODE)
    if done(dice, visit, service.when, service.code):
        result = dice.pick(MOOD_RESULTS, "mood", visit.key)
        yield at.finding(MOOD[visit.age >= 18], result, "survey")
        if result == MOOD_LOW and dice.share("psychiatry", visit.key) < 0.8:
            yield at.referral(PSYCHIATRY, MOOD_LOW)


def _medications(at: _Place) -> Iterator[Resource]:
    """Yield what a new patient takes, and what a visit for the condition renews."""
    dice, visit, _ = at
    for condition, coding in DRUGS:
        takes = condition in visit.person.chronic and dice.share(coding.code, visit.person.key)
        if takes and takes < 0.85 and (visit.is_first or visit.reason == condition):
            yield at.resource(
                "MedicationRequest",
                coding,
                status="active",
                intent="order",
                medicationCodeableConcept=fhir.concept(fhir.RXNORM, *coding),
                reasonCode=[fhir.concept(fhir.SNOMED, *condition)],
                authoredOn=fhir.instant(visit.start),
                dispenseRequest={"expectedSupplyDuration": {"value": SUPPLY_DAYS, "code": "d"}},
            )


def _vaccines(at: _Place) -> Iterator[Resource]:
    """Yield the vaccines given at the visit, on the claim or not."""
    dice, visit, _ = at
    billed = (
        Screening(Coding(one.code, one.display), one.when)
        for one in tables.SERVICES
        if one.system == fhir.CVX
    )
    for coding, when in (*billed, TETANUS):
        if done(dice, visit, when, coding.code):
            yield fhir.resource(
                "Immunization",
                dice.id("Immunization", f"{visit.key}.{coding.code}"),
                status="completed",
                vaccineCode=fhir.concept(fhir.CVX, *coding),
                patient=fhir.reference("Patient", visit.person.id),
                encounter=fhir.reference("Encounter", at.encounter_id),
                occurrenceDateTime=fhir.instant(visit.start),
                primarySource=True,
            )
