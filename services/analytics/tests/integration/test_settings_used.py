"""What a practice sets decides what it is answered: its week, and how many answers say enough."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest_asyncio

from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain.facts import PROVIDER, SURVEY, SURVEY_ANSWER
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.integration.conftest import Client
from services.analytics.tests.small import charge

JUNE = answer_pb2.Period(start_date="2025-06-01", end_date="2025-06-30")
ANSWERS = {"many": 31, "some": 12, "few": 4}


async def _ask(client: Client, metric: str, **more: Any) -> answer_pb2.Answer:
    asked = answer_pb2.Question(metrics=[metric], **{"period": JUNE, **more})
    response = await client("Ask", api.AskRequest(questions=[asked]))
    found: answer_pb2.Answer = response.answers[0]
    return found


def _set(superuser: psycopg.Connection[Any], practice_id: uuid.UUID, change: str) -> None:
    done = superuser.execute(
        f"update practice set {change} where practice_id = %s".encode(), (practice_id,)
    )
    assert done.rowcount == 1


async def test_weeks_begin_when_the_practice_s_do(
    clinic: Book, owner: Client, superuser: psycopg.Connection[Any]
) -> None:
    # A Saturday, the Sunday after, and the Monday after that.
    days = {"2025-06-07": "1.00", "2025-06-08": "2.00", "2025-06-09": "4.00"}
    await clinic.apply(*(charge(clinic, day, amount, day) for day, amount in days.items()))
    found = {}
    for first_day in (0, 6, 5):
        _set(superuser, clinic.practice_id, f"week_start = {first_day}")
        rows = (await _ask(owner, "total_charges", grain=answer_pb2.GRAIN_WEEK)).rows
        found[first_day] = {
            row.bucket: row.figures[0].value for row in rows if row.figures[0].value != "0.00"
        }
    assert found == {
        0: {"2025-06-02": "3.00", "2025-06-09": "4.00"},
        6: {"2025-06-01": "1.00", "2025-06-08": "6.00"},
        5: {"2025-06-07": "7.00"},
    }
    # On Thursday 10 July, weeks beginning on Saturdays.
    period = answer_pb2.Period(relative_range="previous_week")
    told = await _ask(owner, "total_charges", period=period)
    assert (told.start_date, told.end_date) == ("2025-06-28", "2025-07-04")


def _answers(book: Book, provider: str, count: int) -> list[Entry]:
    at, entries = datetime(2025, 6, 4, 15, tzinfo=UTC), []
    for number in range(count):
        name = f"{provider}{number}"
        times = {"sent_at": at, "completed_at": at, "provider_id": book.id(PROVIDER, provider)}
        entries.append(book.entry(SURVEY, name, instrument="cg_cahps_3", **times))
        answer: dict[str, Any] = {"response_id": book.id(SURVEY, name), "value_num": 9}
        answer["item"] = "provider_rating"
        entries.append(
            Entry(SURVEY_ANSWER, SURVEY_ANSWER.fact(book.source(f"a/{name}"), name, **answer))
        )
    return entries


@pytest_asyncio.fixture
async def surveyed(clinic: Book) -> Book:
    """The clinic with ratings of three providers, many, some and few."""
    names = [clinic.entry(PROVIDER, name, display_name=name) for name in ANSWERS]
    answers = [one for name, count in ANSWERS.items() for one in _answers(clinic, name, count)]
    await clinic.apply(*names, *answers)
    return clinic


def _ratings(found: answer_pb2.Answer) -> list[tuple[str, str]]:
    return [
        (row.labels[0], figure.value if figure.HasField("value") else figure.reason)
        for row in found.rows
        for figure in row.figures
    ]


async def test_few_answers_are_not_shown_and_not_ranked(surveyed: Book, owner: Client) -> None:
    rating = "provider_rating_top_box"
    split = await _ask(owner, rating, dimensions=["provider"])
    assert _ratings(split) == [("few", "suppressed"), ("many", "100.00"), ("some", "100.00")]
    order = answer_pb2.Order(by=rating, descending=True)
    ranked = await _ask(owner, rating, dimensions=["provider"], order=order)
    assert _ratings(ranked) == [("many", "100.00"), ("few", "suppressed"), ("some", "suppressed")]
    top = await _ask(owner, rating, dimensions=["provider"], order=order, limit=1)
    assert _ratings(top) == [("many", "100.00")]


async def test_the_minimum_is_the_practice_s(
    surveyed: Book, owner: Client, superuser: psycopg.Connection[Any]
) -> None:
    rating = "provider_rating_top_box"
    _set(
        superuser,
        surveyed.practice_id,
        "minimum_survey_answers = 4, minimum_ranking_answers = 12",
    )
    split = await _ask(owner, rating, dimensions=["provider"])
    assert {value for _, value in _ratings(split)} == {"100.00"}
    ranked = await _ask(owner, rating, dimensions=["provider"], order=answer_pb2.Order(by=rating))
    assert _ratings(ranked)[-1] == ("few", "suppressed")
