"""A story: words, who wrote them, where, and what they are about.

Must not know how a story looks: previews come from whoever registered with ``previewing``.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from nashra.desk import body, previewing
from nashra.desk.blocks import BodyBlock
from nashra.desk.forms import AddressedPageForm
from nashra.desk.models.addressed import AddressedPage, reaches_readers
from nashra.desk.models.change import Change
from nashra.desk.models.photo import Photo
from nashra.desk.models.public_id import PublicIdField
from nashra.desk.panels import STORY_CONTENT_PANELS, STORY_SETTINGS_PANELS
from nashra.desk.permissions import OpenPagePermissionTester

# Made from ``body`` whenever it is saved or shown, and so never kept a second time in a revision.
_DERIVED_FIELDS = ("body_html", "word_count")


class Story(AddressedPage, Page):
    """A story. ``title`` is its headline; its section is its parent page."""

    standfirst = models.TextField(
        blank=True, help_text="One or two sentences under the headline that say why it matters."
    )
    dateline_place = models.ForeignKey(
        "desk.Place",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="place",
        help_text="Where the author was: “By NAME in PLACE”. Leave empty where it would endanger somebody.",
    )
    lead_photo = models.ForeignKey(
        "desk.Photo", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead_caption = models.TextField(
        "caption", blank=True, help_text="Leave empty to use the photo's own caption."
    )
    lead_credit = models.CharField(
        "credit",
        max_length=300,
        blank=True,
        help_text="Only for a story that came without its picture; else the photo's own credit stands.",
    )
    body = StreamField(BodyBlock(), blank=True)
    body_html = models.TextField(editable=False, default="")
    word_count = models.PositiveIntegerField(editable=False, default=0)
    topics = ParentalManyToManyField("desk.Topic", blank=True, related_name="stories")
    public_id = PublicIdField()
    notes = models.TextField(
        blank=True, help_text="For the desk only: open questions, sources to call back. Never published."
    )
    comments_enabled = models.BooleanField("readers may comment", default=True)

    slug_fallback = "story"
    base_form_class = AddressedPageForm
    parent_page_types = ["desk.Section"]
    subpage_types: list[str] = []
    page_description = "A piece of reporting."
    exclude_fields_in_copy = ["public_id", *_DERIVED_FIELDS]

    content_panels = STORY_CONTENT_PANELS
    promote_panels: list[Any] = []
    settings_panels = STORY_SETTINGS_PANELS
    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.FilterField("public_id"),
    ]

    class Meta:
        verbose_name = "story"
        verbose_name_plural = "stories"

    @property
    def language(self) -> str:
        """The BCP 47 tag of its publication."""
        return self.locale.language_code

    @property
    def updated_at(self) -> datetime.datetime | None:
        """When it was last published, where that was not its first time."""
        if self.last_published_at == self.first_published_at:
            return None
        return self.last_published_at

    def refresh_body(self) -> None:
        """Make ``body_html`` and ``word_count`` from the body as it stands now."""
        raw_stream = list(self.body.raw_data)
        named = body.named_in(raw_stream)
        self.body_html = body.body_html(
            raw_stream,
            photos=dict(Photo.objects.filter(pk__in=named.photo_pks).values_list("pk", "public_id")),
            stories=dict(Story.objects.filter(pk__in=named.page_pks).values_list("pk", "public_id")),
        )
        self.word_count = body.word_count(self.body_html)

    @transaction.atomic
    def save(self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any) -> Any:
        """As Wagtail's, with the body's HTML made anew; the press hears of what readers can see."""
        update_fields = kwargs.get("update_fields")
        if update_fields is None or "body" in update_fields:
            self.refresh_body()
        if update_fields is not None and "body" in update_fields:
            kwargs["update_fields"] = [*update_fields, *_DERIVED_FIELDS]
        result = super().save(clean=clean, user=user, log_action=log_action, **kwargs)
        # A story that was never published is nobody's business; a withdrawn one still has an address.
        if reaches_readers(update_fields) and (self.live or self.first_published_at):
            Change.note(Change.Kind.STORY, self.public_id)
        return result

    def serializable_data(self) -> dict[str, Any]:
        """What a revision keeps: everything but what is made from something else."""
        data = super().serializable_data()
        for name in _DERIVED_FIELDS:
            data.pop(name, None)
        return data

    def with_content_json(self, content: dict[str, Any]) -> Story:
        """As Wagtail's; no revision, and no original of an alias, may change a story's public id."""
        story = super().with_content_json(content)
        story.public_id = self.public_id
        story.refresh_body()
        return story

    def permissions_for_user(self, user: Any) -> OpenPagePermissionTester:
        """As Wagtail's; no story is for some readers alone."""
        return OpenPagePermissionTester(user, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as readers would get it."""
        self.refresh_body()
        return previewing.preview(self)


class StoryAuthor(Orderable):
    """One name of a story's byline, in its place among the others."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey("desk.Person", on_delete=models.CASCADE, related_name="bylines")

    def __str__(self) -> str:
        return str(self.person)
