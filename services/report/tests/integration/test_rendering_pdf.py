"""PDF: opened by an engine that did not write it, as text, as tags and as an image."""

import ctypes
import io
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from praxis_charts.tokens import tokens
from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Card,
    Cards,
    Chart,
    Column,
    Document,
    Notes,
    Series,
    Table,
    Unit,
)
from praxis_report.rendering import render, to_pdf
from praxis_report.rendering.errors import TooManyRows

MONTHS = tuple(date(2024 + (6 + i) // 12, (6 + i) % 12 + 1, 1) for i in range(12))
CARDS = Cards(
    "Summary",
    (
        Card(
            "Total revenue", Decimal("1241310.55"), "money", None, Decimal("4.12"), "vs. last year"
        ),
        Card("Adjustments", Decimal("-388120.40"), "money"),
        Card("Collection rate", Decimal("97.35"), "percent"),
        Card("Visits", 18098, "count"),
        Card("Revenue per patient", None, "money", "no_source_data"),
    ),
)
CLASSES = (
    Series("medicare", "Medicare"),
    Series("commercial", "Commercial"),
    Series("self_pay", "Self-pay"),
)
CHART = Chart(
    "Revenue by month and payer class",
    "Commercial payers bring the largest part of each month's revenue.",
    "stacked_bar",
    Axis("Month of posting", "month"),
    Axis("Revenue", "money"),
    CLASSES,
    tuple(
        (month, Decimal(20000 + 900 * i), Decimal(50000 - 700 * i), Decimal(9000 + 100 * i))
        for i, month in enumerate(MONTHS)
    ),
)
COLUMNS = (
    Column("month", "Month", "month"),
    Column("charges", "Charges", "money"),
    Column("collection_rate", "Collection rate", "percent"),
    Column("visits", "Visits", "count"),
)


def table_of(rows: int) -> Table:
    cells = tuple(
        (MONTHS[i % 12], Decimal(1000 + i) * Decimal("1.01"), Decimal("91.20"), i)
        for i in range(rows)
    )
    totals = ("Total", Decimal("777777.77"), Decimal("91.20"), 4242)
    return Table("by_month", "Revenue by month", COLUMNS, cells, totals, "r_9xk2m1aa0q", main=True)


def document_of(table: Table) -> Document:
    return Document(
        title="Revenue",
        subtitle="Where the money came from",
        practice_name="Cedar Valley Family Medicine",
        period="July 2024 to June 2025",
        currency="USD",
        time_zone="America/Denver",
        as_of=AsOf(42, datetime(2025, 7, 1, 14, 14, tzinfo=UTC), date(2025, 6, 30)),
        synthetic=True,
        phi_level="aggregate",
        parameters=(("Compared with", "July 2023 to June 2024"),),
        sections=(CARDS, CHART, table, Notes("Definitions", (("Visits", "Finished visits."),))),
        receipts=("r_document",),
    )


DOCUMENT = document_of(table_of(12))
HEADINGS = {CARDS.title, CHART.title, "Revenue by month", "Definitions", "About this document"}


def opened(document: Document) -> pypdfium2.PdfDocument:
    out = io.BytesIO()
    render(document, "pdf", out)
    return pypdfium2.PdfDocument(out.getvalue())


def texts(pdf: pypdfium2.PdfDocument) -> list[str]:
    """Text per page."""
    return [page.get_textpage().get_text_bounded() for page in pdf]


def flat(pages: list[str]) -> str:
    """All text on one line, as if no line had been broken."""
    return " ".join(" ".join(pages).split())


def test_the_pages_say_everything() -> None:
    pages = texts(opened(DOCUMENT))
    whole = flat(pages)
    for text in (
        "Revenue", "Where the money came from", "July 2024 to June 2025",
        "$1,241,310.55", "▲ +4.12% vs. last year", "−$388,120.40", "97.35%", "18,098",
        "no source data for this practice and period", CHART.summary, "Charges", "$1,010.00",
        "Total", "$777,777.77", "4,242", "Finished visits.", "Jul 1, 2025 08:14 MDT",
        "through Jun 30, 2025", "America/Denver", "July 2023 to June 2024",
        "Totals only, no row about a person", "r_9xk2m1aa0q", "r_document",
    ):  # fmt: skip
        assert text in whole, text
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Revision 42" in page
        assert "Cedar Valley Family Medicine" in page
        assert "Contains synthetic demo data" in page


def test_real_data_carries_no_synthetic_notice_and_patient_rows_a_warning() -> None:
    pages = texts(opened(replace(DOCUMENT, synthetic=False, phi_level="identified")))
    assert not any("synthetic" in page for page in pages)
    assert all("contains patient data" in page for page in pages)


def test_the_chart_has_marks_in_the_colors_of_its_classes() -> None:
    page = opened(DOCUMENT)[0]
    colors = tokens()["chart"]["meanings"]
    top, bottom = (_top_of(page, title) for title in (CHART.title, "Revenue by month\r"))
    image = page.render(scale=2).to_pil().convert("RGB")
    height = page.get_height()
    inside = image.crop((0, int((height - top) * 2), image.width, int((height - bottom) * 2)))
    seen = Counter(inside.get_flattened_data())
    outside = Counter(image.get_flattened_data()) - seen
    amounts = [seen[_rgb(colors[name])] for name in ("self_pay", "medicare", "commercial")]
    assert amounts[0] > 2000
    assert amounts == sorted(amounts)  # areas follow the figures
    assert outside[_rgb(colors["medicare"])] == 0
    assert seen[_rgb(colors["tricare"])] == 0


def _top_of(page: pypdfium2.PdfPage, text: str) -> float:
    found = page.get_textpage().search(text.strip(), match_whole_word=True)
    places: list[float] = []
    while match := found.get_next():
        places.append(page.get_textpage().get_charbox(match[0])[3])
    assert places, text
    return min(places) if text.endswith("\r") else max(places)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


@pytest.mark.parametrize("rows", [0, 1, 200])
def test_the_head_stands_over_every_part_of_the_table(rows: int) -> None:
    document = document_of(table_of(rows))
    pages = texts(opened(document))
    with_rows = [page for page in pages if page.count("91.20%") > 1]
    assert sum(page.count("91.20%") for page in pages) == rows + 1  # and the totals
    assert len(with_rows) >= rows // 60
    assert all("Charges" in page and "Collection rate" in page for page in with_rows)
    assert sum(page.count("$777,777.77") for page in pages) == 1
    assert ("No rows in this period." in "".join(pages)) == (rows == 0)


@pytest.mark.parametrize("lines", [8, 9, 12, 13, 14, 15])
def test_no_heading_is_left_alone_at_the_end_of_a_page(lines: int) -> None:
    before = Notes("Terms", tuple((f"Term {i}", "What it means.") for i in range(lines)))
    between = replace(DOCUMENT, sections=(CARDS, CHART, before, table_of(12)))
    for document in (between, document_of(table_of(lines))):
        for page in opened(document):
            last = lowest_line(page)
            assert last not in HEADINGS
            assert last != "Month Charges Collection rate Visits"


def lowest_line(page: pypdfium2.PdfPage) -> str:
    """The last line of text above the footer, wherever it stands in the file."""
    text = page.get_textpage()
    boxes = [text.get_rect(i) for i in range(text.count_rects())]
    _, bottom, _, top = min((box for box in boxes if box[1] > 45), key=lambda box: box[1])
    return " ".join(text.get_text_bounded(bottom=bottom - 1, top=top + 1).split())


def test_long_names_stay_on_the_page() -> None:
    name = "The Greater Wollongong and Saint Bartholomew-the-Less " * 6 + "W" * 300
    columns = (Column("payer", name, "text"), *COLUMNS[1:])
    rows = ((name, Decimal("1234567890.12"), Decimal("91.20"), 7),)
    table = replace(table_of(0), title=name, columns=columns, rows=rows, totals=None)
    cards = replace(CARDS, cards=(replace(CARDS.cards[0], label=name, comparison_text=name),))
    chart = replace(
        CHART,
        kind="bar",
        series=(Series(name, name),),
        x=Axis(name, "text"),
        rows=((name, Decimal(7)), (name, Decimal(9))),
    )
    document = replace(
        DOCUMENT,
        title=name,
        practice_name=name,
        parameters=((name, name),),
        sections=(cards, chart, table),
    )
    for page in opened(document):
        text = page.get_textpage()
        for i in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(i)
            assert left >= 30
            assert right <= page.get_width() - 30
            assert bottom >= 18  # what any printer can reach
            assert top <= page.get_height() - 18


def test_absent_figures_are_dashes_with_one_footnote_per_reason() -> None:
    rows = (
        (MONTHS[0], Absent("suppressed"), Absent("zero_denominator"), 1),
        (MONTHS[1], Absent("suppressed"), None, 2),
    )
    whole = flat(texts(opened(document_of(replace(table_of(0), rows=rows)))))
    assert "Jul 2024 —1 —2 1" in whole
    assert "Aug 2024 —1 2" in whole
    assert "1 hidden because it rests on fewer than 11 patients" in whole
    assert "2 nothing to divide by in this period" in whole
    assert whole.count("hidden because") == 1


def test_a_chart_without_rows_says_so() -> None:
    empty = replace(CHART, rows=())
    document = replace(DOCUMENT, sections=(empty, table_of(1)))
    assert "There is nothing to draw for this period." in texts(opened(document))[0]


def test_the_file_is_tagged_and_names_no_one_in_its_metadata() -> None:
    pdf = opened(DOCUMENT)
    metadata = pdf.get_metadata_dict(skip_empty=True)
    assert metadata["Title"] == "Revenue, July 2024 to June 2025"
    assert "Cedar" not in json.dumps(metadata)
    assert not {"CreationDate", "ModDate", "Author"} & set(metadata)
    assert pdfium.FPDFCatalog_IsTagged(pdf)
    kinds, alternatives = _structure(pdf[0])
    assert {"H1", "H2", "Figure", "Table", "TH", "TD"} <= kinds
    assert CHART.summary in alternatives


def _structure(page: pypdfium2.PdfPage) -> tuple[set[str], set[str]]:
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    kinds: set[str] = set()
    alternatives: set[str] = set()
    todo = [
        pdfium.FPDF_StructTree_GetChildAtIndex(tree, i)
        for i in range(pdfium.FPDF_StructTree_CountChildren(tree))
    ]
    while todo:
        element = todo.pop()
        if not element:
            continue
        kinds.add(_string(pdfium.FPDF_StructElement_GetType, element))
        alternatives.add(_string(pdfium.FPDF_StructElement_GetAltText, element))
        count = pdfium.FPDF_StructElement_CountChildren(element)
        todo += [pdfium.FPDF_StructElement_GetChildAtIndex(element, i) for i in range(count)]
    pdfium.FPDF_StructTree_Close(tree)
    return kinds, alternatives


def _string(getter: Any, element: Any) -> str:
    size = getter(element, None, 0)
    buffer = ctypes.create_string_buffer(size)
    getter(element, buffer, size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def test_hostile_text_is_only_text() -> None:
    evil = "<img src='file:///etc/hostname'>{{ 7*7 }}</td><script>1</script>\x00\x08\x1b]"
    columns = (Column("name", evil, "text"),)
    table = Table("t", evil, columns, ((evil,),), main=True)
    chart = replace(CHART, series=(Series("x", evil),), rows=((evil, Decimal(1)),), title=evil)
    chart = replace(chart, kind="bar", x=Axis(evil, "text"), summary=evil)
    document = replace(DOCUMENT, title=evil, practice_name=evil, sections=(chart, table))
    pdf = opened(document)
    whole = "".join(texts(pdf))
    assert whole.count("<img src='file:///etc/hostname'>{{ 7*7 }}") >= 3
    assert "49" not in whole
    assert not any(
        obj.type == pdfium.FPDF_PAGEOBJ_IMAGE for page in pdf for obj in page.get_objects()
    )


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "file:///etc/hostname", "ftp://a/"])
def test_no_url_is_fetched(url: str) -> None:
    with pytest.raises(ValueError, match="disallowed"):
        to_pdf._engine().fetcher.fetch(url)


def test_too_many_rows_point_to_another_format() -> None:
    with pytest.raises(TooManyRows, match="CSV"):
        opened(document_of(table_of(to_pdf.PDF_ROWS_MAX + 1)))


def many_columns(cell: Any, unit: Unit, rows: int) -> Document:
    columns = tuple(Column(f"c{i}", f"Column {i}", unit) for i in range(9))
    table = Table("many", "Many columns", columns, ((cell,) * 9,) * rows, main=True)
    return replace(DOCUMENT, sections=(CARDS, table))


@pytest.mark.parametrize("rows", [20, 300])  # styled, and drawn directly
def test_many_columns_stand_upright_where_they_fit(rows: int) -> None:
    for cell, unit, upright in ((12345, "count", True), ("a text too long", "text", False)):
        pages = opened(many_columns(cell, unit, rows))  # type: ignore[arg-type]
        holding = [
            page
            for page, text in zip(pages, texts(pages), strict=True)
            if "Column 8" in " ".join(text.split())
        ]
        assert holding
        assert all((page.get_width() < page.get_height()) is upright for page in holding)


@pytest.mark.parametrize("rows", range(28, 40, 2))
def test_totals_and_footnotes_are_not_left_alone(rows: int) -> None:
    absent = Absent("zero_denominator")
    held = tuple((MONTHS[i % 12], Decimal(1), absent, i) for i in range(rows))
    totals = ("Total", Decimal(rows), absent, 1)
    table = Table("many", "Many rows", COLUMNS, held, totals, main=True)
    found = texts(opened(replace(DOCUMENT, sections=(CARDS, CHART, table))))
    (page,) = [text for text in found if f"Total ${rows}.00" in " ".join(text.split())]
    assert page.count("$1.00") >= 2
    assert "nothing to divide by" in page


def test_short_tables_fill_the_page_one_by_one() -> None:
    tables = tuple(
        replace(table_of(5), id=f"t{i}", title=f"Short table {i}", main=i == 0) for i in range(6)
    )
    first, *_ = texts(opened(replace(DOCUMENT, sections=(CHART, *tables))))
    assert "Short table 0" in first
    assert "Short table 1" in first
