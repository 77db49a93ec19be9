"""Everything one practice has, from the raw files of either stored set, for the figures to read.

`only` restricts a practice to the facts of one provider, payer class or patient, so that a figure
split by a dimension is the same figure of a smaller practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from . import fhir615, office, synthea27
from .overlay import ALLOWED
from .records import PAYER_CLASS, Facts, r2
from .source import Encounter, read_hba1c, read_reports, read_resources

T = TypeVar("T")
SEX = {"M": "male", "F": "female"}
# Work RVUs of the fee schedule for the code that each kind of visit would have.
WORK = {"390906007": "0.70", "448337001": "1.30", "162673000": "1.90", "410620009": "1.90"}


@dataclass(frozen=True, slots=True)
class Person:
    """What the figures ask of a patient."""

    id: str
    birth_date: date
    died_at: datetime | None
    sex: str | None
    race: str | None
    ethnicity: str | None
    language: str | None
    postal_code: str | None


@dataclass(frozen=True, slots=True)
class Stay:
    """An encounter of any class."""

    id: str
    patient_id: str
    provider_id: str | None
    kind: str
    status: str
    start: datetime
    end: datetime
    payer_class: str | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A condition from onset to abatement."""

    patient_id: str
    code: str
    onset_on: date | None
    abated_on: date | None


@dataclass(frozen=True, slots=True)
class Result:
    """A measured number."""

    patient_id: str
    code: str
    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Valued:
    """What a visit's charge is worth beside its amount."""

    encounter_id: str
    provider_id: str | None
    service_date: date
    expected_allowed: Decimal
    work: Decimal | None


@dataclass(frozen=True)
class Practice:
    """One practice at the end of `today`."""

    zone: ZoneInfo
    today: date
    facts: Facts
    people: Mapping[str, Person]
    stays: list[Stay]
    diagnoses: list[Diagnosis]
    results: list[Result]
    valued: list[Valued] = field(default_factory=list)
    tasks: list[office.Task] = field(default_factory=list)
    documents: list[office.Document] = field(default_factory=list)
    checks: list[office.Verification] = field(default_factory=list)
    surveys: list[office.Survey] = field(default_factory=list)

    def day(self, at: datetime) -> date:
        """The local date of an instant."""
        return at.astimezone(self.zone).date()

    def only(self, attribute: str, value: object) -> Practice:
        """The practice with those facts alone whose `attribute`, if they have it, is `value`."""

        def kept(rows: list[T]) -> list[T]:
            return [r for r in rows if getattr(r, attribute, value) == value]

        facts = Facts(*(kept(getattr(self.facts, f.name)) for f in fields(Facts)))
        lists: dict[str, Any] = {
            f.name: kept(getattr(self, f.name))
            for f in fields(self)
            if isinstance(getattr(self, f.name), list)
        }
        return replace(self, facts=facts, **lists)


def of_fhir(folder: Path, raw: fhir615.Raw, tz: str, *, overlay: bool, as_of: date) -> Practice:
    """The FHIR set."""
    zone = ZoneInfo(tz)
    facts = fhir615.facts(raw, tz, overlay=overlay, as_of=as_of)
    payers = {
        c.encounter_id: PAYER_CLASS.get(c.payer.lower(), "commercial")
        for c in raw.claims.values()
        if c.use == "claim" and c.kind != "pharmacy"
    }
    made = Practice(
        zone, as_of, facts,
        {r["id"]: _person(r) for r in read_resources(folder, "Patient")},
        [_stay(r, raw.encounters[r["id"]], payers) for r in read_resources(folder, "Encounter")],
        [_diagnosis(r, zone) for r in read_resources(folder, "Condition")],
        [result for r in read_resources(folder, "Observation") for result in _results(r)],
    )  # fmt: skip
    if not overlay:
        return made
    denials = [
        office.Cause(e.claim_id, raw.claims[e.claim_id].patient_id, e.occurred_on)
        for e in facts.claim_events
        if e.event == "denied"
    ]
    reports = [office.Cause(*each) for each in read_reports(folder)]
    results = [office.Cause(*each) for each in read_hba1c(folder)]
    valued = list(_valued(facts, raw.encounters))
    return _overlaid(replace(made, valued=valued), denials, results, reports)


