"""HTML: one page that needs no network, no script and no other file."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, BinaryIO

from markupsafe import Markup, escape

from praxis_charts.figures import format_value, plain_text
from praxis_charts.tokens import dark, tokens
from praxis_report.domain.document import Chart, Column, Document
from praxis_report.rendering.charts import chart_svg
from praxis_report.rendering.errors import TooManyRows
from praxis_report.rendering.pages import (
    CUT_SHORT,
    NO_ROWS,
    NOTHING_TO_DRAW,
    PRIVACY,
    RECEIPTS,
    SYNTHETIC,
    Shown,
    about,
    chart_table,
    environment,
    laid_out,
    rate_picture,
    receipt_address,
)

HTML_ROWS_MAX = 50_000
_SCOPE = ' scope="row"'
_BUFFERED = 200  # pieces of the template written at once
_FIXED = {
    "cut_short": CUT_SHORT,
    "no_rows": NO_ROWS,
    "nothing": NOTHING_TO_DRAW,
    "receipts": RECEIPTS,
    "synthetic": SYNTHETIC,
    "chart_table": chart_table,
}


def write_html(document: Document, out: BinaryIO) -> None:
    """Write the document as one accessible page; the same document gives the same bytes.

    Raises: TooManyRows above HTML_ROWS_MAX rows in all tables: browsers give up before we do.
    """
    rows = sum(len(table.rows) for table in document.tables)
    if rows > HTML_ROWS_MAX:
        raise TooManyRows(
            f"{rows} rows; a page holds {HTML_ROWS_MAX}, Excel, CSV and JSON hold them all"
        )
    pieces = environment().get_template("page.html").stream(_context(document))
    pieces.enable_buffering(_BUFFERED)
    pieces.dump(out, encoding="utf-8")


def _context(document: Document) -> dict[str, Any]:
    currency = document.currency
    return _FIXED | {
        "document": document,
        "about": about(document),
        "privacy": PRIVACY[document.phi_level],
        "figure": lambda cell, unit: format_value(cell, unit, currency),
        "chart": lambda chart: _inline(chart, currency),
        "laid_out": lambda table: laid_out(table, currency),
        "cell": _cell,
        "row": _row,
        "rate": lambda measure: Markup(rate_picture(measure)),  # noqa: S704
        "address": lambda receipt: receipt_address(document, receipt),
        "style": Markup(_style()),  # noqa: S704 - our own, and its hash stands in the policy
        "style_hash": base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode(),
    }


def _cell(shown: Shown) -> Markup:
    """What stands in a cell; a screen reader hears the reason of an absence, and of a course
    the figures."""
    text = escape(shown.text)
    if shown.footnote:
        seen = f'<span aria-hidden="true">{text}<sup>{shown.footnote}</sup></span>'
        heard = f'<span class="hidden">not available: {escape(plain_text(shown.reason))}</span>'
        return Markup(seen + heard)  # noqa: S704 - escaped above
    if shown.picture:
        lead = f'<span class="picture small" role="img" aria-label="{text}">'
        return Markup(f"{lead}{shown.picture}</span>")  # noqa: S704 - our own marks
    return text


def _row(cells: Sequence[Shown], columns: Sequence[Column]) -> Markup:
    """A row; its first cell is its head where it is a name. Written here for speed."""
    first = columns[0].unit if columns else "text"
    tags = ["td"] * len(columns)
    if first in ("text", "date", "month"):
        tags[:1] = ["th"]
    parts = [
        f'<{tag}{_SCOPE if tag == "th" else ""} class="{column.unit}">{_cell(shown)}</{tag}>'
        for tag, shown, column in zip(tags, cells, columns, strict=True)
    ]
    return Markup(f"<tr>{''.join(parts)}</tr>")  # noqa: S704 - of escaped cells


def _inline(chart: Chart, currency: str) -> Markup:
    """The picture as part of the page; its engine escapes the texts in it."""
    return Markup(chart_svg(chart, currency))  # noqa: S704


@cache
def _style() -> str:
    """The style sheet, with the tokens for light screens and paper, and those for dark screens."""
    light, night = tokens(), dark()
    # A chart comes in the colours for paper; a dark screen exchanges each for its counterpart.
    exchanged = [(light["color"][name], color) for name, color in night["color"].items()]
    marks = light["chart"]["categories"], night["chart"]["categories"]
    exchanged += zip(*marks, strict=True)
    context = light | {"dark": night["color"], "exchanged": exchanged}
    return environment().get_template("page.css").render(context)
