"""Whether an address is free to be served at, what it is called, and whether it answers."""

from __future__ import annotations

import contextlib
import errno
import http.client
import socket

ANSWER_TIMEOUT_S = 10
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names, not a choice


class CannotListen(RuntimeError):
    """A port that we cannot have; the message says why and what to do."""


def origin_url(host: str, port: int) -> str:
    """The origin under which a browser on this machine reaches a listening host and port."""
    name = _EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def check_port(host: str, port: int, option: str) -> None:
    """Make sure that a port can be listened at; ``option`` is what chooses another one.

    Raises:
        CannotListen: somebody else listens there, or it is not ours to have.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotListen(
            f"There is no host {host!r} on this machine: choose another with --host."
        ) from error
    family, kind, protocol, _, address = found[0]
    with contextlib.closing(socket.socket(family, kind, protocol)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(1)
        except OSError as error:
            raise CannotListen(_sentence(error, host, port, option)) from error


def _sentence(error: OSError, host: str, port: int, option: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken: stop the program that uses it, or choose another port, "
            f"as in {option} {port + 10 if port < 65000 else 8010}."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"Port {port} is not ours to use: choose one above 1023 with {option}."
    return f"Nothing can be served on {host} (port {port}): {error.strerror}. Choose another with --host."


def answers(host: str, port: int) -> bool:
    """Whether an HTTP server there answers anything at all."""
    connection = http.client.HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=ANSWER_TIMEOUT_S)
    try:
        connection.request("HEAD", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
