"""Calls to other services: deadlines always, retries only where repeating is harmless."""

from __future__ import annotations

import json

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor_pb2 import MethodOptions

from praxis_chassis.caller import Call

MESSAGE_BYTES = 4 * 1024 * 1024
_KEEPALIVE = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
]


def _service_config(service: str) -> str:
    """Retries for the methods of `service` that the contract calls free of side effects."""
    descriptor = descriptor_pool.Default().FindServiceByName(service)
    safe = [
        {"service": service, "method": method.name}
        for method in descriptor.methods
        if method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS
    ]
    retry = {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return json.dumps(
        {
            "loadBalancingConfig": [{"round_robin": {}}],
            "methodConfig": [{"name": safe, "retryPolicy": retry}],
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        }
    )


def open_channel(target: str, service: str) -> grpc.aio.Channel:
    """A channel to `service` (full name in the contract) at `target`; nothing connects yet."""
    return grpc.aio.insecure_channel(
        target,
        options=[
            ("grpc.service_config", _service_config(service)),
            ("grpc.enable_retries", 1),
            ("grpc.max_receive_message_length", MESSAGE_BYTES),
            ("grpc.max_send_message_length", MESSAGE_BYTES),
            # A proxy of the environment is not meant for talk between our own processes.
            ("grpc.enable_http_proxy", 0),
            # A neighbour that is back is found at once, not up to two minutes later.
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 2_000),
            *_KEEPALIVE,
        ],
    )


def metadata(token: str, request_id: str, **more: str) -> tuple[tuple[str, str], ...]:
    """What travels with every call: who asks, and under which request id."""
    extra = tuple((key.replace("_", "-"), value) for key, value in more.items() if value)
    return (("authorization", f"Bearer {token}"), ("x-request-id", request_id), *extra)


def onward(call: Call) -> tuple[tuple[str, str], ...]:
    """Metadata of a call made while serving `call`: the same token and request id."""
    return metadata(call.token, call.request_id)
