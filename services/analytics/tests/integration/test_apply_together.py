"""`apply` from several connections at once, with readers, locks and deaths in between."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice, eventually
from praxis_analytics.domain.facts import CHARGE, LEDGER
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.settings import Settings
from praxis_analytics.storage import apply as applying
from praxis_chassis.database import Connection, transaction
from praxis_chassis.errors import Conflict
from services.analytics.tests.book import Book, Entry, answer_at, batch_of, connections

START = date(2025, 1, 1)
YEAR = Question(
    metrics=("total_charges", "total_payments", "outstanding_balance"),
    period=Range(START, date(2025, 12, 31)),
    today=date(2026, 1, 1),
    time_zone="America/New_York",
    accrual_basis=False,
)
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    return Book(connection, await new_practice())


def charge(book: Book, name: str, amount: str, **more: Any) -> Entry:
    day = START + timedelta(days=sum(map(ord, name)) % 365)
    return book.entry(CHARGE, name, amount=Decimal(amount), posting_date=day, **more)


def payment(book: Book, name: str, amount: str) -> Entry:
    return book.entry(LEDGER, name, entry="payment", amount=Decimal(amount), posting_date=START)


async def logged(book: Book) -> list[int]:
    rows = await book.rows(
        "select revision from revision_log where practice_id = %(practice)s order by revision"
    )
    return [revision for (revision,) in rows]


@asynccontextmanager
async def held(settings: Settings, book: Book, table: str) -> AsyncIterator[None]:
    """Another session has the practice's rows of a table locked."""
    async with (
        connections(settings, 1) as (other,),
        transaction(other, "BEGIN", book.practice_id, 60_000),
    ):
        await other.execute(
            f"select 1 from {table} where practice_id = %s for update".encode(),
            (book.practice_id,),
        )
        yield


# Writers.


async def test_imports_of_one_practice_at_once_lose_nothing(
    analytics_settings: Settings, book: Book
) -> None:
    writers, batches, rows = 5, 6, 40

    async def write(connection: Connection, writer: int) -> list[int | None]:
        found = []
        for number in range(batches):
            names = [f"{writer}-{number}-{row}" for row in range(rows)]
            entries = [charge(book, name, "1.01") for name in names]
            # Everyone also writes this one.
            entries.append(charge(book, "shared", f"{writer}.{number:02}"))
            done = await book.apply_batch(batch_of(*entries), connection)
            found.append(done.revision)
        return found

    async with connections(analytics_settings, writers) as opened:
        taken = await asyncio.gather(*(write(one, i) for i, one in enumerate(opened)))
    revisions = [revision for one in taken for revision in one]
    assert sorted(revisions) == list(range(1, writers * batches + 1))  # type: ignore[type-var]
    assert all(one == sorted(one) for one in taken)  # type: ignore[type-var]
    assert await logged(book) == sorted(revisions)  # type: ignore[type-var]
    assert await book.head() == writers * batches
    found = await book.live(CHARGE)
    assert len(found) == writers * batches * rows + 1
    ((forms,),) = await book.rows(
        "select count(*) from fact_charge_history where practice_id = %(practice)s"
    )
    assert forms == writers * batches - 1, "each but the last form of the shared charge"


async def test_one_practice_does_not_wait_for_another(
    analytics_settings: Settings, book: Book, new_practice: NewPractice
) -> None:
    other = Book(book.connection, await new_practice())
    async with held(analytics_settings, book, "revision_head"), asyncio.timeout(0.9):
        # Less than the lock time-out: it never met the lock.
        assert (await other.apply(charge(other, "a", "1.00"))).revision == 1


async def test_many_practices_go_on_side_by_side(
    analytics_settings: Settings, connection: Connection, new_practice: NewPractice
) -> None:
    books = [Book(connection, await new_practice()) for _ in range(4)]

    async def write(own: Connection, book: Book) -> None:
        for number in range(5):
            await book.apply_batch(batch_of(charge(book, f"{number}", "2.00")), own)

    async with connections(analytics_settings, len(books)) as opened:
        await asyncio.gather(*map(write, opened, books))
    for book in books:
        assert await logged(book) == [1, 2, 3, 4, 5]
        assert len(await book.live(CHARGE)) == 5


async def test_a_lock_that_lasts_is_waited_for(analytics_settings: Settings, book: Book) -> None:
    async with connections(analytics_settings, 1) as (other,):
        async with held(analytics_settings, book, "revision_head"):
            waiting = asyncio.create_task(
                book.apply_batch(batch_of(charge(book, "a", "1.00")), other)
            )
            # Beyond the lock time-out of a second: the first attempt has failed.
            await asyncio.sleep(1.3)
            assert not waiting.done()
        done = await asyncio.wait_for(waiting, 10)
    assert (done.revision, done.inserted) == (1, 1)
    assert await logged(book) == [1]


async def test_a_lock_that_never_goes_is_a_conflict(
    analytics_settings: Settings, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "_TRIES", 1)
    async with held(analytics_settings, book, "revision_head"):
        with pytest.raises(Conflict, match="try again later"):
            await book.apply(charge(book, "a", "1.00"))
    assert (await book.apply(charge(book, "a", "1.00"))).revision == 1


