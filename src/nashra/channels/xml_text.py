"""Text as XML 1.0 can hold it; must not change anything that a reader would see.

Feeds and sitemaps are written as text and not as trees: items are kept ready-made, and a month's
sitemap is a line a story.
"""

from __future__ import annotations

import html
import re

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# Everything but Char of XML 1.0 (fifth edition), section 2.2: most control characters, lone
# surrogates, U+FFFE and U+FFFF. No reference may name them either, so they can only be left out.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile("[\t\n\r]+")


def plain(text: str) -> str:
    """Plain text on one line, for an element or an attribute.

    Characters that XML forbids are left out. Marks of direction, joiners and everything else stay.
    """
    if not text.isprintable():  # Printable text has none of them, and most text is.
        text = _LINE_ENDS.sub(" ", _FORBIDDEN.sub("", text))
    # Hexadecimal references are what most feed readers take as plain text, says the RSS Advisory
    # Board's best practices profile.
    text = text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")
    return text.replace('"', "&#x22;")


def as_html(text: str) -> str:
    """Plain text for an element whose content is read as HTML: escaped twice, once for each reading."""
    return plain(html.escape(text, quote=False))
