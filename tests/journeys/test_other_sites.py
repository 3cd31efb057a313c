"""A page on another site, in a real browser: it cannot post, vote, report, open or erase."""

from __future__ import annotations

import html
import json
import re
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from tests.journeys.served import ServedNewsroom
from tests.system import browser as system_browser

pytestmark = [pytest.mark.journey, pytest.mark.same_on_every_database]

# Names of no real host. The browser finds all of them on this machine, so that a page on each is a site of
# its own. Plain http on such a name is what an old browser is like: no ``Sec-Fetch-Site`` comes along.
NEWSROOM, ATTACKER, NEIGHBOUR = "lantern.example", "attacker.example", "other.lantern.example"
_HIDDEN_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
STATE = """
import json
from nashra.readers.models import Comment, Report, Vote
print("state:", json.dumps({{
    "comments": Comment.objects.filter(text={text!r}).count(),
    "own": Comment.objects.filter(text={own!r}).count(),
    "votes": Vote.objects.count(),
    "yes": Vote.objects.filter(choice="yes").count(),
    "reports": sum(Report.objects.values_list("count", flat=True)),
}}))
"""
FORM = """<!doctype html><meta name="referrer" content="{policy}">
<form id="forged" method="post" action="{action}">{fields}</form>
<script>document.forms.forged.submit()</script>"""
FRAME = """<!doctype html><iframe sandbox="allow-scripts allow-forms" srcdoc="{inner}"></iframe>"""
FETCH = """<!doctype html><title>waits</title><script>
fetch({action}, {{method: "POST", mode: "no-cors", credentials: "include", body: {body},
  headers: {{"Content-Type": "application/x-www-form-urlencoded"}}}})
  .then(() => document.title = "sent", () => document.title = "stopped");</script>"""


class Attacker:
    """A server with pages of the attacker's own; whichever name one comes by, it is the same server."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path, "").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing: a test's output is its failures."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def address(self, host: str, page: str) -> str:
        path = f"/{secrets.token_hex(4)}"
        self.pages[path] = page
        return f"http://{host}:{self.server.server_port}{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def attacker() -> Iterator[Attacker]:
    made = Attacker()
    yield made
    made.close()


@pytest.fixture(scope="module")
def misled() -> Iterator[Browser]:
    """A browser that finds each name ending in ``.example`` on this machine."""
    rules = "--host-resolver-rules=MAP *.example 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=system_browser(), args=["--no-sandbox", "--disable-background-networking", rules]
        )
        yield browser
        browser.close()


class Victim:
    """A reader with a cookie of ours and a receipt, who opens whatever they are sent."""

    def __init__(self, context: BrowserContext, newsroom: ServedNewsroom, host: str) -> None:
        self.context, self.newsroom = context, newsroom
        self.site = f"http://{host}:{newsroom.port}"
        self.page = context.new_page()
        self.own = f"The victim's own ({secrets.token_hex(4)})."
        self.forged = f"In the victim's name ({secrets.token_hex(4)})."
        self._be_a_reader()
        self.before = self.state()

    def _be_a_reader(self) -> None:
        self._open_story()
        self.story = self.page.locator(".comment-form [name=story]").get_attribute("value") or ""
        self.standing = self.page.locator(".comments > li").first.get_attribute("id").removeprefix("c-")
        self.page.get_by_role("button", name="Yes", exact=False).first.click()
        expect(self.page.get_by_text("One more click, please")).to_be_visible()
        self.page.get_by_role("button", name="Yes", exact=False).first.click()
        expect(self.page.get_by_text("Thank you: your answer is counted")).to_be_visible()
        self._open_story()
        self.page.locator("#name").fill("Victim")
        self.page.locator("#text").fill(self.own)
        self.page.get_by_role("button", name="See how it will look").click()
        self.receipt = self.page.locator(".receipt code").inner_text()
        self.page.get_by_role("button", name="Send the comment").click()
        expect(self.page.get_by_text("Thank you: your comment is with us")).to_be_visible()
        assert self.context.cookies(f"{self.site}/readers/reaction")

    def _open_story(self) -> None:
        self.page.goto(f"{self.site}/en/")
        self.page.locator("main .card h2 a").first.click()

    def state(self) -> dict[str, int]:
        code = STATE.format(text=self.forged, own=self.own)
        printed = self.newsroom.nashra("manage", "shell", "-v0", "-c", code)
        found: dict[str, int] = json.loads(printed.rpartition("state:")[2])
        return found

    def forgeries(self) -> dict[str, dict[str, str]]:
        """What an attacker would have the victim send; the token was fetched by the attacker's own server."""
        typed = {"story": self.story, "name": "Victim", "text": self.forged}
        request = Request(f"http://127.0.0.1:{self.newsroom.port}/readers/comment", urlencode(typed).encode())
        with urlopen(request) as answer:  # noqa: S310
            fields = {
                name: html.unescape(value) for name, value in _HIDDEN_FIELD.findall(answer.read().decode())
            }
        assert fields["token"]
        return {
            "comment": fields,
            "reaction": {"story": self.story, "value": "no"},
            "report": {"comment": self.standing, "kind": "hate"},
            "receipt": {"receipt": self.receipt, "language": "en", "step": "erase-now"},
        }


