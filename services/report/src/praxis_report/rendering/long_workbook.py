"""Excel for many rows: written as they come by a streaming engine, so their number costs no memory.

The same sheets as in a short workbook, without pictures: charts are their figures. A table with
more rows than a sheet holds goes on in another sheet. The file carries the time of its making.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain, islice, zip_longest
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO, cast

from rustpy_xlsxwriter import Format, write_worksheets

from praxis_charts.figures import format_change, format_value, reason_words
from praxis_charts.tokens import tokens
from praxis_report.domain.document import (
    Absent,
    Bullets,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Notes,
    Table,
    Unit,
)
from praxis_report.rendering.pages import (
    NO_ROWS,
    PRIVACY,
    RECEIPTS,
    SYNTHETIC,
    WIDE_COLUMNS,
    about,
    chart_table,
    receipt_address,
)
from praxis_report.rendering.rows import NOT_FINITE, RowFile, day
from praxis_report.rendering.sheets import NOTE, noted, remark, widths
from praxis_report.rendering.workbook import (
    SHEET_ROWS_MAX,
    Book,
    cell_number,
    clean,
    is_exact,
    number_format,
    sheet_name,
)

_SHEET_ROWS = SHEET_ROWS_MAX - 1  # without the head
_PLAIN = 8_000  # characters that surely fit into a cell
_SHORT = 15  # characters that no spreadsheet rounds
_FIRST_DAY = "1900-03-01"  # before it spreadsheets miscount
Line = dict[str, Any]


def write_long_workbook(document: Document, out: BinaryIO) -> None:
    """Write the document as a workbook of any length."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        _Workbook(document).write(path)
        with open(path, "rb") as file:
            shutil.copyfileobj(file, out, 1 << 20)


