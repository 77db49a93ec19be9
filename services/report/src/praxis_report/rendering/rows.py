"""Long tables: rows that come from a file of CSV lines, as a database writes them.

The file is UTF-8, RFC 4180, without a head line, lines ended by CR LF or LF, one field per column:

- money, percent, number, days, count: plain digits (`-12.50`, no exponent); percent in points
- date `YYYY-MM-DD`; month `YYYY-MM` or the date of its first day
- what is no finite number or no calendar date is absent for that reason
- nothing between the commas where there is no value; `!reason` in a column that is not text for
  a figure that is absent for a reason (`!suppressed`)
- text as it is

In a `ready` file the texts are also safe for spreadsheets already: whoever wrote it has removed
control characters, put `'` before texts that start with `= + - @` (after blanks too) or with a
tab or carriage return, left out the reasons, cut months to `YYYY-MM`, and ended each line with a
field holding `notice(document)` where that is not empty. Such a file is fit for CSV only, which
then frames it without a look inside; its path may be a named pipe.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

from praxis_report.domain.document import Absent, Cell, Document, Unit

SYNTHETIC = "contains synthetic demo data"
NOT_FINITE = "not a finite number"
_NO_DATE = "not a calendar date"


def notice(document: Document) -> str:
    """What each line of a CSV file says in its last field; empty where there is no such field."""
    return SYNTHETIC if document.synthetic else ""


@dataclass(frozen=True, slots=True)
class RowFile:
    """The rows of a table in a file; `count` is how many, `units` those of the columns."""

    path: Path
    count: int
    units: tuple[Unit, ...]
    ready: bool = False

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return cast(Iterator[tuple[Cell, ...]], self.parsed(_PARSERS))

    def parsed(self, parsers: Mapping[Unit, Callable[[str], Any]]) -> Iterator[tuple[Any, ...]]:
        """Each row through the parser of each column, text as it is where there is none.

        Raises: ValueError for a file that is `ready`, or a line of another width.
        """
        if self.ready:
            raise ValueError("these rows are written for CSV only")
        wanted = [parsers.get(unit) for unit in self.units]
        width, steps = len(wanted), [(i, parse) for i, parse in enumerate(wanted) if parse]
        with open(self.path, encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                if len(row) != width:
                    raise ValueError(f"a row of {len(row)} cells where {width} are declared")
                fields: list[Any] = row
                for i, parse in steps:
                    text = row[i]
                    fields[i] = parse(text) if text and text[0] != "!" else absent(text)
                yield tuple(fields)

    def copy_to(self, out: BinaryIO) -> None:
        """Append the bytes of a ready file."""
        with open(self.path, "rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                out.write(piece)


_PIECE = 1 << 20


def absent(text: str) -> Absent | None:
    """What stands where there is no figure."""
    return Absent(text[1:]) if text else None


def day(text: str) -> date | Absent:
    """A date, where it is one; a month is its first day."""
    try:
        return date.fromisoformat(text if len(text) > len("YYYY-MM") else f"{text}-01")
    except ValueError:
        return Absent(_NO_DATE)


def figure(text: str) -> Decimal | Absent:
    """A number, where it is a finite one."""
    number = Decimal(text)
    return number if number.is_finite() else Absent(NOT_FINITE)


_PARSERS: Mapping[Unit, Callable[[str], Cell]] = {
    "money": figure,
    "percent": figure,
    "number": figure,
    "days": figure,
    "hours": figure,
    "minutes": figure,
    "count": int,
    "date": day,
    "month": day,
}
