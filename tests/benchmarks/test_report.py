"""What measurements become: a table that tells the truth, and a picture of it."""

import re

import pytest
from lxml import etree

from benchmarks import chart, goals, peers, report, watching

SVG = "{http://www.w3.org/2000/svg}"


def presses(*run_ms: int) -> list[dict]:
    return [{"run_ms": each, "whole_s": each / 1000 + 1, "files": 9} for each in run_ms]


def size(*, run_ms: int, hugo_s: list[float], peak_mb: int, pages: int) -> dict:
    return {
        "hugo_s": hugo_s,
        "plain": presses(run_ms, run_ms, run_ms),
        "gzip": presses(run_ms * 2, run_ms * 2, run_ms * 2),
        "pages": pages,
        "again_ms": [run_ms],
        "memory_bytes": {"nashra": peak_mb * 2**20},
        "import": {"seconds": 80.0, "peak_bytes": 200 * 2**20},
    }


def press_results(**changes) -> dict:
    small = {"run_ms": 1000, "hugo_s": [4.1, 9.0, 4.5], "peak_mb": 200, "pages": 10_000} | changes
    large = {"run_ms": 11_000, "hugo_s": [], "peak_mb": 230, "pages": 100_000}
    sizes = {"10000": size(**small), "100000": size(**large)}
    return {"measured_on": "2026-11-22", "machine": {}, "hugo": "hugo v1", "sizes": sizes}


def publish_results(*, ms: dict[str, int], files: dict[str, int], clicks: list[float]) -> dict:
    runs = {name: [{"run_ms": ms[name], "files_written": files[name], "files_removed": 0}] * 3 for name in ms}
    return {
        "measured_on": "2026-11-22",
        "machine": {},
        "runs": runs,
        "click_to_live": {"stories": 100_000, "ms": clicks},
    }


def met(rows: list[goals.Row], words: str) -> bool | None:
    (row,) = [row for row in rows if words in row.what]
    return row.met


def test_a_ratio_is_the_median_of_pairs():
    rows = goals.press_rows(press_results())
    assert rows[0].reached.startswith("4.50 (4.50 s ÷ 1.00 s; pairs 4.10 to 9.00)")
    assert met(rows, "uncompressed: Hugo's seconds") is True
    assert met(rows, "a gzip file beside each page") is True
    assert met(goals.press_rows(press_results(run_ms=1200)), "uncompressed: Hugo's seconds") is False


def test_memory_and_pace_are_compared_between_the_sizes():
    rows = goals.press_rows(press_results())
    assert met(rows, "the two apart") is True
    assert met(rows, "pages/s at 100,000") is True
    rows = goals.press_rows(press_results(peak_mb=150, run_ms=900))
    assert met(rows, "the two apart") is False
    assert met(rows, "pages/s at 100,000") is False
    assert met(goals.press_rows(press_results(peak_mb=401)), "peak memory of a full press of 10,000") is False


@pytest.mark.parametrize(
    ("ms", "files", "same", "steady"),
    [
        ({"1000": 30, "10000": 31, "100000": 33}, {"1000": 9, "10000": 9, "100000": 9}, True, True),
        ({"1000": 30, "10000": 31, "100000": 60}, {"1000": 9, "10000": 9, "100000": 10}, False, False),
        ({"1000": 30, "10000": 30, "100000": 30}, {"1000": 41, "10000": 41, "100000": 41}, False, True),
    ],
)
def test_a_publication_must_cost_the_same_in_every_archive(ms, files, same, steady):
    rows = goals.publish_rows(publish_results(ms=ms, files=files, clicks=[100.0, 200.0]))
    assert met(rows, "addresses touched") is same
    assert met(rows, "press run's time") is steady


def test_one_slow_click_in_twenty_is_no_five_hundred_milliseconds():
    results = publish_results(ms={"1000": 30}, files={"1000": 9}, clicks=[100.0] * 95 + [900.0] * 5)
    assert met(goals.publish_rows(results), "click to live") is False


def test_the_picture_shows_what_grows_and_what_does_not():
    lines = [
        chart.Line("Grows & grows", "a", {1000: 0.4, 10_000: 4.0, 100_000: 40.0}),
        chart.Line("Stays", "c", {1000: 0.03, 10_000: 0.03, 100_000: 0.03}),
    ]
    picture = etree.fromstring(chart.draw(lines, title="How cost grows").encode())
    growing, flat = (
        [float(point.split(",")[1]) for point in line.get("points").split()]
        for line in picture.iter(f"{SVG}polyline")
    )
    assert growing == sorted(growing, reverse=True)
    assert len(set(growing)) == 3
    assert len(set(flat)) == 1
    assert flat[0] > growing[0]
    words = {text.text for text in picture.iter(f"{SVG}text")}
    assert {"Grows & grows", "Stays", "40 s at 100,000", "30 ms at 100,000", "100,000"} <= words
    assert picture.findtext(f"{SVG}title") == "How cost grows"
    assert not {"href", "src", "onload"} & {name for each in picture.iter() for name in each.attrib}


def test_one_archive_alone_makes_no_line():
    with pytest.raises(ValueError, match="at least two sizes"):
        chart.draw([chart.Line("Alone", "a", {1000: 1.0})], title="")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.0312, "31.2 ms"), (0.5, "500 ms"), (4.49, "4.5 s"), (46.2, "46 s"), (1234, "1,234 s")],
)
def test_times_are_told_as_people_read_them(seconds, told):
    assert chart.duration(seconds) == told


def test_the_docs_have_places_for_what_is_measured():
    for page, name in ((report.MEASUREMENTS_PAGE, "table"), (report.PRESS_PAGE, "times")):
        text = page.read_text(encoding="utf-8")
        assert re.search(f"<!-- measured: {name} -->\n.*<!-- measured: end of {name} -->", text, re.DOTALL)


def test_a_page_without_a_place_is_named(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Nothing here.", encoding="utf-8")
    with pytest.raises(LookupError, match=r"page\.md has no place"):
        report.fill(page, "table", "| |")


def test_a_missing_peer_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(peers.os, "geteuid", lambda: 1000)
    with pytest.raises(peers.MissingPeer, match="sudo apt-get install no-such-program"):
        peers.program("no-such-program")


def test_memory_of_all_processes_counts():
    """Two processes that hold 40 MB each, one the child of the other."""
    program = (
        "import os, time; child = os.fork(); held = os.urandom(40 << 20); time.sleep(0.6); "
        "child and os.waitpid(child, 0)"
    )
    peak = watching.watch(["python3", "-c", program]).peak_bytes
    assert 80 << 20 < peak < 150 << 20
