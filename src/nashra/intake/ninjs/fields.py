"""An item's properties in the spellings of ninjs 1.x, 2.x and 3.x, with their types checked.

Must not know what a property is used for.
"""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from nashra.intake.ninjs.report import BadItem, Finding

# A property's name in 3.x, and what older versions call it; 2.0 and 2.1 write all names in small letters.
_OLDER_NAMES = {
    "by": ("byline",),
    "people": ("person",),
    "subjects": ("subject",),
    "infosources": ("infosource",),
    "embargoeduntil": ("embargoed",),
}
_KINDS = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list"}
_CONTROL_SIGNS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_DOUBTFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
MENDED_SIGNS = Finding("Signs that no text may hold were taken out or marked with �")
NO_ZONE = Finding("A date without a zone was taken in the publication's own")


class Fields:
    """One object of an item; asks for each property by its name in ninjs 3.1."""

    def __init__(self, value: Mapping[str, Any], findings: list[Finding]) -> None:
        self._values = {key.lower(): part for key, part in value.items()}
        self._findings = findings

    def text(self, name: str) -> str:
        """A property's text, or "" where it is not there.

        Raises:
            BadItem: it is no text.
        """
        value = self._value(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise BadItem(f"has a “{name}” that is {_kind(value)}, not text.")
        return self._mended(value)

    def mild_text(self, name: str) -> str:
        """As ``text``; what is no text is named and left out, since the story stands without it."""
        try:
            return self.text(name)
        except BadItem as error:
            self._findings.append(_wrong_type(str(error)))
            return ""

    def objects(self, name: str) -> Iterator[Fields]:
        """The objects of a list; anything else among them, or in its place, is named and left out."""
        value = self._value(name)
        if isinstance(value, Mapping):
            # Older versions keep associations and renditions by name.
            value = list(value.values())
        if value is not None and not isinstance(value, list):
            self._findings.append(_wrong_type(f"has a “{name}” that is {_kind(value)}, not a list."))
            return
        for part in value or ():
            if isinstance(part, Mapping):
                yield Fields(part, self._findings)
            else:
                self._findings.append(_wrong_type(f"has {_kind(part)} in “{name}”, not an object."))

    def moment(self, name: str, zone: datetime.tzinfo) -> datetime.datetime | None:
        """A date and time; one without a zone is taken in ``zone``, and named.

        Raises:
            BadItem: it is no date.
        """
        text = self.text(name).strip()
        if not text:
            return None
        try:
            moment = datetime.datetime.fromisoformat(text)
            if moment.tzinfo is None:
                self._findings.append(Finding(NO_ZONE.kind, f"{name} {text}"))
                moment = moment.replace(tzinfo=zone)
            return moment.astimezone(datetime.UTC)
        except (ValueError, OverflowError) as error:
            raise BadItem(f"has a “{name}” that is no date: {text[:40]!r}.") from error

    def mild_moment(self, name: str, zone: datetime.tzinfo) -> datetime.datetime | None:
        """As ``moment``; what is no date is named and left out."""
        try:
            return self.moment(name, zone)
        except BadItem as error:
            self._findings.append(_wrong_type(str(error)))
            return None

    def has(self, name: str) -> bool:
        """Whether a property is there at all."""
        return self._value(name) is not None

    def variants(self, name: str) -> Iterator[tuple[str, str]]:
        """``name_text``, ``name_html`` and the like of ninjs 1.x: what follows the stroke, and the text."""
        for key in sorted(self._values):
            if key.startswith(f"{name}_"):
                yield key.removeprefix(f"{name}_"), self.text(key)

    def _value(self, name: str) -> Any:
        key = name.lower()
        for spelling in (key, *_OLDER_NAMES.get(key, ())):
            if self._values.get(spelling) is not None:
                return self._values[spelling]
        return None

    def _mended(self, text: str) -> str:
        if not _DOUBTFUL.search(text):
            return text
        if MENDED_SIGNS not in self._findings:
            self._findings.append(MENDED_SIGNS)
        return _SURROGATES.sub("\ufffd", _CONTROL_SIGNS.sub("", text))


def _wrong_type(sentence: str) -> Finding:
    return Finding("A property of the wrong kind was left out", f"the item {sentence}")


def _kind(value: Any) -> str:
    return "nothing" if value is None else _KINDS.get(type(value), "an object")


def time_zone(name: str) -> datetime.tzinfo:
    """A publication's time zone; UTC where this machine does not know it."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return datetime.UTC
