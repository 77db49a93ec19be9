"""How a range of days reads: `September 2025`, `January – June 2025`, `March 3 – 19, 2025`."""

from __future__ import annotations

from datetime import date, timedelta

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_words(day: date, *, short: bool = False) -> str:
    """One day: `March 3, 2025`; short: `Mar 3, 2025`."""
    return f"{_month(day, short)} {day.day}, {day.year}"


def exact_words(first: date, last: date) -> str:
    """A range with both of its days in full."""
    return day_words(first) if first == last else f"{day_words(first)} – {day_words(last)}"


def span_words(first: date, last: date, *, short: bool = False) -> str:
    """A range in as few words as it takes; whole months go by their names.

    Short: months by three letters, and a calendar year by its number.
    """
    if first == last:
        return day_words(first, short=short)
    start, end = _month(first, short), _month(last, short)
    same_year = first.year == last.year
    if first.day == 1 and (last + timedelta(days=1)).day == 1:
        if short and same_year and first.month == 1 and last.month == 12:
            return f"{last.year}"
        if same_year:
            return f"{start} {last.year}" if start == end else f"{start} – {end} {last.year}"
        return f"{start} {first.year} – {end} {last.year}"
    if not same_year:
        return f"{day_words(first, short=short)} – {day_words(last, short=short)}"
    until = f"{last.day}" if start == end else f"{end} {last.day}"
    return f"{start} {first.day} – {until}, {last.year}"


def _month(day: date, short: bool) -> str:
    name = _MONTHS[day.month - 1]
    return name[:3] if short else name
