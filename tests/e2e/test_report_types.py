"""Every type of report in every form on the real data set, read back by independent readers."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any

import httpx
import openpyxl  # type: ignore[import-untyped]
import pypdfium2
import pytest

from conftest import DATA, RunningStack
from praxis_report.domain.report_types import GRAINS, REPORT_TYPES

SET = DATA / "fhir-r4-synthea-615"
PERIOD = {"start_date": "2020-04-01", "end_date": "2021-03-31"}
FORMS = ("pdf", "excel", "csv", "json", "html")
QUESTION = {"metrics": ["visits", "total_charges", "no_show_rate"], "group_by": ["payer_class"]}
SQL = "SELECT class, count(*) AS visits FROM visits GROUP BY class ORDER BY visits DESC"
CASES: dict[str, dict[str, Any]] = {
    **{name: PERIOD for name in REPORT_TYPES if name != "custom"},
    "custom": PERIOD | QUESTION,
    "custom_sql": {"sql": SQL},
}
FLAT = {
    "revenue": "revenue",
    "payments": "payments",
    "claims": "claims",
    "appointment_statistics": "appointments",
    "patient_demographics": "patients",
    "task_completion": "tasks",
    "document_status": "documents",
}
Cells = list[Any]


@dataclass(frozen=True)
class Files:
    """The files of one report by form, and what its JSON says."""

    by_form: dict[str, bytes]
    said: dict[str, Any]

    def sections(self, kind: str) -> list[dict[str, Any]]:
        return [section for section in self.said["sections"] if section["type"] == kind]


@dataclass(frozen=True)
class Grid:
    """A table as its JSON has it: heads, units, rows of figures; totals as a last row."""

    id: str
    heads: list[str]
    units: list[str]
    rows: list[Cells]
    totals: list[Cells]


def value_of(cell: Any) -> Any:
    """The figure of a JSON cell; None where it is absent."""
    return cell["value"] if isinstance(cell, dict) else cell


def grids(files: Files) -> Iterator[Grid]:
    """Every table, without the columns that hold a course."""
    for table in files.sections("table"):
        columns = [column for column in table["columns"] if not column["trend"]]
        names = [column["name"] for column in columns]
        rows = [[value_of(row[name]) for name in names] for row in table["rows"]]
        last = [[value_of(table["totals"][name]) for name in names]] if table["totals"] else []
        heads, units = ([column[part] for column in columns] for part in ("label", "unit"))
        yield Grid(table["id"], heads, units, rows, last)


def shown(value: Any) -> Any:
    """A figure in the precision in which people see it."""
    if isinstance(value, Decimal | int):
        return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return value


def read(text: str) -> Decimal | None:
    """The figure that a formatted text shows; None for a dash, or no figure."""
    plain = text.replace("−", "-").replace("$", "").replace(",", "").removesuffix("%")
    return Decimal(plain).quantize(Decimal("0.01")) if re.fullmatch(r"-?[\d.]+", plain) else None


# Running them.


def run_all(stack: RunningStack, practice: str) -> dict[str, Files]:
    """All types in all forms at once: (type, form) → file."""
    with stack.client(practice) as client, ThreadPoolExecutor(4) as threads:
        reports = {}
        for name, parameters in CASES.items():
            kind = name.removesuffix("_sql")
            body = {"report_type": kind, "name": f"The {name}", "parameters": parameters}
            made = client.post("/reports/", json=body)
            assert made.status_code == 201, made.text
            reports[name] = made.json()["id"]
        wanted = [(name, form) for name in CASES for form in FORMS]
        queued = {
            (name, form): client.post(f"/reports/{reports[name]}/execute", json={"format": form})
            for name, form in wanted
        }
        ids = {key: answer.json()["id"] for key, answer in queued.items()}
        ended = threads.map(lambda run: fetched(stack, client, run), ids.values())
        found = dict(zip(ids, ended, strict=True))
    assert {one["as_of"]["revision"] for one, _ in found.values()} == {72}
    files = {}
    for name in CASES:
        by_form = {form: found[name, form][1] for form in FORMS}
        said = json.loads(by_form["json"], parse_float=Decimal, parse_int=Decimal)
        assert found[name, "json"][0]["contains_phi"] is False
        files[name] = Files(by_form, said)
    return files


def fetched(
    stack: RunningStack, client: httpx.Client, execution_id: str
) -> tuple[dict[str, Any], bytes]:
    """A run once it has completed, and its file."""
    deadline = time.monotonic() + 400
    while True:
        run = client.get(f"/reports/executions/{execution_id}").json()
        if run["status"] in ("completed", "failed"):
            break
        assert time.monotonic() < deadline, run
        time.sleep(0.3)
    assert run["status"] == "completed", (run["report_type"], run["format"], run["error"])
    file = httpx.get(f"{stack.url}{run['download_url']}", timeout=60)
    assert file.status_code == 200
    return run, file.content


# Readers that know nothing of the writers.


def check_csv(files: Files) -> None:
    """The main table, figure by figure."""
    head, *lines = csv.reader(io.StringIO(files.by_form["csv"].decode(), newline=""))
    main = main_rows(files)
    assert len(lines) == len(main) >= 1
    for line, row in zip(lines, main, strict=True):
        written = dict(zip(head, line, strict=True))
        for name, cell in row.items():
            value = value_of(cell)
            if isinstance(value, Decimal):
                assert Decimal(written[name]) == value, (name, row)
            else:
                assert written[name] == (value or ""), (name, row)
    noticed = [line[-1] for line in lines] if head[-1] == "notice" else [""]
    assert ("synthetic" in noticed[0]) == files.said["synthetic"]


def main_rows(files: Files) -> list[dict[str, Any]]:
    """The rows of the main table by column, those of measures among them."""
    if files.sections("measures"):
        (section,) = files.sections("measures")
        figures = (
            *("rate", "initial_population", "denominator", "exclusions", "exceptions"),
            *("numerator", "gaps"),
        )
        return [
            {"measure": one["label"], **{name: one[name] for name in figures}}
            for one in section["measures"]
        ]
    (rows,) = [table["rows"] for table in files.sections("table") if table["main"]]
    return list(rows)


def check_excel(files: Files) -> None:
    """Every table under its heads, and every headline figure beside its label."""
    workbook = openpyxl.load_workbook(io.BytesIO(files.by_form["excel"]))
    sheets = [[[from_excel(cell) for cell in line] for line in sheet] for sheet in workbook]
    for grid in grids(files):
        wanted = [[shown(value) for value in row] for row in (grid.rows or [[]]) + grid.totals]
        width = len(grid.heads)
        found = []
        for lines in sheets:
            starts = [n for n, line in enumerate(lines) if line[:width] == grid.heads]
            for start in starts:
                under = lines[start + 1 : start + 1 + len(wanted)]
                found.append([[shown(value) for value in line[:width]] for line in under])
        assert not grid.rows or wanted in found, grid.id
    lines = [line for sheet in sheets for line in sheet]
    for card in cards(files):
        assert any(
            line[0] == card["label"] and shown(line[1]) == shown(card["value"])
            for line in lines
            if len(line) > 1
        ), card


def from_excel(cell: Any) -> Any:
    if hasattr(cell.value, "strftime"):
        return cell.value.strftime("%Y-%m-%d" if "d" in cell.number_format else "%Y-%m")
    if isinstance(cell.value, int | float):
        return Decimal(repr(cell.value)) * (100 if "%" in cell.number_format else 1)
    return cell.value


class Page(HTMLParser):
    """The texts of table cells, row by row, and of the whole page, superscripts left out."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.texts: list[str] = []
        self._in_cell = False
        self._silent = 0
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("sup", "style", "script"):
            self._silent += 1
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._in_cell = True
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("sup", "style", "script"):
            self._silent -= 1
        elif tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.texts.append(data)
        if self._in_cell:
            self.tables[-1][-1][-1] += " ".join(data.split())


