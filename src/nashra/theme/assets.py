"""The templates, the one style block and the one script, read once; their hashes and the theme's digest.

Only this module opens these files, and only when it is imported.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

_THEME = Path(__file__).parent
# One after another they are the page's one script.
_SCRIPTS = ("comment.js", "puzzle.js", "postbox.js")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_LINE_COMMENT = re.compile(r"^//.*\n", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{2,}")


def _lean(source: str) -> str:
    """The source without indentation and blank lines: what a reader's line need not carry."""
    return _BLANK_LINES.sub("\n", _INDENT.sub("", source)).strip("\n")


def _read_templates() -> dict[str, str]:
    files = sorted((_THEME / "templates").glob("*.html"))
    return {file.name: _lean(file.read_text(encoding="utf-8")) + "\n" for file in files}


def _read_style() -> str:
    source = (_THEME / "static" / "newspaper.css").read_text(encoding="utf-8")
    lean = _lean(_COMMENT.sub("", source))
    return re.sub(r"\s*([{};,])\s*|(?<=:)\s+", r"\1", lean).replace(";}", "}")


def _read_script() -> str:
    source = "".join((_THEME / "static" / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    return _lean(_LINE_COMMENT.sub("", _INDENT.sub("", source)))


def _source_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _theme_digest() -> str:
    """One digest over everything that decides how a page looks: code, templates, style, script, words."""
    digest = hashlib.sha256()
    kinds = {".py", ".html", ".css", ".js", ".mo"}
    for file in sorted(file for file in _THEME.rglob("*") if file.suffix in kinds):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(_THEME).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


TEMPLATES = _read_templates()
STYLE = _read_style()
SCRIPT = _read_script()
THEME_DIGEST = _theme_digest()
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src {_source_hash(STYLE)}",
        f"script-src {_source_hash(SCRIPT)}",
        "img-src 'self' data:",
        "form-action 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
