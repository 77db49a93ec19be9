"""A document with every kind of section, in all forms: nothing is missing, figures are equal."""

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pikepdf
import pypdfium2
import pytest

from praxis_charts.figures import format_value
from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Bullets,
    Card,
    Cards,
    Cell,
    Chart,
    Column,
    Document,
    Measure,
    Measures,
    Notes,
    Ratio,
    Section,
    Series,
    Table,
    Trend,
)
from praxis_report.rendering import render
from praxis_report.rendering.rows import RowFile

MONTHS = tuple(date(2025, month, 1) for month in range(1, 10))
LONG = "The Greater Wollongong and Saint Bartholomew-the-Less Orthopaedic Associates of Ohio"
CLASSES = (Series("commercial", "Commercial"), Series("medicare", "Medicare"))
SUPPRESSED, NO_DATA = Absent("suppressed"), Absent("no_source_data")
MONEY, MONTH = Axis("USD", "money"), Axis("Month", "month")


def charts() -> tuple[Chart, ...]:
    """One of each that a report has."""
    aging = tuple(
        (days, Decimal(1000 * (6 - i)), Decimal(700 * (i + 1)))
        for i, days in enumerate(("0-30", "31-60", "61-90", "91-120", "120+"))
    )
    trend = tuple((m, Decimal(900 + 40 * m.month), Decimal(500 + 9 * m.month)) for m in MONTHS)
    hours = tuple(Series(f"h{hour}", f"{hour}:00") for hour in range(8, 18))
    heat = tuple(
        (day, *(SUPPRESSED if (i + j) % 7 == 0 else Decimal(i * j % 11) for j in range(10)))
        for i, day in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))
    )
    denials = (
        ("CO-16 Claim lacks information", Decimal(5000), Decimal("50.00")),
        ("CO-197 Precertification absent", Decimal(3000), Decimal("80.00")),
        (LONG, Decimal(2000), Decimal("100.00")),
    )
    pareto = (Series("amount", "Billed"), Series("share", "Running share"))
    reason = Axis("Reason", "text")
    return (
        Chart("Aging", "Most is young.", "stacked_bar", Axis("Days", "text"), MONEY, CLASSES,
              aging, receipt="r_aging"),
        Chart("Trend", "It rises.", "line", MONTH, MONEY, CLASSES, trend, partial=MONTHS[-1:]),
        Chart("By month", "It rises.", "bar", MONTH, MONEY, CLASSES, trend, partial=MONTHS[-1:]),
        Chart("Payer mix", "Half each.", "donut", Axis("Payer class", "text"), MONEY, CLASSES,
              (("Payments", Decimal(70), Decimal(30)),)),
        Chart("Denials", "Three reasons.", "pareto", reason, MONEY, pareto, denials),
        Chart("By provider", "Two.", "bar", Axis("Provider", "text"), MONEY, CLASSES[:1],
              ((LONG, Decimal(7)), ("Reyes", Decimal(9)))),
        Chart("No-shows", "Mondays.", "heat_map", Axis("Hour", "text"), Axis("No-shows", "count"),
              hours, heat),
    )  # fmt: skip


def providers() -> Table:
    points = tuple(format_value(month, "month", "") for month in MONTHS)
    columns = (
        Column("provider", "Provider", "text"),
        Column("visits", "Visits", "count"),
        Column("course", "Visits by month", "count", points),
        Column("rate", "Completion rate", "percent"),
    )
    course = Trend(tuple(41 + (7 * month.month) % 5 for month in MONTHS))
    gaps = Trend((*course.values[:4], None, SUPPRESSED, *course.values[6:]))
    rows: tuple[tuple[Cell, ...], ...] = (
        (LONG, 412, course, Ratio(Decimal("91.25"), 365, 400)),
        ("Reyes", SUPPRESSED, gaps, Absent("zero_denominator", 0, 0)),
        ("Okafor", 380, Absent("no_source_data"), Decimal("88.10")),
    )
    return Table("providers", "Providers", columns, rows, receipt="r_providers")


def measures() -> Measures:
    first = Measure(
        "cms122", "Diabetes: HbA1c poor control (> 9 %)", Ratio(Decimal("21.05"), 12, 57),
        64, 57, 4, 0, 12, 12, Decimal("20.00"), inverse=True, completeness=Decimal("98.40"),
        not_evaluable=("hospice care", "palliative care"),
    )  # fmt: skip
    second = Measure(
        "cms165", LONG, SUPPRESSED, 40, SUPPRESSED, 0, 0, SUPPRESSED, SUPPRESSED, Decimal(70)
    )
    return Measures("measures", "Quality measures", (first, second), "r_measures")


