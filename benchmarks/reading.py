"""Reads a second and what they cost: a server of ours beside Debian's nginx, in turn, by wrk.

nginx gets the same files, compressed siblings included, and the same headers; it may keep open files in
mind, which we do not. CPU time is what a server's processes used for each request: other work on the
machine spoils it less than the number of requests a second.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.newsroom import Newsroom, free_port, wait_for
from benchmarks.peers import program
from nashra.serve.server import READERS_TARGET

CONNECTIONS = 32
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
# As quick as nginx can be made: no rule but those that pages need, open files kept in mind.
_BARE = """
server {{
  listen 127.0.0.1:{port}; root {var}/site; default_type application/octet-stream;
  include {var}/nginx/types.conf; gzip_static on; open_file_cache max=20000;
  include {var}/nginx/security.conf; add_header Cache-Control no-cache always;
  add_header Vary Accept-Encoding always;
}}
"""
_AROUND = """\
{user}daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log /dev/null crit;
{modules}events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; server_tokens off; keepalive_requests 1000000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/server.conf;
}}
"""
_DEPLOYED = Path(__file__).parents[1] / "deploy" / "nginx" / "nashra.conf"
_BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


@dataclass
class Reads:
    """What wrk saw of one server, a value a round."""

    per_second: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Served:
    """A running server: where it listens, and its first process."""

    origin: str
    pid: int


def readers_pid(room: Newsroom) -> int:
    """The first process of a newsroom's readers' site; its workers are below it."""
    pattern = f"{READERS_TARGET} .* {room.port} "
    found = subprocess.run(["pgrep", "-f", pattern], capture_output=True, text=True, check=True)
    return int(found.stdout.split()[0])


class Nginx:
    """Debian's nginx over a newsroom's pressed files: as quick as can be, or as in ``deploy/``."""

    def __init__(self, var: Path, folder: Path, *, deployed: bool = False) -> None:
        folder.mkdir(parents=True)
        port = free_port()
        text = _as_deployed(var, port) if deployed else _BARE.format(port=port, var=var)
        (folder / "server.conf").write_text(text, encoding="utf-8")
        # As root nginx would read as a user who may not open the measurement's folder.
        user = "user root; " if os.geteuid() == 0 else ""
        modules = f"load_module {_BROTLI};\n" if _BROTLI.exists() else ""
        (folder / "nginx.conf").write_text(_AROUND.format(user=user, folder=folder, modules=modules))
        command = [program("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", "/dev/null"]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        self.served = Served(f"http://127.0.0.1:{port}", self._process.pid)
        wait_for(f"{self.served.origin}/en/")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def _as_deployed(var: Path, port: int) -> str:
    text = _DEPLOYED.read_text(encoding="utf-8").replace("/srv/nashra/var", str(var))
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("    listen [::]:80;\n", "")
    return text if _BROTLI.exists() else text.replace("brotli_static", "# brotli_static")


def in_turn(
    both: dict[str, Served],
    path: str,
    *,
    rounds: int,
    seconds: int,
    headers: Sequence[str] = (),
    script: Path | None = None,
    errors_are_meant: bool = False,
) -> dict[str, object]:
    """Read from both, one after the other, ``rounds`` times; medians, and the median of the ratios."""
    reads = {name: Reads() for name in both}

    def read(server: Served, for_seconds: int) -> tuple[float, float, float]:
        return wrk(server, path, for_seconds, headers, script, errors_are_meant=errors_are_meant)

    for server in both.values():
        read(server, 1)  # one second to warm up, thrown away
    for _round in range(rounds):
        for name, server in both.items():
            per_second, p99_ms, cpu_us = read(server, seconds)
            reads[name].per_second.append(per_second)
            reads[name].p99_ms.append(p99_ms)
            reads[name].cpu_us.append(cpu_us)
    result: dict[str, object] = {
        name: {
            "reads_per_second": round(statistics.median(seen.per_second)),
            "p99_ms": round(statistics.median(seen.p99_ms), 2),
            "cpu_us_a_read": round(statistics.median(seen.cpu_us), 1),
        }
        for name, seen in reads.items()
    }
    ours, theirs = reads["nashra"], reads["nginx"]
    result["ratio"] = _median_ratio(ours.per_second, theirs.per_second)
    result["p99_ratio"] = _median_ratio(ours.p99_ms, theirs.p99_ms)
    result["cpu_ratio"] = _median_ratio(theirs.cpu_us, ours.cpu_us)
    return result


def _median_ratio(above: list[float], below: list[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(above, below, strict=True)), 3)


def wrk(
    server: Served,
    path: str,
    seconds: int,
    headers: Sequence[str] = (),
    script: Path | None = None,
    *,
    errors_are_meant: bool = False,
) -> tuple[float, float, float]:
    """Reads a second, the 99th percentile in milliseconds, and microseconds of CPU a read."""
    command = [program("wrk"), "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += [part for header in headers for part in ("-H", header)]
    command += ["-s", str(script)] if script else []
    before_s = cpu_seconds(server.pid)
    text = subprocess.run(
        [*command, f"{server.origin}{path}"], capture_output=True, text=True, check=True
    ).stdout
    used_s = cpu_seconds(server.pid) - before_s
    if "Socket errors" in text or ("Non-2xx" in text and not errors_are_meant):
        raise RuntimeError(f"wrk met errors at {server.origin}{path}:\n{text}")
    requests = int(re.search(r"(\d+) requests in", text)[1])  # type: ignore[index]
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])  # type: ignore[index]
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()  # type: ignore[union-attr]
    p99_ms = float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit]
    return per_second, p99_ms, used_s / requests * 1e6


def cpu_seconds(pid: int) -> float:
    """What a process and all below it have used so far."""

    def used(process: int) -> float:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND

    return _sum(pid, used)


def memory_kb(pid: int) -> int:
    """The memory of a process and all below it, shared pages counted once (PSS)."""

    def used(process: int) -> float:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
        return float(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]

    return round(_sum(pid, used))


def _sum(pid: int, measure: Callable[[int], float]) -> float:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return measure(pid) + sum(_sum(int(child), measure) for child in found.stdout.split())