def check_html(files: Files) -> None:
    """Every table by its heads, figure by figure; every headline figure on the page."""
    page = Page(files.by_form["html"])
    text = " ".join(" ".join(page.texts).split())
    for grid in grids(files):
        width = len(grid.heads)
        same = [table for table in page.tables if table and table[0][:width] == grid.heads]
        wanted = [figures(grid, row) for row in grid.rows + grid.totals]
        drawn = [
            [[read(cell) for cell in line[1:width]] for line in table[1:] if len(line) >= width]
            for table in same
        ]
        assert not grid.rows or wanted in drawn, grid.id
    check_texts(files, text)


def figures(grid: Grid, row: Cells) -> list[Decimal | None]:
    """The figures of a row after its first cell; None for texts, dates and what is absent."""
    return [shown(value) if isinstance(value, Decimal) else None for value in row[1:]]


def check_texts(files: Files, text: str) -> None:
    """Headline figures and measures as people read them."""
    for card in cards(files):
        assert f"{card['label']} {formatted(card['value'], card['unit'])}" in text, card
    for section in files.sections("measures"):
        for one in section["measures"]:
            if value_of(one["rate"]) is not None:
                assert formatted(value_of(one["rate"]), "percent") in text, one
            for name in ("numerator", "denominator", "gaps"):
                assert formatted(one[name], "count") in text, one


