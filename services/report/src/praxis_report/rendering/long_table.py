"""Long tables drawn straight onto PDF pages, in the fonts and the look of the styled ones.

An engine that lays out a whole document needs a second and a megabyte per page; a table needs
neither. The head of the table stands on every page; a row is never split.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from itertools import islice
from typing import Any, BinaryIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import landscape, letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from praxis_charts.figures import format_value, plain_text
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Column, Document, Table, Unit
from praxis_report.rendering.pages import CUT_SHORT, Shown, laid_out

_MM = 72 / 25.4
_TOP, _SIDE, _BOTTOM = 18 * _MM, 17 * _MM, 16 * _MM
_GAP = 12 * 0.75  # between columns
_PAD = 2.5 * 0.75  # above and under the text of a row
_SAMPLE = 300  # rows that decide how wide a column is
_ROWS_A_PAGE = 30  # about; how many digits the number of pages may have
_LINES_MOST = 40  # of one row; more text than this ends in an ellipsis
_LEFT: frozenset[Unit] = frozenset({"text", "date", "month"})
_PLAIN, _BOLD = "Praxis", "Praxis-Bold"
_TOTAL = "pages"  # the number of all pages, drawn once it is known


@dataclass(frozen=True, slots=True)
class _Column:
    left: float
    width: float
    right_aligned: bool


@cache
def _fonts() -> None:
    """Make the shipped fonts known, once per process."""
    for name, file in ((_PLAIN, "LiberationSans-Regular.ttf"), (_BOLD, "LiberationSans-Bold.ttf")):
        with as_file(files(__package__) / "fonts" / file) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


@cache
def _color(name: str) -> Any:
    return HexColor(tokens()["color"][name])


@lru_cache(maxsize=20_000)
def _width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def write_long_tables(
    document: Document, tables: Sequence[Table], first_page: int, out: BinaryIO
) -> int:
    """Write a PDF of these tables alone, whose first page is number `first_page` of them all.

    Returns: the number of pages of the whole document.
    """
    _fonts()
    canvas = Canvas(out, pagesize=letter, pageCompression=1, invariant=1, initialFontName=_PLAIN)
    rows = sum(len(table.rows) for table in tables)
    pages = _Pages(canvas, document, first_page, rows)
    for table in tables:
        _Drawn(pages, table, document.currency).draw()
    pages.finish()
    canvas.save()
    return pages.number


def page_numbers(sizes: Sequence[tuple[float, ...]], count: int) -> bytes:
    """A PDF of nothing but `Page 1 of 20`, to lay over pages of these sizes in points.

    Args: count: of all pages of the document, of which these are the first.
    """
    _fonts()
    out, small = io.BytesIO(), tokens()["type"]["small_pt"]
    canvas = Canvas(out, pageCompression=1, invariant=1, initialFontName=_PLAIN)
    for number, (width, height) in enumerate(sizes, 1):
        canvas.setPageSize((width, height))
        canvas._code.append("/Artifact BMC")  # no part of what a screen reader reads
        canvas.setFont(_PLAIN, small)
        canvas.setFillColor(_color("ink_faint"))
        canvas.drawRightString(width - _SIDE, _BOTTOM / 2 - 2, f"Page {number} of {count}")
        canvas._code.append("EMC")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


class _Pages:
    """Paper with what stands around the tables."""

    def __init__(self, canvas: Canvas, document: Document, first_page: int, rows: int) -> None:
        self.canvas, self.number = canvas, first_page - 1
        self._document = document
        self._open = False
        self._text: Any = None
        self._style: tuple[str, float, str] | None = None
        self._rules: dict[tuple[str, float], list[tuple[float, ...]]] = defaultdict(list)
        self.size = letter
        digits = len(str(first_page + rows // _ROWS_A_PAGE))
        self._room = _width("0" * digits, _PLAIN, tokens()["type"]["small_pt"])

    def begin(self, *, wide: bool) -> None:
        """Start a page; its text is collected and written at its end."""
        self.end()
        self.number += 1
        self._open, self.size = True, landscape(letter) if wide else letter
        self.canvas.setPageSize(self.size)
        self._text, self._style = self.canvas.beginText(), None
        self._around()

    def end(self) -> None:
        """Finish the page that is open."""
        if self._open:
            self._number()
            for (color, width), lines in self._rules.items():
                self.canvas.setStrokeColor(_color(color))
                self.canvas.setLineWidth(width)
                self.canvas.lines(lines)
            self._rules.clear()
            self.canvas.showPage()
            self._open = False

    def finish(self) -> None:
        """Finish the last page; from here the number of pages is known."""
        self.end()
        canvas, style = self.canvas, tokens()
        canvas.beginForm(_TOTAL, 0, -4, 60, 12)
        canvas.setFont(_PLAIN, style["type"]["small_pt"])
        canvas.setFillColor(_color("ink_faint"))
        canvas.drawString(0, 0, str(self.number))
        canvas.endForm()

    def say(
        self, x: float, y: float, text: str, size: float, color: str, *, bold: bool = False
    ) -> None:
        """Text that begins at a place on the open page."""
        style = _BOLD if bold else _PLAIN, size, color
        if style != self._style:
            self._text.setFont(*style[:2])
            self._text.setFillColor(_color(color))
            self._style = style
        self._text.setTextOrigin(x, y)
        self._text.textOut(text)

    def rule(self, y: float, color: str, width: float) -> None:
        """A line over the whole width of the open page."""
        self._rules[color, width].append((_SIDE, y, self.size[0] - _SIDE, y))

    def _around(self) -> None:
        document, (width, height) = self._document, self.size
        small = tokens()["type"]["small_pt"]
        top, foot, right = height - _TOP / 2 - 2, _BOTTOM / 2 - 2, width - _SIDE
        half = (width - 2 * _SIDE) / 2 - 8
        practice = cut(plain_text(document.practice_name), half, _BOLD, small)
        self.say(_SIDE, top, practice, small, "ink_soft", bold=True)
        title = cut(plain_text(f"{document.title}, {document.period}"), half, _PLAIN, small)
        self.say(right - _width(title, _PLAIN, small), top, title, small, "ink_faint")
        private = document.phi_level != "aggregate"
        state = f"Revision {document.as_of.revision}{', contains patient data' if private else ''}"
        self.say(_SIDE, foot, state, small, "ink_faint")
        if document.synthetic:
            words = "Contains synthetic demo data"
            middle = (width - _width(words, _BOLD, small)) / 2
            self.say(middle, foot, words, small, "notice_ink", bold=True)

    def _number(self) -> None:
        """All text of the page, last its number and that of all pages, side by side."""
        words, small = f"Page {self.number} of ", tokens()["type"]["small_pt"]
        end, foot = self.size[0] - _SIDE - self._room, _BOTTOM / 2 - 2
        self.say(end - _width(words, _PLAIN, small), foot, words, small, "ink_faint")
        self.canvas.drawText(self._text)
        self.canvas.saveState()
        self.canvas.translate(end, foot)
        self.canvas.doForm(_TOTAL)
        self.canvas.restoreState()


class _Drawn:
    """One table on as many pages as it takes."""

    def __init__(self, pages: _Pages, table: Table, currency: str) -> None:
        self._pages, self._table = pages, table
        self._laid = laid_out(table, currency)
        style = tokens()["type"]
        self._size: float = style["small_pt" if self._laid.wide or self._laid.dense else "table_pt"]
        self._leading = self._size * 1.3
        paper = landscape(letter) if self._laid.wide else letter
        self._columns = _placed(table, currency, self._size, paper[0])
        self._y = self._top = 0.0

    def draw(self) -> None:
        """Every row, the totals, and what is to be said about them."""
        self._begin(heading=True)
        for cells in self._laid.rows:
            self._row(cells)
        if self._laid.totals:
            self._row(self._laid.totals, bold=True)
        self._notes()

    def _begin(self, *, heading: bool) -> None:
        pages, size = self._pages, tokens()["type"]["heading_pt"]
        pages.begin(wide=self._laid.wide)
        self._y = pages.size[1] - _TOP
        title, room = plain_text(self._table.title), pages.size[0] - 2 * _SIDE
        for line in wrapped(title, room, _BOLD, size)[:3] if heading else ():
            self._y -= size * 1.3
            pages.say(_SIDE, self._y, line, size, "ink", bold=True)
        self._head()

    def _head(self) -> None:
        names = [
            wrapped(plain_text(column.label), place.width, _BOLD, self._size)[:_LINES_MOST]
            for column, place in zip(self._table.columns, self._columns, strict=True)
        ]
        self._y -= _PAD + max(map(len, names)) * self._leading
        for place, name in zip(self._columns, names, strict=True):
            for i, line in enumerate(name, 1 - len(name)):  # the last one stands on the rule
                self._line(place, line, self._y + 2 - i * self._leading, "ink_soft", bold=True)
        self._y -= _PAD
        self._pages.rule(self._y, "line_strong", 1)

    def _row(self, cells: Sequence[Shown], *, bold: bool = False) -> None:
        font = _BOLD if bold else _PLAIN
        texts = [
            wrapped(shown.text, place.width, font, self._size)
            for shown, place in zip(cells, self._columns, strict=True)
        ]
        self._room(2 * _PAD + max(map(len, texts)) * self._leading)
        first = self._top - _PAD - self._size
        for shown, place, lines in zip(cells, self._columns, texts, strict=True):
            for i, line in enumerate(lines):
                self._line(place, line, first - i * self._leading, "ink", bold=bold)
            if shown.footnote:
                self._footnote(place, lines[-1], first, str(shown.footnote))
        self._pages.rule(self._y, "line", 0.5)

    def _room(self, height: float) -> None:
        """Step down by as much; where the page is full, onto the next one."""
        if self._y - height < _BOTTOM:
            self._begin(heading=False)
        self._top = self._y
        self._y -= height

    def _line(self, place: _Column, text: str, y: float, color: str, *, bold: bool) -> None:
        if text:
            x = place.left
            if place.right_aligned:
                x += place.width - _width(text, _BOLD if bold else _PLAIN, self._size)
            self._pages.say(x, y, text, self._size, color, bold=bold)

    def _footnote(self, place: _Column, text: str, y: float, number: str) -> None:
        """The number of a footnote hangs over the edge, so that figures stay in line."""
        width = 0.0 if place.right_aligned else _width(text, _PLAIN, self._size)
        x = place.left + (place.width if place.right_aligned else width)
        self._pages.say(x, y + self._size * 0.3, number, self._size * 0.7, "ink")

    def _notes(self) -> None:
        notes = [plain_text(self._table.remark)] if self._table.remark else []
        notes += [CUT_SHORT] if self._laid.partial else []
        notes += [f"{number}  {plain_text(w)}" for w, number in self._laid.footnotes.items()]
        size, room = tokens()["type"]["small_pt"], self._pages.size[0] - 2 * _SIDE
        for note in notes:
            for line in wrapped(note, room, _PLAIN, size):
                self._room(size * 1.4)
                self._pages.say(_SIDE, self._y, line, size, "ink_soft")


def _placed(table: Table, currency: str, size: float, paper: float) -> list[_Column]:
    """Where each column stands: figures whole, texts in what is left and broken where need be."""
    columns = table.columns
    room = paper - 2 * _SIDE - _GAP * (len(columns) - 1)
    sample = list(islice(table.rows, _SAMPLE)) + ([table.totals] if table.totals else [])
    widest, least = [], []
    for i, column in enumerate(columns):
        texts = {format_value(row[i], column.unit, currency) for row in sample}
        words = [_width(word, _BOLD, size) for word in plain_text(column.label).split()]
        cells = max((_width(text, _BOLD, size) for text in texts), default=0.0)
        head = max(words, default=0.0)
        widest.append(min(max(head, cells), room))
        broken = column.unit == "text"
        longest = max((_width(w, _BOLD, size) for t in texts for w in t.split()), default=0.0)
        least.append(min(max(head, longest), room / 4) if broken else widest[-1])
    over = sum(widest) - room
    give = sum(wide - narrow for wide, narrow in zip(widest, least, strict=True))
    if over > 0 and give > 0:
        part = min(over / give, 1.0)
        widest = [wide - part * (wide - low) for wide, low in zip(widest, least, strict=True)]
    scale = room / sum(widest)  # what is spare goes to all; what is missing comes from all
    return _side_by_side([width * scale for width in widest], columns)


def _side_by_side(widths: Sequence[float], columns: Sequence[Column]) -> list[_Column]:
    places, left = [], _SIDE
    for width, column in zip(widths, columns, strict=True):
        places.append(_Column(left, width, column.unit not in _LEFT and not column.trend))
        left += width + _GAP
    return places


def wrapped(text: str, room: float, font: str, size: float) -> list[str]:
    """The text in lines of that width, at least one; a word too long for a line is broken."""
    if _width(text, font, size) <= room:
        return [text]
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if _width(joined, font, size) <= room:
            lines[-1] = joined
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = lines[-1] or word
        while len(lines[-1]) > 1 and _width(lines[-1], font, size) > room:
            fits = _fitting(lines[-1], room, font, size)
            lines[-1:] = [lines[-1][:fits], lines[-1][fits:]]
    if len(lines) > _LINES_MOST:
        lines[_LINES_MOST - 1 :] = [f"{lines[_LINES_MOST - 1][:-2]}…"]
    return lines


def cut(text: str, room: float, font: str, size: float) -> str:
    """As much of a text as fits on one line, with an ellipsis where there was more."""
    if _width(text, font, size) <= room:
        return text
    return f"{text[: _fitting(text, room - size, font, size)]}…"


def _fitting(text: str, room: float, font: str, size: float) -> int:
    """How many characters fit, at least one."""
    used = 0.0
    for count, char in enumerate(text):
        used += _width(char, font, size)
        if used > room:
            return max(count, 1)
    return len(text)
