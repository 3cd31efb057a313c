"""Two moderators at the desk, in browsers of their own, who empty one queue and get in each other's way.

They read the pages that the desk shows and press the buttons that stand there, and remember what the desk
said of each. Must not look into a database.
"""

from __future__ import annotations

import html
import http.client
import random
import re
import threading
from collections import Counter
from contextlib import closing, suppress
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from tests.crash.reader import LOST, TIMEOUT_S

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_CHOSEN = re.compile(r'name="chosen"[^>]*value="([^"]+)"')
_UNDO = re.compile(r'name="one" value="([^"]+)"')
_DECIDE = re.compile(r'action="/comments/([\w-]+)/"[^>]* data-decide>(.*?)</form>', re.DOTALL)
MEETING_S = 4

Fields = list[tuple[str, str]]


class Deed(NamedTuple):
    """A line that the moderators' log has to hold."""

    moderator: str
    public_id: str
    action: str


class Browser:
    """Somebody at the desk: keeps cookies, follows nothing."""

    def __init__(self, desk_port: int) -> None:
        self.desk_port = desk_port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: Fields | None = None) -> tuple[int, str, str]:
        """Status, ``Location`` and text of an answer."""
        body = urlencode(fields).encode() if fields is not None else None
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.desk_port, timeout=TIMEOUT_S)
        with closing(connection):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or ():
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return answer.status, answer.headers["Location"] or "", answer.read().decode()

    def log_in(self, username: str, password: str) -> None:
        """Through the form, as everybody."""
        _status, _location, text = self.ask("GET", "/login/")
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert found, text
        fields = [("csrfmiddlewaretoken", found[1]), ("username", username), ("password", password)]
        status, location, text = self.ask("POST", "/login/", [*fields, ("next", "/comments/")])
        assert (status, location) == (302, "/comments/"), text


