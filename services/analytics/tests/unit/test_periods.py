"""Periods: what relative names mean, comparisons, buckets, and errors that name the field."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from praxis_analytics.domain.periods import (
    GRAINS,
    PeriodError,
    Range,
    add_months,
    bucket_start,
    buckets,
    fixed,
    parse_date,
    previous,
    relative,
    year_before,
)

DAY = timedelta(days=1)
todays = st.dates(date(1950, 1, 1), date(2150, 12, 31))
fiscal_months = st.integers(1, 12)


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    start = draw(todays)
    return Range(start, start + timedelta(days=draw(st.integers(0, 1500))))


def month(year: int, number: int, count: int = 1) -> Range:
    """Whole months, the first named."""
    last = year * 12 + number - 1 + count - 1
    year_of_last, index = divmod(last, 12)
    days = calendar.monthrange(year_of_last, index + 1)[1]
    return Range(date(year, number, 1), date(year_of_last, index + 1, days))


# Relative names.

TODAY = date(2025, 8, 14)  # a Thursday


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", "2025-08-14", "2025-08-14"),
        ("yesterday", "2025-08-13", "2025-08-13"),
        ("this_week", "2025-08-11", "2025-08-17"),
        ("previous_week", "2025-08-04", "2025-08-10"),
        ("week_to_date", "2025-08-11", "2025-08-14"),
        ("this_month", "2025-08-01", "2025-08-31"),
        ("previous_month", "2025-07-01", "2025-07-31"),
        ("month_to_date", "2025-08-01", "2025-08-14"),
        ("this_quarter", "2025-07-01", "2025-09-30"),
        ("previous_quarter", "2025-04-01", "2025-06-30"),
        ("quarter_to_date", "2025-07-01", "2025-08-14"),
        ("this_year", "2025-01-01", "2025-12-31"),
        ("previous_year", "2024-01-01", "2024-12-31"),
        ("year_to_date", "2025-01-01", "2025-08-14"),
        ("last_1_days", "2025-08-14", "2025-08-14"),
        ("last_30_days", "2025-07-16", "2025-08-14"),
        # The fiscal year begins in October here.
        ("this_fiscal_year", "2024-10-01", "2025-09-30"),
        ("previous_fiscal_year", "2023-10-01", "2024-09-30"),
        ("fiscal_year_to_date", "2024-10-01", "2025-08-14"),
        ("this_fiscal_quarter", "2025-07-01", "2025-09-30"),
        ("previous_fiscal_quarter", "2025-04-01", "2025-06-30"),
        ("fiscal_quarter_to_date", "2025-07-01", "2025-08-14"),
    ],
)
def test_a_relative_name_means_these_dates(name: str, start: str, end: str) -> None:
    wanted = Range(date.fromisoformat(start), date.fromisoformat(end))
    assert relative(name, TODAY, fiscal_month=10) == wanted


def test_a_fiscal_quarter_may_cross_the_year() -> None:
    assert relative("this_fiscal_quarter", date(2025, 1, 9), 11) == month(2024, 11, 3)
    assert relative("previous_fiscal_quarter", date(2025, 1, 9), 11) == month(2024, 8, 3)
    assert relative("this_fiscal_year", date(2025, 1, 9), 2) == month(2024, 2, 12)


UNITS = {"week": 0, "month": 1, "quarter": 3, "year": 12, "fiscal_quarter": 3, "fiscal_year": 12}


@given(todays, fiscal_months, st.sampled_from(sorted(UNITS)))
def test_this_unit_holds_today_and_follows_the_previous_one(
    today: date, fiscal: int, unit: str
) -> None:
    this = relative(f"this_{unit}", today, fiscal)
    before = relative(f"previous_{unit}", today, fiscal)
    assert this.start <= today <= this.end
    assert before.end + DAY == this.start
    assert relative(f"{unit}_to_date", today, fiscal) == Range(this.start, today)
    if unit == "week":
        assert (this.start.weekday(), this.days, before.days) == (0, 7, 7)
        return
    assert this == month(this.start.year, this.start.month, UNITS[unit])
    assert before == month(before.start.year, before.start.month, UNITS[unit])
    if unit == "fiscal_year":
        assert this.start.month == fiscal
    if unit == "year":
        assert this.start.month == 1


@given(todays, st.integers(1, 3650))
def test_last_n_days_ends_today_and_has_n_days(today: date, days: int) -> None:
    found = relative(f"last_{days}_days", today)
    assert (found.end, found.days) == (today, days)


@pytest.mark.parametrize(
    "name",
    ["last_0_days", "last_3651_days", "last_-1_days", "last_01_days", "last_99999_days",
     "last_month", "next_month", "this_day", "", "TODAY", "today ", "previous_fiscal_week"],
)  # fmt: skip
def test_a_name_that_means_nothing_is_refused_by_field(name: str) -> None:
    with pytest.raises(PeriodError) as refused:
        relative(name, TODAY)
    assert refused.value.field == "relative_range"
    assert "last_N_days" in refused.value.message


# Fixed dates.


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("", "2025-01-31", "start_date"),
        ("2025-01-01", "", "end_date"),
        ("2025-02-30", "2025-03-01", "start_date"),
        ("2025-01-01", "2025-13-01", "end_date"),
        ("yesterday", "2025-01-01", "start_date"),
        ("2025-01-02", "2025-01-01", "end_date"),
        ("2015-01-01", "2025-01-01", "end_date"),
        ("0001-01-01", "0001-01-02", "start_date"),
        ("1899-12-31", "1900-01-01", "start_date"),
        ("2199-12-31", "2200-01-01", "end_date"),
        ("9999-12-31", "9999-12-31", "start_date"),
    ],
)
def test_a_bad_range_is_refused_by_field(start: str, end: str, field: str) -> None:
    for prefix in ("", "comparison_"):
        with pytest.raises(PeriodError) as refused:
            fixed(start, end, prefix)
        assert refused.value.field == prefix + field


def test_ten_years_are_allowed_and_a_day_more_is_not() -> None:
    assert fixed("2015-01-01", "2024-12-31").days == 3653
    with pytest.raises(PeriodError, match="longer than 10 years"):
        fixed("2015-01-01", "2025-01-01")


@given(st.text(max_size=12))
def test_a_text_is_a_date_or_refused(text: str) -> None:
    try:
        found = parse_date("today", text)
    except PeriodError as refused:
        assert refused.field == "today"
    else:
        assert re.fullmatch(r"(19|20|21)\d\d-?(\d\d-?\d\d|W\d\d(-?\d)?)", text)
        assert 1900 <= found.year < 2200


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 3652))
def test_no_arithmetic_leaves_the_calendar(start: date, days: int) -> None:
    end = min(start + timedelta(days=days), date(2199, 12, 31))
    assume(end < add_months(start, 120))
    period = fixed(start.isoformat(), end.isoformat())
    assert previous(period).end < period.start
    assert year_before(period).start < period.start
    assert list(buckets(period, "quarter"))


# Months.


@given(todays, st.integers(-600, 600))
def test_months_are_added_on_the_calendar(day: date, months: int) -> None:
    there = add_months(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day == min(day.day, calendar.monthrange(there.year, there.month)[1])


@given(todays, st.integers(0, 6))
def test_a_week_begins_on_the_practice_s_day(today: date, first_day: int) -> None:
    week = relative("this_week", today, week_start=first_day)
    assert (week.start.weekday(), week.days) == (first_day, 7)
    assert week.start <= today <= week.end
    assert relative("week_to_date", today, week_start=first_day) == Range(week.start, today)
    before = relative("previous_week", today, week_start=first_day)
    assert (before.end + DAY, before.days) == (week.start, 7)


# Comparison.


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (month(2024, 3), month(2024, 2)),
        (month(2025, 1), month(2024, 12)),
        (month(2025, 4, 3), month(2025, 1, 3)),
        (month(2025, 1, 3), month(2024, 10, 3)),
        (month(2025, 1, 12), month(2024, 1, 12)),
        # Three whole months that are no quarter: as many days.
        (month(2025, 2, 3), Range(date(2024, 11, 4), date(2025, 1, 31))),
        (month(2025, 3, 2), Range(date(2024, 12, 30), date(2025, 2, 28))),
        (Range(date(2025, 3, 10), date(2025, 3, 16)), Range(date(2025, 3, 3), date(2025, 3, 9))),
        (Range(date(2024, 3, 1), date(2024, 3, 1)), Range(date(2024, 2, 29), date(2024, 2, 29))),
        (Range(date(2025, 1, 1), date(2025, 1, 30)), Range(date(2024, 12, 2), date(2024, 12, 31))),
    ],
)
def test_the_period_before(period: Range, before: Range) -> None:
    assert previous(period) == before


def test_a_whole_fiscal_quarter_or_year_compares_with_the_whole_one_before() -> None:
    assert previous(month(2025, 2, 3), fiscal_month=2) == month(2024, 11, 3)
    assert previous(month(2024, 7, 12), fiscal_month=7) == month(2023, 7, 12)
    # The calendar's stay what they are.
    assert previous(month(2025, 1, 3), fiscal_month=2) == month(2024, 10, 3)


@given(ranges(), fiscal_months)
def test_the_period_before_ends_where_the_period_begins(period: Range, fiscal: int) -> None:
    before = previous(period, fiscal)
    assert before.end + DAY == period.start
    whole_months = period.start.day == 1 and (period.end + DAY).day == 1
    assert before.days == period.days or whole_months


@pytest.mark.parametrize(
    ("start", "end", "start_before", "end_before"),
    [
        ("2024-02-29", "2024-02-29", "2023-02-28", "2023-02-28"),
        ("2025-02-28", "2025-02-28", "2024-02-28", "2024-02-28"),
        ("2025-02-01", "2025-02-28", "2024-02-01", "2024-02-29"),
        ("2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28"),
        ("2025-01-01", "2025-02-28", "2024-01-01", "2024-02-29"),
        ("2025-03-10", "2025-03-16", "2024-03-10", "2024-03-16"),
        ("2024-02-29", "2024-03-10", "2023-02-28", "2023-03-10"),
    ],
)
def test_the_same_dates_a_year_earlier(
    start: str, end: str, start_before: str, end_before: str
) -> None:
    found = year_before(fixed(start, end))
    assert found == fixed(start_before, end_before)


@given(ranges())
def test_a_year_earlier_is_a_range_of_nearly_as_many_days(period: Range) -> None:
    before = year_before(period)
    assert before.start <= before.end
    assert abs(before.days - period.days) <= 1


# Buckets.


@given(ranges(), st.sampled_from(GRAINS), st.integers(0, 6))
def test_buckets_tile_the_period(period: Range, grain: str, first_day: int) -> None:
    found = list(buckets(period, grain, first_day))
    assert found[0].start <= period.start <= found[0].last
    assert found[-1].start <= period.end <= found[-1].last
    for one, following in pairwise(found):
        assert one.last + DAY == following.start
    for one in found:
        inside = period.start <= one.start and one.last <= period.end
        assert one.whole == inside
        starts = {bucket_start(day, grain, first_day) for day in (one.start, one.last)}
        assert starts == {one.start}
        assert grain != "week" or one.start.weekday() == first_day


@given(todays, st.sampled_from(GRAINS))
def test_a_bucket_is_named_by_its_first_day(day: date, grain: str) -> None:
    start = bucket_start(day, grain)
    expected = {
        "day": day,
        "week": date.fromisocalendar(*day.isocalendar()[:2], 1),
        "month": day.replace(day=1),
        "quarter": date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    }
    assert start == expected[grain]
