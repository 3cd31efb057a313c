"""The few answers of the desk that are not Wagtail's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def robots(request: HttpRequest) -> HttpResponse:
    """No machine has any business at the desk."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
