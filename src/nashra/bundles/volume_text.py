"""A volume's texts as one plain tar: what deltas lead from and to, and what a site is rebuilt of.

Stories lie at names made of their addresses, which do not change when others come: a delta is then what is
new and nothing else. Must not carry photos, and must not sign anything.
"""

from __future__ import annotations

from collections.abc import Iterable

from nashra.bundles.archives import tar_bytes
from nashra.bundles.pages import article, document
from nashra.bundles.stories import BundleStory


def text_files(stories: Iterable[BundleStory]) -> dict[str, bytes]:
    """A page for each story, by a name made of its address; links to other stories are left as words."""
    return {text_name(story.address): _page(story) for story in stories}


def text_name(address: str) -> str:
    """The name of a story's text in a volume's tar."""
    return f"{address.strip('/')}.html"


def text_tar(stories: Iterable[BundleStory]) -> bytes:
    """The tar of a volume's texts."""
    return tar_bytes(text_files(stories))


def _page(story: BundleStory) -> bytes:
    body = story.resolved(lambda _address: None, lambda _path: None)
    return document(
        title=story.headline,
        language=story.language,
        direction=story.direction,
        body=article(story, body),
        style="",
    ).encode()
