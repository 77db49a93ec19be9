"""The overlay's draws are exact and its lives of claims add up to the cent."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from datetime import UTC, date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.sources import overlay

ZONE = ZoneInfo("America/New_York")
DAY = date(2020, 3, 1)
FAR = date(2100, 1, 1)
CLASSES = ("commercial", "medicare", "medicaid", "dual")
DRAWS = st.integers(0, 2**52 - 1)
KEYS = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(4000)]


def test_a_draw_is_thirteen_digits_of_the_hash_of_a_fixed_text() -> None:
    digits = hashlib.sha256(b"demo-v1|lag|c-1").hexdigest()[:13]
    assert overlay.draw("lag", "c-1") == int(digits, 16)


@given(DRAWS, st.integers(1, 100))
def test_comparisons_and_floors_are_those_of_the_exact_fraction(n: int, k: int) -> None:
    u = Fraction(n, 16**13)
    assert overlay.below(n, k) == (u < Fraction(k, 100))
    assert overlay.steps(n, k) == u * k // 1


def test_a_draw_on_the_edge_is_not_below_it() -> None:
    assert not overlay.below(2**51, 50)
    assert overlay.below(2**51 - 1, 50)
    assert overlay.pick({"a": 50, "b": 50}, 2**51) == "b"


@given(DRAWS)
def test_a_pick_is_the_first_share_above_the_draw(n: int) -> None:
    table = {"a": 30, "b": 20, "c": 50}
    u = Fraction(n, 16**13)
    expected = "a" if u < Fraction(3, 10) else "b" if u < Fraction(1, 2) else "c"
    assert overlay.pick(table, n) == expected


def test_ids_are_those_of_the_practice_and_the_key() -> None:
    practice = uuid.uuid4()
    expected = uuid.uuid5(practice, "demo-v1|appointment|e:ns")
    assert overlay.overlay_id(practice, "appointment", "e:ns") == expected


@pytest.mark.parametrize("payer_class", [*CLASSES, "self_pay"])
def test_every_bill_is_settled_to_the_cent_in_the_end(payer_class: str) -> None:
    for key in KEYS[:500]:
        charge = Decimal(int(key[:6], 16)) / 100
        life = overlay.course(key, charge, payer_class, DAY)
        assert sum(posting.amount for posting in life.postings) == charge
        assert all(posting.amount >= 0 for posting in life.postings)
        assert life.summary["closed_on"] == max(posting.on for posting in life.postings)


def test_events_follow_each_other_and_mean_what_is_posted() -> None:
    paths = Counter[str]()
    for key in KEYS:
        life = overlay.course(key, Decimal("100.00"), "commercial", DAY)
        names = [event.event for event in life.events]
        paths["-".join(names)] += 1
        assert [event.on for event in life.events] == sorted(event.on for event in life.events)
        reasons = {posting.reason: posting for posting in life.postings}
        if names[-1] == "paid":
            assert reasons["contractual"].amount == Decimal("28.00")
            assert reasons["insurance"].amount == Decimal("57.60")
            assert reasons["insurance"].on == life.events[-1].on + timedelta(2)
            assert reasons["contractual"].carc == "45"
        else:
            assert names[-1] == "denied"
            assert reasons.keys() == {"denial_write_off"}
            assert reasons["denial_write_off"].on == life.events[-1].on + timedelta(60)
    assert paths.keys() == {
        "submitted-paid",
        "submitted-denied",
        "submitted-denied-resubmitted-paid",
        "submitted-rejected-resubmitted-paid",
        "submitted-rejected-resubmitted-denied",
        "submitted-rejected-resubmitted-denied-resubmitted-paid",
    }


def test_shares_come_out_near_what_they_should_be() -> None:
    lives = [overlay.course(key, Decimal("100.00"), "medicaid", DAY) for key in KEYS]
    first = Counter(life.summary["first_pass_outcome"] for life in lives)
    assert 0.10 < first["denied"] / len(lives) < 0.14
    rejected = sum(any(e.event == "rejected" for e in life.events) for life in lives)
    assert 0.02 < rejected / len(lives) < 0.04
    lag = Counter((life.posted_on - DAY).days for life in lives)
    assert lag.keys() == {0, 1, 2, 3, 5, 8, 14}
    assert 0.32 < lag[0] / len(lives) < 0.38


def test_a_half_paid_share_rounds_half_up_and_leaves_the_rest() -> None:
    for key in KEYS:
        life = overlay.course(key, Decimal("1.01"), "commercial", DAY)
        share = {p.reason: p.amount for p in life.postings if p.reason in ("patient", "bad_debt")}
        if len(share) == 2:
            # allowed 0.73, share 0.15, half 0.075
            assert share == {"patient": Decimal("0.08"), "bad_debt": Decimal("0.07")}
            return
    pytest.fail("no share was paid in half")


def test_nothing_after_the_day_is_known() -> None:
    for key in KEYS[:200]:
        life = overlay.course(key, Decimal("100.00"), "dual", DAY)
        for day in {event.on for event in life.events}:
            known = life.until(day - timedelta(1))
            assert all(event.on < day for event in known.events)
            assert (known.summary["status"] == "draft") == (not known.events)
            if not any(event.event == "paid" for event in known.events):
                assert known.summary["paid"] is None
        assert life.until(FAR) == life


def test_expected_allowed() -> None:
    assert overlay.expected_allowed(Decimal("10.01"), "commercial") == Decimal("7.21")
    assert overlay.expected_allowed(Decimal("10.01"), "self_pay") == Decimal("10.01")
    assert overlay.expected_allowed(Decimal("10.00"), "tricare") == Decimal("7.20")


def visit(key: str, **changes: Any) -> overlay.Visited:
    values: dict[str, Any] = {"on": DAY, "age": 50, "payer_class": None, "is_new": False}
    return overlay.Visited(key, **{**values, **changes})


def made(key: str, /, as_of: date = FAR, **changes: Any) -> dict[str, overlay.Appointment]:
    found = overlay.appointments(visit(key, **changes), ZONE, as_of)
    return {one.status: one for one in found}


def test_a_visit_has_its_appointment_and_maybe_missed_ones() -> None:
    for key in KEYS[:1500]:
        found = made(key)
        kept = found["fulfilled"]
        assert kept.key == key
        assert kept.start_at.date() == DAY
        assert 8 <= kept.start_at.hour < 17
        assert kept.end_at - kept.start_at == timedelta(minutes=15)
        assert 1 <= (DAY - kept.booked_at.date()).days <= 60
        if "noshow" in found:
            assert 14 <= (DAY - found["noshow"].start_at.date()).days < 35
            assert found["noshow"].key == f"{key}:ns"
        if "cancelled" in found:
            gone = found["cancelled"]
            assert 7 <= (DAY - gone.start_at.date()).days < 21
            assert gone.cancelled_at is not None
            ahead = gone.start_at.astimezone(UTC) - gone.cancelled_at
            assert ahead.total_seconds() / 3600 in range(72)


def test_who_misses_appointments() -> None:
    def share(**changes: Any) -> float:
        return sum("noshow" in made(key, **changes) for key in KEYS) / len(KEYS)

    rates = [share(age=age) for age in (17, 18, 39, 40, 64, 65)]
    assert rates[1] == rates[2] and rates[3] == rates[4]
    assert rates[5] < rates[0] < rates[3] < rates[1]
    assert share(age=65, payer_class="medicaid") > rates[5] + 0.02
    assert share(age=None) == rates[3]


def test_new_patients_get_half_an_hour() -> None:
    kept = made(KEYS[0], is_new=True)["fulfilled"]
    assert kept.end_at - kept.start_at == timedelta(minutes=30)


def test_each_appointment_is_kept_by_its_own_date() -> None:
    key = next(key for key in KEYS if "noshow" in made(key))
    assert made(key, as_of=DAY - timedelta(1)).keys() >= {"noshow"}
    assert "fulfilled" not in made(key, as_of=DAY - timedelta(1))
    assert "fulfilled" in made(key, as_of=DAY)


def test_hours_before_a_start_are_elapsed_hours_over_a_change_of_the_clock() -> None:
    on = date(2021, 3, 15)  # the clock went forward the morning before
    for key in KEYS:
        day = on + timedelta(7 + overlay.steps(overlay.draw("cancel_day", key), 14))
        hours = overlay.steps(overlay.draw("cancel_hours", key), 72)
        gone = made(key, on=day).get("cancelled")
        if gone is None or gone.cancelled_at is None or hours < 40:
            continue
        assert gone.start_at.date() == on
        assert gone.start_at.astimezone(UTC) - gone.cancelled_at == timedelta(hours=hours)
        wall = gone.cancelled_at.astimezone(ZONE).replace(tzinfo=None)
        assert gone.start_at.replace(tzinfo=None) - wall == timedelta(hours=hours + 1)
        return
    pytest.fail("no appointment was cancelled before the change of the clock")