COLUMNS = (
    Column("month", "Month", "month"),
    Column("charges", "Charges", "money"),
    Column("rate", "Collection rate", "percent"),
    Column("visits", "Visits", "count"),
    Column("payer", "Payer", "text"),
)


def row_of(i: int) -> tuple[Cell, ...]:
    name = LONG if i % 40 == 3 else f"Payer {i}"
    if i % 50 == 7:
        return (date(2004 + i // 12, i % 12 + 1, 1), SUPPRESSED, NO_DATA, SUPPRESSED, name)
    figures = Decimal(i * 12345 - 9).scaleb(-2), Decimal(i * 37 % 10000).scaleb(-2), i * 13
    return (date(2004 + i // 12, i % 12 + 1, 1), *figures, name)


def document_of(count: int) -> Document:
    rows = tuple(row_of(i) for i in range(count))
    totals = ("Total", Decimal("-98765432.10"), Decimal("12.34"), 424242, None)
    main = Table(
        "main", "By month", COLUMNS, rows, totals, "r_main", main=True,
        remark="The last month is not over.", partial=tuple(row[0] for row in rows[-1:]),
    )  # fmt: skip
    rate = Card("Rate", Decimal("97.35"), "percent", numerator=9735, denominator=10000)
    cards = Cards(
        "Headline",
        (
            Card("Revenue", Decimal("1241310.55"), "money", None, Decimal("4.1"), "vs $1", "r_c"),
            rate,
            Card("Nothing", None, "money", "no_source_data"),
        ),
    )
    sections: tuple[Section, ...] = (
        cards, *charts(), providers(), measures(), main,
        Bullets("What stands out", ("Denials rose.", LONG)),
        Notes("Definitions", (("Charges", "What was billed. Source: MGMA."), (LONG, LONG))),
    )  # fmt: skip
    return Document(
        title="Everything", subtitle="All that a report can say", practice_name=LONG,
        period="January – September 2025", currency="USD", time_zone="America/Denver",
        as_of=AsOf(42, datetime(2025, 9, 18, 14, tzinfo=UTC), date(2025, 9, 17)),
        synthetic=True, phi_level="limited", parameters=(("Grouped by", "Month"),),
        sections=sections, filters=(("Only payer class", "Commercial, Medicare"),),
        receipt_link="https://praxis.example/receipts/",
    )  # fmt: skip


def drawn(document: Document, format: str) -> bytes:
    out = io.BytesIO()
    render(document, format, out)
    return out.getvalue()


class _Words(HTMLParser):
    """All text of a page, and what its pictures are called."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value for name, value in attrs if name == "aria-label" and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def html_words(document: Document) -> str:
    page = _Words()
    page.feed(drawn(document, "html").decode())
    return flat(" ".join(page.words))


def pdf_words(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_bounded() for page in pages]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        alternatives = [str(obj["/Alt"]) for obj in pdf.objects if _has_alternative(obj)]
    return flat(" ".join([*texts, *alternatives]))


def _has_alternative(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and "/Alt" in thing


def flat(text: str) -> str:
    """Without blanks: a line may break anywhere."""
    return re.sub(r"[\s\ufffe]+", "", text)


def shown(document: Document) -> set[str]:
    """Every figure and word that a person must find."""
    found = {document.title, document.subtitle, document.period, "Only payer class: Commercial"}
    for section in document.sections:
        found.add(section.title)
        if isinstance(section, Cards):
            for card in section.cards:
                found |= {card.label, format_value(card.value, card.unit, "USD")}
        elif isinstance(section, Table | Measures):
            table = section.table if isinstance(section, Measures) else section
            for row in [*table.rows, table.totals or ()]:
                pairs = zip(row, table.columns, strict=False)
                found |= {format_value(cell, column.unit, "USD") for cell, column in pairs}
        elif isinstance(section, Bullets):
            found |= set(section.items)
        elif isinstance(section, Notes):
            found |= {text for item in section.items for text in item}
        else:
            found.add(section.summary)
    found -= {"higher", "lower"}  # said in other words
    return {flat(text) for text in found}


@pytest.mark.parametrize("count", [0, 1, 250])
def test_people_find_every_figure_and_word(count: int) -> None:
    document = document_of(count)
    for words in (html_words(document), pdf_words(drawn(document, "pdf"))):
        assert {text for text in shown(document) if text not in words} == set()
        assert "<11" in words
        assert flat("hidden because it rests on fewer than 11 patients") in words
        assert flat("Dates and codes of patients, no direct identifiers") in words
        assert "r_aging" in words
        assert ("Sep2025*" in words) and ("Notawholeperiod" in words)
        assert ("Norowsinthisperiod." in words) == (count == 0)


@pytest.mark.parametrize("count", [0, 1, 250])
def test_machines_find_every_figure(count: int) -> None:
    document = document_of(count)
    found = json.loads(drawn(document, "json"), parse_float=Decimal)
    rows = next(s for s in found["sections"] if s.get("id") == "main")["rows"]
    names = [column.name for column in COLUMNS]
    *lines, _ = _sheet(document, "By month", len(COLUMNS))
    texts = list(csv.DictReader(io.StringIO(drawn(document, "csv").decode(), newline="")))
    assert len(rows) == len(texts) == count
    assert (len(lines) if count else 0) == count
    for held, text, line in zip(rows, texts, lines, strict=False):
        for name, cell in zip(names, line, strict=True):
            value = held[name]["value"] if isinstance(held[name], dict) else held[name]
            assert text[name] == ("" if value is None else str(value))
            if isinstance(value, Decimal | int):
                scale = 100 if name == "rate" else 1
                assert Decimal(repr(cell)) * scale == value
            else:
                assert (cell.strftime("%Y-%m") if isinstance(cell, date) else cell) == value
    notices = {text["notice"] for text in texts[:-1]}
    assert notices <= {"contains synthetic demo data"}
    assert not texts or texts[-1]["notice"].endswith("; not a whole period")


def _sheet(document: Document, name: str, width: int) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(drawn(document, "excel")))
    return [tuple(c.value for c in row[:width]) for row in book[name].iter_rows(min_row=2)][:-2]


def test_a_course_has_a_cell_for_each_of_its_points() -> None:
    document = document_of(1)
    head, *lines = _sheet_with_head(document, "Providers")
    points = [i for i, label in enumerate(head) if str(label).startswith("Visits by month, ")]
    assert [head[i] for i in points[:2]] == [
        "Visits by month, Jan 2025",
        "Visits by month, Feb 2025",
    ]
    course = providers().rows
    first = next(iter(course))
    assert isinstance(first[2], Trend)
    assert tuple(lines[0][i] for i in points) == first[2].values
    assert [lines[1][i] for i in points[4:6]] == [None, None]
    assert [lines[2][i] for i in points] == [None] * len(MONTHS)
    with zipfile.ZipFile(io.BytesIO(drawn(document, "csv_zip"))) as archive:
        assert sorted(archive.namelist()) == ["main.csv", "measures.csv", "providers.csv"]
        table = list(csv.DictReader(archive.read("providers.csv").decode().splitlines()))
    assert [table[0][f"course_{i}"] for i in range(1, 10)] == [str(v) for v in first[2].values]


def _sheet_with_head(document: Document, name: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(drawn(document, "excel")))
    return [tuple(cell.value for cell in row) for row in book[name].iter_rows()]


@pytest.mark.parametrize("count", [0, 1, 1200])
def test_json_keeps_its_schema(count: int) -> None:
    schema = json.loads((files("praxis_report.rendering") / "document.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    found = json.loads(drawn(document_of(count), "json"))
    jsonschema.Draft202012Validator(schema).validate(found)
    main = next(section for section in found["sections"] if section.get("id") == "main")
    assert len(main["rows"]) == count
    rates = next(s for s in found["sections"] if s.get("id") == "providers")["rows"]
    assert rates[0]["rate"] == {"value": 91.25, "numerator": 365, "denominator": 400}
    assert rates[1]["rate"]["reason"] == "zero_denominator"
    assert {"receipt": "r_aging", "link": "https://praxis.example/receipts/r_aging",
            "sections": ["Aging"]} in found["receipts"]  # fmt: skip


def test_excel_has_a_native_chart_of_each_kind_and_colours_the_heat_map() -> None:
    book = openpyxl.load_workbook(io.BytesIO(drawn(document_of(1), "excel")))
    kinds = [type(chart).__name__ for chart in book["Summary"]._charts]
    assert kinds == ["BarChart", "LineChart", "BarChart", "DoughnutChart", "BarChart", "BarChart"]
    assert len(book["Chart data"].conditional_formatting) == 1


def test_long_tables_follow_the_styled_pages_and_their_numbers_run_on() -> None:
    content = drawn(document_of(250), "pdf")
    pages = [flat(p.get_textpage().get_text_bounded()) for p in pypdfium2.PdfDocument(content)]
    assert all(f"Page{i}of{len(pages)}" in page for i, page in enumerate(pages, 1))
    assert all("Containssyntheticdemodata" in page for page in pages)
    assert all("containspatientdata" in page for page in pages)
    last = pages[-1]
    assert "MonthChargesCollectionrateVisitsPayer" in last
    assert "−$98,765,432.10" in last
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as claims:
            assert "pdfuaid:part" not in claims
            assert claims["dc:title"] == "Everything, January – September 2025"
            assert "Wollongong" not in str(claims)
    with pikepdf.open(io.BytesIO(drawn(document_of(1), "pdf"))) as pdf, pdf.open_metadata() as made:
        assert made["pdfuaid:part"] == "1"


HOSTILE = (
    "=1+1",
    "+4",
    "-2",
    "@SUM(A1)",
    "\tx",
    "\rx",
    " =2",
    "a\x00b\x1bc",
    "<b>x</b>",
    "_x0041_",
)


def row_file(folder: Path, lines: list[list[str]]) -> RowFile:
    path = folder / "rows.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(lines)
    return RowFile(path, len(lines), tuple(column.unit for column in COLUMNS))


def streamed(folder: Path, count: int) -> Document:
    lines = [
        [f"{2004 + i // 12:04}-{i % 12 + 1:02}", f"{i}.25", f"{i % 100}.50", str(i), name]
        for i, name in ((i, HOSTILE[i] if i < len(HOSTILE) else f"P{i}") for i in range(count))
    ]
    lines[11][1:4] = ["!suppressed", "", "!suppressed"]
    lines[12][1] = "12345678901234567.89"
    document = document_of(1)
    main = replace(document.main_table, rows=row_file(folder, lines), partial=())
    sections = tuple(main if isinstance(s, Table) and s.main else s for s in document.sections)
    return replace(document, sections=sections)


def test_rows_from_a_file_read_as_rows_from_memory(tmp_path: Path) -> None:
    document = streamed(tmp_path, 300)
    held = tuple(document.main_table.rows)
    table = replace(document.main_table, rows=held)
    sections = tuple(table if isinstance(s, Table) and s.main else s for s in document.sections)
    for format in ("csv", "json", "html", "pdf", "excel"):
        assert drawn(document, format) == drawn(replace(document, sections=sections), format)


def test_a_long_workbook_holds_every_row_and_no_formula(tmp_path: Path) -> None:
    count = 20_100
    document = streamed(tmp_path, count)
    book = openpyxl.load_workbook(io.BytesIO(drawn(document, "excel")))
    sheet = book["By month"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:F{count + 1}"
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == [*(c.label for c in COLUMNS), "Note"]
    assert len(rows) == count
    assert all(cell.data_type != "f" for row in rows for cell in row)
    texts = [str(row[4].value).replace("_x005F_", "_") for row in rows[: len(HOSTILE)]]
    assert texts == ["=1+1", "+4", "-2", "@SUM(A1)", " x", " x", " =2", "abc", "<b>x</b>",
                     "_x0041_"]  # fmt: skip
    assert [row[3].value for row in rows if row[3].value is not None][-1] == count - 1
    assert rows[20][0].value == datetime(2005, 9, 1)  # noqa: DTZ001 - a spreadsheet's day
    assert rows[20][2].value == 0.205
    assert rows[20][1].number_format == '"$"#,##0.00;-"$"#,##0.00'
    assert rows[11][1].value is None
    assert "Charges: hidden because" in str(rows[11][5].value)
    assert "exactly 12345678901234567.89" in str(rows[12][5].value)
    definitions = [str(cell.value) for row in book["Definitions"].iter_rows() for cell in row]
    assert "2 control characters in texts" in definitions
    assert any("r_aging" in text for text in definitions)
    summary = [cell.value for row in book["Summary"].iter_rows() for cell in row]
    assert {"Everything", "Revenue", 1241310.55} <= set(summary)
    assert book["Totals, By month"]["B2"].value == -98765432.10


def test_ready_rows_are_framed_only(tmp_path: Path) -> None:
    path = tmp_path / "ready.csv"
    body = "2025-01,1.10,2.00,3,'=x,contains synthetic demo data\r\n" * 3
    path.write_bytes(body.encode())
    document = document_of(1)
    rows = RowFile(path, 3, tuple(column.unit for column in COLUMNS), ready=True)
    main = replace(document.main_table, rows=rows, partial=())
    document = replace(document, sections=(main,))
    head = "month,charges,rate,visits,payer,notice\r\n"
    assert drawn(document, "csv") == (head + body).encode()
    with pytest.raises(ValueError, match="CSV only"):
        drawn(document, "json")


def test_a_row_file_that_is_none_is_refused(tmp_path: Path) -> None:
    rows = row_file(tmp_path, [["2025-01", "1"]])
    with pytest.raises(ValueError, match="cells"):
        tuple(rows)
