"""The readers' origin, wired up for uvicorn: ``nashra.serve.readers_origin:application``.

Loaded by each worker as it starts. It takes the readers' role before any setting is read, so that this
process knows neither desk nor staff, whatever the environment says.
"""

from __future__ import annotations

import os

os.environ["NASHRA_ROLE"] = "readers"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nashra.settings")

# The role must be chosen before this.
from django.conf import settings

from nashra.readers.wsgi import application as readers_application
from nashra.serve.buckets import Buckets
from nashra.serve.readers_desk import ReadersOrigin
from nashra.serve.stand import Stand
from nashra.theme.rendering import CONTENT_SECURITY_POLICY

application = ReadersOrigin(
    Stand(
        settings.NASHRA_SITE_FOLDER,
        content_security_policy=CONTENT_SECURITY_POLICY,
        onion_url=settings.NASHRA_ONION_URL,
    ),
    readers=readers_application,
    buckets=Buckets(
        trusted_proxies=settings.NASHRA_TRUSTED_PROXIES, onion_proxies=settings.NASHRA_ONION_PROXIES
    ),
)
