"""The mirrors as a Django app: their tables."""

from django.apps import AppConfig


class MirrorsConfig(AppConfig):
    """Named for itself; nothing is done when the newsroom starts."""

    name = "nashra.mirrors"
    label = "mirrors"
    verbose_name = "Mirrors"
