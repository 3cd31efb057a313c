"""Reads a whole pressed folder as readers and machines do: every page, every link, every sibling.

``crawl`` gives sentences about what is wrong, and an empty list where all is well. It knows addresses by
``edition.paths`` alone, and nothing of how the press works. Two things are asked of a site:

- *at every moment*, a killed run's included: each file is whole, each sibling (``.gz``, ``.br``) decodes
  to its page, nothing lies about that is no page, and wherever readers get by links, no link leads to
  where nothing is;
- *when the press has ended*: no link leads to an address that was left or withdrawn, every page can be
  reached, and the map of moved addresses says what the files say.
"""

from __future__ import annotations

import functools
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import brotli
from lxml import etree, html

from nashra.edition import paths

SITE_URL = "http://127.0.0.1:8000"
STARTS = ("/", "/sitemap.xml", "/robots.txt", "/verify/", "/mirrors/")
SIBLINGS = {".gz": gzip.decompress, ".br": brotli.decompress}

_PAGE_NAMES = {paths.PAGE_FILE, paths.GONE_FILE, paths.NOT_FOUND_FILE}
_TEXT_NAMES = {paths.MOVED_FILE, "robots.txt"}
_PHOTO = re.compile(r"photos/[0-9a-f]{20}-\d+\.(avif|webp|jpg)")
_ONE_URL = ("href", "src", "action", "poster", "data", "cite")
_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"


@dataclass(frozen=True)
class Read:
    """What a page says, read once for all runs in which it stands with the same bytes."""

    links: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    fault: str = ""


@dataclass
class Site:
    """A folder's files, as they lay when it was read."""

    folder: Path
    site_url: str = SITE_URL
    files: dict[str, bytes] = field(default_factory=dict)
    _answers: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in sorted(self.folder.rglob("*")):
            if file.is_file():
                self.files[file.relative_to(self.folder).as_posix()] = file.read_bytes()

    def answer(self, address: str) -> tuple[int, str]:
        """The status that an address has, and the file that says so."""
        if address not in self._answers:
            self._answers[address] = self._find(address)
        return self._answers[address]

    def _find(self, address: str) -> tuple[int, str]:
        for status, path in (
            (200, paths.page_path(address)),
            (410, paths.gone_path(address)),
            (301, paths.moved_path(address)),
        ):
            if path in self.files:
                return status, path
        return 404, ""

    def target(self, url: str) -> tuple[str, str] | None:
        """Address and anchor that a link of ours leads to; nothing for those that lead elsewhere.

        Raises:
            paths.BadAddress: it leads to an address that no page of ours can have.
        """
        own = url.removeprefix(self.site_url) if url.startswith(self.site_url) else url
        if not own.startswith("/") or own.startswith(("//", "/readers/")):
            return None
        parts = urlsplit(own)
        return paths.address_of_request(parts.path.encode("ascii")), unquote(parts.fragment)


def crawl(folder: Path, *, site_url: str = SITE_URL, settled: bool = True) -> list[str]:
    """Every fault of a pressed folder; ``settled`` asks for what must hold once the press has ended."""
    site = Site(folder, site_url)
    faults = list(_faults_of_files(site))
    reached, broken = _follow(site, settled=settled)
    faults += broken
    if settled:
        faults += [f"{path}: no link leads to it" for path in sorted(_pages(site) - reached)]
        faults += _faults_of_map(site)
    return faults


def _pages(site: Site) -> set[str]:
    return {path for path in site.files if path.endswith(("/" + paths.PAGE_FILE, ".xml"))}


def _faults_of_files(site: Site) -> Iterator[str]:
    for path, content in site.files.items():
        suffix = path[-3:]
        if suffix in SIBLINGS:
            if fault := _sibling_fault(suffix, content, site.files.get(path[:-3])):
                yield f"{path}: {fault}"
        elif not _has_a_place(path):
            yield f"{path}: no file of the readers' site is named so"
        elif not path.startswith("photos/") and (fault := read_page(path, content, site.site_url).fault):
            yield f"{path}: {fault}"


def _has_a_place(path: str) -> bool:
    name = path.rpartition("/")[2]
    if name in _PAGE_NAMES | _TEXT_NAMES or name.endswith((".xml", f".xml.{paths.MOVED_FILE}")):
        return True
    return bool(_PHOTO.fullmatch(path))


@functools.lru_cache(maxsize=20_000)
def _sibling_fault(suffix: str, content: bytes, page: bytes | None) -> str:
    if page is None:
        return "a compressed sibling without its page"
    try:
        decoded = SIBLINGS[suffix](content)
    except (OSError, EOFError, zlib.error, brotli.error) as error:
        return f"a compressed sibling that cannot be decoded ({error})"
    return "" if decoded == page else "a compressed sibling that holds another page's bytes"


