"""The raw lines: the few elements of four FHIR resource types that the figures need."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Patient:
    """Birth and death of one patient."""

    id: str
    birth_date: date
    deceased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Encounter:
    """What of one Encounter the figures need; `start` is an instant."""

    id: str
    patient_id: str
    provider_id: str | None
    status: str
    class_code: str
    type_codes: frozenset[str]
    start: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One claim line; `net` is None where the line carries no price."""

    sequence: int
    net: Decimal | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One Claim of any kind; `payer` is the text in the file."""

    id: str
    use: str
    kind: str
    patient_id: str
    encounter_id: str
    payer: str
    created: str
    total: Decimal
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Eob:
    """One ExplanationOfBenefit; `reason` is its first denial code, if any."""

    id: str
    claim_id: str
    outcome: str
    created: str
    paid: Decimal
    paid_on: str | None
    reason: str | None


@dataclass(frozen=True)
class Raw:
    """The four resource types by id."""

    patients: dict[str, Patient]
    encounters: dict[str, Encounter]
    claims: dict[str, Claim]
    eobs: dict[str, Eob]


def read_resources(folder: Path, resource_type: str) -> Iterator[dict[str, Any]]:
    """Yield the resources of one type as parsed JSON, amounts as Decimal."""
    with gzip.open(folder / f"{resource_type}.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line, parse_float=Decimal)


def load(folder: Path) -> Raw:
    """Read the patients, encounters, claims and explanations of benefit of a folder."""
    return Raw(
        {r["id"]: read_patient(r) for r in read_resources(folder, "Patient")},
        {r["id"]: read_encounter(r) for r in read_resources(folder, "Encounter")},
        {r["id"]: read_claim(r) for r in read_resources(folder, "Claim")},
        {r["id"]: read_eob(r) for r in read_resources(folder, "ExplanationOfBenefit")},
    )


def read_patient(r: dict[str, Any]) -> Patient:
    """Read a Patient resource."""
    died = r.get("deceasedDateTime")
    born = date.fromisoformat(r["birthDate"])
    return Patient(r["id"], born, datetime.fromisoformat(died) if died else None)


def read_encounter(r: dict[str, Any]) -> Encounter:
    """Read an Encounter resource."""
    return Encounter(
        id=r["id"],
        patient_id=_target(r["subject"]),
        provider_id=_practitioner(r.get("participant", [])),
        status=r["status"],
        class_code=r["class"]["code"],
        type_codes=frozenset(c["code"] for t in r["type"] for c in t["coding"]),
        start=datetime.fromisoformat(r["period"]["start"]),
    )


def read_claim(r: dict[str, Any]) -> Claim:
    """Read a Claim resource."""
    return Claim(
        id=r["id"],
        use=r["use"],
        kind=r["type"]["coding"][0]["code"],
        patient_id=_target(r["patient"]),
        encounter_id=_target(r["item"][0]["encounter"][0]),
        payer=r["insurance"][0]["coverage"]["display"],
        created=r["created"],
        total=Decimal(r["total"]["value"]),
        items=tuple(
            Item(i["sequence"], Decimal(i["net"]["value"]) if "net" in i else None)
            for i in r["item"]
        ),
    )


def read_eob(r: dict[str, Any]) -> Eob:
    """Read an ExplanationOfBenefit resource."""
    adjudications = [a for i in r["item"] for a in i.get("adjudication", [])]
    reasons = [a["reason"]["coding"][0]["code"] for a in adjudications if "reason" in a]
    return Eob(
        id=r["id"],
        claim_id=_target(r["claim"]),
        outcome=r["outcome"],
        created=r["created"],
        paid=Decimal(r["payment"]["amount"]["value"]),
        paid_on=r["payment"].get("date"),
        reason=reasons[0] if reasons else None,
    )


def _target(reference: dict[str, Any]) -> str:
    return str(reference["reference"]).removeprefix("urn:uuid:").rsplit("/", 1)[-1]


def _practitioner(participants: list[dict[str, Any]]) -> str | None:
    def is_performer(participant: dict[str, Any]) -> bool:
        return any(c["code"] == "PPRF" for t in participant.get("type", []) for c in t["coding"])

    ranked = [p for p in participants if is_performer(p)] + participants
    return _target(ranked[0]["individual"]) if ranked else None


def read_hba1c(folder: Path) -> Iterator[tuple[str, str, datetime]]:
    """Yield id, patient and time of the HbA1c results (LOINC 4548-4)."""
    for r in read_resources(folder, "Observation"):
        if any(c["code"] == "4548-4" for c in r["code"]["coding"]):
            yield r["id"], _target(r["subject"]), datetime.fromisoformat(r["effectiveDateTime"])


def read_reports(folder: Path) -> Iterator[tuple[str, str, datetime]]:
    """Yield id, patient and time of the diagnostic reports."""
    for r in read_resources(folder, "DiagnosticReport"):
        yield r["id"], _target(r["subject"]), datetime.fromisoformat(r["effectiveDateTime"])
