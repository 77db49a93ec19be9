"""Metrics over a few facts whose figures are worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest_asyncio

from conftest import NewPractice
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CLAIM,
    CLAIM_EVENT,
    CONDITION,
    DOCUMENT,
    ENCOUNTER,
    LEDGER,
    OBSERVATION,
    PATIENT,
    PAYER,
    PROVIDER,
    SLOT,
    SURVEY,
    SURVEY_ANSWER,
    VERIFICATION,
)
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.small import (
    JUNE,
    MAY,
    ZONE,
    ask,
    booked,
    charge,
    figure,
    local,
    posted,
    visit,
)

YEAR = ("2025-01-01", "2025-12-31")


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    return Book(connection, await new_practice(ZONE))


async def number(book: Book, metric: str, period: tuple[str, str], **more: Any) -> Decimal | None:
    return (await figure(book, metric, period, **more)).value


def claim(book: Book, name: str, *events: str, served: str = "2025-05-01") -> list[Entry]:
    """A claim of 100.00 and its events, each a word and a day: `denied 2025-05-20 16`."""
    claim_id = book.id(CLAIM, name)
    on = date.fromisoformat(served)
    made = [
        book.entry(
            CLAIM, name, created_on=on, service_from=on, frequency_code=1, status="submitted",
            billed=Decimal("100.00"),
        )
    ]  # fmt: skip
    for seq, text in enumerate(events, 1):
        event, day, *carc = text.split()
        values: dict[str, Any] = {"event": event, "occurred_on": date.fromisoformat(day)}
        source = book.source(f"event/{name}/{seq}")
        row = CLAIM_EVENT.fact(
            source, f"{name}|{seq}", claim_id=claim_id, seq=seq, carc=carc, rarc=[], **values
        )
        made.append(Entry(CLAIM_EVENT, row))
    return made


async def test_a_denial_overturned_after_the_period(book: Book) -> None:
    await book.apply(
        *claim(book, "won", "submitted 2025-05-04", "denied 2025-05-20 16",
               "resubmitted 2025-06-02", "paid 2025-07-10"),
        *claim(book, "lost", "submitted 2025-05-04", "denied 2025-05-21 18"),
        *claim(book, "open", "submitted 2025-05-05", "denied 2025-05-22 50"),
        *claim(book, "paid", "submitted 2025-05-02", "paid 2025-05-12"),
        *claim(book, "sent_twice", "submitted 2025-05-03", "rejected 2025-05-04",
               "resubmitted 2025-05-08", "paid 2025-05-28"),
        posted(book, "off", "adjustment/denial_write_off", "100.00", "2025-07-20", claim="lost"),
    )  # fmt: skip
    in_may: dict[str, str | int] = {
        "initial_denials": 3, "initial_denials_billed": 300, "initial_denial_rate": 60,
        "first_pass_resolution_rate": 20, "clean_claim_rate": 80,
        "preventable_denial_share": "66.67",
        "denial_overturn_rate": 50, "days_to_submit": "2.60", "days_to_submit_p50": 3,
        "days_to_adjudicate": "17.00", "eligibility_denials_per_1000": 0,
    }  # fmt: skip
    for metric, wanted in in_may.items():
        assert await number(book, metric, MAY) == Decimal(wanted), metric
    # Seen before either was resolved there is nothing to tell; the denials are in May alone.
    assert await number(book, "denial_overturn_rate", MAY, today="2025-06-30") is None
    assert await number(book, "initial_denials", JUNE) == 0
    july = ("2025-07-01", "2025-07-31")
    assert await number(book, "days_denial_to_resolution", july) == Decimal("55.50")


async def test_balances_become_the_patient_s_with_the_payer_s_payment(book: Book) -> None:
    nobody: dict[str, Any] = {"payer_id": book.id(PAYER, "none")}
    await book.apply(
        book.entry(PAYER, "none", name="Nobody", payer_class="self_pay"),
        charge(book, "insured", "1000.00", "2025-05-01", "a"),
        posted(book, "i", "payment/insurance", "500.00", "2025-05-20", "a"),
        posted(book, "c", "adjustment/contractual", "350.00", "2025-05-20", "a"),
        posted(book, "p", "payment/patient", "60.00", "2025-06-10", "a"),
        charge(book, "waiting", "70.00", "2025-05-02", "b"),
        charge(book, "own", "40.00", "2025-05-03", "d", **nobody),
        charge(book, "paid_twice", "10.00", "2025-05-04", "e"),
        posted(book, "e1", "payment/insurance", "25.00", "2025-05-30", "e"),
        posted(book, "e2", "refund/", "-5.00", "2025-06-30", "e"),
        posted(book, "care", "adjustment/charity", "1.50", "2025-05-30", "b"),
    )
    end_of_may: dict[str, str | int] = {
        "outstanding_balance": "258.50", "patient_balance": "190.00",
        "insurance_balance": "68.50", "credit_balances": "15.00", "credit_balance_count": 1,
        "patient_balance_0_30": "190.00", "patient_balance_31_60": 0, "open_accounts": 3,
        "charity": "1.50", "takeback_amount": 0, "unapplied_payments": 0,
    }  # fmt: skip
    for metric, wanted in end_of_may.items():
        assert await number(book, metric, MAY) == Decimal(wanted), metric
    end_of_june: dict[str, str | int] = {
        "patient_balance": "130.00", "patient_balance_31_60": "130.00", "credit_balances": "10.00",
        "takebacks": 1, "takeback_amount": "5.00",
    }  # fmt: skip
    for metric, wanted in end_of_june.items():
        assert await number(book, metric, JUNE) == Decimal(wanted), metric
    # Asked for in May: 150.00 and 40.00; of it 60.00 came, and 15.00 too much asks for nothing.
    rate = await number(book, "patient_collection_rate", MAY)
    assert rate == Decimal("31.58")
    # Fewer than 120 days later it is too early to tell.
    assert await number(book, "patient_collection_rate", MAY, today="2025-08-15") is None


async def test_visits_three_years_apart(book: Book) -> None:
    visits = ("2019-02-28T10:00", "2022-02-28T10:00", "2025-03-01T10:00")
    await book.apply(*(visit(book, str(n), start) for n, start in enumerate(visits)))
    years = [(f"{year}-01-01", f"{year}-12-31") for year in (2019, 2022, 2025)]
    shares = [await number(book, "new_visit_share", year) for year in years]
    assert shares == [100, 0, 100]
    assert [await number(book, "new_patients", year) for year in years] == [1, 0, 1]


async def test_two_results_at_one_time_count_as_the_lower(book: Book) -> None:
    who = book.id(PATIENT, "p")

    def sugar(name: str, at: str, percent: str, unit: str = "%") -> Entry:
        return book.entry(
            OBSERVATION, name, component_no=0, patient_id=who, code="4548-4", unit=unit,
            value_num=Decimal(percent), effective_at=local(at), status="final",
        )  # fmt: skip

    await book.apply(
        book.entry(PATIENT, "p", birth_date=date(1960, 1, 1)),
        book.entry(CONDITION, "d", patient_id=who, code="44054006", onset_on=date(2020, 1, 1)),
        sugar("first", "2025-05-02T09:00", "9.5"),
        sugar("high", "2025-05-30T09:00", "9.1"),
        sugar("low", "2025-05-30T09:00", "53", "mmol/mol"),
    )
    # 53 mmol/mol are 0.0915 × 53 + 2.15 = 6.9995 %.
    assert await number(book, "hba1c_below_8_share", MAY) == 100
    assert await number(book, "hba1c_change_mean", MAY) == Decimal("-2.50")
    assert await number(book, "hba1c_change_median", JUNE) is None


async def test_a_transfer_is_no_readmission(book: Book) -> None:
    def stay(name: str, start: str, days: int, **more: Any) -> Entry:
        end = local(start) + timedelta(days)
        return visit(book, name, start, end_at=end, **{"class": "IMP"}, **more)

    await book.apply(
        book.entry(PATIENT, "p"),
        stay("first", "2025-05-01T10:00", 3),
        stay("transfer", "2025-05-04T12:00", 2),  # on the day of discharge
        stay("again", "2025-06-05T08:00", 1),  # 30 days after the second, 32 after the first
    )
    assert await number(book, "readmission_rate", MAY) == 50
    assert await number(book, "readmission_rate", MAY, today="2025-06-04") == 0


async def test_times_at_the_office(book: Book) -> None:
    provider: dict[str, Any] = {"provider_id": book.id(PROVIDER, "1")}
    times: dict[str, Any] = {
        "checked_in_at": local("2025-05-05T08:50"), "roomed_at": local("2025-05-05T09:05"),
        "checked_out_at": local("2025-05-05T09:40"),
    }  # fmt: skip
    await book.apply(
        booked(book, "a", "2025-05-05T09:00", end_at=local("2025-05-05T09:30"),
               patient_id=book.id(PATIENT, "a"), **provider, **times),
        booked(book, "b", "2025-05-05T10:00", "noshow", end_at=local("2025-05-05T10:30"),
               patient_id=book.id(PATIENT, "b"), **provider,
               reminder_sent_at=local("2025-05-04T10:00")),
        booked(book, "c", "2025-05-05T10:00", end_at=local("2025-05-05T10:30"),
               patient_id=book.id(PATIENT, "c"), **provider),
        *(
            book.entry(
                SLOT, str(n), start_at=local(f"2025-05-{day}T09:00"),
                end_at=local(f"2025-05-{day}T11:00"), status=status, **provider,
            )
            for n, (day, status) in enumerate(
                [("05", "busy"), ("06", "free"), ("07", "free"), ("08", "busy"), ("09", "free")]
            )
        ),
    )  # fmt: skip
    wanted: dict[str, str | int] = {
        "check_in_to_room_minutes": 15, "cycle_time_minutes": 50, "utilisation": 15,
        "third_next_available": 4, "refilled_slots": 1, "no_show_rate_reminded": 100,
        "no_show_rate_unreminded": 0,
    }  # fmt: skip
    for metric, known in wanted.items():
        assert await number(book, metric, MAY, today="2025-05-05") == Decimal(known), metric


async def test_surveys_checks_and_documents(book: Book) -> None:
    insured: dict[str, Any] = {"payer_id": book.id(PAYER, "m"), "patient_id": book.id(PATIENT, "p")}
    await book.apply(
        book.entry(PAYER, "m", name="Medicare", payer_class="medicare"),
        booked(book, "checked", "2025-05-05T09:00", "booked", **insured),
        booked(book, "failed", "2025-05-06T09:00", "booked", **insured),
        *(
            book.entry(
                VERIFICATION, name, appointment_id=book.id(APPOINTMENT, name),
                requested_at=local("2025-05-02T09:00:00"),
                responded_at=local("2025-05-02T09:00:20"), result=result, **insured,
            )
            for name, result in (("checked", "active"), ("failed", "error"))
        ),
        visit(book, "v", "2025-05-05T09:00"),
        *(
            book.entry(
                SURVEY, str(n), encounter_id=book.id(ENCOUNTER, "v"),
                sent_at=local("2025-05-06T09:00"), completed_at=local("2025-06-02T09:00"),
            )
            for n in range(2)
        ),
        *(
            Entry(SURVEY_ANSWER, SURVEY_ANSWER.fact(
                book.source(f"answer/{n}{item}"), f"{n}{item}", response_id=book.id(SURVEY, n),
                item=item, value_code=code,
            ))
            for n, item, code in (
                ("0", "staff_helpful", "always"), ("1", "staff_helpful", "usually"),
                ("0", "staff_respect", "always"),
            )
        ),
        book.entry(DOCUMENT, "n", type="clinical_note", status="approved",
                   received_at=local("2025-05-05T09:00"), reviewed_at=local("2025-05-07T09:00"),
                   finalised_at=local("2025-05-08T09:00")),
        book.entry(DOCUMENT, "w", type="clinical_note", status="pending_review",
                   received_at=local("2025-05-05T09:00")),
    )  # fmt: skip
    wanted: dict[str, str | int] = {
        "verified_share": 50, "active_coverage_share": 100, "verification_turnaround_seconds": 20,
        "verifications": 2, "surveys_sent": 2, "surveys_completed": 2, "notes_in_72h_share": 50,
        "average_review_time_hours": 48, "documents_over_72h": 1, "oldest_pending_days": 241,
    }  # fmt: skip
    for metric, known in wanted.items():
        assert await number(book, metric, MAY) == Decimal(known), metric
    (row,) = (await ask(book, "staff_composite", MAY)).rows
    # Half of the first item's answers and all of the second's are the best: the mean of shares.
    assert row.figures[0].value == 75
    assert await number(book, "surveys_completed", MAY, today="2025-06-01") == 0
    assert await number(book, "unverified_upcoming", MAY, today="2025-05-04") == 1


async def test_bills_are_as_late_as_their_first_posting(book: Book) -> None:
    await book.apply(
        charge(book, "a1", "10.00", "2025-05-05", "a", service_date=date(2025, 5, 2)),
        charge(book, "a2", "10.00", "2025-05-09", "a", service_date=date(2025, 5, 2)),
        charge(book, "b", "10.00", "2025-05-06", "b", service_date=date(2025, 5, 6)),
        posted(book, "p", "payment/patient", "10.00", "2025-05-06", "b",
               service_date=date(2025, 5, 6)),
        book.entry(LEDGER, "lost", entry="payment", reason="patient", amount=Decimal(30),
                   posting_date=date(2025, 5, 7), service_date=date(2025, 5, 1)),
    )  # fmt: skip
    wanted: dict[str, str | int] = {
        "charge_lag_days": "1.50", "average_charge_lag_days": "1.50", "unapplied_payments": 30,
        "point_of_service_share": 25,
    }  # fmt: skip
    for metric, known in wanted.items():
        assert await number(book, metric, MAY) == Decimal(known), metric


async def test_the_third_free_slot_of_a_day_that_is_over(
    book: Book, superuser: psycopg.Connection[Any]
) -> None:
    def slot(day: str, status: str, version: int = 1) -> Entry:
        who = {"provider_id": book.id(PROVIDER, "1")}
        at = local(f"2025-05-{day}T09:00")
        return book.entry(SLOT, day, start_at=at, status=status, version=version, **who)

    free = ("12", "13", "14", "16", "20")
    await book.apply(slot("02", "busy"), *(slot(day, "free") for day in free))
    await book.apply(slot("13", "busy", version=2), slot("14", "busy", version=2))
    superuser.execute(
        "update revision_log set recorded_at = case revision when %s"
        " then '2025-05-05 12:00Z'::timestamptz else '2025-05-12 12:00Z' end"
        " where practice_id = %s",
        (await book.head() - 1, book.practice_id),
    )
    on_day = {
        "2025-05-12": 8,  # today, as it is: 12, 16 and 20 are free
        "2025-05-11": 3,  # over, as it was: 12, 13 and 14 were
        "2025-05-04": None,  # nothing was known
    }
    for day, days in on_day.items():
        span = ("2025-05-01", day)
        assert await number(book, "third_next_available", span, today="2025-05-12") == days, day
