"""Excel: a summary with native charts, a sheet of typed cells per table, and the definitions.

A document of more than STYLED_ROWS_MAX rows in all is streamed instead (`long_workbook`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, BinaryIO

from praxis_charts.figures import reason_words
from praxis_charts.spec import is_sideways
from praxis_report.domain.document import (
    Bullets,
    Card,
    Cards,
    Chart,
    Column,
    Document,
    Notes,
    Table,
)
from praxis_report.rendering.excel_charts import native_chart
from praxis_report.rendering.long_workbook import write_long_workbook
from praxis_report.rendering.pages import (
    NO_ROWS,
    NOTHING_TO_DRAW,
    PRIVACY,
    RECEIPTS,
    SYNTHETIC,
    WIDE_COLUMNS,
    about,
    chart_table,
    receipt_address,
)
from praxis_report.rendering.sheets import NOTE, noted, remark, widths
from praxis_report.rendering.workbook import NUMBERS, Book, Sheet

STYLED_ROWS_MAX = 20_000  # of all tables; more are streamed
_SUMMARY = (34, 18, 14, 48, 56)
_CHART_LINES = 17
_COLORED = "Its cells stand on the sheet Chart data, the stronger the colour the higher the figure."
_CHANGE = "▲ +0.00%;▼ -0.00%;0.00%"


def write_excel(document: Document, out: BinaryIO) -> None:
    """Write the document as a workbook; up to STYLED_ROWS_MAX rows, the same bytes each time."""
    if sum(len(table.rows) for table in document.tables) > STYLED_ROWS_MAX:
        write_long_workbook(document, out)
        return
    book = Book(document.currency)
    try:
        _Writer(document, book).write()
        title = f"{document.title}, {document.period}"
        book.save(out, title, document.as_of.recorded_at)
    finally:
        book.discard()


class _Writer:
    def __init__(self, document: Document, book: Book) -> None:
        self._document = document
        self._book = book

    def write(self) -> None:
        """Fill the sheets, in the order in which they stand."""
        summary = self._sheet("Summary", _SUMMARY, landscape=True)
        tables = {table.id: self._table_sheet(table) for table in self._document.tables}
        charts = [section for section in self._document.sections if isinstance(section, Chart)]
        drawn = self._chart_data(charts) if charts else []
        self._head(summary)
        for section in self._document.sections:
            if isinstance(section, Cards):
                _write_cards(summary, section)
        for chart, native in zip(charts, drawn, strict=True):
            _write_chart(summary, chart, native)
        self._contents(summary, tables)
        _heading(summary, "About this document")
        for term, text in about(self._document):
            summary.paragraph(text, "plain", len(_SUMMARY), summary.cell(term, look="soft"))
        self._definitions()

    def _sheet(self, title: str, widths: Sequence[float], **setup: Any) -> Sheet:
        document = self._document
        header = f"{document.title}, {document.period}", document.practice_name
        footer = f"Revision {document.as_of.revision}"
        if document.phi_level != "aggregate":
            footer += ", contains patient data"
        if document.synthetic:
            footer += ", contains synthetic demo data"
        return self._book.sheet(title, widths, header=header, footer=footer, **setup)

    def _head(self, sheet: Sheet) -> None:
        document, last = self._document, len(_SUMMARY)
        sheet.line(sheet.cell(document.title, look="title"), height=30)
        if document.subtitle:
            sheet.paragraph(document.subtitle, "soft", last)
        sheet.paragraph(f"{document.practice_name}, {document.period}", "strong", last)
        for name, chosen in document.filters:
            sheet.paragraph(f"{name}: {chosen}", "soft", last)
        if document.synthetic:
            sheet.space()
            sheet.paragraph(SYNTHETIC, "notice", last)
        if document.phi_level != "aggregate":
            sheet.paragraph(PRIVACY[document.phi_level], "notice", last)

    def _table_sheet(self, table: Table) -> Sheet:
        shown = noted(table)
        wide = widths(shown, self._book.currency)
        sheet = self._sheet(table.title, wide, frozen=1, landscape=len(wide) > WIDE_COLUMNS)
        _write_rows(sheet, shown)
        sheet.filter(1, 1 + len(shown.rows), len(shown.columns))
        if table.remark:
            sheet.space()
            sheet.paragraph(table.remark, "soft", len(wide))
        return sheet

    def _chart_data(self, charts: Sequence[Chart]) -> list[Any]:
        """Write the figures behind the charts. Returns: each chart, None for an empty one."""
        tables = [noted(chart_table(chart)) for chart in charts]
        columns = max(len(table.columns) for table in tables)
        last = 48.0 if any(NOTE in table.columns for table in tables) else 18.0
        sheet = self._sheet("Chart data", [30.0] + [18.0] * (columns - 2) + [last])
        drawn = []
        for chart, table in zip(charts, tables, strict=True):
            _heading(sheet, chart.title)
            head = sheet.row + 1
            _write_rows(sheet, table)
            if chart.kind == "heat_map" and chart.rows:
                sheet.heat(head + 1, 2, head + len(chart.rows), 1 + len(chart.series))
            drawn.append(self._native(chart, sheet.name, head))
        return drawn

    def _native(self, chart: Chart, sheet: str, head: int) -> Any:
        if chart.kind == "heat_map" or not chart.rows or not chart.series:
            return None
        return native_chart(chart, self._document.currency, sheet, head)

    def _contents(self, summary: Sheet, sheets: Mapping[str, Sheet]) -> None:
        last = len(_SUMMARY)
        _heading(summary, "Tables")
        lead = summary.cell("Sheet", look="head"), summary.cell("Rows", look="head_number")
        summary.paragraph("Title", "head", last, *lead)
        for table in self._document.tables:
            sheet = sheets[table.id]
            lead = summary.link(sheet.name), summary.cell(len(table.rows), "count")
            summary.paragraph(table.title, "body", last, *lead)

    def _definitions(self) -> None:
        document = self._document
        sheet = self._sheet("Definitions", (34, 100), landscape=True)
        for section in document.sections:
            if isinstance(section, Notes):
                _heading(sheet, section.title)
                _write_terms(sheet, section.items)
            elif isinstance(section, Bullets):
                _heading(sheet, section.title)
                for item in section.items or (NO_ROWS,):
                    sheet.paragraph(item, "plain", 2)
        if document.sources:
            _heading(sheet, "Receipts")
            sheet.paragraph(RECEIPTS, "plain", 2)
            _write_terms(
                sheet,
                (
                    (", ".join(where), receipt_address(document, receipt))
                    for receipt, where in document.sources.items()
                ),
            )
        _heading(sheet, "About this file")
        _write_terms(sheet, self._remarks())

    def _remarks(self) -> Iterator[tuple[str, str]]:
        yield "Figures", "Typed cells without formulas. An empty cell has its reason under Note."
        yield from self._book.losses()


def _heading(sheet: Sheet, text: str) -> None:
    if sheet.row:
        sheet.space()
    sheet.line(sheet.cell(text, look="heading"), height=20)


def _write_terms(sheet: Sheet, items: Iterable[tuple[str, str]]) -> None:
    for term, text in items:
        height = max(sheet.height(term, 1), sheet.height(text, 2))
        sheet.line(sheet.cell(term, look="soft"), sheet.cell(text, look="plain"), height=height)


def _write_cards(sheet: Sheet, section: Cards) -> None:
    _heading(sheet, section.title)
    numbers = ("Value", "Change")
    heads = ("Figure", *numbers, "Compared with", NOTE.label)
    sheet.line(*(sheet.cell(head, look=_head_look(head in numbers)) for head in heads))
    for card in section.cards:
        sheet.line(
            sheet.cell(card.label),
            sheet.cell(card.value, card.unit, "figure"),
            sheet.cell(card.comparison_change, "percent", code=_CHANGE),
            sheet.cell(card.comparison_text, look="body_soft"),
            sheet.cell(_card_remark(card), look="body_soft"),
            height=20,
        )


def _write_chart(sheet: Sheet, chart: Chart, native: Any) -> None:
    if native is None:
        _heading(sheet, chart.title)
        words = f"{chart.summary} {_COLORED}" if chart.rows else NOTHING_TO_DRAW
        sheet.paragraph(words, "soft", len(_SUMMARY))
        return
    sheet.space()
    sideways = is_sideways(chart) and chart.kind != "pareto"
    marks = len(chart.rows) * len(chart.series)
    lines = min(9 + 2 * marks, 60) if sideways else _CHART_LINES
    round_one = chart.kind in ("pie", "donut")
    sheet.chart(native, lines, 3 if round_one else len(_SUMMARY))
    sheet.paragraph(chart.summary, "soft", len(_SUMMARY))


def _write_rows(sheet: Sheet, table: Table) -> None:
    """Head, rows and totals of a table."""
    units = [column.unit for column in table.columns]
    looks = ["note" if column is NOTE else "body" for column in table.columns]
    heads = (sheet.cell(c.label, look=_head_look(c.unit in NUMBERS)) for c in table.columns)
    heights = (sheet.height(column.label, i) for i, column in enumerate(table.columns, 1))
    sheet.line(*heads, height=max(heights, default=None))
    remarked = NOTE in table.columns
    for row in table.rows:
        height = sheet.height(str(row[-1]), len(row)) if remarked else None
        sheet.line(*map(sheet.cell, row, units, looks), height=height)
    if not table.rows:
        sheet.line(sheet.cell(NO_ROWS, look="soft"))
    if table.totals:
        sheet.line(*map(sheet.cell, table.totals, units, repeat("totals")))


def _head_look(number: bool) -> str:
    return "head_number" if number else "head"


def _card_remark(card: Card) -> str:
    if card.reason:
        return reason_words(card.reason)
    return remark((card.value,), (Column("", card.label, card.unit),))
