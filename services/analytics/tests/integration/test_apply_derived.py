"""Facts that apply works out from others: new or established patients, and their registration."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from conftest import NewPractice
from praxis_analytics.domain.facts import ENCOUNTER, PATIENT
from praxis_chassis.database import Connection
from services.analytics.tests.book import Book, Entry

ZONE = "America/New_York"


@pytest_asyncio.fixture
async def book(connection: Connection, new_practice: NewPractice) -> Book:
    return Book(connection, await new_practice(ZONE))


def local(text: str, zone: str = ZONE) -> datetime:
    """A local time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def visit(book: Book, name: str, start: str, patient: str = "p", **more: Any) -> Entry:
    values: dict[str, Any] = {"status": "finished", "class": "AMB", **more}
    version, voided = values.pop("version", 0), values.pop("voided", False)
    return book.entry(
        ENCOUNTER,
        name,
        version=version,
        voided=voided,
        patient_id=book.id(PATIENT, patient),
        start_at=local(start),
        **values,
    )


async def new_ones(book: Book, revision: int | None = None) -> dict[str, bool | None]:
    """Which encounters are of new patients, by source id, as stored or as it was."""
    current = "select source_id, is_new_patient from fact_encounter where practice_id=%(practice)s"
    if revision is None:
        return dict(await book.rows(f"{current} and not voided"))
    return dict(
        await book.rows(
            f"{current} and not voided and rev_from <= %(revision)s union all"
            " select source_id, is_new_patient from fact_encounter_history"
            " where practice_id = %(practice)s and not voided"
            " and rev_from <= %(revision)s and rev_to > %(revision)s",
            revision=revision,
        )
    )


async def registered(book: Book, patient: str = "p") -> date | None:
    ((day,),) = await book.rows(
        "select registered_on from dim_patient"
        " where practice_id = %(practice)s and patient_id = %(patient)s",
        patient=book.id(PATIENT, patient),
    )
    assert day is None or isinstance(day, date)
    return day


@pytest.mark.parametrize(
    ("first", "second", "is_new"),
    [
        ("2021-05-10T09:00", "2024-05-10T09:00", False),  # exactly three years
        ("2021-05-10T09:00", "2024-05-10T08:00", False),  # the date decides, not the hour
        ("2021-05-10T09:00", "2024-05-11T09:00", True),  # a day more
        ("2021-05-10T09:00", "2024-05-09T09:00", False),
        ("2020-02-29T09:00", "2023-02-28T09:00", False),
        ("2020-02-29T09:00", "2023-03-01T09:00", True),
        ("2021-02-28T09:00", "2024-02-29T09:00", False),
        ("2021-02-27T09:00", "2024-02-29T09:00", True),
        ("2024-05-10T09:00", "2024-05-10T14:00", False),  # again on the same day
    ],
)
async def test_the_three_year_rule(book: Book, first: str, second: str, is_new: bool) -> None:
    await book.apply(visit(book, "1", first), visit(book, "2", second))
    assert await new_ones(book) == {"1": True, "2": is_new}


async def test_visits_of_one_instant_do_not_precede_each_other(book: Book) -> None:
    moment = "2024-05-10T09:00"
    await book.apply(visit(book, "1", moment), visit(book, "2", moment))
    assert await new_ones(book) == {"1": True, "2": True}
    await book.apply(visit(book, "3", "2024-05-10T09:01"))
    assert await new_ones(book) == {"1": True, "2": True, "3": False}


@pytest.mark.parametrize(
    "other",
    [
        {"class": "EMER"},
        {"class": "IMP"},
        {"class": None},
        {"status": "cancelled"},
        {"status": "in-progress"},
        {"type_code": "308646001"},  # the certification of a death
        {"voided": True},
        {"patient": "q"},
    ],
)
async def test_what_is_no_visit_makes_nobody_established(book: Book, other: dict[str, Any]) -> None:
    await book.apply(
        visit(book, "1", "2024-01-10T09:00", **other), visit(book, "2", "2024-02-10T09:00")
    )
    found = await new_ones(book)
    assert found["2"] is True
    assert found.get("1") is (True if "patient" in other else None)


@pytest.mark.parametrize("kind", ["AMB", "VR", "HH"])
async def test_office_virtual_and_home_visits_count(book: Book, kind: str) -> None:
    await book.apply(
        visit(book, "1", "2024-01-10T09:00", **{"class": kind}),
        visit(book, "2", "2024-02-10T09:00", type_code="185349003"),
    )
    assert await new_ones(book) == {"1": True, "2": False}


async def test_the_practice_s_date_decides(book: Book) -> None:
    # 23:30 in New York is the next day in UTC, in all three.
    await book.apply(
        visit(book, "1", "2021-05-10T23:30"),
        visit(book, "2", "2024-05-10T23:30"),
        visit(book, "3", "2027-05-11T00:10"),
    )
    assert await new_ones(book) == {"1": True, "2": False, "3": True}


