"""The manifests, against the processes they run."""

from __future__ import annotations

import http.client
import importlib
import os
from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from conftest import ROOT, RunningStack
from praxis_chassis.settings import DatabaseSettings
from praxis_cli.stack.layout import Layout
from praxis_cli.stack.services import _CALLS, GATEWAY, SERVICES
from tests.contract.manifests import FOLDERS, Document, Manifests, Workload, has_kubectl

LAYERS = ("base", "overlays/dev", "overlays/prod")
# What libpq reads by itself.
LIBPQ = {"PGSSLMODE", "PGSSLROOTCERT"}


@pytest.fixture(params=LAYERS)
def manifests(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Manifests:
    """Each layer in turn."""
    if not has_kubectl():
        with capsys.disabled():
            print(f"\nNO kubectl 1.27 OR NEWER: the changes of {request.param} ARE NOT TESTED")
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
        folder = told.get("PRAXIS_REPORT_FILES_DIR")
        if folder and workload.kind == "Deployment":
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
        image = (ROOT / FOLDERS[workload.service] / "Dockerfile").read_text()
        assert f"USER {pod['securityContext']['runAsUser']}:" in image
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


def test_migrations_can_be_applied_before_the_servers(manifests: Manifests) -> None:
    guide = (ROOT / "docs/operations/kubernetes.md").read_text()
    label = "app.kubernetes.io/component"
    assert f"delete job -l {label}=migration " in guide
    assert f"apply -f praxis.yaml -l '{label}!=server'\n" in guide
    for one in manifests.documents:
        part = {"Deployment": "server", "Job": "migration"}.get(one["kind"])
        assert one["metadata"].get("labels", {}).get(label) == part


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
        if serves:
            out.add(tuple(settings.nats_url.removeprefix("nats://").split(":")))
        if workload.service in SERVICES:
            out.add((settings.database_host, str(settings.database_port)))
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
