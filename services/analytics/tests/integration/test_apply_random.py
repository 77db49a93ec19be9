"""Random batches against the fact store in plain Python, and every revision read again later."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from conftest import NewPractice
from praxis_analytics.application.verify import verify
from praxis_analytics.domain.facts import CHARGE, LEDGER, PROVIDER, Batch, Kind
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.queries.answers import Answer
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book, Shelf

START = date(2025, 1, 1)
KINDS = (CHARGE, LEDGER, PROVIDER)
QUESTIONS = [
    Question(
        metrics=("total_charges", "total_payments", "refunds", "outstanding_balance"),
        period=Range(START, date(2025, 3, 31)),
        today=date(2025, 12, 31),
        time_zone="America/New_York",
        accrual_basis=False,
        dimensions=("provider",),
    ),
    Question(
        metrics=("total_revenue", "collection_rate"),
        period=Range(START, date(2025, 3, 31)),
        today=date(2025, 12, 31),
        time_zone="America/New_York",
        accrual_basis=False,
        grain="month",
    ),
]


class Source:
    """A source that sends copies of its resources in any order, some twice, some voided."""

    def __init__(self, book: Book, seed: int, *, versions: int) -> None:
        self.book = book
        self.random = random.Random(seed)
        self.versions = versions
        self.last = Batch()

    def batch(self) -> Batch:
        if self.random.random() < 0.2:
            return self.last
        batch = self.last = Batch()
        for _ in range(self.random.randint(1, 4)):
            self._copy(batch, f"Claim/{self.random.randint(1, 5)}")
        return batch

    def _copy(self, batch: Batch, resource: str) -> None:
        """A copy of a resource: some of its three lines, and whether the source owns them all."""
        version = self.random.randint(0, self.versions)
        for kind in KINDS:
            for line in self.random.sample(range(3), self.random.randint(0, 3)):
                entry = self.book.entry(
                    kind,
                    f"{resource}#{line}",
                    version=version,
                    resource=resource,
                    voided=self.random.random() < 0.15,
                    **self._values(kind),
                )
                batch.add(entry.kind, entry.row)
        if self.random.random() < 0.8:
            batch.yields(self.book.source(resource, version), KINDS)

    def _values(self, kind: Kind) -> dict[str, object]:
        # Few values, so that copies often agree.
        if kind is PROVIDER:
            return {"display_name": self.random.choice(["Dr A", "Dr B"])}
        day = START + timedelta(days=30 * self.random.randint(0, 2))
        who = self.book.id(PROVIDER, f"Claim/{self.random.randint(1, 5)}#0")
        amount = Decimal(self.random.choice(["10.00", "-3.50", "0.01"]))
        values: dict[str, object] = {"amount": amount, "posting_date": day, "provider_id": who}
        if kind is LEDGER:
            values["entry"] = self.random.choice(["payment", "refund", "adjustment", "transfer"])
        return values


async def check_revision(book: Book, shelf: Shelf, revision: int) -> None:
    for kind in KINDS:
        assert await book.live(kind, revision) == shelf.at(revision, kind)


@pytest.mark.parametrize(("seed", "versions"), [(1, 0), (2, 0), (3, 3), (4, 3), (5, 9), (6, 40)])
async def test_any_sequence_of_batches(
    connection: Connection, new_practice: NewPractice, seed: int, versions: int
) -> None:
    book, shelf = Book(connection, await new_practice()), Shelf()
    source = Source(book, seed, versions=versions)
    recorded: dict[int, list[Answer]] = {}
    unchanged = 0
    for _ in range(30):
        batch = source.batch()
        changes = shelf.apply(batch)
        done = await book.apply_batch(batch)
        assert (done.revision is not None) == changes
        unchanged += not changes
        head = len(shelf.revisions) - 1
        assert await book.head() == head
        for kind in KINDS:
            assert await book.live(kind) == shelf.at(head, kind)
        recorded[head] = [await book.ask(question) for question in QUESTIONS]
    assert len(recorded) > 8, "hardly anything happened"
    assert unchanged, "no batch was ever without effect"
    for revision, answers in recorded.items():
        await check_revision(book, shelf, revision)
        for question, then in zip(QUESTIONS, answers, strict=True):
            again = await book.ask(question, revision)
            assert again.rows == then.rows
            assert again.synthetic == then.synthetic
    assert all([one.holds async for one in verify(connection, book.practice_id)])


async def test_the_order_of_versions_does_not_matter(
    connection: Connection, new_practice: NewPractice
) -> None:
    """Copies whose versions differ end the same in every order, whatever they hold."""
    book = Book(connection, await new_practice())
    source = Source(book, 11, versions=0)
    copies = []
    for version in range(1, 25):
        batch = Batch()
        source._copy(batch, f"Claim/{source.random.randint(1, 5)}")
        fresh = Batch()
        for kind, rows in batch.rows.items():
            at = kind.version_at
            for row in rows.values():
                fresh.add(kind, (*row[:at], version, *row[at + 1 :]))
        for _, resource in {(r[-5], r[-4]) for rows in batch.rows.values() for r in rows.values()}:
            fresh.yields(book.source(str(resource), version), KINDS)
        copies.append(fresh)
    ends = []
    for shuffle in range(5):
        other = Book(connection, await new_practice())
        order = random.Random(shuffle).sample(copies, len(copies))
        for copy in order:
            await other.apply_batch(copy)
        ends.append([await other.live(kind) for kind in KINDS])
    assert any(ends[0])
    assert all(end == ends[0] for end in ends)
