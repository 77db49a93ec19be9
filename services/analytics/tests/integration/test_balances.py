"""Balances kept by account: at every day they say what all facts say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from conftest import NewPractice
from praxis_analytics.domain.facts import CHARGE, CLAIM, ENCOUNTER, LEDGER, PAYER, Batch, Kind
from praxis_analytics.domain.registry.sources import ACCOUNTS
from praxis_analytics.queries.sources import from_source
from praxis_analytics.storage import balances
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.book import Book
from services.analytics.tests.random_clinic import DAYS, START, ZONE, Clinic

_COLUMNS = ", ".join(f"f.{name}" for name in ACCOUNTS.types)


class Bills(Clinic):
    """Charges and ledger entries of a few claims and visits, that move between them."""

    def batch(self) -> Batch:
        batch = super().batch()
        for _ in range(self.random.randint(1, 8)):
            kind = self.random.choice((CHARGE, LEDGER))
            self.version += 1
            number = self.random.randint(1, 40)
            entry = self.book.entry(
                kind,
                str(number),
                version=self.version,
                voided=self.random.random() < 0.15,
                resource=f"bill/{number % 7}",
                **self.values(kind),
            )
            batch.add(entry.kind, entry.row)
        if self.random.random() < 0.3:
            self.version += 1
            source = self.book.source(f"bill/{self.random.randint(0, 6)}", self.version)
            batch.yields(source, (CHARGE, LEDGER))
        return batch

    def values(self, kind: Kind) -> dict[str, object]:
        values = super().values(kind)
        if kind is PAYER:
            values["payer_class"] = self.random.choice(["self_pay", "commercial"])
        if kind in (CHARGE, LEDGER):
            values |= {"claim_id": self.one_of(CLAIM), "encounter_id": self.one_of(ENCOUNTER)}
            values["amount"] = Decimal(self.random.choice([-10, 5, 10, 10, 20]))
            if self.random.random() < 0.6:
                values["payer_id"] = self.book.id(PAYER, "1")
            if self.random.random() < 0.1:
                values["posting_date"] = None
        if kind is LEDGER:
            values["charge_id"] = self.one_of(CHARGE)
            if self.random.random() < 0.1:
                values["entry"] = "transfer"
        return values


async def accounts(book: Book, day: date, **how: Any) -> list[Any]:
    """Accounts that are not settled at the end of a day."""
    facts = from_source(ACCOUNTS, (_COLUMNS,), **how)
    return await book.rows(
        f"select {_COLUMNS} from {facts} where f.balance <> 0 order by f.account",
        end_on=day,
        revision=await book.head(),
    )


async def kept(book: Book) -> tuple[int, str]:
    async with transaction(book.connection, "BEGIN", book.practice_id, 60_000):
        return await balances.difference(book.connection, book.practice_id)


@pytest.mark.parametrize("seed", range(2))
async def test_kept_balances_are_those_of_all_facts_on_any_day(
    connection: Connection, new_practice: NewPractice, seed: int
) -> None:
    book = Book(connection, await new_practice(ZONE))
    clinic, seen, met = Bills(book, seed), 0, [0, 0, 0, 0]
    for _ in range(25):
        await book.apply_batch(clinic.batch())
        count, wrong = await kept(book)
        assert wrong == ""
        for ahead in (0, clinic.random.randint(1, DAYS), DAYS, DAYS + 90):
            day = START + timedelta(ahead)
            by_balances = await accounts(book, day, newest=True)
            assert by_balances == await accounts(book, day, newest=True, settled=True)
            assert by_balances == await accounts(book, day, newest=False)
            seen += len(by_balances)
        ((*kinds,),) = await book.rows(
            "select count(*) filter (where balance <> 0 and stands_from <= %(day)s),"
            " count(*) filter (where stands_from > %(day)s and isfinite(stands_from)),"
            " count(*) filter (where not isfinite(stands_from)),"
            " count(*) filter (where balance = 0)"
            " from account_balance where practice_id = %(practice)s",
            day=START + timedelta(DAYS * 3 // 4),
        )
        met = [before + now for before, now in zip(met, kinds, strict=True)]
    assert min(count, seen, *met) > 0, "some kind of account was never met"
