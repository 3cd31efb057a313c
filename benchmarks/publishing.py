"""Click to live: from the desk's publish request being sent to a reader's GET that shows the story.

A real request to the real desk, with a session, its form and its CSRF token, on the newsroom as
`nashra serve` runs it.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
    urlopen,
)

from lxml import html

from benchmarks.newsroom import Newsroom

GIVE_UP_S = 30.0
_LOOK_S = 0.002


class _Published(Exception):
    """The desk has taken the story and names the editor's next page: no reader waits for that one."""


class _NoFurther(HTTPRedirectHandler):
    """Ends a request where the desk would lead on after a publication; a login is led on as usual."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """Lead on, or say that it is published."""
        if "/pages/add/" in req.full_url:
            raise _Published
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Editor:
    """Somebody logged in at the desk, without a browser's own delays."""

    def __init__(self, newsroom: Newsroom, username: str = "admin") -> None:
        self.newsroom = newsroom
        self.opener: OpenerDirector = build_opener(
            HTTPCookieProcessor(http.cookiejar.CookieJar()), _NoFurther
        )
        page = self._get(f"{newsroom.desk}/login/")
        form = page.forms[0]
        values = dict(form.form_values())
        values.update(username=username, password=newsroom.password(username))
        self._post(f"{newsroom.desk}/login/", values)

    def section_id(self, slug: str) -> int:
        """A section's page id, found as the desk's own API tells it."""
        with self.opener.open(f"{self.newsroom.desk}/api/main/pages/?type=desk.Section&limit=20") as answer:
            found = json.load(answer)["items"]
        return next(int(item["id"]) for item in found if item["meta"]["slug"] == slug)

    def new_story(self, section_id: int, headline: str, text: str) -> list[tuple[str, str]]:
        """The fields of a new story's form, filled in and ready to be sent."""
        page = self._get(self._add_address(section_id))
        form = next(form for form in page.forms if "body-count" in form.fields or "title" in form.fields)
        values = [
            (name, value) for name, value in form.form_values() if not name.startswith(("body-", "action"))
        ]
        slug = headline.lower().replace(" ", "-")
        values = [pair for pair in values if pair[0] not in {"title", "slug"}]
        words = {
            "key": "a",
            "text": text,
            "type": "unstyled",
            "depth": 0,
            "inlineStyleRanges": [],
            "entityRanges": [],
        }
        return [
            *values,
            ("title", headline),
            ("slug", slug),
            ("body-count", "1"),
            ("body-0-deleted", ""),
            ("body-0-order", "0"),
            ("body-0-type", "paragraph"),
            ("body-0-value", json.dumps({"blocks": [words], "entityMap": {}})),
            ("action-publish", "action-publish"),
        ]

    def publish(self, section_id: int, values: list[tuple[str, str]]) -> None:
        """Send the form."""
        with contextlib.suppress(_Published):
            self._post(self._add_address(section_id), values)

    def _add_address(self, section_id: int) -> str:
        return f"{self.newsroom.desk}/pages/add/desk/story/{section_id}/"

    def _get(self, address: str) -> html.HtmlElement:
        with self.opener.open(address) as answer:
            return html.fromstring(answer.read(), base_url=address)

    def _post(self, address: str, values: object) -> None:
        body = urlencode(list(values.items()) if isinstance(values, dict) else values).encode()  # type: ignore[call-overload]
        request = Request(address, data=body, headers={"Referer": address})  # noqa: S310 -- on this machine
        with self.opener.open(request) as answer:
            answer.read()


def click_to_live_ms(newsroom: Newsroom, section: str, count: int) -> list[float]:
    """Publish ``count`` stories one after the other and time each until readers have it."""
    editor = Editor(newsroom)
    section_id = editor.section_id(section)
    times_ms: list[float] = []
    for number in range(count):
        headline = f"Measured story {number}"
        values = editor.new_story(section_id, headline, "It came in at dawn.")
        address = f"{newsroom.site}/en/{section}/measured-story-{number}/"
        began = time.perf_counter()
        editor.publish(section_id, values)
        _wait_until_live(address)
        times_ms.append((time.perf_counter() - began) * 1000)
    return times_ms


def _wait_until_live(address: str) -> None:
    deadline = time.monotonic() + GIVE_UP_S
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=5) as answer:  # noqa: S310 -- on this machine
                answer.read()
                return
        except HTTPError as error:
            if error.code != 404:
                raise
            time.sleep(_LOOK_S)
    raise TimeoutError(f"{address} was not live after {GIVE_UP_S} s")
