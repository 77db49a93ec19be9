"""Control totals: they hold for what apply wrote, and no longer once a fact is tampered with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis_analytics.application.verify import verify
from praxis_analytics.domain.facts import APPOINTMENT, CHARGE, CLAIM, ENCOUNTER, LEDGER, PATIENT
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book

Superuser = psycopg.Connection[Any]


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    """Three revisions with corrections, a void and derived facts."""
    book = Book(connection, await new_practice())
    when = datetime(2025, 5, 12, 13, tzinfo=UTC)
    patient = {"patient_id": book.id(PATIENT, "p")}
    money = {"claim_id": book.id(CLAIM, "1"), "posting_date": date(2025, 5, 12)}
    await book.apply(
        book.entry(ENCOUNTER, "e", start_at=when, status="finished", **{"class": "AMB"}, **patient),
        book.entry(APPOINTMENT, "a", start_at=when, status="fulfilled"),
        book.entry(APPOINTMENT, "b", start_at=when, status="booked"),
        book.entry(CHARGE, "c", amount=Decimal("100.00"), **money),
        book.entry(CHARGE, "d", amount=Decimal("10.00"), version=1, **money),
        book.entry(LEDGER, "p", entry="payment", amount=Decimal("120.00"), **money),
    )
    await book.apply(
        book.entry(PATIENT, "p", **{}),
        book.entry(CHARGE, "c", amount=Decimal("90.00"), **money),
        book.entry(CHARGE, "d", amount=Decimal("10.00"), version=2, voided=True, **money),
    )
    await book.apply(book.entry(CHARGE, "d", amount=Decimal("12.34"), version=3, **money))
    return book


async def broken(book: Book) -> list[str]:
    findings = [one async for one in verify(book.connection, book.practice_id)]
    assert len({one.name for one in findings}) == len(findings) > 30
    return [one.name for one in findings if not one.holds]


async def test_good_data_hold(book: Book) -> None:
    assert await broken(book) == []
    details = {one.name: one.detail async for one in verify(book.connection, book.practice_id)}
    assert details["charges − ledger = balance"] == "102.34 − 120.00 = open 0 + credit -17.66"
    assert details["amounts of fact_charge"] == "102.34, by the log 102.34"
    assert details["appointment states sum to the total"] == "2 = 1 + 0 + 0 + 1"


async def test_an_empty_practice_holds(connection: Connection, new_practice: NewPractice) -> None:
    practice = await new_practice()
    assert all([one.holds async for one in verify(connection, practice.practice_id)])


async def test_no_practice_is_a_finding(connection: Connection, new_practice: NewPractice) -> None:
    practice = await new_practice()
    missing = type(practice.practice_id)(int=practice.practice_id.int + 1)
    findings = [one async for one in verify(connection, missing)]
    assert [one.detail for one in findings if not one.holds] == ["no such practice"]


TAMPERING = {
    "an amount changed": (
        "update fact_charge set amount = amount + 0.01",
        "amounts of fact_charge",
    ),
    "a payment changed": ("update fact_ledger set amount = -amount", "amounts of fact_ledger"),
    "a kept balance changed": (
        "update account_balance set balance = balance + 0.01",
        "balances of accounts",
    ),
    "a fact voided": ("update fact_ledger set voided = true", "amounts of fact_ledger"),
    "a fact deleted": ("delete from fact_encounter", "history of fact_encounter"),
    "a status that counts nowhere": (
        "update fact_appointment set status = 'gone'",
        "appointment states sum to the total",
    ),
    "an earlier form deleted": ("delete from fact_charge_history", "history of fact_charge"),
    "an earlier form moved": (
        "update fact_charge_history set rev_to = rev_to + 1",
        "history of fact_charge",
    ),
    "a fact moved to another revision": (
        "update dim_patient set rev_from = 1",
        "history of dim_patient",
    ),
    "a revision deleted": ("delete from revision_log where revision = 2", "revisions have no gap"),
    "the head moved": ("update revision_head set revision = 2", "revisions have no gap"),
}


@pytest.mark.parametrize(("change", "finding"), TAMPERING.values(), ids=TAMPERING)
async def test_tampering_is_found(
    book: Book, superuser: Superuser, change: str, finding: str
) -> None:
    glue = "and" if " where " in change else "where"
    done = superuser.execute(f"{change} {glue} practice_id = %s".encode(), (book.practice_id,))
    assert done.rowcount > 0
    assert finding in await broken(book)


async def test_a_fact_put_in_beside_apply_is_found(book: Book, superuser: Superuser) -> None:
    columns = ", ".join(name for name, _ in CHARGE.stored if name != "charge_id")
    superuser.execute(
        f"insert into fact_charge (practice_id, charge_id, {columns})"
        f" select practice_id, gen_random_uuid(), {columns} from fact_charge"
        " where practice_id = %s and amount = 90".encode(),
        (book.practice_id,),
    )
    assert {"amounts of fact_charge", "history of fact_charge"} <= set(await broken(book))


async def test_another_practice_s_tampering_is_not_ours(
    book: Book, new_practice: NewPractice, superuser: Superuser
) -> None:
    other = Book(book.connection, await new_practice())
    await other.apply(other.entry(CHARGE, "c", amount=Decimal(1), posting_date=date(2025, 5, 1)))
    superuser.execute(
        "update fact_charge set amount = 2 where practice_id = %s", (other.practice_id,)
    )
    assert await broken(other) == [
        *("charges − ledger = balance", "balances of accounts", "amounts of fact_charge")
    ]
    assert await broken(book) == []
