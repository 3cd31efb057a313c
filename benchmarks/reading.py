"""Reads a second: `nashra serve` beside Debian's nginx, on the same bytes, in turn, by wrk."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import statistics
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.newsroom import Newsroom, free_port, wait_for

CONNECTIONS = 32
_NGINX = """\
{user}daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types; charset utf-8; access_log off; sendfile on; tcp_nopush on;
  keepalive_requests 1000000000; gzip_static on; open_file_cache max=1000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port}; root {site};
    add_header Cache-Control no-cache; add_header Vary Accept-Encoding;
  }}
}}
"""


@dataclass
class Reads:
    """What wrk saw of one server, a value a round."""

    per_second: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


def compare_with_nginx(newsroom: Newsroom, address: str, *, rounds: int, seconds: int) -> dict[str, object]:
    """Read one page from both, plain and gzipped; the newsroom must be serving."""
    for program in ("nginx", "wrk"):
        if shutil.which(program) is None:
            raise RuntimeError(f"{program} is missing: apt-get install {program}")
    folder = newsroom.home / "nginx"
    folder.mkdir()
    page = newsroom.site_folder / address.strip("/") / "index.html"
    page.with_name("index.html.gz").write_bytes(gzip.compress(page.read_bytes(), 6, mtime=0))
    port = free_port()
    configuration = folder / "nginx.conf"
    # As root nginx would read as a user who may not open the measurement's folder.
    user = "user root; " if os.geteuid() == 0 else ""
    configuration.write_text(_NGINX.format(user=user, folder=folder, port=port, site=newsroom.site_folder))
    nginx = subprocess.Popen(
        ["nginx", "-c", str(configuration), "-p", str(folder)], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        both = {"nashra": f"{newsroom.site}{address}", "nginx": f"http://127.0.0.1:{port}{address}"}
        return {coding: _in_turn(both, coding, rounds, seconds) for coding in ("identity", "gzip")}
    finally:
        nginx.terminate()
        nginx.wait()
        page.with_name("index.html.gz").unlink()


def _in_turn(both: dict[str, str], coding: str, rounds: int, seconds: int) -> dict[str, object]:
    reads = {name: Reads() for name in both}
    for address in both.values():
        _wrk(address, coding, 1)  # one second to warm up, thrown away
    for _round in range(rounds):
        for name, address in both.items():
            per_second, p99_ms = _wrk(address, coding, seconds)
            reads[name].per_second.append(per_second)
            reads[name].p99_ms.append(p99_ms)
    result: dict[str, object] = {
        name: {
            "reads_per_second": round(statistics.median(seen.per_second)),
            "p99_ms": round(statistics.median(seen.p99_ms), 2),
        }
        for name, seen in reads.items()
    }
    pairs = zip(reads["nashra"].per_second, reads["nginx"].per_second, strict=True)
    result["ratio"] = round(statistics.median(ours / theirs for ours, theirs in pairs), 3)
    return result


def _wrk(address: str, coding: str, seconds: int) -> tuple[float, float]:
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += ["-H", f"Accept-Encoding: {coding}", address]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"wrk met errors at {address}:\n{text}")
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # type: ignore[index]
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    return per_second, float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]


def story_address(site_folder: Path) -> str:
    """The address of the first story in the site's English security section."""
    pages = sorted((site_folder / "en" / "security").glob("*/index.html"))
    return f"/en/security/{pages[0].parent.name}/"
