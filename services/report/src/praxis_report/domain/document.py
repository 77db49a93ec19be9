"""The one document model: what a report says, before any renderer draws it.

A Document holds finished figures. Renderers choose how a figure looks, never what it is.
Money is Decimal in the document's currency; a percent is in points (97.35 means 97.35 %);
a month is the date of its first day. Every row has one cell per column, in column order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from praxis_charts.figures import plain_text
from praxis_charts.model import (
    Absent,
    Axis,
    Cell,
    Chart,
    ChartKind,
    Ratio,
    Series,
    Trend,
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
    "Bullets",
    "Card",
    "Cards",
    "Cell",
    "Chart",
    "ChartKind",
    "Column",
    "Document",
    "Measure",
    "Measures",
    "Notes",
    "PhiLevel",
    "Ratio",
    "Rows",
    "Section",
    "Series",
    "Table",
    "Trend",
    "Unit",
    "control_characters",
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

    `comparison_change` is in percent points of change, None where it has no meaning. A rate has
    its numerator and denominator.
    """

    label: str
    value: Decimal | int | None
    unit: Unit
    reason: str | None = None
    comparison_change: Decimal | None = None
    comparison_text: str = ""
    receipt: str | None = None
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError("a card has either a value or the reason for its absence")
        check_cells((self.value, self.comparison_change, self.numerator, self.denominator), 4)


@dataclass(frozen=True, slots=True)
class Cards:
    """A group of headline figures."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `name` for machines (snake_case), `label` for people.

    With `trend`, the labels of its points, each of its cells is a Trend of as many values.
    """

    name: str
    label: str
    unit: Unit
    trend: tuple[str, ...] = ()


class Rows(Protocol):
    """Rows of a table, held or read from a file: their number, and they can be gone through."""

    def __len__(self) -> int:
        """How many."""

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        """From the first, each time."""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in rows; the `main` table of a document is the one a CSV file holds.

    `remark` says what a reader of the rows must know, such as a month that is not over;
    `partial` are the values in the first column of the rows that such a period cuts short.
    Rows that do not come from memory are checked by whoever reads them.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows
    totals: tuple[Cell, ...] | None = None
    receipt: str | None = None
    main: bool = False
    remark: str = ""
    partial: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        check_unique(column.name for column in self.columns)
        if isinstance(self.rows, tuple):
            check_rows(self.rows, len(self.columns))
        if self.totals is not None:
            check_cells(self.totals, len(self.columns))


@dataclass(frozen=True, slots=True)
class Measure:
    """One quality measure: whom it counts, its rate in percent, and who is still to be reached.

    `inverse` is a measure whose lower rate is the better one. `not_evaluable` names the criteria
    that the data at hand cannot answer; `completeness` is the percentage that it can.
    """

    name: str
    label: str
    rate: Cell
    initial_population: Cell
    denominator: Cell
    exclusions: Cell
    exceptions: Cell
    numerator: Cell
    gaps: Cell
    goal: Decimal | None = None
    inverse: bool = False
    completeness: Decimal | None = None
    not_evaluable: tuple[str, ...] = ()


_MEASURE_COLUMNS = (
    Column("measure", "Measure", "text"),
    Column("rate", "Rate", "percent"),
    Column("goal", "Goal", "percent"),
    Column("better", "Better is", "text"),
    Column("initial_population", "Initial population", "count"),
    Column("denominator", "Denominator", "count"),
    Column("exclusions", "Exclusions", "count"),
    Column("exceptions", "Exceptions", "count"),
    Column("numerator", "Numerator", "count"),
    Column("gaps", "Gaps", "count"),
    Column("completeness", "Data completeness", "percent"),
    Column("not_evaluable", "Not evaluable", "text"),
)


@dataclass(frozen=True, slots=True)
class Measures:
    """Quality measures, drawn one by one; where only figures count they are a table."""

    id: str
    title: str
    measures: tuple[Measure, ...]
    receipt: str | None = None
    main: bool = False

    @property
    def table(self) -> Table:
        """The measures in rows."""
        rows = tuple(
            (
                one.label,
                one.rate,
                one.goal,
                "lower" if one.inverse else "higher",
                one.initial_population,
                one.denominator,
                one.exclusions,
                one.exceptions,
                one.numerator,
                one.gaps,
                one.completeness,
                "; ".join(one.not_evaluable),
            )
            for one in self.measures
        )
        return Table(
            self.id, self.title, _MEASURE_COLUMNS, rows, receipt=self.receipt, main=self.main
        )


@dataclass(frozen=True, slots=True)
class Bullets:
    """Statements, one under the other."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Definitions and remarks as (term, text) pairs."""

    title: str
    items: tuple[tuple[str, str], ...]


def control_characters(value: Any) -> int:
    """How many characters the texts of a section hold that no file shows; rows of a file are for
    whoever reads them."""
    if isinstance(value, str):
        return len(value) - len(plain_text(value))
    if isinstance(value, tuple):
        return sum(map(control_characters, value))
    if is_dataclass(value):
        return sum(control_characters(getattr(value, field.name)) for field in fields(value))
    return 0


Section = Cards | Chart | Table | Measures | Bullets | Notes


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report at one revision, ready for any renderer.

    `period` is the range in words; `parameters` are ordered (name, text) pairs, and so are
    `filters`, which stand under the title; `receipts` are those of answers that no card, chart
    or table names; `receipt_link` is the address that a receipt completes, empty where there is
    none to give. Exactly one table is the main one.
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
    filters: tuple[tuple[str, str], ...] = ()
    receipt_link: str = ""

    def __post_init__(self) -> None:
        if sum(table.main for table in self.tables) != 1:
            raise ValueError("a document has exactly one main table")
        check_unique(table.id for table in self.tables)
        check_unique(name for name, _ in self.parameters)
        check_unique(name for name, _ in self.filters)

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, and measures as such, in reading order."""
        found = (s.table if isinstance(s, Measures) else s for s in self.sections)
        return tuple(section for section in found if isinstance(section, Table))

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
            elif isinstance(section, Table | Measures | Chart) and section.receipt:
                yield section.title, section.receipt
