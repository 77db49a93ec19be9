"""When a schedule fires: a pure function of its rule and the zone's data.

A rule names local wall-clock times. Each fires at the first instant at which the zone's clock shows
it or anything later: in a gap that is the end of the gap, and a repeated time is its first pass.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

QUARTERS = (1, 4, 7, 10)
# The longest way back from an instant to the local day whose time it fires: a zone once left out
# a whole day.
_MARGIN = timedelta(days=3)
_LAST_DAY = date(9998, 12, 31)


@dataclass(frozen=True)
class Rule:
    """A fixed local time on certain days.

    Attributes:
        frequency: daily, weekly, monthly, quarterly or yearly.
        day_of_week: 0 is Monday; for weekly.
        day_of_month: 1–31, the last day where the month is shorter; for the longer ones.
        month_of_year: 1–12; for yearly.
    """

    frequency: str
    at: time
    zone: ZoneInfo
    day_of_week: int = 0
    day_of_month: int = 1
    month_of_year: int = 1


@dataclass(frozen=True)
class FireTime:
    """An instant in UTC, and the local time of the rule that it stands for."""

    at: datetime
    label: str


def first_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clock of `zone` shows `local` or later."""
    before = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == local:
        return before
    # In a gap: by the offset after it the instant lies before the change, by the other one after.
    early = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    seconds = int((before - early).total_seconds())
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        shown = (early + timedelta(seconds=middle)).astimezone(zone).replace(tzinfo=None)
        low, high = (low, middle) if shown >= local else (middle, high)
    return early + timedelta(seconds=high)


def fire_times(rule: Rule, after: datetime) -> Iterator[FireTime]:
    """Fire times later than `after`, in order, each instant once."""
    last = after
    for day in _days(rule, (after.astimezone(UTC) - _MARGIN).date()):
        local = datetime.combine(day, rule.at)
        at = first_instant(local, rule.zone)
        if at > last:
            last = at
            yield FireTime(at, local.isoformat())


def next_fire_time(rule: Rule, after: datetime) -> FireTime:
    """The first fire time later than `after`."""
    return next(fire_times(rule, after))


def next_fire_times(rule: Rule, after: datetime, count: int) -> list[FireTime]:
    """The first `count` fire times later than `after`."""
    return list(islice(fire_times(rule, after), count))


def _days(rule: Rule, start: date) -> Iterator[date]:
    if rule.frequency in ("daily", "weekly"):
        step = 1
        if rule.frequency == "weekly":
            start, step = start + timedelta((rule.day_of_week - start.weekday()) % 7), 7
        while start < _LAST_DAY:
            yield start
            start += timedelta(days=step)
        return
    months = {"monthly": range(1, 13), "quarterly": QUARTERS, "yearly": (rule.month_of_year,)}
    for year in range(start.year, _LAST_DAY.year):
        for month in months[rule.frequency]:
            length = calendar.monthrange(year, month)[1]
            day = date(year, month, min(rule.day_of_month, length))
            if day >= start:
                yield day


def describe(rule: Rule) -> str:
    """The rule in words: `every Monday at 08:00, America/New_York`."""
    clock = rule.at.isoformat("seconds" if rule.at.second else "minutes")
    return f"{_days_in_words(rule)} at {clock}, {rule.zone.key}"


def _days_in_words(rule: Rule) -> str:
    if rule.frequency == "daily":
        return "every day"
    if rule.frequency == "weekly":
        return f"every {calendar.day_name[rule.day_of_week]}"
    day = f"on day {rule.day_of_month}"
    if rule.day_of_month == 31:
        day = "on the last day"
    elif rule.day_of_month > 28:
        day += " (the last day where the month is shorter)"
    if rule.frequency == "monthly":
        return f"{day} of every month"
    if rule.frequency == "quarterly":
        return f"{day} of January, April, July and October"
    return f"{day} of {calendar.month_name[rule.month_of_year]} every year"
