"""HTML: parsed by a parser that knows nothing of ours; what it needs, says and refuses."""

import base64
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from itertools import combinations

import pytest

from praxis_charts.tokens import dark, tokens
from praxis_report.domain.document import (
    Absent,
    AsOf,
    Axis,
    Card,
    Cards,
    Chart,
    ChartKind,
    Column,
    Document,
    Notes,
    Series,
    Table,
)
from praxis_report.rendering import render
from praxis_report.rendering.charts import chart_svg
from praxis_report.rendering.errors import TooManyRows
from praxis_report.rendering.to_html import HTML_ROWS_MAX

DARK = dark()
MONTHS = tuple(date(2025, month, 1) for month in range(1, 7))
CARDS = Cards(
    "Headline",
    (
        Card("Revenue", Decimal("1241310.55"), "money", None, Decimal("-4.12"), "vs $2 in 2024"),
        Card("Per patient", None, "money", "no_source_data"),
    ),
)
CHART = Chart(
    "Revenue by payer class",
    "Commercial payers bring most.",
    "stacked_bar",
    Axis("Month", "month"),
    Axis("Revenue", "money"),
    tuple(Series(name, name.title()) for name in tokens()["chart"]["meanings"]),
    tuple((month, *(Decimal(10 + i) for i in range(8))) for month in MONTHS),
)
TABLE = Table(
    "by_month",
    "Revenue by month",
    (Column("month", "Month", "month"), Column("paid", "Paid", "money")),
    ((MONTHS[0], Decimal("-1234.5")), (MONTHS[1], Absent("suppressed"))),
    ("Total", Decimal("-1234.5")),
    "r_table",
    main=True,
    remark="February is not over.",
)
DOCUMENT = Document(
    title="Revenue",
    subtitle="Where is my money?",
    practice_name="Cedar & Valley",
    period="January to June 2025",
    currency="USD",
    time_zone="America/Denver",
    as_of=AsOf(42, datetime(2025, 7, 1, 14, 14, tzinfo=UTC), date(2025, 6, 30)),
    synthetic=True,
    phi_level="aggregate",
    parameters=(("Compared with", "2024"),),
    sections=(CARDS, CHART, TABLE, Notes("Terms", (("Paid", "Money that came in."),))),
)
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "nav", "section",
    "h1", "h2", "p", "ul", "li", "a", "dl", "dt", "dd", "div", "span", "strong", "sup", "code",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary",
    "svg", "g", "path", "rect", "line", "text",
}  # fmt: skip
VOID = {"meta", "link", "img", "input", "br", "hr", "base", "embed", "source"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: "Element | None"
    children: list["Element"] = field(default_factory=list)
    text: str = ""  # with that of the children

    def all(self, tag: str) -> list["Element"]:
        found = [self] if self.tag == tag else []
        return found + [element for child in self.children for element in child.all(tag)]


class Page(HTMLParser):
    """A tree of the elements of a page, and everything in it that is no element."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._current = Element("", {}, None)
        self.elements: list[Element] = []
        self.declarations: list[str] = []
        self.feed(content)
        self.close()
        assert self._current is self.root, f"<{self._current.tag}> is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        element = Element(tag, {name: value or "" for name, value in attrs}, self._current)
        self._current.children.append(element)
        self.elements.append(element)
        if tag not in VOID:
            self._current = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self._current.tag, f"</{tag}> ends <{self._current.tag}>"
        assert self._current.parent is not None
        self._current = self._current.parent

    def handle_data(self, data: str) -> None:
        element: Element | None = self._current
        while element is not None:
            element.text += data
            element = element.parent

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def drawn(document: Document) -> str:
    out = io.BytesIO()
    render(document, "html", out)
    assert not out.closed
    return out.getvalue().decode("utf-8")


def opened(document: Document) -> Page:
    return Page(drawn(document))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_page_says_everything() -> None:
    [body] = opened(DOCUMENT).root.all("body")
    whole = flat(body.text)
    for text in (
        "Cedar & Valley", "Revenue", "Where is my money?", "January to June 2025",
        "contains synthetic demo data", "$1,241,310.55", "▼ −4.12% vs $2 in 2024",
        "no source data for this practice and period", CHART.summary, "−$1,234.50",
        "February is not over.", "Money that came in.", "r_table", "America/Denver, USD",
        "Revision 42, recorded Jul 1, 2025 08:14 MDT, through Jun 30, 2025",
        "not available: hidden because it rests on fewer than 11 patients",
        "Totals only, no row about a person",
    ):  # fmt: skip
        assert text in whole, text


def test_real_data_has_no_synthetic_notice_and_patient_rows_a_warning() -> None:
    page = opened(replace(DOCUMENT, synthetic=False, phi_level="identified"))
    assert "synthetic" not in page.root.text
    [banner] = [one for one in page.elements if one.attributes.get("class") == "banner"]
    assert banner.text == "Identified patient data: keep and share it accordingly"
    assert banner.parent
    assert banner.parent.tag == "header"


def assert_needs_nothing(page: Page) -> None:
    """Nothing in the page runs, loads or leads elsewhere."""
    assert {element.tag for element in page.elements} <= ALLOWED
    for element in page.elements:
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name not in ("src", "style", "srcset", "action", "background", "data")
            assert "url(" not in value
            assert name not in ("href", "xlink:href") or value.startswith("#")
    style = page.root.all("style")[0].text
    assert not re.search(r"url\(|@import|expression|//", style)


def test_the_page_needs_no_other_file_and_its_policy_forbids_any() -> None:
    page = opened(DOCUMENT)
    assert_needs_nothing(page)
    [style] = page.root.all("style")
    policies = [
        meta.attributes["content"]
        for meta in page.root.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]


EVIL = (
    "<img src=x onerror=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title></svg></text><svg onload=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "{{ 7*7 }}{% raw %}",
    "<!-- --><![CDATA[",
    "&lt;b&gt;&amp;\x00\x08\x1b]",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("evil", EVIL)
def test_hostile_text_is_only_text(evil: str) -> None:
    chart = replace(
        CHART,
        title=evil,
        summary=evil,
        kind="bar",
        x=Axis(evil, "text"),
        y=Axis(evil, "money"),
        series=(Series("x", evil),),
        rows=((evil, Decimal(1)), (evil, Decimal(2))),
    )
    cards = Cards(evil, (Card(evil, None, "money", evil, None, evil, evil),))
    columns = (Column("a", evil, "text"), Column("b", evil, "money"))
    table = Table(evil, evil, columns, ((evil, Absent(evil)),), (evil, None), evil, True, evil)
    document = replace(
        DOCUMENT,
        title=evil,
        subtitle=evil,
        practice_name=evil,
        period=evil,
        parameters=((evil, evil),),
        sections=(cards, chart, table, Notes(evil, ((evil, evil),))),
        receipts=(evil,),
    )
    page = opened(document)
    assert_needs_nothing(page)
    kept = "".join(char for char in evil if char not in "\x00\x08\x1b")
    assert page.root.text.count(kept) >= 20
    assert "49" not in page.root.text
    assert Counter(one.tag for one in page.elements)["svg"] == 1


def test_the_structure_is_one_that_a_screen_reader_can_walk() -> None:
    page = opened(DOCUMENT)
    assert page.declarations == ["doctype html"]
    assert page.root.all("html")[0].attributes["lang"] == "en-US"
    assert [flat(one.text) for one in page.root.all("h1")] == ["Revenue"]
    assert [flat(one.text) for one in page.root.all("h2")] == [
        "Headline", "Revenue by payer class", "Revenue by month", "Terms", "About this document"
    ]  # fmt: skip
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(set(ids)) == len(ids)
    for element in page.elements:
        for target in element.attributes.get("aria-labelledby", "").split():
            assert target in ids
        if element.tag == "a":
            assert element.attributes["href"].removeprefix("#") in ids
    for table in page.root.all("table"):
        assert table.children[0].tag == "caption"
        assert all(one.attributes["scope"] == "col" for one in table.all("thead")[0].all("th"))
        firsts = [row.children[0] for row in table.all("tbody")[0].all("tr")]
        assert all(one.attributes.get("scope") == "row" for one in firsts)
        region = table.parent
        assert region
        assert region.attributes["role"] == "region"
        assert region.attributes["tabindex"] == "0"  # who has no mouse can scroll it


def test_a_picture_has_words_and_a_table_with_its_figures() -> None:
    page = opened(DOCUMENT)
    [picture] = [one for one in page.elements if one.attributes.get("role") == "img"]
    labels = {one.attributes.get("id"): flat(one.text) for one in page.elements}
    named = [labels[target] for target in picture.attributes["aria-labelledby"].split()]
    assert named == [CHART.title, CHART.summary]
    assert len(picture.all("svg")) == 1
    [details] = page.root.all("details")
    rows = [[flat(cell.text) for cell in row.children] for row in details.all("tr")]
    assert rows[0] == ["Month", *(series.label for series in CHART.series)]
    assert rows[1] == ["Jan 2025", *(f"${10 + i}.00" for i in range(8))]
    assert len(rows) == 1 + len(CHART.rows)


def test_empty_parts_say_so() -> None:
    document = replace(
        DOCUMENT, sections=(replace(CHART, rows=()), replace(TABLE, rows=(), totals=None))
    )
    page = opened(document)
    assert "There is nothing to draw for this period." in page.root.text
    [table] = page.root.all("table")
    assert flat(table.all("tbody")[0].text) == "No rows in this period."
    assert table.all("tfoot") == []


def test_a_value_in_the_first_column_is_no_heading() -> None:
    table = replace(TABLE, columns=TABLE.columns[1:], rows=((Decimal(1),),), totals=None)
    [body] = opened(replace(DOCUMENT, sections=(table,))).root.all("tbody")
    assert [cell.tag for cell in body.all("tr")[0].children] == ["td"]


def _luminance(color: str) -> float:
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_dark_screens_are_readable_too() -> None:
    color, marks = DARK["color"], DARK["chart"]["categories"]
    assert set(color) == set(tokens()["color"])
    for ink in ("ink", "ink_soft", "ink_faint", "accent", "notice_ink"):
        assert _contrast(color[ink], color["paper"]) >= 4.5
        assert _contrast(color[ink], color["panel"]) >= 4.5
    assert _contrast(color["notice_ink"], color["notice_paper"]) >= 4.5
    assert all(_contrast(mark, color["paper"]) >= 3 for mark in marks)
    assert all(a != b for a, b in combinations(marks, 2))


@pytest.mark.parametrize("kind", ["line", "area", "bar", "stacked_bar", "pie", "donut"])
def test_a_dark_screen_exchanges_every_color_of_a_chart(kind: ChartKind) -> None:
    rows = CHART.rows[:1] if kind in ("pie", "donut") else CHART.rows
    svg = chart_svg(replace(CHART, kind=kind, rows=rows), "USD")
    used = set(re.findall(r'(?:fill|stroke)="(#\w+)"', svg))
    assert len(used) > 8
    style = opened(DOCUMENT).root.all("style")[0].text
    dark = style[style.index("prefers-color-scheme: dark") :]
    for color in used:
        assert f'.picture [fill="{color}"] {{ fill: #' in dark, color
        assert f'.picture [stroke="{color}"] {{ stroke: #' in dark, color
    for name, before in tokens()["chart"]["meanings"].items():
        after = DARK["chart"]["categories"][tokens()["chart"]["categories"].index(before)]
        assert f'.picture [fill="{before}"] {{ fill: {after}; }}' in dark, name


def test_the_same_document_gives_the_same_bytes() -> None:
    assert drawn(DOCUMENT) == drawn(replace(DOCUMENT))


def test_too_many_rows_point_to_another_format() -> None:
    rows = ((MONTHS[0], Decimal(1)),) * (HTML_ROWS_MAX + 1)
    with pytest.raises(TooManyRows, match="CSV"):
        drawn(replace(DOCUMENT, sections=(replace(TABLE, rows=rows),)))
