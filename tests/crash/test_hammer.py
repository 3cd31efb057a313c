"""Several workers hand out one page in three codings while it is written anew as fast as can be.

Whatever a reader gets decodes to one whole version, the same for all who are told the same ETag.
"""

from __future__ import annotations

import gzip
import http.client
import threading
import time
from collections import defaultdict
from pathlib import Path

import brotli

from nashra.press.render import press_file
from nashra.press.write import SiteWriter

SECONDS = 3.0
READERS = 4
ADDRESS = "/en/hammered/"
DECODE = {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}
# A page of some length, so that half of it could be told from the whole.
LINES = 400


def page(version: int) -> bytes:
    """A page that says on every line which version it is."""
    lines = "".join(f"<p>The ferry came in, version {version}.</p>\n" for _number in range(LINES))
    return f"<!doctype html>\n<title>version {version}</title>\n{lines}</html>\n".encode()


class Readers:
    """Some readers, asking again and again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.stop = threading.Event()
        self.troubles: list[str] = []
        self.answers = 0
        self.bodies: dict[str, set[bytes]] = defaultdict(set)
        self.codings: set[str] = set()

    def read(self) -> None:
        """Ask until told to stop."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.stop.is_set():
            for accepted in ("gzip", "br", "identity"):
                self._take(connection, accepted)
        connection.close()

    def _take(self, connection: http.client.HTTPConnection, accepted: str) -> None:
        connection.request("GET", ADDRESS, headers={"Accept-Encoding": accepted})
        answer = connection.getresponse()
        content, coding = answer.read(), answer.getheader("Content-Encoding", "")
        self.answers += 1
        self.codings.add(coding)
        try:
            body = DECODE[coding](content)
        except (OSError, EOFError, brotli.error) as error:
            self.troubles.append(f"{accepted}: {error}")
            return
        version = body.partition(b"<title>version ")[2].partition(b"<")[0].decode()
        if answer.status != 200 or body != page(int(version or 0)):
            self.troubles.append(f"{accepted}: {answer.status}, no whole version: {body[:80]!r}")
        self.bodies[answer.getheader("ETag", "").strip('"')[:32]].add(body)


def write_anew(folder: Path, seconds: float) -> int:
    """Write version after version, as the press does; gives the last."""
    writer = SiteWriter(folder, folder.with_name("site.tmp"))
    path = f"{ADDRESS[1:]}index.html"
    version, end = 1, time.monotonic() + seconds
    while time.monotonic() < end:
        version += 1
        writer.put(press_file(path, page(version)))
        if version % 3:
            writer.add_brotli([path])
        # Some versions stand long enough to be taken for settled, others not at all.
        time.sleep(0.02 if version % 7 else 0.3)
    return version


def test_no_reader_gets_a_sibling_of_another_version_while_a_page_is_rewritten(room):
    writer = SiteWriter(room.site, room.newsroom.var / "site.tmp")
    path = f"{ADDRESS[1:]}index.html"
    try:
        with room.newsroom.serving("serve", "--workers", "2") as serving:
            writer.put(press_file(path, page(1)))
            serving.wait_for_page(ADDRESS, "version 1")
            readers = Readers(serving.port)
            threads = [threading.Thread(target=readers.read) for _number in range(READERS)]
            for thread in threads:
                thread.start()
            last = write_anew(room.site, SECONDS)
            readers.stop.set()
            for thread in threads:
                thread.join()
            latest = Readers(serving.port)
            time.sleep(1.5)
            latest.stop = _after_one_round()
            latest.read()
    finally:
        writer.remove([path])
    assert not readers.troubles, "\n".join(readers.troubles[:10])
    assert readers.codings == {"gzip", "br", ""}
    assert readers.answers > 100
    mixed = [etag for etag, bodies in readers.bodies.items() if len(bodies) > 1]
    assert not mixed, "one ETag for two versions"
    assert {body for bodies in latest.bodies.values() for body in bodies} == {page(last)}


def _after_one_round() -> threading.Event:
    """Ends a reader after each coding was asked for once."""

    class OneRound(threading.Event):
        rounds = 0

        def is_set(self) -> bool:
            self.rounds += 1
            return self.rounds > 1

    return OneRound()