async def test_voiding_the_earlier_visit_makes_the_later_one_new(book: Book) -> None:
    first = visit(book, "1", "2024-01-10T09:00", version=1)
    await book.apply(first, visit(book, "2", "2024-02-10T09:00"))
    voided = await book.apply(visit(book, "1", "2024-01-10T09:00", version=2, voided=True))
    assert voided.by_table == {"fact_encounter": 2}
    assert await new_ones(book) == {"2": True}
    assert await new_ones(book, 1) == {"1": True, "2": False}
    await book.apply(visit(book, "1", "2024-01-10T09:00", version=3))
    assert await new_ones(book) == {"1": True, "2": False}
    assert await new_ones(book, 2) == {"2": True}


async def test_an_earlier_visit_that_comes_late_makes_the_later_one_established(book: Book) -> None:
    await book.apply(visit(book, "2", "2024-02-10T09:00"))
    await book.apply(visit(book, "1", "2024-01-10T09:00"))
    assert await new_ones(book) == {"1": True, "2": False}
    assert await new_ones(book, 1) == {"2": True}


async def test_a_visit_moved_to_another_patient_changes_both(book: Book) -> None:
    await book.apply(
        book.entry(PATIENT, "p"),
        book.entry(PATIENT, "q"),
        visit(book, "1", "2024-01-10T09:00", "p"),
        visit(book, "2", "2024-02-10T09:00", "p"),
        visit(book, "3", "2024-03-10T09:00", "q"),
    )
    assert await new_ones(book) == {"1": True, "2": False, "3": True}
    moved = await book.apply(visit(book, "1", "2024-01-10T09:00", "q"))
    assert await new_ones(book) == {"1": True, "2": True, "3": False}
    assert moved.by_table == {"fact_encounter": 3, "dim_patient": 2}
    assert await registered(book, "p") == date(2024, 2, 10)
    assert await registered(book, "q") == date(2024, 1, 10)
    assert await new_ones(book, 1) == {"1": True, "2": False, "3": True}


async def test_a_patient_is_registered_with_the_first_encounter_of_any_class(book: Book) -> None:
    await book.apply(book.entry(PATIENT, "p"), visit(book, "2", "2024-02-10T23:30"))
    assert await registered(book) == date(2024, 2, 10)
    await book.apply(visit(book, "1", "2024-01-31T23:30", **{"class": "EMER"}))
    assert await registered(book) == date(2024, 1, 31)
    await book.apply(visit(book, "1", "2024-01-31T23:30", **{"class": "EMER"}, voided=True))
    assert await registered(book) == date(2024, 2, 10)


async def test_a_patient_who_comes_after_the_encounters_is_registered_too(book: Book) -> None:
    await book.apply(visit(book, "1", "2024-01-31T23:30"))
    done = await book.apply(book.entry(PATIENT, "p", mrn="1"))
    assert await registered(book) == date(2024, 1, 31)
    assert done.by_table == {"dim_patient": 1}
    assert (await book.apply(book.entry(PATIENT, "p", mrn="1"))).revision is None
    await book.apply(book.entry(PATIENT, "p", mrn="2"))
    assert await registered(book) == date(2024, 1, 31)


async def test_a_patient_without_encounters_is_not_registered(book: Book) -> None:
    await book.apply(book.entry(PATIENT, "p"))
    assert await registered(book) is None


# Against a second computation.

Visits = dict[str, tuple[str, datetime, bool]]


def three_years_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 3)
    except ValueError:
        return date(day.year - 3, 2, 28)


def expected(visits: Visits, zone: ZoneInfo) -> dict[str, bool | None]:
    """The rule once more: visit by visit, looking at all others."""
    found: dict[str, bool | None] = {}
    for name, (patient, start, counts) in visits.items():
        before = [
            other.astimezone(zone).date()
            for whose, other, is_visit in visits.values()
            if whose == patient and is_visit and other < start
        ]
        limit = three_years_before(start.astimezone(zone).date())
        found[name] = all(day < limit for day in before) if counts else None
    return found


@pytest.mark.parametrize("zone", [ZONE, "Asia/Kolkata", "Pacific/Apia"])
async def test_random_visits(connection: Connection, new_practice: NewPractice, zone: str) -> None:
    rng = random.Random(zone)
    book = Book(connection, await new_practice(zone))
    visits: Visits = {}
    states: list[dict[str, bool | None]] = [{}]
    for version in range(1, 25):
        batch = []
        for name in map(str, rng.sample(range(26), rng.randint(1, 5))):
            patient = rng.choice("pqr")
            # Near the same day of several years, a few hours around midnight UTC.
            start = datetime(rng.randint(2012, 2024), 2, 28, 22, tzinfo=UTC) + timedelta(
                hours=rng.randint(0, 60)
            )
            counts, voided = rng.random() < 0.8, rng.random() < 0.2
            visits.pop(name, None)
            if not voided:
                visits[name] = (patient, start, counts)
            batch.append(
                book.entry(
                    ENCOUNTER, name, version=version, voided=voided, start_at=start,
                    patient_id=book.id(PATIENT, patient),
                    **{"class": "AMB" if counts else "IMP", "status": "finished"},
                )
            )  # fmt: skip
        done = await book.apply(*batch)
        if done.revision is not None:
            states.append(expected(visits, ZoneInfo(zone)))
        assert await new_ones(book) == expected(visits, ZoneInfo(zone))
    for revision, state in enumerate(states):
        assert await new_ones(book, revision) == state
