"""A stream of bytes → its items one after the other: a JSON object a line, or one array of objects.

Holds one item at a time, however long the stream. Must not know what an item means.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from nashra.intake.ninjs.report import BadItem

MAX_ITEM_BYTES = 24 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_WHITE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"
# Record separators, as RFC 7464 puts them before each text, are no part of an object.
_AROUND = " \t\r\n\x1e"
_STRUCTURE = re.compile(r'["{}\[\],]')
# No string of JSON holds a line's end: one that does lost its own, and must not turn all that follows.
_STRING_END = re.compile(r'["\\\n]')
TOO_BIG = f"is bigger than a story can be ({MAX_ITEM_BYTES // 1024 // 1024} MB at most)."


@dataclass(frozen=True, slots=True)
class Found:
    """An item as text with its place, such as "line 3"; without text where it was too big to hold."""

    place: str
    text: str | None

    def parsed(self) -> dict[str, Any]:
        """The object.

        Raises:
            BadItem: it is too big, no JSON, or no object.
        """
        if self.text is None:
            raise BadItem(TOO_BIG)
        try:
            value = json.loads(self.text)
        except json.JSONDecodeError as error:
            raise BadItem(f"is no JSON: {error.msg} at character {error.pos + 1}.") from error
        except (ValueError, RecursionError) as error:
            raise BadItem("is no JSON that can be read: too deep, or with a number too long.") from error
        if not isinstance(value, dict):
            raise BadItem("is no JSON object.")
        return value


def found_items(stream: BinaryIO) -> Iterator[Found]:
    """The items of a stream, whichever of the two forms it has."""
    head = _head(stream)
    if head.lstrip(_WHITE).startswith(b"["):
        yield from _items_of_array(head, stream)
    else:
        yield from _items_of_lines(head, stream)


def _head(stream: BinaryIO) -> bytes:
    """The first bytes that are not white space, and a few more."""
    head = stream.read(3)
    head = head.removeprefix(_BOM)
    while head == b"" or not head.strip(_WHITE):
        more = stream.read(1)
        if not more:
            break
        head += more
        if len(head) > _CHUNK_BYTES:
            break
    return head


def _items_of_lines(head: bytes, stream: BinaryIO) -> Iterator[Found]:
    number = 0
    *whole, begun = head.split(b"\n")
    for line in whole:
        number += 1
        if line.strip(_WHITE):
            yield _line(number, line)
    while True:
        number += 1
        rest = stream.readline(MAX_ITEM_BYTES + 1)
        line, begun = begun + rest, b""
        if not line:
            return
        if len(rest) > MAX_ITEM_BYTES and not rest.endswith(b"\n"):
            _skip_line(stream)
            yield Found(f"line {number}", None)
        elif line.strip(_WHITE):
            yield _line(number, line)


def _line(number: int, line: bytes) -> Found:
    # Bytes that are no UTF-8 become single surrogates here, and are mended as those are.
    return Found(f"line {number}", line.decode(errors="surrogateescape").strip(_AROUND))


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(_CHUNK_BYTES)) and not rest.endswith(b"\n"):
        pass


def _items_of_array(head: bytes, stream: BinaryIO) -> Iterator[Found]:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    cutter = _ArrayCutter()
    chunk = head
    number = 0
    while chunk:
        for text in cutter.cut(decoder.decode(chunk)):
            if text is None or text.strip(_AROUND):
                number += 1
                yield Found(f"item {number}", text)
        chunk = stream.read(_CHUNK_BYTES)
    if cutter.depth:
        yield Found(f"item {number + 1}", cutter.rest())


class _ArrayCutter:
    """Cuts the items out of one array's text, piece by piece: knows strings and brackets, no more."""

    def __init__(self) -> None:
        self.depth = 0
        self._in_string = False
        self._skip_chars = 0
        self._held: list[str] = []
        self._held_chars = 0

    def cut(self, text: str) -> Iterator[str | None]:
        """The items that end in this piece; ``None`` for one that was too big."""
        start, position, self._skip_chars = 0, self._skip_chars, 0
        while position < len(text):
            if self._in_string:
                position = self._through_string(text, position)
                continue
            match = _STRUCTURE.search(text, position)
            if match is None:
                break
            position = match.end()
            sign = match[0]
            if sign in "{[" and self.depth == 0:
                start = position
            self._take(sign)
            if self._ends_item(sign):
                yield self._item(text[start : position - 1])
                start = position
        if self.depth:
            self._hold(text[start:])

    def _take(self, sign: str) -> None:
        if sign == '"':
            self._in_string = True
        elif sign in "{[":
            self.depth += 1
        elif sign in "}]":
            self.depth = max(self.depth - 1, 0)

    def _ends_item(self, sign: str) -> bool:
        return (sign == "," and self.depth == 1) or (sign in "}]" and self.depth == 0)

    def _through_string(self, text: str, position: int) -> int:
        """The position after the string's end, or after as much of it as is here."""
        while match := _STRING_END.search(text, position):
            if match[0] != "\\":
                self._in_string = False
                return match.end()
            # A stroke takes the next character with it, which may stand in the next piece.
            position = match.end() + 1
            if position > len(text):
                self._skip_chars = 1
                return len(text)
        return len(text)

    def _item(self, last: str) -> str | None:
        self._hold(last)
        held, too_big = self._held, self._held_chars > MAX_ITEM_BYTES
        self._held, self._held_chars = [], 0
        return None if too_big else "".join(held)

    def _hold(self, text: str) -> None:
        self._held_chars += len(text)
        if self._held_chars > MAX_ITEM_BYTES:
            self._held.clear()
        else:
            self._held.append(text)

    def rest(self) -> str | None:
        """What stands after the last item of an array that never closed."""
        return self._item("")
