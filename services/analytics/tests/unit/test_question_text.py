"""Questions in words: what they mean, and where they go wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_analytics.domain.question_text import Asked, TextError, parse

METRICS = {"net_collection_rate": ["matched"], "total_charges": ["service_date"], "visits": []}
DIMENSIONS = ("payer", "payer_class", "sex")


def read(text: str) -> Asked:
    return parse(text, METRICS, DIMENSIONS)


def test_metrics_dimensions_and_a_period() -> None:
    assert read("net_collection_rate by payer, previous_month") == Asked(
        ["net_collection_rate"], dimensions=["payer"], relative_range="previous_month"
    )


def test_without_a_period_it_is_the_previous_month() -> None:
    assert read("visits").relative_range == "previous_month"


def test_everything_at_once_in_any_order() -> None:
    found = read(
        "last_90_days, visits and total_charges[service_date] by payer_class, sex, per month, "
        'sex = female | none | "a, b", top 5 by total_charges, vs same_period_last_year'
    )
    assert found == Asked(
        metrics=["visits", "total_charges"],
        variants={"total_charges": "service_date"},
        dimensions=["payer_class", "sex"],
        grain="month",
        relative_range="last_90_days",
        compare_to="same_period_last_year",
        filters={"sex": ["female", "", "a, b"]},
        order_by="total_charges",
        descending=True,
        limit=5,
    )


def test_days_are_a_period() -> None:
    found = read("visits 2026-01-01..2026-03-31 bottom 3")
    assert (found.start, found.end) == ("2026-01-01", "2026-03-31")
    assert (found.limit, found.descending, found.order_by) == (3, False, "visits")
    found = read("visits, 2026-01-01")
    assert (found.start, found.end) == ("2026-01-01", "2026-01-01")


@pytest.mark.parametrize(
    ("text", "position", "hint"),
    [
        ("", 1, "a metric is missing"),
        ("by payer", 9, "a metric is missing"),
        ("net_colection_rate by payer", 1, "did you mean net_collection_rate?"),
        ("visits by payr", 11, "did you mean payer"),
        ("visits, previous_moth", 9, "did you mean previous_month"),
        ("visits per decade", 12, "day, week, month, quarter"),
        ("visits[posting]", 8, "no 'posting'; variants: none"),
        ("total_charges[service_date by payer", 28, "']' is missing"),
        ("visits top five", 12, "a number"),
        ("visits by payer top 3 by payer", 26, "not known"),
        ("visits sex = ", 14, "a value of sex is missing"),
        ("visits vs yesterday", 11, "previous_period"),
        ("visits today yesterday", 14, "given already"),
        ("visits visits", 8, "given already"),
        ("visits § today", 8, "no meaning"),
        ("visits 2026-01-01.. today", 21, "a last day"),
    ],
)
def test_text_that_is_no_question_says_where_and_why(text: str, position: int, hint: str) -> None:
    with pytest.raises(TextError) as refused:
        read(text)
    assert hint in str(refused.value)
    assert refused.value.position == position


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["visits", "by", "payer", ",", "top", "3", "=", "|", "[", "..", "per", "x"]
        ),
        max_size=9,
    ).map(" ".join)
)
def test_any_text_is_a_question_or_refused(text: str) -> None:
    try:
        assert read(text).metrics
    except TextError as error:
        assert 1 <= error.position <= len(text) + 1
