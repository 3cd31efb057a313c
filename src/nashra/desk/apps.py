"""The newsroom as a Django app. Must not do more at start than connect its signals and checks."""

from __future__ import annotations

from django.apps import AppConfig, apps


class DeskConfig(AppConfig):
    """Stories, people, photos and those who make them."""

    name = "nashra.desk"
    label = "desk"
    verbose_name = "Newsroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what must be noted when Wagtail changes pages behind our models' backs."""
        from nashra.desk import outbox

        outbox.connect()
        # Wagtail's users read this when their addresses are made, after all apps are ready.
        apps.get_app_config("wagtailusers").user_viewset = "nashra.desk.accounts.AccountViewSet"