class Moderator:
    """One of the two."""

    def __init__(
        self, name: str, password: str, desk_port: int, seed: int, meeting: threading.Barrier
    ) -> None:
        self.name, self.meeting = name, meeting
        self.browser = Browser(desk_port)
        self.browser.log_in(name, password)
        # Of both alike: so they come to a meeting at the same time, and mean the same comment.
        self.plan = random.Random(seed)  # noqa: S311 -- chances, not secrets
        self.chance = random.Random(f"{seed} {name}")  # noqa: S311
        self.tried: Counter[Deed] = Counter()
        self.done: Counter[Deed] = Counter()
        self.second = 0
        self.presses = 0
        self.troubles: list[str] = []

    def work(self, stop: threading.Event) -> None:
        """Decide about what waits, and take some of it back, until told to stop."""
        while not stop.is_set():
            lot = self.plan.random()
            try:
                if lot < 0.4:
                    self._decide(self._queue(), meets=True)
                elif lot < 0.55:
                    self._decide(self._queue(), meets=False)
                elif lot < 0.7:
                    self._decide_many()
                elif lot < 0.92:
                    self._undo()
                else:
                    self._reopen(self.chance.choice(("approved", "rejected")))
            except LOST:
                stop.wait(0.3)

    def _queue(self, state: str = "waiting") -> str:
        status, _location, text = self.browser.ask("GET", f"/comments/?state={state}")
        if status != 200:
            self.troubles.append(f"the queue was answered with {status}: {text[-3000:]}")
        return text

    def _decide(self, listing: str, *, meets: bool) -> None:
        forms = _DECIDE.findall(listing)
        if meets:
            # Whoever is late for a meeting decides alone.
            with suppress(threading.BrokenBarrierError):
                self.meeting.wait(MEETING_S)
            if self.meeting.broken:
                self.meeting.reset()
        if forms:
            public_id, form = forms[0] if meets else self.chance.choice(forms)
            verb = "approve" if self.chance.random() < 0.7 else "reject"
            self._press(public_id, form, verb)

    def _press(self, public_id: str, form: str, verb: str) -> None:
        deed = Deed(self.name, public_id, verb)
        self.presses += 1
        fields = [pair for pair in _fields(form) if pair[0] != "next"]
        self.tried[deed] += 1
        # Where it is done, one is led on to the comment that the form names; else to the top, and told why.
        fields += [("verb", verb), ("next", public_id)]
        status, location, text = self.browser.ask("POST", f"/comments/{public_id}/", fields)
        self._note(deed, status, location, text)

    def _note(self, deed: Deed, status: int, location: str, text: str) -> None:
        if status != 302:
            self.troubles.append(f"{deed} was answered with {status}: {text[-3000:]}")
        elif location.endswith(f"#comment-{deed.public_id}"):
            self.done[deed] += 1
        else:
            self.second += 1

    def _decide_many(self) -> None:
        """All of the first page, after the second look that the desk asks for."""
        verb = "approve" if self.chance.random() < 0.8 else "reject"
        _status, _location, text = self.browser.ask("GET", "/comments/")
        form = text.rpartition('action="/comments/chosen/"')[2].split("</form>", 1)[0]
        chosen = [("chosen", value) for value in _CHOSEN.findall(text)]
        if not chosen:
            return
        fields = [*_fields(form), *chosen, ("verb", verb)]
        status, _location, look = self.browser.ask("POST", "/comments/chosen/", fields)
        if status != 200:
            self.troubles.append(f"the second look was answered with {status}: {look[-3000:]}")
            return
        chosen = [("chosen", value) for value in _CHOSEN.findall(look)]
        form = re.search(r'<form method="post" action="(/comments/[^"]*)">(.*?)<div', look, re.DOTALL)
        if form and chosen:
            self.presses += 1
            for _name, value in chosen:
                self.tried[Deed(self.name, value.partition(":")[0], verb)] += 1
            status, _location, text = self.browser.ask(
                "POST", form[1], [*_fields(form[2]), *chosen, ("verb", verb)]
            )
            if status != 302:
                self.troubles.append(f"many at once were answered with {status}: {text[-3000:]}")

    def _undo(self) -> None:
        _status, _location, text = self.browser.ask("GET", "/comments/")
        forms = [each.split("</form>", 1)[0] for each in text.split('action="/comments/undo/"')[1:]]
        forms = [form for form in forms if _UNDO.search(form)]
        if not forms:
            return
        form = self.chance.choice(forms)
        deed = Deed(self.name, _UNDO.findall(form)[0], "undo")
        self.presses += 1
        self.tried[deed] += 1
        fields = [*_fields(form), ("one", deed.public_id)]
        status, location, text = self.browser.ask("POST", "/comments/undo/", fields)
        self._note(deed, status, location, text)

    def _reopen(self, state: str) -> None:
        forms = [each for each in _DECIDE.findall(self._queue(state)) if 'value="reopen"' in each[1]]
        if forms:
            self._press(*self.chance.choice(forms), "reopen")


def _fields(form: str) -> Fields:
    return [(name, html.unescape(value)) for name, value in _HIDDEN.findall(form)]


class Pair:
    """Both of them, at work."""

    def __init__(self, passwords: dict[str, str], desk_port: int, seed: int) -> None:
        meeting = threading.Barrier(len(passwords))
        self.moderators = [
            Moderator(name, password, desk_port, seed, meeting) for name, password in passwords.items()
        ]
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=each.work, args=(self._stop,)) for each in self.moderators]

    def begin(self) -> None:
        """Start work."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """End what is under way, and no more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def tried(self) -> Counter[Deed]:
        """What they asked the desk for, whatever came of it."""
        return sum((Counter(dict(each.tried)) for each in self.moderators), Counter())

    @property
    def done(self) -> Counter[Deed]:
        """What the desk said was done."""
        return sum((Counter(dict(each.done)) for each in self.moderators), Counter())

    @property
    def presses(self) -> int:
        """How many buttons they pressed."""
        return sum(each.presses for each in self.moderators)

    @property
    def second(self) -> int:
        """How often somebody was told that another was first, or that it was too late."""
        return sum(each.second for each in self.moderators)

    @property
    def troubles(self) -> list[str]:
        """What neither should have seen."""
        return [trouble for each in self.moderators for trouble in each.troubles]