@dataclass
class _Workbook:
    """Sheets in the order in which they stand, and how each looks."""

    document: Document
    _sheets: list[tuple[str, Any]] = field(default_factory=list)
    _setup: dict[str, dict[str, Any]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._texts = Book(self.document.currency)

    def write(self, path: Path) -> None:
        """Write the file."""
        self._summary()
        for table in self.document.tables:
            self._table(table)
        for section in self.document.sections:
            if isinstance(section, Chart):
                self._held(replace(noted(chart_table(section)), title=section.title))
        self._definitions()
        write_worksheets(self._sheets, str(path), **cast(Any, self._setup))

    def _add(self, title: str, lines: Iterable[Line], wide: Sequence[float], **setup: Any) -> str:
        """Another sheet. Args: setup: of this sheet, as `write_worksheets` names it."""
        name = sheet_name(title, self._names)
        self._sheets.append((name, lines))
        given = {"column_widths": list(wide), "header_format": _look(bold=True), **setup}
        given |= {"sheet_view": {"gridlines": False}, "page_setup": self._paper(len(wide))}
        for key, value in given.items():
            self._setup.setdefault(key, {})[name] = value
        return name

    def _paper(self, columns: int) -> dict[str, Any]:
        document = self.document
        title, practice = (
            self._texts.text(text)[:100].replace("&", "&&")
            for text in (f"{document.title}, {document.period}", document.practice_name)
        )
        state = f"Revision {document.as_of.revision}"
        state += ", contains patient data" if document.phi_level != "aggregate" else ""
        state += ", contains synthetic demo data" if document.synthetic else ""
        return {
            "landscape": columns > WIDE_COLUMNS,
            "fit_to_pages": (1, 0),
            "header": f"&L{title}&R{practice}",
            "footer": f"&L{state}&RPage &P of &N",
        }

    def _summary(self) -> None:
        document, cell = self.document, self._texts.text
        above = [document.title, document.subtitle, f"{document.practice_name}, {document.period}"]
        above += [f"{name}: {chosen}" for name, chosen in document.filters]
        above += [SYNTHETIC] if document.synthetic else []
        above += [PRIVACY[document.phi_level]] if document.phi_level != "aggregate" else []
        heads = [
            (row, 0, row, 4, cell(text), _look(bold=row == 0))
            for row, text in enumerate(text for text in above if text)
        ]
        first, rows = len(heads) + 1, {}
        lines: list[Line] = []
        for card in (c for s in document.sections if isinstance(s, Cards) for c in s.cards):
            line, code = self._card(card)
            rows[first + 1 + len(lines)] = _look(code)
            lines.append(line)
        lines += [_five(term, text) for term, text in about(document)]
        setup = {"merge_ranges": heads, "header_row": first, "row_formats": rows}
        self._add("Summary", lines, (34, 18, 14, 48, 56), **setup)

    def _card(self, card: Any) -> tuple[Line, str]:
        change = card.comparison_change
        line = _five(
            self._texts.text(card.label),
            None if card.value is None else float(cell_number(card.value, card.unit) or 0),
            "" if change is None else format_change(change),
            self._texts.text(card.comparison_text),
            reason_words(card.reason) if card.reason else "",
        )
        return line, number_format(card.value, card.unit, self.document.currency)

    def _table(self, table: Table) -> None:
        if not isinstance(table.rows, RowFile):
            self._held(noted(table))
            return
        columns = (*table.columns, NOTE)
        wide = [*widths(table, self.document.currency), 44.0]
        lines = _lines(table.columns, table.rows, self._texts)
        for _ in range(0, max(len(table.rows), 1), _SHEET_ROWS):
            self._grid(table.title, columns, islice(lines, _SHEET_ROWS), wide)
        if table.totals:
            totals = replace(table, title=f"Totals, {table.title}", rows=(table.totals,))
            self._held(noted(replace(totals, totals=None)))

    def _held(self, table: Table) -> None:
        """A table whose rows are in memory."""
        heads = _heads(table.columns)
        rows = [*table.rows, *([table.totals] if table.totals else [])]
        units = [column.unit for column in table.columns]
        lines = (dict(zip(heads, map(self._value, row, units), strict=True)) for row in rows)
        if not rows:
            lines = (line for line in [dict.fromkeys(heads) | {heads[0]: NO_ROWS}])
        wide = widths(table, self.document.currency)
        for _ in range(0, max(len(rows), 1), _SHEET_ROWS):
            self._grid(table.title, table.columns, islice(lines, _SHEET_ROWS), wide)

    def _grid(
        self, title: str, columns: Sequence[Column], lines: Iterable[Line], wide: Sequence[float]
    ) -> None:
        """A sheet of a table: its head stays in view, its rows can be filtered."""
        currency = self.document.currency
        looks = [_look(_code(column.unit, currency)) for column in columns]
        name = self._add(title, lines, wide, column_formats=looks, autofilter=True)
        self._setup.setdefault("freeze_panes", {})[name] = {"row": 1, "col": 0}
        self._setup["page_setup"][name]["repeat_rows"] = 0

    def _value(self, cell: Cell, unit: Unit) -> Any:
        """A held cell for the engine: a number, a day, a text, or nothing."""
        if cell is None or isinstance(cell, Absent):
            return None
        if isinstance(cell, str):
            return self._texts.text(cell)
        number = cell_number(cell, unit)
        if number is None:
            return self._texts.text(format_value(cell, unit, self.document.currency))
        return cell if isinstance(cell, date) else float(number)

    def _definitions(self) -> None:
        document, text = self.document, self._texts.text
        lines = [
            (section.title, *item)
            for section in document.sections
            if isinstance(section, Notes | Bullets)
            for item in _items(section)
        ]
        lines += [
            (table.title, "Remark", table.remark) for table in document.tables if table.remark
        ]
        lines += [
            ("Receipts", ", ".join(where), receipt_address(document, receipt))
            for receipt, where in document.sources.items()
        ]
        lines += [("Receipts", "", RECEIPTS)] if document.sources else []
        lines.append(("About this file", "Figures", _ABOUT))
        # Read once all other sheets are written: what was lost on the way is known by then.
        remarks = (("About this file", *said) for said in self._texts.losses())
        heads = ("Section", "Term", "Text")
        self._add(
            "Definitions",
            (dict(zip(heads, map(text, line), strict=True)) for line in chain(lines, remarks)),
            (30, 34, 100),
        )


_ABOUT = "Typed cells without formulas. An empty cell has its reason under Note."


def _items(section: Notes | Bullets) -> Iterator[tuple[str, str]]:
    if isinstance(section, Notes):
        return iter(section.items)
    return (("", item) for item in section.items)


def _five(*cells: Any) -> Line:
    heads = ("Figure", "Value", "Change", "Compared with", "Note")
    return dict(zip_longest(heads, cells))


def _heads(columns: Sequence[Column]) -> list[str]:
    """The labels of the columns; one that comes again gets a number."""
    found: list[str] = []
    for column in columns:
        label, number = clean(column.label) or column.name, 1
        while label in found:
            number += 1
            label = f"{clean(column.label)} ({number})"
        found.append(label)
    return found


def _lines(columns: Sequence[Column], rows: RowFile, texts: Book) -> Iterator[Line]:
    """The lines of a file, each with its note; a figure is read straight from its digits."""
    heads = _heads((*columns, NOTE))
    for row in rows.parsed(_parsers(texts)):
        kinds = set(map(type, row))
        if Absent in kinds or Decimal in kinds:
            said = remark(row, columns)
            plain = (None if isinstance(c, Absent) else _double(c) for c in row)
            yield dict(zip(heads, (*plain, said), strict=True))
        else:
            yield dict(zip(heads, (*row, None)))  # noqa: B905 - of one length by construction


def _double(cell: Any) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell


def _parsers(texts: Book) -> Mapping[Unit, Callable[[str], Any]]:
    def text(found: str) -> str:
        if len(found) < _PLAIN and found.isprintable():
            return found
        return texts.text(found)

    return {
        "money": _number,
        "number": _number,
        "days": _number,
        "count": _number,
        "percent": _percent,
        "date": _day,
        "month": _day,
        "text": text,
    }


def _number(text: str) -> float | Decimal | Absent:
    """A figure; one with more digits than a spreadsheet keeps as Decimal, to be noted."""
    number = float(text)
    if not isfinite(number):
        return Absent(NOT_FINITE)
    return number if len(text) <= _SHORT or is_exact(Decimal(text)) else Decimal(text)


def _percent(text: str) -> float | Decimal | Absent:
    number = _number(text)
    return float(f"{text}e-2") if isinstance(number, float) else number


def _day(text: str) -> date | str | Absent:
    return day(text) if text >= _FIRST_DAY else text


def _code(unit: Unit, currency: str) -> str:
    if unit in ("date", "month"):
        return number_format(date(2000, 1, 1), unit, currency)
    if unit == "text":
        return ""
    return "#,##0.###" if unit in ("number", "days") else number_format(0, unit, currency)


def _look(code: str = "", *, bold: bool = False) -> Format:
    family = tokens()["type"]["fallback"].split(",")[0]
    look = Format().set_font_name(family).set_font_size(10).set_font_color(tokens()["color"]["ink"])
    if bold:
        look = look.set_bold().set_text_wrap()
    return look.set_num_format(code) if code and code != "General" else look
