"""Receipts opened: the figure as it was, as it is, and the facts behind it, all accounted for."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2, receipt_pb2
from praxis_analytics.domain.facts import APPOINTMENT, CHARGE, CLAIM, LEDGER, PAYER, PROVIDER
from praxis_analytics.domain.receipts import PATH
from praxis_chassis import errors
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.integration.conftest import Client, Service

MAY = answer_pb2.DateRange(start_date="2025-05-01", end_date="2025-05-31")
PERIOD = answer_pb2.Period(start_date="2025-05-01", end_date="2025-05-31")


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    book = Book(connection, await new_practice())
    await book.apply(
        charge(book, "c1", "1000.00", "2025-05-12"),
        charge(book, "c2", "500.00", "2025-04-12"),
        charge(book, "c3", "9.00", "2025-05-13", version=1),
        paid(book, "p1", "600.00", "2025-05-30"),
        paid(book, "r1", "-50.00", "2025-05-30", entry="refund"),
        paid(book, "p2", "70.00", "2025-06-01"),
    )
    return book


def charge(book: Book, name: str, amount: str, day: str, **more: Any) -> Entry:
    values = {"amount": Decimal(amount), "posting_date": date.fromisoformat(day)}
    return book.entry(CHARGE, name, **{**values, "claim_id": book.id(CLAIM, name), **more})


def paid(book: Book, name: str, amount: str, day: str, **more: Any) -> Entry:
    values = {"amount": Decimal(amount), "posting_date": date.fromisoformat(day)}
    claim = {"claim_id": book.id(CLAIM, "c" + name[1:])}
    return book.entry(LEDGER, name, **{"entry": "payment", **values, **claim, **more})


@pytest.fixture
def owner(service: Service, book: Book) -> Client:
    return service.client(book.practice_id)


async def opened(client: Client, link: str, field: str = "") -> receipt_pb2.Receipt:
    request = api.GetReceiptRequest(receipt=link.removeprefix(PATH), field=field)
    found = await client("GetReceipt", request)
    assert isinstance(found, receipt_pb2.Receipt)
    return found


async def ask(client: Client, *metrics: str, **more: Any) -> answer_pb2.Answer:
    revision = {"revision": more.pop("revision")} if "revision" in more else {}
    asked = answer_pb2.Question(metrics=metrics, **{"period": PERIOD, **more})
    (found,) = (await client("Ask", api.AskRequest(questions=[asked], **revision))).answers
    assert isinstance(found, answer_pb2.Answer)
    return found


async def test_a_receipt_reproduces_the_figure_and_says_what_changed(
    owner: Client, book: Book
) -> None:
    found = await owner("GetRevenueMetrics", MAY)
    await book.apply(paid(book, "p3", "312.00", "2025-05-31", claim_id=book.id(CLAIM, "c1")))
    await book.apply(
        charge(book, "c3", "9.00", "2025-05-13", version=2, voided=True),
        charge(book, "c1", "1100.00", "2025-05-12"),
    )
    receipt = await opened(owner, found.receipt)
    assert (receipt.as_of.revision, receipt.as_of_now.revision) == (1, 3)
    assert receipt.as_of == found.as_of
    assert (receipt.period_start, receipt.period_end) == ("2025-05-01", "2025-05-31")
    assert receipt.time_zone == "America/New_York"
    assert not receipt.filters
    figures = {one.field: one for one in receipt.figures}
    assert figures.keys() == found.metric_versions.keys()
    revenue = figures["total_revenue"]
    assert (revenue.figure.value, revenue.figure_now.value) == ("550.00", "862.00")
    assert revenue.difference == "312.00"
    assert revenue.metric.formula.startswith("payments − refunds")
    charges = figures["total_charges"]
    assert (charges.figure.value, charges.figure_now.value) == ("1009.00", "1100.00")
    assert charges.difference == "91.00"
    assert figures["outstanding_balance"].difference == "-221.00"
    mean = figures["average_revenue_per_patient"]
    assert (mean.figure.reason, mean.figure_now.reason) == ("no_source_data", "no_source_data")
    assert not mean.HasField("difference")
    for name, one in figures.items():
        if one.figure.HasField("value"):
            assert float(one.figure.value) == getattr(found, name)


async def test_what_the_formula_is_made_of(owner: Client, book: Book) -> None:
    receipt = await opened(owner, (await owner("GetRevenueMetrics", MAY)).receipt, "total_revenue")
    (revenue,) = receipt.figures
    parts = {part.name: part for part in revenue.components}
    assert parts.keys() == {"payments", "refunds"}
    assert (parts["payments"].value, parts["refunds"].value) == ("600.00", "50.00")
    assert parts["payments"].rows_counted == 1
    assert dict(parts["payments"].left_out_reasons) == {
        "outside_period": 1, "other_kind_of_entry": 1,
    }  # fmt: skip
    assert parts["payments"].description == "payments posted, insurance and patient"


async def test_one_field_or_all_or_none(owner: Client) -> None:
    link = (await owner("GetRevenueMetrics", MAY)).receipt
    assert len((await opened(owner, link)).figures) == 7
    (one,) = (await opened(owner, link, "collection_rate")).figures
    assert (one.field, one.figure.value) == ("collection_rate", "59.46")
    for field in ("no_show_rate", "nonsense"):
        with pytest.raises(errors.NotFound):
            await opened(owner, link, field)


async def test_a_split_answer_is_explained_as_a_whole(owner: Client) -> None:
    found = await ask(owner, "total_charges", grain=answer_pb2.GRAIN_DAY, compare=True)
    assert len(found.rows) == 31
    (one,) = (await opened(owner, found.receipt)).figures
    assert one.figure.value == "1009.00"


async def test_a_receipt_of_an_older_revision(owner: Client, book: Book) -> None:
    await book.apply(paid(book, "p3", "312.00", "2025-05-31"))
    found = await ask(owner, "total_payments", revision=1)
    (one,) = (await opened(owner, found.receipt)).figures
    assert (one.figure.value, one.figure_now.value, one.difference) == (
        "600.00", "912.00", "312.00",
    )  # fmt: skip
    same = await ask(owner, "total_payments")
    assert same.receipt != found.receipt, "one question at two revisions"


async def test_filters_are_told_in_words(owner: Client) -> None:
    filters = [answer_pb2.Filter(dimension="payer_class", values=["medicare", "dual"])]
    found = await ask(owner, "total_charges", filters=filters)
    receipt = await opened(owner, found.receipt)
    assert list(receipt.filters) == ["payer_class is one of dual, medicare"]
    (part,) = receipt.figures[0].components
    assert (part.rows_counted, part.rows_left_out) == (0, 3)
    assert dict(part.left_out_reasons) == {"outside_period": 1, "filtered": 2}


# Who may open one.


async def test_a_narrower_reader_does_not_find_it(service: Service, book: Book) -> None:
    owner = service.client(book.practice_id)
    money = (await owner("GetRevenueMetrics", MAY)).receipt
    both = (await ask(owner, "total_appointments", "total_charges")).receipt
    visits = (await owner("GetAppointmentMetrics", MAY)).receipt
    desk = service.client(book.practice_id, "front_desk")
    for link in (money, both):
        for field in ("", "total_appointments"):
            with pytest.raises(errors.NotFound):
                await opened(desk, link, field)
    assert len((await opened(desk, visits)).figures) == 9
    for role in ("admin", "billing", "analyst"):
        assert await opened(service.client(book.practice_id, role), money)
    for role in ("provider", "auditor", "service"):
        with pytest.raises(errors.Forbidden):
            await opened(service.client(book.practice_id, role), money)


async def test_another_practice_s_receipt_is_not_found(
    service: Service, book: Book, new_practice: NewPractice
) -> None:
    other = Book(book.connection, await new_practice())
    await other.apply(charge(other, "c1", "1000.00", "2025-05-12"))
    mine = (await service.client(book.practice_id)("GetRevenueMetrics", MAY)).receipt
    theirs = service.client(other.practice_id)
    # The very same question is stored there too.
    assert (await theirs("GetRevenueMetrics", MAY)).receipt != mine
    with pytest.raises(errors.NotFound):
        await opened(theirs, mine)


async def test_what_was_never_issued_is_not_found(owner: Client) -> None:
    link = (await owner("GetRevenueMetrics", MAY)).receipt.removeprefix(PATH)
    flipped = link[:-1] + ("A" if link[-1] != "A" else "B")
    for forged in (flipped, link[:-4], link + "AAAA", "A" * 36, link[::-1]):
        with pytest.raises(errors.NotFound):
            await opened(owner, forged)
    for malformed in ("", "short", link + "=", link + " ", "../" + link, link * 2):
        with pytest.raises(errors.InvalidInput) as refused:
            await opened(owner, malformed)
        assert refused.value.violations[0].field == "receipt"


async def test_a_process_that_never_saw_the_question_opens_its_receipt(
    service: Service, owner: Client, superuser: psycopg.Connection[Any], book: Book
) -> None:
    link = (await owner("GetRevenueMetrics", MAY)).receipt
    assert await opened(owner, link)
    gone = superuser.execute("delete from question where practice_id = %s", (book.practice_id,))
    assert gone.rowcount == 1, "it is stored, and only once"
    with pytest.raises(errors.NotFound):
        await opened(owner, link)


async def test_opening_is_recorded(
    service: Service, owner: Client, superuser: psycopg.Connection[Any], book: Book
) -> None:
    link = (await owner("GetRevenueMetrics", MAY)).receipt
    await opened(owner, link)
    await service.reads.flush()
    rows = superuser.execute(
        "select action, object_id from audit_log where practice_id = %s and action like '%%.read'"
        " order by at",
        (book.practice_id,),
    ).fetchall()
    receipt = link.removeprefix(PATH)
    assert rows == [("metrics.read", receipt), ("receipt.read", receipt)]


# Every fact is accounted for.

TABLE = {"charges": "fact_charge", "payments": "fact_ledger", "refunds": "fact_ledger",
         "adjustments": "fact_ledger", "appointments": "fact_appointment",
         "no_shows": "fact_appointment", "fulfilled": "fact_appointment"}  # fmt: skip


async def test_rows_counted_and_left_out_are_all_there_are(
    service: Service, connection: Connection, new_practice: NewPractice
) -> None:
    rng = random.Random(7)
    book = Book(connection, await new_practice())
    owner = service.client(book.practice_id)
    links: list[tuple[str, int]] = []
    for _ in range(6):
        await book.apply(*(_any_fact(book, rng) for _ in range(40)))
        asked: dict[str, Any] = {}
        if rng.random() < 0.7:
            values = [str(book.id(PROVIDER, "1")), ""]
            asked["filters"] = [answer_pb2.Filter(dimension="provider", values=values)]
        metrics = ("total_revenue", "total_charges", "total_adjustments", "no_show_rate",
                   "total_appointments", "outstanding_balance")  # fmt: skip
        found = await ask(owner, *metrics, **asked)
        links.append((found.receipt, found.as_of.revision))
    for link, revision in links:
        sizes = await _sizes(book, revision)
        receipt = await opened(owner, link)
        assert receipt.as_of.revision == revision
        seen = set()
        for figure in receipt.figures:
            for part in figure.components:
                assert sum(part.left_out_reasons.values()) == part.rows_left_out
                everything = part.rows_counted + part.rows_left_out
                if part.name in TABLE:
                    assert everything == sizes[TABLE[part.name]], (part.name, revision)
                else:
                    assert (part.name, everything) == ("open_balance", sizes["accounts"])
                seen |= set(part.left_out_reasons)
        assert {"outside_period", "other_kind_of_entry", "settled_or_credit"} <= seen
    assert {"voided", "filtered"} <= seen


def _any_fact(book: Book, rng: random.Random) -> Entry:
    kind, name = rng.choice([CHARGE, LEDGER, APPOINTMENT]), str(rng.randint(0, 60))
    who = {"provider_id": book.id(PROVIDER, rng.choice("12")), "payer_id": book.id(PAYER, "m")}
    more: dict[str, Any] = dict(who if rng.random() < 0.8 else {})
    day = date(2025, 4, 20) + timedelta(days=rng.randint(0, 50))
    if kind is APPOINTMENT:
        more["start_at"] = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        more["status"] = rng.choice(["fulfilled", "noshow", "booked", "entered-in-error"])
    else:
        more |= {"posting_date": day, "amount": Decimal(rng.randint(-500, 5000)) / 100}
        more["claim_id"] = book.id(CLAIM, str(rng.randint(0, 20)))
    if kind is LEDGER:
        more["entry"] = rng.choice(["payment", "refund", "adjustment"])
    if rng.random() < 0.1:
        more |= {"start_at": None} if kind is APPOINTMENT else {"posting_date": None}
    return book.entry(kind, name, voided=rng.random() < 0.15, **more)


async def _sizes(book: Book, revision: int) -> dict[str, int]:
    """Facts there were at a revision, voided ones included, and accounts with any movement in or
    before May."""
    sizes = {}
    forms = (
        "(select * from {0} where practice_id = %(practice)s and rev_from <= %(revision)s) {1}",
        "(select * from {0}_history where practice_id = %(practice)s"
        " and rev_from <= %(revision)s and rev_to > %(revision)s) {1}",
    )
    for table in sorted(set(TABLE.values())):
        counts = " + ".join(f"(select count(*) from {form.format(table, 'f')})" for form in forms)
        ((sizes[table],),) = await book.rows(f"select {counts}", revision=revision)
    accounts = " union ".join(
        f"select claim_id from {form.format(table, 'f')}"
        " where not voided and posting_date <= '2025-05-31'"
        for form in forms
        for table in ("fact_charge", "fact_ledger")
    )
    ((sizes["accounts"],),) = await book.rows(
        f"select count(*) from ({accounts}) a", revision=revision
    )
    return sizes
