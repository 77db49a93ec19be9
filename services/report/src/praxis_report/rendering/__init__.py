"""Renderers: a Document in, a file out. They format figures and never compute one."""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from praxis_report.domain.document import Document
from praxis_report.rendering.to_csv import write_csv, write_csv_zip
from praxis_report.rendering.to_html import write_html
from praxis_report.rendering.to_json import write_json
from praxis_report.rendering.to_pdf import write_pdf

__all__ = ["RENDERERS", "SUFFIXES", "Renderer", "render"]

Renderer = Callable[[Document, BinaryIO], None]


def _write_excel(document: Document, out: BinaryIO) -> None:
    # Not at the top: the library costs memory that only a render process needs.
    from praxis_report.rendering.to_excel import write_excel

    write_excel(document, out)


RENDERERS: Mapping[str, Renderer] = {
    "csv": write_csv,
    "excel": _write_excel,
    "html": write_html,
    "json": write_json,
    "pdf": write_pdf,
}
"""Format name → the function that writes it."""

_BUNDLES: Mapping[str, Renderer] = {"csv_zip": write_csv_zip}

SUFFIXES: Mapping[str, str] = {
    **{name: name for name in RENDERERS},
    "excel": "xlsx",
    "csv_zip": "zip",
}
"""Format name → how the names of its files end, after the dot."""


def render(document: Document, format: str, out: BinaryIO) -> None:
    """Write the document to `out`, a binary file open for writing, and leave it open.

    Args: format: one of RENDERERS, or `csv_zip` for every table as CSV.
    Raises: KeyError for another format; RenderError where it cannot be drawn.
    """
    (_BUNDLES.get(format) or RENDERERS[format])(document, out)
