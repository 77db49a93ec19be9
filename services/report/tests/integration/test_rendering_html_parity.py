"""The same figures in all five forms, each read by its own reader and then compared."""

import csv
import io
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pypdfium2
import pytest

from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Series,
    Table,
    Unit,
)
from praxis_report.rendering import RENDERERS, render

Figure = Decimal | str | None
Rows = list[list[Figure]]

UNITS: tuple[Unit, ...] = ("month", "money", "percent", "count", "number", "date")
COLUMNS = tuple(Column(unit, f"The {unit}", unit) for unit in UNITS)
HOSTILE = (
    "=1+1", "-2", "@SUM(A1)", "+4", "'quoted", '"double"', "<b>bold</b>", "{{ 7*7 }}", "a,b;c",
    "Žofie Łódź-Ünal", "&amp;", "_x0041_", "$5.00", "#N/A",
)  # fmt: skip


def row_of(i: int) -> tuple[Cell, ...]:
    """A row unlike any other, with amounts of both signs and all sizes."""
    return (
        date(2000 + i // 12, i % 12 + 1, 1),
        Decimal((-1) ** i * i**3 * 1237).scaleb(-2),
        Decimal(i * 10_007 % 10_000_019).scaleb(-4),
        i * 7919,
        Decimal(i * 31 + 1).scaleb(-3),
        date(2020 + i // 365, 1 + i % 12, 1 + i % 28),
    )


def table_of(rows: tuple[tuple[Cell, ...], ...]) -> Table:
    totals = ("Total", Decimal("-98765432.10"), Decimal("12.3456"), 424242, Decimal("0.5"), None)
    return Table("main", "Figures by month", COLUMNS, rows, totals, "r_1", main=True)


def document_of(table: Table, *, synthetic: bool = False) -> Document:
    cards = Cards(
        "Headline",
        (
            Card("Revenue", Decimal("1241310.55"), "money", None, Decimal("4.125"), "vs last year"),
            Card("Loss", Decimal("-0.1"), "money"),
            Card("Rate", Decimal("97.349"), "percent", None, Decimal("-0.6"), "vs last year"),
            Card("Visits", 18098, "count"),
            Card("Nothing", None, "money", "no_source_data"),
        ),
    )
    chart = Chart(
        "Paid by month",
        "Paid in each month.",
        "line",
        Axis("Month", "month"),
        Axis("Paid", "money"),
        (Series("medicare", "Medicare"), Series("other", "Other")),
        tuple((date(2025, m, 1), Decimal(m).scaleb(3), Absent("suppressed")) for m in range(1, 7)),
    )
    return Document(
        title="Revenue",
        subtitle="",
        practice_name="Cedar Valley",
        period="2025",
        currency="USD",
        time_zone="UTC",
        as_of=AsOf(42, datetime(2026, 1, 1, tzinfo=UTC), date(2025, 12, 31)),
        synthetic=synthetic,
        phi_level="aggregate",
        parameters=(),
        sections=(cards, chart, table),
    )


def hostile() -> Document:
    columns = (Column("name", "Name", "text"), *COLUMNS[1:4])
    rows = tuple((name, *row_of(i)[1:4]) for i, name in enumerate(HOSTILE, 1))
    table = replace(table_of(()), columns=columns, rows=rows, totals=None)
    return document_of(table)


def absent() -> Document:
    gone = Absent("suppressed"), Absent("zero_denominator"), Absent("not_evaluable")
    rows = tuple((*row_of(i)[:1], *gone, None, None) if i % 3 else row_of(i) for i in range(9))
    return document_of(table_of(rows))


DOCUMENTS = {
    "revenue": document_of(table_of(tuple(map(row_of, range(1, 13)))), synthetic=True),
    "0 rows": document_of(table_of(())),
    "1 row": document_of(table_of((row_of(5),))),
    "500 rows": document_of(table_of(tuple(map(row_of, range(500))))),
    "absent": absent(),
    "hostile names": hostile(),
    "euro": replace(document_of(table_of((row_of(3), row_of(4)))), currency="EUR"),
    "francs": replace(document_of(table_of((row_of(3), row_of(4)))), currency="CHF"),
}


@dataclass
class Read:
    """What a reader found: cards by label, the chart's rows, the table's rows and its totals."""

    rows: Rows
    totals: list[Figure] | None = None
    cards: dict[str, tuple[Figure, Figure]] | None = None
    chart: Rows | None = None


def drawn(document: Document, format: str) -> bytes:
    out = io.BytesIO()
    render(document, format, out)
    return out.getvalue()


def shown(figure: Figure, unit: Unit) -> Figure:
    """A figure in the precision in which people see it."""
    if isinstance(figure, Decimal) and unit in ("money", "percent"):
        return figure.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return figure


def all_shown(rows: Rows, columns: tuple[Column, ...]) -> Rows:
    units = [column.unit for column in columns]
    return [[shown(*pair) for pair in zip(row, units, strict=True)] for row in rows]


def read_csv(document: Document) -> Read:
    text = drawn(document, "csv").decode("utf-8")
    head, *lines = csv.reader(io.StringIO(text, newline=""))
    assert (head[-1] == "notice") == document.synthetic
    columns = document.main_table.columns
    return Read([[_from_csv(*p) for p in zip(line, columns, strict=False)] for line in lines])


def _from_csv(text: str, column: Column) -> Figure:
    if column.unit == "text":
        return re.sub(r"^'(?=\s*[=+@-])", "", text)
    if not text:
        return None
    return text if column.unit in ("month", "date") else Decimal(text)


def read_json(document: Document) -> Read:
    found = json.loads(drawn(document, "json"), parse_float=Decimal, parse_int=Decimal)
    cards, chart, table = found["sections"]
    return Read(
        rows=[[_from_json(cell) for cell in row.values()] for row in table["rows"]],
        totals=table["totals"] and [_from_json(cell) for cell in table["totals"].values()],
        cards={c["label"]: (c["value"], c["comparison"]["change"]) for c in cards["cards"]},
        chart=[[row["x"], *map(_from_json, row["values"].values())] for row in chart["rows"]],
    )


def _from_json(cell: Any) -> Figure:
    return None if isinstance(cell, dict) else cell


def read_excel(document: Document) -> Read:
    workbook = openpyxl.load_workbook(io.BytesIO(drawn(document, "excel")))
    summary, table, data = (workbook[name] for name in workbook.sheetnames[:3])
    width, count = len(document.main_table.columns), len(document.main_table.rows)
    lines = [[_from_excel(cell) for cell in line[:width]] for line in table.iter_rows(min_row=2)]
    start = next(cell.row for cell in summary["A"] if cell.value == "Figure")
    cards = summary.iter_rows(min_row=start + 1, max_row=start + 5, max_col=3)
    return Read(
        rows=lines[:count],
        totals=lines[count or 1] if document.main_table.totals else None,
        cards={cell.value: (_from_excel(a), _from_excel(b)) for cell, a, b in cards},
        chart=[[*map(_from_excel, line)] for line in data.iter_rows(min_row=3, max_col=3)],
    )


def _from_excel(cell: Any) -> Figure:
    value = cell.value
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if "d" in cell.number_format else "%Y-%m")
    if isinstance(value, str):
        assert cell.data_type == "s"
        return value.replace("_x005F_", "_")
    if value is None:
        return None
    return Decimal(repr(value)) * (100 if "%" in cell.number_format else 1)


class _Texts(HTMLParser):
    """The visible text of each table cell, row by row, and of each card, outside and inside
    the parts that fold."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.cards: list[list[str]] = []
        self._into: list[str] | None = None
        self._silent = 0
        self._in_cards = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if self._silent or tag == "sup" or "hidden" in classes:
            self._silent += 1
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._begin(self.tables[-1][-1])
        elif "cards" in classes:
            self._in_cards = True
        elif "card" in classes:
            self.cards.append([])
        elif tag in ("dt", "dd") and self._in_cards:
            self._begin(self.cards[-1])

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - 1)
        if tag in ("td", "th", "dt", "dd"):
            self._into = None
        if tag == "dl":
            self._in_cards = False

    def handle_data(self, data: str) -> None:
        if self._into is not None and not self._silent:
            self._into[-1] += data

    def _begin(self, texts: list[str]) -> None:
        self._into = texts
        texts.append("")


def read_html(document: Document) -> Read:
    page = _Texts()
    page.feed(drawn(document, "html").decode())
    chart, table = page.tables
    columns = document.main_table.columns
    width, count = len(columns), len(document.main_table.rows)
    assert all(len(line) == width for line in table[1:]) or table[1] == ["No rows in this period."]
    lines = [line for line in table[1:] if len(line) == width]
    read = [[_from_text(*pair) for pair in zip(line, columns, strict=True)] for line in lines]
    months = [Column("x", "x", "month"), *(Column(f"{i}", "y", "money") for i in range(2))]
    return Read(
        rows=read[:count],
        totals=read[count] if document.main_table.totals else None,
        cards={card[0]: _card(card) for card in page.cards},
        chart=[
            [_from_text(*pair) for pair in zip(line, months, strict=True)] for line in chart[1:]
        ],
    )


def _card(texts: list[str]) -> tuple[Figure, Figure]:
    change = re.match(r"\s*[▲▼] ([+−][\d.]+)%", texts[2]) if len(texts) > 2 else None
    found = change[1].replace("−", "-") if change else None
    unit: Unit = "money" if "$" in texts[1] else "percent" if "%" in texts[1] else "count"
    return _from_text(texts[1], Column("", "", unit)), found and Decimal(found)


def _from_text(text: str, column: Column) -> Figure:
    """What a person reads in a cell."""
    if column.unit == "text":
        return text
    if not text or text == "—":
        return None
    if column.unit == "month" and text != "Total":
        return datetime.strptime(text, "%b %Y").strftime("%Y-%m")  # noqa: DTZ007 - a month
    if column.unit == "date":
        return datetime.strptime(text, "%b %d, %Y").strftime("%Y-%m-%d")  # noqa: DTZ007 - a day
    if text == "Total":
        return text
    sign, digits = re.fullmatch(r"(−?)(?:[$€]|CHF\u00a0)?([\d,]+(?:\.\d+)?)%?", text).groups()  # type: ignore[union-attr]
    return Decimal(digits.replace(",", "")) * (-1 if sign else 1)


_MONEY = r"−?(?:[$€]|CHF\u00a0)[\d,]+\.\d\d|—"
_PATTERNS: dict[Unit, str] = {
    "month": r"(\w{3} \d{4}|Total)",
    "money": rf"({_MONEY})\d*",
    "percent": r"(−?[\d,]+\.\d\d%|—)\d*",
    "count": r"(−?[\d,]+|—\d*)",
    "number": r"(−?[\d,]+\.\d+)?",
    "date": r"(\w{3} \d\d?, \d{4})?",
}


def read_pdf(document: Document) -> Read:
    """The rows that stand on a line each, and the totals; the names of a text column are left."""
    pages = pypdfium2.PdfDocument(drawn(document, "pdf"))
    texts = [page.get_textpage().get_text_bounded() for page in pages]
    text = re.sub(r"[ \t]+", " ", "\n".join(texts))
    columns = [column for column in document.main_table.columns if column.unit != "text"]
    row = r"\s*".join(_PATTERNS[column.unit] for column in columns)
    start = r"^" if columns[0].unit == "month" else r""
    found = re.findall(rf"{start}{row}\s*$", text, re.MULTILINE)
    lines = [
        [_from_text(re.sub(r"^—\d*$", "—", t), c) for t, c in zip(line, columns, strict=True)]
        for line in found
    ]
    totals = lines.pop() if document.main_table.totals else None
    return Read(lines, totals)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_all_forms_show_the_same_figures(name: str) -> None:
    document = DOCUMENTS[name]
    table = document.main_table
    by_json, by_excel = read_json(document), read_excel(document)
    assert len(by_json.rows) == len(table.rows)
    assert by_excel == by_json  # to the last digit
    assert read_csv(document).rows == by_json.rows
    seen = all_shown(by_json.rows, table.columns)
    totals = by_json.totals and all_shown([by_json.totals], table.columns)[0]
    by_html = read_html(document)
    assert by_html.rows == seen
    assert by_html.totals == totals
    assert by_html.chart == by_json.chart
    assert by_html.cards == {
        label: (shown(value, "percent"), shown(change, "percent"))
        for label, (value, change) in (by_json.cards or {}).items()
    }
    by_pdf = read_pdf(document)
    named = [i for i, column in enumerate(table.columns) if column.unit == "text"]
    assert by_pdf.rows == [[f for i, f in enumerate(row) if i not in named] for row in seen]
    assert by_pdf.totals == totals


def test_the_cards_of_a_pdf_read_as_those_of_the_page() -> None:
    document = DOCUMENTS["revenue"]
    pages = pypdfium2.PdfDocument(drawn(document, "pdf"))
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())
    page = _Texts()
    page.feed(drawn(document, "html").decode())
    cards = [" ".join(" ".join(texts).split()) for texts in page.cards]
    assert len(cards) == sum(len(s.cards) for s in document.sections if isinstance(s, Cards)) > 0
    for card in cards:
        assert card in text, card


def test_hostile_names_stay_as_they_are_in_the_pdf() -> None:
    pages = pypdfium2.PdfDocument(drawn(hostile(), "pdf"))
    text = "".join("".join(page.get_textpage().get_text_bounded() for page in pages).split())
    for name in HOSTILE:
        assert "".join(name.split()) in text, name


def test_no_form_is_left_out() -> None:
    assert set(RENDERERS) == {"csv", "excel", "html", "json", "pdf"}
