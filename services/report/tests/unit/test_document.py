from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Card,
    Cards,
    Chart,
    Column,
    Document,
    Series,
    Table,
)

AMOUNT = Column("amount", "Amount", "money")
MAIN = Table("main", "Rows", (AMOUNT,), ((Decimal("1.10"),),), receipt="r1", main=True)
DOCUMENT = Document(
    title="Revenue",
    subtitle="",
    practice_name="Cedar",
    period="June 2025",
    currency="USD",
    time_zone="UTC",
    as_of=AsOf(1, datetime(2025, 7, 1, tzinfo=UTC), date(2025, 6, 30)),
    synthetic=False,
    phi_level="aggregate",
    parameters=(),
    sections=(MAIN,),
)


@pytest.mark.parametrize(
    "tables", [(), (replace(MAIN, main=False),), (MAIN, replace(MAIN, id="b"))]
)
def test_exactly_one_table_is_the_main_one(tables: tuple[Table, ...]) -> None:
    with pytest.raises(ValueError, match="main table"):
        replace(DOCUMENT, sections=tables)


def test_main_table_is_found_among_others() -> None:
    other = replace(MAIN, id="other", main=False)
    document = replace(DOCUMENT, sections=(other, MAIN))
    assert document.main_table is MAIN
    assert document.tables == (other, MAIN)


def test_sources_name_each_receipt_once_with_its_sections() -> None:
    cards = Cards("Summary", tuple(Card(name, 1, "count", receipt="r1") for name in "ab"))
    document = replace(DOCUMENT, sections=(cards, MAIN), receipts=("r1", "r2"))
    assert document.sources == {"r1": ("Summary", "Rows"), "r2": ("Revenue",)}


@pytest.mark.parametrize(
    ("value", "reason"), [(None, None), (Decimal(1), "suppressed"), (0, "suppressed")]
)
def test_a_card_has_a_value_or_a_reason(value: Decimal | int | None, reason: str | None) -> None:
    with pytest.raises(ValueError, match="reason"):
        Card("Revenue", value, "money", reason)


def test_zero_is_a_value() -> None:
    assert Card("Revenue", 0, "money").value == 0


@pytest.mark.parametrize("cell", [1.5, Decimal("NaN"), Decimal("Infinity")])
def test_inexact_figures_are_refused(cell: Any) -> None:
    with pytest.raises(ValueError, match="exact"):
        replace(MAIN, rows=((cell,),))
    with pytest.raises(ValueError, match="exact"):
        replace(MAIN, totals=(cell,))
    with pytest.raises(ValueError, match="exact"):
        Card("Revenue", cell, "money")


def test_rows_fit_their_columns() -> None:
    with pytest.raises(ValueError, match="2 cells where 1"):
        replace(MAIN, rows=((Decimal(1), Decimal(2)),))
    with pytest.raises(ValueError, match="0 cells where 1"):
        replace(MAIN, totals=())


def test_names_do_not_repeat() -> None:
    with pytest.raises(ValueError, match="repeat"):
        replace(MAIN, columns=(AMOUNT, AMOUNT), rows=())
    with pytest.raises(ValueError, match="repeat"):
        replace(DOCUMENT, parameters=(("Period", "a"), ("Period", "b")))


def test_a_chart_says_in_words_what_it_shows() -> None:
    axis, series = Axis("Month", "month"), (Series("payments", "Payments"),)
    rows = ((date(2025, 6, 1), Absent("suppressed")),)
    assert Chart("C", "Payments in June.", "line", axis, axis, series, rows).rows == rows
    with pytest.raises(ValueError, match="summary"):
        Chart("C", " ", "line", axis, axis, series, rows)


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        AsOf(1, datetime(2025, 7, 1), None)  # noqa: DTZ001  (the fault that is meant)
