"""The rows behind every figure sum to it, and a figure's move is told to the cent."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from conftest import NewPractice, enter_as
from praxis_analytics.application.rollup import roll_up
from praxis_analytics.domain.facts import CLAIM, PATIENT
from praxis_analytics.domain.findings import Finding
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry import METRICS
from praxis_analytics.domain.registry.model import Computed, Part, compute
from praxis_analytics.queries.answers import State, answer, state_at
from praxis_analytics.queries.drill import Cell, Difference, differences, drill, totals
from praxis_analytics.queries.ties import ties
from praxis_analytics.settings import Settings
from praxis_analytics.sources.generator import generate
from praxis_analytics.storage.practices import Practice, get_practice
from praxis_chassis.database import Connection, transaction
from services.analytics.tests.book import Book
from services.analytics.tests.integration.loaded import READ, load_set
from services.analytics.tests.small import JUNE, MAY, charge, posted, visit

UNTIL = date(2025, 6, 30)
YEAR = Range(date(2024, 7, 1), UNTIL)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def clinic(
    analytics_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Practice:
    folder = tmp_path_factory.mktemp("clinic")
    generate(folder, until=UNTIL, patients=80, months=14)
    practice, _ = await load_set(analytics_settings, "fhir", folder, UNTIL, overlay=True)
    return practice


def _question(practice: Practice, *metrics: str, **more: Any) -> Question:
    today = practice.today
    return Question(metrics, YEAR, today, practice.time_zone, accrual_basis=False, **more)


async def _state(connection: Connection, practice: Practice, question: Question) -> State:
    return await state_at(connection, practice, None, practice.today, question.subjects)


async def _all(
    connection: Connection, question: Question, part: Part, state: State, cell: Cell
) -> list[Decimal]:
    """What every row adds, read in pages."""
    found: list[Decimal] = []
    seen: set[str] = set()
    while page := await drill(connection, question, part, state, cell, 500, len(found)):
        found += [row.adds for row in page]
        assert not seen & {row.id for row in page}
        seen |= {row.id for row in page}
    return found


def _sum_is_value(metric_id: str) -> bool:
    return all(part.adds != "value" for part in METRICS[metric_id].parts)


# What this clinic has no facts of; the rows of every other metric are read.
WITHOUT_ROWS = frozenset(
    [
        "scheduled_appointments",
        "draft_claims",
        "rejected_claims",
        "readmission_rate",
        "charity",
        "copd_patients",
        "documents_over_72h",
        "unverified_upcoming",
        "no_show_rate_reminded",
        "refilled_slots",
        "credit_balance_count",
        "credit_balances",
        "patients_lost",
        "access_composite",
        "communication_composite",
        "coordination_composite",
        "staff_composite",
        "takeback_amount",
        "takebacks",
        "unapplied_payments",
        "coded_visits",
        "notes_in_72h_share",
        "refunds",
        "payments_entered",
    ]
)


@pytest.mark.parametrize("subject", sorted({metric.subject for metric in METRICS.values()}))
async def test_the_rows_of_every_metric_sum_to_its_figure(
    connection: Connection, clinic: Practice, subject: str
) -> None:
    enter_as(clinic.practice_id)
    ids = [m.id for m in METRICS.values() if m.subject == subject and not m.absent]
    empty = set()
    async with transaction(connection, READ, clinic.practice_id, 60_000):
        for metric_id in ids:
            question = _question(clinic, metric_id)
            (metric,) = question.uses
            state = await _state(connection, clinic, question)
            (row,) = (await answer(connection, question, state)).rows
            sums: dict[str, Decimal | None] = {}
            drilled = 0
            for part in metric.parts:
                rows = await _all(connection, question, part, state, Cell())
                count, total = await totals(connection, question, part, state, Cell())
                assert (len(rows), sum(rows, Decimal(0))) == (count, total), part.id
                sums[part.id] = total if state.has(part, YEAR) else None
                drilled += count
            if not drilled:
                empty.add(metric_id)
            if _sum_is_value(metric_id) and row.figures[0].reason != "suppressed":
                assert compute(metric, sums) == row.figures[0], metric_id
    assert ids
    assert empty == {metric_id for metric_id in ids if metric_id in WITHOUT_ROWS}


async def test_the_rows_of_a_cell_sum_to_it(connection: Connection, clinic: Practice) -> None:
    enter_as(clinic.practice_id)
    question = _question(clinic, "total_payments", dimensions=("payer_class",), grain="month")
    (part,) = question.uses[0].parts
    async with transaction(connection, READ, clinic.practice_id, 60_000):
        state = await _state(connection, clinic, question)
        found = [row for row in (await answer(connection, question, state)).rows if row.keys[0]]
        for row in found[::5]:
            cell = Cell(row.bucket, row.keys)
            rows = await _all(connection, question, part, state, cell)
            assert sum(rows, Decimal(0)) == row.figures[0].value
    assert len(found) > 20


async def test_rows_say_what_they_are(connection: Connection, new_practice: NewPractice) -> None:
    book = Book(connection, await new_practice())
    patient = book.id(PATIENT, "ann")
    await book.apply(
        book.entry(PATIENT, "ann", given_name="Ann", family_name="Lee"),
        charge(book, "c", "100.00", "2025-05-02", patient_id=patient, code="99213"),
    )
    question = _asked(book, "total_charges", MAY)
    (part,) = question.uses[0].parts
    async with transaction(connection, READ, book.practice_id, 60_000):
        state = await _state(connection, await get_practice(connection, book.practice_id), question)
        (row,) = await drill(connection, question, part, state, Cell(), 10, 0)
    assert (row.source, row.day, row.adds) == (("book", "c"), date(2025, 5, 2), Decimal("100.00"))
    assert (row.patient_id, row.patient) == (str(patient), "Ann Lee")
    assert row.told["code"] == "99213"


def _asked(book: Book, metric: str, period: tuple[str, str]) -> Question:
    start, end = map(date.fromisoformat, period)
    zone = book.practice.time_zone
    return Question((metric,), Range(start, end), date(2026, 1, 1), zone, accrual_basis=False)


async def _moved(
    book: Book, metric: str, period: tuple[str, str], revision: int
) -> tuple[Computed, Computed, dict[str, list[Difference] | None]]:
    question = _asked(book, metric, period)
    async with transaction(book.connection, READ, book.practice_id, 60_000):
        practice = await get_practice(book.connection, book.practice_id)
        states = [
            await state_at(book.connection, practice, at, question.today, question.subjects)
            for at in (revision, None)
        ]
        then, now = [
            (await answer(book.connection, question, state)).rows[0].figures[0] for state in states
        ]
        why = {
            part.id: await differences(book.connection, question, part, Cell(), *states)
            for part in question.uses[0].parts
        }
    return then, now, why


async def test_a_move_is_told_by_what_happened(
    connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice())
    await book.apply(
        posted(book, "same", "payment/insurance", "50.00", "2025-05-03"),
        posted(book, "better", "payment/insurance", "20.00", "2025-05-04", version=1),
        posted(book, "gone", "payment/patient", "7.00", "2025-05-05", version=1),
        posted(book, "moves", "payment/patient", "1.00", "2025-05-06", version=1),
    )
    old = await book.head()
    await book.apply(
        posted(book, "better", "payment/insurance", "25.50", "2025-05-04", version=2),
        posted(book, "gone", "payment/patient", "7.00", "2025-05-05", version=2, voided=True),
        posted(book, "moves", "payment/patient", "1.00", "2025-06-06", version=2),
        posted(book, "late", "payment/insurance", "300.00", "2025-05-07"),
    )
    then, now, why = await _moved(book, "total_payments", MAY, old)
    assert (then.value, now.value) == (Decimal("78.00"), Decimal("375.50"))
    assert why["payments"] == [
        Difference("corrected", 2, Decimal("4.50")),
        Difference("late", 1, Decimal("300.00")),
        Difference("voided", 1, Decimal("-7.00")),
    ]
    _, _, june = await _moved(book, "total_payments", JUNE, old)
    assert june["payments"] == [Difference("corrected", 1, Decimal("1.00"))]


async def test_what_is_dated_after_the_old_figure_is_new(
    connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice())
    await book.apply(posted(book, "a", "payment/patient", "1.00", "2025-05-06"))
    old = await book.head()
    await book.apply(posted(book, "b", "payment/patient", "2.00", "2999-05-06"))
    question = replace(_asked(book, "total_payments", MAY), today=date(2999, 12, 31))
    question = replace(question, period=Range(date(2999, 1, 1), date(2999, 12, 31)))
    async with transaction(connection, READ, book.practice_id, 60_000):
        practice = await get_practice(connection, book.practice_id)
        states = [
            await state_at(connection, practice, at, question.today, question.subjects)
            for at in (old, None)
        ]
        (part,) = question.uses[0].parts
        assert await differences(connection, question, part, Cell(), *states) == [
            Difference("new", 1, Decimal("2.00"))
        ]


async def test_moves_of_balances_and_of_patients(
    connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice())
    await book.apply(
        charge(book, "c", "100.00", "2025-05-02"),
        posted(book, "other", "payment/patient", "5.00", "2025-05-02", claim="9"),
        visit(book, "v", "2025-05-02 10:00"),
    )
    old = await book.head()
    await book.apply(
        posted(book, "p", "payment/insurance", "60.00", "2025-05-20"),
        charge(book, "d", "10.00", "2025-05-21", claim="2"),
        visit(book, "w", "2025-05-03 10:00"),
        visit(book, "x", "2025-05-03 11:00", patient="q"),
    )
    then, now, why = await _moved(book, "outstanding_balance", MAY, old)
    assert (then.value, now.value) == (Decimal("100.00"), Decimal("50.00"))
    (reasons,) = why.values()
    assert reasons is not None
    assert sum((each.amount for each in reasons), Decimal(0)) == Decimal("-50.00")
    _, _, patients = await _moved(book, "average_revenue_per_patient", MAY, old)
    counted = patients["visit_patients"]
    assert counted is not None
    assert sum((each.amount for each in counted), Decimal(0)) == 1


async def _ties(connection: Connection, practice: Practice) -> dict[str, Finding]:
    enter_as(practice.practice_id)
    return {one.name: one async for one in ties(connection, practice.practice_id)}


async def test_verify_ties_the_rows_to_every_figure(
    connection: Connection, clinic: Practice
) -> None:
    found = await _ties(connection, clinic)
    assert [one for one in found.values() if not one.holds] == []
    assert {name.split(", ")[1] for name in found} == {one.subject for one in METRICS.values()}
    assert found["drill = figure, revenue"].detail == "81 components as their rows"
    assert {name for name, one in found.items() if one.detail == "no facts"} == set()


async def test_verify_names_the_first_figure_that_its_rows_do_not_come_to(
    connection: Connection,
    new_practice: NewPractice,
    superuser: psycopg.Connection[Any],
    analytics_settings: Settings,
) -> None:
    book = Book(connection, await new_practice())
    await book.apply(charge(book, "c", "100.00", "2025-05-02"))
    superuser.execute(
        "update month_touched set touched_at = touched_at - interval '1 hour'"
        " where practice_id = %s",
        (book.practice_id,),
    )
    worker = await psycopg.AsyncConnection.connect(
        analytics_settings.conninfo("worker"), autocommit=True, prepare_threshold=None
    )
    async with worker:
        assert await roll_up(worker, book.practice_id)
    assert all(one.holds for one in (await _ties(connection, book.practice)).values())
    for table in ("rollup_month", "rollup_day"):
        superuser.execute(
            f"update {table} set sums[1] = sums[1] + 1 where practice_id = %s".encode(),
            (book.practice_id,),
        )
    found = await _ties(connection, book.practice)
    (revenue,) = [one for name, one in found.items() if name == "drill = figure, revenue"]
    assert not revenue.holds
    assert revenue.detail.startswith("total_charges, charges, 20")
    assert revenue.detail.endswith("rows 100.00, figure 101.00")


async def test_no_practice_has_nothing_to_tie(connection: Connection) -> None:
    assert [one async for one in ties(connection, uuid.uuid4())] == []


async def test_verify_reaches_back_to_the_first_fact(
    connection: Connection, new_practice: NewPractice
) -> None:
    book = Book(connection, await new_practice())
    await book.apply(
        *(
            book.entry(CLAIM, day, created_on=date.fromisoformat(day), billed=Decimal("10.00"))
            for day in ("1951-05-01", "1980-05-01", "2025-05-01")
        )
    )
    assert [one for one in (await _ties(connection, book.practice)).values() if not one.holds] == []
