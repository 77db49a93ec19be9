"""Files against the bare library that others would use, each in a process of its own; and the
service that makes them."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
from psycopg import sql

from conftest import RunningStack
from praxis_cli.stack.postgres import bin_dir
from tests.load import reports
from tests.load.clinic import superuser
from tests.load.rendering_cases import ROWS_SQL, TABLE
from tests.load.row import Row

_MANY, _SHEET, _PAGES = 1_000_000, 100_000, 8_000  # rows; of pages 40 each
_MOST_BYTES = 64 * 1024 * 1024
Measures = dict[str, float]


def run(stack: RunningStack) -> list[Row]:
    """Rows for all five forms and for runs; takes some minutes, most of them in the references."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [*_csv(folder, superuser(stack)), *_excel(folder), *_pdf(folder), *_flat(folder)]
    return [*files, *reports.run(stack)]


def _csv(folder: Path, conninfo: str) -> list[Row]:
    (folder / "conninfo").write_text(conninfo)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("drop table if exists {}").format(sql.Identifier(TABLE)))
        names = ", ".join("abcdefghijkl")
        connection.execute(f"create table {TABLE} ({_COLUMNS})")
        connection.execute(f"insert into {TABLE} ({names}) {ROWS_SQL}", (_MANY,))
        connection.execute(f"vacuum analyze {TABLE}")
        bare, ours = _case("csv_cursor", folder, _MANY), _case("csv_copy", folder, _MANY)
        psql_s = _psql(conninfo, folder)
        connection.execute(f"drop table {TABLE}")
    return [
        _least("render.csv.cpu", ours["cpu"], bare["cpu"], 1 / 5, "csv module over a cursor"),
        _least("render.csv.wall", ours["wall"], psql_s, 2.5, "psql COPY"),
        _below("render.csv.memory", ours["memory"]),
    ]


_COLUMNS = (
    "a int, b date, c text, d text, e text, f text, g int, h numeric, i numeric, j numeric, "
    "k numeric, l text"
)


def _psql(conninfo: str, folder: Path) -> float:
    begun = time.perf_counter()
    copy = f"\\copy (select * from {TABLE}) to '{folder / 'psql.csv'}' (format csv)"
    subprocess.run([bin_dir() / "psql", conninfo, "-qc", copy], check=True)
    return time.perf_counter() - begun


def _excel(folder: Path) -> list[Row]:
    ours, bare = _case("excel", folder, _SHEET), _case("excel_openpyxl", folder, _SHEET)
    return [_least("render.excel.cpu", ours["cpu"], bare["cpu"], 1 / 8, "plain openpyxl")]


def _pdf(folder: Path) -> list[Row]:
    drawn, styled = _case("charts", folder, 5), _case("charts_bare", folder, 5)
    ours, bare = _case("pdf", folder, _PAGES), _case("pdf_weasyprint", folder, _PAGES)
    short, long = _case("pdf", folder, 5_000), _case("pdf", folder, 50_000)
    growth = math.log10(long["cpu"] / short["cpu"])
    return [
        _least("render.pdf.charts", drawn["cpu"], styled["cpu"], 1.2, "charts + WeasyPrint call"),
        _least("render.pdf.table.cpu", ours["cpu"], bare["cpu"], 1 / 20, "WeasyPrint"),
        _least(
            "render.pdf.table.memory", ours["memory"] / 2**20, bare["memory"] / 2**20, 1 / 10,
            "WeasyPrint", unit="MiB",
        ),
        Row("render.pdf.growth", growth, "exponent", 1, growth, "<= 1.1 to 50,000 rows",
            growth <= 1.1),
        _below("render.pdf.memory.50000", long["memory"]),
    ]  # fmt: skip


def _flat(folder: Path) -> list[Row]:
    """Memory above the start at the most rows that each form takes."""
    most = {"csv": _MANY, "json": _MANY, "excel": _MANY, "html": 50_000}
    return [
        _below(f"render.{format}.memory.{count}", _case(format, folder, count)["memory"])
        for format, count in most.items()
    ]


def _case(name: str, folder: Path, rows: int) -> Measures:
    command = [sys.executable, "-m", "tests.load.rendering_cases", name, str(folder), str(rows)]
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    measures: Measures = json.loads(done.stdout)
    return measures


def _least(
    name: str, value: float, bare: float, most: float, against: str, *, unit: str = "s"
) -> Row:
    ratio = value / bare
    return Row(name, value, unit, bare, ratio, f"<= {most:g} x {against}", ratio <= most)


def _below(name: str, value: float) -> Row:
    ratio = value / _MOST_BYTES
    goal = "<= 64 MiB above the start"
    return Row(name, value / 2**20, "MiB", _MOST_BYTES / 2**20, ratio, goal, ratio <= 1)
