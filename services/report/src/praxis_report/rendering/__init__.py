"""Renderers: a Document in, a file out. They format figures and never compute one."""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from praxis_report.domain.document import Document
from praxis_report.rendering.to_csv import write_csv
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

SUFFIXES: Mapping[str, str] = {name: name for name in RENDERERS} | {"excel": "xlsx"}
"""Format name → how the names of its files end, after the dot."""


def render(document: Document, format: str, out: BinaryIO) -> None:
    """Write the document to `out`, a binary file open for writing, and leave it open.

    Raises: KeyError for a format outside RENDERERS; RenderError where it cannot be drawn.
    """
    RENDERERS[format](document, out)
