"""A reader who writes and votes over real connections, and remembers what they were promised.

Each has an address of its own and keeps an account: what was answered must be kept, and what was not is sent
again as it was, as by somebody whose line broke. Must not look into a database.
"""

from __future__ import annotations

import html
import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import urlencode

# What no row, log or file may hold. Nothing else on this machine uses these addresses.
NETWORK = "127.7."
FORWARDED = "203.0.113.177"
AGENT = "Coracle/88.3 (Lumen Bay)"
LANGUAGE = "x-lapwing,en;q=0.3"

THANKS = "Thank you: your comment is with us"
COUNTED = "Thank you: your answer is counted"
TIMEOUT_S = 30
# What a line that breaks, or a server that is not there, looks like.
LOST = (OSError, http.client.HTTPException)

_HIDDEN_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_ON_PAGE = re.compile(r'<li id="c-([0-9a-z]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    cookie: str
    text: str

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields of its form, as a browser sends them."""
        found = _HIDDEN_FIELD.findall(self.text)
        return {name: html.unescape(value).replace("\n", "\r\n") for name, value in found}


@dataclass(slots=True)
class Words:
    """A comment that somebody wants to send; ``word`` stands in no other."""

    story: str
    name: str
    word: str
    answers: str
    fields: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False

    @property
    def text(self) -> str:
        """Two lines, so that line ends are on the way too."""
        return f"I saw it come in.\n{self.word}"

    @property
    def receipt(self) -> str:
        """What the preview showed."""
        return self.fields["receipt"]


@dataclass(slots=True)
class Ballot:
    """What one cookie says of one story, and what of it was answered."""

    story: str
    cookie: str
    choice: str
    is_counted: bool = False


class Reader:
    """One of the crowd."""

    def __init__(self, number: int, port: int, stories: Mapping[str, str], seed: int) -> None:
        self.number, self.port, self.stories = number, port, stories
        self.chance = random.Random(seed * 1000 + number)  # noqa: S311 -- chances, not secrets
        self.address = f"{NETWORK}{1 + number // 200}.{2 + number % 200}"
        # Every tenth has a browser that does not say whose forms it sends, and needs the cookie for that.
        self.is_vouched = number % 10 != 9
        self.cookie = ""
        self.kept: list[Words] = []
        self.refused: list[Words] = []
        self.ballots: list[Ballot] = []
        self.unanswered: list[Words | Ballot] = []
        # From the start, so that others may look at it meanwhile.
        self.did = Counter(dict.fromkeys(("comment", "reply", "repeat", "vote", "lost"), 0))
        self.troubles: list[str] = []
        self._written = 0

    def live(self, stop: threading.Event) -> None:
        """Write, vote and send again until told to stop."""
        while not stop.is_set():
            try:
                self._act()
            except LOST:
                self.did["lost"] += 1
                stop.wait(0.2 + self.chance.random() / 2)
            stop.wait(self.chance.random() / 4)

    def settle(self, within_s: float) -> None:
        """Send again whatever was not answered, until nothing is left."""
        deadline = time.monotonic() + within_s
        while self.unanswered and time.monotonic() < deadline:
            try:
                self._send_again()
            except LOST:
                time.sleep(0.2)
        self.troubles += [f"never answered: {left}" for left in self.unanswered]

    def look(self, receipt: str) -> Answer:
        """What a receipt opens."""
        return self.post("/readers/receipt", {"receipt": receipt, "language": "en"})

    def _act(self) -> None:
        if self.unanswered:
            self._send_again()
            return
        lot = self.chance.random()
        if lot < 0.5:
            self._comment("")
        elif lot < 0.65:
            self._reply()
        elif lot < 0.75:
            self._repeat()
        else:
            self._vote()

    def _comment(self, answers: str, story: str = "") -> None:
        self._written += 1
        story = story or self.chance.choice(list(self.stories))
        words = Words(story, f"Lina {self.number}", f"sealark-{self.number}-{self._written}-", answers)
        typed = {"story": words.story, "name": words.name, "text": words.text, "answers": words.answers}
        seen = self.post("/readers/comment", typed)
        if "token" not in seen.fields:
            # What it answers may have left its page meanwhile; it was not sent then.
            self._expect(seen, {422, 503}, words.word)
            return
        words.fields = seen.fields
        self.unanswered.append(words)
        self._send_again()

    def _reply(self) -> None:
        story = self.chance.choice(list(self.stories))
        standing = _ON_PAGE.findall(self.get(self.stories[story]).text)
        if standing:
            self._comment(self.chance.choice(standing), story)

    def _repeat(self) -> None:
        """Send once more what was answered long ago: the answer must be the same."""
        if not self.kept:
            return
        words = self.chance.choice(self.kept)
        answer = self.post("/readers/comment", words.fields)
        self.did["repeat"] += 1
        if answer.status != 503 and not self._is_promised(answer, words):
            self.troubles.append(f"a repeat was answered otherwise, {answer.status}: {words}")

    def _vote(self) -> None:
        choice = self.chance.choice(("yes", "no"))
        if self.ballots and self.chance.random() < 0.3:
            ballot = self.chance.choice(self.ballots)
            ballot.choice, ballot.is_counted = choice, False
        else:
            story = self.chance.choice(list(self.stories))
            asked = self.post("/readers/reaction", {"story": story, "value": choice}, cookie=None)
            self._expect(asked, {200, 503}, "a first vote")
            if not asked.cookie:
                return
            ballot = Ballot(story, asked.cookie, choice)
            self.ballots.append(ballot)
        self.unanswered.append(ballot)
        self._send_again()

    def _send_again(self) -> None:
        first = self.unanswered[0]
        done = self._send_words(first) if isinstance(first, Words) else self._send_ballot(first)
        if done:
            self.unanswered.remove(first)

    def _send_words(self, words: Words) -> bool:
        answer = self.post("/readers/comment", words.fields)
        if self._is_promised(answer, words):
            words.is_kept = True
            self.kept.append(words)
            self.did["comment" if not words.answers else "reply"] += 1
            return True
        if words.answers and answer.status == 422:
            self.refused.append(words)
            return True
        self._expect(answer, {503}, words.word)
        return answer.status != 503

    def _send_ballot(self, ballot: Ballot) -> bool:
        fields = {"story": ballot.story, "value": ballot.choice}
        if not self.is_vouched:
            # An old browser's first answer is the page that asks for its confirmation.
            fields |= self.post("/readers/reaction", fields, cookie=ballot.cookie).fields
        answer = self.post("/readers/reaction", fields, cookie=ballot.cookie)
        ballot.is_counted = answer.status == 200 and COUNTED in answer.text
        self.did["vote"] += ballot.is_counted
        # A page that asks again is what an old browser gets whose first step met a busy desk.
        self._expect(answer, {200, 503} if ballot.is_counted or not self.is_vouched else {503}, "a vote")
        return ballot.is_counted

    def _is_promised(self, answer: Answer, words: Words) -> bool:
        return answer.status == 200 and THANKS in answer.text and words.receipt in answer.text

    def _expect(self, answer: Answer, statuses: set[int], what: str) -> None:
        if answer.status not in statuses:
            self.troubles.append(f"{what} was answered with {answer.status}: {answer.text[-3000:]}")

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str], cookie: str | None = "") -> Answer:
        """Send a form; ``cookie`` is the browser's own unless another is named, or none at all."""
        carried = self.cookie if cookie == "" else cookie
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if carried:
            headers["Cookie"] = carried
        answer = self._ask("POST", path, urlencode(fields).encode(), headers)
        if answer.cookie and cookie == "":
            self.cookie = answer.cookie
        return answer

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        given = {
            "User-Agent": AGENT,
            "Accept-Language": LANGUAGE,
            "X-Forwarded-For": FORWARDED,
            **({"Sec-Fetch-Site": "same-origin"} if self.is_vouched else {}),
            **headers,
        }
        source = (self.address, 0)
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=TIMEOUT_S, source_address=source
        )
        with closing(connection):
            connection.request(method, path, body, given)
            response = connection.getresponse()
            cookie = (response.headers["Set-Cookie"] or "").split(";")[0]
            return Answer(response.status, cookie, response.read().decode())
