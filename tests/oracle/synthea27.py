"""Revenue, receivables and appointments of a Synthea CSV folder, computed from its raw rows.

Shares no code with the product. Where the rules leave a choice, this reading was taken:

1.  A claim without a first insurer (`0`) is self-pay, and so is all of its money.
2.  A charge opens a line of its claim. An electronic payment is the second insurer's if the last
    transfer of its line went to payer 2; else it is the first's. Patients' payments, charges and
    transfers have the payer class of the claim's first insurer.
3.  Charges, payments and adjustments are posted on the local date of their own FROMDATE, whatever
    the date of their claim. Nothing of them depends on `as_of` or the overlay.
4.  A claim's billed amount is the sum of its charges. STATUS1, 2 or P `BILLED` leaves it
    pending; a closed one was accepted.
5.  The payer class of an appointment is that of its encounter's PAYER.
6.  The id of an observation is its date, patient, encounter and code, joined by `|`.
7.  There are no reports and no denials, so no documents and no billing tasks.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from .fhir615 import completed_years, visits
from .office import Cause
from .overlay import o2
from .records import BilledClaim, Charge, Facts, LedgerEntry, r2
from .source import Encounter

Line = dict[str, str]
CLASSES = {
    "ambulatory": "AMB",
    "wellness": "AMB",
    "outpatient": "AMB",
    "urgentcare": "AMB",
    "virtual": "VR",
    "emergency": "EMER",
    "inpatient": "IMP",
}
PUBLIC = {
    "Medicare": "medicare",
    "Medicaid": "medicaid",
    "Dual Eligible": "dual",
    "NO_INSURANCE": "self_pay",
}

METHODS = {"ECHECK": "eft", "COPAY": "copay", "CASH": "cash", "CHECK": "check", "CC": "card"}


@dataclass(frozen=True)
class Raw:
    """The tables that the figures need, as they stand in the files."""

    patients: list[Line]
    encounters: list[Line]
    payers: list[Line]
    claims: list[Line]
    transactions: list[Line]
    observations: list[Line]


def load(folder: Path) -> Raw:
    """Read the folder."""
    return Raw(
        *(
            rows(folder, name)
            for name in (
                "patients", "encounters", "payers", "claims", "claims_transactions",
                "observations",
            )
        )
    )  # fmt: skip


def rows(folder: Path, name: str) -> list[Line]:
    """Read one file by header name."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def facts(raw: Raw, tz: str, *, overlay: bool, as_of: date) -> Facts:
    """Make the facts of a practice in time zone `tz`, with or without the demo overlay."""
    zone = ZoneInfo(tz)
    class_of = {p["Id"]: PUBLIC.get(p["NAME"], "commercial") for p in raw.payers} | {
        "0": "self_pay"
    }
    made = Facts(visits=visits([_encounter(e) for e in raw.encounters], zone))
    _add_money(made, raw, class_of, zone)
    if overlay:
        born = {p["Id"]: date.fromisoformat(p["BIRTHDATE"]) for p in raw.patients}
        payer = {e["Id"]: class_of[e["PAYER"]] for e in raw.encounters}
        for v in made.visits:
            age = completed_years(born[v.patient_id], v.on)
            made.appointments.extend(
                a for a in o2(v, age, payer[v.encounter_id], zone) if a.start_local.date() <= as_of
            )
    return made


def _encounter(line: Line) -> Encounter:
    return Encounter(
        id=line["Id"],
        patient_id=line["PATIENT"],
        provider_id=line["PROVIDER"],
        status="finished",
        class_code=CLASSES.get(line["ENCOUNTERCLASS"], line["ENCOUNTERCLASS"]),
        type_codes=frozenset({line["CODE"]}),
        start=datetime.fromisoformat(line["START"]),
    )


def _add_money(made: Facts, raw: Raw, class_of: dict[str, str], zone: ZoneInfo) -> None:
    claims = {c["Id"]: c for c in raw.claims}
    billed: dict[str, Decimal] = defaultdict(Decimal)
    turn: dict[str, str] = {}
    for t in raw.transactions:
        claim = claims[t["CLAIMID"]]
        first = class_of[claim["PRIMARYPATIENTINSURANCEID"]]
        on = datetime.fromisoformat(t["FROMDATE"]).astimezone(zone).date()
        key, provider = claim["Id"], claim["PROVIDERID"]
        if t["TYPE"] == "CHARGE":
            amount = r2(Decimal(t["AMOUNT"]))
            billed[key] += amount
            turn[key] = "1"
            made.charges.append(
                Charge(
                    key, 0, claim["APPOINTMENTID"], claim["PATIENTID"], provider, first, amount,
                    on, on,
                )
            )  # fmt: skip
        elif t["TYPE"] == "PAYMENT":
            payer_class, reason = first, "patient"
            if t["METHOD"] == "ECHECK":
                reason = "insurance"
                if turn.get(key) == "2":
                    payer_class = class_of[claim["SECONDARYPATIENTINSURANCEID"]]
            amount = r2(Decimal(t["PAYMENTS"]))
            made.ledger.append(
                LedgerEntry(
                    key, "payment", reason, payer_class, provider, amount, on, on,
                    METHODS[t["METHOD"]],
                )
            )  # fmt: skip
        elif t["TYPE"] in ("TRANSFEROUT", "TRANSFERIN"):
            out = t["TYPE"] == "TRANSFEROUT"
            turn[key] = turn.get(key, "1") if out else t["TRANSFERTYPE"]
            amount = r2(Decimal(t["TRANSFERS"])) * (1 if out else -1)
            reason = "transfer_out" if out else "transfer_in"
            made.ledger.append(
                LedgerEntry(key, "transfer", reason, first, provider, amount, on, on)
            )
        else:
            raise ValueError(t["TYPE"])
    for claim in raw.claims:
        on = datetime.fromisoformat(claim["SERVICEDATE"]).astimezone(zone).date()
        payer_class = class_of[claim["PRIMARYPATIENTINSURANCEID"]]
        made.claims.append(
            BilledClaim(
                claim["Id"], on, billed[claim["Id"]], payer_class, claim["PROVIDERID"], on,
                "BILLED" not in (claim["STATUS1"], claim["STATUS2"], claim["STATUSP"]),
            )
        )  # fmt: skip


def hba1c(raw: Raw) -> list[Cause]:
    """Return the HbA1c results."""
    return [
        Cause(
            "|".join(o[name] for name in ("DATE", "PATIENT", "ENCOUNTER", "CODE")),
            o["PATIENT"],
            datetime.fromisoformat(o["DATE"]),
        )
        for o in raw.observations
        if o["CODE"] == "4548-4"
    ]