def of_synthea(
    folder: Path, raw: synthea27.Raw, tz: str, *, overlay: bool, as_of: date
) -> Practice:
    """The CSV set."""
    payers = {p["Id"]: synthea27.PUBLIC.get(p["NAME"], "commercial") for p in raw.payers}
    made = Practice(
        ZoneInfo(tz), as_of, synthea27.facts(raw, tz, overlay=overlay, as_of=as_of),
        {p["Id"]: _person_of_line(p) for p in raw.patients},
        [
            Stay(
                e["Id"], e["PATIENT"], e["PROVIDER"],
                synthea27.CLASSES.get(e["ENCOUNTERCLASS"], e["ENCOUNTERCLASS"]), "finished",
                datetime.fromisoformat(e["START"]), datetime.fromisoformat(e["STOP"]),
                payers[e["PAYER"]],
            )
            for e in raw.encounters
        ],
        [
            Diagnosis(c["PATIENT"], c["CODE"], _date(c["START"]), _date(c["STOP"]))
            for c in synthea27.rows(folder, "conditions")
        ],
        [
            Result(
                o["PATIENT"], o["CODE"], datetime.fromisoformat(o["DATE"]), Decimal(o["VALUE"])
            )
            for o in raw.observations
            if o["TYPE"] == "numeric"
        ],
    )  # fmt: skip
    return _overlaid(made, [], synthea27.hba1c(raw), []) if overlay else made


def _overlaid(
    made: Practice,
    denials: Iterable[office.Cause],
    results: Iterable[office.Cause],
    reports: Iterable[office.Cause],
) -> Practice:
    booked, zone, as_of = made.facts.appointments, made.zone, made.today
    return replace(
        made,
        tasks=office.tasks(booked, denials, results, zone, as_of),
        documents=list(office.documents(reports, zone, as_of)),
        checks=list(office.verifications(booked)),
        surveys=list(office.surveys(booked, as_of)),
    )


def _person(r: dict[str, Any]) -> Person:
    died = r.get("deceasedDateTime")
    return Person(
        r["id"],
        date.fromisoformat(r["birthDate"]),
        datetime.fromisoformat(died) if died else None,
        r.get("gender"),
        _text(r, "race"),
        _text(r, "ethnicity"),
        r["communication"][0]["language"]["coding"][0]["code"] if "communication" in r else None,
        r["address"][0].get("postalCode"),
    )


def _text(r: dict[str, Any], name: str) -> str | None:
    for extension in r.get("extension", []):
        if extension["url"].endswith(f"us-core-{name}"):
            parts = {part["url"]: part for part in extension["extension"]}
            return str(parts["ombCategory"]["valueCoding"]["display"])
    return None


def _person_of_line(p: dict[str, str]) -> Person:
    died = p["DEATHDATE"]
    if died and len(died) == len("2021-03-31"):
        died += "T00:00:00+00:00"
    return Person(
        p["Id"], date.fromisoformat(p["BIRTHDATE"]),
        datetime.fromisoformat(died) if died else None, SEX[p["GENDER"]],
        p["RACE"] or None, p["ETHNICITY"] or None, None, p["ZIP"] or None,
    )  # fmt: skip


def _stay(r: dict[str, Any], encounter: Encounter, payers: Mapping[str, str]) -> Stay:
    return Stay(
        encounter.id, encounter.patient_id, encounter.provider_id, encounter.class_code,
        encounter.status, encounter.start, datetime.fromisoformat(r["period"]["end"]),
        payers.get(encounter.id),
    )  # fmt: skip


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _diagnosis(r: dict[str, Any], zone: ZoneInfo) -> Diagnosis:
    def on(name: str) -> date | None:
        return fhir615.local_date(r[name], zone) if name in r else None

    who = r["subject"]["reference"].removeprefix("urn:uuid:")
    code = r["code"]["coding"][0]["code"]
    return Diagnosis(who, code, on("onsetDateTime"), on("abatementDateTime"))


def _results(r: dict[str, Any]) -> Iterator[Result]:
    who = r["subject"]["reference"].removeprefix("urn:uuid:")
    at = datetime.fromisoformat(r["effectiveDateTime"])
    for part in (r, *r.get("component", [])):
        if "valueQuantity" in part:
            code = part["code"]["coding"][0]["code"]
            yield Result(who, code, at, Decimal(str(part["valueQuantity"]["value"])))


def _valued(facts: Facts, encounters: Mapping[str, Encounter]) -> Iterator[Valued]:
    """Each charge of a visit; the first line of a claim bears the visit's work."""
    visits = {v.encounter_id: v for v in facts.visits}
    for c in facts.charges:
        visit = visits.get(c.encounter_id)
        if visit is None:
            continue
        ratio = ALLOWED.get(c.payer_class)
        allowed = r2(c.amount * Decimal(ratio)) if ratio else c.amount
        work = None
        if c.line_no == 1:
            (kind,) = encounters[c.encounter_id].type_codes
            work = Decimal(WORK.get(kind, "1.60" if visit.is_new else "1.30"))
        yield Valued(c.encounter_id, c.provider_id, c.service_date, allowed, work)


def hours(start: datetime, end: datetime) -> Decimal:
    """Elapsed hours between two instants."""
    seconds = (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds()
    return Decimal(str(seconds)) / 3600
