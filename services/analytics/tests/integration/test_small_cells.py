"""What callers who may not see patients cannot work out, however they cut their questions."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from praxis.analytics.v1 import analytics_service_pb2 as api
from praxis.analytics.v1 import answer_pb2
from praxis_analytics.domain.facts import PATIENT
from services.analytics.tests.book import Book, Entry
from services.analytics.tests.integration.conftest import Client, Service
from services.analytics.tests.small import visit

YEAR = answer_pb2.Period(start_date="2025-01-01", end_date="2025-06-30")
# Patients by sex and language; the last pair is few.
PATIENTS = {
    ("female", "en"): 40, ("female", "es"): 14, ("male", "en"): 30, ("male", "es"): 12,
    ("other", "en"): 20, ("other", "es"): 4,
}  # fmt: skip
FEW = {("other", "es"), ("other", "en"), ("male", "es"), ("male", "en")}
HIDDEN = "suppressed"


def _seen(book: Book, name: str, **values: str) -> list[Entry]:
    """A patient with a first visit."""
    return [book.entry(PATIENT, name, **values), visit(book, name, "2025-01-02 09:00", name)]


@pytest.fixture
async def analyst(service: Service, clinic: Book) -> Client:
    """Sees aggregates, and no patients, of a clinic with those people."""
    people = [who for who, count in PATIENTS.items() for _ in range(count)]
    entries = [
        _seen(clinic, f"n{n}", sex=sex, language=language)
        for n, (sex, language) in enumerate(people)
    ]
    await clinic.apply(*chain(*entries))
    return service.client(clinic.practice_id, "analyst")


async def _ask(
    client: Client, *dimensions: str, **filters: list[str]
) -> dict[tuple[str, ...], str]:
    asked = answer_pb2.Question(
        metrics=["total_patients"],
        dimensions=dimensions,
        period=YEAR,
        filters=[
            answer_pb2.Filter(dimension=name, values=values) for name, values in filters.items()
        ],
    )
    (found,) = (await client("Ask", api.AskRequest(questions=[asked]))).answers
    return {
        tuple(row.keys): row.figures[0].value or row.figures[0].reason
        for row in found.rows
        if row.figures[0].value != "0"
    }


async def test_a_filter_hides_what_the_row_of_a_split_hides(analyst: Client) -> None:
    split = await _ask(analyst, "sex", "language")
    assert {keys for keys, value in split.items() if value == HIDDEN} == FEW
    assert await _ask(analyst, "language", "sex") == {
        (language, sex): value for (sex, language), value in split.items()
    }
    for (sex, language), value in split.items():
        assert await _ask(analyst, sex=[sex], language=[language]) == {(): value}
    for sex in ("female", "male", "other"):
        row = {keys[1:]: value for keys, value in split.items() if keys[0] == sex}
        assert await _ask(analyst, "language", sex=[sex]) == row
    for language in ("en", "es"):
        row = {keys[:1]: value for keys, value in split.items() if keys[1] == language}
        assert await _ask(analyst, "sex", language=[language]) == row


async def test_the_whole_less_a_filter_tells_nothing(analyst: Client, clinic: Book) -> None:
    # One more sex, of few: with it the next smallest, other, is hidden.
    await clinic.apply(*chain(*(_seen(clinic, f"m{n}", sex="x") for n in range(3))))
    assert await _ask(analyst) == {(): "123"}
    split = {("female",): "54", ("male",): "42", ("other",): HIDDEN, ("x",): HIDDEN}
    assert await _ask(analyst, "sex") == split
    told = {
        "female": "54",
        "female male": "96",
        "other x": "27",
        "female male other": HIDDEN,
        "female x": HIDDEN,
        "other": HIDDEN,
        "x": HIDDEN,
        "female other x": "81",
        "nobody": None,
    }
    for values, value in told.items():
        assert (await _ask(analyst, sex=values.split())).get(()) == value, values


async def test_an_order_does_not_place_what_is_hidden(analyst: Client) -> None:
    asked: dict[str, Any] = {"metrics": ["total_patients"], "period": YEAR}
    question = answer_pb2.Question(
        dimensions=["sex", "language"],
        order=answer_pb2.Order(by="total_patients", descending=True),
        **asked,
    )
    (found,) = (await analyst("Ask", api.AskRequest(questions=[question]))).answers
    shown = [tuple(row.keys) for row in found.rows]
    assert shown == [("female", "en"), ("female", "es"), *sorted(FEW)]


async def test_who_may_see_patients_sees_all(
    analyst: Client, service: Service, clinic: Book
) -> None:
    owner = service.client(clinic.practice_id)
    assert await _ask(owner, sex=["other"], language=["es"]) == {(): "4"}
    assert await _ask(owner, "language", sex=["other"]) == {("en",): "20", ("es",): "4"}
