"""A bundle as a small site of files: what goes into an archive, and opens from any folder.

Must not pack or sign it.
"""

from __future__ import annotations

from html import escape

from nashra.bundles.bundle import Bundle
from nashra.bundles.pages import STYLE, article, contents, document, front, places_of
from nashra.bundles.stories import BundleStory

INDEX = "index.html"
STYLE_FILE = "style.css"
# In Chromium a file's origin is nobody's, so that 'self' names no file.
_POLICY = (
    "default-src 'none'; style-src 'self' file:; img-src 'self' file:; base-uri 'none'; form-action 'none'"
)
_STYLE_LINK = f'<link rel="stylesheet" href="{STYLE_FILE}"/>'


def site_files(bundle: Bundle) -> dict[str, bytes]:
    """The files of a bundle by their names, the page to open first among them."""
    places = places_of(bundle)
    photos = photo_names(bundle)
    files = {INDEX: _index(bundle), STYLE_FILE: STYLE.encode()}
    for story in bundle.stories:
        files[f"{places[story.address]}.html"] = _page(bundle, story, places, photos)
    for path, name in photos.items():
        files[name] = bundle.photos[path]
    return files


def photo_names(bundle: Bundle) -> dict[str, str]:
    """A neutral name for each photo that the bundle has, by its path."""
    shown = [path for story in bundle.stories for path in story.photos if path in bundle.photos]
    return {path: f"p{number}.jpg" for number, path in enumerate(dict.fromkeys(shown), start=1)}


def _index(bundle: Bundle) -> bytes:
    return document(
        title=bundle.title,
        language=bundle.language,
        direction=bundle.direction,
        body=front(bundle, contents(bundle, "", ".html")),
        style=_STYLE_LINK,
        policy=_POLICY,
    ).encode()


def _page(bundle: Bundle, story: BundleStory, places: dict[str, str], photos: dict[str, str]) -> bytes:
    body = story.resolved(
        lambda address: f"{places[address]}.html" if address in places else None, photos.get
    )
    home = f'<p class="n"><a href="{INDEX}">{escape(story.publication or bundle.title, quote=False)}</a></p>'
    return document(
        title=story.headline,
        language=story.language,
        direction=story.direction,
        body=home + article(story, body),
        style=_STYLE_LINK,
        policy=_POLICY,
    ).encode()
