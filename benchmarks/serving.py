"""`make bench-serve`: `nashra serve` beside nginx, in turn, 32 connections.

    python -m benchmarks.serving [--stories 1000] [--rounds 9] [--seconds 10]

Pages against an nginx as quick as it can be made; what is not there against the nginx of ``deploy/``,
which gives the same answers as we do.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.newsroom import Newsroom
from benchmarks.reading import CONNECTIONS, Nginx, Served, in_turn, memory_kb, readers_pid, wrk
from benchmarks.workshop import circumstances, options, remove, say, workshop, write_results

STORIES, ROUNDS, SECONDS = 1_000, 9, 10
GZIP = ("Accept-Encoding: gzip",)
A_MILLION = 1_000_000
_GOAL = 0.8
_ODD_GOAL = _GOAL / 2
_P99_GOAL = 2.0
# Asks for the script's addresses, one after the other; each of wrk's threads begins elsewhere.
_SCRIPT = """\
local paths = {{
{paths}
}}
local at, count = 0, 0
function setup(thread) thread:set("first", count); count = count + 1 end
function init(args) at = math.floor(first * #paths / 2) end
function request() at = at % #paths + 1; return wrk.format(nil, {path}) end
"""
_ODD = (
    *("//en/", "/en/./", "/%00", "/a%20b", "/%ff%fe/", "/en/index.html", "/.git/config", "/en/%2e%2e/"),
    *("/" + "a" * 250, "/" + "%D8%A7" * 300, "/" + "a/" * 600, "/en/index.html.gz", "/%zz", "/en?x=1"),
    *("/wp-login.php", "/en/security", "/photos/none.avif", "/xx/yy/zz/", "/robots.txt/", "/" + "b" * 4000),
)


def main() -> None:
    """Measure, keep, print."""
    parser = options(description="Measure reading beside nginx.")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each turn (10)")
    parser.set_defaults(rounds=ROUNDS)
    chosen = parser.parse_args()
    with workshop(chosen.work) as shop:
        room = shop.fresh(chosen.stories)
        try:
            say(f"Pressing {chosen.stories:,} stories")
            room.full_press()
            results = circumstances(shop) | measure(room, rounds=chosen.rounds, seconds=chosen.seconds)
        finally:
            remove(room)
    write_results(chosen.results, "serve", results)
    report.publish(chosen.results)


def measure(room: Newsroom, *, rounds: int, seconds: int) -> dict[str, Any]:
    """All rows, one after the other."""
    _write_configuration(room)
    stories = _stories(room.site_folder)
    many = _script(room.home / "many.lua", stories, "paths[at]")
    odd = _script(room.home / "odd.lua", _ODD, "paths[at]")
    # No two addresses alike: whatever is kept for each of them would show.
    new = _script(room.home / "new.lua", ("/en/none/", "/xx/", "/photos/"), "paths[at] .. math.random(1e12)")
    var, nginxes = room.home / "var", room.home / "nginxes"
    room.serve()
    bare, deployed = Nginx(var, nginxes / "bare"), Nginx(var, nginxes / "deployed", deployed=True)
    try:
        own = Served(room.site, readers_pid(room))
        page = {"nashra": own, "nginx": bare.served}
        nothing = {"nashra": own, "nginx": deployed.served}
        turns: dict[str, int] = {"rounds": rounds, "seconds": seconds}
        reads = {
            "one story, gzip": in_turn(page, stories[0], **turns, headers=GZIP),
            f"{len(stories):,} stories, gzip": in_turn(page, "/", **turns, headers=GZIP, script=many),
            "one story, plain": in_turn(page, stories[0], **turns),
            "an address where nothing is": in_turn(
                nothing, "/en/none/", **turns, headers=GZIP, errors_are_meant=True
            ),
            "odd addresses": in_turn(nothing, "/", **turns, headers=GZIP, script=odd, errors_are_meant=True),
        }
        growth = _growth(own, (odd, new))
    finally:
        deployed.stop()
        bare.stop()
        room.stop()
    return {"reads": reads, "memory_kb": growth, "table": table(reads, growth)}


def _growth(own: Served, scripts: tuple[Path, ...]) -> dict[str, int]:
    """What a million odd requests leave behind in the readers' site's processes."""
    for script in scripts:
        wrk(own, "/", 10, GZIP, script, errors_are_meant=True)
    before_kb, asked = memory_kb(own.pid), 0
    while asked < A_MILLION:
        for script in scripts:
            per_second, _p99, _cpu = wrk(own, "/", 10, GZIP, script, errors_are_meant=True)
            asked += round(per_second * 10)
    return {"before": before_kb, "after": memory_kb(own.pid), "requests": asked}


def table(reads: dict[str, Any], growth: dict[str, int]) -> list[list[Any]]:
    """A row for each measurement: what, the goal, what was reached, whether that will do."""
    rows: list[list[Any]] = []
    for what, seen in reads.items():
        is_page = "stor" in what
        goal = _GOAL if is_page else _ODD_GOAL
        told = f"{seen['ratio']:.2f} ({seen['nashra']['reads_per_second']:,} / " + (
            f"{seen['nginx']['reads_per_second']:,}; CPU a read {seen['nashra']['cpu_us_a_read']} / "
            f"{seen['nginx']['cpu_us_a_read']} µs)"
        )
        met = seen["ratio"] >= goal
        rows.append([f"{what}: reads/s ÷ nginx's, {CONNECTIONS} connections", f"≥ {goal:g}", told, met])
        if is_page:
            p99 = f"{seen['p99_ratio']:.2f} ({seen['nashra']['p99_ms']} / {seen['nginx']['p99_ms']} ms)"
            met = seen["p99_ratio"] <= _P99_GOAL
            rows.append([f"{what}: p99 ÷ nginx's", f"≤ {_P99_GOAL:g}", p99, met])
    grown = growth["after"] / growth["before"] - 1
    rows.append(
        [
            f"memory of the readers' site after {growth['requests']:,} odd requests",
            "no growth",
            f"{growth['before'] / 1024:.1f} → {growth['after'] / 1024:.1f} MB ({grown:+.1%})",
            grown <= 0.02,
        ]
    )
    return rows


def _write_configuration(room: Newsroom) -> None:
    """What the press writes for nginx, were it to be set up in earnest."""
    from nashra.serve.nginx import nginx_files
    from nashra.theme.assets import CONTENT_SECURITY_POLICY

    folder = room.home / "var" / "nginx"
    for name, content in nginx_files(CONTENT_SECURITY_POLICY).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "moved.map").touch()
    shutil.rmtree(room.home / "nginxes", ignore_errors=True)


def _stories(site: Path) -> list[str]:
    """Addresses of English stories, in an order that nothing favours."""
    found = sorted(
        f"/{page.parent.relative_to(site)}/"
        for page in site.glob("en/*/*/index.html")
        if not page.parent.name.isdigit() and page.parents[1].name not in {"topics", "people"}
    )
    random.Random(7).shuffle(found)  # noqa: S311 -- a seeded draw, no secret
    return found[:1000]


def _script(file: Path, paths: tuple[str, ...] | list[str], path: str) -> Path:
    lines = "\n".join(f'  "{each}",' for each in paths)
    file.write_text(_SCRIPT.format(paths=lines, path=path), encoding="utf-8")
    return file


if __name__ == "__main__":
    main()
