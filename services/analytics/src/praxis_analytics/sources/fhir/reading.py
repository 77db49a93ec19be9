"""Files to resources: NDJSON, bundles and single resources, plain or gzip, in bounded memory.

`inspect` reads a file once to its end, before anything is loaded, and raises BadFile for what no
import should begin with. `read` then streams the resources of the wanted types; what is wrong
with a single line is reported as a Rejection and never stops.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson

from praxis_analytics.sources.fhir.versions import R4_TYPES, foreign_version
from praxis_analytics.sources.problems import BadFile, Rejection

Resource = dict[str, Any]

LINE_MOST = 8 * 1024**2
BUNDLE_MOST = 64 * 1024**2
_BLOCK = 1024**2
# So many resources of a file are looked at for marks of another FHIR version before loading.
_SAMPLE = 100
_SUFFIXES = {
    ".ndjson": "lines",
    ".ndjson.gz": "lines",
    ".jsonl": "lines",
    ".jsonl.gz": "lines",
    ".json": "document",
    ".json.gz": "document",
}
_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True)
class SourceFile:
    """A file found readable: its form, size in bytes, and resources by type."""

    path: Path
    form: str
    size: int
    types: Counter[str]
    rejections: tuple[Rejection, ...] = ()
    rejected: int = 0


@dataclass(frozen=True)
class Line:
    """One resource: its type, line number, length and how far the file is read, in bytes.

    Without a resource, `problem` says what is wrong with the line.
    """

    kind: str
    number: int
    length: int
    position: int
    resource: Resource | None
    problem: str = ""


@dataclass
class _Inspection:
    """What a first pass gathers."""

    path: Path
    types: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)
    rejected: int = 0
    seen: int = 0

    def reject(self, line: int, reason: str) -> None:
        self.rejected += 1
        if len(self.rejections) < _SAMPLE:
            self.rejections.append(Rejection(self.path.name, line, reason))

    def note(self, line: int, resource: object, problem: str) -> None:
        """Counts one parsed resource. Raises: BadFile when it is of another FHIR version."""
        if not isinstance(resource, dict):
            self.reject(line, problem or "is no JSON object")
            return
        version = foreign_version(resource)
        if version is not None:
            raise BadFile(self.path, line, f"holds FHIR {version}; export it as FHIR R4 (4.0.1)")
        self.count(line, resource.get("resourceType"))

    def count(self, line: int, kind: object) -> None:
        if isinstance(kind, str) and kind in R4_TYPES:
            self.types[kind] += 1
        else:
            self.reject(line, "has no resourceType of FHIR R4")


def find(path: Path) -> tuple[list[Path], list[str]]:
    """The files to read at `path` (a file, or a folder without its sub-folders), and the names
    of the others. Raises: BadFile when there is nothing to read."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    files = [file for file in files if file.is_file()]
    taken = [file for file in files if _form(file)]
    if not taken:
        kinds = ", ".join(_SUFFIXES)
        raise BadFile(path, None, f"nothing to import here; FHIR files end in {kinds}")
    return taken, [file.name for file in files if not _form(file)]


def _form(path: Path) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes[-1:] != [".gz"]:
        suffixes = suffixes[-1:]
    return _SUFFIXES.get("".join(suffixes))


def inspect(path: Path) -> SourceFile:
    """The first pass over one file. Raises: BadFile."""
    form = _form(path)
    assert form is not None  # noqa: S101  (find keeps only these)
    found = _Inspection(path)
    if form == "lines":
        _inspect_lines(found)
    else:
        _inspect_document(found)
    if not found.seen:
        raise BadFile(path, None, "is empty; remove it or fetch it again")
    if not found.types:
        hint = "; a bundle is named .json" if form == "lines" else ""
        raise BadFile(path, None, f"holds no FHIR resource{hint}")
    _check_name(found, form)
    return SourceFile(
        path, form, path.stat().st_size, found.types, tuple(found.rejections), found.rejected
    )


def read(file: SourceFile, wanted: frozenset[str]) -> Iterator[Line]:
    """The resources of `file` whose type is among `wanted`, in order."""
    if not wanted & file.types.keys():
        return
    if file.form == "document":
        yield from _read_document(file, wanted)
        return
    for number, line, position in _lines(file.path):
        known = _type(line)
        if known is not None and known not in wanted:
            continue
        resource, problem = _parse(line)
        kind = known if resource is None else resource.get("resourceType")
        if kind in wanted:  # a line that tells no type was counted by the first pass
            yield Line(str(kind), number, len(line), position, resource, problem)


def _read_document(file: SourceFile, wanted: frozenset[str]) -> Iterator[Line]:
    length = file.size // file.types.total() + 1
    for number, resource in _entries(_document(file.path)):
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if kind in wanted:
            yield Line(kind, number, length, file.size, resource)


# The first pass.


