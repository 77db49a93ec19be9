"""Every page that names patients is recorded for each of them, and can be accounted for."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import (
    disclosure_service_pb2,
    disclosure_service_pb2_grpc,
    insight_service_pb2,
    insight_service_pb2_grpc,
    receipt_service_pb2,
    receipt_service_pb2_grpc,
)
from praxis_analytics.api.disclosures import DisclosureServicer
from praxis_analytics.api.insights import InsightServicer
from praxis_analytics.api.receipts import ReceiptServicer
from praxis_analytics.bootstrap import DISCLOSURES, INSIGHTS, RECEIPTS
from praxis_analytics.domain.facts import PATIENT
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.receipts import PATH
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.settings import Settings
from praxis_chassis.database import Connection
from praxis_chassis.errors import Forbidden, InvalidInput
from praxis_cli.stack.services import Stack
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import Client
from services.analytics.tests.integration.desk import Desk, Parts, open_desk
from services.analytics.tests.small import charge, posted

Disclosures = list[disclosure_service_pb2.Disclosure]


@dataclass
class Desks:
    """The services that show patients, and the one that accounts for it."""

    insights: Desk
    receipts: Desk
    disclosures: Desk
    book: ReceiptBook


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desks(postgres: Stack, analytics_settings: Settings) -> AsyncIterator[Desks]:
    books: list[ReceiptBook] = []

    def receipts(parts: Parts) -> ReceiptServicer:
        books.append(parts.book)
        return ReceiptServicer(parts.database, parts.book, parts.reads)

    def insights(parts: Parts) -> InsightServicer:
        return InsightServicer(parts.database, parts.book, parts.reads)

    def disclosures(parts: Parts) -> DisclosureServicer:
        return DisclosureServicer(parts.database)

    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(
                open_desk(postgres, analytics_settings, module, service, make)
            )
            for module, service, make in (
                (insight_service_pb2_grpc, INSIGHTS, insights),
                (receipt_service_pb2_grpc, RECEIPTS, receipts),
                (disclosure_service_pb2_grpc, DISCLOSURES, disclosures),
            )
        ]
        yield Desks(opened[0], opened[1], opened[2], books[0])


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    """A practice with a credit balance of Ann's, and a charge of hers and of Bob's."""
    made = Book(connection, await new_practice())
    ann, bob = ({"patient_id": made.id(PATIENT, name)} for name in ("ann", "bob"))
    await made.apply(
        made.entry(PATIENT, "ann", given_name="Ann"),
        made.entry(PATIENT, "bob", given_name="Bob"),
        charge(made, "a", "100.00", "2025-05-02", claim="a", **ann),
        charge(made, "b", "10.00", "2025-05-03", claim="b", **bob),
        charge(made, "c", "1.00", "2025-05-04", claim="c"),
        posted(made, "p", "payment/insurance", "130.00", "2025-05-20", claim="a", **ann),
    )
    return made


async def _account(client: Client, patient: uuid.UUID, **page: Any) -> Any:
    request = disclosure_service_pb2.ListDisclosuresRequest(patient_id=str(patient), **page)
    return await client("ListDisclosures", request)


def _told(found: Any) -> list[tuple[str, str, str, str]]:
    return [(one.actor, one.action, one.object_type, one.object_id) for one in found.disclosures]


async def _receipt(desks: Desks, book: Book) -> str:
    period, zone = Range(date(2025, 5, 1), date(2025, 5, 31)), book.practice.time_zone
    question = Question(("total_charges",), period, date(2025, 7, 1), zone, accrual_basis=False)
    return (await desks.book.issue(await book.ask(question))).removeprefix(PATH)


async def test_each_patient_shown_is_accounted_for(
    desks: Desks, book: Book, superuser: psycopg.Connection[Any]
) -> None:
    begun, receipt = datetime.now(UTC), await _receipt(desks, book)
    rows = receipt_service_pb2.ListReceiptRowsRequest(receipt=receipt)
    assert len((await desks.receipts.client(book.practice_id)("ListReceiptRows", rows)).rows) == 3
    credits = insight_service_pb2.ListWorkItemsRequest(work_list_id="credit_balances")
    billing = desks.insights.client(book.practice_id, "billing")
    for _ in range(2):  # once more on the same day is told once
        assert len((await billing("ListWorkItems", credits)).items) == 1
    auditor = desks.disclosures.client(book.practice_id, "auditor")
    ann, bob = (book.id(PATIENT, name) for name in ("ann", "bob"))
    found = await _account(auditor, ann)
    assert _told(found) == [
        ("billing", "work_list.read", "work_list", "credit_balances"),
        ("owner", "receipt.rows", "receipt", receipt),
    ]
    for one in found.disclosures:
        assert begun <= one.disclosed_at.ToDatetime(UTC) <= datetime.now(UTC)
        assert one.request_id
    assert _told(await _account(auditor, bob)) == [("owner", "receipt.rows", "receipt", receipt)]
    first = await _account(auditor, ann, page_size=1)
    second = await _account(auditor, ann, page_size=1, page_token=first.next_page_token)
    assert _told(first) + _told(second) == _told(found)
    assert not second.next_page_token
    asked = superuser.execute(
        "select actor, object_id from audit_log"
        " where practice_id = %s and action = 'disclosures.read'",
        (book.practice_id,),
    ).fetchall()
    assert asked.count(("auditor", str(ann))) == 3
    assert asked.count(("auditor", str(bob))) == 1


async def test_a_page_names_only_who_is_on_it(desks: Desks, book: Book) -> None:
    rows = receipt_service_pb2.ListReceiptRowsRequest(
        receipt=await _receipt(desks, book), page_size=1
    )
    await desks.receipts.client(book.practice_id)("ListReceiptRows", rows)
    owner = desks.disclosures.client(book.practice_id)
    assert len((await _account(owner, book.id(PATIENT, "ann"))).disclosures) == 1
    assert not (await _account(owner, book.id(PATIENT, "bob"))).disclosures


async def test_another_practice_is_told_nothing(
    desks: Desks, book: Book, new_practice: NewPractice
) -> None:
    credits = insight_service_pb2.ListWorkItemsRequest(work_list_id="credit_balances")
    await desks.insights.client(book.practice_id)("ListWorkItems", credits)
    other = desks.disclosures.client((await new_practice()).practice_id)
    assert not (await _account(other, book.id(PATIENT, "ann"))).disclosures


@pytest.mark.parametrize("role", ["billing", "provider", "front_desk", "analyst", "service"])
async def test_only_who_may_read_the_audit_is_told(desks: Desks, book: Book, role: str) -> None:
    with pytest.raises(Forbidden):
        await _account(desks.disclosures.client(book.practice_id, role), uuid.uuid4())


async def test_a_patient_has_a_uuid(desks: Desks, book: Book) -> None:
    request = disclosure_service_pb2.ListDisclosuresRequest(patient_id="ann")
    with pytest.raises(InvalidInput, match="patient_id"):
        await desks.disclosures.client(book.practice_id)("ListDisclosures", request)


def test_disclosures_are_never_changed(superuser: psycopg.Connection[Any]) -> None:
    for login in ("analytics_app", "analytics_worker"):
        rights = superuser.execute(
            "select has_table_privilege(%(login)s, 'disclosure', 'insert'),"
            " has_table_privilege(%(login)s, 'disclosure', 'update'),"
            " has_table_privilege(%(login)s, 'disclosure', 'delete')",
            {"login": login},
        ).fetchone()
        assert rights == (True, False, False)
