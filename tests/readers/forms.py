"""Finds the forms in an answer, as a browser would send them."""

from __future__ import annotations

import html
import re
from typing import Any

_HIDDEN_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def hidden_fields(answer: Any) -> dict[str, str]:
    """The hidden fields of an answer's forms, with LF turned into CRLF as browsers do."""
    found = _HIDDEN_FIELD.findall(answer.content.decode())
    return {name: html.unescape(value).replace("\n", "\r\n") for name, value in found}


def page_text(answer: Any) -> str:
    """The answer's page, its entities resolved."""
    return html.unescape(answer.content.decode())
