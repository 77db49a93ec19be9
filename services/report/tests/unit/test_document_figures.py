import json
from datetime import date
from decimal import Decimal
from importlib.resources import files
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_charts.figures import (
    format_change,
    format_value,
    plain_number,
    plain_text,
    raw_value,
    reason_words,
)
from praxis_report.domain.document import Absent, Cell, Unit

JUNE = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("cell", "unit", "text"),
    [
        (Decimal("1241310.55"), "money", "$1,241,310.55"),
        (Decimal("-388120.4"), "money", "−$388,120.40"),
        (Decimal("-0.001"), "money", "$0.00"),
        (0, "money", "$0.00"),
        (Decimal("0.125"), "money", "$0.13"),
        (Decimal("97.345"), "percent", "97.35%"),
        (Decimal("-1"), "percent", "−1.00%"),
        (18098, "count", "18,098"),
        (Decimal("12.50"), "number", "12.50"),
        (Decimal("-1234.5"), "number", "−1,234.5"),
        (Decimal("1E+3"), "number", "1,000"),
        (JUNE, "date", "Jun 1, 2025"),
        (JUNE, "month", "Jun 2025"),
        ("Total", "month", "Total"),
        ("a\tb\x00c", "text", "a bc"),
        (None, "money", ""),
        (Absent("suppressed"), "money", "—"),
    ],
)
def test_each_unit_reads_in_one_way(cell: Cell, unit: Unit, text: str) -> None:
    assert format_value(cell, unit, "USD") == text


def test_other_currencies_show_their_code() -> None:
    assert format_value(Decimal("-5"), "money", "CHF") == "−CHF\u00a05.00"


@pytest.mark.parametrize(
    ("change", "text"),
    [("4.115", "▲ +4.12%"), ("-1.05", "▼ −1.05%"), ("0", "0.00%"), ("0.001", "0.00%")],
)
def test_a_change_carries_sign_and_direction(change: str, text: str) -> None:
    assert format_change(Decimal(change)) == text


def test_known_reasons_read_as_words() -> None:
    assert reason_words("zero_denominator") == "nothing to divide by in this period"
    assert reason_words("the clinic was closed") == "the clinic was closed"


def test_machine_forms_of_dates_and_absence() -> None:
    assert raw_value(JUNE, "date") == "2025-06-01"
    assert raw_value(JUNE, "month") == "2025-06"
    assert raw_value(Absent("suppressed"), "money") is None


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_plain_number_keeps_every_digit(number: Decimal) -> None:
    text = plain_number(number)
    assert "e" not in text.lower()
    assert Decimal(text) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_money_reads_back_to_the_same_amount(amount: Decimal) -> None:
    text = format_value(amount, "money", "USD")
    assert Decimal(text.translate({ord("−"): "-", ord("$"): None, ord(","): None})) == amount


@given(st.text())
def test_plain_text_has_no_control_characters(text: str) -> None:
    clean = plain_text(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in clean)
    assert plain_text(clean) == clean


def test_plain_text_is_read_in_its_own_direction() -> None:
    assert plain_text("Dr \u202elive\u202c, \u2067x\u2069") == "Dr live, x"


def _luminance(color: str) -> float:
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_tokens_are_readable_and_keep_the_payer_classes_apart() -> None:
    tokens = json.loads((files("praxis_charts") / "tokens.json").read_text())
    color, chart = tokens["color"], tokens["chart"]
    assert list(chart["meanings"]) == [
        "commercial", "medicare", "medicaid", "dual", "tricare", "workers_comp", "other", "self_pay"
    ]  # fmt: skip
    assert all(_contrast(mark, color["paper"]) >= 3 for mark in chart["meanings"].values())
    for ink in ("ink", "ink_soft", "ink_faint", "accent", "notice_ink"):
        assert _contrast(color[ink], color["paper"]) >= 4.5
    assert _contrast(color["ink_soft"], color["panel"]) >= 4.5
    assert _contrast(color["notice_ink"], color["notice_paper"]) >= 4.5
    assert all(a != b for a, b in combinations(chart["meanings"].values(), 2))
    assert len(chart["dashes"]) >= len(chart["meanings"])
