"""Free loopback ports below the range that outgoing connections take theirs from."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterable, Mapping

_RANGE = range(20_000, 32_768)


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # As servers do; without it a port just closed would count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(names: Iterable[str], remembered: Mapping[str, int]) -> dict[str, int]:
    """One free port per name: the remembered one if it is still free, else any."""
    chosen: dict[str, int] = {}
    # Random, so that stacks started at the same moment do not meet.
    others = iter(random.SystemRandom().sample(_RANGE, len(_RANGE)))
    for name in names:
        port = remembered.get(name)
        while port is None or port in chosen.values() or not is_free(port):
            port = next(others)
        chosen[name] = port
    return chosen
