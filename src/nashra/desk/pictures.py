"""Pictures for the desk's own pages: originals and thumbnails, and the files that previews show.

An original holds its photographer's position and camera, so that only staff may get it.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils._os import safe_join
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access

# The only types that are shown in a browser; whatever else lies there is handed out as a download.
_PICTURE_TYPES = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


@require_safe
@require_admin_access
def media(request: HttpRequest, name: str) -> HttpResponseBase:
    """An uploaded original, or Wagtail's thumbnail of it."""
    return _file(Path(settings.MEDIA_ROOT), name)


@require_safe
@require_admin_access
def photo(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file that readers get, at the address that a previewed page asks for."""
    return _file(settings.NASHRA_PHOTO_FOLDER, name)


def _file(folder: Path, name: str) -> HttpResponseBase:
    try:
        file = Path(safe_join(str(folder), name)).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            raise Http404("There is no such picture.")
    # NUL bytes, and names that no disk takes.
    except (SuspiciousFileOperation, ValueError, OSError) as error:
        raise Http404("There is no such picture.") from error
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    response = FileResponse(
        file.open("rb"), content_type=media_type, as_attachment=media_type not in _PICTURE_TYPES
    )
    response["Cache-Control"] = "private, max-age=3600"
    return response