async def test_a_cancelled_batch_leaves_nothing(analytics_settings: Settings, book: Book) -> None:
    async with (
        connections(analytics_settings, 1) as (other,),
        held(analytics_settings, book, "revision_head"),
    ):
        waiting = asyncio.create_task(book.apply_batch(batch_of(charge(book, "a", "1.00")), other))
        await asyncio.sleep(0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert (await book.head(), await book.live(CHARGE)) == (0, {})


# A client that dies.

CLIENT = """
import asyncio, sys, time, uuid
import psycopg
from datetime import date
from decimal import Decimal
from praxis_analytics.domain.facts import CHARGE, LEDGER, Batch, Source
from praxis_analytics.storage.apply import apply
from praxis_chassis.caller import Call, Caller, enter

async def main(conninfo, practice, charge):
    enter(Call(Caller(practice, "dying", frozenset({"owner"})), "r", "", time.monotonic() + 60))
    source, batch = Source("dying", "Claim/1"), Batch()
    entry = LEDGER.fact(source, "p", entry_id=uuid.uuid4(), amount=Decimal(5), entry="payment")
    batch.add(LEDGER, entry)
    batch.add(CHARGE, CHARGE.fact(source, "c", charge_id=charge, amount=Decimal(7)))
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await apply(connection, practice, batch, uuid.uuid4())

conninfo, *ids = sys.stdin.read().splitlines()
asyncio.run(main(conninfo, *map(uuid.UUID, ids)))
"""
WAITING = """
select count(*) from pg_stat_activity
where pid <> pg_backend_pid() and application_name = 'dying' and wait_event_type = 'Lock'
  and query like '%insert into fact_charge%'
"""


async def test_a_client_killed_in_the_middle_leaves_nothing(
    analytics_settings: Settings, book: Book, superuser: psycopg.Connection[tuple[int]]
) -> None:
    await book.apply(charge(book, "a", "1.00"))

    async def waits() -> bool:
        return superuser.execute(WAITING).fetchone() == (1,)

    async def gone() -> bool:
        found = superuser.execute(
            "select count(*) from pg_stat_activity where application_name = 'dying'"
        )
        return found.fetchone() == (0,)

    conninfo = psycopg.conninfo.make_conninfo(
        analytics_settings.conninfo("app"), application_name="dying"
    )
    async with held(analytics_settings, book, "fact_charge"):
        # It has the practice's lock and a payment written, and waits for the charge we hold.
        client = subprocess.Popen([sys.executable, "-c", CLIENT], stdin=subprocess.PIPE, text=True)
        assert client.stdin is not None
        ids = f"{book.practice_id}\n{book.id(CHARGE, 'a')}"
        client.stdin.write(f"{conninfo}\n{ids}")
        client.stdin.close()
        await eventually(waits, 30)
        os.kill(client.pid, signal.SIGKILL)
        assert client.wait() == -signal.SIGKILL
    await eventually(gone)
    assert (await book.head(), await book.live(LEDGER)) == (1, {})
    done = await book.apply(charge(book, "a", "2.00"), payment(book, "p", "1.00"))
    assert (done.revision, done.inserted, done.changed) == (2, 1, 1)


# Readers.


async def test_a_reader_sees_one_state_while_writers_go_on(
    analytics_settings: Settings, book: Book
) -> None:
    await book.apply(charge(book, "a", "10.00"), payment(book, "p", "4.00"))
    before = await book.ask(YEAR)
    async with (
        connections(analytics_settings, 1) as (reader,),
        transaction(reader, SNAPSHOT, book.practice_id, 60_000),
    ):
        first = await answer_at(reader, book.practice_id, YEAR)
        await book.apply(charge(book, "a", "11.00"))
        await book.apply(charge(book, "b", "5.00"), payment(book, "p", "6.00"))
        await book.apply(charge(book, "a", "11.00", voided=True))
        again = await answer_at(reader, book.practice_id, YEAR)
    after = await book.ask(YEAR)
    assert first.rows == again.rows == before.rows
    assert first.state.revision == again.state.revision == 1
    assert after.state.revision == 4
    assert [figure.value for figure in after.rows[0].figures] == [5, 6, 5]
    assert (await book.ask(YEAR, 1)).rows == before.rows


async def test_readers_never_see_half_a_batch(analytics_settings: Settings, book: Book) -> None:
    """Each batch moves ten amounts at once; their sum says which revision one looks at."""

    def batch(number: int) -> list[Entry]:
        return [charge(book, f"{row}", f"{number}.00") for row in range(10)] + [
            payment(book, "p", f"{number}.00")
        ]

    await book.apply(*batch(1))
    last, seen = 25, set[int]()

    async def write(own: Connection) -> None:
        for number in range(2, last + 1):
            await book.apply_batch(batch_of(*batch(number)), own)

    async def read(own: Connection, writing: asyncio.Task[None]) -> None:
        while True:
            ended = writing.done()
            async with transaction(own, SNAPSHOT, book.practice_id, 60_000):
                found = await answer_at(own, book.practice_id, YEAR)
            revision = found.state.revision
            charges, paid, _ = (figure.value for figure in found.rows[0].figures)
            assert (charges, paid) == (Decimal(10 * revision), Decimal(revision))
            async with transaction(own, SNAPSHOT, book.practice_id, 60_000):
                old = await answer_at(own, book.practice_id, YEAR, max(1, revision - 2))
            assert old.rows[0].figures[0].value == 10 * max(1, revision - 2)
            seen.add(revision)
            if ended:
                return

    async with connections(analytics_settings, 3) as (writer, *readers):
        writing = asyncio.create_task(write(writer))
        await asyncio.gather(writing, *(read(one, writing) for one in readers))
    assert last in seen
    assert len(seen) > 2, "the readers came too late to see anything"
