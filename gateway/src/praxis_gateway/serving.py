"""The process: socket, HTTP server, drain."""

from __future__ import annotations

import asyncio
import socket
from types import FrameType

import uvicorn

from praxis_chassis import logs
from praxis_gateway.app import Gateway
from praxis_gateway.protocol import Protocol
from praxis_gateway.settings import Settings

_STOP_S = 25


class Server(uvicorn.Server):
    """Serves on for a while after the first signal; the second one stops at once."""

    def __init__(self, gateway: Gateway, drain_s: float) -> None:
        super().__init__(
            uvicorn.Config(
                gateway,
                http=Protocol,
                ws="wsproto",
                ws_max_size=16_384,
                ws_ping_interval=20,
                ws_ping_timeout=20,
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_STOP_S,
            )
        )
        self._gateway = gateway
        self._drain_s = drain_s
        self._loop = asyncio.get_running_loop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Says that it has started once it takes connections, and signals."""
        await super().startup(sockets)
        port = sockets[0].getsockname()[1] if sockets else 0
        logs.get().info("server.started", port=port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal came: health says so at once, the listener closes after the drain."""
        del frame
        if self._gateway.draining:
            self.should_exit = True
            return
        self._gateway.draining = True
        logs.get().info("server.draining", signal=sig, seconds=self._drain_s)
        self._loop.call_soon_threadsafe(self._loop.call_later, self._drain_s, self._stop)

    def _stop(self) -> None:
        self.should_exit = True


def listen(address: str) -> socket.socket:
    """A socket on `host:port`; port 0 takes a free one."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sends without delay only where it knows it is TCP.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host.strip("[]"), int(port)))
    return listener


async def serve(settings: Settings) -> None:
    """Runs the gateway until a signal stops it."""
    gateway = Gateway(settings)
    server = Server(gateway, settings.drain_s)
    listener = listen(settings.listen)
    try:
        await server.serve(sockets=[listener])
    finally:
        await gateway.close()
        logs.get().info("server.stopped")
