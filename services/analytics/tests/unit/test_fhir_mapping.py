"""Resources to facts: the mapping table, its traps, and every example of the specification."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from praxis_analytics.domain.facts import KINDS, Ids
from praxis_analytics.sources import overlay
from praxis_analytics.sources.context import Billed, Context, Links, Visit
from praxis_analytics.sources.fhir.entry import Entry
from praxis_analytics.sources.fhir.mapping import MAPPINGS, PHASES, to_facts
from praxis_analytics.sources.fhir.reading import inspect, read
from praxis_analytics.sources.problems import OtherCurrency, Rejected, Skipped

PRACTICE = uuid.UUID("00000000-0000-4000-8000-00000000000a")
IDS = Ids(PRACTICE, "fhir")
EXAMPLES = Path(__file__).parents[5] / "shared" / "data" / "fhir-r4-hl7-examples"
Rows = dict[str, list[dict[str, Any]]]


class Importer:
    """Maps resources one at a time and keeps the warnings."""

    def __init__(self, *, overlaid: bool = False, links: Links | None = None) -> None:
        self.warnings: Counter[str] = Counter()
        self.context = Context(
            IDS, ZoneInfo("America/New_York"), "USD", overlaid, date(2021, 3, 31),
            lambda kind, _: self.warnings.update([kind]), links or Links(),
        )  # fmt: skip

    def __call__(self, resource: dict[str, Any]) -> Rows:
        rows: Rows = {}
        facts = to_facts(Entry(resource, self.context))
        for kind, row in (*facts, *self.context.new_payers):
            names = (
                *kind.names,
                "system",
                "source_id",
                "resource",
                "version",
                "voided",
                "synthetic",
            )
            rows.setdefault(kind.table, []).append(dict(zip(names, row, strict=True)))
        return rows


def usd(value: float) -> dict[str, Any]:
    return {"value": value, "currency": "USD"}


def concept(code: str, system: str = "http://snomed.info/sct") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e",
    "status": "finished",
    "class": {"code": "AMB"},
    "type": [concept("185349003"), concept("308646001")],
    "subject": {"reference": "urn:uuid:p"},
    "participant": [
        {"individual": {"reference": "Practitioner/first"}},
        {"type": [concept("PPRF", "v3")], "individual": {"reference": "Practitioner/main"}},
    ],
    "period": {"start": "2021-01-01T04:30:00Z", "end": "2021-01-01T05:00:00Z"},
    "serviceProvider": {"reference": "Organization/o"},
}
CLAIM = {
    "resourceType": "Claim",
    "id": "c",
    "status": "active",
    "use": "claim",
    "type": concept("institutional", "claim-type"),
    "patient": {"reference": "Patient/p"},
    "created": "2021-01-02T03:00:00Z",
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "medicaid"}}],
    "item": [
        {
            "sequence": 1,
            "productOrService": concept("visit"),
            "encounter": [{"reference": "urn:uuid:e"}],
        },
        {"sequence": 2, "productOrService": concept("only a diagnosis")},
        {
            "sequence": 3,
            "productOrService": concept("x-ray"),
            "net": usd(2.675),
            "quantity": {"value": 2},
        },
    ],
    "total": usd(127.68),
}
EOB = {
    "resourceType": "ExplanationOfBenefit",
    "id": "b",
    "status": "active",
    "use": "claim",
    "outcome": "complete",
    "patient": {"reference": "Patient/p"},
    "claim": {"reference": "Claim/c"},
    "created": "2021-01-05T03:00:00Z",
    "insurer": {"display": "medicaid"},
    "payment": {"amount": usd(0)},
}
VISIT = Visit(IDS.of("provider", "main"), datetime(2021, 1, 1, 4, 30, tzinfo=UTC))
LINKS = Links(visits={IDS.of("encounter", "e"): VISIT})
BILLED = Billed(
    IDS.of("encounter", "e"), IDS.of("patient", "p"), IDS.of("provider", "main"),
    IDS.of("payer", "medicaid"), date(2020, 12, 31), frozenset(),
)  # fmt: skip


def test_every_mapping_names_what_it_yields() -> None:
    assert {mapping.phase for mapping in MAPPINGS.values()} == set(PHASES)
    for mapping in MAPPINGS.values():
        assert set(mapping.kinds) <= set(KINDS)


def test_an_encounter_takes_its_primary_performer_and_all_codings() -> None:
    (row,) = Importer()(ENCOUNTER)["fact_encounter"]
    assert row["provider_id"] == IDS.of("provider", "main")
    assert row["patient_id"] == IDS.of("patient", "p")
    assert row["location_id"] == IDS.of("organization", "o")
    assert row["type_code"] == "185349003"
    assert row["codings"] == [
        "http://snomed.info/sct|185349003",
        "http://snomed.info/sct|308646001",
    ]
    assert row["start_at"] == datetime(2021, 1, 1, 4, 30, tzinfo=UTC)
    first = {**ENCOUNTER, "participant": ENCOUNTER["participant"][:1]}  # type: ignore[index]
    assert Importer()(first)["fact_encounter"][0]["provider_id"] == IDS.of("provider", "first")


def test_a_claim_charges_the_visit_and_every_priced_item() -> None:
    rows = Importer(links=LINKS)(CLAIM)
    lines = {row["line_no"]: row for row in rows["fact_charge"]}
    assert {no: row["amount"] for no, row in lines.items()} == {
        1: Decimal("125.00"),
        3: Decimal("2.68"),
    }
    assert lines[3]["units"] == 2
    for row in lines.values():
        # The visit began at 23:30 of the last day of the year, local time.
        assert row["service_date"] == date(2020, 12, 31)
        assert row["posting_date"] == date(2021, 1, 1)
        assert row["provider_id"] == VISIT.provider_id
        assert (row["expected_allowed"], row["synthetic"]) == (None, False)
    (claim,) = rows["fact_claim"]
    assert (claim["billed"], claim["kind"]) == (Decimal("127.68"), "institutional")
    assert (claim["created_on"], claim["status"]) == (date(2021, 1, 1), "submitted")
    (payer,) = rows["dim_payer"]
    assert (payer["name"], payer["payer_class"]) == ("medicaid", "medicaid")
    assert payer["payer_id"] == IDS.of("payer", "medicaid") == claim["payer_id"]


def test_a_claim_whose_first_item_is_priced_has_no_visit_line() -> None:
    priced = {**CLAIM, "item": [CLAIM["item"][2], CLAIM["item"][0]]}  # type: ignore[index]
    rows = Importer(links=LINKS)(priced)
    assert [row["amount"] for row in rows["fact_charge"]] == [Decimal("2.68")]


def test_a_claim_without_a_known_encounter_falls_back_on_its_own_dates() -> None:
    own = {**CLAIM, "billablePeriod": {"start": "2020-12-30", "end": "2021-01-03"}}
    (claim,) = Importer()(own)["fact_claim"]
    assert (claim["service_from"], claim["service_to"]) == (date(2020, 12, 30), date(2021, 1, 3))
    assert claim["provider_id"] is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": concept("pharmacy")}, "pharmacy"),
        ({"use": "preauthorization"}, "preauthorization"),
    ],
)
def test_what_is_left_out_says_so(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(Skipped, match=reason):
        Importer()({**CLAIM, **change})


def test_another_currency_and_missing_elements_are_rejected() -> None:
    with pytest.raises(OtherCurrency):
        Importer()({**CLAIM, "total": {"value": 1, "currency": "EUR"}})
    with pytest.raises(Rejected, match="no created"):
        Importer()({name: value for name, value in CLAIM.items() if name != "created"})
    with pytest.raises(Rejected, match="wrong shape"):
        Importer()({**CLAIM, "item": ["text"]})


def test_a_cancelled_or_erroneous_resource_voids_its_facts() -> None:
    for status in ("cancelled", "entered-in-error"):
        rows = Importer(links=LINKS)({**CLAIM, "status": status})
        assert {row["voided"] for row in (*rows["fact_charge"], *rows["fact_claim"])} == {True}
    (row,) = Importer()({**ENCOUNTER, "status": "entered-in-error"})["fact_encounter"]
    assert row["voided"] is True


def test_a_payment_of_nothing_is_a_payment_and_no_denial() -> None:
    links = Links(claims={IDS.of("claim", "c"): BILLED})
    rows = Importer(links=links)(EOB)
    (payment,) = rows["fact_ledger"]
    assert (payment["amount"], payment["entry"], payment["reason"]) == (0, "payment", "insurance")
    assert payment["posting_date"] == date(2021, 1, 4)
    assert payment["service_date"] == date(2020, 12, 31)
    assert payment["provider_id"] == BILLED.provider_id
    assert payment["encounter_id"] == BILLED.encounter_id
    (event,) = rows["fact_claim_event"]
    assert (event["event"], event["occurred_on"]) == ("paid", date(2021, 1, 4))


@pytest.mark.parametrize(
    ("outcome", "reasons", "amount", "event"),
    [
        ("complete", ["50"], 0, "denied"),
        ("complete", ["45", "1"], 0, "paid"),
        ("complete", ["50"], 10, "paid"),
        ("partial", [], 10, "partially_paid"),
        ("error", [], 0, "rejected"),
        ("queued", [], 0, None),
    ],
)
def test_what_an_outcome_means(
    outcome: str, reasons: list[str], amount: float, event: str | None
) -> None:
    adjudication = [{"reason": concept(reason, "carc")} for reason in reasons]
    answer = {
        **EOB,
        "outcome": outcome,
        "item": [{"sequence": 1, "adjudication": adjudication}],
        "payment": {"amount": usd(amount), "date": "2021-01-09"},
    }
    rows = Importer(links=Links(claims={IDS.of("claim", "c"): BILLED}))(answer)
    assert [row["event"] for row in rows.get("fact_claim_event", ())] == [event] * (
        event is not None
    )
    assert rows["fact_ledger"][0]["posting_date"] == date(2021, 1, 9)
    if event == "denied":
        assert rows["fact_claim_event"][0]["carc"] == ["50"]


def test_dates_of_items_years_away_are_told_and_not_used() -> None:
    item = {"sequence": 1, "servicedPeriod": {"start": "2019-02-28T00:00:00Z"}}
    importer = Importer(links=Links(claims={IDS.of("claim", "c"): BILLED}))
    rows = importer({**EOB, "item": [item]})
    assert rows["fact_ledger"][0]["service_date"] == date(2020, 12, 31)
    assert importer.warnings == {"item_date_contradicts_encounter": 1}


def test_with_the_overlay_the_life_of_a_claim_is_made_and_marked() -> None:
    importer = Importer(overlaid=True, links=LINKS)
    rows = importer(CLAIM)
    life = overlay.course("c", Decimal("127.68"), "medicaid", date(2020, 12, 31))
    shown = life.until(date(2021, 3, 31))
    assert {row["posting_date"] for row in rows["fact_charge"]} == {life.posted_on}
    assert sorted(row["expected_allowed"] for row in rows["fact_charge"]) == [
        Decimal("1.07"),
        Decimal("50.00"),
    ]
    assert len(rows.get("fact_ledger", ())) == len(shown.postings)
    assert [row["event"] for row in rows["fact_claim_event"]] == [e.event for e in shown.events]
    for table in ("fact_charge", "fact_claim", "fact_claim_event"):
        assert all(row["synthetic"] for row in rows[table])
    assert not rows["dim_payer"][0]["synthetic"]
    with pytest.raises(Skipped, match="overlay"):
        importer(EOB)


def test_with_the_overlay_self_pay_makes_no_claim() -> None:
    uninsured = {**CLAIM, "insurance": [{"focal": True, "coverage": {"display": "no_insurance"}}]}
    rows = Importer(overlaid=True, links=LINKS)(uninsured)
    assert "fact_claim" not in rows and "fact_claim_event" not in rows
    assert [row["expected_allowed"] for row in rows["fact_charge"]] == [
        row["amount"] for row in rows["fact_charge"]
    ]
    assert {row["payer_id"] for row in rows["fact_ledger"]} == {IDS.of("payer", "no_insurance")}


def test_an_observation_yields_its_value_and_each_component() -> None:
    panel = {
        "resourceType": "Observation",
        "id": "o",
        "status": "final",
        "code": concept("55284-4", "http://loinc.org"),
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2020-06-01T12:00:00Z",
        "component": [
            {"code": concept("8480-6"), "valueQuantity": {"value": 120.5, "code": "mm[Hg]"}},
            {"code": concept("8462-4"), "valueQuantity": {"value": 80}},
        ],
    }
    importer = Importer()
    rows = importer(panel)["fact_observation"]
    assert [(r["component_no"], r["value_num"], r["unit"]) for r in rows] == [
        (0, None, None),
        (1, Decimal("120.5"), "mm[Hg]"),
        (2, Decimal("80"), None),
    ]
    assert importer.warnings == {"missing_unit": 1}


def test_free_text_values_are_not_kept() -> None:
    note = {"resourceType": "Observation", "id": "o", "status": "final", "code": concept("x")}
    (row,) = Importer()({**note, "valueString": "Mrs. Doe said"})["fact_observation"]
    assert row["value_type"] == "string"
    assert "Mrs. Doe said" not in row.values()


def test_organizations_are_places_or_payers() -> None:
    kind = "http://terminology.hl7.org/CodeSystem/organization-type"
    plain = {"resourceType": "Organization", "id": "o", "name": "Medicare"}
    assert set(Importer()({**plain, "type": [concept("prov", kind)]})) == {"dim_location"}
    (payer,) = Importer()({**plain, "type": [concept("ins", kind)]})["dim_payer"]
    assert (payer["payer_class"], payer["payer_id"]) == (
        "medicare",
        IDS.of("payer", "Organization/o"),
    )
    with pytest.raises(Skipped):
        Importer()({**plain, "type": [concept("govt", kind)]})


def test_a_patient_by_official_name_and_record_number() -> None:
    race = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
    category = {"url": "ombCategory", "valueCoding": {"display": "White"}}
    (row,) = Importer()(
        {
            "resourceType": "Patient",
            "id": "p",
            "name": [
                {"use": "maiden", "family": "Old"},
                {"use": "official", "family": "New\u200bman", "given": ["A", "B"]},
            ],
            "identifier": [
                {"type": concept("SS"), "value": "999-00-0000"},
                {"type": concept("MR"), "value": "mrn-1"},
            ],
            "extension": [{"url": race, "extension": [category]}],
            "birthDate": "1950-02",
            "deceasedDateTime": "2020-01-01T00:00:00Z",
            "address": [{"postalCode": "01085"}],
        }
    )["dim_patient"]  # fmt: skip
    assert (row["family_name"], row["given_name"], row["mrn"]) == ("Newman", "A B", "mrn-1")
    assert (row["race"], row["birth_date"]) == ("White", date(1950, 2, 1))
    assert row["deceased_at"] == datetime(2020, 1, 1, tzinfo=UTC)
    assert "999-00-0000" not in row.values()


def test_a_slot_takes_provider_and_place_from_its_schedule() -> None:
    importer = Importer()
    actors = [{"reference": "Practitioner/d"}, {"reference": "Location/l"}]
    with pytest.raises(Skipped):
        importer({"resourceType": "Schedule", "id": "s", "actor": actors})
    slot = {"resourceType": "Slot", "id": "x", "schedule": {"reference": "Schedule/s"}}
    (row,) = importer({**slot, "status": "free", "start": "2021-01-01T09:00:00Z"})["fact_slot"]
    assert row["provider_id"] == IDS.of("provider", "d")
    assert row["location_id"] == IDS.of("location", "l")


@pytest.mark.parametrize("overlaid", [False, True])
def test_every_example_of_the_specification_maps_or_says_why_not(overlaid: bool) -> None:
    if not EXAMPLES.is_dir():
        pytest.skip("the stored examples are not here")
    importer, left_out, mapped = Importer(overlaid=overlaid), Counter[str](), Counter[str]()
    for path in sorted(EXAMPLES.glob("*.json")):
        file = inspect(path)
        assert file.rejected == 0
        for line in read(file, frozenset(MAPPINGS)):
            assert line.resource is not None
            try:
                importer(line.resource)
                mapped[line.kind] += 1
            except Skipped as skipped:
                left_out[f"{line.kind} {skipped}"] += 1
    assert mapped.total() + left_out.total() == 186
    assert left_out["Claim is a pharmacy claim"] == 3
    assert left_out["Claim is no claim but a preauthorization"] == 1
    if not overlaid:
        assert mapped.keys() >= MAPPINGS.keys() & {
            "Appointment", "Claim", "ClaimResponse", "Coverage", "Encounter", "Task", "Slot",
            "ExplanationOfBenefit", "PaymentReconciliation", "QuestionnaireResponse",
        }  # fmt: skip
