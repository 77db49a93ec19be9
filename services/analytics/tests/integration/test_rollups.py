"""Roll-ups: a question answered from them says what the facts say, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice, enter_as
from praxis_analytics.application.rollup import roll_up, work_once
from praxis_analytics.application.verify import verify
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    CLAIM_EVENT,
    ENCOUNTER,
    PATIENT,
    PAYER,
)
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.rollups import Dirty, dirty_months, statements
from praxis_analytics.settings import Settings
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.book import Book, Entry, connections
from services.analytics.tests.random_clinic import START, ZONE, Clinic

SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
Superuser = psycopg.Connection[Any]
Found = dict[tuple[object, ...], Decimal]


@pytest_asyncio.fixture
async def workers(analytics_settings: Settings) -> AsyncIterator[list[Connection]]:
    """Two connections of the worker's login."""
    first, second = [
        await psycopg.AsyncConnection.connect(
            analytics_settings.conninfo("worker"), autocommit=True, prepare_threshold=None
        )
        for _ in range(2)
    ]
    async with first, second:
        yield [first, second]


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    return Book(connection, await new_practice(ZONE))


async def found(
    connection: Connection, question: Question, scope: dict[str, object], newest: bool, dirty: Dirty
) -> tuple[Found, set[tuple[object, ...]], bool, int]:
    """All sums that are not 0, the groups met, whether synthetic, and statements on roll-ups."""
    sums: Found = {}
    groups, synthetic, rolled = set(), False, 0
    periods = [question.period, *([question.comparison] if question.comparison else [])]
    for place, period in enumerate(periods):
        for statement in statements(question, period, scope, newest, dirty=dirty):
            rolled += " rollup_" in statement.sql
            cursor = await connection.execute(statement.sql.encode(), statement.parameters)
            for row in await cursor.fetchall():
                width = 1 + 2 * len(question.dimensions)
                keys = (place, row[0], *row[1:width:2])
                if question.dimensions:
                    groups.add(keys)
                synthetic = synthetic or row[width]
                for part, value in zip(statement.parts, row[width + 1 :], strict=True):
                    key = (*keys, part.id)
                    sums[key] = sums.get(key, Decimal(0)) + Decimal(value or 0)
    return {key: value for key, value in sums.items() if value}, groups, synthetic, rolled


async def check(
    connection: Connection, book: Book, question: Question, revision: int | None = None
) -> int:
    """Compares a question's roll-up form with its facts in one snapshot; counts the former."""
    async with transaction(connection, SNAPSHOT, book.practice_id, 60_000):
        cursor = await connection.execute(
            "select revision from revision_head where practice_id = %s", (book.practice_id,)
        )
        ((head,),) = await cursor.fetchall()
        at = head if revision is None else revision
        scope = {"practice": book.practice_id, "revision": at}
        dirty = await dirty_months(connection, question, scope)
        *by_rollups, rolled = await found(connection, question, scope, at == head, dirty)
        *by_facts, none = await found(connection, question, scope, at == head, {})
    assert none == 0
    assert by_rollups == by_facts, (question, at, dirty)
    return rolled


async def settle(superuser: Superuser, book: Book, worker: Connection) -> None:
    """Rolls up all, as if nothing had been touched a moment ago."""
    age(superuser, book)
    assert await roll_up(worker, book.practice_id)


def age(superuser: Superuser, book: Book) -> None:
    """Makes the marks of a practice an hour older."""
    with superuser.transaction():
        superuser.execute(
            "select from revision_head where practice_id = %s for update", (book.practice_id,)
        )
        for table in ("month_touched", "rollup_due"):
            superuser.execute(
                f"update {table} set touched_at = touched_at - interval '1 hour'"
                " where practice_id = %s".encode(),
                (book.practice_id,),
            )


@pytest.mark.parametrize("seed", range(2))
async def test_a_rolled_up_answer_is_the_answer_from_facts_at_any_revision(
    book: Book, workers: list[Connection], superuser: Superuser, seed: int
) -> None:
    clinic = Clinic(book, seed)
    rolled = asked = 0
    for step in range(24):
        await book.apply_batch(clinic.batch())
        if step % 4 == 3:
            await settle(superuser, book, clinic.random.choice(workers))
        for _ in range(5):
            question = clinic.question()
            head = await book.head()
            revision = clinic.random.choice([None, None, clinic.random.randint(0, head)])
            rolled += await check(book.connection, book, question, revision)
            asked += 1
    assert rolled > asked / 3, "hardly any question was answered from roll-ups"


