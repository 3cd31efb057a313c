"""A live page → the copy of it that an edition carries: nothing of its readers, and links that need no site.

The theme says what is only alive on our own site, between two marks; what is left is made fit for a stick,
a mirror and a folder by links from file to file. Must not read files, and must let no page through that
could still ask for anything: better no edition than one that betrays its reader.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from urllib.parse import quote

from nashra.edition.paths import PAGE_FILE, page_path

# What stands between these is left out of every copy. Whatever people wrote is escaped and can be neither.
LIVE_START = "<!--live-->"
LIVE_END = "<!--/live-->"

_CHARSET = '<meta charset="utf-8">\n'
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
# A whole tag; a value in quotes may hold anything but quotes.
_TAG = re.compile(r'<[a-zA-Z][^<>"]*(?:"[^"]*"[^<>"]*)*>')
_LINK = re.compile(r'(?<=\s)(href|src|srcset|poster)="(/[^"]*)"')
# Elements and attributes that run, send or fetch by themselves, and have no place in a copy.
_NOT_CARRIED = re.compile(
    r"<(?:script|form|button|input|textarea|template|iframe|object|embed|base|audio|video)\b"
    r'|<link\s+rel="(?!canonical|alternate|icon)|<link\s(?!rel=)|<meta\s[^>]*http-equiv="(?!Content-Security-Policy")'
    r'|\son[a-z]+\s*=|\s(?:src|srcset|poster|action|formaction)="(?:[a-z]+:)?[/\\]{2}|="javascript:'
    # The theme writes every value in double quotes; what is written otherwise did not come from it.
    r'|\s(?:src|srcset|href|poster|action|formaction|style)\s*=(?!")|\s(?:src|srcset|href|poster)\s+=',
    re.IGNORECASE,
)
# Addresses that only a server answers.
_SERVED = re.compile(r'(?<=\s)href="/readers/')


class NotForCarrying(ValueError):
    """A page of which no copy can be made; the message says what it holds."""


def edition_copy(page: bytes, address: str) -> bytes:
    """The copy of the page at this address, as UTF-8 HTML: the same bytes for the same page.

    Raises:
        NotForCarrying: it holds something that runs, sends or fetches, or marks that do not match.
    """
    text = _without_live_parts(page.decode("utf-8"), address)
    text = _with_policy(text, address)
    return _with_links_between_files(text, address).encode("utf-8")


def moved_copy(address: str, target: str, language: str) -> bytes:
    """The file at an old address, which leads to the new one without a server.

    It has no words but the new address itself, so that it needs no language of its own.
    """
    link = html.escape(relative_link(address, quote(target, safe="/!$&'()*+,;=:@")))
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n{_CHARSET}'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        f'<meta name="referrer" content="no-referrer">\n<meta http-equiv="refresh" content="0; url={link}">\n'
        f'<title>→</title>\n<p><a href="{link}">→ <bdi dir="ltr">{html.escape(target)}</bdi></a></p>\n'
    ).encode()


def relative_link(address: str, link: str) -> str:
    """A link to a percent-encoded address of this site, from the file of the page at ``address``."""
    path, mark, fragment = link.partition("#")
    up = "../" * page_path(address).count("/")
    file = path[1:] + PAGE_FILE if path.endswith("/") else path[1:]
    return f"{up}{file}{mark}{fragment}"


def _without_live_parts(text: str, address: str) -> str:
    first, *others = text.split(LIVE_START)
    kept = [first]
    for other in others:
        _live, end, rest = other.partition(LIVE_END)
        if not end:
            raise NotForCarrying(f"The page {address} has a part that begins to be live and never ends.")
        # A line that held nothing else goes with it, so that a page is the same with and without it.
        kept.append(rest.removeprefix("\n") if kept[-1].endswith("\n") else rest)
    left = "".join(kept)
    if LIVE_END in left:
        raise NotForCarrying(f"The page {address} has a part that ends to be live and never began.")
    return left


def _with_policy(text: str, address: str) -> str:
    """The policy stands in the page, since no server sends it with a file."""
    sources = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode('ascii')}'"
        for style in _STYLE.findall(text)
    )
    styles = f"style-src {sources}; " if sources else ""
    policy = f"default-src 'none'; {styles}img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
    head, charset, rest = text.partition(_CHARSET)
    if not charset:
        raise NotForCarrying(f"The page {address} does not say in its head that it is UTF-8.")
    return f'{head}{charset}<meta http-equiv="Content-Security-Policy" content="{policy}">\n{rest}'


def _with_links_between_files(text: str, address: str) -> str:
    def tag(match: re.Match[str]) -> str:
        found = match[0]
        if bad := _NOT_CARRIED.search(found) or _SERVED.search(found):
            raise NotForCarrying(f"The page {address} holds {bad[0].strip()!r}, which no copy may carry.")
        return _LINK.sub(link, found)

    def link(match: re.Match[str]) -> str:
        name, value = match.groups()
        if name != "srcset":
            return f'{name}="{_one_link(address, value)}"'
        candidates = (candidate.strip() for candidate in value.split(", "))
        return f'srcset="{", ".join(_one_link(address, candidate) for candidate in candidates)}"'

    return _TAG.sub(tag, text)


def _one_link(address: str, link: str) -> str:
    if link.startswith(("//", "/\\")):
        raise NotForCarrying(f"The page {address} leads to another host: {link}")
    return relative_link(address, link)
