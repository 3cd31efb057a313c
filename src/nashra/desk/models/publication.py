"""A publication: one language's paper, and the home page of all that is written in it."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from nashra.desk.groups import grant_page_rights
from nashra.desk.models.addressed import AddressedPage, reaches_readers
from nashra.desk.models.change import Change
from nashra.desk.permissions import PublicationPermissionTester
from nashra.desk.richtext import TEXT_FEATURES


class Publication(AddressedPage, Page):
    """The paper in one language. ``title`` is its name; its address is its language code."""

    strapline = models.CharField(
        max_length=255, blank=True, help_text="One line under the name, on the home page."
    )
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        help_text="Dates are shown in this time zone, such as Asia/Damascus or Europe/London.",
    )
    comment_policy = RichTextField(
        blank=True, features=TEXT_FEATURES, help_text="Which comments you publish. Every form links to it."
    )
    takes_comments = models.BooleanField(
        "readers may comment", default=True, help_text="Without this no story of the paper takes comments."
    )
    comments_close_after_days = models.PositiveSmallIntegerField(
        "days that a story takes comments",
        default=0,
        help_text="Counted from its first publication; 0 is without end. What was said before stays.",
    )
    about = RichTextField(blank=True, features=TEXT_FEATURES, help_text="Who you are and how to reach you.")

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["desk.Section"]
    page_description = "A paper in one language, with its own home page."

    content_panels = [
        TitleFieldPanel("title", heading="Name", help_text="The paper's name, as in its masthead."),
        FieldPanel("strapline"),
        FieldPanel("time_zone"),
        FieldPanel("comment_policy"),
        FieldPanel("takes_comments"),
        FieldPanel("comments_close_after_days"),
        FieldPanel("about"),
    ]
    promote_panels: list[Any] = []

    class Meta:
        verbose_name = "publication"
        permissions = [("moderate_comments", "Can approve and reject readers' comments")]

    @property
    def language(self) -> str:
        """The BCP 47 tag that all of it is written in."""
        return self.locale.language_code

    def settle_slug(self) -> None:
        """A publication's address is its language: nobody has to choose one, or can choose wrong."""
        if self.locale_id is None and self.path:
            self.locale = self.get_default_locale()
        if self.locale_id is not None:
            self.slug = self.language

    def clean(self) -> None:
        """Refuse a time zone that the clock does not know, and a second paper in one language."""
        super().clean()
        # "localtime" is whatever the machine is set to, and no browser knows it.
        if self.time_zone not in zoneinfo.available_timezones() - {"localtime", "Factory"}:
            raise ValidationError(
                {"time_zone": f"“{self.time_zone}” is no time zone. Write one such as Asia/Damascus or UTC."}
            )
        others = Publication.objects.filter(locale_id=self.locale_id).exclude(pk=self.pk)
        if self.locale_id is not None and others.exists():
            raise ValidationError(f"There is a publication in this language already: {others.get().title}.")

    @transaction.atomic
    def save(self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any) -> Any:
        """As Wagtail's, and the press hears of it."""
        is_new = self.pk is None
        result = super().save(clean=clean, user=user, log_action=log_action, **kwargs)
        if is_new:
            grant_page_rights(self)
        if reaches_readers(kwargs.get("update_fields")):
            Change.note(Change.Kind.PUBLICATION, self.pk)
        return result

    def permissions_for_user(self, user: Any) -> PublicationPermissionTester:
        """Administrators alone change publications and open sections."""
        return PublicationPermissionTester(user, self)

    @property
    def preview_modes(self) -> list[Any]:
        """None: a home page is made of stories, not of what stands in this form."""
        return []
