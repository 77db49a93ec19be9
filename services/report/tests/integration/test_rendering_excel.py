"""Excel: read back by a reader, cell by cell, and looked at as the parts it is made of."""

import io
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_charts.figures import plain_text
from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Notes,
    Series,
    Table,
    Unit,
)
from praxis_report.rendering import render

MONTHS = (date(2025, 5, 1), date(2025, 6, 1))
CARDS = Cards(
    "Headline",
    (
        Card("Revenue", Decimal("1241310.55"), "money", None, Decimal("-4.12"), "vs $2", "r_card"),
        Card("Rate", Decimal("97.35"), "percent"),
        Card("Per patient", None, "money", "no_source_data"),
    ),
)
CHART = Chart(
    "Revenue by payer class",
    "Commercial payers bring most.",
    "stacked_bar",
    Axis("Month", "month"),
    Axis("Revenue", "money"),
    (Series("medicare", "Medicare"), Series("commercial", "Commercial")),
    ((MONTHS[0], Decimal("20.50"), Decimal(70)), (MONTHS[1], Absent("suppressed"), Decimal(80))),
)
COLUMNS = (
    Column("month", "Month", "month"),
    Column("paid", "Paid", "money"),
    Column("rate", "Collection rate", "percent"),
    Column("visits", "Visits", "count"),
)
TABLE = Table(
    "by_month",
    "Revenue by month",
    COLUMNS,
    ((MONTHS[0], Decimal("-1.10"), Decimal("91.25"), 7), (MONTHS[1], Decimal("2"), Decimal(0), 0)),
    ("Total", Decimal("0.90"), Decimal("45.63"), 7),
    "r_table",
    main=True,
    remark="June 2025 is not over.",
)
DOCUMENT = Document(
    title="Revenue & more",
    subtitle="Where is my money?",
    practice_name="Cedar Valley",
    period="May to June 2025",
    currency="USD",
    time_zone="America/Denver",
    as_of=AsOf(42, datetime(2025, 7, 1, 14, 14, 30, tzinfo=UTC), date(2025, 6, 30)),
    synthetic=True,
    phi_level="aggregate",
    parameters=(("Compared with", "May to June 2024"),),
    sections=(CARDS, CHART, TABLE, Notes("Terms", (("Paid", "Money that came in."),))),
)


def drawn(document: Document) -> bytes:
    out = io.BytesIO()
    render(document, "excel", out)
    assert not out.closed
    return out.getvalue()


def opened(document: Document) -> Any:
    return openpyxl.load_workbook(io.BytesIO(drawn(document)))


