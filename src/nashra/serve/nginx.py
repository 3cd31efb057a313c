"""What an nginx (or a Caddy) before ``var/site/`` must be told by us: headers, types, notices.

The policy names the theme's style and script by their hashes, so these files change with the theme and
are written by the press, beside ``moved.map``. The rest of the configuration stands in ``deploy/``. Pure:
must not write files, and must give the same text for the same theme.
"""

from __future__ import annotations

from nashra.serve.headers import SERVED_TYPES, security_headers
from nashra.serve.notices import moved_notice, notice

# An address that no page has, in the place of the one that nginx fills in.
_PLACE = "/NASHRA-MOVED-TO/"
_NGINX_MOVED_TO = "$nashra_location"
NOTICES = (400, 404, 405, 413, 503)


def nginx_files(content_security_policy: str) -> dict[str, bytes]:
    """All files that the configurations in ``deploy/`` include, by their path beneath ``var/nginx/``."""
    files = {
        "security.conf": nginx_headers(content_security_policy),
        "types.conf": nginx_types(),
        "moved.conf": nginx_moved_answer(),
        "security.caddy": caddy_headers(content_security_policy),
    }
    pages = {f"notices/{status}.html": notice(status) for status in NOTICES}
    return {**{name: text.encode() for name, text in files.items()}, **pages}


def nginx_headers(content_security_policy: str) -> str:
    """The headers that every answer bears, as ``add_header`` lines."""
    return "".join(
        f'add_header {name} "{value}" always;\n' for name, value in security_headers(content_security_policy)
    )


def nginx_types() -> str:
    """The types of all files that a site may hold, as a ``types`` block."""
    lines = "".join(f'    "{media_type}" {ending[1:]};\n' for ending, media_type in SERVED_TYPES.items())
    return f"types {{\n{lines}}}\n"


def nginx_moved_answer() -> str:
    """The body of a redirect as a ``return`` line: nginx's own would name itself and speak English."""
    text = moved_notice(_PLACE).decode().replace(_PLACE, _NGINX_MOVED_TO)
    return f"return 200 '{_in_quotes(text)}';\n"


def caddy_headers(content_security_policy: str) -> str:
    """The headers that every answer bears, as the lines of a Caddy ``header`` block."""
    return "".join(f'{name} "{value}"\n' for name, value in security_headers(content_security_policy))


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
