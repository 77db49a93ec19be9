"""Changes split exactly, and work lists with the money that is on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from conftest import NewPractice, enter_as
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CLAIM,
    CLAIM_EVENT,
    ENCOUNTER,
    PATIENT,
    PAYER,
    PROVIDER,
    VERIFICATION,
)
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.work_lists import WORK_LISTS
from praxis_analytics.queries.answers import state_at
from praxis_analytics.queries.changes import Changed, change
from praxis_analytics.queries.work_lists import Item, Summary, items, summaries
from praxis_analytics.storage.practices import get_practice, set_business_date
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import InvalidInput
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.integration.loaded import READ
from services.analytics.tests.small import booked, charge, local, posted, visit

TODAY = date(2025, 6, 30)


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    made = Book(connection, await new_practice())
    async with transaction(connection, "BEGIN", made.practice_id, 10_000):
        await set_business_date(connection, made.practice_id, TODAY)
        made.practice = await get_practice(connection, made.practice_id)
    await made.apply(
        made.entry(PAYER, "med", name="Medicare B", payer_class="medicare"),
        made.entry(PAYER, "com", name="Acme Health", payer_class="commercial"),
        made.entry(PROVIDER, "1", display_name="Dr Okafor"),
        made.entry(PATIENT, "ann", given_name="Ann", family_name="Lee"),
    )
    return made


def _claim(book: Book, name: str, payer: str, day: str, *events: tuple[str, str]) -> list[Entry]:
    who = {
        "payer_id": book.id(PAYER, payer),
        "provider_id": book.id(PROVIDER, "1"),
        "patient_id": book.id(PATIENT, "ann"),
    }
    on = date.fromisoformat(day)
    made = book.entry(CLAIM, name, created_on=on, service_from=on, billed=Decimal("200.00"), **who)
    told = [_event(book, name, seq, *each) for seq, each in enumerate(events, 1)]
    return [
        made,
        *told,
        charge(book, f"c{name}", "200.00", day, claim=name, service_date=on, **who),
    ]


def _event(book: Book, claim: str, seq: int, event: str, day: str) -> Entry:
    values: dict[str, Any] = {"claim_id": book.id(CLAIM, claim), "seq": seq, "event": event}
    more: dict[str, Any] = {
        "occurred_on": date.fromisoformat(day),
        "carc": ["197"] if event == "denied" else None,
    }
    source = book.source(f"{claim}/{seq}")
    return Entry(CLAIM_EVENT, CLAIM_EVENT.fact(source, f"{claim}/{seq}", **values, **more))


async def _lists(book: Book) -> tuple[dict[str, Summary], dict[str, list[Item]]]:
    async with transaction(book.connection, READ, book.practice_id, 60_000):
        practice = await get_practice(book.connection, book.practice_id)
        totals = dict(await summaries(book.connection, practice))
        rows = {name: list(await items(book.connection, practice, name, 50, 0)) for name in totals}
    for name, summary in totals.items():
        assert summary.items == len(rows[name]), name
        assert summary.amount == sum((row.amount for row in rows[name]), Decimal(0)), name
    return totals, rows


async def test_an_empty_practice_has_no_work(book: Book) -> None:
    totals, _ = await _lists(book)
    assert totals.keys() == WORK_LISTS.keys()
    assert {(one.items, one.amount) for one in totals.values()} == {(0, Decimal(0))}


async def test_denied_claims_by_the_days_left(book: Book) -> None:
    sent = ("submitted", "2025-02-03")
    await book.apply(
        *_claim(book, "late", "com", "2025-01-02", sent, ("denied", "2025-03-01")),
        *_claim(book, "next", "com", "2025-03-01", sent, ("denied", "2025-04-01")),
        *_claim(book, "far", "med", "2025-03-01", sent, ("denied", "2025-04-01")),
        *_claim(
            book, "won", "med", "2025-03-01", sent, ("denied", "2025-04-01"), ("paid", "2025-05-01")
        ),
        *_claim(book, "gone", "med", "2025-03-01", sent, ("denied", "2025-04-01")),
        posted(book, "part", "payment/patient", "50.00", "2025-05-02", claim="next"),
        posted(book, "win", "payment/insurance", "120.00", "2025-05-03", claim="won"),
        posted(book, "off", "adjustment/denial_write_off", "200.00", "2025-06-01", claim="gone"),
    )
    totals, rows = await _lists(book)
    found = [(row.source_id, row.amount, row.due_on) for row in rows["denials"]]
    assert found == [
        ("late", Decimal("200.00"), date(2025, 7, 1)),
        ("next", Decimal("150.00"), date(2025, 8, 28)),
        ("far", Decimal("200.00"), date(2026, 3, 1)),
    ]
    assert totals["denials"].recovered == Decimal("170.00")  # 50.00 and 120.00 after denials
    first = rows["denials"][0]
    assert (first.reason, first.provider, first.payer, first.patient) == (
        "Denied with reason 197",
        "Dr Okafor",
        "Acme Health",
        "Ann Lee",
    )


async def test_lists_of_an_earlier_revision_stay_what_they_were(book: Book) -> None:
    day, who = "2025-03-01", {"patient_id": book.id(PATIENT, "ann")}
    insured = {"payer_id": book.id(PAYER, "med"), "patient_id": book.id(PATIENT, "bob")}
    sent = ("submitted", "2025-03-02")
    await book.apply(
        *_claim(book, "open", "com", day, sent, ("denied", "2025-04-01")),
        *_claim(book, "lost", "com", day, sent, ("denied", "2025-04-01")),
        *_claim(book, "draft", "com", "2025-06-01"),
        posted(book, "over", "payment/insurance", "250.00", "2025-05-02", claim="lost"),
        booked(book, "soon", "2025-07-02 09:00", "booked", **insured),
        booked(book, "gone", "2025-06-02 09:00", "noshow", **who),
    )
    _, then = await _lists(book)
    async with transaction(book.connection, READ, book.practice_id, 60_000):
        earlier = (await get_practice(book.connection, book.practice_id)).revision
    assert [name for name in WORK_LISTS if not then[name]] == []
    await book.apply(
        book.entry(PROVIDER, "1", display_name="Dr Renamed"),
        posted(book, "paid", "payment/insurance", "200.00", "2025-05-03", claim="open"),
        posted(book, "back", "payment/insurance", "-50.00", "2025-05-03", claim="lost"),
        _event(book, "draft", 1, "submitted", "2025-06-02"),
        booked(book, "again", "2025-06-09 09:00", "booked", **who),
        book.entry(
            VERIFICATION, "x", appointment_id=book.id(APPOINTMENT, "soon"),
            requested_at=local("2025-06-28 09:00"), responded_at=local("2025-06-28 09:01"),
            result="active",
        ),
    )  # fmt: skip
    _, now = await _lists(book)
    async with transaction(book.connection, READ, book.practice_id, 60_000):
        practice = await get_practice(book.connection, book.practice_id)
        for name, rows in then.items():
            assert await items(book.connection, practice, name, 50, 0, earlier) == rows, name
    assert [name for name in WORK_LISTS if now[name]] == []


async def test_what_was_not_billed(book: Book) -> None:
    seen: dict[str, Any] = {"payer_id": book.id(PAYER, "med")}
    await book.apply(
        *_claim(book, "draft", "com", "2025-06-01"),
        *_claim(book, "young", "com", "2025-06-30"),
        *_claim(book, "sent", "com", "2025-06-01", ("submitted", "2025-06-02")),
        visit(book, "billed", "2025-06-03 09:00", **seen),
        charge(
            book, "k", "90.00", "2025-06-03", encounter_id=book.id(ENCOUNTER, "billed"),
            service_date=date(2025, 6, 3),
        ),
        visit(book, "unbilled", "2025-06-04 09:00", **seen),
        visit(book, "today", "2025-06-30 09:00", **seen),
    )  # fmt: skip
    _, rows = await _lists(book)
    found = {row.source_id: (row.amount, row.reason) for row in rows["unsubmitted_charges"]}
    assert found.keys() == {"draft", "unbilled"}
    assert found["draft"] == (Decimal("200.00"), "Claim never sent")
    # The charges of the claims name no visit: one visit was charged, 690.00 in all.
    assert found["unbilled"] == (Decimal("690.00"), "Visit without a charge")


async def test_credits_are_not_netted(book: Book) -> None:
    await book.apply(
        charge(book, "a", "100.00", "2025-05-01", claim="over"),
        posted(book, "p", "payment/insurance", "130.00", "2025-05-20", claim="over"),
        charge(book, "b", "100.00", "2025-05-01", claim="open"),
        posted(book, "r", "refund/patient", "-12.00", "2025-06-01", claim="other"),
        charge(book, "d", "12.00", "2025-05-01", claim="other"),
        posted(book, "q", "payment/patient", "24.00", "2025-05-02", claim="other"),
    )
    totals, rows = await _lists(book)
    (row,) = rows["credit_balances"]
    assert (row.amount, row.due_on) == (Decimal("30.00"), date(2025, 7, 19))
    assert totals["credit_balances"].recovered == Decimal("12.00")


async def test_appointments_to_verify_and_to_rebook(book: Book) -> None:
    insured = {"payer_id": book.id(PAYER, "med"), "patient_id": book.id(PATIENT, "ann")}
    other = {"payer_id": book.id(PAYER, "med"), "patient_id": book.id(PATIENT, "bob")}
    await book.apply(
        visit(book, "v", "2025-06-03 09:00"),
        charge(
            book, "k", "90.00", "2025-06-03", encounter_id=book.id(ENCOUNTER, "v"),
            service_date=date(2025, 6, 3), expected_allowed=Decimal("60.00"),
        ),
        booked(book, "soon", "2025-07-02 09:00", "booked", **insured),
        booked(book, "checked", "2025-07-03 09:00", "booked", **insured),
        booked(book, "far", "2025-08-30 09:00", "booked", **insured),
        booked(book, "cancelled", "2025-07-03 10:00", "cancelled", **insured),
        book.entry(
            VERIFICATION, "x", appointment_id=book.id(APPOINTMENT, "checked"),
            requested_at=local("2025-06-28 09:00"), responded_at=local("2025-06-28 09:01"),
            result="active",
        ),
        booked(book, "missed", "2025-06-20 09:00", "noshow", **other),
        booked(book, "missed but back", "2025-06-21 09:00", "noshow", **insured),
        booked(book, "long ago", "2025-04-20 09:00", "noshow", **other),
    )  # fmt: skip
    _, rows = await _lists(book)
    unverified = rows["unverified_appointments"]
    assert [(row.source_id, row.amount, row.due_on) for row in unverified] == [
        ("soon", Decimal("60.00"), date(2025, 7, 1))
    ]
    assert [(row.source_id, row.amount) for row in rows["unfilled_no_shows"]] == [
        ("missed", Decimal("60.00"))
    ]


async def test_a_check_is_due_on_the_last_day_that_is_not_a_holiday(book: Book) -> None:
    insured = {"payer_id": book.id(PAYER, "med")}
    await book.apply(booked(book, "soon", "2025-07-05 09:00", "booked", **insured))
    await book.rows(
        "update practice set holidays = '{2025-07-03,2025-07-04}'"
        " where practice_id = %(practice)s returning 1"
    )
    _, rows = await _lists(book)
    assert [row.due_on for row in rows["unverified_appointments"]] == [date(2025, 7, 2)]


def _paid(book: Book, claim: str, amount: str, day: str = "2025-06-20", **more: Any) -> Entry:
    return posted(book, f"p{claim}", "payment/insurance", amount, day, claim=claim, **more)


async def test_what_was_sent_or_charged_late_and_then_paid(book: Book) -> None:
    visited: dict[str, Any] = {
        "encounter_id": book.id(ENCOUNTER, "v"),
        "service_date": date(2025, 6, 3),
    }
    await book.apply(
        *_claim(book, "late", "com", "2025-06-01", ("submitted", "2025-06-04")),
        *_claim(book, "prompt", "com", "2025-06-01", ("submitted", "2025-06-03")),
        *_claim(book, "long ago", "com", "2025-01-01", ("submitted", "2025-02-04")),
        charge(book, "k", "90.00", "2025-06-06", **visited),
        _paid(book, "late", "100.00"),
        _paid(book, "prompt", "10.00"),
        _paid(book, "long ago", "1.00", "2025-04-01"),
        posted(book, "own", "payment/patient", "7.00", "2025-06-07", **visited),
    )
    totals, _ = await _lists(book)
    assert totals["unsubmitted_charges"].recovered == Decimal("107.00")


async def test_visits_that_were_saved(book: Book) -> None:
    ann: dict[str, Any] = {"payer_id": book.id(PAYER, "med"), "patient_id": book.id(PATIENT, "ann")}
    bob: dict[str, Any] = {"payer_id": book.id(PAYER, "med"), "patient_id": book.id(PATIENT, "bob")}
    kept = {"a": ("2025-06-10", ann), "b": ("2025-06-11", bob), "c": ("2025-06-12", bob)}
    checks = {
        "a": ("2025-06-01", "active"),
        "b": ("2025-05-01", "active"),
        "c": ("2025-06-01", "error"),
    }
    await book.apply(
        charge(
            book, "k", "90.00", "2025-06-03", encounter_id=book.id(ENCOUNTER, "v"),
            service_date=date(2025, 6, 3), expected_allowed=Decimal("60.00"),
        ),
        *(
            booked(book, name, f"{day} 09:00", booked_at=local("2025-05-20 09:00"), **who)
            for name, (day, who) in kept.items()
        ),
        *(
            book.entry(
                VERIFICATION, name, appointment_id=book.id(APPOINTMENT, name),
                requested_at=local(f"{day} 09:00"), responded_at=local(f"{day} 09:01"),
                result=result,
            )
            for name, (day, result) in checks.items()
        ),
        booked(book, "missed", "2025-05-10 09:00", "noshow", **bob),
        booked(book, "missed long before", "2025-03-10 09:00", "noshow", **ann),
    )  # fmt: skip
    totals, _ = await _lists(book)
    assert totals["unverified_appointments"].recovered == Decimal("60.00")  # only a's, in time
    assert totals["unfilled_no_shows"].recovered == Decimal("120.00")  # both of Bob's


async def _change(book: Book, metric: str, **more: Any) -> Changed:
    enter_as(book.practice_id)
    june, may = Range(date(2025, 6, 1), TODAY), Range(date(2025, 5, 1), date(2025, 5, 31))
    zone = book.practice.time_zone
    question = Question(
        (metric,), june, TODAY, zone, accrual_basis=False, comparison=may,
        dimensions=("payer_class",), **more,
    )  # fmt: skip
    async with transaction(book.connection, READ, book.practice_id, 60_000):
        practice = await get_practice(book.connection, book.practice_id)
        state = await state_at(book.connection, practice, None, TODAY, question.subjects)
        return await change(book.connection, practice, question, state, 0)


def _payers(book: Book) -> list[dict[str, Any]]:
    return [{"payer_id": book.id(PAYER, name)} for name in ("med", "com")]


async def test_a_change_of_money_by_payer_class(book: Book) -> None:
    med, com = _payers(book)
    await book.apply(
        charge(book, "c", "1.00", "2025-05-02"),
        posted(book, "1", "payment/insurance", "100.00", "2025-05-02", **med),
        posted(book, "2", "payment/insurance", "40.00", "2025-05-03", **com),
        posted(book, "3", "payment/insurance", "70.00", "2025-06-02", **med),
        posted(book, "4", "payment/insurance", "45.50", "2025-06-03", **com),
        posted(book, "5", "payment/patient", "2.00", "2025-06-03"),
    )
    found = await _change(book, "total_payments")
    assert found.amount == Decimal("-22.50")
    assert [(row.key, split.amount) for row, split in found.parts] == [
        ("medicare", Decimal("-30.00")),
        ("commercial", Decimal("5.50")),
        ("", Decimal("2.00")),
    ]
    assert found.restated is None  # the practice had no facts at the end of May


async def test_a_change_of_a_rate_by_payer_class(book: Book) -> None:
    med, com = _payers(book)
    shown = [
        ("2025-05-05 09:00", "fulfilled", med, 9), ("2025-05-06 09:00", "noshow", med, 1),
        ("2025-05-07 09:00", "fulfilled", com, 5), ("2025-05-08 09:00", "noshow", com, 5),
        ("2025-06-05 09:00", "fulfilled", med, 3), ("2025-06-06 09:00", "noshow", med, 1),
        ("2025-06-07 09:00", "fulfilled", com, 8), ("2025-06-08 09:00", "noshow", com, 8),
    ]  # fmt: skip
    await book.apply(
        *(
            booked(book, f"{start}/{n}", start, status, **payer)
            for start, status, payer, times in shown
            for n in range(times)
        )
    )
    found = await _change(book, "no_show_rate")
    assert found.amount == Decimal("45.00") - Decimal("30.00")
    assert sum((split.amount for _, split in found.parts), Decimal(0)) == found.amount
    by_class = {row.key: split for row, split in found.parts}
    # Commercial kept its 50 % but grew from half to four fifths: 0.3 × (50 − 30).
    assert by_class["commercial"].rate == Decimal("0.00")
    assert by_class["commercial"].mix == Decimal("6.00")
    # Medicare: 0.2 × (25 − 10) by rate, −0.3 × (10 − 30) by weight.
    assert by_class["medicare"].rate == Decimal("3.00")
    assert by_class["medicare"].mix == Decimal("6.00")


async def test_what_has_no_exact_parts_is_refused(book: Book) -> None:
    with pytest.raises(InvalidInput, match="no exact parts"):
        await _change(book, "average_revenue_per_patient")
