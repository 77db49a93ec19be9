"""The facts and the demo overlay, on cases worked by hand.

The draws behind the worked claims (`sha256sum` and long division) stand beside each of them.
"""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from . import fhir615 as oracle
from .figures import balances
from .overlay import add_o1, o2, pick, u
from .records import (
    Bill,
    ClaimEvent,
    Facts,
    Visit,
    bill,
    charges_of,
    r2,
)
from .source import Claim, Encounter, Eob, Item, Patient, Raw, read_encounter

NEW_YORK = "America/New_York"
ZONE = ZoneInfo(NEW_YORK)
SERVED = date(2019, 3, 1)


def day(text: str) -> date:
    return date.fromisoformat(f"2019-{text}")


def claim(key: str, payer: str = "private", **changes: Any) -> Claim:
    items = (Item(1, None), Item(2, Decimal("140.52")), Item(3, None), Item(4, Decimal("691.38")))
    values: dict[str, Any] = {
        "id": key,
        "use": "claim",
        "kind": "institutional",
        "patient_id": "p",
        "encounter_id": "e",
        "payer": payer,
        "created": "2019-03-02T04:59:59+00:00",
        "total": Decimal("956.90"),
        "items": items,
    }
    return Claim(**values | changes)


def encounter(
    key: str = "e", start: str = "2019-03-01T15:00:00+00:00", **changes: Any
) -> Encounter:
    values: dict[str, Any] = {
        "id": key,
        "patient_id": "p",
        "provider_id": "dr",
        "status": "finished",
        "class_code": "AMB",
        "type_codes": frozenset({"185349003"}),
        "start": datetime.fromisoformat(start),
    }
    return Encounter(**values | changes)


def billed(key: str, payer: str) -> Bill:
    return bill(claim(key, payer), encounter(), ZONE)


def small_raw(claims: list[Claim], eobs: list[Eob] | None = None) -> Raw:
    return Raw(
        {"p": Patient("p", date(1989, 3, 1), None)},
        {"e": encounter()},
        {c.id: c for c in claims},
        {e.id: e for e in eobs or []},
    )


# --- draws and rounding --------------------------------------------------------------------


def test_draw_is_the_first_52_bits_of_the_digest() -> None:
    # printf 'demo-v1|lag|claim-1' | sha256sum begins df1d03557b7c7
    assert u("lag", "claim-1") == Fraction(0xDF1D03557B7C7, 16**13)


def test_pick_takes_the_first_sum_above_the_draw() -> None:
    table = {"a": ".35", "b": ".25", "c": ".40"}
    draws = {"0": "a", "0.3499": "a", "0.35": "b", "0.5999": "b", "0.6": "c", "0.9999": "c"}
    assert {x: pick(table, Fraction(x)) for x in draws} == draws
    with pytest.raises(ValueError, match="shares"):
        pick(table, Fraction(1))


def test_cents_are_rounded_half_up() -> None:
    assert [r2(Decimal(x)) for x in ("0.005", "0.015", "2.674999999", "-0.005")] == [
        Decimal(x) for x in ("0.01", "0.02", "2.67", "-0.01")
    ]


Worked = tuple[tuple[str, str, str], list[str], list[str]]

# --- O1, one claim of 956.90 per branch, served on 1 March 2019 ----------------------------

