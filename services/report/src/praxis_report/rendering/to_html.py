"""HTML: one page that needs no network, no script and no other file."""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from markupsafe import Markup

from praxis_charts.figures import format_value
from praxis_charts.tokens import tokens
from praxis_report.domain.document import Chart, Document
from praxis_report.rendering.charts import chart_svg
from praxis_report.rendering.errors import TooManyRows
from praxis_report.rendering.pages import (
    NO_ROWS,
    NOTHING_TO_DRAW,
    PRIVACY,
    RECEIPTS,
    SYNTHETIC,
    about,
    chart_table,
    environment,
    laid_out,
)

HTML_ROWS_MAX = 50_000
_BUFFERED = 200  # pieces of the template written at once
_FIXED = {
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
        "style": Markup(_style()),  # noqa: S704 - our own, and its hash stands in the policy
        "style_hash": base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode(),
    }


def _inline(chart: Chart, currency: str) -> Markup:
    """The picture as part of the page; its engine escapes the texts in it."""
    return Markup(chart_svg(chart, currency))  # noqa: S704


@cache
def _style() -> str:
    """The style sheet, with the tokens for light screens and paper, and those for dark screens."""
    light = tokens()
    dark = json.loads((files(__package__) / "dark.json").read_bytes())
    # A chart comes in the colours for paper; a dark screen exchanges each for its counterpart.
    exchanged = [(light["color"][name], color) for name, color in dark["color"].items()]
    marks = light["chart"]["categories"], dark["chart"]["categories"]
    exchanged += zip(*marks, strict=True)
    context = light | {"dark": dark["color"], "exchanged": exchanged}
    return environment().get_template("page.css").render(context)
