"""Registers the readers' desk with Django, under both roles of the process."""

from __future__ import annotations

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    """The app ``readers``, whose tables live behind the alias of the same name."""

    name = "nashra.readers"
    label = "readers"
    verbose_name = "Readers' desk"
    default_auto_field = "django.db.models.BigAutoField"
