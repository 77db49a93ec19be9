"""A workbook written line by line: typed cells, no formula, the same bytes for the same content."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.drawing.spreadsheet_drawing import (  # type: ignore[import-untyped]
    AnchorMarker,
    TwoCellAnchor,
)
from openpyxl.formatting.rule import ColorScaleRule  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter, quote_sheetname  # type: ignore[import-untyped]
from openpyxl.worksheet.hyperlink import Hyperlink  # type: ignore[import-untyped]
from openpyxl.worksheet.page import PageMargins  # type: ignore[import-untyped]
from openpyxl.worksheet.pagebreak import Break  # type: ignore[import-untyped]
from openpyxl.worksheet.properties import (  # type: ignore[import-untyped]
    PageSetupProperties,
)
from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

from praxis_charts.figures import currency_prefix, format_value, plain_text
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Absent, Cell, Ratio, Unit

SHEET_ROWS_MAX = 1_048_576
NUMBERS: frozenset[Unit] = frozenset({"money", "percent", "count", "number", "days"})
_DIGITS_MAX = 15  # of a figure, in any spreadsheet
_TEXT_MAX = 16_000  # characters; a cell takes 32,767 units, and some characters are two or more
_NAME_MAX = 31
_DAY_ZERO, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)  # between them Excel miscounts
_WIDE = Context(prec=1000)
_LINE, _PAGE = 15.0, 600.0  # points
_FORBIDDEN = dict.fromkeys((*range(0xD800, 0xE000), 0xFFFE, 0xFFFF))
_MAGNITUDE = 300  # powers of ten that a cell's number can have


class Book:
    """A workbook in the colours of the tokens. Money in it is in `currency`."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.removed = 0  # characters that may not stand in a cell
        self.shortened = 0  # texts too long for one
        self._workbook = Workbook(write_only=True)
        self._names: set[str] = set()
        self._styles: dict[tuple[object, ...], Any] = {}

    def sheet(self, title: str, widths: Sequence[float], **setup: Any) -> Sheet:
        """A new sheet after the others, named as much like `title` as Excel allows.

        Args: widths: of its columns in characters; setup: see Sheet.
        """
        return Sheet(
            self, self._workbook.create_sheet(sheet_name(title, self._names)), widths, **setup
        )

    def text(self, text: str) -> str:
        """Text that may stand in a cell; what is lost is counted."""
        plain = clean(text)
        self.removed += len(text) - len(plain)
        if len(plain) > _TEXT_MAX:
            self.shortened += 1
            return f"{plain[: _TEXT_MAX - 1]}…"
        return plain

    def losses(self) -> Iterator[tuple[str, str]]:
        """What texts have lost so far, as (term, text) pairs."""
        if self.removed:
            yield "Removed", f"{self.removed} control characters in texts"
        if self.shortened:
            yield "Shortened", f"{self.shortened} texts too long for a cell; JSON has them whole"

    def style(self, sheet: Any, look: str, number_format: str, *, quoted: bool) -> Any:
        """The shared style of cells that look alike."""
        key = (look, number_format, quoted)
        if key not in self._styles:
            cell = WriteOnlyCell(sheet)
            for name, value in _look(look).items():
                setattr(cell, name, value)
            cell.number_format = number_format
            cell.quotePrefix = quoted
            self._styles[key] = cell._style
        return self._styles[key]

    def save(self, out: BinaryIO, title: str, written_at: datetime) -> None:
        """Write the workbook to `out` and leave that open; `written_at` is its only time."""
        properties = self._workbook.properties
        properties.creator, properties.title = "Praxis", clean(title)
        properties.created = properties.modified = written_at.astimezone(UTC).replace(tzinfo=None)
        with _Archive(out, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(self._workbook, archive).save()

    def discard(self) -> None:
        """Remove the files that hold the sheets until they are saved."""
        for sheet in self._workbook.worksheets:
            if sheet._writer is not None:
                if not sheet.closed:
                    sheet.close()
                Path(sheet._writer.out).unlink(missing_ok=True)


class Sheet:
    """One sheet, written from the top; `row` is the last line written.

    Args: frozen: lines at the top that stay in view, and on each printed page; header: printed
    left and right over each page; footer: printed under it; landscape: printed on its side.
    """

    def __init__(
        self,
        book: Book,
        worksheet: Any,
        widths: Sequence[float],
        *,
        frozen: int = 0,
        header: tuple[str, str] = ("", ""),
        footer: str = "",
        landscape: bool = False,
    ) -> None:
        self._book = book
        self._worksheet = worksheet
        self._widths = widths
        self._printed = 0.0  # points since the last page break
        self.row = 0
        self.name: str = worksheet.title
        for number, width in enumerate(widths, 1):
            worksheet.column_dimensions[get_column_letter(number)].width = width
        worksheet.sheet_view.showGridLines = False
        if frozen:
            worksheet.freeze_panes = f"A{frozen + 1}"
            worksheet.print_title_rows = f"1:{frozen}"
        worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        worksheet.page_setup.fitToHeight = 0  # as many pages as it takes, one page wide
        worksheet.page_setup.orientation = "landscape" if landscape else "portrait"
        worksheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        odd, foot = worksheet.HeaderFooter.oddHeader, worksheet.HeaderFooter.oddFooter
        odd.left.text, odd.right.text = (self._printable(text) for text in header)
        foot.left.text, foot.right.text = self._printable(footer), "Page &P of &N"

    def _printable(self, text: str) -> str:
        """Text for header and footer: 255 characters in all, and no codes."""
        return clean(text)[:100].replace("&", "&&")

    def line(self, *cells: Any, height: float | None = None) -> None:
        """Write the next line. Args: height: in points, as tall as its text where None."""
        self.row += 1
        self._printed += height or _LINE
        if height is not None:
            self._worksheet.row_dimensions[self.row].height = height
        self._worksheet.append(cells)

    def space(self, lines: int = 1) -> None:
        """Leave lines empty."""
        for _ in range(lines):
            self.line()

    def cell(
        self, value: Cell, unit: Unit = "text", look: str = "body", code: str | None = None
    ) -> Any:
        """A typed cell for `line`; an absent figure is an empty one.

        Args: code: the number format, that of the unit where None.
        """
        if isinstance(value, Ratio):
            value = value.value
        if isinstance(value, Decimal | int) and look in ("body", "totals"):
            look += "_number"
        plain = self._plain(value, unit)
        quoted = isinstance(plain, str) and plain.startswith(("=", "+", "-", "@"))
        cell = WriteOnlyCell(self._worksheet)
        shown = code or number_format(value, unit, self._book.currency)
        cell._style = self._book.style(self._worksheet, look, shown, quoted=quoted)
        if isinstance(plain, str) and plain:
            # Else a text such as _x0041_ would be read as the character it numbers.
            cell.value = plain.replace("_x", "_x005F_x")
            cell.data_type = "s"  # whatever it begins with, it is no formula
        elif not isinstance(plain, str):
            cell.value = plain
        return cell

    def paragraph(self, text: str, look: str, last: int, *lead: Any) -> None:
        """A line of the cells `lead` and a text broken over the columns up to number `last`."""
        first = len(lead) + 1
        filling = (self.cell(None, look=look) for _ in range(first, last))
        height = self.height(text, first, last)
        self.line(*lead, self.cell(text, look=look), *filling, height=height)
        ends = get_column_letter(first), get_column_letter(last)
        self._worksheet.merged_cells.add(f"{ends[0]}{self.row}:{ends[1]}{self.row}")

    def height(self, text: str, first: int, last: int | None = None) -> float:
        """Points that a text needs in a column, or in several merged: readers may not adapt."""
        width = sum(self._widths[first - 1 : last or first]) - 3
        lines = len(textwrap.wrap(text[: int(30 * width)], int(width))) or 1
        return _LINE + 13 * (lines - 1)

    def link(self, name: str) -> Any:
        """A cell that leads to the sheet of that name."""
        cell = self.cell(name, look="link")
        cell._hyperlink = Hyperlink(ref="", location=f"{quote_sheetname(name)}!A1")
        return cell

    def filter(self, first: int, last: int, columns: int) -> None:
        """Let readers filter and sort the lines after `first` up to `last`."""
        self._worksheet.auto_filter.ref = f"A{first}:{get_column_letter(columns)}{last}"

    def heat(self, top: int, left: int, bottom: int, right: int) -> None:
        """Colour these cells by their figures, from paper to accent."""
        color = {name: value[1:] for name, value in tokens()["color"].items()}
        rule = ColorScaleRule(
            "min", None, color["paper"], end_type="max", end_color=color["accent"]
        )
        place = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        self._worksheet.conditional_formatting.add(place, rule)

    def chart(self, chart: Any, lines: int, columns: int) -> None:
        """Place a native chart below the last line, over so many lines and columns."""
        if self._printed + lines * _LINE > _PAGE:
            self._worksheet.row_breaks.append(Break(id=self.row))
            self._printed = 0.0
        top, bottom = AnchorMarker(row=self.row), AnchorMarker(row=self.row + lines, col=columns)
        chart.anchor = TwoCellAnchor(editAs="oneCell", _from=top, to=bottom)
        self._worksheet.add_chart(chart)
        self.space(lines)

    def _plain(self, value: Cell, unit: Unit) -> Decimal | int | date | str | None:
        if value is None or isinstance(value, Absent):
            return None
        if isinstance(value, str):
            return self._book.text(value)
        number = cell_number(value, unit)
        if number is None:
            return self._book.text(format_value(value, unit, self._book.currency))
        return value if isinstance(value, date) else number


class _Archive(ZipFile):
    """A zip file whose entries carry no time of day."""

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        entry = zinfo_or_arcname
        super().writestr(_entry(entry) if isinstance(entry, str) else entry, data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        entry = _entry(arcname)
        entry.file_size = Path(filename).stat().st_size  # large ones need another header
        with open(filename, "rb") as source, self.open(entry, "w") as target:
            shutil.copyfileobj(source, target)


def _entry(name: str) -> ZipInfo:
    info = ZipInfo(name)  # of the first day that the format knows
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def number_format(value: Cell, unit: Unit, currency: str) -> str:
    """How Excel shows a cell: the way every other form does."""
    if isinstance(value, date):
        return "mmm yyyy" if unit == "month" else "mmm d, yyyy"
    if not isinstance(value, Decimal | int):
        return "General"
    if unit == "money":
        prefix = plain_text(currency_prefix(currency)).replace('"', "")
        return f'"{prefix}"#,##0.00;-"{prefix}"#,##0.00'
    if unit == "percent":
        return "0.00%"
    decimals = min(max(0, -int(Decimal(value).as_tuple().exponent)), _DIGITS_MAX)
    return f"#,##0.{'0' * decimals}".rstrip(".")


def cell_number(value: Cell, unit: Unit) -> Decimal | int | None:
    """The number in a cell: a day count for a date, a hundredth for a percent; None if none."""
    if isinstance(value, date):
        return (value - _DAY_ZERO).days if value >= _FIRST_DAY else None
    if isinstance(value, Ratio):
        value = value.value
    if not isinstance(value, Decimal | int) or _is_beyond(value):
        return None
    return Decimal(value).scaleb(-2, _WIDE) if unit == "percent" else value


def _is_beyond(value: Decimal | int) -> bool:
    return bool(value) and abs(Decimal(value).adjusted()) > _MAGNITUDE


def is_exact(value: Decimal | int) -> bool:
    """Whether a spreadsheet keeps every digit of the figure."""
    digits = "".join(map(str, Decimal(value).as_tuple().digits)).strip("0")
    return len(digits) <= _DIGITS_MAX


def clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return plain_text(text).translate(_FORBIDDEN)


def sheet_name(title: str, taken: set[str]) -> str:
    """As much of a title as Excel allows, unlike those taken, to which it is added."""
    legal = "".join(" " if char in "[]:*?/\\" else char for char in clean(title))
    base, number = " ".join(legal.split()).strip("'") or "Sheet", 1
    name = _cut(base, _NAME_MAX)
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        name = f"{_cut(base, _NAME_MAX - 4)} ({number})"
    taken.add(name.casefold())
    return name


def _cut(name: str, units: int) -> str:
    """As much of a name as fits; Excel counts in UTF-16."""
    return name.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").rstrip(" '")


def _look(name: str) -> dict[str, Any]:
    color = {key: value[1:] for key, value in tokens()["color"].items()}
    family = tokens()["type"]["fallback"].split(",")[0]
    line, strong = Side("thin", color["line"]), Side("thin", color["line_strong"])
    under, panel = Border(bottom=line), PatternFill("solid", color["panel"])
    right = Alignment(horizontal="right", vertical="center")
    left = Alignment(horizontal="left", vertical="center", indent=1)
    wrapped = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
    named = Alignment(horizontal="left", vertical="bottom", wrap_text=True, indent=1)
    numbered = Alignment(horizontal="right", vertical="bottom", wrap_text=True)

    def font(ink: str = "ink", size: int = 10, **more: Any) -> Font:
        return Font(name=family, color=color[ink], size=size, **more)

    head = {"font": font("ink_soft", bold=True), "fill": panel, "border": Border(bottom=strong)}
    totals = {"font": font(bold=True), "fill": panel, "border": Border(top=strong)}
    notice = PatternFill("solid", color["notice_paper"])
    looks: dict[str, dict[str, Any]] = {
        "title": {"font": font(size=20, bold=True), "alignment": left},
        "strong": {"font": font(bold=True), "alignment": left},
        "soft": {"font": font("ink_soft"), "alignment": wrapped},
        "notice": {"font": font("notice_ink"), "fill": notice, "alignment": left},
        "heading": {"font": font("accent", 13, bold=True), "alignment": left},
        "head": head | {"alignment": named},
        "head_number": head | {"alignment": numbered},
        "body": {"font": font(), "border": under, "alignment": left},
        "body_number": {"font": font(), "border": under, "alignment": right},
        "body_soft": {"font": font("ink_soft"), "border": under, "alignment": left},
        "note": {"font": font("ink_soft"), "border": under, "alignment": wrapped},
        "figure": {"font": font(size=12, bold=True), "border": under, "alignment": right},
        "totals": totals | {"alignment": left},
        "totals_number": totals | {"alignment": right},
        "plain": {"font": font(), "alignment": wrapped},
        "link": {"font": font("accent", underline="single"), "border": under, "alignment": left},
    }
    return looks[name]
