"""Fire times against a walk through every minute, and against the calendar."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_scheduler.domain.fire_times import (
    Rule,
    describe,
    first_instant,
    next_fire_time,
    next_fire_times,
)

# Changes of an hour, of half an hour, at midnight, none, and a day left out (Apia, end of 2011).
ZONES = (
    *("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"),
    *("Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo", "America/St_Johns", "Asia/Tehran"),
    *("Africa/Casablanca", "Pacific/Chatham", "America/Havana", "Antarctica/Troll"),
)
_EARLY, _LATE = datetime(1975, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001 - Hypothesis wants so
_FREQUENCIES = ("daily", "weekly", "monthly", "quarterly", "yearly")


def _is_meant(rule: Rule, day: datetime) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    in_month = day.day == (rule.day_of_month if rule.day_of_month <= length else length)
    return {
        "daily": True,
        "weekly": day.isoweekday() == rule.day_of_week + 1,
        "monthly": in_month,
        "quarterly": in_month and day.month % 3 == 1,
        "yearly": in_month and day.month == rule.month_of_year,
    }[rule.frequency]


def _walk(rule: Rule, start: datetime, days: int) -> Iterator[datetime]:
    """Every minute of `days`: fires when the clock first comes to, or past, a meant local time."""
    minute, at = timedelta(minutes=1), start
    highest = at.astimezone(rule.zone).replace(tzinfo=None)
    while at < start + timedelta(days=days):
        at += minute
        shown = at.astimezone(rule.zone).replace(tzinfo=None)
        passed = highest + minute
        fires = False
        while passed <= shown:
            fires |= (passed.hour, passed.minute) == (rule.at.hour, rule.at.minute) and _is_meant(
                rule, passed
            )
            passed += minute
        highest = max(highest, shown)
        if fires:
            yield at


@st.composite
def _rules(draw: st.DrawFn) -> Rule:
    return Rule(
        frequency=draw(st.sampled_from(_FREQUENCIES)),
        at=time(draw(st.sampled_from([*range(4), *range(24)])), draw(st.integers(0, 59))),
        zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        day_of_week=draw(st.integers(0, 6)),
        day_of_month=draw(st.integers(1, 31)),
        month_of_year=draw(st.integers(1, 12)),
    )


def _agrees(rule: Rule, start: datetime, days: int) -> int:
    walked = list(_walk(rule, start, days))
    found = [one.at for one in next_fire_times(rule, start, len(walked) + 1)]
    assert found[:-1] == walked
    assert found[-1] > start + timedelta(days=days)
    return len(walked)


@settings(max_examples=30, deadline=None)
@given(_rules(), st.datetimes(_EARLY, _LATE))
def test_any_rule_fires_as_a_walk_through_every_minute_says(rule: Rule, start: datetime) -> None:
    _agrees(rule, start.replace(second=0, microsecond=0, tzinfo=UTC), 40)


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(0, 0), time(1, 30), time(2, 30), time(3, 0)])
def test_a_year_with_its_clock_changes(zone: str, at: time) -> None:
    start = datetime(2011, 10, 1, tzinfo=UTC)
    rule = Rule("daily", at, ZoneInfo(zone))
    assert _agrees(rule, start, 200) >= 199


@settings(max_examples=200, deadline=None)
@given(_rules(), st.datetimes(_EARLY, _LATE))
def test_the_next_follows_and_nothing_lies_between(rule: Rule, start: datetime) -> None:
    after = start.replace(tzinfo=UTC)
    found = next_fire_times(rule, after, 4)
    assert after < found[0].at < found[1].at < found[2].at < found[3].at
    assert next_fire_time(rule, found[0].at) == found[1]
    # Exclusive, to the microsecond.
    assert next_fire_time(rule, found[1].at - timedelta(microseconds=1)) == found[1]


NEW_YORK = ZoneInfo("America/New_York")


def test_a_gap_fires_at_its_end_and_a_repeated_hour_once() -> None:
    spring = Rule("daily", time(2, 30), NEW_YORK)
    found = next_fire_times(spring, datetime(2026, 3, 8, tzinfo=UTC), 2)
    assert [one.at.isoformat() for one in found] == [
        "2026-03-08T07:00:00+00:00",
        "2026-03-09T06:30:00+00:00",
    ]
    assert found[0].label == "2026-03-08T02:30:00"
    autumn = Rule("daily", time(1, 30), NEW_YORK)
    found = next_fire_times(autumn, datetime(2026, 11, 1, tzinfo=UTC), 2)
    assert [one.at.isoformat() for one in found] == [
        "2026-11-01T05:30:00+00:00",
        "2026-11-02T06:30:00+00:00",
    ]


def test_the_last_day_of_a_shorter_month() -> None:
    rule = Rule("monthly", time(8), ZoneInfo("UTC"), day_of_month=31)
    days = [one.at.day for one in next_fire_times(rule, datetime(2028, 1, 31, 9, tzinfo=UTC), 4)]
    assert days == [29, 31, 30, 31]


def test_seconds_are_kept_and_found_in_a_gap() -> None:
    at = first_instant(datetime.fromisoformat("2026-03-08T02:00:01"), NEW_YORK)
    assert at == datetime(2026, 3, 8, 7, tzinfo=UTC)
    rule = Rule("daily", time(8, 0, 30), NEW_YORK)
    assert next_fire_time(rule, datetime(2026, 1, 1, tzinfo=UTC)).at.second == 30


def test_rules_in_words() -> None:
    utc = ZoneInfo("UTC")
    assert describe(Rule("daily", time(8), utc)) == "every day at 08:00, UTC"
    assert describe(Rule("weekly", time(8, 0, 5), utc, day_of_week=6)) == (
        "every Sunday at 08:00:05, UTC"
    )
    assert describe(Rule("monthly", time(8), utc, day_of_month=31)) == (
        "on the last day of every month at 08:00, UTC"
    )
    assert describe(Rule("yearly", time(8), utc, day_of_month=2, month_of_year=3)) == (
        "on day 2 of March every year at 08:00, UTC"
    )
