"""Ports that nobody uses, and waiting for what will listen there."""

from __future__ import annotations

import socket
import time

from nashra.serve.ports import answers


def free_ports(count: int) -> list[int]:
    """Some ports of this machine that were free a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def wait_until_it_answers(port: int, timeout_s: float = 30) -> None:
    """Wait for a server to come up."""
    deadline = time.monotonic() + timeout_s
    while not answers("127.0.0.1", port):
        assert time.monotonic() < deadline, f"nothing answers on port {port}"
        time.sleep(0.05)
