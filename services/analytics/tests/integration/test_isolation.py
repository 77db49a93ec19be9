"""A hostile practice with the same source ids sees and moves nothing of another's."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    ENCOUNTER,
    KINDS,
    LEDGER,
    PATIENT,
    PAYER,
    PROVIDER,
)
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import dimensions_of
from praxis_chassis import errors
from praxis_chassis.caller import Caller
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.book import Book, Entry, answer_at, rows_of
from services.analytics.tests.integration.conftest import Client, Service

MAY = answer_pb2.DateRange(start_date="2025-05-01", end_date="2025-05-31")
PERIOD = answer_pb2.Period(start_date="2025-05-01", end_date="2025-05-31")
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def facts(book: Book, cents: int) -> list[Entry]:
    """The same source ids in every practice; amounts and names tell whose they are."""
    at, day = datetime(2025, 5, 12, 13, tzinfo=UTC), date(2025, 5, 12)
    who = {
        "patient_id": book.id(PATIENT, "p"),
        "provider_id": book.id(PROVIDER, "1"),
        "payer_id": book.id(PAYER, "m"),
    }
    money = {**who, "claim_id": book.id(CLAIM, "1"), "posting_date": day}
    return [
        book.entry(PATIENT, "p", family_name=f"Family{cents}"),
        book.entry(PAYER, "m", name=f"Payer{cents}", payer_class="medicare"),
        book.entry(PROVIDER, "1", display_name=f"Doctor{cents}"),
        book.entry(CLAIM, "1", billed=Decimal(cents), created_on=day, **who),
        book.entry(CHARGE, "c", amount=Decimal(3 * cents), **money),
        book.entry(LEDGER, "l", entry="payment", amount=Decimal(cents), **money),
        book.entry(ENCOUNTER, "e", status="finished", start_at=at, **{"class": "AMB"}, **who),
        book.entry(APPOINTMENT, "a", status="fulfilled", start_at=at, **who),
    ]


@pytest_asyncio.fixture
async def mine(connection: Connection, new_practice: NewPractice) -> Book:
    book = Book(connection, await new_practice())
    await book.apply(*facts(book, 777_001))
    return book


@pytest_asyncio.fixture
async def theirs(connection: Connection, new_practice: NewPractice, mine: Book) -> Book:
    """The hostile one: same system, same source ids; made after ours."""
    book = Book(connection, await new_practice())
    await book.apply(*facts(book, 500))
    return book


@pytest.fixture
def hostile(service: Service, theirs: Book) -> Client:
    return service.client(theirs.practice_id)


async def everything(client: Client) -> list[Any]:
    """What a practice sees at every RPC, receipts opened."""
    found: list[Any] = []
    for method in (
        "GetRevenueMetrics", "GetAppointmentMetrics", "GetPaymentMetrics", "GetClaimMetrics",
        "GetPatientMetrics", "GetTaskMetrics", "GetDocumentMetrics", "GetProviderMetrics",
        "GetStaffProductivityMetrics", "GetFinancialDashboardMetrics",
        "GetClinicalDashboardMetrics", "GetOperationalDashboardMetrics",
    ):  # fmt: skip
        found.append(await client(method, MAY))
    overview = api.GetOverviewDashboardMetricsRequest()
    found.append(await client("GetOverviewDashboardMetrics", overview))
    found.append(await client("GetPractice", api.GetPracticeRequest()))
    found.append(await client("ResolvePeriod", PERIOD))
    questions = []
    for place, metric in enumerate(METRICS.values()):
        able = dimensions_of(metric) or ("",)
        for dimension in ("", able[place % len(able)]):
            questions.append(
                answer_pb2.Question(metrics=[metric.id], period=PERIOD, dimension=dimension)
            )
    for start in range(0, len(questions), 20):
        response = await client("Ask", api.AskRequest(questions=questions[start : start + 20]))
        found.append(response)
        for answer in response.answers[:3]:
            receipt = answer.receipt.rsplit("/", 1)[1]
            found.append(await client("GetReceipt", api.GetReceiptRequest(receipt=receipt)))
    return found


async def test_nothing_of_another_practice_is_seen(
    hostile: Client, mine: Book, theirs: Book
) -> None:
    revenue = await hostile("GetRevenueMetrics", MAY)
    assert (revenue.total_charges, revenue.total_revenue) == (1500.0, 500.0)
    assert revenue.outstanding_balance == 1000.0
    assert (await hostile("GetAppointmentMetrics", MAY)).total_appointments == 1
    texts = [str(message) for message in await everything(hostile)]
    assert any("Doctor500" in text for text in texts)
    for text in texts:
        assert "777001" not in text
        assert "2331003" not in text
        for kind in (PROVIDER, PAYER, PATIENT, CLAIM):
            assert str(mine.id(kind, "1")) not in text
        assert str(mine.practice_id) not in text


async def test_a_filter_by_another_practice_s_provider_finds_nobody(
    hostile: Client, mine: Book
) -> None:
    only = [answer_pb2.Filter(dimension="provider", values=[str(mine.id(PROVIDER, "1"))])]
    asked = answer_pb2.Question(metrics=["total_charges"], period=PERIOD, filters=only)
    (answer,) = (await hostile("Ask", api.AskRequest(questions=[asked]))).answers
    assert answer.rows[0].figures[0].value == "0.00"


async def test_what_a_practice_does_moves_nothing_of_another(
    service: Service, hostile: Client, mine: Book, theirs: Book
) -> None:
    owner = service.client(mine.practice_id)
    before = await owner("GetRevenueMetrics", MAY)
    # Corrections, voids and resources that yield nothing, under our source ids.
    await theirs.apply(*facts(theirs, 1))
    await theirs.apply(
        yields=[(theirs.source(f"{kind.table}/{name}", 9), (kind,)) for kind, name in
                ((CHARGE, "c"), (LEDGER, "l"), (ENCOUNTER, "e"), (APPOINTMENT, "a"))]
    )  # fmt: skip
    assert (await hostile("GetRevenueMetrics", MAY)).reasons["total_charges"] == "no_source_data"
    assert await owner("GetRevenueMetrics", MAY) == before
    assert await mine.head() == 1


async def test_even_stolen_ids_write_into_the_thief_s_book_only(
    connection: Connection, mine: Book, theirs: Book
) -> None:
    """Rows that carry our very ids become rows of the practice that applies them."""
    stolen = [Entry(e.kind, e.row) for e in facts(mine, 13)]
    await theirs.apply(*stolen)
    ((amount,),) = await mine.rows(
        "select amount from fact_charge where practice_id = %(practice)s"
    )
    assert amount == 3 * 777_001
    assert await mine.head() == 1
    assert len(await theirs.live(CHARGE)) == 2


async def test_a_practice_that_does_not_exist_is_not_found(service: Service) -> None:
    ghost = service.client(uuid.uuid4())
    for method, request in (
        ("GetPractice", api.GetPracticeRequest()),
        ("GetRevenueMetrics", MAY),
        ("ResolvePeriod", PERIOD),
        ("GetReceipt", api.GetReceiptRequest(receipt="A" * 36)),
    ):
        with pytest.raises(errors.NotFound):
            await ghost(method, request)


async def test_without_a_token_that_holds_nothing_is_answered(
    service: Service, mine: Book, hostile: Client
) -> None:
    metadata = [("authorization", "Bearer nonsense")]
    for sent in ([], metadata):
        with pytest.raises(Exception, match="UNAUTHENTICATED"):
            await service.stub.GetPractice(api.GetPracticeRequest(), metadata=sent)
    # Signed by a service's key in the gateway's name.
    impostor = Client(
        service.stub,
        type(service.signer)("report", service.signer.key),
        Caller(mine.practice_id, "x", frozenset({"owner"})),
    )
    with pytest.raises(errors.NotAuthenticated):
        await impostor("GetPractice", api.GetPracticeRequest())


# Below the service: row-level security.


async def test_the_database_shows_no_row_of_another_practice(
    connection: Connection, mine: Book, theirs: Book
) -> None:
    tables = [
        *(kind.table for kind in KINDS), *(f"{kind.table}_history" for kind in KINDS),
        "practice", "revision_head", "revision_log", "question", "import_run", "audit_log",
        "resource_version",
    ]  # fmt: skip
    for table in tables:
        found = await rows_of(connection, theirs.practice_id, f"select practice_id from {table}")
        assert {row[0] for row in found} <= {theirs.practice_id}, table
        nothing = await rows_of(connection, uuid.uuid4(), f"select 1 from {table}")
        assert nothing == [], table
    await connection.execute("BEGIN")
    cursor = await connection.execute("select count(*) from practice")
    assert await cursor.fetchone() == (0,), "without a practice there are no rows"
    await connection.execute("ROLLBACK")


async def test_the_database_takes_no_row_for_another_practice(
    connection: Connection, mine: Book, theirs: Book
) -> None:
    inserts = {
        "fact_charge": "insert into fact_charge (practice_id, charge_id, source_system, source_id,"
        " source_resource, source_version, voided, synthetic, recorded_at, rev_from)"
        " values (%(other)s, gen_random_uuid(), 's', 's', 's', 0, false, false, now(), 1)"
        " returning 1",
        "revision_log": "insert into revision_log (practice_id, revision, recorded_at, changed,"
        " amounts) values (%(other)s, 2, now(), '{}', '{}') returning 1",
        "question": "insert into question (practice_id, question_hash, canonical, first_seen)"
        " values (%(other)s, 'x', '{}', now()) returning 1",
    }
    for insert in inserts.values():
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            await rows_of(connection, theirs.practice_id, insert, other=mine.practice_id)
    for change in ("update fact_charge set amount = 0", "update revision_head set revision = 0"):
        touched = await rows_of(
            connection,
            theirs.practice_id,
            f"{change} where practice_id = %(other)s returning 1",
            other=mine.practice_id,
        )
        assert touched == []


async def test_a_question_in_the_wrong_transaction_finds_nothing(
    connection: Connection, mine: Book, theirs: Book
) -> None:
    """The two locks are two: naming our practice inside theirs does not help."""
    question = Question(
        ("total_charges",), Range(date(2025, 5, 1), date(2025, 5, 31)), date(2026, 1, 1), "UTC",
        accrual_basis=False,
    )  # fmt: skip
    async with transaction(connection, SNAPSHOT, theirs.practice_id, 10_000):
        with pytest.raises(errors.NotFound):
            await answer_at(connection, mine.practice_id, question)