def check_pdf(files: Files) -> None:
    """Every row of every table as text, every headline figure, and the number of each page."""
    with pypdfium2.PdfDocument(files.by_form["pdf"]) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    pages = [re.sub(r"\s+", " ", page) for page in pages]
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert ("Contains synthetic demo data" in page) == files.said["synthetic"]
    text = " ".join(pages)
    for grid in grids(files):
        for row in grid.rows + grid.totals:
            cells = [
                re.escape(formatted(value, unit)) if isinstance(value, Decimal) else r"—\s?\d*"
                for value, unit in zip(row[1:], grid.units[1:], strict=True)
                if unit not in ("text", "date", "month") and value != ""
            ]
            assert re.search(r"\s".join(cells), text), (grid.id, row)
    check_texts(files, text)


def formatted(value: Decimal | None, unit: str) -> str:
    """A figure as the page of a report in dollars shows it."""
    if value is None:
        return "—"
    if unit == "count" or (unit == "number" and value.as_tuple().exponent == 0):
        return f"{int(value):,}".replace("-", "−")
    sign = "−" if value < 0 else ""
    amount = f"{abs(shown(value)):,}"
    return f"{sign}${amount}" if unit == "money" else sign + amount + "%" * (unit == "percent")


def cards(files: Files) -> list[dict[str, Any]]:
    return [card for section in files.sections("cards") for card in section["cards"]]


# What analytics answers to the same questions.


def check_answers(client: httpx.Client, name: str, files: Files) -> None:
    """Headline figures and the main table against the answers, the former also flat."""
    kind = REPORT_TYPES[name]
    wanted = QUESTION["metrics"] if name == "custom" else kind.cards
    columns = QUESTION["metrics"] if name == "custom" else kind.columns
    by = QUESTION["group_by"][0] if name == "custom" else kind.groupings[0]
    questions: list[dict[str, Any]] = [{"metrics": wanted, "period": PERIOD}]
    if columns:
        split = {"grain": by} if by in GRAINS else {"dimensions": [by]}
        questions.append({"metrics": columns, "period": PERIOD, **split})
    asked = client.post("/reports/analytics/query", json={"questions": questions})
    assert asked.status_code == 200, asked.text
    headline, *split_by = asked.json()["answers"]
    values = {
        metric["label"]: figure["value"]
        for metric, figure in zip(headline["metrics"], headline["rows"][0]["figures"], strict=True)
    }
    assert {card["label"]: card["value"] for card in cards(files)} == {
        label: None if value is None else Decimal(str(value)) for label, value in values.items()
    }
    for answer in split_by:
        check_main(files, answer, columns)
    if name in FLAT:
        check_flat(client, files, name, [metric["id"] for metric in headline["metrics"]])


def check_main(files: Files, answer: dict[str, Any], columns: Any) -> None:
    """Every row of the main table is one of the answer; only rows without anything are left."""
    answered = Counter(
        tuple(
            None if one["value"] is None else Decimal(str(one["value"])) for one in row["figures"]
        )
        for row in answer["rows"]
    )
    reported = Counter(
        tuple(value_of(row[column]) for column in columns) for row in main_rows(files)
    )
    assert reported <= answered
    assert not any(any(row) for row in answered - reported)


def check_flat(client: httpx.Client, files: Files, name: str, ids: list[str]) -> None:
    """The fixed answer of REST has the same figures."""
    flat = client.post(f"/reports/analytics/{FLAT[name]}", json=PERIOD).json()
    both = [(flat[one], card) for one, card in zip(ids, cards(files), strict=True) if one in flat]
    assert len(both) >= 3
    for number, card in both:
        assert shown(card["value"]) == shown(None if number is None else Decimal(str(number))), card


@pytest.mark.skipif(not SET.is_dir(), reason="the stored data set is not here")
def test_every_type_says_the_same_in_every_form(stack: RunningStack) -> None:
    practice = stack.practice("Cedar Valley Family Medicine")
    options = ["--practice", practice, "--demo-overlay", "--as-of", "2021-03-31"]
    command = ["import", "fhir", str(SET), *options, "--dir", str(stack.directory)]
    subprocess.run(
        [sys.executable, "-m", "praxis_cli", *command],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=900,
    )
    files = run_all(stack, practice)
    assert len(files) == len(REPORT_TYPES) + 1
    with stack.client(practice) as client:
        for name, one in files.items():
            for check in (check_csv, check_excel, check_html, check_pdf):
                check(one)
            if name != "custom_sql":
                check_answers(client, name, one)
