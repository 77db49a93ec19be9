"""Random questions over random facts, against the same answered by hand in plain Python."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from conftest import NewPractice
from praxis_analytics.domain.facts import (
    APPOINTMENT,
    CHARGE,
    CLAIM,
    ENCOUNTER,
    LEDGER,
    PATIENT,
    PAYER,
    PROVIDER,
)
from praxis_analytics.domain.periods import Range, buckets, previous
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.dimensions import dimensions_of
from praxis_analytics.domain.registry.model import Computed
from praxis_analytics.queries.answers import Answer, AnswerRow
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book, Entry, Shelf, batch_of
from services.analytics.tests.by_hand import (
    BALANCE,
    FLOWS,
    RATIOS,
    SUMS,
    Asked,
    ByHand,
    Figure,
    as_facts,
)

# Zones and the days on which their clocks do something: skip or repeat an hour, also at midnight,
# or leave out a whole day.
ZONES = {
    "America/New_York": (date(2025, 3, 9), date(2025, 11, 2)),
    "Asia/Kolkata": (date(2025, 3, 31), date(2025, 12, 31)),
    "Pacific/Apia": (date(2011, 12, 29), date(2012, 4, 1)),
    "Atlantic/Azores": (date(2025, 3, 30), date(2025, 10, 26)),
    "America/Havana": (date(2025, 3, 9), date(2025, 11, 2)),
    "Africa/Cairo": (date(2025, 4, 25), date(2025, 10, 31)),
}
# Metrics that are answered by hand as well.
KNOWN = {*SUMS, *RATIOS, BALANCE}
PAYER_CLASS = {"m": "medicare", "c": "commercial", "d": "medicaid", "x": None}


class Clinic:
    """Random facts of one practice, revision by revision."""

    def __init__(self, book: Book, zone: str, seed: object) -> None:
        self.book, self.zone, self.shelf = book, zone, Shelf()
        self.random = random.Random(f"{zone} {seed}")
        self.days = ZONES[zone]

    def day(self) -> date:
        return self.random.choice(self.days) + timedelta(days=self.random.randint(-45, 45))

    def instant(self) -> datetime:
        """Often near midnight of one of the days that matter."""
        if self.random.random() < 0.3:
            return datetime.combine(self.day(), datetime.min.time(), UTC)
        noon = datetime.combine(self.random.choice(self.days), datetime.min.time(), UTC)
        return noon + timedelta(minutes=5 * self.random.randint(-12 * 40, 12 * 40))

    def _who(self) -> dict[str, object]:
        of = {
            "provider_id": (PROVIDER, "123"),
            "payer_id": (PAYER, "mcdxu"),
            "patient_id": (PATIENT, "pqrs"),
        }
        found: dict[str, object] = {}
        for column, (kind, names) in of.items():
            none = self.random.random() < 0.1
            found[column] = None if none else self.book.id(kind, self.random.choice(names))
        return found

    def _account(self) -> dict[str, object]:
        kind = self.random.choice(["claim", "claim", "claim", "visit", "none"])
        if kind == "none":
            return {}
        name = str(self.random.randint(0, 30))
        if kind == "claim":
            return {"claim_id": self.book.id(CLAIM, name)}
        return {"encounter_id": self.book.id(ENCOUNTER, name)}

    def _amount(self) -> Decimal:
        return Decimal(self.random.randint(-2_000, 20_000)) / 100

    def _fact(self) -> Entry:
        rng, values = self.random, self._who()
        kind = rng.choice(FLOWS)
        name = str(rng.randint(0, 120))
        if kind in (CHARGE, LEDGER):
            values |= {"amount": self._amount(), "posting_date": self.day(), **self._account()}
        else:
            values["start_at"] = self.instant()
        if kind is LEDGER:
            values["entry"] = rng.choice(["payment"] * 4 + ["adjustment", "refund", "transfer"])
            values["reason"] = rng.choice(
                ["insurance", "patient", "contractual", "self_pay_discount", "recoupment", None]
            )
        if kind is ENCOUNTER:
            values["status"] = rng.choice(["finished"] * 4 + ["planned"])
            values["class"] = rng.choice(["AMB", "VR", "HH", "EMER", "IMP"])
            values["type_code"] = rng.choice([None, "185349003", "308646001"])
        if kind is APPOINTMENT:
            values["status"] = rng.choice(
                ["fulfilled", "noshow", "cancelled", "booked", "arrived", "entered-in-error"]
            )
            if rng.random() < 0.05:
                values["start_at"] = None
        voided, synthetic = rng.random() < 0.1, rng.random() < 0.01
        return self.book.entry(kind, name, voided=voided, synthetic=synthetic, **values)

    async def grow(self, count: int) -> None:
        """One more revision of random facts, corrections and voids."""
        classes = dict(PAYER_CLASS)
        if self.random.random() < 0.5:
            classes["d"] = "dual"
        entries = [
            self.book.entry(PAYER, name, name=name, payer_class=kind)
            for name, kind in classes.items()
        ]
        entries += [
            self.book.entry(PROVIDER, name, display_name=f"Dr {9 - int(name)}") for name in "12"
        ]
        entries += [self._fact() for _ in range(count)]
        batch = batch_of(*entries)
        done = await self.book.apply_batch(batch)
        assert self.shelf.apply(batch) == (done.revision is not None)

    def by_hand(self, revision: int) -> ByHand:
        kinds = (*FLOWS, PAYER)
        return ByHand({k: as_facts(k, self.shelf.at(revision, k).values()) for k in kinds})

    # Questions.

    def question(self) -> Question:
        rng = self.random
        dimension = rng.choice(["", "", "provider", "payer_class"])
        grain = rng.choice(["", "", "day", "week", "month", "quarter"])
        filters = self._filters()
        named = {dimension, *(name for name, _ in filters)} - {""}
        able = [
            metric.id
            for metric in METRICS.values()
            if metric.id in KNOWN
            and named <= set(dimensions_of(metric))
            and (metric.trendable or not grain)
        ]
        start = self.day() + timedelta(days=rng.choice([-30, 0, 0, 0, 30, 400]))
        if rng.random() < 0.3:
            start = start.replace(day=1)
        period = Range(start, start + timedelta(days=rng.choice([0, 0, 1, 6, 29, 30, 89, 120])))
        return Question(
            metrics=tuple(rng.sample(able, rng.randint(1, min(5, len(able))))),
            period=period,
            today=rng.choice([self.day(), date(2026, 1, 1), date(2026, 1, 1)]),
            time_zone=self.zone,
            accrual_basis=rng.random() < 0.3,
            comparison=rng.choice([None, previous(period)]),
            dimensions=(dimension,) if dimension else (),
            grain=grain,
            filters=filters,
        )

    def _filters(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        rng = self.random
        found = []
        if rng.random() < 0.25:
            classes = rng.sample(["medicare", "medicaid", "commercial", ""], rng.randint(1, 3))
            found.append(("payer_class", tuple(classes)))
        if rng.random() < 0.25:
            ids = [str(self.book.id(PROVIDER, name)) for name in "123"]
            found.append(("provider", tuple(rng.sample([*ids, ""], rng.randint(1, 2)))))
        return tuple(found)


def asked(question: Question, period: Range) -> Asked:
    return Asked(
        question.metrics, period.start, period.end, question.today, question.time_zone,
        question.accrual_basis, "".join(question.dimensions), question.grain, question.filters,
    )  # fmt: skip


def plain(metric: str, figure: Computed) -> Figure:
    """A figure of the product in the form of one made by hand."""
    if figure.reason == "no_source_data":
        return None, figure.reason, None, None
    if metric in SUMS or metric == BALANCE:
        assert figure.denominator is None
    return figure.value, figure.reason, figure.numerator, figure.denominator


def check(question: Question, found: Answer, truth: ByHand) -> int:
    """Compares an answer with the one by hand; returns how many figures had a value."""
    now = truth.answer(asked(question, question.period))
    comparison = question.comparison
    before = truth.answer(asked(question, comparison)) if comparison else {}
    spans = _starts(question, question.period)
    earlier = _starts(question, comparison) if comparison else []
    keys = {key for _, key in (*now, *before)} if question.dimensions else {None}
    rows = {(row.bucket, row.key): row for row in found.rows}
    assert len(rows) == len(found.rows)
    assert set(rows) == {(start, key) for start in spans for key in keys or {None}}
    nothing = truth.answer(asked(question, question.period)).get((None, None))
    assert question.dimensions or question.grain or nothing is not None
    values = 0
    for index, start in enumerate(spans):
        for key in keys or {None}:
            row = rows[start, key]
            values += _compare(question, row.figures, now.get((start, key)), truth, question.period)
            if comparison is None or index >= len(earlier):
                assert row.comparison is None
                continue
            assert row.comparison is not None
            then = before.get((earlier[index], key))
            _compare(question, row.comparison, then, truth, comparison)
    return values


def _starts(question: Question, period: Range) -> list[date | None]:
    return [b.start for b in buckets(period, question.grain)] if question.grain else [None]


def _compare(
    question: Question,
    figures: tuple[Computed, ...],
    wanted: list[Figure] | None,
    truth: ByHand,
    period: Range,
) -> int:
    if wanted is None:  # a group without facts: what an empty group yields
        lonely = Asked(
            question.metrics, period.start, period.end, question.today, question.time_zone,
            question.accrual_basis, filters=(("provider", ("nobody",)),),
        )  # fmt: skip
        wanted = truth.answer(lonely)[None, None]
    found = [plain(m, f) for m, f in zip(question.metrics, figures, strict=True)]
    assert found == wanted
    return sum(figure[0] is not None for figure in found)


@pytest.mark.parametrize("zone", ZONES)
async def test_random_questions(
    connection: Connection, new_practice: NewPractice, zone: str
) -> None:
    clinic = Clinic(Book(connection, await new_practice(zone)), zone, "questions")
    for count in (60, 150, 60, 60):
        await clinic.grow(count)
    head = len(clinic.shelf.revisions) - 1
    truths = {revision: clinic.by_hand(revision) for revision in range(head + 1)}
    values = 0
    for number in range(80):
        question = clinic.question()
        revision = clinic.random.randint(0, head) if number % 3 == 0 else head
        found = await clinic.book.ask(question, None if revision == head else revision)
        assert found.state.revision == revision
        values += check(question, found, truths[revision])
    assert values > 200, "hardly any question met a fact"


ADDITIVE = tuple(sorted({*SUMS, BALANCE}))


@pytest.mark.parametrize("zone", ["America/New_York", "Atlantic/Azores"])
async def test_parts_add_up_to_the_whole(
    connection: Connection, new_practice: NewPractice, zone: str
) -> None:
    clinic = Clinic(Book(connection, await new_practice(zone)), zone, "whole")
    await clinic.grow(300)

    async def totals(question: Question, **change: Any) -> list[Decimal]:
        asked_for = Question(**{**question.__dict__, **change})
        rows: list[AnswerRow] = list((await clinic.book.ask(asked_for)).rows)
        return [sum((f.value for f in of if f.value), Decimal(0))
                for of in zip(*(row.figures for row in rows), strict=True)]  # fmt: skip

    for _ in range(6):
        start = clinic.day()
        whole = Question(
            metrics=ADDITIVE,
            period=Range(start, start + timedelta(days=clinic.random.randint(0, 100))),
            today=date(2026, 1, 1),
            time_zone=zone,
            accrual_basis=clinic.random.random() < 0.5,
        )
        expected = await totals(whole)
        assert any(expected)
        for dimension in ("provider", "payer_class"):
            assert await totals(whole, dimensions=(dimension,)) == expected
        trendable = tuple(m for m in ADDITIVE if m != BALANCE)
        expected = await totals(whole, metrics=trendable)
        for grain in ("day", "week", "month", "quarter"):
            assert await totals(whole, metrics=trendable, grain=grain) == expected
            split = await totals(whole, metrics=trendable, grain=grain, dimensions=("provider",))
            assert split == expected
        # A filter and its opposite.
        chosen, rest = ("medicare", "commercial"), ("medicaid", "dual", "")
        parts = [
            await totals(whole, filters=(("payer_class", values),)) for values in (chosen, rest)
        ]
        assert [a + b for a, b in zip(*parts, strict=True)] == await totals(whole)


async def test_rows_stand_in_the_order_of_labels_and_every_one_is_named(
    connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice("UTC"))
    names = {"a": "Zhang", "b": "Abbott", "c": "Miller"}
    await book.apply(
        *(book.entry(PROVIDER, key, display_name=name) for key, name in names.items()),
        *(
            book.entry(
                CHARGE, f"{key}{month}", amount=Decimal(1), posting_date=date(2025, month, 5),
                provider_id=book.id(PROVIDER, key),
            )
            for key, month in (("a", 1), ("b", 2), ("c", 1), ("unknown", 1))
        ),
        book.entry(CHARGE, "none", amount=Decimal(1), posting_date=date(2025, 1, 9)),
    )  # fmt: skip
    question = Question(
        metrics=("total_charges",),
        period=Range(date(2025, 1, 1), date(2025, 2, 28)),
        today=date(2025, 6, 1),
        time_zone="UTC",
        accrual_basis=False,
        dimensions=("provider",),
        grain="month",
    )
    rows = (await book.ask(question)).rows
    labels = ["", "", "Abbott", "Miller", "Zhang"]
    assert [row.label for row in rows] == labels * 2
    assert [row.bucket for row in rows] == [date(2025, 1, 1)] * 5 + [date(2025, 2, 1)] * 5
    keys = [row.key for row in rows[:5]]
    assert keys == [row.key for row in rows[5:]]
    assert keys[:2] == ["", str(book.id(PROVIDER, "unknown"))]
    assert [row.figures[0].value for row in rows] == [1, 1, 0, 1, 1, 0, 0, 1, 0, 0]


async def test_buckets_are_compared_in_their_order(
    connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice("UTC"))
    await book.apply(
        *(
            book.entry(CHARGE, str(month), amount=Decimal(month), posting_date=date(2025, month, 9))
            for month in range(1, 13)
        )
    )
    question = Question(
        metrics=("total_charges",),
        period=Range(date(2025, 4, 1), date(2025, 6, 30)),
        today=date(2026, 1, 1),
        time_zone="UTC",
        accrual_basis=False,
        comparison=Range(date(2025, 1, 1), date(2025, 2, 28)),
        grain="month",
    )
    rows = (await book.ask(question)).rows
    assert [row.figures[0].value for row in rows] == [4, 5, 6]
    assert [row.comparison and row.comparison[0].value for row in rows] == [1, 2, None]


async def test_only_the_facts_that_count_make_an_answer_synthetic(
    connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice("UTC"))
    await book.apply(
        book.entry(CHARGE, "real", amount=Decimal(1), posting_date=date(2025, 1, 9)),
        book.entry(
            CHARGE, "made", amount=Decimal(1), posting_date=date(2025, 2, 9), synthetic=True
        ),
    )

    async def synthetic(month: int, **more: Any) -> bool:
        question = Question(
            ("total_charges",), Range(date(2025, month, 1), date(2025, month, 28)),
            date(2025, 6, 1), "UTC", accrual_basis=False, **more,
        )  # fmt: skip
        return (await book.ask(question)).synthetic

    assert [await synthetic(month) for month in (1, 2, 3)] == [False, True, False]
    made = Range(date(2025, 2, 1), date(2025, 2, 28))
    assert await synthetic(1, comparison=made), "what it is compared with is shown as well"
