"""`apply`, one batch after the other: revisions, history, voids, late copies, rollbacks."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis.analytics.v1 import events_pb2
from praxis_analytics.domain.facts import CHARGE, CLAIM, CONDITION, LEDGER, PATIENT, Batch
from praxis_analytics.storage.apply import BATCH_MOST, Applied, apply
from praxis_chassis.database import Connection
from praxis_chassis.errors import InvalidInput
from services.analytics.tests.book import Book, Entry, batch_of

MAY, JUNE = date(2025, 5, 20), date(2025, 6, 3)
CLAIM_KINDS = (CHARGE, CLAIM)


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    return Book(connection, await new_practice())


def charge(book: Book, name: str, amount: str, day: date = MAY, **more: object) -> Entry:
    return book.entry(CHARGE, name, amount=Decimal(amount), posting_date=day, **more)


async def amounts(book: Book, revision: int | None = None) -> dict[str, Decimal]:
    """Amounts of the charges that count, by source id."""
    found = await book.live(CHARGE, revision)
    of = {book.id(CHARGE, name): name for name in ("a", "b", "c")}
    return {of[row[0]]: row[CHARGE.names.index("amount")] for row in found.values()}  # type: ignore[index, misc]


async def history(book: Book) -> list[tuple[int, int, Decimal]]:
    return await book.rows(
        "select rev_from, rev_to, amount from fact_charge_history"
        " where practice_id = %(practice)s order by charge_id, rev_from"
    )


async def test_each_batch_is_one_revision_with_its_log_and_event(book: Book) -> None:
    first = await book.apply(charge(book, "a", "10.00"), charge(book, "b", "20.00"))
    second = await book.apply(charge(book, "b", "25.50"), charge(book, "c", "1.00"))
    assert (first.revision, first.inserted, first.changed) == (1, 2, 0)
    assert (second.revision, second.inserted, second.changed) == (2, 1, 1)
    assert await history(book) == [(1, 2, Decimal("20.00"))]
    log = await book.rows(
        "select revision, changed, amounts, import_batch_id from revision_log"
        " where practice_id = %(practice)s order by revision"
    )
    assert log == [
        (1, {"fact_charge": 2}, {"fact_charge": "30.00"}, book.import_id),
        (2, {"fact_charge": 2}, {"fact_charge": "6.50"}, book.import_id),
    ]


async def test_the_event_of_a_revision_is_in_its_transaction(
    book: Book, superuser: psycopg.Connection[tuple[bytes]]
) -> None:
    await book.apply(charge(book, "a", "10.00"))
    await book.apply(charge(book, "a", "10.00"))
    rows = superuser.execute(
        "select payload from event_log where practice_id = %s", (book.practice_id,)
    ).fetchall()
    (event,) = [events_pb2.RevisionRecorded.FromString(payload) for (payload,) in rows]
    assert (event.practice_id, event.revision) == (str(book.practice_id), 1)
    assert dict(event.changed) == {"fact_charge": 1}


async def test_recorded_at_never_goes_back(book: Book) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)
    await book.apply(charge(book, "a", "10.00"))
    await book.rows(
        "update revision_head set recorded_at = %(ahead)s where practice_id = %(practice)s"
        " returning 1",
        ahead=ahead,
    )
    await book.apply(charge(book, "a", "11.00"))
    times = await book.rows(
        "select recorded_at from revision_log where practice_id = %(practice)s order by revision"
    )
    assert times[0][0] < times[1][0] == ahead


async def test_a_batch_that_changes_nothing_takes_no_revision(book: Book) -> None:
    entries = (charge(book, "a", "10.00", code="99213", modifiers=["25", "x,y"]),)
    assert (await book.apply(*entries)).revision == 1
    book.import_id = uuid.uuid4()  # bookkeeping only
    again = await book.apply(*entries)
    assert again == Applied()
    assert await book.apply() == Applied()
    assert await book.head() == 1
    assert await history(book) == []


async def test_a_correction_moves_a_fact_to_another_month(book: Book) -> None:
    await book.apply(charge(book, "a", "10.00", MAY))
    await book.apply(charge(book, "a", "10.00", JUNE))

    async def months(revision: int) -> list[date]:
        rows = await book.live(CHARGE, revision)
        return [row[CHARGE.names.index("posting_date")] for row in rows.values()]  # type: ignore[misc]

    assert await months(1) == [MAY]
    assert await months(2) == [JUNE]


# Voids and late copies.

LATE = {
    # version of the late copy → does the voided fact come back?
    "an older version": (1, False),
    "the same version": (2, False),
    "a newer version": (3, True),
}


@pytest.mark.parametrize(("late", "returns"), LATE.values(), ids=LATE)
async def test_a_void_followed_by_a_late_copy(book: Book, late: int, returns: bool) -> None:
    await book.apply(charge(book, "a", "10.00", version=1))
    assert (await book.apply(charge(book, "a", "10.00", version=2, voided=True))).revision == 2
    assert await amounts(book) == {}
    done = await book.apply(charge(book, "a", "12.00", version=late))
    assert await amounts(book) == ({"a": Decimal("12.00")} if returns else {})
    assert done.revision == (3 if returns else None)
    assert await amounts(book, 1) == {"a": Decimal("10.00")}
    assert await amounts(book, 2) == {}


async def test_a_void_without_versions_is_final(book: Book) -> None:
    await book.apply(charge(book, "a", "10.00"))
    await book.apply(charge(book, "a", "10.00", voided=True))
    assert (await book.apply(charge(book, "a", "10.00"))).revision is None
    assert await amounts(book) == {}


async def test_a_void_that_comes_first_holds_back_what_it_voids(book: Book) -> None:
    await book.apply(charge(book, "a", "10.00", version=2, voided=True))
    await book.apply(charge(book, "a", "10.00", version=1))
    await book.apply(charge(book, "a", "10.00", version=2))
    assert await amounts(book) == {}


async def test_an_older_copy_cannot_pass_a_newer_one_of_the_same_content(book: Book) -> None:
    await book.apply(charge(book, "a", "10.00", version=1))
    confirmed = await book.apply(charge(book, "a", "10.00", version=5))
    assert confirmed.revision is None
    late = await book.apply(charge(book, "a", "99.00", version=3))
    assert late.revision is None
    assert await amounts(book) == {"a": Decimal("10.00")}


async def test_a_batch_keeps_the_newest_copy_of_a_fact(book: Book) -> None:
    batch = Batch()
    for version, amount in ((1, "1.00"), (3, "3.00"), (2, "2.00")):
        entry = charge(book, "a", amount, version=version)
        replaced = batch.add(entry.kind, entry.row)
        assert replaced == (version == 3)
    await book.apply_batch(batch)
    assert await amounts(book) == {"a": Decimal("3.00")}


# What a resource yields.


def claim_copy(book: Book, version: int, charges: dict[str, str], name: str = "Claim/1") -> Batch:
    """A copy of a claim with these charge lines."""
    entries = [
        charge(book, line, amount, version=version, resource=name)
        for line, amount in charges.items()
    ]
    return batch_of(*entries, yields=[(book.source(name, version), CLAIM_KINDS)])


@pytest.mark.parametrize("versioned", [True, False])
async def test_what_a_resource_no_longer_yields_is_voided_and_may_come_back(
    book: Book, versioned: bool
) -> None:
    copies: list[dict[str, str]] = [{"a": "1", "b": "2"}, {"a": "1"}, {}, {"b": "2"}]
    for number, copy in enumerate(copies, 1):
        done = await book.apply_batch(claim_copy(book, number * versioned, copy))
        assert done.revision == number
        assert await amounts(book) == {name: Decimal(text) for name, text in copy.items()}
    assert await amounts(book, 1) == {"a": Decimal(1), "b": Decimal(2)}
    reasons = await book.rows(
        "select void_reason from fact_charge where practice_id = %(practice)s and voided"
    )
    assert reasons == [("gone",)]


async def test_only_the_kinds_it_may_yield_are_voided(book: Book) -> None:
    await book.apply(charge(book, "a", "1.00", resource="Claim/1"))
    await book.apply(yields=[(book.source("Claim/1"), (CLAIM, LEDGER))])
    assert await amounts(book) == {"a": Decimal(1)}
    await book.apply(yields=[(book.source("Claim/1"), CLAIM_KINDS)])
    assert await amounts(book) == {}


async def test_resources_of_two_systems_with_one_name_do_not_meet(
    book: Book, connection: Connection
) -> None:
    other = Book(connection, book.practice, system="other")
    await book.apply_batch(claim_copy(book, 1, {"a": "1"}))
    await other.apply_batch(claim_copy(other, 9, {"a": "2"}))
    await other.apply_batch(claim_copy(other, 10, {}))
    assert [row[CHARGE.names.index("amount")] for row in (await book.live(CHARGE)).values()] == [1]
    await book.apply_batch(claim_copy(book, 2, {"a": "5"}))
    assert await amounts(book) == {"a": Decimal(5)}


VERSIONS: dict[int, dict[str, str]] = {
    1: {"a": "1", "b": "2"},
    2: {"a": "1"},
    3: {},
    4: {"a": "4", "c": "3"},
}


@pytest.mark.parametrize("newest", [2, 3, 4])
async def test_every_order_of_a_resource_s_copies_ends_the_same(
    connection: Connection, new_practice: NewPractice, newest: int
) -> None:
    wanted = {name: Decimal(text) for name, text in VERSIONS[newest].items()}
    for order in itertools.permutations(range(1, newest + 1)):
        book = Book(connection, await new_practice())
        for version in order:
            await book.apply_batch(claim_copy(book, version, VERSIONS[version]))
        assert await amounts(book) == wanted, order
        for version in order:  # and all of them once more
            await book.apply_batch(claim_copy(book, version, VERSIONS[version]))
        assert await amounts(book) == wanted, order


async def test_copies_in_one_batch_end_the_same_too(
    connection: Connection, new_practice: NewPractice
) -> None:
    for order in itertools.permutations((1, 2, 4)):
        book = Book(connection, await new_practice())
        batch = Batch()
        for version in order:
            copy = claim_copy(book, version, VERSIONS[version])
            for row in copy.rows.get(CHARGE, {}).values():
                batch.add(CHARGE, row)
            batch.yields(book.source("Claim/1", version), CLAIM_KINDS)
        await book.apply_batch(batch)
        assert await amounts(book) == {"a": Decimal(4), "c": Decimal(3)}, order


# Limits and rollbacks.


async def test_more_than_ten_thousand_facts_are_refused(book: Book) -> None:
    def batch(count: int) -> Batch:
        return batch_of(*(charge(book, str(index), "1.00") for index in range(count)))

    with pytest.raises(InvalidInput, match="10000 facts, not 10001"):
        await book.apply_batch(batch(BATCH_MOST + 1))
    assert await book.head() == 0
    assert (await book.apply_batch(batch(BATCH_MOST))).inserted == BATCH_MOST


async def test_a_practice_that_is_not_there_is_refused(connection: Connection) -> None:
    with pytest.raises(InvalidInput, match="no revision head"):
        await apply(connection, uuid.uuid4(), Batch(), uuid.uuid4())


Break = Callable[[Book], Awaitable[Applied]]


async def _too_large(book: Book) -> Applied:
    """Fails in the stage, before the lock."""
    return await book.apply(charge(book, "b", "2.00"), charge(book, "c", "1e13"))


async def _without_a_patient_s_key(book: Book) -> Applied:
    """Fails in the second table written, after the first was."""
    return await book.apply(
        charge(book, "b", "2.00"),
        Entry(PATIENT, PATIENT.fact(book.source("Patient/x"), "x", mrn="1")),
    )


@pytest.mark.parametrize("fail", [_too_large, _without_a_patient_s_key])
async def test_a_failure_leaves_nothing_behind_and_uses_no_revision(
    book: Book, fail: Break, superuser: psycopg.Connection[tuple[int]]
) -> None:
    await book.apply(charge(book, "a", "10.00"))
    with pytest.raises(psycopg.DatabaseError):
        await fail(book)
    assert await book.head() == 1
    assert await amounts(book) == {"a": Decimal(10)}
    events = superuser.execute(
        "select count(*) from event_log where practice_id = %s", (book.practice_id,)
    ).fetchone()
    assert events == (1,)
    # The same connection goes on, and the next revision has the next number.
    assert (await book.apply(charge(book, "b", "2.00"))).revision == 2
    assert await amounts(book) == {"a": Decimal(10), "b": Decimal(2)}


# Values.

NASTY = [
    "", " ", "\\N", "\\.", "a\tb", "a\nb\r\n", "back\\slash", '"quoted"', "{a,b}", "NULL", "null",
    "O'Brien; drop table", "ünï©ødé 漢字 🩺", "%s %(practice)s", "\\x41", ",", "'",
]  # fmt: skip


async def test_every_text_arrives_as_it_is(book: Book) -> None:
    await book.apply(
        *(
            book.entry(CONDITION, str(index), display=text, codings=[text, *NASTY], code=text)
            for index, text in enumerate(NASTY)
        )
    )
    stored = await book.live(CONDITION)
    columns = [CONDITION.names.index(name) for name in ("display", "code", "codings")]
    for index, text in enumerate(NASTY):
        row = stored[(book.id(CONDITION, str(index)),)]
        assert [row[column] for column in columns] == [text, text, [text, *NASTY]]
    assert (await book.apply(book.entry(CONDITION, "e", codings=[]))).inserted == 1
    assert (await book.live(CONDITION))[(book.id(CONDITION, "e"),)][columns[2]] == []


async def test_what_no_text_can_hold_is_replaced(book: Book) -> None:
    await book.apply(book.entry(CONDITION, "x", display="nul\x00 half \ud83d pair"))
    ((display,),) = await book.rows(
        "select display from fact_condition where practice_id = %(practice)s"
    )
    assert display == "nul half ? pair"


async def test_money_and_instants_arrive_exactly(book: Book) -> None:
    start = datetime(2025, 3, 9, 6, 59, 59, 999999, UTC)
    await book.apply(
        charge(book, "a", "999999999999.99"), charge(book, "b", "-0.01"), charge(book, "c", "1E+3")
    )
    assert await amounts(book) == {
        "a": Decimal("999999999999.99"), "b": Decimal("-0.01"), "c": Decimal(1000)
    }  # fmt: skip
    await book.apply(book.entry(PATIENT, "p", deceased_at=start, birth_date=date(1924, 2, 29)))
    ((deceased, born),) = await book.rows(
        "select deceased_at, birth_date from dim_patient where practice_id = %(practice)s"
    )
    assert (deceased, born) == (start, date(1924, 2, 29))
