"""A table of single values: a column that shows a course becomes a column per point."""

from collections.abc import Iterator, Sequence

from praxis_report.domain.document import Absent, Cell, Column, Table, Trend


def flat_columns(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns, each course as one column per point, named and labelled by it."""
    found: list[Column] = []
    for column in columns:
        points = enumerate(column.trend, 1)
        found += [
            Column(f"{column.name}_{number}", f"{column.label}, {point}", column.unit)
            for number, point in points
        ] or [column]
    return tuple(found)


def flat_rows(table: Table) -> Iterator[tuple[Cell, ...]]:
    """The rows in those columns."""
    if not any(column.trend for column in table.columns):
        return iter(table.rows)
    return (flat_row(row, table.columns) for row in table.rows)


def flat_row(row: Sequence[Cell], columns: Sequence[Column]) -> tuple[Cell, ...]:
    """One row in those columns; a course that is absent as a whole is so at each point."""
    cells: list[Cell] = []
    for cell, column in zip(row, columns, strict=True):
        if isinstance(cell, Trend):
            cells += cell.values
        elif column.trend and (cell is None or isinstance(cell, Absent)):
            cells += [cell] * len(column.trend)
        else:
            cells.append(cell)
    return tuple(cells)
