"""A story as readers would get it, before they do: the desk's preview.

Uses the press's own gathering and the theme, so that a preview cannot differ from the page.
"""

from __future__ import annotations

from nashra.desk.models import Story
from nashra.edition.pages import StoryPage
from nashra.press.gather.mastheads import gather_mastheads
from nashra.press.gather.rows import row_of
from nashra.press.gather.stories import gather_named, story_content
from nashra.theme import rendering


def preview_story(story: Story) -> bytes:
    """The whole page of a story that may be a draft, or never saved at all."""
    mastheads = gather_mastheads("default", drafts=True)
    row = row_of(story)
    content = story_content(row, mastheads, gather_named([row], mastheads, "default"))
    return rendering.render(StoryPage(story=content, comments_open=story.comments_enabled))
