"""The programs that we are measured beside, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import subprocess

# Debian keeps nginx where only root's path leads.
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


class MissingPeer(RuntimeError):
    """A program to measure beside is not installed."""


def program(name: str) -> str:
    """Where a program lies; as root, its package is installed when it is missing.

    Raises:
        MissingPeer: it is missing and cannot be installed from here.
    """
    found = shutil.which(name, path=_PATH)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"{name} is missing: apt-get install {name}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "--yes", "--no-install-recommends", name]
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        found = shutil.which(name, path=_PATH)
    if found is None:
        raise MissingPeer(f"{name} is missing. Install it: sudo apt-get install {name}")
    return found


def version(name: str) -> str:
    """What a program says that it is, on one line."""
    flag = "-v" if name in {"nginx", "wrk"} else "version"
    done = subprocess.run([program(name), flag], capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[0]
