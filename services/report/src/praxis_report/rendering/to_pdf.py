"""PDF: styled, tagged pages from the shipped template, drawn by WeasyPrint.

Tables of more rows than STYLED_ROWS_MAX follow on pages of their own, drawn directly; these are
not tagged, and the HTML form is the accessible one for them.
"""

from __future__ import annotations

import atexit
import base64
import io
import logging
import tempfile
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, BinaryIO

from praxis_charts.figures import format_value
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Chart, Document, Table
from praxis_report.rendering.charts import chart_svg
from praxis_report.rendering.errors import PdfUnavailable, TooManyRows
from praxis_report.rendering.pages import (
    CUT_SHORT,
    NO_ROWS,
    NOTHING_TO_DRAW,
    PRIVACY,
    RECEIPTS,
    SYNTHETIC,
    about,
    environment,
    laid_out,
    rate_picture,
    receipt_address,
)

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

PDF_ROWS_MAX = 50_000
STYLED_ROWS_MAX = 200  # of one table
_MISSING = (
    "PDF needs the Pango libraries. Debian, Ubuntu: apt-get install -y libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0; macOS: brew install pango. "
    "The other formats work without them."
)


def write_pdf(document: Document, out: BinaryIO) -> None:
    """Write the document as PDF; PDF/UA-1 where no table is long.

    Raises: PdfUnavailable without Pango; TooManyRows above PDF_ROWS_MAX rows in all tables.
    """
    rows = sum(len(table.rows) for table in document.tables)
    if rows > PDF_ROWS_MAX:
        raise TooManyRows(
            f"{rows} rows; a PDF holds {PDF_ROWS_MAX}, Excel, CSV and JSON hold them all: "
            "choose one of these, or a shorter period or fewer groups"
        )
    engine = _engine()
    long = [s for s in document.sections if isinstance(s, Table) and _is_long(s)]
    context = _context(document) | {"apart": {table.id for table in long}}
    html = environment().get_template("document.html").render(context)
    page = engine.html(string=html, url_fetcher=engine.fetcher)
    styles = [engine.style] + ([engine.unnumbered] if long else [])
    looks = {"stylesheets": styles, "font_config": engine.fonts, "pdf_variant": "pdf/ua-1"}
    if not long:
        page.write_pdf(out, **looks)
        return
    with tempfile.TemporaryFile() as styled:
        page.write_pdf(styled, **looks)
        _append(document, long, styled, out)


def _is_long(table: Table) -> bool:
    return len(table.rows) > STYLED_ROWS_MAX


def _append(document: Document, tables: list[Table], styled: BinaryIO, out: BinaryIO) -> None:
    """Write the styled pages, with their numbers, and the long tables after them."""
    # Not at the top: they cost memory that only a render process needs.
    import pikepdf

    from praxis_report.rendering.long_table import page_numbers, write_long_tables

    with tempfile.TemporaryFile() as drawn, pikepdf.open(styled) as whole:
        first = len(whole.pages)
        count = write_long_tables(document, tables, first + 1, drawn)
        sizes = [tuple(float(x) for x in page.mediabox[2:]) for page in whole.pages]
        with (
            pikepdf.open(io.BytesIO(page_numbers(sizes, count))) as numbers,
            pikepdf.open(drawn) as long,
        ):
            for i, (page, number) in enumerate(zip(whole.pages, numbers.pages, strict=True), 1):
                form = whole.copy_foreign(number.as_form_xobject())
                # Its own name: the engine's pages share their resources.
                own = pikepdf.Name(f"/PageNumber{i}")
                name = page.add_resource(form, pikepdf.Name.XObject, own)
                page.contents_add(b"q", prepend=True)
                page.contents_add(f"Q q {name} Do Q".encode())
            whole.pages.extend(long.pages)
            # Their pages are not tagged: the whole does not claim that it is.
            with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as claims:
                claims.pop("pdfuaid:part", None)
            whole.save(out, deterministic_id=True)


@dataclass(frozen=True, slots=True)
class _Engine:
    html: Any
    fetcher: Any
    style: CSS
    unnumbered: CSS
    fonts: FontConfiguration


@cache
def _engine() -> _Engine:
    """WeasyPrint with our style and fonts, made once per process."""
    try:
        with warnings.catch_warnings():
            # A machine without fonts is fine, we bring ours.
            warnings.filterwarnings("ignore", "No fonts configured")
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
    except OSError as error:
        raise PdfUnavailable(_MISSING) from error
    # Its warnings may quote what it draws, and that has no place in a log.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    fonts = FontConfiguration()
    css = environment().get_template("document.css").render(tokens() | {"faces": _font_faces()})
    style = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher)
    blank = "@page { @bottom-right { content: '' } }"
    unnumbered = weasyprint.CSS(string=blank, font_config=fonts, url_fetcher=fetcher)
    # The folder of the fonts goes with their configuration, which must not wait for the end
    # of the interpreter: by then nothing is left to remove it with.
    atexit.register(_engine.cache_clear)
    return _Engine(weasyprint.HTML, fetcher, style, unnumbered, fonts)


def _font_faces() -> list[dict[str, str]]:
    """The shipped fonts, inline: the pages look the same where no font is installed."""
    folder = files(__package__) / "fonts"
    return [
        {"weight": weight, "url": _data_url("font/ttf", (folder / name).read_bytes())}
        for weight, name in (
            ("400", "LiberationSans-Regular.ttf"),
            ("700", "LiberationSans-Bold.ttf"),
        )
    ]


def _data_url(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


_FIXED = {
    "cut_short": CUT_SHORT,
    "no_rows": NO_ROWS,
    "nothing": NOTHING_TO_DRAW,
    "receipts": RECEIPTS,
    "synthetic": SYNTHETIC,
}


def _context(document: Document) -> dict[str, Any]:
    currency = document.currency
    return _FIXED | {
        "document": document,
        "about": about(document),
        "privacy": PRIVACY[document.phi_level],
        "figure": lambda cell, unit: format_value(cell, unit, currency),
        "image": _image,
        "rate": rate_picture,
        "chart_url": lambda chart: _chart_url(chart, currency),
        "laid_out": lambda table: laid_out(table, currency),
        "address": lambda receipt: receipt_address(document, receipt),
    }


def _chart_url(chart: Chart, currency: str) -> str:
    return _image(chart_svg(chart, currency))


def _image(svg: str) -> str:
    return _data_url("image/svg+xml", svg.encode())
