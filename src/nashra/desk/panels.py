"""The order in which a story is written at the desk: what readers see first comes first."""

from __future__ import annotations

from django.forms import CheckboxSelectMultiple
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    PublishingPanel,
    TitleFieldPanel,
)

STORY_CONTENT_PANELS = [
    TitleFieldPanel("title", heading="Headline", help_text="What happened, in one line."),
    FieldPanel("standfirst"),
    MultiFieldPanel(
        [
            InlinePanel(
                "authors", heading="Authors", label="Author", help_text="In the order of the byline."
            ),
            FieldPanel("dateline_place"),
        ],
        heading="Byline",
    ),
    MultiFieldPanel(
        [FieldPanel("lead_photo"), FieldPanel("lead_caption"), FieldPanel("lead_credit")],
        heading="Lead photo",
    ),
    FieldPanel("body"),
    FieldPanel("topics", widget=CheckboxSelectMultiple),
    FieldPanel("notes"),
]

STORY_SETTINGS_PANELS = [
    PublishingPanel(),
    FieldPanel(
        "slug",
        heading="Address",
        help_text="The last part of the story's address, made from the headline. When you change it "
        "after publication, the old address leads to the new one.",
    ),
    FieldPanel("comments_enabled"),
]