PAID_IN_FULL = (  # lag .8715 sub .3735 adj .0245 den .9670 pp .1568 ppd .3031
    ("claim-1", "private", "03-06"),
    ["submitted 03-08", "paid 03-20"],
    ["contractual 267.93 03-22", "insurance 551.18 03-22", "patient 137.79 04-16"],
)
HALF_PAID = (  # lag .7326 sub .3895 adj .6150 den .7650 pp .7844; half of 21.05 is 10.53
    ("claim-4", "dual_eligible", "03-03"),
    ["submitted 03-05", "paid 04-06"],
    [
        "contractual 535.86 04-08",
        "insurance 399.99 04-08",
        "patient 10.53 05-08",
        "bad_debt 10.52 10-05",
    ],
)
SHARE_LOST = (  # lag .6622 sub .7930 adj .5995 den .5807 pp .9867
    ("claim-35", "medicare", "03-03"),
    ["submitted 03-06", "paid 03-24"],
    ["contractual 497.59 03-26", "insurance 367.45 03-26", "bad_debt 91.86 09-22"],
)
REJECTED_FIRST = (  # lag .0405 sub .3897 rej .0051 adj .6477 den .4692 pp .0727 ppd .1984
    ("claim-50", "medicaid", "03-01"),
    ["submitted 03-03", "rejected 03-04", "resubmitted 03-07", "paid 04-12"],
    ["contractual 574.14 04-14", "insurance 371.28 04-14", "patient 11.48 05-04"],
)
DENIED_FOR_GOOD = (  # lag .4188 sub .9552 adj .9524 den .0392 carc .9788 (18), over .5099 unused
    ("claim-106", "medicare", "03-02"),
    ["submitted 03-05", "denied 03-25 18"],
    ["denial_write_off 956.90 05-24"],
)
DENIAL_UPHELD = (  # lag .8241 sub .3161 adj .1799 den .0473 carc .1590 (16) over .8554
    ("claim-26", "private", "03-04"),
    ["submitted 03-05", "denied 03-22 16"],
    ["denial_write_off 956.90 05-21"],
)
OVERTURNED = (  # lag .5417 sub .8795 adj .9345 den .0517 carc .2860 over .0539 resub .8920
    ("claim-140", "dual_eligible", "03-02"),  # adj2 .4118 pp .0077 ppd .4661
    ["submitted 03-05", "denied 04-13 16", "resubmitted 05-06", "paid 06-08"],
    ["contractual 535.86 06-10", "insurance 399.99 06-10", "patient 21.05 07-13"],
)
SELF_PAY_PAID: Worked = (  # lag .4015 sp_pay .3331 sp_day .5867
    ("claim-7", "no_insurance", "03-02"),
    [],
    ["self_pay_discount 382.76 03-02", "patient 574.14 03-20"],
)
SELF_PAY_LOST: Worked = (  # lag .8715 sp_pay .8564
    ("claim-1", "NO_INSURANCE", "03-06"),
    [],
    ["self_pay_discount 382.76 03-06", "bad_debt 574.14 09-02"],
)


@pytest.mark.parametrize(
    ("start", "events", "ledger"),
    [
        PAID_IN_FULL,
        HALF_PAID,
        SHARE_LOST,
        REJECTED_FIRST,
        DENIED_FOR_GOOD,
        DENIAL_UPHELD,
        OVERTURNED,
        SELF_PAY_PAID,
        SELF_PAY_LOST,
    ],
)
def test_claim_overlay(start: tuple[str, str, str], events: list[str], ledger: list[str]) -> None:
    key, payer, posted = start
    made = Facts()
    add_o1(made, billed(key, payer))
    assert [
        f"{e.event} {e.occurred_on:%m-%d} {e.carc or ''}".strip() for e in made.claim_events
    ] == events
    assert [f"{e.reason} {e.amount} {e.posting_date:%m-%d}" for e in made.ledger] == ledger
    assert all(
        (e.entry == "payment") == (e.reason in ("insurance", "patient")) for e in made.ledger
    )
    assert {c.posting_date for c in made.charges} == {day(posted)}
    assert [c.created_on for c in made.claims] == ([day(posted)] if events else [])
    assert balances(made, date(2020, 1, 1)) == {key: Decimal("0.00")}


def test_overlay_rows_after_as_of_are_not_made() -> None:
    raw = small_raw([claim("claim-140", "dual_eligible")])
    made = oracle.facts(raw, NEW_YORK, overlay=True, as_of=day("06-09"))
    assert [e.event for e in made.claim_events] == ["submitted", "denied", "resubmitted", "paid"]
    assert made.ledger == []
    assert oracle.facts(raw, NEW_YORK, overlay=True, as_of=day("03-01")).charges == []


# --- facts as filed ------------------------------------------------------------------------


def test_charges_are_the_visit_and_the_priced_items() -> None:
    def lines(one: Claim) -> list[tuple[int, str]]:
        made = charges_of(bill(one, encounter(), ZONE), SERVED)
        return [(c.line_no, str(c.amount)) for c in made]

    priced = [(2, "140.52"), (4, "691.38")]
    assert lines(claim("c")) == [(1, "125.00"), *priced]
    assert lines(claim("c", total=Decimal("831.90"))) == [(1, "0.00"), *priced]
    assert lines(claim("c", total=Decimal("800"))) == [(1, "-31.90"), *priced]
    assert lines(claim("c", items=(Item(1, Decimal(5)), Item(2, None)))) == [(1, "5.00")]


def test_facts_without_overlay() -> None:
    pharmacy = claim("rx", kind="pharmacy")
    eobs = [
        Eob(
            "x",
            "c",
            "complete",
            "2019-03-02T05:00:00+00:00",
            Decimal("665.52500000000001"),
            None,
            None,
        ),
        Eob("y", "c", "complete", "2019-03-02T05:00:00+00:00", Decimal(0), "2019-04-01", "50"),
        Eob("z", "rx", "complete", "2019-03-02T05:00:00+00:00", Decimal(9), None, None),
    ]
    made = oracle.facts(
        small_raw([claim("c"), pharmacy], eobs), NEW_YORK, overlay=False, as_of=SERVED
    )
    # 04:59:59 UTC is still 1 March in New York, 05:00 is not.
    assert {(c.claim_id, c.service_date, c.posting_date) for c in made.charges} == {
        ("c", SERVED, SERVED)
    }
    assert [(e.amount, e.posting_date) for e in made.ledger] == [
        (Decimal("665.53"), day("03-02")),
        (Decimal("0.00"), day("04-01")),
    ]
    assert made.claim_events == [
        ClaimEvent("c", "paid", day("03-02")),
        ClaimEvent("c", "denied", day("03-02"), "50"),
    ]
    assert [c.claim_id for c in made.claims] == ["c"]
    assert made.appointments == []


