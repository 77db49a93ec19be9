"""What the forms for people share: templates, the words about a document, a table as text."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from praxis_charts.figures import format_change, format_value, plain_text, reason_words
from praxis_report.domain.document import Absent, Cell, Chart, Column, Document, Table

WIDE_COLUMNS = 8  # more than these need the paper on its side
SYNTHETIC = (
    "This document contains synthetic demo data. No figure is about a real patient or payment."
)
NOTHING_TO_DRAW = "There is nothing to draw for this period."
NO_ROWS = "No rows in this period."
RECEIPTS = (
    "Open a receipt in Praxis to see the formula, the filters and the rows behind its figures, "
    "and how they stand today."
)
PRIVACY = {
    "aggregate": "Totals only, no row about a person",
    "limited": "Dates and codes of patients, no direct identifiers",
    "identified": "Identified patient data: keep and share it accordingly",
}


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The shipped templates; everything put into them is escaped."""
    made = ImmutableSandboxedEnvironment(
        loader=PackageLoader(__package__),
        autoescape=lambda name: name is None or not name.endswith(".css"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "text": plain_text,
        "change": format_change,
        "reason": reason_words,
        "kind": lambda section: type(section).__name__,
    }
    return made


def about(document: Document) -> list[tuple[str, str]]:
    """What a reader must know to judge the figures, as (term, text) pairs."""
    as_of = document.as_of
    recorded = as_of.recorded_at.astimezone(ZoneInfo(document.time_zone))
    through = format_value(as_of.data_through, "date", document.currency) or "no data yet"
    return [
        ("Practice", document.practice_name),
        ("Data", f"Revision {as_of.revision}, recorded {_instant(recorded)}, through {through}"),
        ("Dates and money", f"{document.time_zone}, {document.currency}"),
        ("Privacy", PRIVACY[document.phi_level]),
        *document.parameters,
    ]


def _instant(local: datetime) -> str:
    return f"{format_value(local.date(), 'date', '')} {local:%H:%M %Z}"


@dataclass(frozen=True, slots=True)
class Laid:
    """A table as text: each cell with the number of its footnote, None where it has none."""

    rows: list[list[tuple[str, int | None]]]
    totals: list[tuple[str, int | None]] | None
    footnotes: dict[str, int]
    wide: bool


def laid_out(table: Table, currency: str) -> Laid:
    """The cells of a table as people read them; each reason for an absence is one footnote."""
    footnotes: dict[str, int] = {}

    def shown(cell: Cell, column: Column) -> tuple[str, int | None]:
        text = format_value(cell, column.unit, currency)
        if not isinstance(cell, Absent):
            return text, None
        return text, footnotes.setdefault(reason_words(cell.reason), len(footnotes) + 1)

    def line(row: tuple[Cell, ...]) -> list[tuple[str, int | None]]:
        return [shown(*pair) for pair in zip(row, table.columns, strict=True)]

    rows = [line(row) for row in table.rows]
    totals = line(table.totals) if table.totals else None
    return Laid(rows, totals, footnotes, len(table.columns) > WIDE_COLUMNS)


def chart_table(chart: Chart) -> Table:
    """The figures of a chart as a table, for those who read rather than look."""
    x = Column("", chart.x.label, chart.x.unit)
    series = (Column(one.name, one.label, chart.y.unit) for one in chart.series)
    return Table(id="", title=chart.title, columns=(x, *series), rows=chart.rows)
