"""A bundle as an e-book: EPUB 3.3, which readers on phones and paper-like screens open by themselves.

Must not ask a network and holds no script. Must not sign it: signatures come in as files.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from html import escape

from nashra.bundles.archives import zip_bytes
from nashra.bundles.bundle import Bundle
from nashra.bundles.pages import STYLE, article, document, front, marked, places_of
from nashra.bundles.site import STYLE_FILE, photo_names
from nashra.bundles.stories import BundleStory

MIMETYPE = "mimetype"
_PACKAGE = "OEBPS/content.opf"
# Ours, made once: every edition's own name is derived from it, and the same edition has the same.
_NAMESPACE = uuid.UUID("6e617368-7261-5000-8000-65646974696f")
_XHTML = ' xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
_CONTAINER = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    f'<rootfile full-path="{_PACKAGE}" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)


def epub_files(bundle: Bundle, identity: str) -> dict[str, bytes]:
    """The files of an e-book by their names; ``identity`` tells this bundle from every other."""
    photos = photo_names(bundle)
    places = places_of(bundle)
    files = {
        MIMETYPE: b"application/epub+zip",
        "META-INF/container.xml": _CONTAINER.encode(),
        _PACKAGE: _package(bundle, identity, photos).encode(),
        "OEBPS/nav.xhtml": _nav(bundle, places).encode(),
        f"OEBPS/{STYLE_FILE}": STYLE.encode(),
        "OEBPS/front.xhtml": _page(bundle.title, bundle.language, bundle.direction, front(bundle, "")),
    }
    for story in bundle.stories:
        files[f"OEBPS/{places[story.address]}.xhtml"] = _story(story, places, photos)
    for path, name in photos.items():
        files[f"OEBPS/{name}"] = bundle.photos[path]
    return files


def epub_bytes(files: Mapping[str, bytes], bundle: Bundle) -> bytes:
    """The e-book of these files, its type named first and uncompressed.

    Source: EPUB Open Container Format 3.3, section 4.3.
    """
    return zip_bytes(files, moment=bundle.cut_at, order=[MIMETYPE], stored=[MIMETYPE])


def _story(story: BundleStory, places: dict[str, str], photos: dict[str, str]) -> bytes:
    body = story.resolved(
        lambda address: f"{places[address]}.xhtml" if address in places else None, photos.get
    )
    # Some e-book readers set words that stand bare in a caption before all else on the page.
    body = body.replace("<figcaption>", "<figcaption><p>").replace("</figcaption>", "</p></figcaption>")
    return _page(story.headline, story.language, story.direction, article(story, body))


def _page(title: str, language: str, direction: str, body: str) -> bytes:
    page = document(
        title=title,
        language=language,
        direction=direction,
        body=body,
        style=f'<link rel="stylesheet" href="{STYLE_FILE}"/>',
        root=f'{_XHTML} xml:lang="{escape(language)}"',
        # Some do not look for the direction above the body.
        body_marks=f' dir="{direction}"' if direction == "rtl" else "",
    )
    return page.encode()


def _nav(bundle: Bundle, places: dict[str, str]) -> str:
    items = "".join(
        f"<li{marked(story.language, story.direction)}>"
        f'<a href="{places[story.address]}.xhtml">{escape(story.headline, quote=False)}</a></li>'
        for story in bundle.stories
    )
    body = f'<nav epub:type="toc"><h1>{escape(bundle.words.contents)}</h1><ol>{items}</ol></nav>'
    return _page(bundle.words.contents, bundle.language, bundle.direction, body).decode()


def _package(bundle: Bundle, identity: str, photos: dict[str, str]) -> str:
    names = places_of(bundle).values()
    pages = [("front", "front.xhtml"), *((f"s{name}", f"{name}.xhtml") for name in names)]
    manifest = [
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
        f'<item id="style" href="{STYLE_FILE}" media-type="text/css"/>',
        *(f'<item id="{id_}" href="{href}" media-type="application/xhtml+xml"/>' for id_, href in pages),
        *(f'<item id="{name[:-4]}" href="{name}" media-type="image/jpeg"/>' for name in photos.values()),
    ]
    spine = "".join(f'<itemref idref="{id_}"/>' for id_, _href in pages)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        f'xml:lang="{escape(bundle.language)}" dir="{bundle.direction}">'
        f"<metadata{_DC}>{_metadata(bundle, identity)}</metadata>"
        f"<manifest>{''.join(manifest)}</manifest>"
        f'<spine page-progression-direction="{bundle.direction}">{spine}</spine></package>\n'
    )


_DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'


def _metadata(bundle: Bundle, identity: str) -> str:
    """Who made it, when, in which languages, and what anybody needs to read it.

    Source: EPUB Accessibility 1.1, section 2.
    """
    languages = [bundle.language, *sorted({story.language for story in bundle.stories} - {bundle.language})]
    modes = ["textual", *(["visual"] if bundle.photos else [])]
    title = escape(f"{bundle.title} · {bundle.edition_line}", quote=False)
    return "".join(
        (
            f'<dc:identifier id="id">urn:uuid:{uuid.uuid5(_NAMESPACE, identity)}</dc:identifier>',
            f"<dc:title>{title}</dc:title>",
            *(f"<dc:language>{escape(language)}</dc:language>" for language in languages),
            f"<dc:publisher>{escape(bundle.title, quote=False)}</dc:publisher>",
            f'<meta property="dcterms:modified">{bundle.cut_at:%Y-%m-%dT%H:%M:%SZ}</meta>',
            *(f'<meta property="schema:accessMode">{mode}</meta>' for mode in modes),
            '<meta property="schema:accessModeSufficient">textual</meta>',
            *(
                f'<meta property="schema:accessibilityFeature">{feature}</meta>'
                for feature in ("structuralNavigation", "tableOfContents", "readingOrder", "alternativeText")
            ),
            '<meta property="schema:accessibilityHazard">none</meta>',
        )
    )