def test_visits_and_the_three_year_rule() -> None:
    found = oracle.visits(
        [
            encounter("first", "2013-03-01T04:30:00+00:00"),  # 28 February 23:30 in New York
            encounter("twin", "2013-03-01T04:30:00+00:00"),
            encounter("exactly", "2016-02-29T12:00:00+00:00"),
            encounter("later", "2019-03-01T12:00:00+00:00"),
            encounter("emergency", class_code="EMER"),
            encounter("death", type_codes=frozenset({"308646001"})),
            encounter("planned", status="planned"),
        ],
        ZONE,
    )
    assert [(v.encounter_id, v.is_new, v.on.isoformat()) for v in found] == [
        ("first", True, "2013-02-28"),
        ("twin", True, "2013-02-28"),
        ("exactly", False, "2016-02-29"),
        ("later", True, "2019-03-01"),
    ]


def test_performer_is_preferred() -> None:
    people = [
        {"individual": {"reference": "urn:uuid:a"}},
        {"individual": {"reference": "Practitioner/b"}},
    ]
    resource: dict[str, Any] = {
        "id": "e",
        "subject": {"reference": "Patient/p"},
        "participant": people,
        "status": "finished",
        "class": {"code": "VR"},
        "type": [{"coding": [{"code": "1"}]}],
        "period": {"start": "2019-03-01T10:00:00-05:00"},
    }
    assert read_encounter(resource).provider_id == "a"
    performer = people[1] | {"type": [{"coding": [{"code": "PPRF"}]}]}
    assert read_encounter(resource | {"participant": [people[0], performer]}).provider_id == "b"
    assert read_encounter(resource | {"participant": []}).provider_id is None


# --- O2 ------------------------------------------------------------------------------------


def test_appointments_of_a_visit_with_a_no_show_and_a_cancellation() -> None:
    # noshow .0140 noshow_day .6505 cancel .0114 cancel_day .6768 cancel_hours .0036
    # slot .5712 lead .1860
    made = o2(Visit("visit-289", "p", day("03-20"), True), 30, "commercial", ZONE)
    assert [
        (a.key, a.status, f"{a.start_local:%m-%d %H:%M}", f"{a.booked_on:%m-%d}") for a in made
    ] == [
        ("visit-289", "fulfilled", "03-20 13:00", "03-17"),
        ("visit-289:ns", "noshow", "02-21 13:00", "02-18"),
        ("visit-289:cx", "cancelled", "03-04 13:00", "03-01"),
    ]
    assert {a.duration_minutes for a in made} == {30}
    assert [a.cancelled_at for a in made] == [None, None, made[2].start_local]


def test_cancellation_counts_elapsed_hours_over_a_clock_change() -> None:
    # cancel .0789 cancel_day .4540 cancel_hours .7105 (51 hours) slot .9973; clocks change 10 March
    cancelled = o2(Visit("visit-3", "p", day("03-24"), False), 30, "dual", ZONE)[-1]
    assert f"{cancelled.start_local:%m-%d %H:%M}" == "03-11 16:45"
    assert f"{cancelled.cancelled_at:%m-%d %H:%M}" == "03-09 12:45"


@pytest.mark.parametrize(
    ("key", "age", "payer_class", "missed"),
    [
        ("visit-30", 39, "commercial", True),  # noshow .1016
        ("visit-30", 40, "commercial", False),
        ("visit-30", 40, "medicaid", True),
        ("visit-30", 40, "dual", False),
        ("visit-97", 64, "medicare", True),  # noshow .0777
        ("visit-97", 65, "medicare", False),
        ("visit-97", 17, None, False),
        ("visit-97", 17, "medicaid", True),
    ],
)
def test_no_show_share_by_age_and_payer(key: str, age: int, payer_class: str, missed: bool) -> None:
    made = o2(Visit(key, "p", SERVED, False), age, payer_class, ZONE)
    assert any(a.status == "noshow" for a in made) is missed


def test_age_is_in_completed_years() -> None:
    born = date(2000, 2, 29)
    assert oracle.completed_years(born, date(2018, 2, 28)) == 17
    assert oracle.completed_years(born, date(2018, 3, 1)) == 18
