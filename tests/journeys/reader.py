"""What a reader does at the readers' site, told as they would tell it."""

from __future__ import annotations

import time

from playwright.sync_api import Page, Response, expect

from tests.journeys.served import ServedNewsroom

PRESS_TIMEOUT_S = 60


class Reader:
    """The readers' site in one browser window."""

    def __init__(self, page: Page, newsroom: ServedNewsroom) -> None:
        self.page = page
        self.newsroom = newsroom

    def open(self, address: str) -> Response:
        response = self.page.goto(self.newsroom.site + address)
        assert response is not None
        return response

    def wait_for(self, address: str, *, status: int = 200, text: str = "") -> Response:
        """Reload until the press has come round: within seconds, or the test fails."""
        deadline = time.monotonic() + PRESS_TIMEOUT_S
        while True:
            response = self.open(address)
            shown = self.page.locator("body").inner_text()
            if response.status == status and text in shown:
                return response
            assert time.monotonic() < deadline, f"{address}: {response.status}, without {text!r}\n{shown}"
            time.sleep(0.2)

    def react(self, answer: str) -> None:
        """Answer the question; a browser's first answer brings it a mark, and the question once more."""
        self._answer(answer)
        expect(self.page.get_by_text("One more click, please")).to_be_visible()
        self._answer(answer)
        expect(self.page.get_by_text("Thank you: your answer is counted")).to_be_visible()

    def _answer(self, answer: str) -> None:
        question = self.page.get_by_role("group", name="Do you like this article?")
        question.get_by_role("button", name=answer).click()

    def comment(self, name: str, text: str) -> None:
        """Write a comment, look at its preview, send it."""
        self.page.locator("form.comment-form [name=name]").fill(name)
        self.page.locator("form.comment-form [name=text]").fill(text)
        self.page.locator("form.comment-form button").first.click()
        expect(self.page.locator("blockquote.preview")).to_contain_text(text)
        self.page.get_by_role("button", name="Send the comment").click()
        expect(self.page.get_by_text("Thank you: your comment is with us")).to_be_visible()
