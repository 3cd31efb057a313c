"""What stays in memory, and how a new press is seen."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from nashra.serve.stand import Stand
from tests.serve.asking import Reader
from tests.serve.conftest import POLICY, STORY, answer_as_django, press


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
    stand = Stand(site, readers=answer_as_django, content_security_policy=POLICY, shelf_bytes=bound)
    reader = Reader(stand)
    for number in range(120):
        press(site, f"en/stories/{number}/index.html", STORY + str(number))
        for coding in ("br", "gzip", "identity"):
            assert reader.get(f"/en/stories/{number}/", accept_encoding=coding).status == 200
            assert stand.shelf.used_bytes <= bound
    kept = [stand.shelf.fresh(f"/en/stories/{number}/") for number in range(120)]
    assert 2 < sum(file is not None for file in kept) < 60
    assert sum(file.memory_bytes for file in kept if file) == stand.shelf.used_bytes


def test_what_readers_ask_most_stays_on_the_shelf(site: Path) -> None:
    stand = Stand(site, readers=answer_as_django, content_security_policy=POLICY, shelf_bytes=200_000)
    reader = Reader(stand)
    for number in range(40):
        press(site, f"en/stories/{number}/index.html", STORY)
        reader.get("/en/")
        reader.get(f"/en/stories/{number}/")
    assert stand.shelf.fresh("/en/") is not None
    assert stand.shelf.fresh("/en/stories/0/") is None


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
    stand = Stand(site, readers=answer_as_django, content_security_policy=POLICY, shelf_bytes=100_000)
    reader = Reader(stand)
    page = "<p>" + "long " * 20_000
    press(site, "en/long/index.html", page)
    answer = reader.get("/en/long/", accept_encoding="br")
    assert answer.body.decode() == page
    assert answer["content-length"] == str(len(page))
    assert reader.get("/en/long/", if_none_match=answer["etag"]).status == 304
    assert stand.shelf.used_bytes < 10_000


def test_many_threads_see_only_whole_pages(site: Path, stand: Stand) -> None:
    versions = {f"<p>{letter * 5000}</p>".encode() for letter in "abcdef"}
    press(site, "en/busy/index.html", next(iter(versions)))
    wrong: list[bytes] = []
    done = threading.Event()

    def read() -> None:
        reader = Reader(stand)
        while not done.is_set():
            body = reader.get("/en/busy/").body
            if body not in versions:
                wrong.append(body)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        for version in versions:
            press(site, "en/busy/index.html", version)
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert Reader(stand).get("/en/busy/").body == version
    assert stand.shelf.used_bytes == sum(
        file.memory_bytes for file in [stand.shelf.fresh("/en/busy/")] if file is not None
    )
