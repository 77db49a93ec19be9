"""The table of roles and permissions stands in the contract; nobody else repeats it."""

from __future__ import annotations

import contextvars
import importlib
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2

import praxis.type.v1.access_pb2
from praxis.type.v1 import access_pb2
from praxis_chassis.caller import (
    ROLES,
    Call,
    Caller,
    current,
    current_or_none,
    demand,
    enter,
    may,
    permission_of,
)
from praxis_chassis.errors import Forbidden, NotAuthenticated

# What the committed contracts hold, whether or not a test imports it.
CONTRACTS = descriptor_pb2.FileDescriptorSet.FromString(
    (Path(praxis.type.v1.access_pb2.__file__).parents[2] / "descriptors.binpb").read_bytes()
)
METHODS = [
    f"/{file.package}.{service.name}/{method.name}"
    for file in CONTRACTS.file
    for service in file.service
    for method in service.method
]
for _file in CONTRACTS.file:
    if _file.service:
        importlib.import_module(_file.name.removesuffix(".proto").replace("/", ".") + "_pb2")


def _caller(*roles: str) -> Caller:
    return Caller(uuid.uuid4(), "user-7", frozenset(roles))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_names_a_permission_that_someone_holds(method: str) -> None:
    permission = permission_of(method)
    assert any(may(_caller(role), permission) for role in ROLES)
    assert not may(_caller(), permission)


def test_methods_outside_the_contracts_have_none() -> None:
    for method in ("/grpc.health.v1.Health/Check", "/praxis.analytics.v1.AnalyticsService/Drop"):
        with pytest.raises(KeyError):
            permission_of(method)


def test_every_permission_is_granted_as_the_contract_says() -> None:
    numbers = access_pb2.Permission.DESCRIPTOR.values_by_name
    assert len(numbers) > 6
    for name, value in numbers.items():
        options: Any = value.GetOptions()
        granted = options.Extensions[access_pb2.granted_to]
        names = {access_pb2.Role.Name(role).removeprefix("ROLE_").lower() for role in granted}
        assert {role for role in ROLES if may(_caller(role), name)} == names


def test_what_each_role_may() -> None:
    """The rows of the access table that decide over money and over other processes' rights."""
    money = {role for role in ROLES if may(_caller(role), "PERMISSION_READ_FINANCIAL")}
    assert money == {"owner", "admin", "billing", "analyst"}
    links = {role for role in ROLES if may(_caller(role), "PERMISSION_REDEEM_LINK")}
    assert links == {"service"}
    assert not may(_caller("auditor", "provider"), "PERMISSION_ASK")
    assert not may(_caller(*ROLES), "PERMISSION_UNSPECIFIED")


def test_roles_add_up_and_unknown_ones_are_nothing() -> None:
    demand(_caller("front_desk", "billing"), "PERMISSION_READ_FINANCIAL")
    for roles in ((), ("front_desk",), ("OWNER",), ("unspecified",)):
        with pytest.raises(Forbidden, match="read_financial"):
            demand(_caller(*roles), "PERMISSION_READ_FINANCIAL")


def test_every_service_is_looked_at() -> None:
    services = {method.split("/")[1] for method in METHODS}
    assert {"praxis.analytics.v1.AnalyticsService", "praxis.report.v1.ReportService"} <= services


def test_the_current_call() -> None:
    call = Call(_caller("owner"), "r-1", "", time.monotonic() + 5)
    enter(call)
    assert current() is current_or_none() is call
    assert 4 < call.remaining_s() <= 5
    assert Call(call.caller, "r", "", time.monotonic() - 5).remaining_s() == 0.01


def test_no_call_no_caller() -> None:
    empty = contextvars.Context()
    assert empty.run(current_or_none) is None
    with pytest.raises(NotAuthenticated):
        empty.run(current)
