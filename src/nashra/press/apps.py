"""The press as a Django app: its tables, its pages at the desk, and the desk's previews."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Registers the previewer when the newsroom starts."""

    name = "nashra.press"
    label = "press"
    verbose_name = "Press"

    def ready(self) -> None:
        """Leave word at the desk how a story looks."""
        from nashra.desk.previewing import register_previewer
        from nashra.press.preview import preview_story

        register_previewer(preview_story)
