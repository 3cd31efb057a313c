"""The readers' desk as a WSGI application, for a process in the role ``readers`` and no other."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("NASHRA_ROLE", "readers")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nashra.settings")

from django.conf import settings

from nashra.readers.short_way import ShortWay

if settings.NASHRA_ROLE != "readers":
    raise ImproperlyConfigured(
        "The readers' origin was started in the desk's role: set NASHRA_ROLE=readers, "
        "so that it has no way to the desk's database."
    )


def _application() -> ShortWay:
    django = get_wsgi_application()
    # Views name models, which Django must have set up before.
    from nashra.readers import views

    return ShortWay(django, {"/readers/comment": views.comment, "/readers/reaction": views.reaction})


application = _application()
