"""One render job, and the child process that does one after another.

The parent speaks over the child's standard streams: a length, then a pickled Job; back comes
one JSON line. Only the parent's own objects are unpickled; the child, which handles text from
outside, answers in plain JSON.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from praxis_report.domain.document import AsOf, Axis, Chart, Column, Document, Series, Table
from praxis_report.rendering import RENDERERS, render
from praxis_report.rendering.errors import CannotWrite, PdfUnavailable, RenderError, RenderFailed

LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class Job:
    """What to draw and where: `path` is a temporary name that the caller moves into place."""

    document: Document
    format: str
    path: Path


def render_to_file(job: Job) -> tuple[int, str]:
    """Draw the job into its file and bring that to the disk.

    Returns: size in bytes and SHA-256 in hexadecimal. Raises: RenderError; no file remains then.
    """
    try:
        with open(job.path, "w+b", opener=_private) as file:
            render(job.document, job.format, file)
            file.flush()
            os.fsync(file.fileno())
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            return size, hashlib.file_digest(file, "sha256").hexdigest()
    except BaseException:
        job.path.unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def main() -> None:
    """Serve jobs until the parent closes the stream.

    `argv[1]` is the limit of this process's memory in bytes, `argv[2]` that of one job's
    processor time in seconds.
    """
    limit, cpu_s = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    _warm_up()
    jobs = sys.stdin.buffer
    while header := jobs.read(LENGTH_BYTES):
        _allow(cpu_s)
        answers.write(_answer(jobs, int.from_bytes(header)))


def _allow(cpu_s: int) -> None:
    """Let the system end this process once it has computed for so long from now on."""
    used = time.process_time()
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used) + cpu_s, most))


def _answer(jobs: BinaryIO, length: int) -> bytes:
    answer: dict[str, Any]
    try:
        job: Job = pickle.loads(jobs.read(length))  # noqa: S301 - written by our parent
        size, sha256 = render_to_file(job)
        answer = {"size": size, "sha256": sha256}
    except RenderError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except OSError as error:  # its file name stays here
        message = os.strerror(error.errno) if error.errno else type(error).__name__
        answer = {"error": CannotWrite.__name__, "message": message}
    except BaseException as error:  # WeasyPrint has fatal errors beside Exception
        answer = {"error": RenderFailed.__name__, "message": _where(error)}
    answer["peak_bytes"] = _peak_bytes()
    return json.dumps(answer).encode() + b"\n"


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def _peak_bytes() -> int:
    """The most memory this program ever held.

    Linux counts what the parent held when it started us into ru_maxrss; the kernel's own mark of
    this program does not know it.
    """
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def _where(error: BaseException) -> str:
    """Kind and place of an error, without its text: that may quote the document."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"


def _warm_up() -> None:
    """Draw one small page in each form, so that no job pays for loading engines and fonts."""
    for format in RENDERERS:
        # Without PDF the other formats work, and a PDF job says what is missing.
        with tempfile.TemporaryFile() as scratch, contextlib.suppress(PdfUnavailable):
            render(smallest_document(), format, scratch)


def smallest_document() -> Document:
    """A document of one bar and one row, which still needs every part of the engines."""
    row, amount = (date(2025, 1, 1), Decimal(1)), Axis("Amount", "money")
    columns = (Column("month", "Month", "month"), Column("amount", "Amount", "money"))
    series = (Series("amount", "Amount"),)
    return Document(
        title="Test page",
        subtitle="",
        practice_name="Praxis",
        period="January 2025",
        currency="USD",
        time_zone="UTC",
        as_of=AsOf(0, datetime(2025, 1, 1, tzinfo=UTC), None),
        synthetic=True,
        phi_level="aggregate",
        parameters=(),
        sections=(
            Chart("Chart", "One bar.", "bar", Axis("Month", "month"), amount, series, (row,)),
            Table("table", "Table", columns, (row,), main=True),
        ),
    )