def parts(document: Document) -> dict[str, str]:
    """The text of each file in the archive."""
    with zipfile.ZipFile(io.BytesIO(drawn(document))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def with_table(*rows: tuple[Cell, ...], units: tuple[Unit, ...] = ("text",)) -> Document:
    columns = tuple(Column(f"c{i}", f"Column {i}", unit) for i, unit in enumerate(units))
    return replace(DOCUMENT, sections=(Table("main", "Rows", columns, rows, main=True),))


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def flat(sheet: Any) -> list[Any]:
    return [value for row in values(sheet) for value in row if value is not None]


def unescaped(text: str | None) -> str:
    """The text that Excel reads where the file has escapes."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text or "")


def test_each_table_is_a_sheet_of_typed_cells() -> None:
    sheet = opened(DOCUMENT)["Revenue by month"]
    head, *rows, totals, space, remark = values(sheet)
    assert head == ["Month", "Paid", "Collection rate", "Visits"]
    assert rows == [
        [datetime(2025, 5, 1), -1.1, 0.9125, 7],  # noqa: DTZ001 - a day has no zone
        [datetime(2025, 6, 1), 2, 0, 0],  # noqa: DTZ001
    ]
    assert totals == ["Total", 0.9, 0.4563, 7]
    assert space == [None] * 4
    assert remark[0] == "June 2025 is not over."
    money = '"$"#,##0.00;-"$"#,##0.00'
    assert [cell.number_format for cell in sheet[2]] == ["mmm yyyy", money, "0.00%", "#,##0"]
    assert all(cell.font.bold for cell in sheet[4])
    assert not any(cell.font.bold for cell in sheet[3])
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.auto_filter.ref == "A1:D3"  # sorting must leave the totals where they are


def test_the_summary_says_what_the_document_says() -> None:
    sheet = opened(DOCUMENT)["Summary"]
    texts = flat(sheet)
    for text in (
        "Revenue & more", "Where is my money?", "Cedar Valley, May to June 2025", "Headline",
        "no source data for this practice and period", "vs $2", CHART.summary,
        "Revision 42, recorded Jul 1, 2025 08:14 MDT, through Jun 30, 2025",
        "America/Denver, USD", "Totals only, no row about a person", "May to June 2024",
    ):  # fmt: skip
        assert text in texts, text
    assert any("synthetic demo data" in str(text) for text in texts)
    lines = {row[0]: row for row in values(sheet)}
    assert lines["Revenue"][1:3] == [1241310.55, -0.0412]
    assert lines["Rate"][1] == 0.9735
    assert lines["Per patient"][1] is None
    link = next(cell for row in sheet for cell in row if cell.hyperlink)
    assert (link.value, link.hyperlink.location) == ("Revenue by month", "'Revenue by month'!A1")


def test_definitions_and_receipts_have_their_sheet() -> None:
    texts = flat(opened(DOCUMENT)["Definitions"])
    for text in ("Terms", "Paid", "Money that came in.", "Receipts", "r_card", "r_table"):
        assert text in texts, text
    assert not any("control characters" in str(text) for text in texts)


def test_real_data_has_no_synthetic_notice_and_patient_rows_a_warning() -> None:
    real = parts(replace(DOCUMENT, synthetic=False, phi_level="identified"))
    assert not any("synthetic" in text for text in real.values())
    sheets = [text for name, text in real.items() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 4
    assert all("contains patient data&amp;RPage" in text for text in sheets)
    assert "Revenue &amp;&amp; more, May to June 2025" in sheets[1]


CELLS: dict[Unit, st.SearchStrategy[Cell]] = {
    "money": st.decimals(allow_nan=False, allow_infinity=False, places=2, max_value=10**12),
    "percent": st.decimals(-(10**6), 10**6, places=4),
    "number": st.decimals(allow_nan=False, allow_infinity=False),
    "count": st.integers(),
    "date": st.dates(),
    "month": st.dates().map(lambda day: day.replace(day=1)),
    "text": st.text() | st.sampled_from(["=1+1", "-1", "@a", "#N/A", "_x0041_", " a ", "\x01="]),
}


@st.composite
def documents(draw: st.DrawFn) -> Document:
    units = tuple(draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=5)))
    absent = st.sampled_from([None, Absent("suppressed")])
    row = st.tuples(*(CELLS[unit] | absent for unit in units))
    return with_table(*draw(st.lists(row, min_size=1, max_size=6)), units=units)


@settings(deadline=None, max_examples=60)
@given(documents())
def test_every_cell_reads_back(document: Document) -> None:
    table = document.main_table
    _, *rows = opened(document)["Rows"].iter_rows()
    assert len(rows) == len(table.rows)
    for cells, row in zip(rows, table.rows, strict=True):
        note = str(cells[len(row)].value) if len(cells) > len(row) else ""
        for cell, value, column in zip(cells, row, table.columns, strict=False):
            check(cell, value, column, unescaped(note))


def check(cell: Any, value: Cell, column: Column, note: str) -> None:
    """The cell holds the value, or its row's note says what it cannot hold."""
    if isinstance(value, Absent):
        assert cell.value is None
        assert f"{column.label}: hidden because" in note
    elif value is None:
        assert cell.value is None
    elif isinstance(value, str):
        kept = plain_text(value).replace("\ufffe", "").replace("\uffff", "")
        assert unescaped(cell.value) == kept
        assert cell.data_type == ("s" if kept else "n")
        assert cell.quotePrefix == kept.startswith(("=", "+", "-", "@"))
    elif isinstance(value, date):
        assert isinstance(cell.value, datetime) == (value >= date(1900, 3, 1))
        assert not isinstance(cell.value, datetime) or cell.value.date() == value
    elif isinstance(cell.value, str):
        assert isinstance(value, Decimal | int)
        assert abs(Decimal(value).adjusted()) > 300
    else:
        assert isinstance(value, Decimal | int)
        read = Decimal(repr(cell.value)) * (100 if column.unit == "percent" else 1)
        assert read == value or f"{column.label}: exactly {Decimal(value):f}" in note


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t=", "\r=", "\0=", "=cmd|' /C calc'!A"])
def test_no_text_becomes_a_formula(lead: str) -> None:
    evil = f"{lead}1+1"
    document = replace(with_table((evil,)), title=evil, practice_name=evil, subtitle=evil)
    chart = replace(
        CHART,
        title=evil,
        summary=evil,
        series=(Series("x", evil),),
        x=Axis(evil, "text"),
        rows=((evil, 1),),
    )
    document = replace(document, sections=(chart, *document.sections, Notes(evil, ((evil, evil),))))
    for name, text in parts(document).items():
        formulas = re.findall(r"<f[ >/][^<]*", text)
        assert all(formula.startswith("<f>'Chart data'!$") for formula in formulas), name
        assert not formulas or name == "xl/charts/chart1.xml"
    [cell] = opened(document)["Rows"][2]
    assert cell.data_type == "s"
    assert cell.value.strip() == evil.strip("\t\r\0")


def test_removed_control_characters_are_counted() -> None:
    texts = flat(opened(with_table(("a\x00b\x1bc\td\uffff",)))["Definitions"])
    assert "3 control characters in texts" in texts
    assert opened(with_table(("a\x00b\x1bc\td\uffff",)))["Rows"]["A2"].value == "abc d"


def test_a_text_too_long_for_a_cell_is_cut_and_the_file_says_so() -> None:
    workbook = opened(with_table(("😀" * 40_000,)))
    cut = workbook["Rows"]["A2"].value
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert cut.endswith("😀…")
    assert "1 texts too long for a cell; JSON has them whole" in flat(workbook["Definitions"])


def test_absent_figures_are_empty_and_say_why() -> None:
    rows: tuple[tuple[Cell, ...], ...] = (
        (Absent("suppressed"), Absent("zero_denominator"), None),
        (Decimal(1), Decimal(2), Decimal(3)),
    )
    sheet = opened(with_table(*rows, units=("money", "percent", "count")))["Rows"]
    assert [cell.value for cell in sheet[1]][3] == "Note"
    assert [cell.value for cell in sheet[2]] == [
        None, None, None,
        "Column 0: hidden because it rests on fewer than 11 patients; "
        "Column 1: nothing to divide by in this period",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]] == [1, 0.02, 3, None]
    assert sheet.auto_filter.ref == "A1:D3"