def _inspect_lines(found: _Inspection) -> None:
    for number, line, _ in _lines(found.path):
        found.seen += 1
        known = _type(line)
        if known is not None and found.seen > _SAMPLE:
            found.count(number, known)
            continue
        resource, problem = _parse(line)
        if resource is None and known is not None:
            found.count(number, known)  # `read` tells what is wrong with it
        else:
            found.note(number, resource, problem)


def _inspect_document(found: _Inspection) -> None:
    for number, resource in _entries(_document(found.path)):
        found.seen += 1
        found.note(number, resource, "is an entry without a resource")


def _check_name(found: _Inspection, form: str) -> None:
    """A bulk export names a file after its one resource type."""
    named = [part for part in re.split(r"[._-]", found.path.name) if part in R4_TYPES]
    if not named or (form == "document" and found.types.total() > 1):
        return
    others = found.types.keys() - set(named)
    if others:
        raise BadFile(
            found.path,
            None,
            f"is named after {named[0]} but holds {', '.join(sorted(others))}; rename it",
        )


# Bytes.


def _blocks(path: Path) -> Iterator[tuple[bytes, int]]:
    """Unpacked blocks with the position in the file itself."""
    with path.open("rb") as raw:
        packed = raw.peek(2)[:2] == _GZIP_MAGIC
        if packed != (path.suffix.lower() == ".gz"):
            kind = "is gzip but not named .gz" if packed else "is named .gz but is not gzip"
            raise BadFile(path, None, f"{kind}; rename it")
        stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        while block := _read_block(stream, path):
            yield block, raw.tell()


def _read_block(stream: IO[bytes], path: Path) -> bytes:
    try:
        return stream.read(_BLOCK)
    except (EOFError, zlib.error, OSError) as error:
        raise BadFile(path, None, "cannot be read to its end; fetch it again") from error


def _lines(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Line number, line and position; blank lines are left out."""
    rest, number = b"", 0
    for block, position in _blocks(path):
        if b"\0" in block:
            line = number + 1 + block[: block.index(b"\0")].count(b"\n")
            raise BadFile(path, line, "is binary, or text that is not UTF-8")
        parts = (rest + block).split(b"\n")
        rest = parts.pop()
        for part in parts:
            number += 1
            yield from _line(path, number, part, position)
        if len(rest) > LINE_MOST:
            break
    yield from _line(path, number + 1, rest, path.stat().st_size)


def _line(path: Path, number: int, line: bytes, position: int) -> Iterator[tuple[int, bytes, int]]:
    if len(line) > LINE_MOST:
        raise BadFile(path, number, "is longer than 8 MiB; no resource is that large")
    if number == 1:
        line = line.removeprefix(b"\xef\xbb\xbf")
    if line.strip():
        yield number, line, position


def _type(line: bytes) -> str | None:
    """The resource type, when the line begins with it, as nearly all do."""
    found = _TYPE.match(line)
    return found.group(1).decode() if found else None


def _parse(line: bytes) -> tuple[Resource | None, str]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None, "is not valid JSON"
    return (value, "") if isinstance(value, dict) else (None, "is no JSON object")


# Bundles and single resources.


def _document(path: Path) -> Any:
    content = bytearray()
    for block, _ in _blocks(path):
        content += block
        if len(content) > BUNDLE_MOST:
            raise BadFile(path, None, "unpacks to more than 64 MiB; split it or write NDJSON")
    if b"\0" in content:
        raise BadFile(path, None, "is binary, or text that is not UTF-8")
    if not content.strip():
        return None
    try:
        return orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        hint = "; one resource per line is named .ndjson" if _TYPE.match(content) else ""
        raise BadFile(path, error.lineno, f"is not valid JSON{hint}") from error


def _entries(document: Any) -> Iterator[tuple[int, Any]]:
    """The resources of a bundle, numbered from 1, or the single resource itself."""
    if not isinstance(document, dict) or document.get("resourceType") != "Bundle":
        if document is not None:
            yield 1, document
        return
    entries = document.get("entry")
    entries = entries if isinstance(entries, list) else []
    renamed = _renamed(entries)
    for number, entry in enumerate(entries, 1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        yield number, _with_references(resource, renamed) if renamed else resource


def _renamed(entries: list[Any]) -> dict[str, str]:
    """Names that entries have only inside this bundle: fullUrl → `Type/id`.

    A resource without an id takes the id of its `urn:uuid:` name.
    """
    renamed = {}
    for entry in entries:
        url = entry.get("fullUrl") if isinstance(entry, dict) else None
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or not isinstance(url, str):
            continue
        if not url.startswith("urn:uuid:"):
            continue
        own = resource.setdefault("id", url[len("urn:uuid:") :])
        if not url.endswith(str(own)):
            renamed[url] = f"{resource.get('resourceType')}/{own}"
    return renamed


def _with_references(value: Any, renamed: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: renamed.get(item, item)
            if key == "reference" and isinstance(item, str)
            else _with_references(item, renamed)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_references(item, renamed) for item in value]
    return value
