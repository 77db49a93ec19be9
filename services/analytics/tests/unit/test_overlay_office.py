"""Tasks, reviews, checks and surveys of the overlay: what has not happened yet is not there."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from praxis_analytics.sources import overlay_office as office
from praxis_analytics.sources.overlay import Appointment

ZONE = ZoneInfo("America/New_York")
DAY, FAR = date(2024, 3, 8), date(2100, 1, 1)
KEYS = [str(n) for n in range(3000)]


def appointment(key: str) -> Appointment:
    start = datetime(2024, 3, 12, 9, 15, tzinfo=ZONE)
    return Appointment(key, "fulfilled", start, start + timedelta(minutes=15), start)


@pytest.mark.parametrize(
    ("kind", "created", "due"),
    [
        ("billing_followup", date(2024, 3, 8), date(2024, 3, 22)),
        ("lab_followup", date(2024, 3, 8), date(2024, 3, 11)),
        ("patient_outreach", date(2024, 3, 9), date(2024, 3, 15)),
        ("insurance_verification", date(2024, 3, 3), date(2024, 3, 7)),
    ],
)
def test_a_task_has_its_window(kind: str, created: date, due: date) -> None:
    window = (due - created).days
    done = 0
    for key in KEYS:
        task = office.task(kind, key, DAY, ZONE, FAR)
        assert task.key == f"{kind}:{key}"
        assert (task.created_at.date(), task.created_at.hour) == (created, 9)
        assert (task.due_at.date(), task.due_at.hour) == (due, 17)
        assert 1 <= task.assignee <= 8
        if task.completed_at is not None:
            done += 1
            assert task.completed_at.hour == 17
            assert 0 <= (task.completed_at.date() - created).days <= window * 1.4
        assert (task.status == "completed") == (task.completed_at is not None)
    assert done / len(KEYS) == pytest.approx(0.88, abs=0.02)


def test_a_task_is_open_until_the_day_it_is_done() -> None:
    made = (office.task("lab_followup", key, DAY, ZONE, FAR) for key in KEYS)
    task = next(one for one in made if one.completed_at and one.completed_at.date() > DAY)
    assert task.completed_at is not None
    done, key = task.completed_at.date(), task.key.partition(":")[2]
    assert office.task("lab_followup", key, DAY, ZONE, done) == task
    before = office.task("lab_followup", key, DAY, ZONE, done - timedelta(1))
    assert (before.status, before.completed_at) == ("requested", None)


def test_a_review_takes_hours_that_pass_also_when_the_clock_changes() -> None:
    received = datetime(2024, 3, 9, 23, tzinfo=ZONE)
    seen = Counter[str]()
    for key in KEYS:
        status, at = office.review(key, received, ZONE, FAR)
        seen[status] += 1
        assert (at is None) == (status == "pending_review")
        if at is not None:
            hours = (at - received.astimezone(UTC)) / timedelta(hours=1)
            assert hours == int(hours)
            assert 2 <= hours <= 95
            early = at.astimezone(ZONE).date() - timedelta(1)
            assert office.review(key, received, ZONE, early) == ("pending_review", None)
    assert seen["approved"] / len(KEYS) == pytest.approx(0.72, abs=0.03)


def test_a_check_is_answered_within_seconds() -> None:
    for key in KEYS:
        found = office.verification(appointment(key))
        days = (date(2024, 3, 12) - found.requested_at.date()).days
        assert 2 <= days <= 5
        assert (found.requested_at.hour, found.requested_at.minute) == (9, 15)
        assert timedelta(seconds=2) <= found.responded_at - found.requested_at
        assert found.responded_at - found.requested_at < timedelta(seconds=40)


def test_only_somebody_elses_money_is_insurance() -> None:
    assert office.is_insured("medicaid")
    assert not office.is_insured("self_pay")
    assert not office.is_insured(None)


def test_a_survey_is_open_until_the_day_it_is_answered() -> None:
    answered = 0
    for key in KEYS:
        found = office.survey(appointment(key), FAR)
        assert found.sent_at == appointment(key).end_at
        assert (found.completed_at is None) == (found.rating is None)
        if found.completed_at is not None:
            answered += 1
            early = found.completed_at.date() - timedelta(1)
            assert office.survey(appointment(key), early).rating is None
    assert answered / len(KEYS) == pytest.approx(0.22, abs=0.02)


@pytest.mark.parametrize(
    ("type_code", "is_new", "value"),
    [
        ("185345009", True, "1.60"),
        ("185345009", False, "1.30"),
        (None, False, "1.30"),
        ("390906007", False, "0.70"),
        ("448337001", True, "1.30"),
        ("162673000", True, "1.90"),
        ("410620009", False, "1.90"),
    ],
)
def test_a_visit_is_worth_what_its_code_would_be(
    type_code: str | None, is_new: bool, value: str
) -> None:
    assert office.work_value(type_code, is_new) == Decimal(value)