async def test_with_two_workers_and_writers_running(
    book: Book, workers: list[Connection], superuser: Superuser, analytics_settings: Settings
) -> None:
    async with connections(analytics_settings, 3) as (one, two, reader):
        await asyncio.gather(*(book.apply_batch(Clinic(book, n).batch()) for n in (1,)))
        stop = asyncio.Event()

        async def write(connection: Connection, seed: int) -> int:
            clinic = Clinic(book, seed)
            count = 0
            while not stop.is_set():
                await book.apply_batch(clinic.batch(), connection)
                count += 1
                await asyncio.sleep(clinic.random.uniform(0, 0.06))
            return count

        async def work(connection: Connection) -> None:
            while not stop.is_set():
                await roll_up(connection, book.practice_id)
                await asyncio.sleep(0)

        async def grow_old() -> None:
            while not stop.is_set():
                # In a thread: it waits for writers, who need this one.
                await asyncio.to_thread(age, superuser, book)
                await asyncio.sleep(0.02)

        async def ask() -> int:
            clinic, rolled = Clinic(book, 99), 0
            for _ in range(100):
                revision = clinic.random.choice([None, clinic.random.randint(0, await book.head())])
                rolled += await check(reader, book, clinic.question(), revision)
            stop.set()
            return rolled

        tasks = [write(one, 5), write(two, 6), *map(work, workers), grow_old(), ask()]
        first, second, *_, rolled = await asyncio.gather(*tasks)
        assert min(first or 0, second or 0) > 3
        assert (rolled or 0) > 30, "hardly any question was answered from roll-ups"
        await settle(superuser, book, workers[0])
        for _ in range(20):
            await check(reader, book, Clinic(book, 7).question())


YEAR = Question(
    metrics=("total_charges",),
    period=Range(START, date(2025, 12, 31)),
    today=date(2026, 1, 1),
    time_zone=ZONE,
    accrual_basis=False,
)


async def dirty_at(book: Book, question: Question = YEAR, revision: int | None = None) -> set[date]:
    at = await book.head() if revision is None else revision
    async with transaction(book.connection, SNAPSHOT, book.practice_id, 10_000):
        scope = {"practice": book.practice_id, "revision": at}
        found = await dirty_months(book.connection, question, scope)
    return set(found["fact_charge.posting_date"])


def charge(book: Book, name: str, amount: str, day: date, **more: Any) -> Any:
    return book.entry(CHARGE, name, amount=Decimal(amount), posting_date=day, **more)


async def test_both_months_of_a_moved_fact_are_touched(
    book: Book, workers: list[Connection], superuser: Superuser
) -> None:
    january, march, may = date(2025, 1, 1), date(2025, 3, 1), date(2025, 5, 1)
    await book.apply(charge(book, "a", "10", date(2025, 1, 31)))
    assert await dirty_at(book) == {january}
    await settle(superuser, book, workers[0])
    assert await dirty_at(book) == set()
    assert await dirty_at(book, revision=0) == {january}, "it was touched after that revision"
    await book.apply(charge(book, "a", "10", date(2025, 3, 1)))
    assert await dirty_at(book) == {january, march}
    await settle(superuser, book, workers[0])
    await book.apply(charge(book, "a", "10", date(2025, 3, 1), voided=True))
    assert await dirty_at(book) == {march}
    await book.apply(charge(book, "a", "10", date(2025, 3, 1), voided=True))
    await book.apply(charge(book, "b", "1", may))
    assert await dirty_at(book) == {march, may}


DENIALS = replace(
    YEAR,
    metrics=("initial_denial_rate", "clean_claim_rate", "denied_claims", "days_to_adjudicate"),
    dimensions=("payer",),
    grain="month",
)
STORIES: dict[str, tuple[tuple[str, tuple[int, str, date, bool]], ...]] = {
    "an answer is corrected": (
        ("a", (1, "denied", date(2025, 3, 3), False)),
        ("a", (1, "paid", date(2025, 3, 3), False)),
    ),
    "the first answer is voided later": (
        ("a", (1, "denied", date(2025, 3, 3), False)),
        ("a", (2, "paid", date(2025, 5, 5), False)),
        ("a", (1, "denied", date(2025, 3, 3), True)),
    ),
    "the first answer moves": (
        ("a", (1, "denied", date(2025, 3, 3), False)),
        ("a", (1, "denied", date(2025, 6, 3), False)),
        ("a", (2, "paid", date(2025, 4, 3), False)),
    ),
    "an earlier answer arrives late": (
        ("a", (2, "paid", date(2025, 5, 5), False)),
        ("a", (1, "denied", date(2025, 1, 31), False)),
    ),
    "a rejection unmakes a clean claim": (
        ("a", (1, "submitted", date(2025, 1, 3), False)),
        ("a", (2, "rejected", date(2025, 7, 3), False)),
    ),
    "an event comes before its claim": (("b", (1, "denied", date(2025, 3, 3), False)),),
}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
async def test_what_became_of_a_claim_is_rolled_up_as_it_changes(
    book: Book,
    workers: list[Connection],
    superuser: Superuser,
    story: tuple[tuple[str, tuple[int, str, date, bool]], ...],
) -> None:
    own = {"created_on": date(2025, 1, 2), "first_adjudicated_on": date(2025, 2, 2)}
    own |= {"first_submitted_on": date(2025, 1, 9), "service_from": START}
    claim = partial(book.entry, CLAIM, first_pass_outcome="paid", billed=Decimal(10), **own)
    await book.apply(claim("a", payer_id=book.id(PAYER, "1")))
    await settle(superuser, book, workers[0])
    for version, (name, (seq, event, day, voided)) in enumerate(story, 1):
        values: dict[str, Any] = {"seq": seq, "event": event, "occurred_on": day, "voided": voided}
        row = CLAIM_EVENT.fact(
            book.source(f"{name}/{seq}", version),
            f"{name}/{seq}",
            claim_id=book.id(CLAIM, name),
            **values,
        )
        await book.apply(Entry(CLAIM_EVENT, row))
        assert await check(book.connection, book, DENIALS) > 0, "other months stand"
        await settle(superuser, book, workers[0])
        assert await check(book.connection, book, DENIALS) > 0
    await book.apply(claim("a", payer_id=book.id(PAYER, "2")), claim("b"))
    await check(book.connection, book, DENIALS)
    await settle(superuser, book, workers[0])
    for revision in range(await book.head() + 1):
        await check(book.connection, book, DENIALS, revision)
    for today in (date(2025, 2, 20), date(2025, 3, 3), date(2025, 5, 4), date(2025, 12, 31)):
        await check(book.connection, book, replace(DENIALS, today=today))
    assert await check(book.connection, book, DENIALS) > 0