def read_page(path: str, content: bytes, site_url: str = SITE_URL) -> Read:
    """The links and anchors of a page, feed, sitemap or redirect, and whether it is whole."""
    name = path.rpartition("/")[2]
    if name.endswith(paths.MOVED_FILE):
        return _read_moved(content)
    if name == "robots.txt":
        lines = content.decode().splitlines()
        return Read(links=tuple(line[9:] for line in lines if line.startswith("Sitemap: ")))
    return _read_xml(content) if name.endswith(".xml") else _read_html(content, site_url)


def _read_moved(content: bytes) -> Read:
    line = content.decode("ascii", errors="replace")
    whole = re.fullmatch(r"/[!-~]*(/|\.xml)\n", line)
    return Read(links=(line[:-1],)) if whole else Read(fault=f"half a redirect: {line!r}")


@functools.lru_cache(maxsize=20_000)
def _read_xml(content: bytes) -> Read:
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError as error:
        return Read(fault=f"half a page: {error}")
    links = [element.text or "" for element in root.iter("{*}loc", "{*}link") if element.text]
    links += [element.get("href", "") for element in root.iter(_ATOM_LINK)]
    return Read(links=tuple(links))


@functools.lru_cache(maxsize=20_000)
def _read_html(content: bytes, site_url: str) -> Read:
    if not content.rstrip().endswith(b"</html>"):
        return Read(fault=f"half a page: it ends in {content[-40:]!r}")
    links: list[str] = []
    anchors: set[str] = set()
    parser = html.HTMLParser(encoding="utf-8")
    for element in html.document_fromstring(content, parser=parser).iter(etree.Element):
        attributes = element.attrib
        anchors.add(attributes.get("id", ""))
        links += [attributes[name] for name in _ONE_URL if name in attributes]
        links += [each.split()[0] for each in attributes.get("srcset", "").split(",") if each.strip()]
        if element.tag == "meta":
            links += [attributes["content"]] if attributes.get("content", "").startswith(site_url) else []
        elif element.tag == "script":
            links += re.findall(rf'"({re.escape(site_url)}/[^"]*)"', element.text or "")
    return Read(links=tuple(dict.fromkeys(links)), anchors=frozenset(anchors))


def _follow(site: Site, *, settled: bool) -> tuple[set[str], list[str]]:
    """The files that links lead to, and the links that lead nowhere."""
    faults: list[str] = []
    starts = [site.answer(address)[1] for address in STARTS]
    # Nobody links to these, and everybody may stand before one; whoever does follows its links.
    starts += [path for path in site.files if not path.endswith((".gz", ".br")) and path not in _pages(site)]
    waiting = [path for path in dict.fromkeys(starts) if path]
    reached = set(waiting)
    while waiting:
        path = waiting.pop()
        for found, fault in _steps(site, path, settled=settled):
            faults += [f"{path}: {fault}"] if fault else []
            if found and found not in reached:
                reached.add(found)
                waiting.append(found)
    return reached, faults


def _steps(site: Site, path: str, *, settled: bool) -> Iterator[tuple[str, str]]:
    if path.startswith("photos/"):
        return
    page = read_page(path, site.files[path], site.site_url)
    for url in page.links:
        if url.startswith("#"):
            yield "", "" if url[1:] in page.anchors else f"{url} is nowhere on the page"
            continue
        try:
            target = site.target(url)
        except paths.BadAddress as error:
            yield "", f"{url} {error}"
            continue
        if target is not None:
            yield _step(site, path, *target, settled=settled)


def _step(site: Site, path: str, address: str, anchor: str, *, settled: bool) -> tuple[str, str]:
    status, found = site.answer(address)
    is_redirect = path.endswith(paths.MOVED_FILE)
    if status == 404:
        return "", f"{address} leads to nothing"
    if status == 301 and (settled or is_redirect):
        return found, f"{address} leads to a redirect"
    if status == 410 and settled and not is_redirect:
        return found, f"{address} was withdrawn"
    if anchor and status == 200 and anchor not in read_page(found, site.files[found], site.site_url).anchors:
        return found, f"{address} has no place named {anchor}"
    return found, ""


def _faults_of_map(site: Site) -> Iterable[str]:
    """Whether the map that another web server reads names the very addresses that the files redirect."""
    file = site.folder.parent / "nginx" / "moved.map"
    if not file.is_file():
        return []
    said = dict(re.findall(r'^"(.*)" "(.*)";$', file.read_text(encoding="ascii"), re.MULTILINE))
    stands = {
        quote("/" + path.removesuffix(paths.MOVED_FILE).removesuffix(".")): content.decode().rstrip("\n")
        for path, content in site.files.items()
        if path.endswith(paths.MOVED_FILE)
    }
    wrong = sorted(said.items() ^ stands.items())
    return [f"moved.map and the redirects differ: {source} → {target}" for source, target in wrong]
