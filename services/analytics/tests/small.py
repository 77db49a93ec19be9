"""Small facts made by hand, and figures asked for in a few words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from praxis_analytics.domain.facts import APPOINTMENT, CHARGE, CLAIM, ENCOUNTER, LEDGER, PATIENT
from praxis_analytics.domain.periods import Range
from praxis_analytics.domain.questions import Question
from praxis_analytics.domain.registry.model import Computed
from praxis_analytics.queries.answers import Answer
from services.analytics.tests.book import Book, Entry

ZONE = "America/New_York"
MAY, JUNE, JULY = (
    ("2025-05-01", "2025-05-31"),
    ("2025-06-01", "2025-06-30"),
    ("2025-07-01", "2025-07-31"),
)
MAY_DAYS = Range(date(2025, 5, 1), date(2025, 5, 31))


def charge(book: Book, name: str, amount: str, day: str, claim: str = "1", **more: Any) -> Entry:
    account = {} if "encounter_id" in more else {"claim_id": book.id(CLAIM, claim)}
    values = {"amount": Decimal(amount), "posting_date": date.fromisoformat(day)}
    return book.entry(CHARGE, name, **{**values, **account, **more})


def posted(
    book: Book, name: str, what: str, amount: str, day: str, claim: str = "1", **more: Any
) -> Entry:
    """A line of the ledger; `what` is its entry and, after a slash, its reason."""
    entry, _, reason = what.partition("/")
    account = {} if "encounter_id" in more else {"claim_id": book.id(CLAIM, claim)}
    values = {"amount": Decimal(amount), "posting_date": date.fromisoformat(day)}
    return book.entry(
        LEDGER, name, entry=entry, reason=reason or None, **{**values, **account, **more}
    )


def local(text: str, zone: str = ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def visit(book: Book, name: str, start: str, patient: str = "p", **more: Any) -> Entry:
    values = {"status": "finished", "class": "AMB", "patient_id": book.id(PATIENT, patient)}
    return book.entry(ENCOUNTER, name, start_at=local(start), **{**values, **more})


def booked(book: Book, name: str, start: str, status: str = "fulfilled", **more: Any) -> Entry:
    return book.entry(APPOINTMENT, name, start_at=local(start), status=status, **more)


async def ask(
    book: Book, metrics: str, period: tuple[str, str], *, today: str = "2026-01-01", **more: Any
) -> Answer:
    start, end = map(date.fromisoformat, period)
    question = Question(
        metrics=tuple(metrics.split()),
        period=Range(start, end),
        today=date.fromisoformat(today),
        time_zone=book.practice.time_zone,
        **{"accrual_basis": False, **more},
    )
    return await book.ask(question)


async def figure(book: Book, metric: str, period: tuple[str, str], **more: Any) -> Computed:
    found = await ask(book, metric, period, **more)
    assert len(found.rows) == 1
    return found.rows[0].figures[0]


async def value(book: Book, metric: str, period: tuple[str, str], **more: Any) -> str:
    """A figure as text, or its reason."""
    found = await figure(book, metric, period, **more)
    return found.reason if found.value is None else str(found.value)
