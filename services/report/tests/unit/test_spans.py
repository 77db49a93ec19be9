"""How ranges of days read."""

from datetime import date

import pytest

from praxis_report.domain.spans import day_words, exact_words, span_words


@pytest.mark.parametrize(
    ("first", "last", "long", "short"),
    [
        ("2025-09-01", "2025-09-30", "September 2025", "Sep 2025"),
        ("2024-02-01", "2024-02-29", "February 2024", "Feb 2024"),
        ("2025-02-01", "2025-02-28", "February 2025", "Feb 2025"),
        ("2024-02-01", "2024-02-28", "February 1 – 28, 2024", "Feb 1 – 28, 2024"),
        ("2025-07-01", "2025-09-30", "July – September 2025", "Jul – Sep 2025"),
        ("2025-01-01", "2025-12-31", "January – December 2025", "2025"),
        ("2024-07-01", "2025-06-30", "July 2024 – June 2025", "Jul 2024 – Jun 2025"),
        ("2025-01-01", "2025-10-15", "January 1 – October 15, 2025", "Jan 1 – Oct 15, 2025"),
        ("2025-10-15", "2025-10-15", "October 15, 2025", "Oct 15, 2025"),
        (
            "2024-12-20",
            "2025-01-03",
            "December 20, 2024 – January 3, 2025",
            "Dec 20, 2024 – Jan 3, 2025",
        ),
    ],
)
def test_a_range_takes_the_fewest_words(first: str, last: str, long: str, short: str) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert span_words(*days) == long
    assert span_words(*days, short=True) == short


def test_the_exact_form_names_both_days() -> None:
    first, last = date(2025, 9, 1), date(2025, 9, 30)
    assert exact_words(first, last) == "September 1, 2025 – September 30, 2025"
    assert exact_words(last, last) == day_words(last) == "September 30, 2025"
