"""The templates' compiled code, as the build left it: read where it lies, and never more than a speed-up.

Code that is missing or damaged, or that was made from another theme, in other words, by another Jinja or
for another Python, is passed over without a word, and the template is compiled as if there were none.
Nothing is written here: the package may be read-only, and only the build (``bytecode_build``) fills it.
"""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import MAGIC_NUMBER
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from nashra.theme.assets import THEME_DIGEST

FOLDER = Path(__file__).parent / "compiled"
SUFFIX = ".bytecode"
_SEAL_BYTES = hashlib.sha256().digest_size


class CompiledTemplates(BytecodeCache):
    """One language's templates; Jinja asks for each by the name and the source that it has now."""

    def __init__(self, language: str) -> None:
        self.language = language

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Where a template's code lies, so that none can stand in for another or for another language's."""
        return f"{self.language}/{name}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if the code is whole and made from just what is here now."""
        try:
            content = file_of(bucket.key).read_bytes()
            whole = sealed(bucket.key, content[_SEAL_BYTES:])
        except (OSError, PackageNotFoundError):
            return
        # Damaged code could crash Python itself, so that nothing is unpacked before its seal was compared.
        if content == whole:
            bucket.bytecode_from_string(content[_SEAL_BYTES:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep nothing: what had to be compiled now is forgotten with the process."""


def file_of(key: str) -> Path:
    """The file that holds a template's code."""
    return FOLDER / (key + SUFFIX)


def sealed(key: str, code: bytes) -> bytes:
    """The code behind a digest over itself, its place and all that made it."""
    return hashlib.sha256(_makers() + f"{key}\n".encode() + code).digest() + code


@cache
def _makers() -> bytes:
    """What decides the code of a template, apart from its source, whose checksum Jinja adds.

    ``THEME_DIGEST`` is over every template and word and over the code generator. While it compiles, a
    template asks Jinja and MarkupSafe, and no other library. A Python of the same version may still differ.
    """
    made_by = (THEME_DIGEST, version("jinja2"), version("markupsafe"), sys.implementation.cache_tag)
    return MAGIC_NUMBER + "".join(f"{maker}\n" for maker in made_by).encode()
