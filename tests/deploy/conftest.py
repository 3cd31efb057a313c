"""One really pressed site, and before it our own server, Debian's nginx and Debian's Caddy."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from nashra.serve.nginx import nginx_files
from nashra.serve.server import READERS_TARGET, server_command
from nashra.theme.rendering import CONTENT_SECURITY_POLICY
from tests.cli.newsrooms import Newsroom, new_newsroom
from tests.deploy.asking import Server
from tests.serve.ports import free_ports, wait_until_it_answers

PROJECT = Path(__file__).parents[2]
LONG_AGO = 1_700_000_000

_NEWS = """
import io
from PIL import Image
from nashra.desk import publishing
from nashra.desk.models import Publication

papers = {p.locale.language_code: p for p in Publication.objects.all()}
harbour = publishing.create_section(publication=papers["en"], title="Harbour", slug="harbour")
haven = publishing.create_section(publication=papers["ar"], title="الميناء", slug="الميناء")
picture = io.BytesIO()
Image.effect_noise((1200, 800), 90).convert("RGB").save(picture, "JPEG")
photo = publishing.add_photo(content=picture.getvalue(), file_name="pier.jpg", alt_text="The pier at dawn")

PARAGRAPHS = [("paragraph", "<p>It came in at dawn.</p>")] * 40

def publish(section, slug, **fields):
    story = publishing.write_story(
        section=section, headline=slug.capitalize(), slug=slug, body=PARAGRAPHS, **fields,
    )
    return publishing.publish_story(story=story)

def rename(story, slug):
    story.slug = slug
    story.save_revision().publish()

publish(harbour, "ferry", lead_photo=photo)
publish(haven, "العبارة")
renamed = publish(harbour, "old-name")
renamed_too = publish(haven, "اسم-قديم")
withdrawn = publish(harbour, "withdrawn")
withdrawn_too = publish(haven, "سحب")
"""
_CHANGES = """
rename(renamed, "new-name")
rename(renamed_too, "اسم-جديد")
publishing.withdraw_story(story=withdrawn)
publishing.withdraw_story(story=withdrawn_too)
"""
_PRESS = """
import datetime
from nashra.press.run import press_full
press_full(now=datetime.datetime.now(tz=datetime.UTC))
"""


@dataclass(frozen=True)
class Site:
    """A pressed site: its newsroom's ``var/`` and the addresses that the tests ask for."""

    newsroom: Newsroom

    @property
    def var(self) -> Path:
        return self.newsroom.var

    @property
    def folder(self) -> Path:
        return self.var / "site"

    @property
    def photo(self) -> str:
        """A photo's address."""
        return f"/photos/{sorted((self.folder / 'photos').iterdir())[0].name}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A newsroom in two languages with stories published, renamed and withdrawn; pressed, and not new.

    On SQLite alone: no server asks from which database its files came.
    """
    folder = tmp_path_factory.mktemp("pressed")
    newsroom = new_newsroom(folder, {})
    for name in ("DATABASE_URL", "READERS_DATABASE_URL"):
        newsroom.environment.pop(name, None)
    done = newsroom.run(
        "init", "--language", "en", "--language", "ar", "--name", "The Harbour Post", "--admin", "chief"
    )
    assert done.returncode == 0, done.stderr
    newsroom.shell(_NEWS + _PRESS + _CHANGES + _PRESS)
    for name, content in nginx_files(CONTENT_SECURITY_POLICY).items():
        file = newsroom.var / "nginx" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    pressed = Site(newsroom)
    for file in pressed.folder.rglob("*"):
        os.utime(file, (LONG_AGO, LONG_AGO))
    return pressed


@pytest.fixture(scope="session")
def own_server(site: Site) -> Iterator[Server]:
    """The readers' site as ``nashra serve`` runs it."""
    [port] = free_ports(1)
    command = server_command(READERS_TARGET, host="127.0.0.1", port=port, workers=1, threads=4)
    with _running(command, port, site.newsroom.folder, site.newsroom.environment):
        yield Server(port)


@pytest.fixture(scope="session")
def nginx(site: Site, own_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Debian's nginx with the configuration in ``deploy/``, its paths and ports replaced."""
    with nginx_before(own_server.port, site, tmp_path_factory.mktemp("nginx")) as server:
        yield server


@contextlib.contextmanager
def nginx_before(readers_port: int, site: Site, folder: Path) -> Iterator[Server]:
    """nginx on a port of its own, before a readers' desk."""
    program = _program("nginx")
    module = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
    if not module.exists():
        pytest.skip("libnginx-mod-http-brotli-static is not installed")
    [port] = free_ports(1)
    text = (PROJECT / "deploy/nginx/nashra.conf").read_text(encoding="utf-8")
    for placeholder, value in {
        "/srv/nashra/var": str(site.var),
        "127.0.0.1:8000": f"127.0.0.1:{readers_port}",
        "listen 80;": f"listen 127.0.0.1:{port};",
        "    listen [::]:80;\n": "",
    }.items():
        assert placeholder in text
        text = text.replace(placeholder, value)
    (folder / "nashra.conf").write_text(text, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        # As root nginx would read as a user who may not open the test's folder.
        f"{'user root; ' if os.geteuid() == 0 else ''}load_module {module}; pid {folder}/pid; daemon off; "
        f"error_log /dev/null crit; events {{ }} http {{ {places} include {folder}/nashra.conf; }}",
        encoding="utf-8",
    )
    command = [program, "-e", "/dev/null", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run(
        [*command[:1], "-e", "stderr", *command[3:], "-t"], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stderr
    with _running(command, port, folder, dict(os.environ)):
        yield Server(port)


@pytest.fixture(scope="session")
def caddy(site: Site, own_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Debian's Caddy with the configuration in ``deploy/``, its paths and names replaced."""
    with caddy_before(own_server.port, site, tmp_path_factory.mktemp("caddy")) as server:
        yield server


@contextlib.contextmanager
def caddy_before(readers_port: int, site: Site, folder: Path) -> Iterator[Server]:
    """Caddy on a port of its own, before a readers' desk."""
    program = _program("caddy")
    [port] = free_ports(1)
    text = (PROJECT / "deploy/caddy/Caddyfile").read_text(encoding="utf-8")
    for placeholder, value in {
        "/srv/nashra/var": str(site.var),
        "127.0.0.1:8000": f"127.0.0.1:{readers_port}",
        "news.example {": f"http://127.0.0.1:{port}, http://news.example:{port} {{",
    }.items():
        assert placeholder in text
        text = text.replace(placeholder, value)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    command = [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    homes = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    checked = subprocess.run(
        [program, "validate", *command[2:]], capture_output=True, text=True, env={**os.environ, **homes}
    )
    assert checked.returncode == 0, checked.stderr
    with _running(command, port, folder, {**os.environ, **homes}):
        yield Server(port)


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@contextlib.contextmanager
def _running(command: list[str], port: int, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        wait_until_it_answers(port)
        yield
    finally:
        process.terminate()
        process.wait(15)
