"""What the forms for people share: templates, the words about a document, a table as text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from praxis_charts.figures import PARTIAL, format_change, format_value, plain_text, reason_words
from praxis_charts.marks import rate_svg, sparkline_svg
from praxis_report.domain.document import (
    Absent,
    Cell,
    Chart,
    Column,
    Document,
    Measure,
    Table,
    Trend,
)

WIDE_COLUMNS = 8  # more than these need small letters, or the paper on its side
_LINE = 124  # small characters on upright paper
_GAP, _COURSE = 3, 17  # of them: between two columns, and as wide as the picture of a course
_SAMPLE = 200  # rows that are measured
SYNTHETIC = (
    "This document contains synthetic demo data. No figure is about a real patient or payment."
)
NOTHING_TO_DRAW = "There is nothing to draw for this period."
NO_ROWS = "No rows in this period."
CUT_SHORT = f"{PARTIAL} Not a whole period: it begins late or is not over yet."
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


def receipt_address(document: Document, receipt: str) -> str:
    """Where a receipt opens; the receipt alone where no address is known."""
    return document.receipt_link + receipt


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as people read it: text, the footnote and reason of an absence, a small picture."""

    text: str
    footnote: int | None = None
    reason: str = ""
    picture: str = ""


class Footnotes(dict[str, int]):
    """Each reason for an absence once, numbered as it comes."""

    def shown(self, cell: Cell, column: Column, currency: str) -> Shown:
        """The cell of a column; a course comes as a picture, with its figures as text."""
        text = format_value(cell, column.unit, currency)
        if isinstance(cell, Absent):
            words = reason_words(cell.reason)
            return Shown(text, self.setdefault(words, len(self) + 1), words)
        return Shown(text, picture=sparkline_svg(cell.values) if isinstance(cell, Trend) else "")

    def line(
        self, row: Sequence[Cell], columns: Sequence[Column], currency: str, *, partial: bool
    ) -> list[Shown]:
        """The cells of a row; the name of a period that is not whole has its mark."""
        cells = [self.shown(*pair, currency) for pair in zip(row, columns, strict=True)]
        if partial:
            cells[0] = Shown(cells[0].text + PARTIAL)
        return cells


@dataclass(frozen=True, slots=True)
class Laid:
    """A table as text; `rows` come one after the other, and fill `footnotes` as they do.

    `dense`: small letters let it stand on upright paper; `wide`: even these do not.
    """

    count: int
    rows: Iterator[list[Shown]]
    totals: list[Shown] | None
    dense: bool
    wide: bool
    partial: bool
    footnotes: Footnotes = field(default_factory=Footnotes)


def laid_out(table: Table, currency: str) -> Laid:
    """The cells of a table as people read them; each reason for an absence is one footnote."""
    notes = Footnotes()
    columns, partial = table.columns, table.partial
    rows = (
        notes.line(row, columns, currency, partial=bool(partial) and row[0] in partial)
        for row in table.rows
    )
    totals = notes.line(table.totals, columns, currency, partial=False) if table.totals else None
    many = len(columns) > WIDE_COLUMNS
    fits = many and _length(table, currency) <= _LINE
    return Laid(len(table.rows), rows, totals, fits, many and not fits, bool(partial), notes)


def _length(table: Table, currency: str) -> int:
    """How many characters stand side by side in the longest lines of its first rows."""
    rows = [*islice(table.rows, _SAMPLE), *([table.totals] if table.totals else [])]
    return sum(
        max(
            *map(len, column.label.split() or [""]),
            _COURSE if column.trend else 0,
            *(len(format_value(row[i], column.unit, currency)) for row in rows),
            0,
        )
        + _GAP
        for i, column in enumerate(table.columns)
    )


def chart_table(chart: Chart) -> Table:
    """The figures of a chart as a table, for those who read rather than look."""
    x = Column("", chart.x.label, chart.x.unit)
    series = (Column(one.name, one.label, chart.unit_of(i)) for i, one in enumerate(chart.series))
    columns = (x, *series)
    return Table(id="", title=chart.title, columns=columns, rows=chart.rows, partial=chart.partial)


def rate_picture(measure: Measure) -> str:
    """The rate of a measure as a bar, beside its goal."""
    return rate_svg(measure.rate, measure.goal)
