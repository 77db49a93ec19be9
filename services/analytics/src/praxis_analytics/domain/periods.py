"""Periods: inclusive local dates, relative ranges, comparisons and buckets of time."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

YEARS_MOST = 10
# Far enough for any practice, and so that no arithmetic on dates can leave the calendar.
FIRST_YEAR, LAST_YEAR = 1900, 2199
GRAINS = ("day", "week", "month", "quarter")
_DAY = timedelta(days=1)
_LAST_DAYS = re.compile(r"last_([1-9][0-9]{0,3})_days")


class PeriodError(ValueError):
    """A period that cannot be; `field` names what is at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Range:
    """Inclusive local dates, start ≤ end."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has, at least 1."""
        return (self.end - self.start).days + 1


def parse_date(field: str, text: str) -> date:
    """The date that `text` (YYYY-MM-DD, 1900 to 2199) names. Raises: PeriodError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise PeriodError(field, f"{text!r} is no calendar date (YYYY-MM-DD)") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PeriodError(field, f"{text} is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def fixed(start: str, end: str, prefix: str = "") -> Range:
    """The range of two texts; `prefix` is put before the field names in errors.

    Raises: PeriodError when a date is missing or none, the end is before the start, or the range
    is longer than ten years.
    """
    names = f"{prefix}start_date", f"{prefix}end_date"
    for name, text in zip(names, (start, end), strict=True):
        if not text:
            raise PeriodError(name, "is required here")
    first, last = parse_date(names[0], start), parse_date(names[1], end)
    if last < first:
        raise PeriodError(names[1], f"{end} is before {names[0]} {start}")
    if last >= add_months(first, 12 * YEARS_MOST):
        raise PeriodError(names[1], f"the range is longer than {YEARS_MOST} years")
    return Range(first, last)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day. Clamped to years 1–9999."""
    index = max(12, min(day.year * 12 + day.month - 1 + months, 9999 * 12 + 11))
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _month_start(day: date) -> date:
    return day.replace(day=1)


def _quarter_start(day: date, first_month: int = 1) -> date:
    return _month_start(add_months(day, -((day.month - first_month) % 3)))


def _year_start(day: date, first_month: int = 1) -> date:
    return _month_start(add_months(day, -((day.month - first_month) % 12)))


def _week_start(day: date, first_day: int) -> date:
    return day - timedelta(days=(day.weekday() - first_day) % 7)


def _spans(today: date, fiscal_month: int, first_day: int) -> dict[str, tuple[date, int]]:
    """Unit → first day of the current one, and its length in months (0: a week)."""
    return {
        "week": (_week_start(today, first_day), 0),
        "month": (_month_start(today), 1),
        "quarter": (_quarter_start(today), 3),
        "year": (_year_start(today), 12),
        "fiscal_quarter": (_quarter_start(today, fiscal_month), 3),
        "fiscal_year": (_year_start(today, fiscal_month), 12),
    }


def relative(name: str, today: date, fiscal_month: int = 1, week_start: int = 0) -> Range:
    """The range that a name such as `previous_month` means on `today`.

    A week begins on the weekday `week_start`, 0 being Monday. Raises: PeriodError listing the
    names that exist.
    """
    if name == "today":
        return Range(today, today)
    if name == "yesterday":
        return Range(today - _DAY, today - _DAY)
    if match := _LAST_DAYS.fullmatch(name):
        days = int(match[1])
        if days > 3650:
            raise PeriodError("relative_range", "last_N_days takes N from 1 to 3650")
        return Range(today - timedelta(days=days - 1), today)
    for unit, (start, months) in _spans(today, fiscal_month, week_start).items():
        if name == f"{unit}_to_date":
            return Range(start, today)
        if name == f"this_{unit}":
            return Range(start, _next(start, months) - _DAY)
        if name == f"previous_{unit}":
            before = add_months(start, -months) if months else start - timedelta(days=7)
            return Range(before, start - _DAY)
    units = ", ".join(_spans(today, fiscal_month, week_start))
    raise PeriodError(
        "relative_range",
        f"{name!r} is not known; use today, yesterday, last_N_days, or this_, previous_ or "
        f"_to_date with one of {units}",
    )


def _next(start: date, months: int) -> date:
    return add_months(start, months) if months else start + timedelta(days=7)


def previous(period: Range, fiscal_month: int = 1) -> Range:
    """What a period is compared with by default.

    A whole month, quarter or year (calendar or fiscal) compares with the whole one before,
    anything else with the same number of days just before.
    """
    for months, start in (
        (1, _month_start(period.start)),
        (3, _quarter_start(period.start)),
        (3, _quarter_start(period.start, fiscal_month)),
        (12, _year_start(period.start)),
        (12, _year_start(period.start, fiscal_month)),
    ):
        if period.start == start and period.end == add_months(start, months) - _DAY:
            return Range(add_months(start, -months), start - _DAY)
    return Range(period.start - timedelta(days=period.days), period.start - _DAY)


def year_before(period: Range) -> Range:
    """The same dates a year earlier; whole months stay whole months."""
    end = add_months(period.end, -12)
    if period.start.day == 1 and (period.end + _DAY).day == 1:
        end = add_months(_month_start(end), 1) - _DAY
    return Range(add_months(period.start, -12), end)


def bucket_start(day: date, grain: str, week_start: int = 0) -> date:
    """First day of the bucket that `day` falls in; weeks begin on `week_start` (0: Monday)."""
    starts = {"day": day, "week": _week_start(day, week_start), "month": _month_start(day)}
    return starts[grain] if grain in starts else _quarter_start(day)


@dataclass(frozen=True)
class Bucket:
    """A span of time with a name of its own; `whole` when the period holds all of it."""

    start: date
    last: date
    whole: bool


def buckets(period: Range, grain: str, week_start: int = 0) -> Iterator[Bucket]:
    """The buckets that the period touches, in order; weeks begin on `week_start` (0: Monday)."""
    start = bucket_start(period.start, grain, week_start)
    while start <= period.end:
        if grain in ("day", "week"):
            following = start + timedelta(days=1 if grain == "day" else 7)
        else:
            following = add_months(start, 1 if grain == "month" else 3)
        last = following - _DAY
        yield Bucket(start, last, start >= period.start and last <= period.end)
        start = following
