"""What a served newsroom consists of: the readers' site, the desk and the press, each a process.

Must not import Django: it only names commands and addresses.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from nashra.serve.ports import CannotListen, answers, check_port, origin_url
from nashra.serve.server import DESK_TARGET, READERS_TARGET, server_command
from nashra.serve.supervisor import Part

_READERS_THREADS = 4
_DESK_THREADS = 8
_MOST_WORKERS_UNASKED = 4


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where the two origins are served; ``workers`` are the readers' site's processes."""

    host: str
    port: int
    desk_port: int
    workers: int

    @property
    def site_url(self) -> str:
        """The readers' origin, as this machine's browser reaches it."""
        return origin_url(self.host, self.port)

    @property
    def desk_url(self) -> str:
        """The desk's origin, as this machine's browser reaches it."""
        return origin_url(self.host, self.desk_port)

    def check(self) -> None:
        """Make sure that both can be served.

        Raises:
            CannotListen: one cannot, or both are the same.
        """
        if self.port == self.desk_port:
            raise CannotListen(
                f"The readers' site and the desk cannot share port {self.port}: "
                "choose another with --desk-port."
            )
        check_port(self.host, self.port, "--port")
        check_port(self.host, self.desk_port, "--desk-port")


def workers_for_this_machine() -> int:
    """One process of the readers' site for each processor, four at most."""
    return min(os.cpu_count() or 1, _MOST_WORKERS_UNASKED)


def newsroom_parts(addresses: Addresses) -> Sequence[Part]:
    """The processes of a newsroom that is served here."""
    host = addresses.host
    return (
        Part(
            name="The readers' site",
            command=server_command(
                READERS_TARGET,
                host=host,
                port=addresses.port,
                workers=addresses.workers,
                threads=_READERS_THREADS,
            ),
            is_ready=partial(answers, host, addresses.port),
        ),
        Part(
            name="The desk",
            command=server_command(
                DESK_TARGET, host=host, port=addresses.desk_port, workers=1, threads=_DESK_THREADS
            ),
            is_ready=partial(answers, host, addresses.desk_port),
        ),
        # Readers have what stands pressed, whatever ails the press.
        Part(name="The press", command=(sys.executable, "-m", "nashra", "press", "--watch"), is_vital=False),
    )
