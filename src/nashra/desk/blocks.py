"""The parts that a story's body is built of. How they look to readers is ``body.py``'s matter."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from nashra.desk.richtext import PARAGRAPH_FEATURES

_TAG = re.compile(r"<[^>]*>")
# Words on both sides of these are parted, as they are on the page.
_BLOCK_END = re.compile(r"</(?:p|h\d|li|blockquote)>|<(?:br|hr)\s*/>", re.IGNORECASE)


class WordsBlock(blocks.RichTextBlock):
    """Running text whose links lead to stories of ours or to outside addresses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PARAGRAPH_FEATURES, **kwargs)

    def clean(self, value: RichText) -> RichText:
        """Refuse a link that would silently vanish from the page."""
        from nashra.desk.body import linked_page_ids
        from nashra.desk.models import Story

        value = super().clean(value)
        page_ids = linked_page_ids(value.source)
        if page_ids and Story.objects.filter(pk__in=page_ids).count() < len(page_ids):
            raise ValidationError(
                "A link here leads to a page that is not a story. Link to a story or to an outside address."
            )
        return value

    def get_searchable_content(self, value: RichText) -> list[str]:
        """As Wagtail's, without a parser: what the desk keeps is well-formed."""
        spaced = _BLOCK_END.sub(lambda end: f"{end[0]} ", value.source)
        return [unescape(_TAG.sub("", spaced)).strip()]


class PullQuoteBlock(blocks.StructBlock):
    """A quote set apart, with the one who said it."""

    text = blocks.TextBlock(rows=3, help_text="The words, without quotation marks.")
    speaker = blocks.CharBlock(max_length=200, help_text="Who said it, named as in the story.")
    role = blocks.CharBlock(
        max_length=200, required=False, help_text="What makes them worth hearing, such as “baker in Nahr”."
    )

    class Meta:
        icon = "openquote"
        label = "Pull quote"


class PhotoBlock(blocks.StructBlock):
    """A further photo."""

    photo = ImageChooserBlock()
    caption = blocks.TextBlock(
        rows=2,
        required=False,
        help_text="Leave empty to use the photo's own caption. The credit is added by itself.",
    )

    class Meta:
        icon = "image"
        label = "Photo"


class ListItemsBlock(blocks.StructBlock):
    """A list of points."""

    ordered = blocks.BooleanBlock(required=False, label="Numbered")
    items = blocks.ListBlock(WordsBlock(label="Point"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = "List"


class BodyBlock(blocks.StreamBlock):
    """A story's body, from its first paragraph to its last."""

    paragraph = WordsBlock(icon="pilcrow")
    subheading = blocks.CharBlock(max_length=200, icon="title", label="Sub-heading")
    pull_quote = PullQuoteBlock()
    photo = PhotoBlock()
    list = ListItemsBlock()
    related = blocks.PageChooserBlock(page_type="desk.Story", icon="link", label="Related story")
