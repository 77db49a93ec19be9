"""A workbook written line by line: typed cells, no formula, the same bytes for the same content."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet.properties import (  # type: ignore[import-untyped]
    PageSetupProperties,
)
from openpyxl.writer.excel import ExcelWriter  # type: ignore[import-untyped]

from praxis_charts.figures import currency_prefix, format_value, plain_text
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Absent, Cell, Unit

SHEET_ROWS_MAX = 1_048_576
NUMBERS: frozenset[Unit] = frozenset({"money", "percent", "count", "number"})
_DIGITS_MAX = 15  # of a figure, in any spreadsheet
_TEXT_MAX = 16_000  # characters; a cell takes 32,767 units, and some characters are two or more
_NAME_MAX = 31
_FIRST_DAY = date(1900, 3, 1)  # Excel counts a day before it that never was
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
        return Sheet(self, self._workbook.create_sheet(self._name(title)), widths, **setup)

    def _name(self, title: str) -> str:
        clean = "".join(" " if char in "[]:*?/\\" else char for char in self.clean(title))
        base, number = clean.strip(" '") or "Sheet", 1
        name = _cut(base, _NAME_MAX)
        while name.casefold() in self._names or name.casefold() == "history":
            number += 1
            name = f"{_cut(base, _NAME_MAX - 4)} ({number})"
        self._names.add(name.casefold())
        return name

    def clean(self, text: str) -> str:
        """Text that may stand in a workbook; what is lost is counted."""
        plain = "".join(char for char in plain_text(text) if not _is_forbidden(char))
        self.removed += len(text) - len(plain)
        if len(plain) > _TEXT_MAX:
            self.shortened += 1
            plain = f"{plain[: _TEXT_MAX - 1]}…"
        return plain

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
        properties.creator, properties.title = "Praxis", self.clean(title)
        properties.created = properties.modified = written_at.astimezone(UTC).replace(tzinfo=None)
        with _Archive(out, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(self._workbook, archive).save()

    def discard(self) -> None:
        """Remove the files that hold the sheets until they are saved."""
        for sheet in self._workbook.worksheets:
            if sheet._writer is not None:
                Path(sheet._writer.out).unlink(missing_ok=True)


class Sheet:
    """One sheet, written from the top; `row` is the last line written.

    Args: frozen: lines at the top that stay in view, and on each printed page; footer: printed
    at the foot of each page; landscape: printed on its side.
    """

    def __init__(
        self,
        book: Book,
        worksheet: Any,
        widths: Sequence[float],
        *,
        frozen: int = 0,
        footer: str = "",
        landscape: bool = False,
    ) -> None:
        self._book = book
        self._worksheet = worksheet
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
        worksheet.HeaderFooter.oddFooter.left.text = footer.replace("&", "&&")
        worksheet.HeaderFooter.oddFooter.right.text = "Page &P of &N"

    def line(self, *cells: Any, height: float | None = None) -> None:
        """Write the next line. Args: height: in points, as tall as its text where None."""
        self.row += 1
        if height is not None:
            self._worksheet.row_dimensions[self.row].height = height
        self._worksheet.append(cells)

    def space(self, lines: int = 1) -> None:
        """Leave lines empty."""
        for _ in range(lines):
            self.line()

    def cell(self, value: Cell, unit: Unit = "text", look: str = "body") -> Any:
        """A typed cell for `line`; an absent figure is an empty one."""
        plain = self._plain(value, unit)
        quoted = isinstance(plain, str) and plain.startswith(("=", "+", "-", "@"))
        cell = WriteOnlyCell(self._worksheet)
        code = number_format(value, unit, self._book.currency)
        cell._style = self._book.style(self._worksheet, look, code, quoted=quoted)
        if isinstance(plain, str):
            # Else a text such as _x0041_ would be read as the character it numbers.
            cell.value = plain.replace("_x", "_x005F_x")
            cell.data_type = "s"  # whatever it begins with, it is no formula
        elif plain is not None:
            cell.value = plain
        return cell

    def link(self, name: str) -> Any:
        """A cell that leads to the sheet of that name."""
        cell = self.cell(name, look="link")
        cell.hyperlink = "#'{}'!A1".format(name.replace("'", "''"))
        return cell

    def filter(self, first: int, last: int, columns: int) -> None:
        """Let readers filter and sort the lines after `first` up to `last`."""
        self._worksheet.auto_filter.ref = f"A{first}:{get_column_letter(columns)}{last}"

    def chart(self, chart: Any) -> None:
        """Place a native chart below the last line and leave the space it takes."""
        chart.anchor = f"A{self.row + 1}"
        self._worksheet.add_chart(chart)
        self.space(int(chart.height / 0.52) + 2)  # a line is 0.53 cm

    def _plain(self, value: Cell, unit: Unit) -> Decimal | date | str | None:
        if value is None or isinstance(value, Absent):
            return None
        if isinstance(value, str):
            return self._book.clean(value)
        if isinstance(value, date):
            in_range = value >= _FIRST_DAY
            return value if in_range else format_value(value, unit, self._book.currency)
        number = Decimal(value)
        if number and abs(number.adjusted()) > _MAGNITUDE:
            return self._book.clean(format_value(value, unit, self._book.currency))
        return _hundredth(number) if unit == "percent" else number


class _Archive(ZipFile):
    """A zip file whose entries carry no time of day."""

    def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(_entry(ZipInfo(name)), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        entry = _entry(ZipInfo(arcname))
        entry.file_size = Path(filename).stat().st_size  # large ones need another header
        with open(filename, "rb") as source, self.open(entry, "w") as target:
            shutil.copyfileobj(source, target)


def _entry(info: ZipInfo) -> ZipInfo:
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


def is_exact(value: Decimal | int) -> bool:
    """Whether a spreadsheet keeps every digit of the figure."""
    digits = "".join(map(str, Decimal(value).as_tuple().digits)).strip("0")
    return len(digits) <= _DIGITS_MAX


def widths_of(columns: Iterable[Iterable[str]]) -> list[float]:
    """Column widths that show most texts whole. Args: for each column the texts in it."""
    return [min(max((len(text) for text in texts), default=0), 57) + 3.0 for texts in columns]


def _hundredth(number: Decimal) -> Decimal:
    sign, digits, exponent = number.as_tuple()
    return Decimal((sign, digits, int(exponent) - 2))


def _is_forbidden(char: str) -> bool:
    """What XML cannot hold, beside control characters."""
    return char in "\ufffe\uffff" or "\ud800" <= char <= "\udfff"


def _cut(name: str, units: int) -> str:
    """As much of a name as fits; Excel counts in UTF-16."""
    return name.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").rstrip(" '")


def _look(name: str) -> dict[str, Any]:
    color, size = {key: value[1:] for key, value in tokens()["color"].items()}, 10
    family = tokens()["type"]["fallback"].split(",")[0]
    thin, strong = Side("hair", color["line_strong"]), Side("thin", color["line_strong"])
    line, panel = Border(bottom=thin), PatternFill("solid", color["panel"])

    def font(ink: str = "ink", **more: Any) -> Font:
        return Font(name=family, color=color[ink], **{"size": size, **more})

    head = {"font": font("ink_soft", bold=True), "fill": panel, "border": Border(bottom=strong)}
    looks: dict[str, dict[str, Any]] = {
        "title": {"font": font(size=20, bold=True)},
        "soft": {"font": font("ink_soft")},
        "strong": {"font": font(bold=True)},
        "notice": {
            "font": font("notice_ink"),
            "fill": PatternFill("solid", color["notice_paper"]),
            "alignment": Alignment(vertical="center"),
        },
        "heading": {"font": font("accent", size=13, bold=True)},
        "head": head | {"alignment": Alignment(vertical="bottom", wrap_text=True)},
        "head_number": head
        | {"alignment": Alignment(horizontal="right", vertical="bottom", wrap_text=True)},
        "body": {"font": font(), "border": line},
        "body_soft": {"font": font("ink_soft"), "border": line},
        "wrapped": {"font": font(), "alignment": Alignment(vertical="top", wrap_text=True)},
        "term": {"font": font("ink_soft"), "alignment": Alignment(vertical="top", wrap_text=True)},
        "figure": {"font": font(size=12, bold=True), "border": line},
        "totals": {"font": font(bold=True), "fill": panel, "border": Border(top=strong)},
        "link": {"font": font("accent", underline="single"), "border": line},
    }
    return looks[name]
