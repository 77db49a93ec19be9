"""The contracts hold their own rules, the committed stubs are theirs, and breaks are caught."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2

from praxis.type.v1 import access_pb2
from praxis_cli.commands import contracts


def _descriptors() -> descriptor_pb2.FileDescriptorSet:
    content = (contracts.STUBS / contracts.DESCRIPTORS).read_bytes()
    return descriptor_pb2.FileDescriptorSet.FromString(content)


def _own_files() -> Iterator[descriptor_pb2.FileDescriptorProto]:
    return (file for file in _descriptors().file if file.package.startswith("praxis."))


def test_stubs_are_current() -> None:
    assert contracts.drift() == []


def test_reference_pages_are_current() -> None:
    assert contracts.stale_pages() == []


def test_contracts_pass_their_lint() -> None:
    assert contracts.lint() == []


def test_nothing_breaks_the_released_contract() -> None:
    assert contracts.breaking() == []


@pytest.fixture
def copy_of_protos(tmp_path: Path) -> Path:
    return Path(shutil.copytree(contracts.PROTOS, tmp_path / "protos"))


def _change(protos: Path, file: str, before: str, after: str) -> None:
    path = protos / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        pytest.param(
            "praxis/analytics/v1/answer.proto",
            "int64 revision = 1;",
            "string revision = 1;",
            id="type of a field",
        ),
        pytest.param(
            "praxis/analytics/v1/metrics.proto",
            "optional double total_charges = 2;",
            "optional double charges = 2;",
            id="name of a field",
        ),
        pytest.param(
            "praxis/report/v1/report.proto",
            "  REPORT_TYPE_CUSTOM = 18;",
            "",
            id="removed enum value",
        ),
    ],
)
def test_a_breaking_change_is_caught(
    copy_of_protos: Path, file: str, before: str, after: str
) -> None:
    _change(copy_of_protos, file, before, after)
    assert contracts.breaking(copy_of_protos)


def test_a_missing_comment_is_caught(copy_of_protos: Path) -> None:
    _change(
        copy_of_protos,
        "praxis/analytics/v1/answer.proto",
        "  // What was counted or summed.\n",
        "",
    )
    assert any("comment" in line for line in contracts.lint(copy_of_protos))


def test_every_rpc_names_its_permission() -> None:
    seen = 0
    for file in _own_files():
        module = importlib.import_module(
            file.name.removesuffix(".proto").replace("/", ".") + "_pb2"
        )
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                seen += 1
                assert method.GetOptions().Extensions[access_pb2.permission], method.full_name
    assert seen > 10


def test_every_permission_is_granted_to_someone() -> None:
    for value in access_pb2.Permission.DESCRIPTOR.values:
        options: Any = value.GetOptions()
        granted = options.Extensions[access_pb2.granted_to]
        assert bool(granted) == (value.number != 0), value.name
