"""PDF on machines where something is missing, each in an interpreter of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium


def run(code: str, *arguments: str, **environment: str) -> str:
    """The output of a fresh interpreter that treats warnings as errors and must not fail."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


DRAW = """
import sys
from praxis_report.rendering import render, worker
with open(sys.argv[1], "wb") as out:
    render(worker.smallest_document(), "pdf", out)
"""


def test_pages_show_their_text_where_no_font_is_installed(tmp_path: Path) -> None:
    config, scratch = tmp_path / "fonts.conf", tmp_path / "scratch"
    config.write_text(f"<fontconfig><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    scratch.mkdir()
    file = tmp_path / "page.pdf"
    run(DRAW, str(file), FONTCONFIG_FILE=str(config), TMPDIR=str(scratch))
    page = pypdfium2.PdfDocument(file)[0]
    texts = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=5)
    fonts = {text.get_font().get_base_name() for text in texts}
    assert fonts
    assert all("Liberation-Sans" in font or "LiberationSans" in font for font in fonts), fonts
    assert "Contains synthetic demo data" in page.get_textpage().get_text_bounded()
    assert list(scratch.iterdir()) == []


WITHOUT_PANGO = """
import io
import cffi

def refuse(self, name, flags=0):
    raise OSError(f"cannot load library {name!r}")

cffi.FFI.dlopen = refuse
from praxis_report.rendering import errors, render, worker

render(worker.smallest_document(), "csv", io.BytesIO())
worker._warm_up()
try:
    render(worker.smallest_document(), "pdf", io.BytesIO())
except errors.PdfUnavailable as error:
    print(error)
"""


def test_missing_pango_names_the_command_and_leaves_csv_alone() -> None:
    assert "apt-get install -y libpango-1.0-0" in run(WITHOUT_PANGO)
