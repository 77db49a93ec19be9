"""What a type of report is made of."""

from __future__ import annotations

from dataclasses import dataclass

from praxis_charts.model import ChartKind

# Ways to group by time; everything else is a dimension of the catalogue.
GRAINS = ("day", "week", "month", "quarter")
MONEY, OFFICE = "PERMISSION_READ_FINANCIAL", "PERMISSION_READ_OPERATIONAL"
SQL, PATIENTS = "PERMISSION_RUN_SQL", "PERMISSION_READ_PATIENTS"


@dataclass(frozen=True)
class Split:
    """Metrics split by one thing: a table, or a picture, or both.

    `by` is a grain or dimension; `across` a second dimension, for heat maps. With `chart` the
    metrics of `marks` (default: the first) are drawn. Of more than `limit` groups those with the
    largest first metric are shown one by one, the others together. `sparkline` adds the course of
    the first metric by month.
    """

    by: str
    metrics: tuple[str, ...]
    title: str = ""
    chart: ChartKind | None = None
    marks: tuple[str, ...] = ()
    table: bool = True
    limit: int = 0
    across: str = ""
    sparkline: bool = False

    @property
    def drawn(self) -> tuple[str, ...]:
        """The metrics of its picture."""
        return self.marks or self.metrics[:1]


@dataclass(frozen=True)
class ReportType:
    """What a type of report says.

    `cards` are the headline metrics, `columns` those of the main table, which is grouped by one
    of `groupings` (the first by default), `marks` those of its picture; `more` are further
    tables and pictures. With `measures` the quality measures of the period come first. `work`
    names the work list that stands in it where patients may be shown.
    """

    name: str
    title: str
    question: str
    permission: str
    cards: tuple[str, ...]
    columns: tuple[str, ...]
    marks: tuple[str, ...]
    groupings: tuple[str, ...]
    more: tuple[Split, ...] = ()
    measures: bool = False
    work: str = ""
