"""A bundle as one page: for whoever can open nothing but a file in a browser.

No script, no second file, no network. Must not sign it.
"""

from __future__ import annotations

import base64

from nashra.bundles.bundle import Bundle
from nashra.bundles.pages import STYLE, article, contents, document, how_to_check, marked, places_of

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def single_page(bundle: Bundle) -> bytes:
    """One HTML page with all stories, the list of them first."""
    places = places_of(bundle)
    pictures = {
        path: f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"
        for path, data in bundle.photos.items()
    }
    shown: set[str] = set()

    def picture(path: str) -> str | None:
        # Two stories may show one photo, which need not be carried twice.
        if path in shown:
            return None
        shown.add(path)
        return pictures.get(path)

    stories = [
        article(
            story,
            story.resolved(lambda address: f"#{places[address]}" if address in places else None, picture),
            heading="h2",
            id_=places[story.address],
        )
        for story in bundle.stories
    ]
    head = (
        f'<h1 class="n">{_text(bundle.title)}</h1><p class="m">{_text(bundle.edition_line)}</p>'
        f"{contents(bundle, '#', '')}"
    )
    return document(
        title=bundle.title,
        language=bundle.language,
        direction=bundle.direction,
        body=f"{head}{''.join(stories)}<div{marked(bundle.language, bundle.direction)}>"
        f"{how_to_check(bundle)}</div>",
        style=f"<style>{STYLE}</style>",
        policy=_POLICY,
    ).encode()


def _text(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
