"""What a table needs to become a sheet, whichever engine writes it: notes and widths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from praxis_charts.figures import format_value, plain_number, reason_words
from praxis_charts.model import number_of
from praxis_report.domain.document import Absent, Cell, Column, Table
from praxis_report.rendering.flat import flat_columns, flat_row, flat_rows
from praxis_report.rendering.workbook import is_exact

NOTE = Column("(note)", "Note", "text")
_CUT_SHORT = "not a whole period"
_SAMPLE = 500  # rows that decide how wide a column is
_NOTE_WIDTH = 44


def flat(table: Table) -> Table:
    """The held table with a column for each point of a course."""
    if not any(column.trend for column in table.columns):
        return table
    totals = flat_row(table.totals, table.columns) if table.totals else None
    columns, rows = flat_columns(table.columns), tuple(flat_rows(table))
    return replace(table, columns=columns, rows=rows, totals=totals)


def noted(table: Table) -> Table:
    """The held table, flat, with a column that says what its cells cannot, where need be."""
    table = flat(table)
    remarks = [_row_remark(row, table) for row in table.rows]
    last = remark(table.totals or (), table.columns)
    if not last and not any(remarks):
        return table
    return replace(
        table,
        columns=(*table.columns, NOTE),
        rows=tuple((*row, said) for row, said in zip(table.rows, remarks, strict=True)),
        totals=(*table.totals, last) if table.totals else None,
    )


def _row_remark(row: Sequence[Cell], table: Table) -> str:
    said = remark(row, table.columns)
    short = _CUT_SHORT if table.partial and row[0] in table.partial else ""
    return "; ".join(filter(None, (short, said)))


def remark(row: Sequence[Cell], columns: Sequence[Column]) -> str:
    """Why cells are empty, and the figures that have more digits than a spreadsheet keeps."""
    found = []
    for cell, column in zip(row, columns, strict=False):
        number = number_of(cell)
        if isinstance(cell, Absent):
            found.append(f"{column.label}: {reason_words(cell.reason)}")
        elif isinstance(number, Decimal | int) and not is_exact(number):
            found.append(f"{column.label}: exactly {plain_number(number)}")
    return "; ".join(found)


def widths(table: Table, currency: str) -> list[float]:
    """Wide enough for each word of the head and for most cells, in characters."""
    sample, found = list(islice(table.rows, _SAMPLE)), []
    for i, column in enumerate(table.columns):
        texts = (format_value(row[i], column.unit, currency) for row in sample if i < len(row))
        words = (column.label[:18], *column.label.split())
        most = max(map(len, (*words, *texts)))
        found.append(min(max(most, 11), _NOTE_WIDTH if column is NOTE else 56) + 4.0)
    return found
