"""The list of an edition's files and their digests, and the one way to write it down.

BSD-tag lines, ``SHA256 (path) = hex``, sorted by the paths' bytes: what ``sha256sum --check``, ``signify -C``
and OpenBSD's ``sha256 -c`` read. Equal lists are equal bytes, so that a signature can cover them. Must not
know signatures, and must not decide whether a folder is whole (see ``verify``).
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from nashra.edition.paths import BadAddress, check_address

# An edition of 100,000 files takes about 15 MB; nobody may fill the memory with a longer "list".
MAX_MANIFEST_BYTES = 64 * 1024 * 1024

# Without following a link, and without waiting for a pipe; not every system has each of these.
_READ_ONLY = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _READ_ONLY |= getattr(os, _flag, 0)

_LINE = re.compile(r"SHA256 \(([^()\n]+)\) = ([0-9a-f]{64})")


class BadManifest(ValueError):
    """Bytes that are no list of ours; the message says in which line and why."""


class UnsafePath(ValueError):
    """A file's name that some program or disk would read as another one."""


def check_file_path(path: str) -> str:
    """The path itself, when every disk and every checking program reads it alike.

    It is relative, in normal form C, without white space, brackets and what no address may hold.

    Raises:
        UnsafePath: it is not so.
    """
    try:
        check_address("/" + path)
    except BadAddress as error:
        raise UnsafePath(str(error)) from error
    if not path or path.endswith("/"):
        raise UnsafePath("names no file")
    if any(character.isspace() or character in "()" for character in path):
        raise UnsafePath("holds white space or a bracket")
    return path


def same_on_some_disk(path: str) -> str:
    """A key under which two paths meet that some disk cannot tell apart: letters' case, normal form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def manifest_bytes(digests: Mapping[str, str]) -> bytes:
    """The canonical list of paths and their SHA-256 digests in lower-case hex.

    Raises:
        UnsafePath: a path breaks the rules, or two paths are one on some disk.
    """
    met: dict[str, str] = {}
    for path in digests:
        other = met.setdefault(same_on_some_disk(check_file_path(path)), path)
        if other != path:
            raise UnsafePath(f"{path} and {other} are the same file on some disks")
    return "".join(
        f"SHA256 ({path}) = {digests[path]}\n" for path in sorted(digests, key=str.encode)
    ).encode()


def parse_manifest(data: bytes) -> dict[str, str]:
    """The paths and digests of a list, which must be written exactly as ``manifest_bytes`` writes it.

    Raises:
        BadManifest: it is too long, not UTF-8, or differs in any byte from its canonical form.
    """
    if len(data) > MAX_MANIFEST_BYTES:
        raise BadManifest(f"is longer than {MAX_MANIFEST_BYTES} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadManifest(f"is not UTF-8 (byte {error.start})") from error
    digests: dict[str, str] = {}
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadManifest(f"line {number} does not read 'SHA256 (path) = 64 hexadecimal digits'")
        if match[1] in digests:
            raise BadManifest(f"line {number} names a file a second time")
        digests[match[1]] = match[2]
    try:
        canonical = manifest_bytes(digests)
    except UnsafePath as error:
        raise BadManifest(f"holds an unsafe name: {error}") from error
    if canonical != data:
        raise BadManifest("is not in its canonical form: sorted by path, one line each, ended by a line feed")
    return digests


def digest_file(path: Path) -> str:
    """The SHA-256 digest of a plain file, read in pieces; a link or a pipe is not followed.

    Raises:
        OSError: it cannot be read, or is no plain file.
    """
    with os.fdopen(os.open(path, _READ_ONLY), "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("is no plain file")
        return hashlib.file_digest(file, "sha256").hexdigest()


def walk_files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything beneath a folder that is not itself a folder, by relative path; links are not followed."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        # As text: to join paths costs more than to list the folder.
        with os.scandir(f"{folder}/{prefix}") as entries:
            for entry in entries:
                relative = f"{prefix}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(relative + "/")
                else:
                    yield relative, entry


def digest_folder(folder: Path) -> dict[str, str]:
    """The digests of all files beneath a folder, for ``manifest_bytes``.

    Raises:
        OSError: something there is no plain file or cannot be read.
    """
    return {path: digest_file(folder / path) for path, _ in walk_files(folder)}
