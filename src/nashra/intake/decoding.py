"""A saved page's bytes → its text, or one sentence that says why they are no page.

Pure: it opens no file. A page must be UTF-8, except that HTML may declare a charset of its own.
"""

from __future__ import annotations

import codecs
import re

from nashra.intake.parts import UnreadablePage

MAX_PAGE_BYTES = 5_000_000
# The HTML standard has browsers look for a declared charset in the first 1,024 bytes.
CHARSET_SCAN_BYTES = 1024

_OTHER_FORMATS = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"bplist", "a Safari web archive"),
    (b"From: <Saved by", "a page saved as one MHTML archive"),
    (b"MIME-Version:", "a page saved as one MHTML archive"),
)
_ADVICE = "save the page as text or as HTML and import that."
_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.\-]+)", re.IGNORECASE)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|main|article|title|meta|"
    r"div|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
# Python's own names of the charsets that the Encoding standard lists. Python knows more codecs,
# some of which are no charsets at all (base64, zip, unicode_escape) and must not be run.
_KNOWN_CHARSETS = frozenset(
    [f"cp{number}" for number in (866, *range(1250, 1259))]
    + [f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)]
    + ["utf-8", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "euc_kr"]
    + ["gbk", "gb18030", "big5", "euc_jp", "shift_jis", "iso2022_jp"]
)
# Browsers read some labels as a bigger charset. Source: the Encoding standard, "Names and labels".
_AS_BROWSERS_READ = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gbk", "iso8859-9": "cp1254"}
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The page's text, and the findings about how it was read.

    Raises:
        UnreadablePage: empty, too big, binary, another format, or in a charset that it does not say.
    """
    if len(raw) > MAX_PAGE_BYTES:
        raise UnreadablePage(
            f"is bigger than a page of text can be ({MAX_PAGE_BYTES // 1_000_000} MB at most)."
        )
    if not raw.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadablePage("is empty.")
    for magic, name in _OTHER_FORMATS:
        if raw.startswith(magic):
            raise UnreadablePage(f"is {name}, not a page of text: {_ADVICE}")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadablePage("is UTF-16, not UTF-8: save it as UTF-8 and import that.")
    # No charset that a page may be in uses these; escape, which some do, is looked for in the text.
    if _BINARY.search(raw):
        raise UnreadablePage(f"is binary, not a page of text: {_ADVICE}")
    text, findings = _text_of(raw.removeprefix(codecs.BOM_UTF8))
    if _CONTROL.search(text):
        raise UnreadablePage(f"is binary, not a page of text: {_ADVICE}")
    return text, findings


def is_html(text: str) -> bool:
    """Whether a page is HTML: it begins as HTML does, or closes paragraphs as only HTML does."""
    return (
        bool(_HTML_START.match(text[:20_000]))
        or len(re.findall(r"</(?:p|h1|div)>", text, re.IGNORECASE)) >= 3
    )


def _text_of(raw: bytes) -> tuple[str, tuple[str, ...]]:
    declared = _CHARSET.search(raw[:CHARSET_SCAN_BYTES])
    label = declared.group(1).decode("ascii") if declared else ""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _in_declared_charset(raw, label, error), ()
    if label and not raw.isascii() and _charset_of(label) not in {"utf-8", None}:
        # Browsers rewrite a page as UTF-8 when they save it and leave its declaration as it was.
        return text, (f"The page declares {label}, but its bytes are UTF-8 and were read so.",)
    return text, ()


def _in_declared_charset(raw: bytes, label: str, error: UnicodeDecodeError) -> str:
    charset = _charset_of(label)
    if charset in {"utf-8", None}:
        line = raw.count(b"\n", 0, error.start) + 1
        unknown = f" and declares {label}, which is not known here" if label and charset is None else ""
        raise UnreadablePage(
            f"is not UTF-8 (line {line}){unknown}: save it as UTF-8 and import that."
        ) from error
    try:
        return raw.decode(charset or "utf-8")
    except UnicodeDecodeError as mismatch:
        raise UnreadablePage(
            f"declares {label}, but its bytes are neither that nor UTF-8: save it as UTF-8 and import that."
        ) from mismatch


def _charset_of(label: str) -> str | None:
    """Python's name for a charset's label, or None for one that a page cannot declare."""
    if not label:
        return None
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return None
    name = _AS_BROWSERS_READ.get(name, name)
    # The standard reads a declared UTF-16 as UTF-8: the declaration could not have been found otherwise.
    if name.startswith("utf-16"):
        return "utf-8"
    return name if name in _KNOWN_CHARSETS else None
