"""Dates and instants as sources write them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from praxis_analytics.domain.facts import FIRST_YEAR, LAST_YEAR
from praxis_analytics.sources.problems import Rejected


def first_day(text: str) -> date:
    """A date, of a partial one the first day. Raises: Rejected."""
    try:
        day = date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
    except ValueError:
        raise Rejected("holds a malformed date") from None
    _check_year(day.year)
    return day


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An instant; a date stands for its local midnight, as does a partial one's first day.

    Raises: Rejected.
    """
    if len(text) <= 10:
        first = first_day(text)
        return datetime(first.year, first.month, first.day, tzinfo=zone)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone)
        found.astimezone(zone)
    except (ValueError, OverflowError):
        raise Rejected("holds a malformed instant") from None
    _check_year(found.year)
    return found


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Rejected(f"holds a date outside {FIRST_YEAR} to {LAST_YEAR}")
