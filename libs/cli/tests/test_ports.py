"""Ports: free, below the range of outgoing connections, kept while they stay free."""

from __future__ import annotations

import socket

from praxis_cli.stack import ports


def test_chosen_ports_are_free_distinct_and_below_the_outgoing_range() -> None:
    chosen = ports.choose(map(str, range(50)), {})
    assert len(set(chosen.values())) == 50
    assert all(20_000 <= port < 32_768 and ports.is_free(port) for port in chosen.values())


def test_a_free_port_is_kept_and_a_taken_one_replaced() -> None:
    remembered = ports.choose(("a", "b"), {})
    with socket.socket() as server:
        server.bind(("127.0.0.1", remembered["a"]))
        server.listen()
        chosen = ports.choose(("a", "b", "c"), remembered)
    assert chosen["b"] == remembered["b"]
    assert len({remembered["a"], *chosen.values()}) == 4


def test_one_remembered_port_serves_one_name() -> None:
    chosen = ports.choose(("a", "b"), {"a": 25_000, "b": 25_000})
    assert chosen["a"] != chosen["b"]
