"""The manifests as a cluster would get them."""

from __future__ import annotations

import functools
import json
import re
import shutil
import subprocess
import sysconfig
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import ROOT
from praxis_cli.stack.services import GATEWAY, SERVICES

K8S = ROOT / "deploy/k8s"
FOLDERS = {name: f"services/{name}" for name in SERVICES} | {GATEWAY: "gateway"}
Document = dict[str, Any]


def _parsed(text: str) -> list[Document]:
    """The documents of a YAML text. buf reads YAML strictly, and it is here anyway."""
    documents = [one for one in re.split(r"^---$", text, flags=re.M) if one.strip()]
    listed = "".join("-\n" + textwrap.indent(one, "  ") + "\n" for one in documents)
    buf = [f"{sysconfig.get_path('scripts')}/buf", "convert", "--type", "google.protobuf.Value"]
    done = subprocess.run(
        [*buf, "--from", "-#format=yaml", "--to", "-#format=json"],
        input=listed,
        cwd=K8S,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def _plain(folder: Path) -> list[Document]:
    """What a kustomization lists, without its changes: all that can be seen without kubectl."""
    (own,) = _parsed((folder / "kustomization.yaml").read_text())
    found: list[Document] = []
    for name in own["resources"]:
        path = folder / name
        found += _plain(path) if path.is_dir() else _parsed(path.read_text())
    return found


@functools.cache
def has_kubectl() -> bool:
    """Whether kubectl is on the path with a kustomize that is new enough."""
    if shutil.which("kubectl") is None:
        return False
    command = ["kubectl", "version", "--client", "--output=json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    version = json.loads(done.stdout or "{}").get("clientVersion", {"gitVersion": "v0.0"})
    major, minor = re.findall(r"\d+", version["gitVersion"])[:2]
    return (int(major), int(minor)) >= (1, 27)


@functools.cache
def _rendered(layer: str) -> list[Document]:
    if not has_kubectl():
        return _plain(K8S / layer)
    command = ["kubectl", "kustomize", str(K8S / layer)]
    return _parsed(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@dataclass(frozen=True)
class Workload:
    """A Deployment or a Job, with what it is told."""

    kind: str
    name: str
    spec: Document
    environment: dict[str, str]

    @property
    def service(self) -> str:
        """Whose image it runs."""
        return self.name.removesuffix("-migrate")

    @property
    def pod(self) -> Document:
        """The specification of its pods."""
        pod: Document = self.spec["template"]["spec"]
        return pod

    @property
    def container(self) -> Document:
        """Its only container."""
        (container,) = self.pod["containers"]
        return dict(container)

    @property
    def labels(self) -> dict[str, str]:
        """The labels of its pods."""
        return dict(self.spec["template"]["metadata"]["labels"])


class Manifests:
    """One layer as a cluster would get it."""

    def __init__(self, layer: str) -> None:
        self.documents = _rendered(layer)

    def of(self, kind: str) -> dict[str, Document]:
        """Name → document."""
        found = [one for one in self.documents if one["kind"] == kind]
        named = {str(one["metadata"]["name"]): one for one in found}
        assert len(named) == len(found)
        return named

    def workloads(self) -> list[Workload]:
        """Everything that runs."""
        maps = self.of("ConfigMap")
        found = []
        for kind in ("Deployment", "Job"):
            for name, one in self.of(kind).items():
                (container,) = one["spec"]["template"]["spec"]["containers"]
                told: dict[str, str] = {}
                for source in container["envFrom"]:
                    told |= maps[source["configMapRef"]["name"]]["data"]
                told |= {item["name"]: item["value"] for item in container.get("env", ())}
                found.append(Workload(kind, name, one["spec"], told))
        return found

    def deployments(self) -> list[Workload]:
        """What serves."""
        return [one for one in self.workloads() if one.kind == "Deployment"]
