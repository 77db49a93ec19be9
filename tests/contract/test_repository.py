"""What must be true of the files themselves."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

from conftest import ROOT


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_hashed_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[A-Za-z0-9._-]+==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


def test_the_page_s_lock_is_hashed_and_names_no_host() -> None:
    text = (ROOT / "gateway/web/package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in lock for name, lock in packages.items() if name)


def test_no_path_of_a_machine_is_committed() -> None:
    # Written apart, so that this file does not hold what it looks for.
    machine = re.compile("|".join(("/" + "work/", "/" + "root/", "/" + "home/[a-z]")))
    for name in _tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            assert not machine.search(content.decode(errors="replace")), name


def test_no_data_set_is_committed() -> None:
    for name in _tracked():
        assert not name.endswith((".ndjson", ".ndjson.gz")), name


def test_the_pinned_versions_of_the_packages_are_those_of_the_lock() -> None:
    locked = dict(
        re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.M)
    )
    pins = 0
    for project in ROOT.glob("*/*/pyproject.toml"):
        for name, version in re.findall(
            r'"([a-z0-9-]+)(?:\[[a-z,]+\])?==([^";]+)', project.read_text()
        ):
            pins += 1
            assert locked[name] == version, (project, name)
    assert pins > 15