def test_an_empty_table_says_so() -> None:
    sheet = opened(with_table())["Rows"]
    assert values(sheet) == [["Column 0"], ["No rows in this period."]]
    assert sheet.auto_filter.ref == "A1:A1"


def test_sheets_have_names_that_excel_takes() -> None:
    titles = (
        "Summary", "summary", "History", "a/b\\c?d*e[f]g:h", "'quoted'", "", "\x00 \t",
        "An exceedingly long title of a table", "An exceedingly long title of a tablecloth",
        "😀" * 40, "Definitions",
    )  # fmt: skip
    tables = [replace(TABLE, id=str(i), title=t, main=i == 0) for i, t in enumerate(titles)]
    workbook = opened(replace(DOCUMENT, sections=tuple(tables)))
    names = workbook.sheetnames
    assert len(names) == len(titles) + 2
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name == name.strip("' ")
        assert name.casefold() != "history"
    links = [
        cell.hyperlink.location for row in workbook["Summary"] for cell in row if cell.hyperlink
    ]
    assert links == [f"'{name}'!A1" for name in names[1:-1]]


def test_a_document_of_one_table_needs_no_chart_data() -> None:
    assert opened(with_table(("a",))).sheetnames == ["Summary", "Rows", "Definitions"]


def test_other_currencies_show_their_code() -> None:
    sheet = opened(replace(DOCUMENT, currency='C"F'))["Revenue by month"]
    assert sheet["B2"].number_format == '"CF\u00a0"#,##0.00;-"CF\u00a0"#,##0.00'


def test_the_file_names_no_one_and_no_time_but_that_of_the_data() -> None:
    with zipfile.ZipFile(io.BytesIO(drawn(DOCUMENT))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        about = (
            archive.read("docProps/core.xml").decode() + archive.read("docProps/app.xml").decode()
        )
    assert re.findall(r"\d{4}-\d\d-\d\dT[^<]*", about) == ["2025-07-01T14:14:30Z"] * 2
    assert "<dc:creator" in about
    assert "Praxis" in about
    assert "Cedar" not in about


AGAIN = """
import sys
from praxis_report.rendering import render, worker
with open(sys.argv[1], "w+b") as out:
    render(worker.smallest_document(), "excel", out)
"""


def test_another_process_writes_the_same_bytes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    contents = []
    for seed in ("1", "2"):
        file, scratch = tmp_path / f"{seed}.xlsx", tmp_path / seed
        scratch.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TMPDIR": str(scratch)}
        command = [sys.executable, "-W", "error", "-c", AGAIN, str(file)]
        subprocess.run(command, env=environment, check=True, timeout=60)
        assert list(scratch.iterdir()) == []
        contents.append(file.read_bytes())
    assert contents[0] == contents[1]


def test_a_failure_leaves_no_sheet_in_the_scratch_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with open(os.devnull, "rb") as closed_to_writing, pytest.raises(io.UnsupportedOperation):
        render(DOCUMENT, "excel", closed_to_writing)
    assert list(tmp_path.iterdir()) == []


def test_many_rows_stay_in_order() -> None:
    rows = tuple((f"Row {i}", Decimal(i).scaleb(-2)) for i in range(3000))
    sheet = opened(with_table(*rows, units=("text", "money")))["Rows"]
    read = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]
    expected = [(name, float(amount)) for name, amount in rows]
    assert all(a == b for a, b in zip_longest(read, expected))
