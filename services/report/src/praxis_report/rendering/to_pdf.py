"""PDF: styled, tagged pages from the shipped template, drawn by WeasyPrint."""

from __future__ import annotations

import atexit
import base64
import logging
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, BinaryIO

from praxis_charts.figures import format_value
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Chart, Document
from praxis_report.rendering.charts import chart_svg
from praxis_report.rendering.errors import PdfUnavailable, TooManyRows
from praxis_report.rendering.pages import about, environment, laid_out

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

PDF_ROWS_MAX = 2000
_MISSING = (
    "PDF needs the Pango libraries. Debian, Ubuntu: apt-get install -y libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0; macOS: brew install pango. "
    "The other formats work without them."
)


def write_pdf(document: Document, out: BinaryIO) -> None:
    """Write the document as PDF/UA-1 pages.

    Raises: PdfUnavailable without Pango; TooManyRows above PDF_ROWS_MAX rows in all tables.
    """
    rows = sum(len(table.rows) for table in document.tables)
    if rows > PDF_ROWS_MAX:
        raise TooManyRows(f"{rows} rows; a PDF holds {PDF_ROWS_MAX}, CSV and JSON hold them all")
    engine = _engine()
    html = environment().get_template("document.html").render(_context(document))
    page = engine.html(string=html, url_fetcher=engine.fetcher)
    page.write_pdf(
        out, stylesheets=[engine.style], font_config=engine.fonts, pdf_variant="pdf/ua-1"
    )


@dataclass(frozen=True, slots=True)
class _Engine:
    html: Any
    fetcher: Any
    style: CSS
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
    # The folder of the fonts goes with their configuration, which must not wait for the end
    # of the interpreter: by then nothing is left to remove it with.
    atexit.register(_engine.cache_clear)
    return _Engine(weasyprint.HTML, fetcher, style, fonts)


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


def _context(document: Document) -> dict[str, Any]:
    currency = document.currency
    return {
        "document": document,
        "about": about(document),
        "figure": lambda cell, unit: format_value(cell, unit, currency),
        "chart_url": lambda chart: _chart_url(chart, currency),
        "laid_out": lambda table: laid_out(table, currency),
    }


def _chart_url(chart: Chart, currency: str) -> str:
    return _data_url("image/svg+xml", chart_svg(chart, currency).encode())
