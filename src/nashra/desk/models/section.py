"""A section of a publication, such as Security or Culture."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.models import Page

from nashra.desk.forms import AddressedPageForm
from nashra.desk.models.addressed import AddressedPage, reaches_readers
from nashra.desk.models.change import Change
from nashra.desk.permissions import SectionPermissionTester


class Section(AddressedPage, Page):
    """A section: its front shows its newest stories. ``title`` is its name."""

    description = models.CharField(
        max_length=255, blank=True, help_text="One sentence for search engines and link previews."
    )

    slug_fallback = "section"
    base_form_class = AddressedPageForm
    parent_page_types = ["desk.Publication"]
    subpage_types = ["desk.Story"]
    page_description = "A part of the paper that holds stories."

    content_panels = [
        TitleFieldPanel("title", heading="Name"),
        FieldPanel("description"),
        FieldPanel(
            "slug",
            heading="Address",
            help_text="The part of each story's address that names this section. When you change it, "
            "old addresses lead to the new ones.",
        ),
    ]
    promote_panels: list[Any] = []

    class Meta:
        verbose_name = "section"

    @property
    def language(self) -> str:
        """The BCP 47 tag of its publication."""
        return self.locale.language_code

    @transaction.atomic
    def save(self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any) -> Any:
        """As Wagtail's, and the press hears of it."""
        result = super().save(clean=clean, user=user, log_action=log_action, **kwargs)
        if reaches_readers(kwargs.get("update_fields")):
            Change.note(Change.Kind.SECTION, self.pk)
        return result

    def permissions_for_user(self, user: Any) -> SectionPermissionTester:
        """Administrators alone change sections; what is in them follows the page's own rights."""
        return SectionPermissionTester(user, self)

    @property
    def preview_modes(self) -> list[Any]:
        """None: a section's front is made of stories, not of what stands in this form."""
        return []
