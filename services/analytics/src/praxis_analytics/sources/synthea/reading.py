"""A folder of Synthea CSV files to rows by column name, in bounded memory.

`inspect` reads a file once to its end, before anything is loaded, and raises BadFile for what no
import should begin with. `read` then streams the rows; a row that does not fit its header is
told as such and never stops.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from praxis_analytics.sources.problems import BadFile

LINE_MOST = 1024**2
_SUFFIXES = (".csv", ".csv.gz")
# Columns that versions of Synthea name differently, by the name used here.
_RENAMED = {"START_DATE": "START_YEAR", "END_DATE": "END_YEAR", "SPECIALTY": "SPECIALITY"}


@dataclass(frozen=True)
class Table:
    """A file found readable: what it is named after, its columns, bytes and rows."""

    path: Path
    name: str
    columns: tuple[str, ...]
    size: int
    rows: int


@dataclass(frozen=True)
class Line:
    """One row: its line number, how far the file is read, and what stands in its columns.

    Empty columns are left out. Without values, `problem` says what is wrong with the row.
    """

    number: int
    position: int
    values: dict[str, str] | None
    problem: str = ""


def find(path: Path, known: frozenset[str]) -> tuple[dict[str, Path], list[str]]:
    """The files of a folder by the table they are named after, and the names of the others.

    Raises: BadFile when it is no folder, or holds none or two files of one table.
    """
    if not path.is_dir():
        raise BadFile(path, None, "is no folder; name the folder of the whole export")
    tables: dict[str, Path] = {}
    others = []
    for file in sorted(one for one in path.iterdir() if one.is_file()):
        name = _table(file)
        if name not in known:
            others.append(file.name)
        elif name in tables:
            raise BadFile(file, None, f"is there beside {tables[name].name}; remove one")
        else:
            tables[name] = file
    if not tables:
        raise BadFile(path, None, "nothing to import here; Synthea files are named as patients.csv")
    return tables, others


def _table(path: Path) -> str:
    suffix = next((one for one in _SUFFIXES if path.name.lower().endswith(one)), None)
    return path.name.lower().removesuffix(suffix) if suffix else ""


def inspect(path: Path, required: Mapping[str, tuple[str, ...]]) -> Table:
    """The first pass over one file; `required` columns by table. Raises: BadFile."""
    name, rows = _table(path), 0
    lines = _lines(path)
    columns = _header(path, next(lines, None))
    missing = set(required.get(name, ())) - set(columns)
    if missing:
        raise BadFile(path, 1, f"lacks the column {', '.join(sorted(missing))}")
    for _ in lines:
        rows += 1
    return Table(path, name, columns, path.stat().st_size, rows)


def _header(path: Path, first: tuple[int, int, list[str]] | None) -> tuple[str, ...]:
    if first is None:
        raise BadFile(path, None, "is empty; remove it or fetch it again")
    names = [name.strip().upper() for name in first[2]]
    columns = tuple(_RENAMED.get(name, name) for name in names)
    if len(set(columns)) < len(columns) or len(columns) < 2:
        raise BadFile(path, 1, "is no header of comma-separated column names")
    return columns


def read(table: Table) -> Iterator[Line]:
    """The rows of a table, in order."""
    lines = _lines(table.path)
    next(lines)
    for number, position, fields in lines:
        if len(fields) != len(table.columns):
            problem = f"has {len(fields)} fields, not the {len(table.columns)} of the header"
            yield Line(number, position, None, problem)
            continue
        pairs = zip(table.columns, fields, strict=True)
        yield Line(number, position, {name: text for name, text in pairs if text})


def _lines(path: Path) -> Iterator[tuple[int, int, list[str]]]:
    """Line number, position in the file itself and fields; blank lines are left out."""
    with path.open("rb") as raw:
        rows = csv.reader(_texts(path, raw), strict=True)
        while True:
            try:
                fields = next(rows, None)
            except csv.Error as error:
                raise BadFile(path, rows.line_num, f"is no CSV: {error}") from None
            if fields is None:
                return
            if fields:
                yield rows.line_num, raw.tell(), fields


def _texts(path: Path, raw: IO[bytes]) -> Iterator[str]:
    """The lines as text. Raises: BadFile for what is no text to its end."""
    packed = path.name.lower().endswith(".gz")
    stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
    number, line = 0, "\n"
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as texts:
        while text := _next(path, texts, number + 1):
            number, line = number + 1, text
            yield text
    if not line.endswith(("\n", "\r")):
        raise BadFile(path, number, "ends inside a line, as if cut off; fetch it again")


def _next(path: Path, texts: io.TextIOWrapper, number: int) -> str:
    try:
        text = texts.readline(LINE_MOST + 1)
    except UnicodeDecodeError:
        raise BadFile(path, number, "is binary, or text that is not UTF-8") from None
    except (EOFError, zlib.error, OSError) as error:
        raise BadFile(path, None, "cannot be read to its end; fetch it again") from error
    if len(text) > LINE_MOST:
        raise BadFile(path, number, "is longer than 1 MiB; no row is that long")
    if "\0" in text:
        raise BadFile(path, number, "is binary, or text that is not UTF-8")
    return text
