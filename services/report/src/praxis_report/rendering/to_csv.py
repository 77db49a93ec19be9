"""CSV: the main table, one header line of column names, raw values (RFC 4180, UTF-8)."""

import csv
import io
from typing import BinaryIO

from praxis_charts.figures import plain_number, plain_text, raw_value
from praxis_report.domain.document import Cell, Document, Unit

_SYNTHETIC = "contains synthetic demo data"


def write_csv(document: Document, out: BinaryIO) -> None:
    """Write the main table row by row; the same document gives the same bytes.

    An absent figure is an empty field. Totals are left out: a reader can add the rows up,
    and must not count them twice. Rows of demo data end with a field that says so.
    """
    table = document.main_table
    units = [column.unit for column in table.columns]
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    names = [safe_text(column.name) for column in table.columns]
    header, notice = ([*names, "notice"], [_SYNTHETIC]) if document.synthetic else (names, [])
    writer.writerow(header)
    for row in table.rows:
        writer.writerow([*(_field(*pair) for pair in zip(row, units, strict=True)), *notice])
    text.detach()  # flushes, and leaves `out` open for its owner


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula; control characters are removed."""
    clean = plain_text(text)
    starts_formula = clean.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{clean}" if starts_formula or text.startswith(("\t", "\r", "\0")) else clean


def _field(cell: Cell, unit: Unit) -> str:
    if isinstance(cell, str):
        return safe_text(cell)
    value = raw_value(cell, unit)
    if value is None:
        return ""
    return value if isinstance(value, str) else plain_number(value)
