"""Contracts: stubs from `protos/`, their lint, and the check against breaking changes.

`buf/validate` is taken from the installed validator's own descriptor, so that annotations and
validator can never be of two versions.
"""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from google.api import annotations_pb2, http_pb2
from google.protobuf import (
    descriptor_pb2,
    duration_pb2,
    field_mask_pb2,
    struct_pb2,
    timestamp_pb2,
)

ROOT = Path(__file__).resolve().parents[5]
PROTOS = ROOT / "protos"
STUBS = ROOT / "libs/contracts/src"
# The contract that clients rely on; breaking changes are measured against it.
BASELINE = PROTOS / "baseline.binpb"
DESCRIPTORS = "praxis/descriptors.binpb"
# Pages that services write about themselves: page → the module that writes it.
REFERENCE = {"docs/reference/metrics.md": "praxis_analytics.reference"}
_IMPORTED = (
    descriptor_pb2,
    duration_pb2,
    field_mask_pb2,
    struct_pb2,
    timestamp_pb2,
    http_pb2,
    annotations_pb2,
)
# How a Buf image marks a file as imported: field 8042 of the file, {is_import: true}.
_IS_IMPORT = bytes([0xD2, 0xF6, 0x03, 0x02, 0x08, 0x01])


def _validate_descriptor() -> descriptor_pb2.FileDescriptorProto:
    from protovalidate._gen.buf.validate.validate_pb import desc

    return descriptor_pb2.FileDescriptorProto.FromString(desc().proto.to_binary())


def _third_party(folder: Path) -> Path:
    """Writes the descriptors that the installed packages bring, and returns the file."""
    known = descriptor_pb2.FileDescriptorSet()
    for module in _IMPORTED:
        module.DESCRIPTOR.CopyToProto(known.file.add())
    known.file.append(_validate_descriptor())
    path = folder / "third_party.binpb"
    path.write_bytes(known.SerializeToString())
    return path


def _protoc(protos: Path, sources: list[str], *flags: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        third_party = _third_party(Path(scratch))
        subprocess.run(
            [
                *(sys.executable, "-m", "grpc_tools.protoc", f"-I{protos}"),
                f"--descriptor_set_in={third_party}",
                *flags,
                *sources,
            ],
            check=True,
        )


def _sources(protos: Path) -> list[str]:
    return sorted(str(path.relative_to(protos)) for path in protos.rglob("*.proto"))


def _write_descriptors(protos: Path, out: Path) -> None:
    _protoc(
        protos,
        _sources(protos),
        f"--descriptor_set_out={out}",
        "--include_imports",
        "--include_source_info",
    )


def write_stubs(out: Path) -> None:
    """Generates stubs, type hints, gRPC code and the commented descriptor set into `out`."""
    (out / "praxis").mkdir(parents=True, exist_ok=True)
    sources = _sources(PROTOS)
    validate = "buf/validate/validate.proto"
    _protoc(PROTOS, [*sources, validate], f"--python_out={out}", f"--pyi_out={out}")
    services = [name for name in sources if name.endswith("_service.proto")]
    _protoc(PROTOS, services, f"--grpc_python_out={out}")
    _write_descriptors(PROTOS, out / DESCRIPTORS)
    (out / "praxis/py.typed").touch()


def generate() -> None:
    """Replaces stubs and reference pages by fresh ones, once all stubs could be made."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        write_stubs(fresh)
        for package in ("praxis", "buf"):
            shutil.copytree(fresh / package, STUBS / package, dirs_exist_ok=True)
        for path in (*STUBS.glob("praxis/**/*"), *STUBS.glob("buf/**/*")):
            if path.is_file() and not (fresh / path.relative_to(STUBS)).exists():
                path.unlink()
    for page in REFERENCE:
        _write_reference(page, ROOT / page)


def _write_reference(page: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", REFERENCE[page], str(path)], check=True)


def stale_pages() -> list[str]:
    """Names the committed reference pages that differ from what services write now."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch) / "page"
        stale = []
        for page in REFERENCE:
            _write_reference(page, fresh)
            kept = ROOT / page
            if not kept.is_file() or not filecmp.cmp(kept, fresh, shallow=False):
                stale.append(page)
        return stale


def drift() -> list[str]:
    """Names the committed stub files that differ from what `protos/` yields now."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        write_stubs(fresh)
        names = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
        kept = {
            path.relative_to(STUBS)
            for path in STUBS.rglob("*")
            if path.is_file() and path.suffix != ".pyc"
        }
        return sorted(
            str(name)
            for name in names | kept
            if not (STUBS / name).is_file()
            or not (fresh / name).is_file()
            or not filecmp.cmp(STUBS / name, fresh / name, shallow=False)
        )


def write_image(path: Path, protos: Path = PROTOS) -> None:
    """Writes `protos` as a Buf image in which everything not ours is marked as imported."""
    _write_descriptors(protos, path)
    image = descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())
    for file in image.file:
        if not file.package.startswith("praxis."):
            file.MergeFromString(_IS_IMPORT)
    path.write_bytes(image.SerializeToString(deterministic=True))


def _buf(*arguments: str) -> subprocess.CompletedProcess[str]:
    buf = Path(sys.executable).with_name("buf")
    return subprocess.run(
        [str(buf), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def lint(protos: Path = PROTOS) -> list[str]:
    """Style faults of the contracts, one text each."""
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch) / "image.binpb"
        write_image(image, protos)
        done = _buf("lint", str(image), "--config", "buf.yaml")
    return (done.stdout + done.stderr).splitlines()


def breaking(protos: Path = PROTOS) -> list[str]:
    """Changes in `protos` that would break clients of the released contract."""
    with tempfile.TemporaryDirectory() as scratch:
        image = Path(scratch) / "image.binpb"
        write_image(image, protos)
        done = _buf("breaking", str(image), "--against", str(BASELINE), "--config", "buf.yaml")
    return (done.stdout + done.stderr).splitlines()


def release() -> None:
    """Makes today's contract the one that later changes are measured against."""
    write_image(BASELINE)
