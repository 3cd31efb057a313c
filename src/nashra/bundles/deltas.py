"""What came between two editions' texts, as small as it gets: zstd with the older tar as its dictionary.

The real ``zstd --patch-from`` takes what is made here. Whoever applies a delta bounds what may come of it.
Must not know what the texts are.
"""

from __future__ import annotations

import hashlib
import re
import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_COMMENT = re.compile(r"delta from ([0-9a-f]{64}) to ([0-9a-f]{64})")
_LEVEL = 19
_MIN_WINDOW_LOG, MAX_WINDOW_LOG = 17, 27
_LEAST_PREFIX_BYTES = 8
_SPARE_BYTES = 64 * 1024
# A month of ten thousand stories has some 60 MB of text.
MAX_TEXT_BYTES = 1024 * 1024 * 1024


class BadDelta(ValueError):
    """A delta that cannot be applied; the message goes on from its name."""


def delta_comment(from_sha256: str, to_sha256: str) -> str:
    """What is signed with a delta: from which text it leads, and to which."""
    return f"delta from {from_sha256} to {to_sha256}"


def apply_signed(before: bytes, delta: bytes, comment: str) -> bytes:
    """The text to which a delta leads, whose comment was signed with it.

    Raises:
        BadDelta: it leads from another text, or to another than was signed, or is damaged.
    """
    match = _COMMENT.fullmatch(comment)
    if match is None:
        raise BadDelta("is signed as something else than a delta")
    if hashlib.sha256(before).hexdigest() != match[1]:
        raise BadDelta("leads from another text than yours, or yours was changed")
    after = apply_delta(before, delta)
    if hashlib.sha256(after).hexdigest() != match[2]:
        raise BadDelta("comes to another text than was signed")
    return after


def make_delta(before: bytes, after: bytes) -> bytes:
    """What leads from one tar to another."""
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: _LEVEL,
        zstd.CompressionParameter.window_log: _window_log(len(before) + len(after)),
        zstd.CompressionParameter.enable_long_distance_matching: 1,
        zstd.CompressionParameter.checksum_flag: 1,
        zstd.CompressionParameter.content_size_flag: 1,
    }
    return zstd.compress(after, options=options, zstd_dict=_prefix(before))


def apply_delta(before: bytes, delta: bytes, *, max_size_bytes: int = MAX_TEXT_BYTES) -> bytes:
    """The tar to which a delta leads.

    Raises:
        BadDelta: it is damaged, leads from another tar, or comes to more than it may.
    """
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: MAX_WINDOW_LOG}
    opened = zstd.ZstdDecompressor(zstd_dict=_prefix(before), options=options)
    try:
        after = opened.decompress(delta, max_size_bytes + 1)
    except zstd.ZstdError as error:
        raise BadDelta("is damaged, or leads from another edition") from error
    if len(after) > max_size_bytes:
        raise BadDelta(f"comes to more than {max_size_bytes} bytes")
    if not opened.eof or opened.unused_data:
        raise BadDelta("is not whole")
    return after


def _prefix(data: bytes) -> tuple[zstd.ZstdDict, int] | None:
    if len(data) < _LEAST_PREFIX_BYTES:
        return None
    return zstd.ZstdDict(data, is_raw=True).as_prefix


def _window_log(size_bytes: int) -> int:
    """A window in which both tars fit, so that any line of the older can be pointed at."""
    needed = (size_bytes + _SPARE_BYTES).bit_length()
    return max(_MIN_WINDOW_LOG, min(MAX_WINDOW_LOG, needed))
