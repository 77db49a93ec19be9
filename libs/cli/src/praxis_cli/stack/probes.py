"""One question each: is it ready? Short, and false instead of an error."""

from __future__ import annotations

import http.client
from collections.abc import Callable


def http_ok(port: int, path: str) -> Callable[[], bool]:
    """Whether a GET on loopback answers 200."""

    def ask() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def grpc_serving(port: int) -> Callable[[], bool]:
    """Whether the gRPC health service on loopback says SERVING for the whole server."""

    def ask() -> bool:
        # Imported late: commands that start no service do not pay for it.
        import grpc
        from grpc_health.v1 import health_pb2, health_pb2_grpc

        # Loopback is never reached through a proxy that the environment names.
        options = [("grpc.enable_http_proxy", 0)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options) as channel:
            stub = health_pb2_grpc.HealthStub(channel)
            try:
                answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=2)
            except grpc.RpcError:
                return False
            return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

    return ask
