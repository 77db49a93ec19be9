"""The one document model: what a report says, before any renderer draws it.

A Document holds finished figures. Renderers choose how a figure looks, never what it is.
Money is Decimal in the document's currency; a percent is in points (97.35 means 97.35 %);
a month is the date of its first day. Every row has one cell per column, in column order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from praxis_charts.model import (
    Absent,
    Axis,
    Cell,
    Chart,
    ChartKind,
    Series,
    Unit,
    check_cells,
    check_rows,
    check_unique,
)

PhiLevel = Literal["aggregate", "limited", "identified"]

# The chart is part of the model, though its library is shared with the page.
__all__ = [
    "Absent",
    "AsOf",
    "Axis",
    "Card",
    "Cards",
    "Cell",
    "Chart",
    "ChartKind",
    "Column",
    "Document",
    "Notes",
    "PhiLevel",
    "Section",
    "Series",
    "Table",
    "Unit",
]


@dataclass(frozen=True, slots=True)
class AsOf:
    """The state of the data behind every figure; `recorded_at` carries its offset."""

    revision: int
    recorded_at: datetime
    data_through: date | None

    def __post_init__(self) -> None:
        if self.recorded_at.tzinfo is None:
            raise ValueError("recorded_at needs a time zone")


@dataclass(frozen=True, slots=True)
class Card:
    """One headline figure; exactly one of `value` and `reason` is given.

    `comparison_change` is in percent points of change, None where it has no meaning.
    """

    label: str
    value: Decimal | int | None
    unit: Unit
    reason: str | None = None
    comparison_change: Decimal | None = None
    comparison_text: str = ""
    receipt: str | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("a card has either a value or the reason for its absence")
        check_cells((self.value, self.comparison_change), 2)


@dataclass(frozen=True, slots=True)
class Cards:
    """A group of headline figures."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` for machines (snake_case), `label` for people."""

    name: str
    label: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows; the `main` table of a document is the one a CSV file holds.

    `remark` says what a reader of the rows must know, such as a month that is not over.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] | None = None
    receipt: str | None = None
    main: bool = False
    remark: str = ""

    def __post_init__(self) -> None:
        check_unique(column.name for column in self.columns)
        check_rows(self.rows, len(self.columns))
        if self.totals is not None:
            check_cells(self.totals, len(self.columns))


@dataclass(frozen=True, slots=True)
class Notes:
    """Definitions and remarks as (term, text) pairs."""

    title: str
    items: tuple[tuple[str, str], ...]


Section = Cards | Chart | Table | Notes


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report at one revision, ready for any renderer.

    `period` is the range in words; `parameters` are ordered (name, text) pairs; `receipts`
    are those of answers that no card or table names. Exactly one table is the main one.
    """

    title: str
    subtitle: str
    practice_name: str
    period: str
    currency: str
    time_zone: str
    as_of: AsOf
    synthetic: bool
    phi_level: PhiLevel
    parameters: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    receipts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if sum(table.main for table in self.tables) != 1:
            raise ValueError("a document has exactly one main table")
        check_unique(table.id for table in self.tables)
        check_unique(name for name, _ in self.parameters)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in reading order."""
        return tuple(section for section in self.sections if isinstance(section, Table))

    @property
    def main_table(self) -> Table:
        """The table that stands for the document where only one fits."""
        return next(table for table in self.tables if table.main)

    @property
    def sources(self) -> dict[str, tuple[str, ...]]:
        """Every receipt once, with the titles of the sections that rest on it."""
        found: dict[str, list[str]] = {}
        for title, receipt in self._named_receipts():
            titles = found.setdefault(receipt, [])
            if title not in titles:
                titles.append(title)
        return {receipt: tuple(titles) for receipt, titles in found.items()} | {
            receipt: (self.title,) for receipt in self.receipts if receipt not in found
        }

    def _named_receipts(self) -> Iterable[tuple[str, str]]:
        for section in self.sections:
            if isinstance(section, Cards):
                yield from ((section.title, card.receipt) for card in section.cards if card.receipt)
            elif isinstance(section, Table) and section.receipt:
                yield section.title, section.receipt
