"""Renderers: a Document in, a file out. They format figures and never compute one."""

from collections.abc import Callable, Mapping
from typing import BinaryIO

from praxis_report.domain.document import Document
from praxis_report.rendering.to_csv import write_csv
from praxis_report.rendering.to_json import write_json
from praxis_report.rendering.to_pdf import write_pdf

__all__ = ["RENDERERS", "Renderer", "render"]

Renderer = Callable[[Document, BinaryIO], None]

RENDERERS: Mapping[str, Renderer] = {"csv": write_csv, "json": write_json, "pdf": write_pdf}
"""Format name → the function that writes it."""


def render(document: Document, format: str, out: BinaryIO) -> None:
    """Write the document to `out`, a binary file open for writing, and leave it open.

    Raises: KeyError for a format outside RENDERERS; RenderError where it cannot be drawn.
    """
    RENDERERS[format](document, out)
