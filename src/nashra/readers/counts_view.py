"""``/readers/counts?stories=ID,ID``: how many comments stand under each of up to a hundred stories.

For pages that are made elsewhere, such as another site's front. The same for everybody, so any cache may keep
it for a minute. Counts only what stands under a story; must not tell whether anything waits.
"""

from __future__ import annotations

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from nashra.readers import threads
from nashra.readers.answers import HEADERS
from nashra.readers.receive import PUBLIC_ID

MOST_STORIES = 100
# The same for everybody and open to everybody, a script on another site's page included.
_OPEN = {
    "Cache-Control": "public, max-age=60",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def counts(request: HttpRequest) -> HttpResponse:
    """A JSON object of public ids and numbers; stories that the desk does not know are left out."""
    if request.method not in {"GET", "HEAD"}:
        return _refused("Ask with GET.", 405, {"Allow": "GET, HEAD"})
    asked = list(dict.fromkeys(request.GET.get("stories", "").split(",")))
    if len(asked) > MOST_STORIES:
        return _refused(f"Name 1 to {MOST_STORIES} stories: ?stories=ID,ID.", 400)
    if not all(PUBLIC_ID.fullmatch(each) for each in asked):
        return _refused("A story is named by its public id, of letters, digits and dashes.", 400)
    try:
        found = threads.comment_counts(asked)
    except OperationalError:
        return _refused(
            "We are very busy just now: please ask again in a minute.", 503, {"Retry-After": "60"}
        )
    return JsonResponse(found, headers={**HEADERS, **_OPEN})


def _refused(sentence: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status, headers={**HEADERS, **(headers or {})})
