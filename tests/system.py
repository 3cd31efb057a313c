"""The programs of the system that tests call and no pip package brings: a browser, Java, Arabic letters.

Installs what is missing where that is allowed without asking (Debian or Ubuntu, as root or with a sudo
that wants no password); elsewhere it says what to install. Must not change anything else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class MissingParts(Exception):
    """Something that tests need is not here; the message says how to get it."""


@dataclass(frozen=True)
class Part:
    """A part of the system: what it is for, Debian's package, and how one sees that it is there."""

    purpose: str
    package: str
    is_here: Callable[[], bool]


def browser() -> str | None:
    """Where the system's Chromium lies."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _has_arabic_letters() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=ar", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


PARTS = (
    Part("Chromium, for the journeys", "chromium", lambda: browser() is not None),
    Part("Java, for the HTML validator", "default-jre-headless", lambda: shutil.which("java") is not None),
    Part("fontconfig, to look for fonts", "fontconfig", lambda: shutil.which("fc-list") is not None),
    Part("minisign, to check our signatures", "minisign", lambda: shutil.which("minisign") is not None),
    Part("signify, for the same", "signify-openbsd", lambda: shutil.which("signify-openbsd") is not None),
    Part("EPUBCheck, for books", "epubcheck", lambda: shutil.which("epubcheck") is not None),
    Part("rsync, to fill mirrors", "rsync", lambda: shutil.which("rsync") is not None),
    Part("MuPDF, to read books", "mupdf-tools", lambda: shutil.which("mutool") is not None),
    Part("openssl, for the same", "openssl", lambda: shutil.which("openssl") is not None),
    Part("a font with Arabic letters, for screenshots", "fonts-noto-core", _has_arabic_letters),
)


def _missing() -> list[Part]:
    return [part for part in PARTS if not part.is_here()]


def _apt_get() -> list[str] | None:
    """How apt-get may be called here without asking anybody, or None."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if not shutil.which("sudo"):
        return None
    asks_nothing = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n", "apt-get"] if asks_nothing else None


def provide_system_parts() -> None:
    """See that every part is here, installing what may be installed.

    Raises:
        MissingParts: something is still missing; the message names it and the command that brings it.
    """
    missing = _missing()
    apt_get = _apt_get()
    if missing and apt_get:
        packages = [part.package for part in missing]
        print(f"Installing {', '.join(packages)} for the tests.", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
            subprocess.run([*apt_get, *arguments], env=environment, stdin=subprocess.DEVNULL, check=False)
        missing = _missing()
    if missing:
        needed = "; ".join(part.purpose for part in missing)
        packages = " ".join(part.package for part in missing)
        raise MissingParts(
            f"make test cannot go on without: {needed}. On Debian and Ubuntu: sudo apt-get install {packages}"
        )
