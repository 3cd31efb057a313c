"""A stream of XML → the records that were asked for, one after the other; no tree is kept.

What was not asked for (addresses, e-mail, agents) is passed over and never put together. A file that
declares a document type is refused, so that no entity is ever defined or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO

from lxml import etree

from nashra.intake.comments.parts import BadFile

# Far more than a comment's words with their markup can be, and little enough to hold.
MAX_FIELD_CHARS = 60_000
_CHUNK_BYTES = 64 * 1024
_NAMESPACES = (
    (re.compile(r"http://wordpress\.org/export/1\.\d+/"), "wp:"),
    (re.compile(r"http://disqus\.com/?"), ""),
    (re.compile(r"http://disqus\.com/disqus-internals/?"), "dsq:"),
)
# Exports hold control characters that people pasted; no XML may, and no comment keeps them.
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32)])
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00")


@dataclass(slots=True)
class Record:
    """An element with its fields; ``within`` is the number of the record that it stands in."""

    path: str
    number: int
    within: int
    depth: int
    fields: dict[str, str] = field(default_factory=dict)
    too_long: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def records(stream: BinaryIO, wanted: Mapping[str, frozenset[str]], *, what: str) -> Iterator[Record]:
    """The elements at the paths that are wanted, each with the fields named for it, when it ends.

    An attribute ``dsq:id`` is the field ``@id``, or ``NAME@id`` where a field's element has it. ``what``
    says what the file should be, such as "a WordPress export".

    Raises:
        BadFile: it is no XML, or broken, in no known encoding, with a document type, or something else.
    """
    target = _Target(wanted, what)
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        chunk = stream.read(_CHUNK_BYTES)
        if not chunk:
            raise BadFile("is empty.")
        is_wide = chunk.startswith(_WIDE_MARKS)
        while chunk:
            parser.feed(chunk if is_wide else chunk.translate(None, _CONTROLS))
            yield from target.take()
            chunk = stream.read(_CHUNK_BYTES)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise BadFile(_sentence(error, what)) from error
    yield from target.take()


def _sentence(error: etree.XMLSyntaxError, what: str) -> str:
    line = error.position[0] or 1
    codes = etree.ErrorTypes
    if error.code == codes.ERR_UNSUPPORTED_ENCODING:
        return f"says that it is in an encoding that nobody here knows (line {line}): save it as UTF-8."
    if error.code in {codes.ERR_INVALID_ENCODING, codes.ERR_INVALID_CHAR, codes.ERR_UNKNOWN_ENCODING}:
        return (
            f"holds bytes at line {line} that are not in the encoding that it says (UTF-8 where it says "
            "none): export it again, or name its encoding in its first line."
        )
    if error.code == codes.ERR_DOCUMENT_EMPTY:
        return f"is no XML, and so not {what}."
    reason = error.msg.partition(", line ")[0]
    return f"is broken XML at line {line} ({reason}), perhaps cut off: export it again."


class _Target:
    """Takes lxml's events; holds the elements that stand open, and the field that is being read."""

    def __init__(self, wanted: Mapping[str, frozenset[str]], what: str) -> None:
        self._wanted = wanted
        self._what = what
        self._roots = {path.partition("/")[0] for path in wanted}
        # Each open element's name, and the way to it.
        self._path: list[str] = []
        self._paths: list[str] = []
        self._open: list[Record] = []
        self._done: list[Record] = []
        self._number = 0
        self._field = ""
        self._pieces: list[str] | None = None
        self._chars = 0

    def take(self) -> list[Record]:
        """The records that ended since the last time."""
        done, self._done = self._done, []
        return done

    def doctype(self, *_declared: object) -> None:
        """Refuse: what a document type declares can fill a machine's memory."""
        raise BadFile(f"declares a document type of its own, which {self._what} never does.")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name = _name(tag)
        if not self._path and name not in self._roots:
            raise BadFile(f"is XML, but not {self._what}.")
        path = f"{self._paths[-1]}/{name}" if self._path else name
        self._path.append(name)
        self._paths.append(path)
        fields = self._wanted.get(path)
        if fields is not None:
            self._number += 1
            within = self._open[-1].number if self._open else 0
            self._open.append(Record(path, self._number, within, len(self._path)))
            self._keep_id("@id", attributes)
        elif self._open and len(self._path) == self._open[-1].depth + 1:
            if name in self._wanted[self._open[-1].path]:
                self._field, self._pieces, self._chars = name, [], 0
                self._keep_id(f"{name}@id", attributes)
        elif self._open and len(self._path) == self._open[-1].depth + 2:
            self._inner(f"{self._path[-2]}/{name}")

    def _inner(self, name: str) -> None:
        if name in self._wanted[self._open[-1].path]:
            self._field, self._pieces, self._chars = name, [], 0

    def _keep_id(self, name: str, attributes: Mapping[str, str]) -> None:
        for attribute, value in attributes.items():
            if _name(attribute) == "dsq:id":
                self._open[-1].fields[name] = value

    def data(self, text: str) -> None:
        """Text of an element, perhaps a piece of it."""
        if self._pieces is None:
            return
        self._chars += len(text)
        if self._chars <= MAX_FIELD_CHARS:
            self._pieces.append(text)

    def end(self, _tag: str) -> None:
        """An element ends."""
        name = self._path[-1]
        if self._open and len(self._path) == self._open[-1].depth:
            self._done.append(self._open.pop())
        elif self._pieces is not None and self._field.rpartition("/")[2] == name:
            self._end_field()
        self._path.pop()
        self._paths.pop()

    def _end_field(self) -> None:
        record, pieces = self._open[-1], self._pieces or []
        if self._chars > MAX_FIELD_CHARS:
            record.too_long.add(self._field)
        else:
            record.fields[self._field] = "".join(pieces)
        self._pieces = None

    def close(self) -> None:
        """The file ends."""


@lru_cache(maxsize=1024)
def _name(tag: str) -> str:
    """An element's name with the prefix that we know its namespace by."""
    if not tag.startswith("{"):
        return tag
    namespace, _brace, local = tag[1:].partition("}")
    for pattern, prefix in _NAMESPACES:
        if pattern.fullmatch(namespace):
            return prefix + local
    return f"?:{local}"
