"""CSV: the main table, one header line of column names, raw values (RFC 4180, UTF-8).

Or a zip file with one such file for each table.
"""

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from praxis_charts.figures import plain_number, plain_text, raw_value
from praxis_report.domain.document import Cell, Document, Table, Unit
from praxis_report.rendering.flat import flat_columns, flat_rows
from praxis_report.rendering.rows import RowFile, notice

_CUT_SHORT = "not a whole period"


def write_csv(document: Document, out: BinaryIO) -> None:
    """Write the main table row by row; the same document gives the same bytes.

    An absent figure is an empty field. Totals are left out: a reader can add the rows up,
    and must not count them twice. Rows of demo data, and those of a period that is not whole,
    end with a field that says so.
    """
    _write_table(document.main_table, notice(document), out)


def write_csv_zip(document: Document, out: BinaryIO) -> None:
    """Write a zip file of all tables, each as `write_csv` does it, named by its id."""
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for table in document.tables:
            entry = ZipInfo(f"{table.id}.csv")  # of the first day that the format knows
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                _write_table(table, notice(document), file)  # type: ignore[arg-type]


def _write_table(table: Table, remark: str, out: BinaryIO) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    names = [safe_text(column.name) for column in flat_columns(table.columns)]
    noticed = bool(remark or table.partial)
    writer.writerow([*names, "notice"] if noticed else names)
    rows = table.rows
    if isinstance(rows, RowFile) and rows.ready:
        text.flush()
        rows.copy_to(out)
    else:
        writer.writerows(_lines(table, remark, noticed=noticed))
    text.detach()  # flushes, and leaves `out` open for its owner


def _lines(table: Table, remark: str, *, noticed: bool) -> Iterator[list[str]]:
    units = [column.unit for column in flat_columns(table.columns)]
    for row in flat_rows(table):
        fields = list(map(_field, row, units))
        if noticed:
            short = row[0] in table.partial
            fields.append("; ".join(filter(None, (remark, _CUT_SHORT if short else ""))))
        yield fields


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
