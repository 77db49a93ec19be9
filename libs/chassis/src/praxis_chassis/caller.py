"""Who asks: the verified caller of the call in hand, and what roles allow."""

from __future__ import annotations

import functools
import time
import uuid
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from google.protobuf import descriptor_pool

from praxis.type.v1 import access_pb2
from praxis_chassis.errors import Forbidden, NotAuthenticated


@dataclass(frozen=True)
class Caller:
    """A verified caller. `actor` is who really acts when it is not the user (a service)."""

    practice_id: uuid.UUID
    user_id: str
    roles: frozenset[str]
    actor: str = ""
    purpose: str = ""
    address: str = ""


@dataclass(frozen=True)
class Call:
    """One request on its way: caller, request id, the token to pass on, absolute deadline."""

    caller: Caller
    request_id: str
    token: str
    deadline: float
    idempotency_key: str = ""

    def remaining_s(self) -> float:
        """Seconds until the deadline, at least one hundredth."""
        return max(0.01, self.deadline - time.monotonic())


_CALL: ContextVar[Call] = ContextVar("praxis_call")


def enter(call: Call) -> None:
    """Makes `call` the current one of this task and what it starts."""
    _CALL.set(call)


def current() -> Call:
    """The call in hand. Raises: NotAuthenticated outside of one."""
    try:
        return _CALL.get()
    except LookupError:
        raise NotAuthenticated("no caller") from None


def current_or_none() -> Call | None:
    """The call in hand, or None outside of one."""
    return _CALL.get(None)


@functools.cache
def _granted() -> dict[str, frozenset[str]]:
    """Permission name → role names in lower case, read from the contract."""
    table: dict[str, frozenset[str]] = {}
    for value in access_pb2.Permission.DESCRIPTOR.values:
        options: Any = value.GetOptions()
        roles = options.Extensions[access_pb2.granted_to]
        table[value.name] = frozenset(role_name(number) for number in roles)
    return table


def role_name(number: Any) -> str:
    """`front_desk` for ROLE_FRONT_DESK."""
    return access_pb2.Role.Name(number).removeprefix("ROLE_").lower()


ROLES = frozenset(role_name(v.number) for v in access_pb2.Role.DESCRIPTOR.values if v.number)


def may(caller: Caller, permission: str) -> bool:
    """Whether one of the caller's roles holds `permission` (its name in the contract)."""
    return bool(_granted()[permission] & caller.roles)


def demand(caller: Caller, permission: str) -> None:
    """Raises: Forbidden unless the caller holds `permission`."""
    if not may(caller, permission):
        what = permission.removeprefix("PERMISSION_").lower()
        raise Forbidden(f"this needs the permission {what}")


@functools.cache
def permission_of(method: str) -> str:
    """The permission that `/package.Service/Method` asks for, by its name in the contract.

    Raises: KeyError for a method outside the contracts or without a permission.
    """
    service, _, name = method.lstrip("/").partition("/")
    descriptor = descriptor_pool.Default().FindServiceByName(service).FindMethodByName(name)
    options: Any = descriptor.GetOptions()
    number = options.Extensions[access_pb2.permission]
    if not number:
        raise KeyError(f"{method} names no permission")
    permission: str = access_pb2.Permission.Name(number)
    return permission
