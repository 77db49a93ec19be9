"""A chart before anyone draws it: finished figures with their units.

Money is Decimal in the currency of the document around it; a percent is in points (97.35 means
97.35 %); a month is the date of its first day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Unit = Literal[
    "money", "percent", "count", "number", "days", "hours", "minutes", "date", "month", "text"
]
ChartKind = Literal["line", "area", "bar", "stacked_bar", "pie", "donut", "pareto", "heat_map"]


@dataclass(frozen=True, slots=True)
class Absent:
    """A figure that could not be computed; `reason` is a known code or a short sentence.

    Numerator and denominator are those of a rate that has none, where they may be told.
    """

    reason: str
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate or mean with what it was made of."""

    value: Decimal
    numerator: Decimal | int
    denominator: Decimal | int


@dataclass(frozen=True, slots=True)
class Trend:
    """The course of one figure, oldest first, as small as a cell."""

    values: tuple[Decimal | int | Absent | None, ...]


Cell = Decimal | int | str | date | Absent | Ratio | Trend | None


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

    Each row is the x value followed by one value per series; an absent value has no mark. A pie
    or donut has one row: its slices are the series. A pareto has two series, the amounts and
    their running share of the whole in percent. A heat map has a row per line of cells and a
    series per column of them. `partial` are the x values of periods that are not whole.
    """

    title: str
    summary: str
    kind: ChartKind
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    rows: tuple[tuple[Cell, ...], ...]
    partial: tuple[Cell, ...] = ()
    receipt: str | None = None

    def __post_init__(self) -> None:
        if not self.summary.strip():
            raise ValueError("a chart needs its summary: it is what a screen reader says")
        check_unique(series.name for series in self.series)
        check_unique(series.label for series in self.series)
        check_rows(self.rows, 1 + len(self.series))
        if self.kind in ("pie", "donut") and len(self.rows) > 1:
            raise ValueError("a pie has one row")
        if self.kind == "pareto" and len(self.series) != 2:
            raise ValueError("a pareto has two series: amounts and their running share")

    def unit_of(self, series: int) -> Unit:
        """What the series at that place is measured in."""
        return "percent" if self.kind == "pareto" and series == 1 else self.y.unit


def number_of(cell: Cell) -> Decimal | int | None:
    """The figure in a cell; None where there is none."""
    if isinstance(cell, Ratio):
        return cell.value
    return cell if isinstance(cell, Decimal | int) else None


def check_unique(names: Iterable[str]) -> None:
    """Raises: ValueError when a name comes twice."""
    seen = list(names)
    if len(set(seen)) != len(seen):
        raise ValueError(f"names repeat: {', '.join(seen)}")


def check_rows(rows: Iterable[Sequence[Cell]], width: int) -> None:
    """Raises: ValueError for a row of another width, or a figure that is not exact."""
    for row in rows:
        check_cells(row, width)


def check_cells(cells: Sequence[object], width: int) -> None:
    """Raises: ValueError for another number of cells, or a figure that is not exact."""
    if len(cells) != width:
        raise ValueError(f"a row of {len(cells)} cells where {width} are declared")
    for cell in cells:
        if isinstance(cell, Trend):
            check_cells(cell.values, len(cell.values))
        elif isinstance(cell, Ratio):
            check_cells((cell.value, cell.numerator, cell.denominator), 3)
        elif isinstance(cell, float) or (isinstance(cell, Decimal) and not cell.is_finite()):
            raise ValueError("a figure is an exact finite Decimal or an int, never a float")
