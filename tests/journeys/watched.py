"""Browser windows that keep account: of each request, and of all that the browser complained about."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request

# Marks that are found again wherever somebody wrote them down. The address is one that is nobody's.
MARKED_ADDRESS = "203.0.113.77"
MARKED_AGENT = "MarkedBrowser/7f3a91"


def origin(url: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class WatchedBrowser:
    """Opens windows; each is a person of its own, with cookies of its own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.strays: list[str] = []
        self.asked: list[str] = []
        self.complaints: list[str] = []

    def window(self, *, scripts: bool = True) -> Page:
        """A new person's window, whose requests carry the marks."""
        context = self._browser.new_context(
            java_script_enabled=scripts,
            viewport={"width": 1280, "height": 1000},
            user_agent=MARKED_AGENT,
            extra_http_headers={"X-Forwarded-For": MARKED_ADDRESS, "X-Real-IP": MARKED_ADDRESS},
        )
        context.set_default_timeout(20_000)
        context.on("request", self._look_at)
        context.on("console", lambda message: self._listen(message.text))
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _look_at(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"data", "blob"}:
            return
        self.asked.append(request.url)
        # A page that somebody goes to is an origin of its own; what it then asks for must stay there.
        if request.is_navigation_request() and request.frame.parent_frame is None:
            return
        if origin(request.url) != origin(request.frame.url):
            self.strays.append(f"{request.frame.url} asked for {request.url}")

    def _listen(self, message: str) -> None:
        if "Content Security Policy" in message or "Refused to" in message:
            self.complaints.append(message)
