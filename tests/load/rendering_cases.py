"""One rendering job in a process of its own: `rendering_cases CASE FOLDER ROWS`.

Prints processor seconds, wall seconds, and the most memory above that at the start, in bytes.
Libraries are loaded and warm before the clock starts, as in the service.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import psycopg

from praxis_report.domain.document import AsOf, Axis, Chart, Column, Document, Series, Table, Unit
from praxis_report.rendering import render, to_pdf, worker
from praxis_report.rendering.charts import chart_svg
from praxis_report.rendering.pages import environment
from praxis_report.rendering.rows import RowFile

UNITS: tuple[Unit, ...] = (
    "count", "date", "text", "text", "text", "text", "count", "money", "money", "percent",
    "number", "text",
)  # fmt: skip
COLUMNS = tuple(Column(f"column_{i}", f"Column {i}", unit) for i, unit in enumerate(UNITS))
TABLE = "bench_rows"
ROWS_SQL = """
select i, date '2020-01-01' + i %% 2000, 'Provider ' || i %% 40, 'Payer ' || i %% 12,
       'CPT ' || 99200 + i %% 16, 'Status ' || i %% 5, i %% 9, (i %% 100000) / 100.0::numeric,
       (i %% 70000) / 100.0::numeric, (i %% 10000) / 100.0::numeric, (i %% 77) / 10.0::numeric,
       'Claim line ' || i
  from generate_series(1, %s) as i"""


def rows(count: int) -> Iterator[tuple[Any, ...]]:
    """The rows of the bench table, as the database has them."""
    first = date(2020, 1, 1)
    for i in range(1, count + 1):
        yield (
            i, first + timedelta(i % 2000), f"Provider {i % 40}", f"Payer {i % 12}",
            f"CPT {99200 + i % 16}", f"Status {i % 5}", i % 9, Decimal(i % 100_000).scaleb(-2),
            Decimal(i % 70_000).scaleb(-2), Decimal(i % 10_000).scaleb(-2),
            Decimal(i % 77).scaleb(-1), f"Claim line {i}",
        )  # fmt: skip


def row_file(folder: Path, count: int) -> RowFile:
    """The rows in a file of the folder, written once."""
    path = folder / f"{count}.csv"
    if not path.exists():
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(count))
    return RowFile(path, count, UNITS)


def document(held: Any, *charts: Chart) -> Document:
    """A report of that table."""
    return Document(
        title="Bench", subtitle="", practice_name="Bench", period="2025", currency="USD",
        time_zone="UTC", as_of=AsOf(1, datetime(2025, 1, 1, tzinfo=UTC), None), synthetic=False,
        phi_level="aggregate", parameters=(),
        sections=(*charts, Table("rows", "Rows", COLUMNS, held, main=True)),
    )  # fmt: skip


def two_pages() -> Document:
    """Four charts and a short table."""
    months = tuple((date(2025, m, 1), Decimal(m * 100), Decimal(m * 70)) for m in range(1, 13))
    series = Series("commercial", "Commercial"), Series("medicare", "Medicare")
    axes = Axis("Month", "month"), Axis("USD", "money")
    charts = (
        Chart(f"Chart {i}", "Bars.", "bar", *axes, series, months, receipt=None) for i in range(4)
    )
    return document(tuple(rows(12)), *charts)


def formatted(format: str) -> Callable[[Path, int], None]:
    """Drawing a row file in one of the forms."""

    def draw(folder: Path, count: int) -> None:
        with open(folder / f"out.{format}", "w+b") as out:
            render(document(row_file(folder, count)), format, out)

    return draw


def csv_by_cursor(folder: Path, count: int) -> None:
    """The csv module over a server-side cursor."""
    with (
        psycopg.connect((folder / "conninfo").read_text()) as connection,
        connection.cursor("bench") as cursor,
        open(folder / "reference.csv", "w", encoding="utf-8", newline="") as out,
    ):
        cursor.itersize = 5000
        cursor.execute(f"select * from {TABLE} limit {count}")
        csv.writer(out).writerows(cursor)


# Characters 43, 45, 61, 64: + - = @; after blanks too.
_SAFE = (
    r"case when ascii(ltrim({0}, E' \t\r\n')) in (43, 45, 61, 64) "
    "then chr(39) || {0} else {0} end"
)


def csv_by_copy(folder: Path, count: int) -> None:
    """Ready lines from the database, framed: what a CSV download of details does."""
    names = ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")
    safe = (
        _SAFE.format(name) if unit == "text" else name
        for name, unit in zip(names, UNITS, strict=True)
    )
    query = f"copy (select {', '.join(safe)} from {TABLE} limit {count}) to stdout (format csv)"
    path = folder / "ready.csv"
    with (
        psycopg.connect((folder / "conninfo").read_text()) as connection,
        connection.cursor().copy(query) as copy,
        open(path, "wb") as spool,
    ):
        spool.writelines(copy)
    with open(folder / "out.csv", "w+b") as out:
        render(document(RowFile(path, count, UNITS, ready=True)), "csv", out)


def excel_by_openpyxl(folder: Path, count: int) -> None:
    """A plain workbook of the library that others use."""
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    book.active.append([column.label for column in COLUMNS])
    for row in rows(count):
        book.active.append(row)
    book.save(folder / "reference.xlsx")


def pdf_by_weasyprint(folder: Path, count: int) -> None:
    """The same table handed to the layout engine."""
    import weasyprint

    lines = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>"
        for row in rows(count)
    )
    style = "@page { size: letter landscape; margin: 15mm } body { font: 7pt sans-serif }"
    page = f"<style>{style}</style><table>{lines}</table>"
    weasyprint.HTML(string=page).write_pdf(folder / "reference.pdf")


def charts_drawn(folder: Path, count: int) -> None:
    """Two pages with four charts, as the service draws them."""
    for _ in range(count):
        with open(folder / "charts.pdf", "w+b") as out:
            render(two_pages(), "pdf", out)


def charts_bare(folder: Path, count: int) -> None:
    """The pictures alone, and the library's call with the page as text."""
    made = two_pages()
    engine = to_pdf._engine()
    context = to_pdf._context(made) | {"apart": set()}
    html = environment().get_template("document.html").render(context)
    clock = time.process_time
    begun = clock()
    for _ in range(count):
        for chart in made.sections[:4]:
            chart_svg(chart, "USD")  # type: ignore[arg-type]
        engine.html(string=html, url_fetcher=engine.fetcher).write_pdf(
            folder / "bare.pdf", stylesheets=[engine.style], font_config=engine.fonts,
            pdf_variant="pdf/ua-1",
        )  # fmt: skip
    _OWN["cpu"] = clock() - begun


CASES: dict[str, Callable[[Path, int], None]] = {
    **{format: formatted(format) for format in ("csv", "json", "excel", "html", "pdf")},
    "csv_cursor": csv_by_cursor,
    "csv_copy": csv_by_copy,
    "excel_openpyxl": excel_by_openpyxl,
    "pdf_weasyprint": pdf_by_weasyprint,
    "charts": charts_drawn,
    "charts_bare": charts_bare,
}
_OWN: dict[str, float] = {}


def _memory(mark: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(mark):
            return int(line.split()[1]) * 1024
    return 0


def main() -> None:
    """Run one case and print its measures as JSON."""
    case, folder, count = CASES[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3])
    worker._warm_up()
    for format in ("pdf", "excel"):  # engines that only long tables need
        scratch = row_file(folder, 300 if format == "pdf" else 20_001)
        render(document(scratch), format, io.BytesIO())
    row_file(folder, count)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the most so far is now
    before, wall, cpu = _memory("VmRSS"), time.perf_counter(), time.process_time()
    case(folder, count)
    measures = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "memory": _memory("VmHWM") - before,
    }
    print(json.dumps(measures | _OWN))


if __name__ == "__main__":
    main()
