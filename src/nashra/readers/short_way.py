"""The short way from the server to the readers' two busiest views, past Django's handler of requests.

It does for these addresses what that handler and its one middleware would do: looks at the host, answers
whatever a view raises as Django does, tells the length of the answer, and lets go of broken connections
before and after. All other addresses go Django's own way. Must not decide anything about an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

View = Callable[[HttpRequest], HttpResponse]


class ShortWay:
    """A WSGI application before Django's; ``views`` by path."""

    def __init__(self, django: WSGIApplication, views: Mapping[str, View]) -> None:
        self._django = django
        self._answers = {path: convert_exception_to_response(_checked(view)) for path, view in views.items()}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        answer = self._answers.get(environ["PATH_INFO"])
        if answer is None:
            return self._django(environ, start_response)
        close_old_connections()
        try:
            response = answer(WSGIRequest(environ))
        finally:
            close_old_connections()
        content = response.content
        headers = [*response.items(), ("Content-Length", str(len(content)))]
        headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        start_response(f"{response.status_code} {HTTPStatus(response.status_code).phrase}", headers)
        return [content]


def _checked(view: View) -> View:
    def checked(request: HttpRequest) -> HttpResponse:
        # Raises where the host is none of ours, as the middleware does.
        request.get_host()
        return view(request)

    return checked