async def test_another_zone_or_formula_is_another_roll_up(
    book: Book, workers: list[Connection], superuser: Superuser
) -> None:
    at = datetime(2025, 3, 1, 2, tzinfo=UTC)
    await book.apply(book.entry(APPOINTMENT, "a", start_at=at, status="noshow"))
    await settle(superuser, book, workers[0])
    months = Range(date(2025, 2, 1), date(2025, 3, 31))
    question = replace(YEAR, metrics=("no_show_appointments",), period=months)
    assert await check(book.connection, book, question) > 0
    assert await check(book.connection, book, replace(question, time_zone="Asia/Tokyo")) == 0
    superuser.execute(
        "update month_rolled set definition = 'older' where practice_id = %s", (book.practice_id,)
    )
    assert await check(book.connection, book, question) == 0
    await settle(superuser, book, workers[1])
    assert await check(book.connection, book, question) > 0


async def test_a_month_touched_a_moment_ago_is_left_alone(
    book: Book, workers: list[Connection], superuser: Superuser
) -> None:
    enter_as(book.practice_id)
    await book.apply(charge(book, "a", "10", START))
    superuser.execute(
        "update month_touched set touched_at = touched_at + interval '30 minutes'"
        " where practice_id = %s",
        (book.practice_id,),
    )
    assert not await roll_up(workers[0], book.practice_id)
    assert await dirty_at(book) == {START}
    await settle(superuser, book, workers[0])
    assert await dirty_at(book) == set()


async def test_the_worker_finds_the_practices_that_need_it(
    book: Book, workers: list[Connection], superuser: Superuser
) -> None:
    await book.apply(charge(book, "a", "10", START))
    age(superuser, book)
    for _ in range(1000):
        if not await work_once(workers[0]):
            break
    else:
        pytest.fail("there was always more to do")
    assert await dirty_at(book) == set()
    ((rolled, touched),) = superuser.execute(
        "select rolled_at, touched_at from rollup_due where practice_id = %s", (book.practice_id,)
    ).fetchall()
    assert rolled == touched


async def test_patients_are_numbered_once_and_without_gaps(
    book: Book, workers: list[Connection], superuser: Superuser
) -> None:
    clinic = Clinic(book, 3)
    for _ in range(12):
        await book.apply_batch(clinic.batch())
        age(superuser, book)
        await asyncio.gather(*(roll_up(worker, book.practice_id) for worker in workers))
    numbers = sorted(
        number
        for (number,) in superuser.execute(
            "select number from patient_number where practice_id = %s", (book.practice_id,)
        )
    )
    assert numbers == list(range(len(numbers)))
    assert 2 <= len(numbers) <= 5


TAMPERING = {
    "update rollup_month set sums[1] = sums[1] + 1": "roll-ups of fact_charge.posting_date",
    "delete from rollup_day": "roll-ups of fact_charge.posting_date",
    "update rollup_patients set bits = ~bits": "roll-ups of fact_encounter.start_at",
    "update fact_charge set provider_id = charge_id": "roll-ups of fact_charge.posting_date",
}


@pytest.mark.parametrize(("change", "finding"), TAMPERING.items())
async def test_verify_names_the_first_difference(
    book: Book, workers: list[Connection], superuser: Superuser, change: str, finding: str
) -> None:
    visit = {"start_at": datetime(2025, 3, 3, 15, tzinfo=UTC), "status": "finished", "class": "AMB"}
    patient = {"patient_id": book.id(PATIENT, "1")}
    await book.apply(charge(book, "a", "10", START), book.entry(ENCOUNTER, "1", **visit, **patient))
    await settle(superuser, book, workers[0])
    findings = {one.name: one async for one in verify(book.connection, book.practice_id)}
    assert all(one.holds for one in findings.values())
    assert findings["roll-ups of fact_charge.posting_date"].detail == "1 months as the facts"
    superuser.execute(f"{change} where practice_id = %s".encode(), (book.practice_id,))
    broken = {one.name: one async for one in verify(book.connection, book.practice_id)}
    assert not broken[finding].holds
    assert "2025-0" in broken[finding].detail
