"""What a receipt tells of one cell: how it differs today, reason by reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import receipt_service_pb2, receipt_service_pb2_grpc
from praxis_analytics.api.receipts import ReceiptServicer
from praxis_analytics.bootstrap import RECEIPTS
from praxis_analytics.domain.facts import PAYER
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.receipts import PATH
from praxis_analytics.queries.ask import ReceiptBook
from praxis_analytics.settings import Settings
from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput
from praxis_cli.stack.services import Stack
from services.analytics.tests.book import Book
from services.analytics.tests.integration.conftest import Client
from services.analytics.tests.integration.desk import Desk, open_desk
from services.analytics.tests.small import posted

SPLIT = {"dimensions": ("payer_class",), "grain": "month"}
CELLS = [
    ("2025-05-01", "commercial"),
    ("2025-05-01", "medicare"),
    ("2025-06-01", "commercial"),
    ("2025-06-01", "medicare"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(postgres: Stack, analytics_settings: Settings) -> AsyncIterator[tuple[Desk, Any]]:
    books: list[ReceiptBook] = []

    def make(parts: Any) -> ReceiptServicer:
        books.append(parts.book)
        return ReceiptServicer(parts.database, parts.book, parts.reads)

    async with open_desk(
        postgres, analytics_settings, receipt_service_pb2_grpc, RECEIPTS, make
    ) as opened:
        yield opened, books[0]


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    made = Book(connection, await new_practice())
    await made.apply(
        made.entry(PAYER, "m", payer_class="medicare"),
        made.entry(PAYER, "c", payer_class="commercial"),
        *[_paid(made, *one) for one in (
            ("same", "50.00", "2025-05-03", "m"),
            ("better", "20.00", "2025-05-04", "m"),
            ("gone", "7.00", "2025-05-05", "c"),
            ("moves", "1.00", "2025-05-06", "m"),
            ("other", "9.00", "2025-06-06", "c"),
        )],
    )  # fmt: skip
    return made


def _paid(book: Book, name: str, amount: str, day: str, payer: str, **more: Any) -> Any:
    who = {"payer_id": book.id(PAYER, payer), "patient_id": None, **more}
    return posted(book, name, "payment/insurance", amount, day, **who)


async def _later(book: Book) -> None:
    await book.apply(
        _paid(book, "better", "25.50", "2025-05-04", "m", version=2),
        _paid(book, "gone", "7.00", "2025-05-05", "c", version=2, voided=True),
        _paid(book, "moves", "1.00", "2025-05-06", "c", version=2),
        _paid(book, "late", "300.00", "2025-06-07", "m"),
    )


def _question(book: Book, *metrics: str, **more: Any) -> Question:
    period, today = Range(date(2025, 5, 1), date(2025, 6, 30)), date(2025, 7, 10)
    zone = book.practice.time_zone
    return Question(metrics, period, today, zone, accrual_basis=False, **more)


async def _receipt(desk: tuple[Desk, ReceiptBook], book: Book, question: Question) -> str:
    return (await desk[1].issue(await book.ask(question))).removeprefix(PATH)


async def _move(client: Client, receipt: str, bucket: str | None, *keys: str) -> Any:
    request = receipt_service_pb2.GetReceiptDifferenceRequest(
        receipt=receipt, bucket=bucket, keys=keys
    )
    (figure,) = (await client("GetReceiptDifference", request)).figures
    return figure


async def test_every_cell_tells_why_it_moved(desk: tuple[Desk, Any], book: Book) -> None:
    question = _question(book, "total_payments", **SPLIT)
    receipt = await _receipt(desk, book, question)
    client = desk[0].client(book.practice_id)
    await _later(book)
    moves = {cell: await _move(client, receipt, *cell) for cell in CELLS}
    told = {
        cell: {one.reason: one.amount for one in move.components[0].reasons}
        for cell, move in moves.items()
    }
    assert told == {
        CELLS[0]: {"voided": "-7.00", "corrected": "1.00"},
        CELLS[1]: {"corrected": "4.50"},
        CELLS[2]: {},
        CELLS[3]: {"late": "300.00"},
    }
    for move in moves.values():
        (component,) = move.components
        reasons = sum((Decimal(one.amount) for one in component.reasons), Decimal(0))
        assert reasons == Decimal(component.amount) == Decimal(move.difference)
    assert (moves[CELLS[3]].figure.value, moves[CELLS[3]].figure_now.value) == ("0.00", "300.00")
    whole = await _move(client, receipt, None)
    cells = sum(Decimal(move.difference) for move in moves.values())
    assert Decimal(whole.difference) == cells == Decimal("298.50")
    june, medicare = (
        await _move(client, receipt, "2025-06-01"),
        await _move(client, receipt, None, "medicare"),
    )
    assert (june.difference, medicare.difference) == ("300.00", "304.50")


async def test_a_share_of_all_moves_cell_by_cell(desk: tuple[Desk, Any], book: Book) -> None:
    receipt = await _receipt(
        desk, book, _question(book, "payments_share", dimensions=("payer_class",))
    )
    await _later(book)
    move = await _move(desk[0].client(book.practice_id), receipt, None, "medicare")
    # 71.00 of 87.00, then 375.50 of 385.50
    assert (move.figure.value, move.figure_now.value, move.difference) == (
        "81.61",
        "97.41",
        "15.80",
    )


@pytest.mark.parametrize(
    ("bucket", "keys", "field"),
    [
        ("2025-05-02", ("medicare",), "bucket"),
        ("2025-08-01", ("medicare",), "bucket"),
        (None, ("medicare", "x"), "keys"),
    ],
)
async def test_a_cell_that_the_receipt_does_not_have(
    desk: tuple[Desk, Any], book: Book, bucket: str | None, keys: tuple[str, ...], field: str
) -> None:
    receipt = await _receipt(desk, book, _question(book, "total_payments", **SPLIT))
    with pytest.raises(InvalidInput) as refused:
        await _move(desk[0].client(book.practice_id), receipt, bucket, *keys)
    assert field in str(refused.value.violations)


async def test_a_receipt_without_buckets_has_none(desk: tuple[Desk, Any], book: Book) -> None:
    question = replace(_question(book, "total_payments", **SPLIT), grain="")
    receipt = await _receipt(desk, book, question)
    with pytest.raises(InvalidInput, match="no buckets"):
        await _move(desk[0].client(book.practice_id), receipt, "2025-05-01")
