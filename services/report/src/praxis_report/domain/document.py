"""The one document model: what a report says, before any renderer draws it.

A Document holds finished figures. Renderers choose how a figure looks, never what it is.
Money is Decimal in the document's currency; a percent is in points (97.35 means 97.35 %);
a month is the date of its first day. Every row has one cell per column, in column order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Unit = Literal["money", "percent", "count", "number", "date", "month", "text"]
ChartKind = Literal["line", "bar", "stacked_bar"]
PhiLevel = Literal["aggregate", "limited", "identified"]


@dataclass(frozen=True, slots=True)
class Absent:
    """A figure that could not be computed; `reason` is a known code or a short sentence."""

    reason: str


Cell = Decimal | int | str | date | Absent | None


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
        _check_cells((self.value, self.comparison_change), 2)


@dataclass(frozen=True, slots=True)
class Cards:
    """A group of headline figures."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What one direction of a chart measures."""

    label: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Series:
    """One set of marks; `name` is the meaning that fixes its colour (`medicare`)."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures; `summary` says in one sentence what it shows.

    Each row is the x value followed by one value per series; an absent value has no mark.
    """

    title: str
    summary: str
    kind: ChartKind
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if not self.summary.strip():
            raise ValueError("a chart needs its summary: it is what a screen reader says")
        _check_unique(series.name for series in self.series)
        _check_unique(series.label for series in self.series)
        _check_rows(self.rows, 1 + len(self.series))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` for machines (snake_case), `label` for people."""

    name: str
    label: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows; the `main` table of a document is the one a CSV file holds."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] | None = None
    receipt: str | None = None
    main: bool = False

    def __post_init__(self) -> None:
        _check_unique(column.name for column in self.columns)
        _check_rows(self.rows, len(self.columns))
        if self.totals is not None:
            _check_cells(self.totals, len(self.columns))


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
        _check_unique(table.id for table in self.tables)
        _check_unique(name for name, _ in self.parameters)

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


def _check_unique(names: Iterable[str]) -> None:
    seen = list(names)
    if len(set(seen)) != len(seen):
        raise ValueError(f"names repeat: {', '.join(seen)}")


def _check_rows(rows: Iterable[Sequence[Cell]], width: int) -> None:
    for row in rows:
        _check_cells(row, width)


def _check_cells(cells: Sequence[object], width: int) -> None:
    if len(cells) != width:
        raise ValueError(f"a row of {len(cells)} cells where {width} are declared")
    for cell in cells:
        if isinstance(cell, float) or (isinstance(cell, Decimal) and not cell.is_finite()):
            raise ValueError("a figure is an exact finite Decimal or an int, never a float")
