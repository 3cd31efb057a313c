"""What stays in memory, and how a new press is seen."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import brotli

from nashra.serve.generation import announce, generation_file
from nashra.serve.stand import Stand
from tests.serve.asking import Reader
from tests.serve.conftest import POLICY, STORY, Clock, press, reader_of


def test_a_new_press_is_seen_at_once(site: Path, reader: Reader) -> None:
    before = reader.get("/en/", accept_encoding="br")
    press(site, "en/index.html", "HOME")
    after = reader.get("/en/", accept_encoding="br", if_none_match=before["etag"])
    assert after.status == 200
    assert reader.get("/en/").body == b"HOME"


def test_a_removed_page_is_gone_at_once(site: Path, stand: Stand, reader: Reader) -> None:
    assert reader.get("/en/").status == 200
    (site / "en/index.html").unlink()
    assert reader.get("/en/").status == 404
    (site / "en/404.html").unlink()
    assert reader.get("/en/").body == b"nothing here"


def test_a_page_is_read_from_disk_once(site: Path, reader: Reader) -> None:
    path = site / "en/index.html"
    assert reader.get("/en/").body == b"home"
    first = path.stat()
    # The same size, time and inode: only somebody who reads again could see the difference.
    with path.open("r+b") as file:
        file.write(b"HOME")
    os.utime(path, ns=(first.st_atime_ns, first.st_mtime_ns))
    assert reader.get("/en/").body == b"home"


def test_the_shelf_stays_within_its_bound(site: Path) -> None:
    bound = 200_000
    stand = Stand(site, content_security_policy=POLICY, shelf_bytes=bound)
    reader = reader_of(stand)
    for number in range(120):
        press(site, f"en/stories/{number}/index.html", STORY + str(number))
        for coding in ("gzip", "identity"):
            assert reader.get(f"/en/stories/{number}/", accept_encoding=coding).status == 200
            assert stand.shelf.used_bytes <= bound
    kept = [stand.shelf.fresh(f"/en/stories/{number}/".encode(), 0) for number in range(120)]
    assert 2 < sum(file is not None for file in kept) < 60
    assert sum(file.memory_bytes for file in kept if file) == stand.shelf.used_bytes


def test_what_readers_ask_most_stays_on_the_shelf(site: Path) -> None:
    stand = Stand(site, content_security_policy=POLICY, shelf_bytes=200_000)
    reader = reader_of(stand)
    for number in range(40):
        press(site, f"en/stories/{number}/index.html", STORY)
        reader.get("/en/")
        reader.get(f"/en/stories/{number}/")
    assert stand.shelf.fresh(b"/en/", 0) is not None
    assert stand.shelf.fresh(b"/en/stories/0/", 0) is None


def test_missing_addresses_take_no_room(stand: Stand, reader: Reader) -> None:
    for number in range(500):
        assert reader.get(f"/en/none/{number}/").status == 404
        assert reader.get(f"/{number}/").status == 404
    assert len(stand.shelf) == 2


def test_spellings_of_one_address_share_one_place(site: Path, stand: Stand, reader: Reader) -> None:
    press(site, "en/éé/index.html", "twice")
    for first in ("%C3%A9", "e%CC%81"):
        for second in ("%C3%A9", "e%CC%81"):
            assert reader.get(f"/en/{first}{second}/").body == b"twice"
    assert len(stand.shelf) == 1


def test_a_file_too_big_for_memory_is_sent_from_disk(site: Path) -> None:
    stand = Stand(site, content_security_policy=POLICY, shelf_bytes=100_000)
    reader = reader_of(stand)
    page = "<p>" + "long " * 20_000
    press(site, "en/long/index.html", page)
    answer = reader.get("/en/long/", accept_encoding="br")
    assert answer.body.decode() == page
    assert answer["content-length"] == str(len(page))
    assert reader.get("/en/long/", if_none_match=answer["etag"]).status == 304
    assert stand.shelf.used_bytes < 10_000


def test_a_page_is_looked_at_again_after_fifty_milliseconds(site: Path) -> None:
    clock = Clock()
    stand = Stand(site, content_security_policy=POLICY, clock=clock)
    reader = reader_of(stand)
    assert reader.get("/en/").body == b"home"
    press(site, "en/index.html", "HOME")
    clock.seconds += 0.049
    assert reader.get("/en/").body == b"home"
    clock.seconds += 0.002
    assert reader.get("/en/").body == b"HOME"
    (site / "en/index.html").unlink()
    clock.seconds += 0.051
    assert reader.get("/en/").status == 404


def test_a_change_that_is_announced_is_seen_twenty_milliseconds_later(site: Path) -> None:
    announce(site)
    clock = Clock()
    reader = reader_of(Stand(site, content_security_policy=POLICY, clock=clock))
    for number in range(5):
        press(site, "en/index.html", f"home {number}")
        announce(site)
        clock.seconds += 0.021
        assert reader.get("/en/").body == f"home {number}".encode()
    (site / "en/index.html").unlink()
    announce(site)
    clock.seconds += 0.021
    assert reader.get("/en/").status == 404


def test_a_change_that_nobody_announced_is_seen_half_a_second_later(site: Path) -> None:
    announce(site)
    clock = Clock()
    reader = reader_of(Stand(site, content_security_policy=POLICY, clock=clock))
    assert reader.get("/en/").body == b"home"
    press(site, "en/index.html", "HOME")
    clock.seconds += 0.49
    assert reader.get("/en/").body == b"home"
    clock.seconds += 0.02
    assert reader.get("/en/").body == b"HOME"


def test_a_page_that_is_replaced_before_the_announcement_is_looked_at_again(site: Path) -> None:
    announce(site)
    clock = Clock()
    reader = reader_of(Stand(site, content_security_policy=POLICY, clock=clock))
    press(site, "en/index.html", "first")
    assert reader.get("/en/").body == b"first"
    press(site, "en/index.html", "second")
    announce(site)
    clock.seconds += 0.021
    assert reader.get("/en/").body == b"second"


def test_the_count_of_changes_is_never_served(site: Path, reader: Reader) -> None:
    announce(site)
    assert not generation_file(site).is_relative_to(site)
    for target in ("/site.generation", "/../site.generation", "/.generation"):
        assert reader.get(target).status in {400, 404}


def test_a_page_is_there_at_once_where_none_was(site: Path) -> None:
    stand = Stand(site, content_security_policy=POLICY, clock=Clock())
    reader = reader_of(stand)
    assert reader.get("/en/security/new/").status == 404
    press(site, "en/security/new/index.html", "new")
    assert reader.get("/en/security/new/").body == b"new"


def test_only_what_is_asked_for_is_kept(site: Path, stand: Stand, reader: Reader) -> None:
    press(site, "en/index.html", STORY)
    packed = gzip.compress(STORY.encode())
    press(site, "en/index.html.gz", packed)
    reader.get("/en/", accept_encoding="gzip")
    assert stand.shelf.used_bytes < len(packed) + 6000


def test_a_reader_sees_only_whole_pages_while_they_are_replaced(site: Path, reader: Reader) -> None:
    versions = {f"<p>{letter * 5000}</p>".encode() for letter in "abcdef"}
    press(site, "en/busy/index.html", next(iter(versions)))
    done = threading.Event()

    def replace() -> None:
        while not done.is_set():
            for version in versions:
                for ending in (".br", ".gz"):
                    (site / f"en/busy/index.html{ending}").unlink(missing_ok=True)
                press(site, "en/busy/index.html", version)
                press(site, "en/busy/index.html.gz", gzip.compress(version))
                press(site, "en/busy/index.html.br", brotli.compress(version, quality=1))

    pressing = threading.Thread(target=replace)
    pressing.start()
    try:
        for coding, unpack in [
            ("identity", bytes),
            ("gzip", gzip.decompress),
            ("br", brotli.decompress),
        ] * 100:
            answer = reader.get("/en/busy/", accept_encoding=coding)
            assert answer.status == 200
            said = answer.headers.get("content-encoding", "identity")
            assert said in {coding, "identity"}
            assert (unpack(answer.body) if said == coding else answer.body) in versions
    finally:
        done.set()
        pressing.join()