def as_form(action: str, fields: dict[str, str], policy: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">' for name, value in fields.items()
    )
    return FORM.format(action=action, fields=hidden, policy=policy)


def as_fetch(action: str, fields: dict[str, str]) -> str:
    return FETCH.format(action=json.dumps(action), body=json.dumps(urlencode(fields)))


def open_forgery(
    page: Page, attacker: Attacker, host: str, kind: str, action: str, fields: dict[str, str]
) -> Response | None:
    """Have the victim open the attacker's page; gives what the site answers to what that sends."""
    if kind == "fetch":
        document = as_fetch(action, fields)
    else:
        document = as_form(action, fields, "unsafe-url" if kind == "form with referrer" else "no-referrer")
        if kind == "frame":
            document = FRAME.format(inner=html.escape(document))
    forged = attacker.address(host, document)
    if kind == "frame":
        # Our answer came, and is not shown in a frame; the browser tells of nothing else there.
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(forged)
        return None
    if kind == "fetch":
        page.goto(forged)
        # The browser keeps our answer from a page of another origin.
        expect(page).to_have_title("stopped")
        return None
    with page.expect_request(lambda request: request.url == action) as waiting:
        page.goto(forged)
    page.wait_for_load_state()
    return waiting.value.response()


KINDS = pytest.mark.parametrize("kind", ["form", "form with referrer", "frame", "fetch"])


@KINDS
@pytest.mark.parametrize("host", [ATTACKER, "localhost"])
def test_a_browser_that_says_where_a_form_comes_from_is_heard(
    misled: Browser, demo_newsroom: ServedNewsroom, attacker: Attacker, kind: str, host: str
) -> None:
    context = misled.new_context()
    victim = Victim(context, demo_newsroom, "127.0.0.1")
    for name, fields in victim.forgeries().items():
        page = context.new_page()
        answer = open_forgery(page, attacker, host, kind, f"{victim.site}/readers/{name}", fields)
        if answer:
            assert answer.status == 403, name
            assert answer.request.all_headers()["sec-fetch-site"] == "cross-site"
        if kind.startswith("form"):
            expect(page.get_by_text("Another site sent this form in your name")).to_be_visible()
    assert victim.state() == victim.before
    context.close()


@KINDS
@pytest.mark.parametrize("host", [ATTACKER, NEIGHBOUR])
def test_where_no_browser_says_so_our_own_page_asks_first(
    misled: Browser, demo_newsroom: ServedNewsroom, attacker: Attacker, kind: str, host: str
) -> None:
    """A receipt is left out here: it is itself what only the commenter knows."""
    context = misled.new_context()
    victim = Victim(context, demo_newsroom, NEWSROOM)
    forgeries = victim.forgeries()
    del forgeries["receipt"]
    for name, fields in forgeries.items():
        page = context.new_page()
        answer = open_forgery(page, attacker, host, kind, f"{victim.site}/readers/{name}", fields)
        assert not answer or "sec-fetch-site" not in answer.request.all_headers()
    assert victim.state() == victim.before
    context.close()


def test_on_plain_http_a_reader_without_scripts_comments_votes_and_reports(
    misled: Browser, demo_newsroom: ServedNewsroom
) -> None:
    """All that a browser sends then is a null origin, as another site's form would."""
    context = misled.new_context(java_script_enabled=False)
    victim = Victim(context, demo_newsroom, NEWSROOM)
    assert victim.before["own"] == 1
    victim.page.goto(f"{victim.site}/en/")
    victim.page.locator("main .card h2 a").first.click()
    victim.page.get_by_role("button", name="Report").first.click()
    victim.page.get_by_label("It advertises something.").check()
    victim.page.get_by_role("button", name="Report it").click()
    expect(victim.page.get_by_text("A person of ours looks at the comment again.")).to_be_visible()
    assert victim.state()["reports"] == victim.before["reports"] + 1
    context.close()
