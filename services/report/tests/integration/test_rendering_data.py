"""CSV and JSON: what a machine reads back is what the document holds."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from praxis_report.rendering import RENDERERS, render

FIGURES = st.decimals(allow_nan=False, allow_infinity=False)
CELLS: dict[Unit, st.SearchStrategy[Cell]] = {
    "money": st.decimals(allow_nan=False, allow_infinity=False, places=2),
    "number": FIGURES,
    "count": st.integers(),
    "date": st.dates(),
    "month": st.dates().map(lambda day: day.replace(day=1)),
    "text": st.text() | st.sampled_from("=+-@\t\r\0").map(lambda char: f"{char}1+1"),
}
ABSENT: st.SearchStrategy[Cell] = st.just(None) | st.just(Absent("suppressed"))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    units = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=6))
    columns = tuple(Column(f"c{i}", f"Column {i}", unit) for i, unit in enumerate(units))
    row = st.tuples(*(CELLS[unit] | ABSENT for unit in units))
    return Table("main", "Rows", columns, tuple(draw(st.lists(row, max_size=8))), main=True)


def document_of(table: Table) -> Document:
    return Document(
        title="Revenue",
        subtitle="",
        practice_name="Cedar, Valley",
        period="June 2025",
        currency="USD",
        time_zone="America/Denver",
        as_of=AsOf(42, datetime(2025, 7, 1, 14, 14, tzinfo=UTC), date(2025, 6, 30)),
        synthetic=True,
        phi_level="aggregate",
        parameters=(("Period", "June 2025"), ("Filters", "none")),
        sections=(table,),
    )


def drawn(document: Document, format: str) -> bytes:
    out = io.BytesIO()
    render(document, format, out)
    return out.getvalue()


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def parsed(document: Document) -> Any:
    return json.loads(drawn(document, "json"), parse_float=Decimal, parse_int=Decimal)


def machine_form(cell: Cell, unit: Unit) -> Cell:
    if isinstance(cell, date):
        return cell.isoformat()[:7] if unit == "month" else cell.isoformat()
    return cell


@given(tables())
def test_csv_reads_back_every_cell(table: Table) -> None:
    real = replace(document_of(table), synthetic=False)
    head, *rows = read_csv(drawn(real, "csv"))
    assert head == [column.name for column in table.columns]
    marked, *_ = marked_rows = read_csv(drawn(document_of(table), "csv"))
    assert marked == [*head, "notice"]
    assert marked_rows[1:] == [[*row, "contains synthetic demo data"] for row in rows]
    assert len(rows) == len(table.rows)
    for fields, cells in zip(rows, table.rows, strict=True):
        for field, cell, column in zip(fields, cells, table.columns, strict=True):
            if isinstance(cell, str):
                assert field.removeprefix("'").split() == _visible(cell).removeprefix("'").split()
            elif cell is None or isinstance(cell, Absent):
                assert field == ""
            elif isinstance(cell, Decimal | int):
                assert Decimal(field) == cell
            else:
                assert field == machine_form(cell, column.unit)


def _visible(text: str) -> str:
    spaced = text.translate(dict.fromkeys(map(ord, "\t\r\n"), " "))
    return "".join(char for char in spaced if not (ord(char) < 32 or 127 <= ord(char) < 160))


@given(st.text())
def test_csv_text_is_never_a_formula(text: str) -> None:
    table = Table("main", "Rows", (Column("name", "Name", "text"),), ((text,),), main=True)
    field = read_csv(drawn(document_of(table), "csv"))[1][0]
    assert not field.lstrip().startswith(("=", "+", "-", "@"))
    assert field == field.translate(dict.fromkeys((*range(32), *range(127, 160))))


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", "\0", " =", "\x01="])
def test_csv_marks_each_dangerous_start(lead: str) -> None:
    table = Table("main", "Rows", (Column("a", "A", "text"),), ((f"{lead}1+1",),), main=True)
    assert read_csv(drawn(document_of(table), "csv"))[1][0].startswith("'")


def test_csv_bytes_are_exact() -> None:
    columns = (
        Column("month", "Month", "month"),
        Column("payer", "Payer", "text"),
        Column("paid", "Paid", "money"),
        Column("n", "Number", "count"),
    )
    rows = (
        (date(2025, 6, 1), 'Blue "Cross", Inc.', Decimal("-1234.50"), -3),
        (date(2025, 7, 1), "-Łódź", Absent("suppressed"), None),
    )
    totals = ("Total", None, Decimal("-1234.50"), -3)
    table = Table("main", "Rows", columns, rows, totals, main=True)
    assert (
        drawn(replace(document_of(table), synthetic=False), "csv")
        == (
            "month,payer,paid,n\r\n"
            '2025-06,"Blue ""Cross"", Inc.",-1234.50,-3\r\n'
            "2025-07,'-Łódź,,\r\n"
        ).encode()
    )


def test_csv_holds_the_main_table_and_leaves_the_file_open() -> None:
    main = Table("main", "Rows", (Column("a", "A", "count"),), ((7,),), main=True)
    other = replace(main, id="other", main=False, rows=((8,),))
    out = io.BytesIO()
    real = replace(document_of(main), sections=(other, main), synthetic=False)
    render(real, "csv", out)
    assert not out.closed
    assert out.getvalue() == b"a\r\n7\r\n"


@given(tables())
def test_json_keeps_every_digit_and_reason(table: Table) -> None:
    [section] = parsed(document_of(table))["sections"]
    assert len(section["rows"]) == len(table.rows)
    for row, cells in zip(section["rows"], table.rows, strict=True):
        for column, cell in zip(table.columns, cells, strict=True):
            if isinstance(cell, Absent):
                assert row[column.name] == {"value": None, "reason": "suppressed"}
            else:
                assert row[column.name] == machine_form(cell, column.unit)


def test_json_numbers_are_written_as_they_are() -> None:
    figures = ("0.10", "1234567890123456789.01", "-0.30", "1E+3", "0.1234567890123456789")
    rows = tuple((Decimal(figure),) for figure in figures)
    table = Table("main", "Rows", (Column("a", "A", "number"),), rows, main=True)
    content = drawn(document_of(table), "json").decode()
    for text in ("0.10", "1234567890123456789.01", "-0.30", "1000", "0.1234567890123456789"):
        assert f'{{"a":{text}}}' in content


def test_json_holds_the_whole_document() -> None:
    table = Table(
        "by_month",
        "By month",
        (Column("paid", "Paid", "money"),),
        ((Decimal("1.10"),),),
        (Decimal("1.10"),),
        "r_table",
        main=True,
    )
    sections = (
        Cards(
            "Summary",
            (
                Card("Paid", Decimal("1.10"), "money", None, Decimal("4.1"), "vs. May", "r_card"),
                Card("Rate", None, "percent", "zero_denominator"),
            ),
        ),
        Chart(
            "Paid by class",
            "Two classes paid.",
            "line",
            Axis("Month", "month"),
            Axis("Paid", "money"),
            (Series("medicare", "Medicare"), Series("other", "Other")),
            ((date(2025, 6, 1), Decimal("0.10"), Absent("suppressed")),),
        ),
        table,
        Notes("Terms", (("Paid", "Money that came in."),)),
    )
    assert parsed(replace(document_of(table), sections=sections, receipts=("r_more",))) == {
        "title": "Revenue",
        "subtitle": "",
        "practice_name": "Cedar, Valley",
        "period": "June 2025",
        "currency": "USD",
        "time_zone": "America/Denver",
        "as_of": {
            "revision": 42,
            "recorded_at": "2025-07-01T14:14:00+00:00",
            "data_through": "2025-06-30",
        },
        "synthetic": True,
        "phi_level": "aggregate",
        "parameters": {"Period": "June 2025", "Filters": "none"},
        "filters": {},
        "sections": [
            {
                "type": "cards",
                "title": "Summary",
                "cards": [
                    {
                        "label": "Paid",
                        "unit": "money",
                        "value": Decimal("1.10"),
                        "reason": None,
                        "numerator": None,
                        "denominator": None,
                        "comparison": {"change": Decimal("4.1"), "text": "vs. May"},
                        "receipt": "r_card",
                    },
                    {
                        "label": "Rate",
                        "unit": "percent",
                        "value": None,
                        "reason": "zero_denominator",
                        "numerator": None,
                        "denominator": None,
                        "comparison": {"change": None, "text": ""},
                        "receipt": None,
                    },
                ],
            },
            {
                "type": "chart",
                "title": "Paid by class",
                "summary": "Two classes paid.",
                "kind": "line",
                "x": {"label": "Month", "unit": "month"},
                "y": {"label": "Paid", "unit": "money"},
                "series": [
                    {"name": "medicare", "label": "Medicare"},
                    {"name": "other", "label": "Other"},
                ],
                "rows": [
                    {
                        "x": "2025-06",
                        "values": {
                            "medicare": Decimal("0.10"),
                            "other": {"value": None, "reason": "suppressed"},
                        },
                    }
                ],
                "partial": [],
                "receipt": None,
            },
            {
                "type": "table",
                "id": "by_month",
                "title": "By month",
                "main": True,
                "columns": [{"name": "paid", "label": "Paid", "unit": "money", "trend": []}],
                "rows": [{"paid": Decimal("1.10")}],
                "totals": {"paid": Decimal("1.10")},
                "remark": "",
                "partial": [],
                "receipt": "r_table",
            },
            {
                "type": "notes",
                "title": "Terms",
                "items": [{"term": "Paid", "text": "Money that came in."}],
            },
        ],
        "receipts": [
            {"receipt": "r_card", "link": None, "sections": ["Summary"]},
            {"receipt": "r_table", "link": None, "sections": ["By month"]},
            {"receipt": "r_more", "link": None, "sections": ["Revenue"]},
        ],
    }


@given(tables(), st.sampled_from(["csv", "json"]))
def test_the_same_document_gives_the_same_bytes(table: Table, format: str) -> None:
    assert drawn(document_of(table), format) == drawn(document_of(replace(table)), format)


def test_an_unknown_format_is_refused() -> None:
    table = Table("main", "Rows", (Column("a", "A", "count"),), (), main=True)
    assert set(RENDERERS) == {"csv", "excel", "html", "json", "pdf"}
    with pytest.raises(KeyError):
        drawn(document_of(table), "docx")
