"""What the stored set is known for, seen in its raw lines: counts and traps."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from . import fhir615 as oracle
from .figures import balances
from .source import Raw, load, read_resources

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "fhir-r4-synthea-615"
NEW_YORK = "America/New_York"
LAST_DAY = date(2021, 3, 31)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the stored data set is not here")


@pytest.fixture(scope="module")
def raw() -> Raw:
    return load(FOLDER)


@pytest.fixture(scope="module")
def eobs() -> list[dict[str, Any]]:
    return list(read_resources(FOLDER, "ExplanationOfBenefit"))


@pytest.fixture(scope="module")
def as_filed(raw: Raw) -> oracle.Facts:
    return oracle.facts(raw, NEW_YORK, overlay=False, as_of=LAST_DAY)


@pytest.fixture(scope="module")
def with_overlay(raw: Raw) -> oracle.Facts:
    return oracle.facts(raw, NEW_YORK, overlay=True, as_of=LAST_DAY)


def test_counts(raw: Raw) -> None:
    assert len(raw.patients) == 615
    assert sum(p.deceased_at is None for p in raw.patients.values()) == 491
    assert Counter(c.kind for c in raw.claims.values()) == {
        "institutional": 18_098,
        "pharmacy": 4_712,
    }
    assert len(raw.eobs) == len(raw.encounters) == 18_098
    classes = Counter(e.class_code for e in raw.encounters.values())
    assert classes == {"AMB": 16_537, "EMER": 940, "IMP": 621}
    zone = ZoneInfo(NEW_YORK)
    local_years = Counter(e.start.astimezone(zone).year for e in raw.encounters.values())
    assert local_years[2020] == 1_253
    assert sum(e.start.astimezone(UTC).year == 2021 for e in raw.encounters.values()) == 278


def test_one_claim_and_one_eob_per_encounter(raw: Raw) -> None:
    filed = {c.id: c for c in raw.claims.values() if c.kind != "pharmacy"}
    assert {c.encounter_id for c in filed.values()} == raw.encounters.keys()
    assert {e.claim_id for e in raw.eobs.values()} == filed.keys()


def test_serviced_period_lies_671_days_early(raw: Raw, eobs: list[dict[str, Any]]) -> None:
    gaps = Counter(
        round(
            (raw.encounters[raw.claims[claim_id(r)].encounter_id].start - serviced(i))
            / timedelta(1)
        )
        for r in eobs
        for i in r["item"]
    )
    assert gaps == {671: 44_114}


def test_eob_billable_period_ends_a_year_on(eobs: list[dict[str, Any]]) -> None:
    spans = [
        datetime.fromisoformat(r["billablePeriod"]["end"])
        - datetime.fromisoformat(r["billablePeriod"]["start"])
        for r in eobs
    ]
    assert timedelta(364) < min(spans) <= max(spans) < timedelta(367)


def test_visit_item_is_the_total_less_the_priced_items(as_filed: oracle.Facts, raw: Raw) -> None:
    fees = Counter(
        (raw.encounters[c.encounter_id].class_code, c.amount)
        for c in as_filed.charges
        if c.line_no == 1
    )
    fee, ward = Decimal("125.00"), Decimal("75.00")
    assert fees == {("AMB", fee): 16_537, ("EMER", fee): 940, ("IMP", ward): 621}
    totals = sum(c.total for c in raw.claims.values() if c.kind != "pharmacy")
    assert sum(c.amount for c in as_filed.charges) == totals


def test_every_priced_line_pays_four_fifths(eobs: list[dict[str, Any]]) -> None:
    def shares(item: dict[str, Any]) -> tuple[Decimal, ...]:
        parts = {
            a["category"]["coding"][0]["code"].rsplit("/", 1)[-1]: a.get("amount", {}).get("value")
            for a in item["adjudication"]
        }
        names = ("line_prvdr_pmt_amt", "line_coinsrnc_amt", "line_alowd_chrg_amt")
        return tuple(round(Decimal(parts[n]) / item["net"]["value"], 6) for n in names)

    items = [i for r in eobs for i in r["item"]]
    priced = [i for i in items if "net" in i]
    assert {shares(i) for i in priced} == {(Decimal("0.8"), Decimal("0.2"), Decimal(1))}
    assert len(priced) == 21_470
    assert not any("adjudication" in i for i in items if "net" not in i)
    assert {r["outcome"] for r in eobs} == {"complete"}
    assert {tuple(r["payment"]) for r in eobs} == {("amount",)}
    assert any(
        r["insurer"]["display"] == "no_insurance" and r["payment"]["amount"]["value"] for r in eobs
    )


def test_payer_is_a_text(raw: Raw) -> None:
    payers = Counter(c.payer for c in raw.claims.values() if c.kind != "pharmacy")
    assert payers == {
        "private": 10_587,
        "medicare": 3_931,
        "medicaid": 2_918,
        "no_insurance": 439,
        "dual_eligible": 223,
    }
    assert not (FOLDER / "Coverage.ndjson.gz").exists()


def test_death_certifications_and_encounters_after_death(raw: Raw) -> None:
    certified = {e.id for e in raw.encounters.values() if "308646001" in e.type_codes}
    assert {e.id for e in raw.encounters.values() if e.provider_id is None} == certified
    assert len(certified) == 81
    deaths = {p.id: p.deceased_at for p in raw.patients.values() if p.deceased_at}
    late = [
        e
        for e in raw.encounters.values()
        if e.patient_id in deaths and e.start > deaths[e.patient_id]
    ]
    assert len(late) == 92


def test_one_code_has_several_display_texts() -> None:
    texts: dict[str, set[str]] = defaultdict(set)
    for resource in read_resources(FOLDER, "Encounter"):
        for coding in resource["type"][0]["coding"]:
            texts[coding["code"]].add(coding["display"])
    assert len(texts["185347001"]) == 3
    reports = read_resources(FOLDER, "DiagnosticReport")
    assert any("\u200b" in part["display"] for r in reports for part in r["result"])


def test_blood_pressures_without_a_unit() -> None:
    bare: Counter[str] = Counter()
    for resource in read_resources(FOLDER, "Observation"):
        for part in resource.get("component", []):
            if "valueQuantity" in part and "unit" not in part["valueQuantity"]:
                bare[resource["subject"]["reference"]] += 1
    # 343 readings of a systolic and a diastolic pressure each.
    assert (len(bare), bare.total()) == (4, 2 * 343)


def test_as_filed_payments_are_rounded_once_each(as_filed: oracle.Facts, raw: Raw) -> None:
    assert len(as_filed.ledger) == 18_098
    assert all(e.amount == round(e.amount, 2) for e in as_filed.ledger)
    exact = {e.claim_id: e.paid for e in raw.eobs.values()}
    assert all(abs(e.amount - exact[e.claim_id]) <= Decimal("0.005") for e in as_filed.ledger)


def test_overlay_settles_every_claim_in_the_end(raw: Raw) -> None:
    settled = oracle.facts(raw, NEW_YORK, overlay=True, as_of=date(2023, 1, 1))
    assert len(settled.claims) == 18_098 - 439
    owed = balances(settled, date(2023, 1, 1))
    assert len(owed) == 18_098
    assert set(owed.values()) == {Decimal(0)}


def test_overlay_figures_hang_together(with_overlay: oracle.Facts) -> None:
    start = date(2020, 1, 1)
    figures = oracle.revenue(with_overlay, start, LAST_DAY, LAST_DAY)
    by_month = oracle.revenue_by_month(with_overlay, start, LAST_DAY)
    by_payer = oracle.payments_by_payer_class(with_overlay, start, LAST_DAY)
    assert len(by_month) == 15
    assert figures["total_revenue"] == sum(by_month.values()) == sum(by_payer.values())
    assert sum(oracle.aging(with_overlay, LAST_DAY).values()) == figures["outstanding_balance"]
    assert oracle.credit_balances(with_overlay, LAST_DAY) == {"count": 0, "amount": Decimal(0)}
    seen = oracle.appointments(with_overlay, date(1900, 1, 1), LAST_DAY)
    assert seen["completed_appointments"] == len(with_overlay.visits) == 16_537 - 81
    assert seen["scheduled_appointments"] == 0


def claim_id(eob: dict[str, Any]) -> str:
    return str(eob["claim"]["reference"]).removeprefix("urn:uuid:")


def serviced(item: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(item["servicedPeriod"]["start"])
