"""Stories for the bundles' tests, read from pages as an edition holds them."""

from __future__ import annotations

import datetime
import io

from PIL import Image

from nashra.bundles.bundle import Bundle, bundle_of
from nashra.bundles.stories import BundleStory, story_of_page
from nashra.seal.signing import SigningKey

CUT = datetime.datetime(2026, 11, 27, 8, 0, 0, tzinfo=datetime.UTC)
KEY = SigningKey.from_seed(bytes(range(32)))
PHOTO = "photos/00aec5d94b00bfab3937-480.jpg"

_WORDS = {
    "en": ("The River Lantern", "Society", "By Mira Tal in Orvane", "27 November 2026, 08:00 (UTC)", "ltr"),
    "ar": ("قنديل النهر", "مجتمع", "بقلم ميرا تال من أورفان", "٢٧ نوفمبر ٢٠٢٦، ٠٨:٠٠", "rtl"),
    "fa": ("فانوس رود", "جامعه", "نوشتهٔ میرا تال از اوروانه", "۶ آذر ۱۴۰۵، ۰۸:۰۰", "rtl"),
}
_TEXTS = {
    "en": ("The ferry comes in {n} & goes", "It carried {n} letters, and nobody asked where they came from."),
    "ar": ("العبّارة تصل {n}", "حملت {n} رسالة، ولم يسأل أحد من أين جاءت."),
    "fa": ("کشتی می‌رسد {n}", "{n} نامه آورد و کسی نپرسید از کجا آمده‌اند."),
}


def page(language: str, number: int, *, photo: bool = False, links_to: int | None = None) -> bytes:
    """A story's page, as an edition holds it."""
    paper, section, byline, date, direction = _WORDS[language]
    headline, text = (each.format(n=number) for each in _TEXTS[language])
    headline = headline.replace("&", "&amp;")
    figure = (
        f'<figure class="lead"><picture><source type="image/avif" srcset="../../../photos/x-480.avif 480w">'
        f'<img src="../../../{PHOTO}" srcset="../../../{PHOTO} 480w, ../../../photos/y-960.jpg 960w" '
        'alt="A ferry &lt;at dawn&gt;"></picture><figcaption>The ferry. <span class="credit">[Mira Tal/Tern]'
        "</span></figcaption></figure>"
    )
    link = f'<p>See <a href="../story-{links_to}/index.html">the other</a>.</p>' if links_to else ""
    moment = (CUT - datetime.timedelta(hours=number)).isoformat()
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><title>x</title></head><body>'
        f'<header class="masthead"><p class="nameplate"><a href="../../index.html">{paper}</a></p></header>'
        '<main id="main"><article class="story" id="0123456789"><header>'
        f'<p class="section"><a href="x">{section}</a></p>'
        f'<h1>{headline}</h1><p class="standfirst">{text}</p><p class="byline">{byline}</p>'
        f'<p class="dates"><span>Published: <time datetime="{moment}">{date}</time></span></p>'
        '<p class="translations"><a href="../../ar/x/index.html">العربية</a></p></header>'
        f"{figure if photo else ''}"
        f'<div class="prose"><p>{text}</p>\n<p>“{text}”</p><h2>{section}</h2><ul><li>{text}</li></ul>'
        f'<p>Read <a href="https://example.org/a?b=1&amp;c=2">elsewhere</a>.</p>{link}</div>'
        '<nav class="topics"><a href="x">Topic</a></nav></article><div class="after">after</div></main>'
        f'<footer class="foot"><p class="nameplate">{paper}</p></footer></body></html>'
    ).encode()


def story(language: str, number: int, **options: object) -> BundleStory:
    """One of them, read."""
    content = page(language, number, **options)  # type: ignore[arg-type]
    return story_of_page(f"/{language}/society/story-{number}/", content)


def bundle(*languages: str, count: int = 4, photos: bool = False) -> Bundle:
    """Stories in these languages, of which the first leads to the second."""
    stories = tuple(
        story(language, number, photo=photos and number == 1, links_to=2 if number == 1 else None)
        for language in languages
        for number in range(1, count + 1)
    )
    held = {PHOTO: small_photo()} if photos else None
    return bundle_of(stories, number=7, cut_at=CUT, photos=held)


def small_photo() -> bytes:
    """A real JPEG."""
    held = io.BytesIO()
    Image.new("RGB", (480, 320), (120, 90, 60)).save(held, "JPEG")
    return held.getvalue()
