"""Where the press leaves word how a story looks, so that the desk can show it before publication.

The desk knows no theme and asks no gatherer: rooms above it register here when they start.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from nashra.desk.models import Story

Previewer = Callable[["Story"], bytes]

_previewers: list[Previewer] = []


def register_previewer(previewer: Previewer) -> None:
    """Keep the function that makes a story's whole page (UTF-8 HTML) from an instance, saved or not."""
    _previewers[:] = [previewer]


def preview(story: Story) -> HttpResponse:
    """The story's page as readers would get it, in the frame of Wagtail's editor.

    Raises:
        LookupError: no previewer was registered, which is a fault of the installation.
    """
    if not _previewers:
        raise LookupError("Nobody registered a previewer: nashra.press is missing from INSTALLED_APPS.")
    response = HttpResponse(_previewers[0](story), content_type="text/html; charset=utf-8")
    policy = import_string("nashra.theme.rendering.CONTENT_SECURITY_POLICY")
    response["Content-Security-Policy"] = framed_by_desk(policy)
    return response


def framed_by_desk(policy: str) -> str:
    """The readers' policy, but the desk itself may show the page in a frame, and nobody submits a form.

    A preview's comment form and reaction must not post anything about an unpublished story.
    """
    kept = [
        directive.strip()
        for directive in policy.split(";")
        if directive.strip() and not re.match(r"\s*(frame-ancestors|form-action)\b", directive)
    ]
    return "; ".join([*kept, "frame-ancestors 'self'", "form-action 'none'"])
